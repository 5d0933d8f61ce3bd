package scim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"yrkesresan/internal/api"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/scim/resource"
)

// refuse answers with the problem.
func refuse(w http.ResponseWriter, p *resource.Problem, lang *i18n.Lang) {
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", api.RetryAfter)
	}
	write(w, p.Status, p.JSON(lang))
}

// write answers with the document.
func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(body) // nobody left to tell
}

// conflicts are the faults of the domain that are about somebody who is there already.
var conflicts = map[string]bool{"fault.email_taken": true, "fault.unit_exists": true, "people.employed_already": true}

// problemOf is the problem to answer with. What went wrong inside is for the log alone.
func (s *Server) problemOf(ctx context.Context, err error) *resource.Problem {
	var p *resource.Problem
	if errors.As(err, &p) {
		return p
	}
	if db.Away(err) || errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		s.Log.Error("request failed", "error", err)
		return resource.Failed(http.StatusServiceUnavailable, "fault.away")
	}
	if db.IsUnique(err) { // two at once
		return resource.Taken("scim.taken")
	}
	f := fault.Of(err)
	if f == nil {
		if ctx.Err() == nil { // the caller has not left
			s.Log.Error("request failed", "error", err)
		}
		return resource.Failed(http.StatusInternalServerError, "fault.internal")
	}
	key, args := f.Key, f.Args
	if len(f.Fields) > 0 {
		key, args = f.Fields[0].Key, f.Fields[0].Args
	}
	switch {
	case conflicts[key]:
		return resource.Taken(key, args...)
	case f.Kind == fault.KindConflict, key == "fault.unit_used":
		return resource.Failed(http.StatusConflict, key, args...)
	case f.Kind == fault.KindInvalid:
		return resource.Bad(resource.InvalidValue, key, args...)
	case f.Kind == fault.KindForbidden:
		return resource.Failed(http.StatusForbidden, "api.forbidden")
	case f.Kind == fault.KindTooMany:
		return resource.Failed(http.StatusTooManyRequests, key, args...)
	}
	return resource.Failed(http.StatusNotFound, "scim.not_found")
}
