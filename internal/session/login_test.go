package session

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// hashed is a cheap hash, for what it costs is not the test's point.
func hashed(t testing.TB, password string) string {
	t.Helper()
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatalf("hash: %v", err)
	}
	return hash
}

func (h *house) addUser(u lti.User) {
	h.Helper()
	u.Domain = "uni"
	h.change(func(tx store.Tx) error { return store.Users.Put(tx, u) })
}

// visit runs fn as a page behind the middleware, and returns the cookies that
// the browser has afterwards.
func (h *house) visit(cookie *http.Cookie, fn func(r *http.Request)) *http.Cookie {
	h.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/login", nil)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	h.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { fn(r) })).ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		cookie = c
	}
	return cookie
}

func (h *house) signIn(cookie *http.Cookie, username, password string) (*http.Cookie, error) {
	h.Helper()
	var err error
	cookie = h.visit(cookie, func(r *http.Request) { _, err = h.SignIn(r.Context(), "uni", username, password) })
	return cookie, err
}

// who is signed in by the cookie.
func (h *house) who(cookie *http.Cookie) (name string, err error) {
	h.Helper()
	h.visit(cookie, func(r *http.Request) {
		var v Visitor
		v, err = h.Visitor(r)
		name = v.User.Username
		if v.Launch != nil || v.Consumer != nil {
			h.Error("a local sign-in has a launch")
		}
	})
	return name, err
}

func TestSignInWantsNameAndPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	h.addUser(lti.User{Username: "root", PasswordHash: hashed(t, "right"), Admin: true})
	h.addUser(lti.User{Username: "closed", PasswordHash: hashed(t, "right"), Disabled: true})
	h.addUser(lti.User{Username: "launched"})
	tests := []struct {
		name, username, password string
		want                     error
	}{
		{"right", "root", "right", nil},
		{"wrong password", "root", "wrong", ErrPassword},
		{"no password", "root", "", ErrPassword},
		{"account closed", "closed", "right", ErrPassword},
		{"account without a password", "launched", "", ErrPassword},
		{"no account", "nobody", "right", ErrPassword},
		{"endless name", strings.Repeat("x", 1<<20), "right", ErrPassword},
		{"name with a slash", "root/", "right", ErrPassword},
		{"endless password", "root", strings.Repeat("x", 1<<20), ErrPassword},
	}
	for _, tt := range tests {
		cookie, err := h.signIn(nil, tt.username, tt.password)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: SignIn() = %v, want %v", tt.name, err, tt.want)
		}
		if (cookie != nil) != (tt.want == nil) {
			t.Errorf("%s: cookie %v", tt.name, cookie)
		}
	}
}

// waiting is a context that tells when somebody waits for its end.
type waiting struct {
	context.Context
	once   *sync.Once
	waited chan struct{}
}

func (w waiting) Done() <-chan struct{} {
	w.once.Do(func() { close(w.waited) })
	return w.Context.Done()
}

// Of the slots for hashing none is free, so that whoever hashes has to wait.
func TestUnknownNamesAreHashedToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	h.addUser(lti.User{Username: "root", PasswordHash: hashed(t, "right")})
	for range maxHashes {
		h.hashes <- struct{}{}
	}
	for _, name := range []string{"root", "nobody", "ada"} {
		ctx, cancel := context.WithCancel(t.Context())
		w := waiting{ctx, new(sync.Once), make(chan struct{})}
		over := make(chan error, 1)
		go func() {
			_, err := h.SignIn(w, "uni", name, "right")
			over <- err
		}()
		select {
		case err := <-over:
			t.Errorf("SignIn(%s) = %v without hashing", name, err)
		case <-w.waited:
			cancel()
			if err := <-over; !errors.Is(err, context.Canceled) {
				t.Errorf("SignIn(%s) = %v, want it canceled", name, err)
			}
		}
		cancel()
	}
}

func TestNobodysHashCostsWhatAnAccountsDoes(t *testing.T) {
	t.Parallel()
	params, _, _, err := argon2id.DecodeHash(nobody)
	if err != nil {
		t.Fatalf("DecodeHash() = %v", err)
	}
	want := argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 4, SaltLength: 16, KeyLength: 32}
	if *params != want {
		t.Errorf("nobody's hash costs %+v, want %+v as in RFC 9106", *params, want)
	}
}

