package manifest

import (
	"strconv"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

type consumerEntry struct {
	entry[lti.ToolConsumer]
	credential
	domain, id string
	// oauthKey repeats the key that the entry sets, "" if none.
	oauthKey string
}

func readConsumer(v value) consumerEntry {
	e := consumerEntry{entry: entry[lti.ToolConsumer]{place: v.place}}
	c := &e.entry
	present := v.mapping(e.credential.keys(keys{
		"domain": into(&e.domain, checked(lti.CheckName)),
		"id":     into(&e.id, checked(lti.CheckConsumerID)),
		"name":   put(c, func(c *lti.ToolConsumer) *string { return &c.Name }, value.title),
		"key": put(c, func(c *lti.ToolConsumer) *string { return &c.Key }, func(v value) string {
			e.oauthKey = checked(lti.CheckKey)(v)
			return e.oauthKey
		}),
		"disabled":          put(c, func(c *lti.ToolConsumer) *bool { return &c.Disabled }, value.boolean),
		"enabled":           func(v value) { period(v, c, func(c *lti.ToolConsumer) *lti.Period { return &c.Enabled }) },
		"instance_guid":     put(c, func(c *lti.ToolConsumer) *string { return &c.InstanceGUID }, orEmpty(checked(lti.CheckID))),
		"nonce_lifetime":    put(c, func(c *lti.ToolConsumer) *time.Duration { return &c.NonceLifetime }, duration(maxWindow)),
		"signature_methods": putList(c, func(c *lti.ToolConsumer) *[]string { return &c.SignatureMethods }, methods),
		"user_identity":     put(c, func(c *lti.ToolConsumer) *bool { return &c.UserIdentity }, value.boolean),
		"course_identity":   put(c, func(c *lti.ToolConsumer) *bool { return &c.CourseIdentity }, value.boolean),
		"users":             func(v value) { readUserRules(v, c) },
		"courses":           func(v value) { readCourseRules(v, c) },
		"roles":             putMap(c, func(c *lti.ToolConsumer) *map[string]lti.Role { return &c.Roles }, roleMap),
		"self_enrol":        putList(c, func(c *lti.ToolConsumer) *[]string { return &c.SelfEnrol }, ltiRoles),
		"section":           put(c, func(c *lti.ToolConsumer) *string { return &c.Section }, value.title),
		"roster":            func(v value) { readRosterRules(v, c) },
		"passback":          func(v value) { readPassbackRules(v, c) },
		"logout":            func(v value) { readLogoutRules(v, c) },
		"menu":              func(v value) { readMenu(v, c) },
	}))
	v.require(present, "domain", "id")
	return e
}

func readUserRules(v value, c *entry[lti.ToolConsumer]) {
	v.mapping(keys{
		"match":         put(c, func(c *lti.ToolConsumer) *string { return &c.Users.Match }, userMatch),
		"create":        put(c, func(c *lti.ToolConsumer) *string { return &c.Users.Create }, oneOf(lti.CreateAuto, lti.CreateAsk, lti.CreateExisting)),
		"create_for":    putList(c, func(c *lti.ToolConsumer) *[]string { return &c.Users.CreateFor }, ltiRoles),
		"create_by":     putMap(c, func(c *lti.ToolConsumer) *map[string]string { return &c.Users.CreateBy }, createBy),
		"info":          put(c, func(c *lti.ToolConsumer) *string { return &c.Users.Info }, oneOf("lti", "directory")),
		"bind_existing": put(c, func(c *lti.ToolConsumer) *bool { return &c.Users.BindExisting }, value.boolean),
	})
}

func readCourseRules(v value, c *entry[lti.ToolConsumer]) {
	v.mapping(keys{
		"match":             put(c, func(c *lti.ToolConsumer) *string { return &c.Courses.Match }, courseMatch),
		"store_mapping":     put(c, func(c *lti.ToolConsumer) *bool { return &c.Courses.StoreMapping }, value.boolean),
		"create_for":        putList(c, func(c *lti.ToolConsumer) *[]string { return &c.Courses.CreateFor }, ltiRoles),
		"types":             putList(c, func(c *lti.ToolConsumer) *[]string { return &c.Courses.Types }, listOf(checked(lti.CheckName))),
		"tail_over_mapping": put(c, func(c *lti.ToolConsumer) *bool { return &c.Courses.TailOverMapping }, value.boolean),
	})
}

func readPassbackRules(v value, c *entry[lti.ToolConsumer]) {
	v.mapping(keys{
		"format":     put(c, func(c *lti.ToolConsumer) *string { return &c.Passback.Format }, oneOf("1.1", "1.0")),
		"score":      put(c, func(c *lti.ToolConsumer) *string { return &c.Passback.Score }, oneOf(lti.ScoreDecimal, lti.ScorePercentage, lti.ScoreRatio)),
		"signature":  put(c, func(c *lti.ToolConsumer) *string { return &c.Passback.Signature }, method),
		"rate":       put(c, func(c *lti.ToolConsumer) *int { return &c.Passback.Rate }, rate),
		"read_first": put(c, func(c *lti.ToolConsumer) *bool { return &c.Passback.ReadFirst }, value.boolean),
	})
}

// rate reads how many deliveries a second an LMS takes, 0 for any number.
func rate(v value) int {
	tag, text := v.node.ShortTag(), v.node.Value
	n, err := strconv.Atoi(text)
	if err != nil || tag != "!!int" || n < 0 || n > lti.MaxRate {
		v.fault("must be a whole number from 0 to %d", lti.MaxRate)
	}
	return n
}

func readLogoutRules(v value, c *entry[lti.ToolConsumer]) {
	v.mapping(keys{
		"callback_param": put(c, func(c *lti.ToolConsumer) *string { return &c.Logout.CallbackParam }, orEmpty(checked(lti.CheckName))),
	})
}

func readMenu(v value, c *entry[lti.ToolConsumer]) {
	v.mapping(keys{
		"header": put(c, func(c *lti.ToolConsumer) *bool { return &c.Menu.Header }, value.boolean),
		"items":  putList(c, func(c *lti.ToolConsumer) *[]string { return &c.Menu.Items }, listOf(checked(lti.CheckName))),
		"inline": put(c, func(c *lti.ToolConsumer) *bool { return &c.Menu.Inline }, value.boolean),
		"locked": put(c, func(c *lti.ToolConsumer) *bool { return &c.Menu.Locked }, value.boolean),
	})
}

// userMatch reads the launch parameter that identifies a user.
func userMatch(v value) string {
	return matchParam(v, "user_id", "lis_person_sourcedid", "lis_person_contact_email_primary")
}

// courseMatch reads the launch parameter that identifies a course.
func courseMatch(v value) string {
	return matchParam(v, "context_id", "lis_course_offering_sourcedid", "lis_course_section_sourcedid")
}

func matchParam(v value, standard ...string) string {
	s := v.text()
	for _, name := range standard {
		if s == name {
			return s
		}
	}
	for _, prefix := range []string{lti.CustomPrefix, lti.ExtPrefix} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && lti.CheckName(rest) == nil {
			return s
		}
	}
	v.fault("must be one of %s, custom_... or ext_...", strings.Join(standard, ", "))
	return s
}

