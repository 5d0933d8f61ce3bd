package together_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/together"
)

func TestStepsAreTheRunSheetOfTheDay(t *testing.T) {
	sv := func(s string) catalogue.Words { return catalogue.Words{"sv": s} }
	c := &catalogue.Content{
		Tasks: []catalogue.Task{
			{Key: "film", Phase: catalogue.During, Kind: catalogue.FilmTask, Title: sv("Filmen"), Minutes: 9},
			{Key: "tanke", Phase: catalogue.During, Kind: catalogue.ReflectionTask, Title: sv("Tanken")},
			{Key: "samtal", Phase: catalogue.During, Kind: catalogue.DiscussionTask, Title: sv("Samtalet")},
			{Key: "hemma", Phase: catalogue.FollowUp, Kind: catalogue.TextTask, Title: sv("Hemma")},
		},
		Pack: catalogue.Pack{RunSheet: []catalogue.Item{
			{Day: 1, Starts: "10:00", Minutes: 20, Kind: catalogue.FilmRow, Title: sv("Se filmen"), Task: "film"},
			{Day: 2, Starts: "09:00", Minutes: 20, Title: sv("Andra dagen")},
			{Day: 1, Starts: "09:00", Minutes: 60, Title: sv("Välkomna"), Text: sv("Säg hej."), Screen: sv("Hej!")},
			{Day: 1, Starts: "11:00", Minutes: 10, Kind: catalogue.OwnRow, Title: sv("Skriv"), Task: "gone"},
		}},
	}
	short := func(steps []together.Step) (all []string) {
		for _, s := range steps {
			text := string(s.Kind) + " " + s.Starts + " " + s.Title["sv"]
			if s.Shared() {
				text += " together"
			}
			all = append(all, text)
		}
		return all
	}
	for day, want := range map[int][]string{
		1: {"welcome  ", "talk 09:00 Välkomna", "film 10:00 Se filmen together", "own 11:00 Skriv", "end  "},
		2: {"welcome  ", "talk 09:00 Andra dagen", "end  "},
		// Of a day that the run sheet says nothing of, the tasks of the course days are left.
		3: {"welcome  ", "film  Filmen together", "own  Tanken", "question  Samtalet together", "end  "},
	} {
		if diff := cmp.Diff(want, short(together.Steps(c, day))); diff != "" {
			t.Errorf("day %d: %s", day, diff)
		}
	}
	if steps := together.Steps(c, 1); steps[1].Notes["sv"] != "Säg hej." || steps[1].Screen["sv"] != "Hej!" {
		t.Errorf("the row became %+v", steps[1])
	}
}

func TestTheScreenBelongsToItsDay(t *testing.T) {
	day := clock.Date(2026, 3, 29) // the clocks go forward
	for at, want := range map[clock.Instant]together.Standing{
		day.Start() - 1:       together.Ahead,
		day.Start():           together.Open,
		day.At(12, 0):         together.Open,
		(day + 1).Start() - 1: together.Open,
		(day + 1).Start():     together.Over,
	} {
		if got := together.StandingOf(day, false, at); got != want {
			t.Errorf("at %s it is %s, want %s", at.Time(), got, want)
		}
	}
	if got := together.StandingOf(day, true, day.At(12, 0)); got != together.Cancelled {
		t.Errorf("a cancelled day is %s", got)
	}
}

func TestTheTimeOfAStep(t *testing.T) {
	steps := []together.Step{{}, {Minutes: 30}}
	since := clock.Date(2026, 3, 2).At(9, 0)
	for _, c := range []struct {
		screen together.Screen
		until  clock.Instant
		timed  bool
	}{
		{together.Screen{Step: 1, Since: since}, 0, false}, // nobody has begun
		{together.Screen{Step: 0, Since: since, Version: 1}, 0, false},
		{together.Screen{Step: 1, Since: since, Version: 1}, since.Add(30 * time.Minute), true},
		{together.Screen{Step: 1, Since: since, Extra: 5, Version: 2}, since.Add(35 * time.Minute), true},
		{together.Screen{Step: 2, Since: since, Version: 2}, 0, false}, // of an edition with more steps
	} {
		if until, timed := c.screen.Until(steps); until != c.until || timed != c.timed {
			t.Errorf("%+v ends %v %v", c.screen, until, timed)
		}
	}
}

// hall is a course day in a world whose edition has a run sheet.
type hall struct {
	*roundtest.World
	day round.Day
}

func newHall(t *testing.T, d *db.DB) *hall {
	t.Helper()
	h := &hall{World: roundtest.NewWorld(t, d)}
	h.Content(catalogue.Rules{})
	n := h.Plan()
	id := h.Published(n)
	h.Enrolled(id, h.Staff[:3]...)
	h.day = h.Get(roundtest.System, id).CourseDays[0]
	return h
}

var morning = roundtest.First.At(9, 0)

