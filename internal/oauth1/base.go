package oauth1

import "slices"

// appendBase appends the signature base string of RFC 5849, 3.4.1.1.
func appendBase(dst []byte, method, uri string, params Params) []byte {
	sorted := slices.Clone(params)
	slices.SortFunc(sorted, compareParams)
	dst = append(dst, method...)
	dst = append(dst, '&')
	dst = appendEncoded(dst, uri)
	dst = append(dst, '&')
	for i := range sorted {
		if i > 0 {
			dst = append(dst, "%26"...)
		}
		dst = appendEncodedTwice(dst, sorted[i].Name)
		dst = append(dst, "%3D"...)
		dst = appendEncodedTwice(dst, sorted[i].Value)
	}
	return dst
}

// baseSize is what a buffer for the base string should hold: nearly always
// enough, and not much more.
func baseSize(uri string, params Params) int {
	n := 64 + 2*len(uri)
	for i := range params {
		n += 6 + len(params[i].Name) + 2*len(params[i].Value)
	}
	return n
}
