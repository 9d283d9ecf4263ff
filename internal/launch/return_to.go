package launch

import (
	"net/url"

	"github.com/ltihub/ltihub/internal/lti"
)

// ReturnTo is an LMS's return URL with the messages that are not empty appended
// to its query (LTI 1.1 section 3), each as one line of at most MaxMessage
// characters; the LMS shows or logs them. A URL that is none, or not of http or
// https, comes back as it is.
func ReturnTo(returnURL string, said lti.ReturnMessages) string {
	u, err := url.Parse(returnURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return returnURL
	}
	added := url.Values{}
	for name, text := range map[string]string{
		messageParam: said.Message, logParam: said.Log, errorMessageParam: said.ErrorMessage, errorLogParam: said.ErrorLog,
	} {
		if text = plain(text); text != "" {
			added.Set(name, text)
		}
	}
	switch {
	case len(added) == 0:
		return returnURL
	case u.RawQuery != "":
		u.RawQuery += "&"
	}
	u.RawQuery += added.Encode() // what the LMS wrote stays as it is
	return u.String()
}
