package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
)

// User is someone who is enrolled in the simulated LMS's one course.
type User struct {
	ID     string // opaque: the launch's user_id
	Login  string // what a registry would know: lis_person_sourcedid
	Given  string
	Family string
	Email  string
	Roles  string // comma list as it goes out (LTI 1.1, appendix A.2)
	Groups []Group
}

// Name is the full name.
func (u User) Name() string { return strings.TrimSpace(u.Given + " " + u.Family) }

// Learner tells whether the LMS keeps grades for this user.
func (u User) Learner() bool {
	for role := range strings.SplitSeq(u.Roles, ",") {
		if strings.TrimSpace(role) == "Learner" {
			return true
		}
	}
	return false
}

// Role is the first role without its URN, for people to read.
func (u User) Role() string {
	first, _, _ := strings.Cut(u.Roles, ",")
	return first[strings.LastIndex(first, "/")+1:]
}

// Initials stand in for a portrait.
func (u User) Initials() string {
	var initials []rune
	for _, part := range []string{u.Given, u.Family} {
		if letters := []rune(part); len(letters) > 0 {
			initials = append(initials, letters[0])
		}
	}
	return string(initials)
}

// Course is the context of every launch.
type Course struct {
	ID, Title, Label, Type string
}

// Link is one placement of an external tool in the course.
type Link struct {
	ID          string // resource_link_id
	Title       string
	Description string
	Tail        string // appended to the LMS's LaunchURL; a whole URL replaces it
	Points      float64
	Gradable    bool
	Custom      map[string]string // sent as custom_<name>, names as they are
}

// launchURL is where this link launches.
func (l Link) launchURL(base string) string {
	if strings.HasPrefix(l.Tail, "http://") || strings.HasPrefix(l.Tail, "https://") {
		return l.Tail
	}
	return base + l.Tail
}

// sourcedID is the gradebook cell's name. It is opaque to everyone else and on
// purpose full of what has to be escaped on its way through XML and forms.
func (c Course) sourcedID(user User, link Link) string {
	id := "course=" + url.QueryEscape(c.ID) + "&link=" + url.QueryEscape(link.ID) + "&user=" + url.QueryEscape(user.ID)
	sum := sha256.Sum256([]byte(id))
	return id + "&<" + hex.EncodeToString(sum[:6]) + ">"
}

func defaultCourse() Course {
	return Course{ID: "ctx-phys-101", Title: "Physics 101: Motion and Waves", Label: "PHYS101", Type: "CourseSection"}
}

func defaultUsers() []User {
	const student = "Learner,urn:lti:instrole:ims/lis/Student"
	morning := Group{ID: "lab-a", Title: "Lab A (morning)", Set: &Group{ID: "labs", Title: "Labs"}}
	evening := Group{ID: "lab-b", Title: "Lab B (evening)", Set: &Group{ID: "labs", Title: "Labs"}}
	return []User{
		{ID: "7f3a-ada", Login: "ada", Given: "Ada", Family: "Moss", Email: "ada@campus.example", Roles: student, Groups: []Group{morning}},
		{ID: "19c2-bo", Login: "bo", Given: "Bo", Family: "Lindqvist", Email: "bo@campus.example", Roles: student, Groups: []Group{morning}},
		{ID: "c4d8-zoe", Login: "zoe", Given: "Zoë", Family: "Ångström", Email: "zoe@campus.example", Roles: student, Groups: []Group{evening}},
		{ID: "e051-chidi", Login: "chidi", Given: "Chidi", Family: "Okonkwo", Email: "chidi@campus.example", Roles: student, Groups: []Group{evening}},
		{ID: "2b96-ines", Login: "ines", Given: "Inês", Family: "Duarte", Email: "ines@campus.example", Roles: "Instructor"},
		{ID: "88aa-tomas", Login: "tomas", Given: "Tomás", Family: "Rivera", Email: "tomas@campus.example", Roles: "TeachingAssistant"},
	}
}

func defaultLinks() []Link {
	return []Link{
		{ID: "rl-quiz-1", Title: "Quiz 1: Velocity", Description: "Ten short questions on speed, velocity and acceleration.", Points: 10, Gradable: true, Custom: map[string]string{"chapter": "1"}},
		{ID: "rl-lab-1", Title: "Lab 1: The pendulum", Description: "Measure g with a string, a weight and some patience.", Points: 25, Gradable: true, Custom: map[string]string{"chapter": "2"}},
		{ID: "rl-reader", Title: "Course reader", Description: "Reading for every week. Not graded."},
	}
}
