// Package web shows pages to people: the templates, the styles and scripts
// beside them, and for each page one struct with what it shows and one method
// that writes it. It decides no rights, reads no store, no clock and no
// request; the doors (server, admin) fill the structs. Security headers are
// theirs too: every page holds under a policy without inline script or style.
package web