func (h *hall) run(at clock.Instant) together.Run {
	h.Helper()
	r, err := together.RunOf(roundtest.Ctx, h.D.Reader(), roundtest.Dalarnas, h.day.ID, at)
	roundtest.Must(h.T, err)
	return r
}

func (h *hall) move(to, more, version int, at clock.Instant) error {
	r := h.run(at)
	return h.Write(func(tx *db.Tx) error { return r.Move(roundtest.Ctx, tx, roundtest.Dalarnas, to, more, version, at) })
}

func TestMovingTheScreen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHall(t, d)
		if s := h.run(morning).Screen; s.Version != 0 || s.Step != 0 {
			t.Errorf("before anybody has begun: %+v", s)
		}
		for _, c := range []struct {
			to, more, version int
			at                clock.Instant
			want              string
			step, extra       int
			since             clock.Instant
		}{
			{1, 0, 0, morning - 10*60*60*1e6, "together.not_open", 0, 0, 0}, // the evening before
			{1, 0, 1, morning, "together.moved", 0, 0, 0},                   // nobody has begun
			{9, 0, 0, morning, "fault.not_found", 0, 0, 0},
			{-1, 0, 0, morning, "fault.not_found", 0, 0, 0},
			{1, 0, 0, morning, "", 1, 0, morning},
			{1, 0, 0, morning + 1, "together.moved", 1, 0, morning}, // begun twice
			{1, 5, 1, morning + 2, "", 1, 5, morning},
			{1, 5, 1, morning + 3, "together.moved", 1, 5, morning},
			{1, 599, 2, morning + 4, "", 1, 600, morning},
			{0, 5, 3, morning + 5, "", 0, 0, morning + 5},                                     // another step begins with its own time
			{1, 0, 4, (roundtest.First + 1).At(0, 0), "together.not_open", 0, 0, morning + 5}, // left open overnight
		} {
			if err := h.move(c.to, c.more, c.version, c.at); roundtest.Key(err) != c.want {
				t.Errorf("to %d at version %d: %v, want %q", c.to, c.version, err, c.want)
			}
			if s := h.run(c.at).Screen; s.Step != c.step || s.Extra != c.extra || s.Since != c.since {
				t.Errorf("after %+v: %+v", c, s)
			}
		}
	})
}

func TestTwoWhoMoveTheScreenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHall(t, d)
		for version := range 3 {
			got := roundtest.Together(
				func() error { return h.move(1, 0, version, morning) },
				func() error { return h.move(1, 0, version, morning) },
				func() error { return h.move(0, 0, version, morning) },
			)
			if got[""] != 1 || got["together.moved"] != 2 {
				t.Errorf("at version %d: %v", version, got)
			}
		}
	})
}

func TestWhoSeesTheScreen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHall(t, d)
		for who, c := range map[string]struct {
			viewer      access.Viewer
			holds, seat bool
		}{
			"who arranges the round": {roundtest.Dalarnas, true, false},
			"somebody with a seat":   {access.Viewer{PersonID: h.Staff[0]}, false, true},
			"a colleague without":    {access.Viewer{PersonID: h.Staff[5]}, false, false},
			"nobody":                 {access.Viewer{}, false, false},
		} {
			want := func(may bool) string {
				if may {
					return ""
				}
				return "fault.not_found"
			}
			if _, err := together.RunOf(roundtest.Ctx, d.Reader(), c.viewer, h.day.ID, morning); roundtest.Key(err) != want(c.holds) {
				t.Errorf("%s holds it: %v", who, err)
			}
			room, err := together.RoomOf(roundtest.Ctx, d.Reader(), c.viewer, h.day.ID, morning)
			if roundtest.Key(err) != want(c.seat) {
				t.Errorf("%s follows it: %v", who, err)
			}
			if err == nil && (len(room.Steps) == 0 || room.Standing != together.Open) {
				t.Errorf("%s follows %+v", who, room)
			}
		}
	})
}

func TestWhoFollowsIsToldOfTheNextMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHall(t, d)
		ctx, end := context.WithCancel(t.Context())
		watch := together.NewWatch(ctx)
		told := make(chan int, 60)
		for range 60 {
			go func() {
				watch.Next(t.Context(), d.Reader(), h.day.ID, 0)
				told <- 1
			}()
		}
		watch.Next(t.Context(), d.Reader(), h.day.ID, 7) // has seen another: answered at once
		select {
		case <-told:
			t.Fatal("told before anything was moved")
		default:
		}
		roundtest.Must(t, h.move(1, 0, 0, morning))
		watch.Tell(h.day.ID)
		for range 60 {
			<-told
		}
		watch.Next(t.Context(), d.Reader(), h.day.ID, 0) // it is known already
		// Who asked and left, and the end of the program, leave nobody waiting.
		left, leave := context.WithCancel(t.Context())
		leave()
		watch.Next(left, d.Reader(), h.day.ID, 1)
		end()
		watch.Next(t.Context(), d.Reader(), h.day.ID, 1)
	})
}
