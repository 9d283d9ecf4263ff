package consumer

import (
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// errRotate means that a ring has no secret that seals now, and that the
// transaction is not one that may make it.
var errRotate = errors.New("a new service secret is due")

// enabled reports whether the tool may use the service at p.
func (p place) enabled(service string) bool {
	if service == lti.ServiceGrade {
		return p.grades()
	}
	return p.tool.Grants(service)
}

// validity is how long the ids of the service are accepted at the least.
func (p place) validity(service string) time.Duration {
	wanted, usual := p.tool.Setting.ValidFor, lti.DefaultSettingValidity
	switch service {
	case lti.ServiceGrade:
		wanted, usual = p.tool.Passback.ValidFor, lti.DefaultGradeValidity
	case lti.ServiceRoster:
		wanted, usual = p.tool.Roster.ValidFor, lti.DefaultRosterValidity
	}
	if wanted <= 0 {
		return usual
	}
	return wanted
}

// ring reads the live service secrets of a link. A link without any has an
// empty ring, and nil as the record.
func (c *Consumer) ring(tx store.Tx, p place, service string) (*lti.ServiceRing, []sourcedid.Secret, error) {
	record, err := store.Rings.Read(tx, p.course.Domain, p.course.ID, p.link.ID, service)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	secrets := make([]sourcedid.Secret, 0, len(record.Secrets))
	for _, s := range record.Secrets {
		plain, err := c.Vault.Open(s.Sealed, ringContext(*record))
		if err != nil {
			return nil, nil, fmt.Errorf("open a service secret of %s/%s: %w", p.course.Ref(), p.link.ID, err)
		}
		secrets = append(secrets, sourcedid.Secret{Plain: plain, Made: s.Made, ValidFor: s.ValidFor})
	}
	return record, secrets, nil
}

// sealing is the secret under which ids of one service are sealed, with the
// record that it was read from.
type sealing struct {
	record *lti.ServiceRing
	secret string
	made   bool // by this transaction
}

// sealing finds the secret that seals now. When there is none, or the tool's
// validity was changed since, a writing transaction makes a new one beside the
// live ones; a reading one returns errRotate. Two nodes that rotate at once
// agree, because both read the ring in the transaction that writes it.
func (c *Consumer) sealing(tx store.Tx, p place, service string, write bool) (sealing, error) {
	record, secrets, err := c.ring(tx, p, service)
	if err != nil {
		return sealing{}, err
	}
	now, validFor := tx.Now(), p.validity(service)
	if current, ok := sourcedid.Current(secrets, now); ok && current.ValidFor == validFor {
		return sealing{record: record, secret: current.Plain}, nil
	}
	if !write {
		return sealing{}, errRotate
	}
	next := lti.ServiceRing{Domain: p.course.Domain, Course: p.course.ID, Link: p.link.ID, Service: service}
	if record != nil {
		next.Secrets = record.Secrets
	}
	secret, err := c.renew(tx, next, validFor)
	if err != nil {
		return sealing{}, err
	}
	return sealing{secret: secret, made: true}, nil
}

// renew puts a new secret before those of the ring that still open, stores the
// ring, and returns the secret.
func (c *Consumer) renew(tx store.Tx, r lti.ServiceRing, validFor time.Duration) (string, error) {
	now := tx.Now()
	fresh := sourcedid.NewSecret(vault.NewSecret(c.Rand), now, validFor)
	sealed, err := c.Vault.Seal(fresh.Plain, ringContext(r))
	if err != nil {
		return "", fmt.Errorf("seal a new service secret: %w", err)
	}
	secrets := []lti.ServiceSecret{{Sealed: sealed, Made: fresh.Made, ValidFor: validFor}}
	for _, s := range r.Secrets {
		if (sourcedid.Secret{Plain: s.Sealed, Made: s.Made, ValidFor: s.ValidFor}).Opens(now) {
			secrets = append(secrets, s)
		}
	}
	r.Secrets = secrets
	return fresh.Plain, store.Rings.Put(tx, r)
}

func ringContext(r lti.ServiceRing) string {
	return "service_ring/" + r.Domain + "/" + r.Course + "/" + r.Link + "/" + r.Service
}

// seal writes the id of a service for p; digest stands for the user of a grade.
func (s sealing) seal(p place, service, digest string) string {
	return sourcedid.Seal(s.secret, sourcedid.ID{
		Service: service, Link: sourcedid.LinkDigest(p.course.DigestKey, p.link.ID), User: digest,
		Domain: p.course.Domain, Course: p.course.ID,
	})
}
