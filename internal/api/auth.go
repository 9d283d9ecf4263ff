package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// metaAdmin marks an operation that read tokens may not use.
const metaAdmin = "admin"

// NewToken draws an API token of 256 bits and returns its text, to be shown
// once, with the record to be kept.
func NewToken(rand io.Reader, name, role string, now time.Time) (text string, record lti.APIToken, err error) {
	var b [32]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", lti.APIToken{}, fmt.Errorf("draw a token: %w", err)
	}
	text = "lh_" + base64.RawURLEncoding.EncodeToString(b[:])
	return text, lti.APIToken{
		Hash: HashToken(text), Name: name, Role: role, Created: now.UTC().Truncate(time.Second),
	}, nil
}

// HashToken is what is kept of a token: its SHA-256 in lower-case hexadecimal.
func HashToken(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// operator is who calls.
type operator struct {
	name string
	role string
}

type operatorKey struct{}

// operatorOf is who calls; authenticate put it there.
func operatorOf(ctx context.Context) operator {
	op, _ := ctx.Value(operatorKey{}).(operator)
	return op
}

func (o operator) admin() bool { return o.role == lti.TokenAdmin }

// authenticate lets an operation run only for a token that may use it.
func (s *Server) authenticate(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humachi.Unwrap(ctx)
		text, given := bearer(r.Header)
		who, err := s.identify(ctx.Context(), text)
		switch {
		case errors.Is(err, store.ErrNotFound):
			challenge := `Bearer realm="ltihub"`
			if given {
				challenge += `, error="invalid_token"`
			}
			ctx.SetHeader("WWW-Authenticate", challenge)
			_ = huma.WriteErr(api, ctx, http.StatusUnauthorized, "a valid API token is needed") // the client is gone
		case err != nil:
			var problem huma.StatusError
			if errors.As(s.problem(ctx.Context(), "authenticate", err), &problem) {
				_ = huma.WriteErr(api, ctx, problem.GetStatus(), problem.Error()) // likewise
			}
		case !who.may(ctx.Operation()):
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="ltihub", error="insufficient_scope"`)
			_ = huma.WriteErr(api, ctx, http.StatusForbidden, errForbidden.Error()) // likewise
		default:
			ctx.SetHeader("Cache-Control", "no-store")
			next(huma.WithValue(ctx, operatorKey{}, who))
		}
	}
}

// may reports whether the operator's role allows the operation.
func (o operator) may(op *huma.Operation) bool {
	if o.admin() {
		return true
	}
	return o.role == lti.TokenRead && op.Method == http.MethodGet && op.Metadata[metaAdmin] == nil
}

// bearer takes the token out of the one Authorization header.
func bearer(h http.Header) (text string, given bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", len(values) > 0
	}
	scheme, text, _ := strings.Cut(values[0], " ")
	text = strings.TrimSpace(text)
	if !strings.EqualFold(scheme, "Bearer") || text == "" {
		return "", true
	}
	return text, true
}

// identify finds whose token it is, or returns store.ErrNotFound. It compares
// digests, so time tells nothing about the tokens that there are.
func (s *Server) identify(ctx context.Context, text string) (operator, error) {
	if text == "" {
		return operator{}, store.ErrNotFound
	}
	hash := HashToken(text)
	if s.Token != "" && subtle.ConstantTimeCompare([]byte(hash), []byte(HashToken(s.Token))) == 1 {
		return operator{name: "configured token", role: lti.TokenAdmin}, nil
	}
	var who operator
	err := s.Store.View(ctx, func(tx store.Tx) error {
		t, err := store.APITokens.Read(tx, hash)
		if err != nil {
			return err
		}
		if !t.Revoked.IsZero() {
			return store.ErrNotFound
		}
		who = operator{name: "token " + t.Name, role: t.Role}
		return nil
	})
	return who, err
}
