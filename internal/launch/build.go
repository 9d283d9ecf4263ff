package launch

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// Build writes a launch as parameters for the signer, which adds its own. Empty
// fields are left out; custom_ and ext_ parameters follow in the order of their
// names, with empty values too. Names in Custom and Ext that do not begin with
// their prefix, or that stand for a field of the launch, are left out: a custom
// parameter never replaces one of the standard's. Parse gives the launch back.
func Build(l lti.Launch) oauth1.Params { return BuildMessage(messageType, l) }

// BuildMessage is Build for another message that says who comes from where, such
// as a ContentItemSelectionRequest.
func BuildMessage(kind string, l lti.Launch) oauth1.Params {
	p := oauth1.Params{
		{Name: messageTypeParam, Value: kind},
		{Name: versionParam, Value: version},
	}
	add := func(name, value string) {
		if value != "" {
			p = append(p, oauth1.Param{Name: name, Value: value})
		}
	}
	for _, f := range texts(&l) {
		add(f.name, *f.at)
	}
	add(rolesParam, joinRoles(l.Roles))
	add(mentorParam, joinIDs(l.RoleScopeMentor))
	add(contextTypeParam, strings.Join(l.ContextType, ","))
	add(widthParam, number(l.Return.Width))
	add(heightParam, number(l.Return.Height))
	add(scoreTypesParam, strings.Join(l.Outcome.Values, ","))
	add(dataValuesParam, strings.Join(l.Outcome.DataValues, ","))
	add(totalScoreParam, flag(l.Outcome.TotalScore))
	add(submittedAtParam, flag(l.Outcome.Submitted))
	add(reviewParam, flag(l.Outcome.Review))
	add(prioritizeParam, flag(l.Outcome.Prioritize))
	p = appendSorted(p, l.Custom, lti.CustomPrefix)
	return appendSorted(p, l.Ext, lti.ExtPrefix)
}

func appendSorted(p oauth1.Params, m map[string]string, prefix string) oauth1.Params {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if strings.HasPrefix(name, prefix) && !ownExt(name) {
			p = append(p, oauth1.Param{Name: name, Value: m[name]})
		}
	}
	return p
}

func joinRoles(roles []lti.LTIRole) string {
	texts := make([]string, 0, len(roles))
	for _, r := range roles {
		texts = append(texts, r.String())
	}
	return strings.Join(texts, ",")
}

// joinIDs URL-encodes each id, a space as %20, so that none holds a comma.
func joinIDs(ids []string) string {
	texts := make([]string, 0, len(ids))
	for _, id := range ids {
		texts = append(texts, strings.ReplaceAll(url.QueryEscape(id), "+", "%20"))
	}
	return strings.Join(texts, ",")
}

func number(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func flag(on bool) string {
	if on {
		return "true"
	}
	return ""
}
