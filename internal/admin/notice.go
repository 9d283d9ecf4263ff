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
	if text, ok := doneTexts()[code]; ok {
		return web.Notice{Kind: web.NoticeDone, Text: text}
	}
	if text, ok := infoTexts()[code]; ok {
		return web.Notice{Kind: web.NoticeInfo, Text: text}
	}
	return web.Notice{}
}

// doneTexts are the sentences about what was done.
func doneTexts() map[string]string {
	return map[string]string{
		doneSignedOut:       "You are signed out.",
		doneOverridden:      "The score is set and counts from now on.",
		doneLifted:          "The tool's score counts again.",
		doneResent:          "It is on its way again.",
		doneResentAll:       "All of them are on their way again.",
		doneRenewed:         "The secrets are new. Ids that were handed out hold as long as they would have.",
		doneIDsRevoked:      "The ids are refused from now on. The tool gets new ones with the next launches.",
		doneSaved:           "Saved. It counts from now on.",
		doneAdded:           "Added. Students see it now.",
		doneMoved:           "Moved.",
		doneCopied:          "This is the copy.",
		doneDeleted:         "The link is gone. Results that it had are kept.",
		doneKeyRemoved:      "The key opens nothing any more.",
		doneMenu:            "Saved. It shows from the next page on.",
		doneMapped:          "The role has a meaning from the next launch on.",
		doneMade:            "It is made.",
		doneDisabled:        "It is disabled: nothing goes through it any more. What it has brought stays.",
		doneEnabled:         "It is enabled again.",
		doneRemoved:         "It is removed.",
		doneUnshared:        "The link opens nothing any more.",
		doneRevoked:         "The token opens nothing any more.",
		doneRosterAsked:     "The roster is being fetched. What it changed stands here when it is in.",
		doneRosterConfirmed: "The roster is being applied.",
		doneMemberChanged:   "The membership is changed.",
		doneEnded:           "All sessions of this person are closed.",
		doneConfirmed:       "The identity is confirmed.",
		doneUnlinked:        "It is unlinked. The next launch with it asks or makes an account anew.",
		doneRelinked:        "It is linked again, as before.",
		doneTransfer:        "It is moved. The next launch with it comes in as the other account.",
		doneMerged:          "The two accounts are one now. You can take that back for 30 days, below.",
		doneUndone:          "The merge is taken back.",
		doneDirectory:       "The file is in force. Names come from it with the next launches.",
	}
}

// infoTexts are the sentences about what was not done, and why that is well.
func infoTexts() map[string]string {
	return map[string]string{
		doneNothing:    "There is nothing that was refused or given up, so nothing was sent again.",
		doneBusy:       "It is being sent just now, so nothing was changed.",
		doneSuperseded: "A newer score has gone instead, so this one is not sent again.",
		doneFull:       "The course is full, so nothing was added.",
		doneRosterOff:  "Rosters of this LMS are switched off, so nothing was fetched.",
		doneRosterBusy: "This roster is being worked on just now. Try again when that is over.",
		doneRosterOld:  "That preview is too old or another took its place, so nothing was changed. Make a new one.",
	}
}
