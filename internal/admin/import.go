package admin

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/cartridge"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// askCartridge asks for a link file, by text or by URL.
func (p *People) askCartridge(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showImport(w, r, v, http.StatusOK, web.ImportToolPage{})
}

func (p *People) showImport(w http.ResponseWriter, r *http.Request, v visit, status int, page web.ImportToolPage) error {
	page.Frame, page.Fetches = p.frame(r, v), p.Fetch != nil
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		page.Domains, _, err = store.Domains.List(tx, "", "", store.MaxScan)
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.ImportTool(w, status, page))
	return nil
}

// readCartridge shows what a link file would become. Nothing is changed yet.
func (p *People) readCartridge(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	page := web.ImportToolPage{URL: strings.TrimSpace(sent.text("url")), Text: sent.text("xml"), Domain: v.User.Domain}
	if strings.TrimSpace(page.Text) == "" && page.URL != "" {
		if page.Text, page.Fault = p.fetchCartridge(r, page.URL); page.Fault != "" {
			return p.showImport(w, r, v, http.StatusUnprocessableEntity, page)
		}
	}
	if page.Fault = fillImport(&page); page.Fault != "" {
		return p.showImport(w, r, v, http.StatusUnprocessableEntity, page)
	}
	page.ID = idFrom(page.Tool.Name, "tool")
	return p.showImport(w, r, v, http.StatusOK, page)
}

// fetchCartridge reads a link file from elsewhere, or says why it can't.
func (p *People) fetchCartridge(r *http.Request, address string) (text, fault string) {
	if p.Fetch == nil {
		return "", "Files can't be fetched here. Paste the text instead."
	}
	if err := lti.CheckURL(address); err != nil {
		return "", "The URL can't be used: " + err.Error() + "."
	}
	data, err := p.Fetch(r.Context(), address)
	if err != nil {
		p.Log.InfoContext(r.Context(), "fetch cartridge", "error", err)
		return "", "The file could not be fetched. Check the address, or open it in a browser and paste its text here."
	}
	return string(data), ""
}

// fillImport reads the file of the page into its tool, or says what is wrong.
func fillImport(page *web.ImportToolPage) (fault string) {
	link, err := cartridge.Parse([]byte(page.Text))
	if err == nil {
		page.Tool, err = link.ToTool()
	}
	switch {
	case errors.Is(err, cartridge.ErrTooLarge):
		page.Text = "" // not to be sent back in full
		return "The file is larger than a link file may be."
	case errors.Is(err, cartridge.ErrNotLink):
		return "That is XML, but no LTI link file: its root should be cartridge_basiclti_link."
	case errors.Is(err, cartridge.ErrURL):
		return "The file names no address to launch that can be used."
	case err != nil:
		return "That is no XML that can be read. Paste the file as a whole, from <?xml to the end."
	}
	page.Parsed, page.Warnings = true, link.Warnings
	if n := link.LeftOut(); n > 0 {
		page.Warnings = append(page.Warnings, fmt.Sprintf("%d values for other platforms are more than is kept, and are left out", n))
	}
	if strings.HasPrefix(page.Tool.URL, "http://") {
		page.Warnings = append(page.Warnings, "the launch URL is http: names and scores would travel unprotected")
	}
	return ""
}

// idFrom makes an id that reads like a name, or without any is what.
func idFrom(name, what string) string {
	id := strings.Join(strings.FieldsFunc(strings.ToLower(name), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	}), "-")
	if len(id) > 40 {
		id = strings.Trim(id[:40], "-")
	}
	if id == "" {
		return what
	}
	return id
}

// saveCartridge adds the tool of a link file, and shows its key and secret this
// once.
func (p *People) saveCartridge(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	page := web.ImportToolPage{
		Text: sent.text("xml"), Domain: sent.text("domain"),
		Course: strings.TrimSpace(sent.text("course")), ID: strings.TrimSpace(sent.text("id")), Key: strings.TrimSpace(sent.text("key")),
	}
	if page.Fault = fillImport(&page); page.Fault != "" {
		return p.showImport(w, r, v, http.StatusUnprocessableEntity, page)
	}
	tool := page.Tool
	tool.Domain, tool.Course, tool.ID, tool.Key = page.Domain, page.Course, page.ID, page.Key
	key, secret, err := p.Consumer.AddTool(r.Context(), tool, sent.text("secret"), v.name())
	if page.Fault = importFault(err, page); page.Fault != "" {
		return p.showImport(w, r, v, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	shown, err := p.readTool(r, v, toolID{tool.Domain, tool.Course, tool.ID})
	if err != nil {
		return err
	}
	shown.NewKey, shown.NewSecret = key, secret
	shown.Path = web.ToolPath(tool.Domain, tool.Course, tool.ID)
	p.wrote(r, p.Pages.Tool(w, http.StatusOK, shown))
	return nil
}

// importFault says what to correct; "" if that is not the trouble.
func importFault(err error, page web.ImportToolPage) string {
	var refusal *lti.Refusal
	switch {
	case errors.Is(err, store.ErrExists):
		return "There is a tool " + page.ID + " in " + page.Domain + " already. Choose another id."
	case page.Course != "" && (errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey)):
		return "There is no course " + page.Course + " in " + page.Domain + ". Correct its id, or leave it empty for the whole institution."
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrKey):
		return "Choose the institution that the tool is for."
	case errors.As(err, &refusal) && refusal.Cause == lti.CauseMalformed:
		return "Nothing was saved: " + refusal.Detail + "."
	}
	return ""
}

// toolCartridge is the link file of a tool, for another platform. It holds
// neither key nor secret.
func (p *People) toolCartridge(w http.ResponseWriter, r *http.Request, _ visit) error {
	var tool lti.Tool
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		tool, err = findTool(tx, param(r, "domain"), param(r, "course"), param(r, "id"))
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="cartridge.xml"`)
	_, err = w.Write(cartridge.Write(cartridge.FromTool(tool)))
	p.wrote(r, err)
	return nil
}
