package scim

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/scim/resource"
)

// How many calls a token has in a minute, and how many a program takes at a time, so that
// not each call writes. What a program has taken and not used when it ends is lost.
const (
	mostCalls = 3000
	callBlock = 50
)

// allowance is what is left of the calls that were taken for a token.
type allowance struct {
	left  int64
	until clock.Instant
}

// limits are the allowances of all tokens.
type limits struct {
	mu sync.Mutex
	by map[int64]allowance
}

// allow counts a call of the token: status 429 with Retry-After when there were too many in the
// last minute, by all programs together.
func (s *Server) allow(ctx context.Context, w http.ResponseWriter, tokenID int64, now clock.Instant) error {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	a := s.limits.by[tokenID]
	if a.left == 0 || now >= a.until {
		err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
			a.left, a.until, err = identity.Spend(ctx, tx, tokenID, min(callBlock, s.Most), s.Most, now)
			return err
		})
		if err != nil {
			return err
		}
	}
	if a.left == 0 {
		s.limits.by[tokenID] = a
		wait := (time.Duration(a.until-now)*time.Microsecond + time.Second - 1) / time.Second
		w.Header().Set("Retry-After", strconv.FormatInt(max(1, int64(wait)), 10))
		return resource.Failed(http.StatusTooManyRequests, "scim.too_many", "Max", s.Most)
	}
	a.left--
	s.limits.by[tokenID] = a
	return nil
}

// readsPeople are the operations that answer with people, and change nothing.
var readsPeople = map[string]bool{
	"GET /Users": true, "POST /Users/.search": true, "GET /Users/{id}": true,
	"GET /Groups": true, "POST /Groups/.search": true, "GET /Groups/{id}": true,
}

// saw writes who was read: of one person an entry, of several one entry for all of them, which
// names nobody. A personnel system reads its whole staff each night.
func (s *Server) saw(ctx context.Context, c *call, route string, a answer) {
	if !readsPeople[route] || a.body == nil {
		return
	}
	docs, several := a.body["Resources"].([]any)
	if !several {
		docs = []any{a.body}
	}
	var people []string
	for _, each := range docs {
		d, _ := each.(resource.Doc)
		if !strings.Contains(route, "/Groups") {
			id, _ := d["id"].(string)
			people = append(people, id)
		}
		members, _ := d["members"].([]any)
		for _, each := range members {
			m, _ := each.(resource.Doc)
			id, _ := m["value"].(string)
			people = append(people, id)
		}
	}
	method, path, _ := strings.Cut(route, " ")
	page := method + " " + Prefix + path
	if len(people) > 1 {
		s.Reads.RecordMany(ctx, c.Viewer, audit.Read, audit.Person, page, c.municipality)
		return
	}
	for _, text := range people {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			s.Reads.Record(ctx, c.Viewer, audit.Read, audit.Person, page, id)
		}
	}
}
