package contentitem

import (
	"strconv"
	"strings"

	"github.com/ltihub/ltihub/internal/oauth1"
)

// RequestType is the lti_message_type of the message that asks for items.
const RequestType = "ContentItemSelectionRequest"

// LTILink is the media type of a link to launch.
const LTILink = "application/vnd.ims.lti.v1.ltilink"

// Where an item may be shown.
const (
	TargetEmbed   = "embed"
	TargetFrame   = "frame"
	TargetIframe  = "iframe"
	TargetWindow  = "window"
	TargetPopup   = "popup"
	TargetOverlay = "overlay"
	TargetNone    = "none"
)

// Request is what a ContentItemSelectionRequest says beyond who comes from
// where.
type Request struct {
	// ReturnURL is where the browser posts the answer.
	ReturnURL string
	// MediaTypes are what may be chosen, LTILink when empty; "*/*" and
	// "image/*" are possible. Targets are where it may be shown, TargetIframe
	// and TargetWindow when empty.
	MediaTypes []string
	Targets    []string

	// Unsigned lets the answer come without a signature. Multiple allows more
	// than one item, CopyAdvice such that must be copied at once. AutoCreate
	// says that items are kept without asking the user, Confirm that the user
	// may be asked.
	Unsigned   bool
	Multiple   bool
	CopyAdvice bool
	AutoCreate bool
	Confirm    bool

	// Title and Text are suggestions for the item.
	Title string
	Text  string
	// Data comes back as it is.
	Data string
}

// Params gives the request's own parameters, without message type and version,
// to be sent and signed together with those of the person and the course: no
// resource_link_id, lis_result_sourcedid or launch_presentation_return_url
// belongs among them.
func (r Request) Params() oauth1.Params {
	p := oauth1.Params{
		{Name: "accept_media_types", Value: list(r.MediaTypes, LTILink)},
		{Name: "accept_presentation_document_targets", Value: list(r.Targets, TargetIframe, TargetWindow)},
		{Name: "content_item_return_url", Value: r.ReturnURL},
		{Name: "accept_unsigned", Value: strconv.FormatBool(r.Unsigned)},
		{Name: "accept_multiple", Value: strconv.FormatBool(r.Multiple)},
		{Name: "accept_copy_advice", Value: strconv.FormatBool(r.CopyAdvice)},
		{Name: "auto_create", Value: strconv.FormatBool(r.AutoCreate)},
		{Name: "can_confirm", Value: strconv.FormatBool(r.Confirm)},
	}
	for _, text := range []oauth1.Param{{Name: "title", Value: r.Title}, {Name: "text", Value: r.Text}, {Name: "data", Value: r.Data}} {
		if text.Value != "" {
			p = append(p, text)
		}
	}
	return p
}

func list(items []string, otherwise ...string) string {
	if len(items) == 0 {
		items = otherwise
	}
	return strings.Join(items, ",")
}
