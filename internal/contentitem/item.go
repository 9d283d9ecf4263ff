package contentitem

import (
	"strings"
	"time"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/ltihub/ltihub/internal/lti"
)

// Type is what an item is.
type Type string

// The types of section 3.3: a link to launch, something to show or link to,
// and a file to copy.
const (
	LinkItem    Type = "LtiLinkItem"
	ContentItem Type = "ContentItem"
	FileItem    Type = "FileItem"
)

// Item is one chosen thing. What is empty was not said. All texts are from a
// stranger: plain text, but for the Text of media type text/html, see SafeHTML.
type Item struct {
	Type      Type
	MediaType string
	Title     string
	Text      string
	// URL is absolute. A LinkItem without one launches the URL of its tool.
	URL       string
	Icon      Image
	Thumbnail Image
	Placement Placement

	// Custom are the custom parameters of a LinkItem by their own names.
	Custom map[string]string
	// LineItem is set for a LinkItem that wants a column for scores.
	LineItem *LineItem

	// CopyAdvice and ExpiresAt say of a FileItem that the URL will not last.
	CopyAdvice bool
	ExpiresAt  time.Time
}

// Image is a picture; sizes are pixels, 0 when they are not said.
type Image struct {
	URL    string
	Width  int
	Height int
}

// Placement is how the tool wants the item to be shown. Target is one of the
// Target constants; sizes are pixels.
type Placement struct {
	Target       string
	WindowTarget string
	Width        int
	Height       int
}

// LineItem describes the column for scores. The maxima are points, from 0 to
// 1 000 000, 0 when they are not said.
type LineItem struct {
	Label         string
	ActivityID    string
	NormalMaximum float64
	ExtraMaximum  float64
	TotalMaximum  float64
}

// Points is the points possible: the normal maximum or, without one, what the
// total leaves beside extra credit.
func (l LineItem) Points() float64 {
	if l.NormalMaximum > 0 {
		return l.NormalMaximum
	}
	return max(l.TotalMaximum-l.ExtraMaximum, 0)
}

// SafeHTML is the Text as it may stand in a page: escaped or, for the media
// type text/html, cut down to harmless markup, without scripts, styles, forms,
// frames and relative URLs. Every tag is closed and none closes what the page
// opened. Markup that nests too deep to be read is escaped.
func (i Item) SafeHTML() string {
	media, _, _ := strings.Cut(i.MediaType, ";")
	if !strings.EqualFold(strings.TrimSpace(media), "text/html") {
		return html.EscapeString(i.Text)
	}
	balanced, err := balance(i.Text)
	if err != nil {
		return html.EscapeString(i.Text)
	}
	policy := bluemonday.UGCPolicy()
	policy.AllowRelativeURLs(false) // they would lead to pages of ours
	return policy.Sanitize(balanced)
}

// balance writes markup as a browser would understand it inside a div. It comes
// before the policy, which looks at single tags and has the last word.
func balance(markup string) (string, error) {
	div := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(markup), div)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, n := range nodes {
		if err := html.Render(&b, n); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// ResourceLink is the placement that a LinkItem asks for; ID and Tool are for
// the caller to set. Without a title it takes that of its line item.
func (i Item) ResourceLink() lti.ResourceLink {
	l := lti.ResourceLink{Title: i.Title, Description: i.Text, URL: i.URL, Custom: i.Custom}
	if i.LineItem != nil {
		l.Points = i.LineItem.Points()
		if l.Title == "" {
			l.Title = i.LineItem.Label
		}
	}
	switch i.Placement.Target {
	case TargetIframe, TargetFrame, TargetEmbed:
		l.Target = lti.TargetIframe
	case TargetWindow, TargetPopup:
		l.Target = lti.TargetWindow
	}
	l.Width, l.Height = i.Placement.Width, i.Placement.Height
	return l
}
