package admin

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// launchRecords is the inspector's list, newest first.
func (p *People) launchRecords(w http.ResponseWriter, r *http.Request, v visit) error {
	query := r.URL.Query()
	page := web.LaunchRecordsPage{
		Frame: p.frame(r, v), Consumer: query.Get("consumer"), Tool: query.Get("tool"), Refused: query.Get("refused") != "", Query: query.Get("q"),
	}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		page.Consumers, page.Tools = nil, nil
		err := store.ToolConsumers.All(tx, "", func(c lti.ToolConsumer) error {
			page.Consumers = append(page.Consumers, c)
			return nil
		})
		if err != nil {
			return err
		}
		err = store.Tools.All(tx, "", func(t lti.Tool) error {
			page.Tools = append(page.Tools, t)
			return nil
		})
		if err != nil {
			return err
		}
		return findLaunches(tx, cursor(r, ""), &page)
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.LaunchRecords(w, http.StatusOK, page))
	return nil
}

// findLaunches fills the list by its filters. A reference number leads to the
// records that it stands for, whatever the other filters say; one that is none
// finds nothing.
func findLaunches(tx store.Tx, before string, page *web.LaunchRecordsPage) (err error) {
	prefix := ""
	if page.Query != "" {
		if prefix = recordPrefix(page.Query); prefix == "" {
			return nil
		}
	}
	page.Launches, page.Next, err = sift(launchesBack(tx, prefix), store.Launches.Key, before, perPage, func(l lti.LaunchRecord) bool {
		return prefix != "" || (!page.Refused || l.Refused) && (page.Consumer == "" || l.Consumer == page.Consumer) && (page.Tool == "" || l.Tool == page.Tool)
	})
	return err
}

// recordPrefix is how the ids begin that a reference number, or an id in full,
// stands for; "" if it is neither.
func recordPrefix(query string) string {
	if prefix, err := lti.ParseReference(query); err == nil {
		return prefix
	}
	if id, err := uuid.Parse(query); err == nil {
		return id.String()
	}
	return ""
}

// launchRecord shows one launch with all that was kept of it: no secret is.
func (p *People) launchRecord(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.readLaunch(r, v, param(r, "id"))
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.LaunchRecord(w, http.StatusOK, page))
	return nil
}

func (p *People) readLaunch(r *http.Request, v visit, id string) (web.LaunchRecordPage, error) {
	page := web.LaunchRecordPage{Frame: p.frame(r, v), Shares: true}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		if page.Launch, err = store.Launches.Get(tx, id); err != nil {
			return err
		}
		links, err := supportLinks(tx, id)
		page.Links = slices.DeleteFunc(links, func(l lti.SupportLink) bool { return !v.now.Before(l.Expires) })
		return err
	})
	return page, err
}