// ltiRoles reads a list of LTI roles: handles such as Instructor, or URNs.
func ltiRoles(v value) []string { return listOf(checked(lti.CheckLTIRole))(v) }

// createBy reads how accounts are made for each LTI role.
func createBy(v value) map[string]string {
	modes := make(map[string]string)
	v.pairs(func(name string, item value) {
		if err := lti.CheckLTIRole(name); err != nil {
			item.fault("as an LTI role: %v", err)
		}
		modes[name] = oneOf(lti.CreateAuto, lti.CreateAsk, lti.CreateExisting)(item)
	})
	return modes
}

// roleMap reads which of our roles each LTI role gets.
func roleMap(v value) map[string]lti.Role {
	roles := make(map[string]lti.Role)
	v.pairs(func(name string, item value) {
		if err := lti.CheckLTIRole(name); err != nil {
			item.fault("as an LTI role: %v", err)
		}
		roles[name] = courseRole(item)
	})
	return roles
}

// courseRole reads one of our roles.
func courseRole(v value) lti.Role {
	r := lti.Role(v.text())
	if !r.Known() && v.isText() {
		names := make([]string, 0, len(lti.CourseRoles()))
		for _, known := range lti.CourseRoles() {
			names = append(names, string(known))
		}
		v.fault("must be one of %s", strings.Join(names, ", "))
	}
	return r
}

// newConsumer is a tool consumer with the defaults of the format.
func newConsumer(domain, id string) lti.ToolConsumer {
	return lti.ToolConsumer{
		Domain: domain, ID: id, Name: id,
		NonceLifetime:    defaultWindow,
		SignatureMethods: []string{"HMAC-SHA1"},
		UserIdentity:     true,
		CourseIdentity:   true,
		Users: lti.UserRules{
			Match: "user_id", Create: lti.CreateAuto, Info: "lti",
			CreateFor: []string{"Learner", "Instructor", "TeachingAssistant"},
		},
		Courses: lti.CourseRules{
			Match: "context_id", StoreMapping: true,
			CreateFor: []string{"Instructor"}, Types: []string{"official"},
		},
		Roles:     map[string]lti.Role{"Learner": lti.Student, "Instructor": lti.Instructor, "TeachingAssistant": lti.TA},
		SelfEnrol: []string{"Learner", "Instructor"},
		Roster:    lti.RosterRules{Every: defaultEvery},
		Passback:  lti.PassbackRules{Format: "1.1", Score: lti.ScoreDecimal, Signature: "HMAC-SHA1"},
		Menu:      lti.Menu{Header: true, Items: []string{"grades", "roster"}},
	}
}
