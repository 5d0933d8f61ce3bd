package round_test

import (
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/round"
)

func TestStatusFollowsFromFactsAndTheDay(t *testing.T) {
	said := clock.Date(2025, 1, 1).At(9, 0)
	from, until := clock.Date(2025, 2, 1), clock.Date(2025, 2, 28)
	base := round.Round{SignupFrom: from, SignupUntil: until, Days: 2}
	with := func(change func(r *round.Round)) round.Round {
		r := base
		change(&r)
		return r
	}
	published := func(r *round.Round) { r.PublishedAt = &said }
	for name, c := range map[string]struct {
		round round.Round
		today clock.Day
		want  round.Status
	}{
		"unpublished is planned, even in its window":      {base, from, round.Planned},
		"published before the window is planned":          {with(published), from - 1, round.Planned},
		"published on the window's first day is open":     {with(published), from, round.Open},
		"published on the window's last day is open":      {with(published), until, round.Open},
		"published after the window is closed":            {with(published), until + 1, round.Closed},
		"confirmed within the window is confirmed":        {with(func(r *round.Round) { published(r); r.ConfirmedAt = &said }), from, round.Confirmed},
		"held in part is confirmed":                       {with(func(r *round.Round) { published(r); r.ConfirmedAt = &said; r.Held = 1 }), until, round.Confirmed},
		"held in full is held, though never confirmed":    {with(func(r *round.Round) { r.Held = 2 }), until, round.Held},
		"held while somebody awaits approval is held":     {with(func(r *round.Round) { r.Held, r.Approved, r.Awaiting = 2, 3, 1 }), until, round.Held},
		"held with all who attended approved is approved": {with(func(r *round.Round) { r.Held, r.Approved = 2, 3 }), until, round.Approved},
		"cancelled is cancelled, whatever else":           {with(func(r *round.Round) { r.CancelledAt, r.Held, r.Approved = &said, 2, 1 }), until, round.Cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.round.Status(c.today); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestBookable(t *testing.T) {
	said := clock.Date(2025, 1, 1).At(9, 0)
	from, until := clock.Date(2025, 2, 1), clock.Date(2025, 2, 28)
	open := round.Round{SignupFrom: from, SignupUntil: until, PublishedAt: &said}
	confirmed, cancelled, hidden := open, open, open
	confirmed.ConfirmedAt, cancelled.CancelledAt, hidden.PublishedAt = &said, &said, nil
	for name, c := range map[string]struct {
		round round.Round
		today clock.Day
		want  bool
	}{
		"not before the window":      {open, from - 1, false},
		"on its first day":           {open, from, true},
		"on its last day":            {open, until, true},
		"not after it":               {open, until + 1, false},
		"a confirmed round still is": {confirmed, from, true},
		"a cancelled round is not":   {cancelled, from, false},
		"an unpublished one is not":  {hidden, from, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.round.Bookable(c.today); got != c.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestApprovableAsksForEveryDay(t *testing.T) {
	for name, c := range map[string]struct {
		days  int
		marks []round.Mark
		want  bool
	}{
		"present on both days":           {2, []round.Mark{round.Present, round.Present}, true},
		"late counts as attended":        {2, []round.Mark{round.Late, round.Present}, true},
		"excused on one day does not":    {2, []round.Mark{round.Present, round.Excused}, false},
		"absent on one day does not":     {2, []round.Mark{round.Absent, round.Present}, false},
		"a day that nobody has marked":   {2, []round.Mark{round.Present, ""}, false},
		"fewer marks than days":          {2, []round.Mark{round.Present}, false},
		"nothing at all approves nobody": {0, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := round.Approvable(c.days, c.marks); got != c.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestSeatsLeftAndLacking(t *testing.T) {
	for name, c := range map[string]struct {
		round         round.Round
		free, lacking int
	}{
		"what is not taken is free":              {round.Round{Capacity: 22, Minimum: 12, Seats: 10}, 12, 2},
		"who is offered a seat has it":           {round.Round{Capacity: 22, Minimum: 12, Seats: 10, Offered: 2}, 10, 2},
		"what is set aside is not for anybody":   {round.Round{Capacity: 22, Minimum: 12, Seats: 10, SetAside: 5}, 7, 2},
		"nothing is left when all is promised":   {round.Round{Capacity: 22, Minimum: 12, Seats: 10, Offered: 7, SetAside: 5}, 0, 2},
		"the minimum is enough":                  {round.Round{Capacity: 22, Minimum: 12, Seats: 12}, 10, 0},
		"no more is free than nothing":           {round.Round{Capacity: 22, Minimum: 12, Seats: 23}, 0, 0},
		"nobody lacks where there is no minimum": {round.Round{Capacity: 22, Seats: 0}, 22, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if c.round.Free() != c.free || c.round.TooFew() != c.lacking {
				t.Errorf("free %d, lacking %d; want %d and %d", c.round.Free(), c.round.TooFew(), c.free, c.lacking)
			}
		})
	}
}
