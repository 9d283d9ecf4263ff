package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed templates/*.html static/*.css static/*.js static/*.svg locales/*.yaml
var files embed.FS

// asset is a static file under the name that carries its hash.
type asset struct {
	name string
	body []byte
}

// assets maps each static file's own name to the file.
type assets map[string]asset

// readAssets names each static file by its content, hub.css as
// hub.0123456789ab.css, so that a browser may keep it for ever.
func readAssets(dir fs.FS) (assets, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fmt.Errorf("list static files: %w", err)
	}
	all := assets{}
	for _, e := range entries {
		body, err := fs.ReadFile(dir, e.Name())
		if err != nil {
			return nil, fmt.Errorf("read static file: %w", err)
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(e.Name())
		base := strings.TrimSuffix(e.Name(), ext)
		all[e.Name()] = asset{base + "." + hex.EncodeToString(sum[:6]) + ext, body}
	}
	return all, nil
}

// path is where a page finds the file.
func (a assets) path(name string) (string, error) {
	file, ok := a[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return StaticPath + file.name, nil
}

// Icon is where our icon lies, below the public URL.
func (p *Pages) Icon() string { return StaticPath + p.assets["favicon.svg"].name }

// Static serves the static files under StaticPath. Their names change with
// their content, so they may be kept for a year; other names are not found.
func (p *Pages) Static() http.Handler {
	byPath := make(map[string]asset, len(p.assets))
	for _, file := range p.assets {
		byPath[StaticPath+file.name] = file
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, ok := byPath[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, file.name, time.Time{}, bytes.NewReader(file.body))
	})
}
