package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

const binaryType = "application/octet-stream"

// backup streams a copy of the store. A copy that breaks off ends the
// connection, so that nobody takes a part for the whole.
func (s *Server) backup(context.Context, *struct{}) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		_, w := humachi.Unwrap(ctx)
		// A copy takes as long as it takes; where deadlines can't be lifted there are none.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		out := &counted{ResponseWriter: w}
		w.Header().Set("Content-Type", binaryType)
		w.Header().Set("Content-Disposition", `attachment; filename="ltihub.backup"`)
		err := s.Store.Backup(ctx.Context(), out)
		if err == nil {
			return
		}
		s.Log.ErrorContext(ctx.Context(), "backup broke off", "error", err)
		if out.n > 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Del("Content-Disposition")
		writeProblem(w, http.StatusInternalServerError)
	}}, nil
}

// counted knows how much was written.
type counted struct {
	http.ResponseWriter
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n += int64(n)
	return n, err
}
