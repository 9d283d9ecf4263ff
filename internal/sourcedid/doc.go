// Package sourcedid seals and opens service ids: the lis_result_sourcedid that
// a tool sends back with a grade (LTI 1.1, 6.1) and the ids of the roster and
// setting extensions. An id names its link and user by digests keyed per
// course, so nothing personal stands in it, and carries an HMAC-SHA256 under a
// service secret that rotates.
// It must not know where secrets are stored, who the digests stand for, or how
// an id travels.
package sourcedid
