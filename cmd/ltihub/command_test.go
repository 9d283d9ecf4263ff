package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/simulator"
)

// write puts text into a file of its own.
func write(t testing.TB, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	top := ask(t, nil, "", "help")
	if top.code != 0 {
		t.Fatalf("help = %+v", top)
	}
	for _, command := range []string{"serve", "apply", "export", "doctor", "sign", "backup", "restore", "token", "version"} {
		if !strings.Contains(top.out, "\n  "+command+" ") {
			t.Errorf("help does not name %s:\n%s", command, top.out)
		}
		if one := ask(t, nil, "", command, "--help"); one.code != 0 || !strings.Contains(one.out, "Usage:") {
			t.Errorf("%s --help = %+v", command, one)
		}
	}
	for flag, command := range map[string]string{
		"--config": "serve", "--listen": "serve", "--public-url": "serve", "--data": "serve", "--apply": "serve", "--demo": "serve",
		"--with-secrets": "export", "--secret": "doctor", "--token-secret": "doctor", "--at": "doctor", "--json": "doctor",
	} {
		if one := ask(t, nil, "", command, "--help"); !strings.Contains(one.out, flag+" ") {
			t.Errorf("%s --help does not name %s", command, flag)
		}
	}
	if v := ask(t, nil, "", "version"); v.code != 0 || !strings.Contains(v.out, "ltihub ") || !strings.Contains(v.out, "commit ") || !strings.Contains(v.out, "go1.") {
		t.Errorf("version = %+v", v)
	}
}

func TestMisspeltCommandLinesFailAndSayHow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		code int
		want string
		help bool
	}{
		{[]string{"serv"}, 1, "unknown command", true},
		{[]string{"--colour"}, 1, "unknown flag", true},
		{[]string{"serve", "--prot", "1"}, 1, "unknown flag", true},
		{[]string{"serve", "extra"}, 1, "extra", true},
		{[]string{"apply"}, 1, "accepts 1 arg", true},
		{[]string{"backup"}, 1, "accepts 1 arg", true},
		{[]string{"restore"}, 1, "accepts 1 arg", true},
		{[]string{"token", "make"}, 1, "unknown command", true},
		{[]string{"token", "create", "x"}, 1, "role", false},
		{[]string{"token", "create", "x", "--role", "king"}, 1, "admin or read", false},
		{[]string{"doctor"}, 2, "request file", true},
		{[]string{"sign", "--wrong"}, 2, "unknown flag", true},
		{[]string{"doctor", "--wrong"}, 2, "unknown flag", true},
		{[]string{"serve", "--listen", "nowhere"}, 1, "listen", false},
	} {
		got := ask(t, nil, "", tt.args...)
		if got.code != tt.code || !strings.Contains(got.err, tt.want) || strings.Contains(got.err, "--help") != tt.help {
			t.Errorf("ltihub %s = %d %q, want %d and %q, the way to help %v", strings.Join(tt.args, " "), got.code, got.err, tt.code, tt.want, tt.help)
		}
		if got.out != "" {
			t.Errorf("ltihub %s writes to standard output: %q", strings.Join(tt.args, " "), got.out)
		}
	}
}

