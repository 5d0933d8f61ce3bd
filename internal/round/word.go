package round

import "yrkesresan/internal/clock"

// Source is whose word a mark is.
type Source string

// The sources, the weakest first.
const (
	SelfSaid    Source = "own"        // the participant checked in
	TrainerSaid Source = "trainer"    // the list of a trainer, or of those who manage the round
	Corrected   Source = "correction" // a trainer's word changed after the day, for a reason
)

// Key is the source's message key.
func (s Source) Key() string { return "attendance.source_" + string(s) }

func (s Source) Rank() int {
	switch s {
	case SelfSaid:
		return 1
	case TrainerSaid:
		return 2
	case Corrected:
		return 3
	}
	return 0
}

// Word is whose word a mark is, and when it was given; zero when nobody has
// said.
type Word struct {
	Source Source
	At     clock.Instant
}

// Counts tells whether the later arrived word replaces the old one. It is the
// one rule for pages, check-in, lists without a network and the API: a trainer's
// word counts over the participant's own, a correction over both. Of two equals
// the one that was given last counts, except that who has checked in is not made
// late by doing it again.
func Counts(old, arrived Word) bool {
	switch {
	case old.Source.Rank() != arrived.Source.Rank():
		return arrived.Source.Rank() > old.Source.Rank()
	case arrived.Source == SelfSaid:
		return false
	}
	return arrived.At >= old.At
}

// After is the word of somebody who keeps the list and says something else than
// the saved word on the course day, at the moment: a correction, once the day
// is over and a trainer has spoken. Whoever fills in a list late regrets a slip on
// the same day as freely as on the course day.
func (w Word) After(day clock.Day, at clock.Instant) Word {
	spoken := w.Source.Rank() >= TrainerSaid.Rank()
	if spoken && at.Day() > max(day, w.At.Day()) || w.Source == Corrected {
		return Word{Corrected, at}
	}
	return Word{Source: TrainerSaid, At: at}
}
