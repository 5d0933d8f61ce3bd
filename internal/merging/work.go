package merging

import (
	"cmp"
	"slices"

	"yrkesresan/internal/clock"
)

// job is an employment as far as a merge weighs it. employer is the municipality, or for
// RSS staff the region.
type job struct {
	id       int64
	employer int64
	main     bool
	clock.Period
}

// until is the last day, or one after all.
func (j job) until() clock.Day {
	if j.Until == nil {
		return endless
	}
	return *j.Until
}

const endless = clock.Day(1 << 30)

func period(from, until clock.Day) clock.Period {
	if until == endless {
		return clock.Period{From: from}
	}
	return clock.Period{From: from, Until: &until}
}

// lacked are the parts of the employments of who is gone that who remains gets: the days on
// which the same employer does not employ them already. On a day on which who remains works
// somewhere their own main employment stays the main one; on others it is that of who is gone.
func lacked(gone, kept []job) []job {
	edges := map[clock.Day]bool{}
	for _, k := range kept {
		edges[k.From] = true
		if k.Until != nil {
			edges[*k.Until+1] = true
		}
	}
	var parts []job
	for _, g := range gone {
		starts := []clock.Day{g.From}
		for day := range edges {
			if day > g.From && day <= g.until() {
				starts = append(starts, day)
			}
		}
		slices.Sort(starts)
		var own []job
		for i, from := range starts {
			until := g.until()
			if i+1 < len(starts) {
				until = starts[i+1] - 1
			}
			same, some := employs(kept, g.employer, from)
			if same {
				continue
			}
			part := job{id: g.id, employer: g.employer, main: g.main && !some, Period: period(from, until)}
			if last := len(own) - 1; last >= 0 && own[last].until()+1 == from && own[last].main == part.main {
				own[last].Period = period(own[last].From, until)
				continue
			}
			own = append(own, part)
		}
		parts = append(parts, own...)
	}
	return parts
}

// covers tells whether the parts, in their order, are all days of the employment.
func covers(parts []job, whole job) bool {
	day := whole.From
	for _, p := range parts {
		if p.From != day {
			return false
		}
		if day = p.until(); day == whole.until() {
			return true
		}
		day++
	}
	return false
}

// employs tells whether the employer employs somebody on the day, and whether anybody does.
func employs(all []job, employer int64, day clock.Day) (same, some bool) {
	for _, j := range all {
		if j.From <= day && j.until() >= day {
			some = true
			same = same || j.employer == employer
		}
	}
	return same, some
}

// mainOn is the employer of the main employment on the day; 0 for none.
func mainOn(all []job, day clock.Day) int64 {
	for _, j := range all {
		if j.main && j.From <= day && j.until() >= day {
			return j.employer
		}
	}
	return 0
}

// standing is an account in a journey as far as a merge weighs it. step is how far they have
// come in the journey, 0 for no step.
type standing struct {
	id     string
	closed bool
	step   int
	opened clock.Day
}

// stands tells whether rather the account of who is gone goes on than that of who remains:
// the open one, then the one that has come further, then the one opened first.
func stands(gone, kept standing) bool {
	switch {
	case gone.closed != kept.closed:
		return !gone.closed
	case gone.step != kept.step:
		return gone.step > kept.step
	}
	return gone.opened < kept.opened
}

// attempt is how far somebody has come in a task.
type attempt struct {
	done    *clock.Instant
	changed clock.Instant
}

// counts tells whether rather what who is gone did in a task counts than what who remains
// did: what is done, first; of what is not done the latest.
func counts(gone, kept attempt) bool {
	switch {
	case (gone.done == nil) != (kept.done == nil):
		return gone.done != nil
	case gone.done != nil:
		return *gone.done < *kept.done
	}
	return gone.changed > kept.changed
}

// place is somebody's place in the queue of a round.
type place struct {
	offered bool
	joined  clock.Instant
}

// ahead tells whether rather the place of who is gone stands than that of who remains: the
// one with an offer, then the one that joined first.
func ahead(gone, kept place) bool {
	if gone.offered != kept.offered {
		return gone.offered
	}
	return gone.joined < kept.joined
}

// earliest and latest are of two days of which nil is none, or for latest no end.
func earliest(a, b *clock.Day) *clock.Day {
	switch {
	case a == nil:
		return b
	case b == nil || cmp.Compare(*a, *b) <= 0:
		return a
	}
	return b
}

func latest(a, b *clock.Day) *clock.Day {
	if a == nil || b == nil {
		return nil
	}
	if *a >= *b {
		return a
	}
	return b
}