func TestSignInCookie(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{true, false} {
		h := newHouse(t, secure)
		h.addUser(lti.User{Username: "root", PasswordHash: hashed(t, "right")})
		c, err := h.signIn(nil, "root", "right")
		if err != nil {
			t.Fatalf("SignIn() = %v", err)
		}
		if !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" ||
			strings.HasPrefix(c.Name, "__Host-") != secure {
			t.Errorf("secure %v: cookie %s", secure, c)
		}
		h.change(func(tx store.Tx) error {
			return store.Logins.All(tx, "", func(l lti.Login) error {
				if l.Token == c.Value || strings.Contains(string(l.Data), c.Value) {
					t.Error("the store holds the cookie's value")
				}
				return nil
			})
		})
	}
}

func TestSignInGivesANewToken(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	h.addUser(lti.User{Username: "root", PasswordHash: hashed(t, "right")})
	h.addUser(lti.User{Username: "ada", PasswordHash: hashed(t, "hers")})
	planted := &http.Cookie{Name: h.name("login"), Value: "chosen-by-somebody-else"}
	first, err := h.signIn(planted, "root", "right")
	if err != nil || first.Value == planted.Value {
		t.Fatalf("SignIn() = %v with token %s", err, first.Value)
	}
	second, err := h.signIn(first, "ada", "hers")
	if err != nil || second.Value == first.Value {
		t.Fatalf("SignIn() = %v with token %s", err, second.Value)
	}
	for cookie, want := range map[*http.Cookie]string{planted: "", first: "", second: "ada"} {
		if name, _ := h.who(cookie); name != want {
			t.Errorf("token %.8s is %q's, want %q", cookie.Value, name, want)
		}
	}
}

func TestFailedSignInLeavesWhoWasSignedIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	h.addUser(lti.User{Username: "root", PasswordHash: hashed(t, "right")})
	cookie, err := h.signIn(nil, "root", "right")
	if err != nil {
		t.Fatal(err)
	}
	cookie, err = h.signIn(cookie, "root", "wrong")
	if name, _ := h.who(cookie); name != "root" || !errors.Is(err, ErrPassword) {
		t.Errorf("signed in is %q after %v, want root", name, err)
	}
}

func TestSignInEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(h *house, cookie *http.Cookie)
		want error
	}{
		{"by sign-out", func(h *house, cookie *http.Cookie) {
			dropped := h.visit(cookie, func(r *http.Request) {
				if err := h.SignOut(r.Context()); err != nil {
					h.Errorf("SignOut() = %v", err)
				}
			})
			if dropped.MaxAge >= 0 {
				h.Errorf("cookie %s is not dropped", dropped)
			}
		}, ErrNone},
		{"by time", func(h *house, _ *http.Cookie) { h.pass(lifetime + time.Minute) }, ErrNone},
		{"with the account closed", func(h *house, _ *http.Cookie) { h.addUser(lti.User{Username: "root", Disabled: true}) }, ErrOver},
		{"with the account removed", func(h *house, _ *http.Cookie) {
			h.change(func(tx store.Tx) error { return store.Users.Delete(tx, "uni", "root") })
		}, ErrOver},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, true)
			h.addUser(lti.User{Username: "root", PasswordHash: hashed(t, "right")})
			cookie, err := h.signIn(nil, "root", "right")
			if err != nil {
				t.Fatal(err)
			}
			if name, err := h.who(cookie); name != "root" || err != nil {
				t.Fatalf("signed in is %q, %v", name, err)
			}
			tt.end(h, cookie)
			if name, err := h.who(cookie); name != "" || !errors.Is(err, tt.want) {
				t.Errorf("signed in is %q, %v, want %v", name, err, tt.want)
			}
		})
	}
}

func TestLaunchAndSignInStandSideBySide(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	h.addUser(lti.User{Username: "root", PasswordHash: hashed(t, "right"), Admin: true})
	login, err := h.signIn(nil, "root", "right")
	if err != nil {
		t.Fatal(err)
	}
	r := h.launch()
	launched := h.opened(r)
	request := asking(r.ID, login, launched)
	if v, err := h.Visitor(request); err != nil || v.User.Username != "ada" || v.Launch == nil {
		t.Errorf("Visitor() of the launch = %+v, %v, want ada", v, err)
	}
	if name, err := h.who(login); name != "root" || err != nil {
		t.Errorf("signed in is %q, %v, want root as before", name, err)
	}
}
