// Package cartridge reads and writes LTI link files: cartridge_basiclti_link
// (Common Cartridge resource type imsbasiclti_xmlv1p0, LTI 1.1 section 4) and
// the bare basic_lti_link that came before it, with the extensions that Canvas
// and others add. It must not know where a file came from, nor any key or
// secret: a link file never carries one.
package cartridge
