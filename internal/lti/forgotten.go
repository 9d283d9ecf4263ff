package lti

import "time"

// KeepForgotten is the NotBefore of a key whose window changes from before to
// after at now. The nonces of what had expired under the narrower window were
// forgotten, so a wider one must not make it acceptable again; nor what an
// earlier change shut out.
func KeepForgotten(notBefore, now time.Time, before, after time.Duration) time.Time {
	if oldest := now.Add(-before); after > before && oldest.After(notBefore) {
		return oldest
	}
	return notBefore
}
