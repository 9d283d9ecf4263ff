package admin

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
)

// maxMemory is how much of an upload is held in memory: all that the door lets
// through.
const maxMemory = 5 << 20

// form is what a page's own form has sent.
type form struct {
	fields url.Values
	files  map[string][]*multipart.FileHeader
}

// readForm reads a form of one of our own pages, which no signature covers but
// the cookie and http.CrossOriginProtection do. It is the one reader of such
// forms. Queries are not part of it.
func readForm(r *http.Request) (form, error) {
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(maxMemory) //nolint:gosec // the server bounds the body
	}
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, http.ErrNotMultipart):
	case errors.As(err, &tooLarge):
		return form{}, err
	default:
		return form{}, fmt.Errorf("%w: %w", errForm, err)
	}
	f := form{fields: r.PostForm}
	if r.MultipartForm != nil {
		f.files = r.MultipartForm.File
	}
	return f, nil
}

// text is the first value of a field, "" without one.
func (f form) text(name string) string { return f.fields.Get(name) }

// file is the content of an uploaded file, nil if none was chosen.
func (f form) file(name string) ([]byte, error) {
	if len(f.files[name]) == 0 || f.files[name][0].Size == 0 {
		return nil, nil
	}
	file, err := f.files[name][0].Open()
	if err != nil {
		return nil, fmt.Errorf("open upload: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	return data, nil
}
