package scim

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// mostKept is how many lists are kept in mind.
const mostKept = 32

// kept are the identities of lists, so that whoever reads a whole municipality page by page
// has it sorted once. A list is that of its stamp, which is another one whenever somebody's
// employment in the municipality changes (docs/decisions/figure-stamps.md). What is told of
// each is read anew.
type kept struct {
	mu    sync.Mutex
	lists map[string][]int64
}

// ids are the employments that the query finds, in their order. keep tells that nothing but
// employments decides who they are.
func (s *Server) ids(ctx context.Context, c *call, found *db.Builder, order string, keep bool) ([]int64, error) {
	if !keep {
		return idsOf(ctx, s.DB.Reader(), found, order)
	}
	stamp, err := db.Row(ctx, s.DB.Reader(), db.One[int64], `SELECT stamp FROM figure_stamp WHERE municipality_id = $1`, c.municipality)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	key := fmt.Sprintln(c.municipality, stamp, c.today, order, found.String(), found.Args())
	s.kept.mu.Lock()
	ids, ok := s.kept.lists[key]
	s.kept.mu.Unlock()
	if ok {
		return ids, nil
	}
	if ids, err = idsOf(ctx, s.DB.Reader(), found, order); err != nil {
		return nil, err
	}
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	if s.kept.lists == nil || len(s.kept.lists) >= mostKept {
		s.kept.lists = map[string][]int64{}
	}
	s.kept.lists[key] = ids
	return ids, nil
}
