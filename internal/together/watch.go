package together

import (
	"context"
	"sync"
	"time"

	"yrkesresan/internal/db"
)

// look is how often a screen that somebody follows is looked at: another program on the
// same database may have moved it.
const look = 300 * time.Millisecond

// Watch lets many follow the screens of days, with one question to the database for all
// who follow the same. The zero value does not work; see NewWatch.
type Watch struct {
	ctx  context.Context //nolint:containedctx // it is the program's, and ends all waiting
	mu   sync.Mutex
	days map[int64]*watched
}

// watched is a screen that somebody follows.
type watched struct {
	followers int
	read      bool          // once at least
	screen    Screen        // as it was last read
	changed   chan struct{} // closed when it is another
	now       chan struct{} // asks to look at once
}

// NewWatch follows screens until ctx ends.
func NewWatch(ctx context.Context) *Watch {
	return &Watch{ctx: ctx, days: map[int64]*watched{}}
}

// Next waits until the day's screen has another version than the one that was seen, and
// gives it; false when ctx or the watch ended before. It asks no viewer.
func (w *Watch) Next(ctx context.Context, q db.Querier, dayID int64, seen int) (Screen, bool) {
	w.mu.Lock()
	s := w.days[dayID]
	if s == nil {
		s = &watched{changed: make(chan struct{}), now: make(chan struct{}, 1)}
		w.days[dayID] = s
		go w.follow(q, dayID, s)
	}
	s.followers++
	defer func() {
		w.mu.Lock()
		s.followers--
		w.mu.Unlock()
	}()
	for !s.read || s.screen.Version == seen {
		changed := s.changed
		w.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return Screen{}, false
		case <-w.ctx.Done():
			return Screen{}, false
		}
		w.mu.Lock()
	}
	screen := s.screen
	w.mu.Unlock()
	return screen, true
}

// Tell says that the day's screen was moved here: who follows it need not wait.
func (w *Watch) Tell(dayID int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s := w.days[dayID]; s != nil {
		select {
		case s.now <- struct{}{}:
		default:
		}
	}
}

// follow looks at the screen until nobody follows it any more.
func (w *Watch) follow(q db.Querier, dayID int64, s *watched) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		screen, err := db.Row(w.ctx, q, (*Screen).columns, `SELECT `+screenColumns+` FROM (SELECT 1) AS one LEFT JOIN day_screen AS s ON s.course_day_id = $1`, dayID)
		w.mu.Lock()
		if err == nil && (!s.read || screen.Version != s.screen.Version) {
			s.read, s.screen = true, screen
			close(s.changed)
			s.changed = make(chan struct{})
		}
		if s.followers == 0 || w.ctx.Err() != nil {
			delete(w.days, dayID)
			w.mu.Unlock()
			return
		}
		w.mu.Unlock()
		select {
		case <-ticker.C:
		case <-s.now:
		case <-w.ctx.Done():
		}
	}
}
