package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// cartridgePath is where an LMS finds its XML configuration.
const cartridgePath = "/lti/cartridge.xml"

// maxURLs is how many courses' launch URLs stand on a tool consumer's page.
const maxURLs = 20

// timestampParam is the recorded parameter that tells the LMS's clock.
const timestampParam = "oauth_timestamp"

// consumers lists the LMSs that launch us, with what they did in a day.
func (p *People) consumers(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.ConsumersPage{Frame: p.frame(r, v)}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		page.Consumers = nil
		rows := map[string]int{}
		err := store.ToolConsumers.All(tx, "", func(c lti.ToolConsumer) error {
			rows[store.Join(c.Domain, c.ID)] = len(page.Consumers)
			page.Consumers = append(page.Consumers, web.ConsumerRow{ToolConsumer: c})
			return nil
		})
		if err != nil {
			return err
		}
		unseen := len(rows)
		page.All, err = recentLaunches(tx, func(l lti.LaunchRecord) bool {
			recent := !l.At.Before(v.now.Add(-day))
			i, ok := rows[store.Join(l.Domain, l.Consumer)]
			if !ok || l.Direction != lti.Inbound {
				return recent || unseen > 0
			}
			row := &page.Consumers[i]
			if row.LastLaunch.IsZero() {
				row.LastLaunch = l.At
				unseen--
			}
			row.Refused += one(recent && l.Refused)
			row.Launches += one(recent && !l.Refused)
			return recent || unseen > 0
		})
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Consumers(w, http.StatusOK, page))
	return nil
}

// consumer shows one tool consumer.
func (p *People) consumer(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.readConsumer(r, v)
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Consumer(w, http.StatusOK, page))
	return nil
}

func (p *People) readConsumer(r *http.Request, v visit) (web.ConsumerPage, error) {
	return p.readConsumerOf(r, v, param(r, "domain"), param(r, "id"))
}

func (p *People) readConsumerOf(r *http.Request, v visit, domain, id string) (web.ConsumerPage, error) {
	page := web.ConsumerPage{
		Frame: p.frame(r, v), LaunchURL: p.PublicURL + launchPath, CartridgeURL: p.PublicURL + cartridgePath,
		Rotate: p.NewSecret != nil, Edits: p.Edit != nil,
	}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		if page.Consumer, err = store.ToolConsumers.Get(tx, domain, id); err != nil {
			return err
		}
		c := page.Consumer
		used, err := manifest.Used(tx, manifest.Object{Section: manifest.ToolConsumers, Domain: domain, ID: id})
		if err != nil {
			return err
		}
		page.Removable = !used
		if page.Secrets, err = secretUses(tx, v.now, "tool_consumer/"+c.Domain+"/"+c.ID, c.Secret, c.Previous); err != nil {
			return err
		}
		sent := func(l lti.LaunchRecord) bool {
			return l.Direction == lti.Inbound && l.Domain == c.Domain && l.Consumer == c.ID
		}
		if page.Launches, err = newestLaunches(tx, sent); err != nil {
			return err
		}
		signed, err := newestLaunches(tx, func(l lti.LaunchRecord) bool { return sent(l) && signatureHeld(l) })
		if err != nil {
			return err
		}
		page.Skew, page.SkewKnown = skew(signed)
		page.Origins = framers(signed)
		if page.SeenRoles, err = seenRoles(tx, c); err != nil {
			return err
		}
		courses, _, err := store.Courses.List(tx, store.Prefix(c.Domain), "", maxURLs)
		page.MoreURLs = nil
		for _, course := range courses {
			page.MoreURLs = append(page.MoreURLs, web.NamedURL{
				Name: nameOr(course.Title, course.ID),
				URL:  p.PublicURL + launchPath + strings.TrimPrefix(web.CoursePath(course.Ref()), "/courses"),
			})
		}
		return err
	})
	return page, err
}

// secretUses tells of those secrets of owner that are accepted at now.
func secretUses(tx store.Tx, now time.Time, owner string, secrets ...lti.Secret) ([]web.SecretUse, error) {
	var uses []web.SecretUse
	for _, s := range secrets {
		if !s.Live(now) {
			continue
		}
		last, err := store.LastSecretUse(tx, owner, s)
		if err != nil {
			return nil, err
		}
		uses = append(uses, web.SecretUse{LastUsed: last, Until: s.Until})
	}
	return uses, nil
}

// signatureHeld reports whether a launch is what its LMS sent: it was accepted,
// or turned away for its role alone, which is looked at last.
func signatureHeld(l lti.LaunchRecord) bool {
	return !l.Refused || l.Cause == string(lti.CauseNoRole)
}

// skew is how far the LMS's clock was ahead of ours at the newest launch whose
// signature held.
func skew(launches []lti.LaunchRecord) (ahead time.Duration, known bool) {
	for _, l := range launches {
		for _, pair := range l.Params {
			if pair[0] != timestampParam {
				continue
			}
			seconds, err := strconv.ParseInt(pair[1], 10, 64)
			return time.Unix(seconds, 0).Sub(l.At).Truncate(time.Second), err == nil
		}
	}
	return 0, false
}

// framers lists the web origins that the launches' sessions may be framed by.
func framers(launches []lti.LaunchRecord) []string {
	var origins []string
	for _, l := range launches {
		if l.Session != nil {
			origins = append(origins, l.Session.Origins...)
		}
	}
	slices.Sort(origins)
	return slices.Compact(origins)
}

// newSecret makes a tool consumer's new secret and shows it this once.
func (p *People) newSecret(w http.ResponseWriter, r *http.Request, v visit) error {
	if p.NewSecret == nil {
		return store.ErrNotFound
	}
	secret, err := p.NewSecret(r.Context(), param(r, "domain"), param(r, "id"), v.name())
	if err != nil {
		return err
	}
	page, err := p.readConsumer(r, v)
	if err != nil {
		return err
	}
	page.NewSecret, page.Path = secret, web.ConsumerPath(page.Consumer.Domain, page.Consumer.ID)
	p.wrote(r, p.Pages.Consumer(w, http.StatusOK, page))
	return nil
}
