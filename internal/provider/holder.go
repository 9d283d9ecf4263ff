package provider

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// holder is whom a launch's key belongs to: a tool consumer of a domain, or one
// course, whose protection keys open its places and state nobody.
type holder struct {
	// consumer is what is believed of launches with the key. For a key of a
	// course it stands in for a tool consumer and has no id.
	consumer *lti.ToolConsumer
	// course is the only course that the key opens; nil for a tool consumer.
	course *lti.Course
}

// askForHolders asks for a key among those of tool consumers and of courses at
// once, so that the time that findHolder takes does not tell which of them has
// it.
func askForHolders(tx store.Tx, key string) error {
	entry := store.Join(key)
	err := tx.Prefetch(store.ToolConsumers.IndexKey("key", entry), store.Courses.IndexKey("protection", entry))
	if err != nil {
		return fmt.Errorf("find the key: %w", err)
	}
	return nil
}

// findHolder looks a key up among those of tool consumers, then among those of
// courses.
func findHolder(tx store.Tx, key string) (holder, error) {
	entry := store.Join(key)
	c, err := store.ToolConsumers.FindRead(tx, "key", entry)
	if !errors.Is(err, store.ErrNotFound) {
		return holder{consumer: c}, err
	}
	course, err := store.Courses.FindRead(tx, "protection", entry)
	if err != nil {
		return holder{}, err
	}
	p, ok := course.ProtectionKey(key)
	if !ok {
		return holder{}, store.ErrNotFound
	}
	return holder{protector(course, p), course}, nil
}

// protector is what a launch with a course's key is believed as.
func protector(course *lti.Course, p lti.Protection) *lti.ToolConsumer {
	return &lti.ToolConsumer{
		Domain: course.Domain, Key: p.Key, Secret: p.Secret, NotBefore: p.NotBefore,
		NonceLifetime:    cmp.Or(p.Lifetime, oauth1.DefaultWindow),
		SignatureMethods: []string{oauth1.HMACSHA1, oauth1.HMACSHA256},
	}
}

// same reports whether nothing has changed since other was read: the store
// shares what it has read.
func (h holder) same(other holder) bool {
	if h.course != nil || other.course != nil {
		return h.course == other.course
	}
	return h.consumer == other.consumer
}

// String names the holder, for the inspector.
func (h holder) String() string {
	if h.course != nil {
		return "a protection key of the course " + h.course.Ref().String()
	}
	return "that of the tool consumer " + h.consumer.Domain + "/" + h.consumer.ID
}

// vaultContext is what the holder's secrets are sealed for.
func (h holder) vaultContext() string {
	if h.course != nil {
		return "protection/" + h.course.Ref().String() + "/" + h.consumer.Key
	}
	return vaultContext(h.consumer)
}

// nonceSide keeps the nonces of the two kinds of keys apart.
func (h holder) nonceSide() string {
	if h.course != nil {
		return store.NonceProtection
	}
	return store.NonceLaunch
}

// checkOpen refuses launches that the holder does not want now, or not from
// this LMS.
func (h holder) checkOpen(l lti.Launch, now time.Time) error {
	c := h.consumer
	switch {
	case c.Disabled:
		return lti.Refuse(lti.CauseDisabled, "the tool consumer %s/%s is closed", c.Domain, c.ID)
	case !c.Enabled.Contains(now):
		r := lti.Refuse(lti.CauseNotEnabled, "the tool consumer %s/%s takes launches %s", c.Domain, c.ID, dates(c.Enabled))
		r.Hint = "Change enabled of this tool consumer if the dates are not right."
		return r
	case c.InstanceGUID != "" && l.Instance.GUID != c.InstanceGUID:
		return wrongInstance(c, l.Instance)
	}
	return nil
}

// dates writes a period in words.
func dates(p lti.Period) string {
	switch {
	case p.End.IsZero():
		return "from " + p.Start.UTC().Format(time.RFC3339) + " on"
	case p.Start.IsZero():
		return "until " + p.End.UTC().Format(time.RFC3339)
	}
	return "from " + p.Start.UTC().Format(time.RFC3339) + " until " + p.End.UTC().Format(time.RFC3339)
}

// wrongInstance says which LMS has sent a launch under a key that is pinned to
// another.
func wrongInstance(c *lti.ToolConsumer, sent lti.Instance) error {
	r := lti.Refuse(lti.CauseInstance, "tool_consumer_instance_guid is %q, the tool consumer %s/%s is pinned to %q",
		clip(sent.GUID), c.Domain, c.ID, c.InstanceGUID)
	r.Hint = "Another LMS has this key and secret: a copy of the LMS, for instance a test system, or one that was given them. " +
		"Give it a tool consumer of its own. If it is the right one and has only moved, set instance_guid to what it sends now."
	if sent.GUID == "" {
		r.Detail = "the launch has no tool_consumer_instance_guid, and the tool consumer " + c.Domain + "/" + c.ID + " is pinned to one"
		r.Hint = "The LMS does not say which one it is. Switch that on there, or set instance_guid to \"\" for this tool consumer."
	}
	return r
}