func TestApplyAndExportOfAStoppedStore(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	if got := ask(t, nil, "", "export", "--data", data); got.code != 1 || !strings.Contains(got.err, "find the store") {
		t.Errorf("export of nothing = %+v", got)
	}
	faulty := write(t, "faulty.yaml", "version: 1\ndomains: [{id: uni}]\ntools:\n  - {domain: uni, id: a, url: 'ftp://x', key: k, secret: s}\n  - {domain: uni, id: b, colour: red}\n")
	got := ask(t, nil, "", "apply", "--data", data, faulty)
	if got.code != 1 || !strings.Contains(got.err, "line 4: ") || !strings.Contains(got.err, "line 5: ") {
		t.Errorf("apply of two faults = %+v", got)
	}
	manifest := strings.ReplaceAll(testManifest, "TOOL_URL", "http://127.0.0.1:9/lti")
	if got = ask(t, nil, "", "apply", "--data", data, write(t, "manifest.yaml", manifest)); got.code != 0 || !strings.Contains(got.out, "courses 1 created") {
		t.Fatalf("apply = %+v", got)
	}
	if got = ask(t, nil, manifest, "apply", "--data", data, "-"); got.code != 0 || strings.Contains(got.out, "created") || strings.Contains(got.out, "updated") {
		t.Errorf("apply once more = %+v", got)
	}
	plain := ask(t, nil, "", "export", "--data", data)
	if plain.code != 0 || strings.Contains(plain.out, "lms-secret") || !strings.Contains(plain.out, "lms-key") {
		t.Errorf("export = %+v", plain)
	}
	whole := ask(t, nil, "", "export", "--data", data, "--with-secrets")
	if whole.code != 0 || !strings.Contains(whole.out, "lms-secret") {
		t.Errorf("export --with-secrets = %+v", whole)
	}
	if got = ask(t, nil, whole.out, "apply", "--data", data, "-"); got.code != 0 || strings.Contains(got.out, "created") || strings.Contains(got.out, "updated") {
		t.Errorf("apply of the export = %+v", got)
	}
	if info, err := os.Stat(filepath.Join(data, "master.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the master key: %v %v", info, err)
	}
	if raw, err := os.ReadFile(filepath.Join(data, "ltihub.db")); err != nil || strings.Contains(string(raw), "lms-secret") || strings.Contains(string(raw), "correct-horse") {
		t.Errorf("secrets lie in the file in clear (%v)", err)
	}
}

func TestCommandsAskTheRunningServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	at := []string{"--data", w.data, "--public-url", w.url}
	without := ask(t, nil, "", append([]string{"export"}, at...)...)
	if without.code != 1 || !strings.Contains(without.err, "LTIHUB_API_TOKEN") {
		t.Errorf("export without a token = %+v", without)
	}
	wrong := ask(t, []string{"LTIHUB_API_TOKEN=wrong"}, "", append([]string{"export"}, at...)...)
	if wrong.code != 1 || !strings.Contains(wrong.err, "401") {
		t.Errorf("export with a wrong token = %+v", wrong)
	}
	env := []string{"LTIHUB_API_TOKEN=" + adminToken}
	out := ask(t, env, "", append([]string{"export", "--with-secrets"}, at...)...)
	if out.code != 0 || !strings.Contains(out.out, "tool-secret") {
		t.Errorf("export = %+v", out)
	}
	in := ask(t, env, "version: 1\ndomains: [{id: other}]\n", append([]string{"apply", "-"}, at...)...)
	if in.code != 0 || !strings.Contains(in.out, "domains 1 created") {
		t.Errorf("apply = %+v", in)
	}
	bad := ask(t, env, "version: 1\ndomains:\n  - {id: ''}\n", append([]string{"apply", "-"}, at...)...)
	if bad.code != 1 || !strings.Contains(bad.err, "line 3: domains[0].id") {
		t.Errorf("apply of a fault = %+v", bad)
	}
	made := ask(t, env, "", append([]string{"token", "create", "sync", "--role", "admin"}, at...)...)
	if made.code != 0 {
		t.Fatalf("token create = %+v", made)
	}
	again := ask(t, []string{"LTIHUB_API_TOKEN=" + strings.TrimSpace(made.out)}, "", append([]string{"export"}, at...)...)
	if again.code != 0 || !strings.Contains(again.out, "id: other") {
		t.Errorf("export with the new token = %+v", again)
	}
}

func TestServerDrainsAndExitsCleanly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.lms.SetFault(simulator.FaultHang)
	w.score(l, "0.6")
	until(t, "the score is under way", func() bool { return len(w.lms.Calls()) == 1 })
	done := make(chan int)
	go func() { done <- w.hub.terminate() }()
	w.lms.SetFault(simulator.FaultNone)
	if code := <-done; code != 0 {
		t.Errorf("SIGTERM ends with exit code %d, want 0", code)
	}
	w.start()
	w.graded("7f3a-ada", "rl-quiz-1", 0.6)
}

func TestSecondServerOnTheSameDataIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	got := ask(t, nil, "", "serve", "--listen", "127.0.0.1:0", "--data", w.data)
	if got.code == 0 || !strings.Contains(got.err, "in use") {
		t.Errorf("a second server = %+v", got)
	}
}

func TestStoreWithoutItsMasterKeyIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.hub.terminate()
	if err := os.Remove(filepath.Join(w.data, "master.key")); err != nil {
		t.Fatal(err)
	}
	got := ask(t, nil, "", "serve", "--listen", "127.0.0.1:0", "--data", w.data)
	if got.code != 1 || !strings.Contains(got.err, "master key") {
		t.Errorf("serve without the key = %+v", got)
	}
	other := ask(t, []string{"LTIHUB_MASTER_KEY=" + strings.Repeat("A", 43) + "="}, "", "serve", "--listen", "127.0.0.1:0", "--data", w.data)
	if other.code != 1 || !strings.Contains(other.err, "not the master key") {
		t.Errorf("serve with another key = %+v", other)
	}
}

// rawLaunch is a signed request as it goes over the wire, for the doctor.
func rawLaunch(t testing.TB, secret string) string {
	t.Helper()
	form := map[string][]string{"a": {"1"}, "b": {"x y"}}
	l := simulator.NewLMS("http://lms.example", "http://hub.example/lti/launch", "k", secret)
	l.Now = func() time.Time { return time.Unix(1_700_000_000, 0) }
	if err := l.SignForm("http://hub.example/lti/launch", form); err != nil {
		t.Fatal(err)
	}
	body := formPost("http://hub.example/lti/launch", form)
	text := new(strings.Builder)
	if err := body.Write(text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestDoctorExplains(t *testing.T) {
	t.Parallel()
	request := rawLaunch(t, "s3cret")
	file := write(t, "launch.http", request)
	for _, tt := range []struct {
		name, input string
		args        []string
		code        int
		cause       string
	}{
		{"valid", "", []string{"--secret", "s3cret", file}, 0, ""},
		{"from standard input", request, []string{"--secret", "s3cret", "-"}, 0, ""},
		{"in time", "", []string{"--secret", "s3cret", "--at", "1700000200", file}, 0, ""},
		{"too late", "", []string{"--secret", "s3cret", "--at", "1700009999", file}, 1, "timestamp"},
		{"wrong secret", "", []string{"--secret", "guess", file}, 1, "signature"},
		{"https", strings.Replace(request, "POST /lti", "POST https://hub.example/lti", 1), []string{"--secret", "s3cret", "-"}, 1, "scheme"},
		{"no request", "hello", []string{"--secret", "s3cret", "-"}, 2, ""},
		{"no file", "", []string{"--secret", "s3cret", "/nowhere"}, 2, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := ask(t, nil, tt.input, append([]string{"doctor"}, tt.args...)...)
			if text.code != tt.code || tt.code != 2 && !strings.Contains(text.out, "valid") || tt.code == 2 && text.err == "" {
				t.Errorf("doctor = %+v, want %d", text, tt.code)
			}
			got := ask(t, nil, tt.input, append([]string{"doctor", "--json"}, tt.args...)...)
			if got.code != tt.code {
				t.Errorf("doctor --json = %+v, want %d", got, tt.code)
			}
			if tt.code == 2 {
				return
			}
			var d map[string]any
			if err := json.Unmarshal([]byte(got.out), &d); err != nil {
				t.Fatalf("doctor --json: %v in %s", err, got.out)
			}
			if k := keys(d); k != "base_string cause detail expected given hint valid" {
				t.Errorf("the keys are %s", k)
			}
			if d["valid"] != (tt.code == 0) || !strings.Contains(d["cause"].(string), tt.cause) || tt.code == 0 && d["cause"] != "" {
				t.Errorf("valid %v, cause %q, want %q", d["valid"], d["cause"], tt.cause)
			}
		})
	}
}

func TestBackupUnderLoadAndRestore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := newVisitor(t)
	l := w.enter(v, "7f3a-ada", "rl-quiz-1")
	w.score(l, "0.5")
	w.graded("7f3a-ada", "rl-quiz-1", 0.5)
	file := w.backUpUnderLoad()
	if got := ask(t, nil, "", "restore", "--data", w.data, file); got.code != 1 || !strings.Contains(got.err, "in use") {
		t.Errorf("restore under a running server = %+v", got)
	}
	w.score(l, "0.9") // after the backup, as the next launch
	w.graded("7f3a-ada", "rl-quiz-1", 0.9)
	if got := w.click(v, "7f3a-ada", "rl-quiz-1"); got.status != http.StatusSeeOther {
		t.Fatalf("launch after the backup = %d", got.status)
	}
	if code := w.hub.terminate(); code != 0 {
		t.Fatalf("stop = %d", code)
	}
	w.refuseDamaged(file)
	if got := ask(t, nil, "", "restore", "--data", w.data, file); got.code != 0 || !strings.Contains(got.out, "refused until") {
		t.Fatalf("restore = %+v", got)
	}
	if _, err := os.Stat(filepath.Join(w.data, "ltihub.db.before-restore")); err != nil {
		t.Errorf("the store that was there: %v", err)
	}
	w.start()
	if r := w.api().results()["quiz1 ada"]; r.Score == nil || *r.Score != 0.5 {
		t.Errorf("after the restore the score is %v, want 0.5", r.Score)
	}
	w.checkStale(v)
}

