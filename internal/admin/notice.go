package admin

import "github.com/ltihub/ltihub/web"

// What was just done, as the query done says it.
const (
	doneSignedOut  = "signed-out"
	doneOverridden = "overridden"
	doneLifted     = "lifted"
	doneResent     = "resent"
	doneResentAll  = "resent-all"
	doneBusy       = "busy"
	doneSuperseded = "superseded"
	doneRevoked    = "revoked"
	doneSaved      = "saved"
	doneEnded      = "ended"
	doneConfirmed  = "confirmed"
	doneUnlinked   = "unlinked"
	doneRelinked   = "relinked"
	doneMoved      = "moved"
	doneMerged     = "merged"
	doneUndone     = "undone"
	doneDirectory  = "directory"
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
	case doneBusy:
		return web.Notice{Kind: web.NoticeInfo, Text: "It is being sent just now, so nothing was changed."}
	case doneSuperseded:
		return web.Notice{Kind: web.NoticeInfo, Text: "A newer score has gone instead, so this one is not sent again."}
	}
	return personNotice(code)
}

// personNotice is notice for what was done to people and tokens.
func personNotice(code string) web.Notice {
	text := map[string]string{
		doneSaved: "Saved.", doneEnded: "All sessions of this person are closed.",
		doneConfirmed: "The identity is confirmed.",
		doneUnlinked:  "It is unlinked. The next launch with it asks or makes an account anew.",
		doneRelinked:  "It is linked again, as before.",
		doneMoved:     "It is moved. The next launch with it comes in as the other account.",
		doneMerged:    "The two accounts are one now. You can take that back for 30 days, below.",
		doneUndone:    "The merge is taken back.",
		doneDirectory: "The file is in force. Names come from it with the next launches.",
	}[code]
	if text != "" {
		return web.Notice{Kind: web.NoticeDone, Text: text}
	}
	switch code {
	case doneRevoked:
		return web.Notice{Kind: web.NoticeDone, Text: "The token opens nothing any more."}
	}
	return web.Notice{}
}
