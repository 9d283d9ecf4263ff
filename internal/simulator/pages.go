package simulator

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"
)

//go:embed static templates
var files embed.FS

// pages holds the parsed templates of one peer by page name.
type pages map[string]*template.Template

// parsePages parses templates/<peer>: each page inside its layout. A template that
// does not parse is a fault of the program, so it panics at start.
func parsePages(peer string) pages {
	dir := "templates/" + peer
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		panic(err)
	}
	words := template.FuncMap{"clock": clock, "percent": percent}
	parsed := pages{}
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".html")
		if name == "layout" {
			continue
		}
		page := template.New("layout.html").Funcs(words)
		parsed[name] = template.Must(page.ParseFS(files, dir+"/layout.html", dir+"/"+entry.Name()))
	}
	return parsed
}

// render writes a page, whole or not at all.
func (p pages) render(w http.ResponseWriter, status int, name string, page any) {
	var text bytes.Buffer
	if err := p[name].Execute(&text, page); err != nil {
		http.Error(w, "simulator: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = text.WriteTo(w) // the reader may be gone
}

func renderJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value) // the reader may be gone
}

// guardPages sets the headers of every answer. Launches post to other origins and
// tools live in frames, so forms and frames may go anywhere; scripts may not.
func guardPages(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src *; form-action *; base-uri 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

// staticFiles serves the embedded style sheets and scripts under /static/.
func staticFiles() http.Handler {
	return http.FileServerFS(files)
}

func clock(t time.Time) string { return t.Format("15:04:05") }

func percent(score float64) int { return int(score*100 + 0.5) }
