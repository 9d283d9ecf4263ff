package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// DirectoriesPage shows where people's names come from, by domain. It posts a
// file (multipart) to DirectoryPath, load to DirectoryPath + "/apply", and value
// to DirectoryPath + "/test".
type DirectoriesPage struct {
	Frame
	Domains []DirectoryDomain
}

// DirectoryDomain is the directory of one domain.
type DirectoryDomain struct {
	lti.Domain
	Directory lti.Directory
	// LDAP is the address of the server that is asked instead of a file.
	LDAP string
	// Consumers name the LMSs that take names from here.
	Consumers []string
	// Faults are those of a file that was just sent, Fault one of the whole.
	Faults []Fault
	Fault  string
	// Asked is the value that was just looked up, and Answer what was found;
	// Failed says that it could not be asked.
	Asked  string
	Failed bool
	Answer []Param
}

// Directories writes the page.
func (p *Pages) Directories(w http.ResponseWriter, status int, page DirectoriesPage) error {
	page.Title = or(page.Title, "Directories")
	return p.render(w, status, "directories", page)
}
