package web

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// speech says the texts of the pages in one language. A text is named by its
// English wording, with the verbs of fmt for what varies in it: "%d of %d have
// a score". Where the wording goes by a number, it is named by that for many.
//
// locales/LANGUAGE.yaml and LANGUAGE.PART.yaml map each text to its wording in
// the language: a string, or one and other by the first number. A text that is
// not in there is said in English; locales/en.yaml has what differs from its
// name. The zero speech says each text as it is named: for English that goes to
// no page.
type speech struct {
	tag   language.Tag
	words *message.Printer
	// known are the texts that locales has a wording for.
	known map[string]bool
}

// say is the text in the language. A percent sign in it is written %%.
func (s *speech) say(text string, args ...any) string {
	return s.printer().Sprintf(message.Key(text, text), args...)
}

func (s *speech) printer() *message.Printer {
	if s.words == nil {
		return message.NewPrinter(language.English)
	}
	return s.words
}

// echo is a finished English sentence, from elsewhere, in the language if it is
// a text of the pages, else as it is.
func (s *speech) echo(sentence string) string {
	if s.known[sentence] {
		return s.say(sentence)
	}
	return sentence
}

// speeches are all languages that the pages are written in, English first.
type speeches struct {
	all   []*speech
	match language.Matcher
}

// phrase is the wording of a text: one for all numbers in Other, or with One
// that for the number one.
type phrase struct{ One, Other string }

// UnmarshalYAML reads a plain string, or a mapping with one and other.
func (p *phrase) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		p.Other = node.Value
		return nil
	}
	type plain phrase
	return node.Decode((*plain)(p))
}

// readSpeeches reads the languages from the files LANGUAGE.yaml of a directory.
func readSpeeches(files fs.FS, dir string) (*speeches, error) {
	words := catalog.NewBuilder(catalog.Fallback(language.English))
	s := &speeches{all: []*speech{{tag: language.English, known: map[string]bool{}}}}
	names, err := fs.Glob(files, dir+"/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	for _, name := range names {
		code, _, _ := strings.Cut(path.Base(name), ".")
		tag, err := language.Parse(code)
		if err != nil {
			return nil, fmt.Errorf("read language %s: %w", name, err)
		}
		if err := s.in(tag).read(files, name, words); err != nil {
			return nil, fmt.Errorf("read language %s: %w", name, err)
		}
	}
	var tags []language.Tag
	for _, one := range s.all {
		one.words = message.NewPrinter(one.tag, message.Catalog(words))
		tags = append(tags, one.tag)
	}
	s.match = language.NewMatcher(tags)
	return s, nil
}

// in is the speech in a language, which may be new.
func (s *speeches) in(tag language.Tag) *speech {
	for _, one := range s.all {
		if one.tag == tag {
			return one
		}
	}
	one := &speech{tag: tag, known: map[string]bool{}}
	s.all = append(s.all, one)
	return one
}

// read takes the wordings of one file into words. Two files of a language have
// no text in common.
func (s *speech) read(files fs.FS, name string, words *catalog.Builder) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var phrases map[string]phrase
	if err := yaml.Unmarshal(text, &phrases); err != nil {
		return err
	}
	for text, p := range phrases {
		if s.known[text] {
			return fmt.Errorf("%q is in another file too", text)
		}
		if err := words.Set(s.tag, text, p.message()); err != nil {
			return fmt.Errorf("%q: %w", text, err)
		}
		s.known[text] = true
	}
	return nil
}

func (p phrase) message() catalog.Message {
	if p.One == "" {
		return catalog.String(p.Other)
	}
	return plural.Selectf(1, "%d", plural.One, p.One, plural.Other, p.Other)
}

// index is the place in all of the language that suits a locale best, as an LMS
// sends it (de-CH, de_DE) or a browser does (de;q=0.9, en). Anything unknown is
// English.
func (s *speeches) index(locale string) int {
	_, i := language.MatchStrings(s.match, strings.ReplaceAll(locale, "_", "-"))
	return i
}

// lang is the language of a page for the browser, with the country of the
// viewer's locale if that is of the language.
func (s *speech) lang(locale string) string {
	tag, err := language.Parse(strings.ReplaceAll(locale, "_", "-"))
	if err != nil {
		return s.tag.String()
	}
	base, _ := tag.Base()
	region, sure := tag.Region()
	if own, _ := s.tag.Base(); base != own || sure != language.Exact {
		return s.tag.String()
	}
	return s.tag.String() + "-" + region.String()
}
