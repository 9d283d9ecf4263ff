package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
)

// Many tools that are written in JavaScript use ims-lti; .ci/npm pins it.

// node runs a script with the libraries of .ci/npm.
func node(t *testing.T, script string) *exec.Cmd {
	t.Helper()
	libraries, err := filepath.Abs("../../.ci/npm/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(libraries, "ims-lti")); err != nil {
		t.Fatalf("ims-lti is missing; run .ci/setup npm: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "interop", script))
	cmd.Env = append(os.Environ(), "NODE_PATH="+libraries)
	return cmd
}

// imsAsked is what ims-lti is asked about: our launch, and our answers to
// outcome messages.
type imsAsked struct {
	Key     string            `json:"key"`
	Secret  string            `json:"secret"`
	Launch  signedForm        `json:"launch"`
	Answers map[string]string `json:"answers"`
}

// imsVerdict is what ims-lti makes of a launch.
type imsVerdict struct {
	Valid    bool   `json:"valid"`
	Error    string `json:"error"`
	User     string `json:"user"`
	Student  bool   `json:"student"`
	Outcomes bool   `json:"outcomes"`
}

// imsMessage is an outcome message that ims-lti sent, and what it understood of
// our answer: a word, true, or a score.
type imsMessage struct {
	Operation string `json:"operation"`
	Request   struct {
		URL           string `json:"url"`
		Authorization string `json:"authorization"`
		ContentType   string `json:"content_type"`
		Body          string `json:"body"`
	} `json:"request"`
	Understood any `json:"understood"`
}

// imsSaid is all that it said.
type imsSaid struct {
	Library  string       `json:"library"`
	Asked    imsAsked     `json:"asked"`
	Ours     imsVerdict   `json:"ours"`
	Forged   imsVerdict   `json:"forged"`
	Launches []signedForm `json:"launches"`
	Messages []imsMessage `json:"messages"`
}

// imsTime is when everything is signed.
var imsTime = time.Unix(1_795_000_000, 0).UTC()

// imsQuestions are a launch of ours, and our answers to outcome messages.
func imsQuestions(t *testing.T) imsAsked {
	t.Helper()
	// ims-lti takes the secret as it stands, where RFC 5849, 3.4.2 encodes it, so
	// this one has unreserved characters only, like all that we make.
	asked := imsAsked{Key: "key-1", Secret: "s3cr~t_-.", Answers: map[string]string{}}
	params := launch.Build(lti.Launch{
		ResourceLinkID: "0f3a", ResourceLinkTitle: "Zoë’s quiz", ResourceLinkDescription: "two\nlines",
		UserID: "5d41", Roles: lti.ParseRoles("Learner"), ContextID: "c0de", ContextTitle: "1+1=2 & (more)* 100% ~ 'ok'!",
		Person: lti.Person{FullName: "Zoë Ångström"}, Custom: map[string]string{"custom_empty": "", "custom_chapter": "3"},
		Outcome: lti.OutcomeService{URL: "https://hub.example/service/passback", SourcedID: "sig:::a:::b:::uni/phys101"},
	})
	signer := oauth1.Signer{Key: asked.Key, Secret: asked.Secret, Now: func() time.Time { return imsTime }, Nonce: func() string { return "nonce-1" }}
	target := "https://tool.example:8443/lti?room=7&name=a%20b%2Bc"
	fields, err := signer.SignForm(target, params)
	if err != nil {
		t.Fatal(err)
	}
	asked.Launch = signedForm{URL: target, Params: map[string]string{}}
	for name, value := range fields.All() {
		asked.Launch.Params[name] = value
	}
	score := 0.875
	for _, o := range []outcome.Operation{outcome.Replace, outcome.Read, outcome.Delete} {
		r := outcome.Response{MessageID: "a", RefID: "q", Operation: o, CodeMajor: outcome.Success, Description: "done", Language: "en"}
		if o == outcome.Read {
			r.Score = &score
		}
		asked.Answers[string(o)] = string(r.XML())
	}
	refusal := outcome.Response{Operation: outcome.Replace, CodeMajor: outcome.Failure, CodeMinor: outcome.UnknownObject, Description: "the <id> & more"}
	asked.Answers["failure"] = string(refusal.XML())
	return asked
}

// askIMSLTI lets ims-lti judge what is ours, and sign what is its own.
func askIMSLTI(t *testing.T) imsSaid {
	t.Helper()
	input, err := json.Marshal(imsQuestions(t))
	if err != nil {
		t.Fatal(err)
	}
	cmd := node(t, "with_ims_lti.js")
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, &errs)
	}
	var said imsSaid
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

func TestIMSLTITakesOurLaunch(t *testing.T) {
	t.Parallel()
	r := askIMSLTI(t)
	if want := (imsVerdict{Valid: true, User: "5d41", Student: true, Outcomes: true}); r.Ours != want {
		t.Errorf("%s makes of our launch %+v, want %+v", r.Library, r.Ours, want)
	}
	if r.Forged.Valid || r.Forged.Error != "SignatureError" {
		t.Errorf("%s makes of a forged launch %+v", r.Library, r.Forged)
	}
}

func (r imsSaid) credential() oauth1.Credential {
	return oauth1.Credential{Secrets: []string{r.Asked.Secret}, Methods: []string{oauth1.HMACSHA1}, Window: time.Minute}
}

func TestWeTakeLaunchesThatIMSLTISigned(t *testing.T) {
	t.Parallel()
	r := askIMSLTI(t)
	if len(r.Launches) != 3 {
		t.Fatalf("it signed %d launches", len(r.Launches))
	}
	for _, signed := range r.Launches {
		take := func(form map[string]string) (oauth1.Verified, error) {
			m, err := oauth1.Parse(oauth1.Request{
				Method: "POST", URL: signed.URL, ContentType: "application/x-www-form-urlencoded", Body: []byte(values(form).Encode()),
			})
			if err != nil {
				t.Fatal(err)
			}
			return m.Verify(r.credential(), imsTime)
		}
		verified, err := take(signed.Params)
		if err != nil {
			t.Errorf("the launch at %s: %v", signed.URL, err)
			continue
		}
		read, err := launch.Parse(verified.Params)
		if err != nil || read.UserID != "u~1" || read.ResourceLinkID != "rl-1" {
			t.Errorf("the launch at %s is read as %+v, %v", signed.URL, read, err)
		}
		signed.Params["roles"] = "Instructor"
		if _, err := take(signed.Params); err == nil {
			t.Errorf("the launch at %s is taken with another role", signed.URL)
		}
	}
}

func TestIMSLTIAndWeUnderstandEachOthersOutcomes(t *testing.T) {
	t.Parallel()
	r := askIMSLTI(t)
	wanted := []struct {
		understood any
		want       outcome.Request
	}{
		{true, outcome.Request{Operation: outcome.Replace, HasScore: true, ScoreText: "0.875", Language: "en"}},
		{true, outcome.Request{Operation: outcome.Replace, HasScore: true, ScoreText: "1", Language: "en", Data: outcome.Data{Text: "an <essay> & more"}}},
		{0.875, outcome.Request{Operation: outcome.Read}},
		{true, outcome.Request{Operation: outcome.Delete}},
		{"the <id> & more", outcome.Request{Operation: outcome.Replace, HasScore: true, ScoreText: "0", Language: "en"}},
	}
	if len(r.Messages) != len(wanted) {
		t.Fatalf("it sent %d messages, want %d", len(r.Messages), len(wanted))
	}
	for i, m := range r.Messages {
		name := strconv.Itoa(i) + " " + m.Operation
		take := func(body string) error {
			message, err := oauth1.Parse(oauth1.Request{
				Method: "POST", URL: m.Request.URL, ContentType: m.Request.ContentType,
				Authorization: []string{m.Request.Authorization}, Body: []byte(body),
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = message.Verify(r.credential(), imsTime)
			return err
		}
		if err := take(m.Request.Body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if take(strings.Replace(m.Request.Body, "phys101", "phys102", 1)) == nil {
			t.Errorf("%s: it is taken for another course", name)
		}
		got, err := outcome.ParseRequest([]byte(m.Request.Body))
		want := wanted[i].want
		want.SourcedID, want.MessageID = "sig:::link:::user:::uni/phys101 <&> 'x'", got.MessageID
		if diff := cmp.Diff(want, got); diff != "" || err != nil || got.MessageID == "" {
			t.Errorf("%s is read wrongly (%v):\n%s", name, err, diff)
		}
		if m.Understood != wanted[i].understood {
			t.Errorf("%s: of our answer %s understood %v, want %v", name, r.Library, m.Understood, wanted[i].understood)
		}
	}
}
