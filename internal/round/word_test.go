package round_test

import (
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/round"
)

func TestAWordIsRegrettedFreelyOnTheDayItWasGiven(t *testing.T) {
	const day clock.Day = 100
	for name, c := range map[string]struct {
		old  round.Word
		at   clock.Instant
		want round.Source
	}{
		"nobody has spoken, long after":                {round.Word{}, (day + 9).At(9, 0), round.TrainerSaid},
		"one's own word is not corrected":              {round.Word{Source: round.SelfSaid, At: day.At(9, 0)}, (day + 9).At(9, 0), round.TrainerSaid},
		"on the course day":                            {round.Word{Source: round.TrainerSaid, At: day.At(9, 0)}, day.At(23, 59), round.TrainerSaid},
		"the day after":                                {round.Word{Source: round.TrainerSaid, At: day.At(9, 0)}, (day + 1).At(0, 0), round.Corrected},
		"a list that was filled in late, the same day": {round.Word{Source: round.TrainerSaid, At: (day + 3).At(9, 0)}, (day + 3).At(23, 59), round.TrainerSaid},
		"and the day after that":                       {round.Word{Source: round.TrainerSaid, At: (day + 3).At(9, 0)}, (day + 4).At(0, 0), round.Corrected},
		"a correction stays one":                       {round.Word{Source: round.Corrected, At: (day + 3).At(9, 0)}, (day + 3).At(9, 1), round.Corrected},
	} {
		if got := c.old.After(day, c.at); got.Source != c.want || got.At != c.at {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
}

func TestWhoseWordCounts(t *testing.T) {
	const early, late clock.Instant = 1, 2
	own, trainers, correction := round.SelfSaid, round.TrainerSaid, round.Corrected
	for name, c := range map[string]struct {
		old, arrived round.Word
		want         bool
	}{
		"the first word counts":                                  {round.Word{}, round.Word{own, early}, true},
		"a trainer counts over one's own word":                   {round.Word{own, early}, round.Word{trainers, late}, true},
		"also when the trainer spoke before":                     {round.Word{own, late}, round.Word{trainers, early}, true},
		"one's own word does not count over a trainer":           {round.Word{trainers, early}, round.Word{own, late}, false},
		"a correction counts over a trainer":                     {round.Word{trainers, early}, round.Word{correction, late}, true},
		"a correction counts over one's own word":                {round.Word{own, early}, round.Word{correction, late}, true},
		"a trainer who arrives late does not undo a correction":  {round.Word{correction, early}, round.Word{trainers, late}, false},
		"of two trainers the one who spoke last counts":          {round.Word{trainers, early}, round.Word{trainers, late}, true},
		"a trainer's older word arrives too late":                {round.Word{trainers, late}, round.Word{trainers, early}, false},
		"a later correction counts over an earlier one":          {round.Word{correction, early}, round.Word{correction, late}, true},
		"an older correction does not":                           {round.Word{correction, late}, round.Word{correction, early}, false},
		"who has checked in is not made late by doing it again":  {round.Word{own, early}, round.Word{own, late}, false},
		"two words of one moment: the one that arrived last one": {round.Word{trainers, late}, round.Word{trainers, late}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := round.Counts(c.old, c.arrived); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
