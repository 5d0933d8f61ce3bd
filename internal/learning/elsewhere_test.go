package learning_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/learning"
)

func TestAnAnswerIsNotReplacedUnseen(t *testing.T) {
	at, later := now, now+60_000_000
	written := learning.Progress{OpenedAt: at, ChangedAt: at, Answer: "En tanke", Writer: "A"}
	tried := learning.Progress{OpenedAt: at, ChangedAt: at, Answer: `{"each":[{"chosen":[0]}]}`, Writer: "A"}
	for name, c := range map[string]struct {
		task   catalogue.Task
		before learning.Progress
		touch  learning.Touch
		writer string
		fault  string
	}{
		"the page that wrote it goes on":             {reflection, written, learning.Touch{At: later, Text: ref("En till"), Page: "A"}, "A", ""},
		"so does one that was opened after it":       {reflection, written, learning.Touch{At: later, Text: ref("En till"), Page: "B", Seen: "A"}, "B", ""},
		"one that was opened before it may not":      {reflection, written, learning.Touch{At: later, Text: ref("En till"), Page: "B"}, "", "learning.elsewhere"},
		"nor one that has seen another's":            {reflection, written, learning.Touch{At: later, Text: ref("En till"), Page: "B", Seen: "C"}, "", "learning.elsewhere"},
		"also when it was written earlier":           {reflection, written, learning.Touch{At: at - 1, Text: ref("En till"), Page: "B"}, "", "learning.elsewhere"},
		"the same words are no other answer":         {reflection, written, learning.Touch{At: later, Text: ref("En tanke"), Done: ref(true), Page: "B"}, "A", ""},
		"what is done leaves the answer":             {reflection, written, learning.Touch{At: later, Done: ref(true), Page: "B"}, "A", ""},
		"an answer of which nobody knows where":      {reflection, learning.Progress{OpenedAt: at, ChangedAt: at, Answer: "En tanke"}, learning.Touch{At: later, Text: ref("En till"), Page: "B"}, "B", ""},
		"who does not say where writes as before":    {reflection, written, learning.Touch{At: later, Text: ref("En till")}, "", ""},
		"a quiz that was begun elsewhere":            {quiz, tried, learning.Touch{At: later, Answers: []learning.Answer{{Chosen: []int{1}}}, Page: "B"}, "", "learning.elsewhere"},
		"and is begun again there":                   {quiz, tried, learning.Touch{At: later, Again: true, Page: "B"}, "", "learning.elsewhere"},
		"a page's name of sixty-four characters":     {reflection, written, learning.Touch{At: later, Text: ref("En till"), Page: strings.Repeat("B", 64), Seen: "A"}, strings.Repeat("B", 64), ""},
		"and no longer one":                          {reflection, written, learning.Touch{At: later, Text: ref("En till"), Page: strings.Repeat("B", 65), Seen: "A"}, "", "answer learning.nothing_to_answer"},
		"nor has it seen the answer of a longer one": {reflection, written, learning.Touch{At: later, Text: ref("En till"), Page: "A", Seen: strings.Repeat("B", 65)}, "", "answer learning.nothing_to_answer"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := c.before.With(&c.task, c.touch)
			if key(err) != c.fault {
				t.Fatalf("got %v, want %q", err, c.fault)
			}
			if err == nil && got.Writer != c.writer {
				t.Errorf("written in %q, want %q", got.Writer, c.writer)
			}
		})
	}
}

func TestWhoWritesInAnotherTabIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, _, _ := school(t, d)
		if _, err := save(d, learner, web, "tanke", 0, learning.Touch{At: now - 20, Text: ref("Den första"), Page: "A"}); err != nil {
			t.Fatal(err)
		}
		saved, err := save(d, learner, web, "tanke", 0, learning.Touch{At: now - 10, Text: ref("Den andra"), Page: "B"})
		if key(err) != "learning.elsewhere" || saved.Writer != "A" {
			t.Errorf("the second is not told: %+v, %v", saved, err)
		}
		if s, err := learning.StudyOf(ctx, d.Reader(), learner, web, 0, day); err != nil || s.Tasks[2].Answer != "Den första" || s.Tasks[2].Writer != "A" {
			t.Errorf("what stands: %+v, %v", s, err)
		}
		if saved, err = save(d, learner, web, "tanke", 0, learning.Touch{At: now - 5, Text: ref("Den andra"), Page: "B", Seen: saved.Writer}); err != nil || saved.Answer != "Den andra" {
			t.Errorf("knowingly: %+v, %v", saved, err)
		}
	})
}
