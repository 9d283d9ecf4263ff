package course

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/ltihub/ltihub/internal/lti"
)

// The versions of the parts that are edited: a form carries the one that its
// author saw, and an edit of another is refused with ErrStale.

// LinkVersion is that of a link and the folder that it is in.
func LinkVersion(c *lti.Course, id string) string {
	link, folder, _ := c.Link(id)
	return version(link, folder)
}

// FolderVersion is that of a folder, without its links.
func FolderVersion(c *lti.Course, id string) string {
	folder, _ := c.Folder(id)
	return version(folder.ID, folder.Title, folder.Protected)
}

// OrderVersion is that of the order of folders and links.
func OrderVersion(c *lti.Course) string {
	order := make([][]string, 0, len(c.Folders)+1)
	for _, f := range c.Folders {
		order = append(order, append([]string{f.ID}, ids(f.Links)...))
	}
	return version(append(order, ids(c.Links)))
}

func ids(links []lti.ResourceLink) []string {
	list := make([]string, 0, len(links))
	for _, l := range links {
		list = append(list, l.ID)
	}
	return list
}

// SettingsVersion is that of what Settings holds.
func SettingsVersion(c *lti.Course) string { return version(SettingsOf(c)) }

// ToolVersion is that of a tool of the course, but for its secrets.
func ToolVersion(t lti.Tool) string {
	t.Secret, t.Previous, t.IDKey = lti.Secret{}, lti.Secret{}, nil
	return version(t)
}

func version(parts ...any) string {
	text, _ := json.Marshal(parts) // plain records always encode
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}
