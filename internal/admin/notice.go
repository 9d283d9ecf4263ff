package admin

import "github.com/ltihub/ltihub/web"

// What was just done, as the query done says it.
const (
	doneSignedOut  = "signed-out"
	doneOverridden = "overridden"
	doneLifted     = "lifted"
	doneResent     = "resent"
	doneResentAll  = "resent-all"
	doneNothing    = "nothing"
	doneBusy       = "busy"
	doneSuperseded = "superseded"
	doneRevoked    = "revoked"
)

// notice is the sentence for a code. Only these are ever shown: the text never
// comes from the URL.
func notice(code string) web.Notice {
	switch code {
	case doneSignedOut:
		return web.Notice{Kind: web.NoticeDone, Text: "You are signed out."}
	case doneOverridden:
		return web.Notice{Kind: web.NoticeDone, Text: "The score is set and counts from now on."}
	case doneLifted:
		return web.Notice{Kind: web.NoticeDone, Text: "The tool's score counts again."}
	case doneResent:
		return web.Notice{Kind: web.NoticeDone, Text: "It is on its way again."}
	case doneResentAll:
		return web.Notice{Kind: web.NoticeDone, Text: "All of them are on their way again."}
	case doneNothing:
		return web.Notice{Kind: web.NoticeInfo, Text: "There is nothing that was refused or given up, so nothing was sent again."}
	case doneBusy:
		return web.Notice{Kind: web.NoticeInfo, Text: "It is being sent just now, so nothing was changed."}
	case doneSuperseded:
		return web.Notice{Kind: web.NoticeInfo, Text: "A newer score has gone instead, so this one is not sent again."}
	case doneRevoked:
		return web.Notice{Kind: web.NoticeDone, Text: "The token opens nothing any more."}
	}
	return web.Notice{}
}
