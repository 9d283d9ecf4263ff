package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Templates that others are made of; each other file is a page.
const (
	baseTemplate  = "base.html"
	partsTemplate = "parts.html"
	formTemplate  = "fields.html"
)

// Pages writes the pages. It may be used by several goroutines at once.
type Pages struct {
	speeches *speeches
	// templates are the pages by name, once for each language.
	templates []map[string]*template.Template
	assets    assets
}

// New parses all templates. An error means that the binary was built wrong.
func New() (*Pages, error) {
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, fmt.Errorf("open static files: %w", err)
	}
	all, err := readAssets(static)
	if err != nil {
		return nil, err
	}
	spoken, err := readSpeeches(files, "locales")
	if err != nil {
		return nil, err
	}
	p := &Pages{speeches: spoken, assets: all}
	for _, s := range spoken.all {
		pages, err := p.parse(s)
		if err != nil {
			return nil, err
		}
		p.templates = append(p.templates, pages)
	}
	return p, nil
}

// parse reads all pages in one language.
func (p *Pages) parse(s *speech) (map[string]*template.Template, error) {
	shared, err := template.New(baseTemplate).Funcs(p.funcs(s)).
		ParseFS(files, "templates/"+baseTemplate, "templates/"+partsTemplate, "templates/"+formTemplate)
	if err != nil {
		return nil, fmt.Errorf("parse shared templates: %w", err)
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	pages := map[string]*template.Template{}
	for _, file := range names {
		name := path.Base(file)
		if name == baseTemplate || name == partsTemplate || name == formTemplate {
			continue
		}
		own, err := shared.Clone()
		if err != nil {
			return nil, fmt.Errorf("clone shared templates: %w", err)
		}
		if _, err := own.ParseFS(files, file); err != nil {
			return nil, fmt.Errorf("parse template: %w", err)
		}
		pages[strings.TrimSuffix(name, ".html")] = own
	}
	return pages, nil
}

// in is the language of a page.
func (p *Pages) in(f Frame) *speech { return p.speeches.all[p.speeches.index(f.Locale)] }

// framed is any page: each embeds a Frame.
type framed interface{ frame() Frame }

// render writes a page whole or not at all: when its template does not
// execute, the answer is a plain 500 and the error is returned. An error of
// writing is returned too; the status was sent by then.
func (p *Pages) render(w http.ResponseWriter, status int, name string, page framed) error {
	var buf bytes.Buffer
	t, ok := p.templates[p.speeches.index(page.frame().Locale)][name]
	if !ok {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return fmt.Errorf("no template %q", name)
	}
	if err := t.ExecuteTemplate(&buf, baseTemplate, page); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return fmt.Errorf("render page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(status)
	if _, err := buf.WriteTo(w); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}