// backUpUnderLoad takes a backup from the running server while launches come
// in.
func (w *world) backUpUnderLoad() (file string) {
	w.t.Helper()
	file = filepath.Join(w.t.TempDir(), "copy.db")
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				action, form, _ := w.lms.LaunchForm("19c2-bo", "rl-quiz-1") // known to be there
				if answer, err := http.DefaultTransport.RoundTrip(formPost(action, form)); err == nil {
					_ = answer.Body.Close()
				}
			}
		}
	}()
	got := ask(w.t, []string{"LTIHUB_API_TOKEN=" + adminToken}, "", "backup", "--data", w.data, "--public-url", w.url, file)
	close(stop)
	<-stopped
	if got.code != 0 || !strings.Contains(got.out, "verified") {
		w.t.Fatalf("backup = %+v", got)
	}
	return file
}

// checkStale posts the last launch once more, whose nonce the restored store
// does not know.
func (w *world) checkStale(v *visitor) {
	w.t.Helper()
	action, form, _ := w.lms.ReplayForm()
	page := v.stay().post(action, form)
	w.checkRefused(w.t, page, http.StatusUnauthorized, "nonce_stale")
	if !strings.Contains(page.body, "restored from a backup") {
		w.t.Errorf("the page does not say why:\n%s", page.body)
	}
	if record := w.api().record(reference.FindString(page.body)); !strings.Contains(record.Hint, "restored") {
		w.t.Errorf("the inspector's hint is %q", record.Hint)
	}
}

// refuseDamaged tries to restore damaged copies, which must change nothing.
func (w *world) refuseDamaged(file string) {
	w.t.Helper()
	good, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(w.data, "ltihub.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	for name, text := range map[string]string{
		"cut": string(good[:len(good)/2]), "empty": "", "foreign": strings.Repeat("not a store", 1000), "changed": strings.ReplaceAll(string(good), "phys101", "phys1o1"),
	} {
		got := ask(w.t, nil, "", "restore", "--data", w.data, write(w.t, name+".db", text))
		if got.code == 0 || got.err == "" {
			w.t.Errorf("restore of a file that is %s = %+v", name, got)
		}
		after, err := os.ReadFile(filepath.Join(w.data, "ltihub.db"))
		if err != nil || string(after) != string(before) {
			w.t.Errorf("restore of a file that is %s changes the store (%v)", name, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(w.data, "*restore*"))
	if err != nil || len(left) > 0 {
		w.t.Errorf("refused restores leave %v (%v)", left, err)
	}
}
