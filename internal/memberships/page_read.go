package memberships

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ReadPage reads a page, whose size the caller has limited, and hands its
// members to take, one by one, in flat memory. Members without a userId are
// passed over; without a status a member is Active. What is no page with a
// membershipSubject, or breaks off, is ErrNotRoster; an error of reading r or of
// take comes back as it is. Only after a nil error is the page whole. Whether
// Next may be followed is for the caller to judge.
func ReadPage(r io.Reader, take func(Member) error) (Page, error) {
	source := &noted{from: r}
	p := pageReader{json: json.NewDecoder(source), take: take}
	err := p.document()
	switch {
	case err == nil:
		return p.page, nil
	case p.taken != nil:
		return Page{}, p.taken
	case source.err != nil:
		return Page{}, source.err
	}
	return Page{}, fmt.Errorf("%w: %w", ErrNotRoster, err)
}

// noted remembers why reading failed.
type noted struct {
	from io.Reader
	err  error
}

func (n *noted) Read(b []byte) (int, error) {
	size, err := n.from.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return size, err
}

type pageReader struct {
	json    *json.Decoder
	take    func(Member) error
	taken   error // of take
	page    Page
	subject bool // a membershipSubject was there
}

func (p *pageReader) document() error {
	err := p.object(func(key string) error {
		switch {
		case strings.EqualFold(key, "@id"):
			return p.word(&p.page.ID)
		case strings.EqualFold(key, "nextPage"):
			return p.word(&p.page.Next)
		case strings.EqualFold(key, "pageOf"):
			return p.object(p.container)
		}
		return p.skip()
	})
	if err != nil {
		return err
	}
	if !p.subject {
		return errors.New("it has no membershipSubject")
	}
	if _, err := p.json.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

func (p *pageReader) container(key string) error {
	if !strings.EqualFold(key, "membershipSubject") {
		return p.skip()
	}
	err := p.object(func(key string) error {
		switch {
		case strings.EqualFold(key, "contextId"):
			return p.word(&p.page.ContextID)
		case strings.EqualFold(key, "name"):
			return p.word(&p.page.ContextTitle)
		case strings.EqualFold(key, "membership"):
			return p.members()
		}
		return p.skip()
	})
	p.subject = true
	return err
}

// object calls each for every key of the object that follows; each reads the
// value.
func (p *pageReader) object(each func(key string) error) error {
	if open, err := p.json.Token(); err != nil || open != json.Delim('{') {
		return errors.Join(err, errors.New("an object is missing"))
	}
	for p.json.More() {
		key, err := p.json.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string) // a decoder lets no other key pass
		if err := each(name); err != nil {
			return err
		}
	}
	_, err := p.json.Token()
	return err
}

// members hands the members of the list that follows on; null is none.
func (p *pageReader) members() error {
	open, err := p.json.Token()
	if err != nil || open == nil {
		return err
	}
	if open != json.Delim('[') {
		return errors.New("the membership is no list")
	}
	for p.json.More() {
		var m foreignMember
		if err := p.json.Decode(&m); err != nil {
			return err
		}
		if m.Member.UserID == "" {
			continue
		}
		if p.taken = p.take(m.member()); p.taken != nil {
			return p.taken
		}
	}
	_, err = p.json.Token()
	return err
}

func (p *pageReader) word(into *string) error {
	var w word
	err := p.json.Decode(&w)
	*into = string(w)
	return err
}

func (p *pageReader) skip() error {
	var skipped json.RawMessage
	return p.json.Decode(&skipped)
}
