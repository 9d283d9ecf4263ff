package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/delivery"
	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
)

// ErrRefused marks an error of a LaunchFunc whose text says why the user may
// not launch, in words for the caller.
var ErrRefused = errors.New("refused")

// What handlers themselves refuse.
var (
	errForbidden = errors.New("this needs an admin token")
	errAfter     = errors.New("after is no next of this list")
)

// invalidManifest is the problem of a manifest with faults.
type invalidManifest struct {
	huma.ErrorModel
	Faults manifest.Faults `json:"faults"`
}

// problem maps an error to the answer. What is not in the table is 500: logged
// in full, shown as "internal error".
func (s *Server) problem(ctx context.Context, operation string, err error) error {
	var faults manifest.Faults
	if errors.As(err, &faults) {
		return faultsProblem(faults)
	}
	var listed directory.Faults
	if errors.As(err, &listed) {
		return listingProblem(listed)
	}
	var refused *person.Refused
	if errors.As(err, &refused) {
		return huma.NewError(http.StatusUnprocessableEntity, refused.Text)
	}
	table := []struct {
		is     error
		status int
		detail string
	}{
		{store.ErrNotFound, http.StatusNotFound, "no such record"},
		{store.ErrKey, http.StatusNotFound, "no such record"},
		{store.ErrExists, http.StatusConflict, "that id is taken"},
		{course.ErrID, http.StatusUnprocessableEntity, err.Error()},
		{ErrRefused, http.StatusForbidden, err.Error()},
		{errForbidden, http.StatusForbidden, err.Error()},
		{directory.ErrStale, http.StatusConflict, directory.ErrStale.Error()},
		{errAfter, http.StatusUnprocessableEntity, err.Error()},
		{delivery.ErrSuperseded, http.StatusConflict, delivery.ErrSuperseded.Error()},
		{delivery.ErrBusy, http.StatusConflict, delivery.ErrBusy.Error()},
		{roster.ErrNoSource, http.StatusConflict, roster.ErrNoSource.Error()},
		{roster.ErrOff, http.StatusConflict, roster.ErrOff.Error()},
		{roster.ErrBusy, http.StatusConflict, roster.ErrBusy.Error()},
		{roster.ErrNoPreview, http.StatusConflict, roster.ErrNoPreview.Error()},
		{store.ErrUnavailable, http.StatusServiceUnavailable, "the store is not available; try again"},
		{store.ErrAmbiguous, http.StatusServiceUnavailable, "whether it was done is unknown; look before trying again"},
	}
	for _, row := range table {
		if errors.Is(err, row.is) {
			return huma.NewError(row.status, row.detail)
		}
	}
	s.Log.ErrorContext(ctx, "api request failed", "operation", operation, "error", err)
	return huma.NewError(http.StatusInternalServerError, "internal error")
}

func faultsProblem(faults manifest.Faults) error {
	p := &invalidManifest{Faults: faults}
	p.Status = http.StatusUnprocessableEntity
	p.Title = http.StatusText(p.Status)
	p.Detail = "the manifest has faults; nothing was changed"
	for _, f := range faults {
		p.Errors = append(p.Errors, &huma.ErrorDetail{Message: f.Error(), Location: f.Path})
	}
	return p
}

// writeProblem answers outside of any operation.
func writeProblem(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"title":%q,"status":%d}`+"\n", http.StatusText(status), status) // the client is gone
}
