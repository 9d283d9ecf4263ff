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
	doneRenewed    = "renewed"
	doneIDsRevoked = "ids-revoked"
	doneSaved      = "saved"
	doneAdded      = "added"
	doneMoved      = "moved"
	doneCopied     = "copied"
	doneDeleted    = "deleted"
	doneKeyRemoved = "key-removed"
	doneFull       = "full"
	doneMade       = "made"
	doneDisabled   = "disabled"
	doneEnabled    = "enabled"
	doneRemoved    = "removed"
	doneUnshared   = "unshared"
	doneEnded      = "ended"
	doneConfirmed  = "confirmed"
	doneUnlinked   = "unlinked"
	doneRelinked   = "relinked"
	doneTransfer   = "transferred"
	doneMerged     = "merged"
	doneUndone     = "undone"
	doneDirectory  = "directory"

	doneRosterAsked     = "roster-asked"
	doneRosterConfirmed = "roster-confirmed"
	doneRosterOff       = "roster-off"
	doneRosterBusy      = "roster-busy"
	doneRosterOld       = "roster-old"
	doneMemberChanged   = "member-changed"

	doneMapped = "mapped"
	doneMenu   = "menu"
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
	case doneRenewed:
		return web.Notice{Kind: web.NoticeDone, Text: "The secrets are new. Ids that were handed out hold as long as they would have."}
	case doneIDsRevoked:
		return web.Notice{Kind: web.NoticeDone, Text: "The ids are refused from now on. The tool gets new ones with the next launches."}
	case doneSaved:
		return web.Notice{Kind: web.NoticeDone, Text: "Saved. It counts from now on."}
	case doneAdded:
		return web.Notice{Kind: web.NoticeDone, Text: "Added. Students see it now."}
	case doneMoved:
		return web.Notice{Kind: web.NoticeDone, Text: "Moved."}
	case doneCopied:
		return web.Notice{Kind: web.NoticeDone, Text: "This is the copy."}
	case doneDeleted:
		return web.Notice{Kind: web.NoticeDone, Text: "The link is gone. Results that it had are kept."}
	case doneFull:
		return web.Notice{Kind: web.NoticeInfo, Text: "The course is full, so nothing was added."}
	case doneKeyRemoved:
		return web.Notice{Kind: web.NoticeDone, Text: "The key opens nothing any more."}
	case doneMenu:
		return web.Notice{Kind: web.NoticeDone, Text: "Saved. It shows from the next page on."}
	case doneMapped:
		return web.Notice{Kind: web.NoticeDone, Text: "The role has a meaning from the next launch on."}
	case doneMade:
		return web.Notice{Kind: web.NoticeDone, Text: "It is made."}
	case doneDisabled:
		return web.Notice{Kind: web.NoticeDone, Text: "It is disabled: nothing goes through it any more. What it has brought stays."}
	case doneEnabled:
		return web.Notice{Kind: web.NoticeDone, Text: "It is enabled again."}
	case doneRemoved:
		return web.Notice{Kind: web.NoticeDone, Text: "It is removed."}
	case doneUnshared:
		return web.Notice{Kind: web.NoticeDone, Text: "The link opens nothing any more."}
	}
	return personNotice(code)
}

// personNotice is notice for what was done to people and tokens.
func personNotice(code string) web.Notice {
	text := map[string]string{
		doneEnded:     "All sessions of this person are closed.",
		doneConfirmed: "The identity is confirmed.",
		doneUnlinked:  "It is unlinked. The next launch with it asks or makes an account anew.",
		doneRelinked:  "It is linked again, as before.",
		doneTransfer:  "It is moved. The next launch with it comes in as the other account.",
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
	return rosterNotice(code)
}

// rosterNotice is the sentence for what was done about rosters and members.
func rosterNotice(code string) web.Notice {
	switch code {
	case doneRosterAsked:
		return web.Notice{Kind: web.NoticeDone, Text: "The roster is being fetched. What it changed stands here when it is in."}
	case doneRosterConfirmed:
		return web.Notice{Kind: web.NoticeDone, Text: "The roster is being applied."}
	case doneRosterOff:
		return web.Notice{Kind: web.NoticeInfo, Text: "Rosters of this LMS are switched off, so nothing was fetched."}
	case doneRosterBusy:
		return web.Notice{Kind: web.NoticeInfo, Text: "This roster is being worked on just now. Try again when that is over."}
	case doneRosterOld:
		return web.Notice{Kind: web.NoticeInfo, Text: "That preview is too old or another took its place, so nothing was changed. Make a new one."}
	case doneMemberChanged:
		return web.Notice{Kind: web.NoticeDone, Text: "The membership is changed."}
	}
	return web.Notice{}
}
