package learning_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

func sv(text string) catalogue.Words { return catalogue.Words{"sv": text} }

// A quiz with one question of each kind.
var quiz = catalogue.Task{
	Key: "prov", Phase: catalogue.During, Kind: catalogue.QuizTask, Title: sv("Prov"), Questions: []catalogue.Question{
		{Kind: catalogue.OneOf, Text: sv("En?"), Options: []catalogue.Option{{Text: sv("Nej")}, {Text: sv("Ja"), Right: true}}},
		{Kind: catalogue.Several, Text: sv("Flera?"), Options: []catalogue.Option{{Text: sv("A"), Right: true}, {Text: sv("B")}, {Text: sv("C"), Right: true}}},
		{Kind: catalogue.InOrder, Text: sv("Ordning?"), Options: []catalogue.Option{{Text: sv("Först")}, {Text: sv("Sedan")}, {Text: sv("Sist")}}},
		{Kind: catalogue.Matching, Text: sv("Para ihop?"), Options: []catalogue.Option{
			{Text: sv("Katt"), Match: sv("Djur")}, {Text: sv("Ros"), Match: sv("Växt")}, {Text: sv("Kvarts"), Match: sv("Mineral")},
		}},
		{Kind: catalogue.FreeText, Text: sv("Hur?"), ModelAnswer: sv("Så.")},
	},
}

func right() []learning.Answer {
	return []learning.Answer{{Chosen: []int{1}}, {Chosen: []int{2, 0}}, {Chosen: []int{0, 1, 2}}, {Chosen: []int{0, 1, 2}}, {Text: "Så här"}}
}

func TestAnswersAreJudgedQuestionByQuestion(t *testing.T) {
	for name, c := range map[string]struct {
		question int
		answer   learning.Answer
		right    bool
		judged   bool
	}{
		"the right option":                              {0, learning.Answer{Chosen: []int{1}}, true, true},
		"the wrong option":                              {0, learning.Answer{Chosen: []int{0}}, false, true},
		"no option":                                     {0, learning.Answer{}, false, true},
		"all right options in any order":                {1, learning.Answer{Chosen: []int{2, 0}}, true, true},
		"some of the right options":                     {1, learning.Answer{Chosen: []int{0}}, false, true},
		"a wrong one among the right":                   {1, learning.Answer{Chosen: []int{0, 1, 2}}, false, true},
		"the right order":                               {2, learning.Answer{Chosen: []int{0, 1, 2}}, true, true},
		"another order":                                 {2, learning.Answer{Chosen: []int{0, 2, 1}}, false, true},
		"half of the order":                             {2, learning.Answer{Chosen: []int{0}}, false, true},
		"all matched":                                   {3, learning.Answer{Chosen: []int{0, 1, 2}}, true, true},
		"two with the same match":                       {3, learning.Answer{Chosen: []int{0, 1, 1}}, false, true},
		"one that is not matched":                       {3, learning.Answer{Chosen: []int{0, 1, -1}}, false, true},
		"free text is for the learner to judge":         {4, learning.Answer{Text: "Så."}, false, false},
		"places that are not there are no right answer": {0, learning.Answer{Chosen: []int{7}}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			right, judged := c.answer.Right(quiz.Questions[c.question])
			if right != c.right || judged != c.judged {
				t.Errorf("right %v, judged %v", right, judged)
			}
		})
	}
	if right, judged := learning.Score(&quiz, learning.Answers{Each: right()}); right != 4 || judged != 4 {
		t.Errorf("all right gives %d of %d", right, judged)
	}
	if right, judged := learning.Score(&quiz, learning.Answers{}); right != 0 || judged != 4 {
		t.Errorf("nothing gives %d of %d", right, judged)
	}
}

func TestShuffledIsTheSameEachTimeAndNeverTheRightOrder(t *testing.T) {
	for n := range 9 {
		for word := range 40 {
			a, b := learning.Shuffled(n, "x", fmt.Sprint(word)), learning.Shuffled(n, "x", fmt.Sprint(word))
			if !slices.Equal(a, b) {
				t.Fatalf("%v and then %v", a, b)
			}
			if n > 1 && slices.IsSorted(a) {
				t.Errorf("%d in the right order: %v", n, a)
			}
			slices.Sort(a)
			for i := range a {
				if a[i] != i {
					t.Fatalf("%v are not the places", a)
				}
			}
		}
	}
}

var (
	film       = catalogue.Task{Key: "film", Phase: catalogue.Preparation, Kind: catalogue.FilmTask, Title: sv("Film")}
	reading    = catalogue.Task{Key: "text", Phase: catalogue.Preparation, Kind: catalogue.TextTask, Title: sv("Läs"), Text: sv("Läs mig"), Minutes: 5}
	reflection = catalogue.Task{Key: "tanke", Phase: catalogue.FollowUp, Kind: catalogue.ReflectionTask, Title: sv("Tänk"), Text: sv("Vad tänker du?")}
)

func ref[T any](v T) *T { return &v }

func TestWhatATouchDoesToATask(t *testing.T) {
	at, later := now, now+60_000_000
	seen := learning.Progress{OpenedAt: at, ChangedAt: at, Position: 30}
	done := learning.Progress{OpenedAt: at, ChangedAt: at, DoneAt: ref(at)}
	written := learning.Progress{OpenedAt: at, ChangedAt: at, Answer: "En tanke"}
	for name, c := range map[string]struct {
		task   catalogue.Task
		before learning.Progress
		touch  learning.Touch
		want   learning.Progress
		older  bool
		fault  string
	}{
		"the first one opens it":              {film, learning.Progress{}, learning.Touch{At: at, Position: ref(30)}, seen, false, ""},
		"done is when it was done":            {reading, learning.Progress{}, learning.Touch{At: at, Done: ref(true)}, done, false, ""},
		"done again is done the first time":   {reading, done, learning.Touch{At: later, Done: ref(true)}, learning.Progress{OpenedAt: at, ChangedAt: later, DoneAt: ref(at)}, false, ""},
		"and can be taken back":               {reading, done, learning.Touch{At: later, Done: ref(false)}, learning.Progress{OpenedAt: at, ChangedAt: later}, false, ""},
		"an older one loses":                  {film, learning.Progress{OpenedAt: at, ChangedAt: later, Position: 90}, learning.Touch{At: at, Position: ref(30)}, learning.Progress{OpenedAt: at, ChangedAt: later, Position: 90}, true, ""},
		"a position does not undo":            {film, done, learning.Touch{At: later, Position: ref(5)}, learning.Progress{OpenedAt: at, ChangedAt: later, DoneAt: ref(at), Position: 5}, false, ""},
		"a text has no position":              {reading, learning.Progress{}, learning.Touch{At: at, Position: ref(5)}, learning.Progress{}, false, "position learning.position_wrong"},
		"a film may last a day":               {film, learning.Progress{}, learning.Touch{At: at, Position: ref(86_400)}, learning.Progress{OpenedAt: at, ChangedAt: at, Position: 86_400}, false, ""},
		"no film lasts a second longer":       {film, learning.Progress{}, learning.Touch{At: at, Position: ref(86_401)}, learning.Progress{}, false, "position learning.position_wrong"},
		"one at the same moment counts":       {film, seen, learning.Touch{At: at, Position: ref(90)}, learning.Progress{OpenedAt: at, ChangedAt: at, Position: 90}, false, ""},
		"or begins before its beginning":      {film, learning.Progress{}, learning.Touch{At: at, Position: ref(-1)}, learning.Progress{}, false, "position learning.position_wrong"},
		"a reflection is written":             {reflection, learning.Progress{}, learning.Touch{At: at, Text: ref("En\r\ntanke")}, learning.Progress{OpenedAt: at, ChangedAt: at, Answer: "En\ntanke"}, false, ""},
		"and shared":                          {reflection, written, learning.Touch{At: later, Shared: ref(true)}, learning.Progress{OpenedAt: at, ChangedAt: later, Answer: "En tanke", Shared: true}, false, ""},
		"and done when it says something":     {reflection, written, learning.Touch{At: later, Done: ref(true)}, learning.Progress{OpenedAt: at, ChangedAt: later, Answer: "En tanke", DoneAt: ref(later)}, false, ""},
		"an empty one is not done":            {reflection, learning.Progress{}, learning.Touch{At: at, Text: ref(" \n"), Done: ref(true)}, learning.Progress{}, false, "answer learning.reflection_empty"},
		"ten thousand characters are kept":    {reflection, learning.Progress{}, learning.Touch{At: at, Text: ref(strings.Repeat("å", 10_000))}, learning.Progress{OpenedAt: at, ChangedAt: at, Answer: strings.Repeat("å", 10_000)}, false, ""},
		"a book is too long":                  {reflection, learning.Progress{}, learning.Touch{At: at, Text: ref(strings.Repeat("å", 10_001))}, learning.Progress{}, false, "answer learning.text_too_long"},
		"a touch says something":              {reading, learning.Progress{}, learning.Touch{At: at}, learning.Progress{}, false, "answer learning.nothing_to_answer"},
		"a text asks for no answer":           {reading, learning.Progress{}, learning.Touch{At: at, Text: ref("Hej")}, learning.Progress{}, false, "answer learning.nothing_to_answer"},
		"nor for answers":                     {reading, learning.Progress{}, learning.Touch{At: at, Submit: true}, learning.Progress{}, false, "answer learning.nothing_to_answer"},
		"a quiz is not done by saying so":     {quiz, learning.Progress{}, learning.Touch{At: at, Done: ref(true)}, learning.Progress{}, false, "q0 learning.quiz_unanswered"},
		"a quiz is not shared":                {quiz, learning.Progress{}, learning.Touch{At: at, Shared: ref(true)}, learning.Progress{}, false, "answer learning.nothing_to_answer"},
		"an option that is not offered":       {quiz, learning.Progress{}, learning.Touch{At: at, Answers: []learning.Answer{{Chosen: []int{2}}}}, learning.Progress{}, false, "q0 learning.not_offered"},
		"two of one":                          {quiz, learning.Progress{}, learning.Touch{At: at, Answers: []learning.Answer{{Chosen: []int{0, 1}}}}, learning.Progress{}, false, "q0 learning.not_offered"},
		"text where options are":              {quiz, learning.Progress{}, learning.Touch{At: at, Answers: []learning.Answer{{Text: "Ja"}}}, learning.Progress{}, false, "q0 learning.not_offered"},
		"the same one twice":                  {quiz, learning.Progress{}, learning.Touch{At: at, Answers: []learning.Answer{{}, {Chosen: []int{0, 0}}}}, learning.Progress{}, false, "q1 learning.not_offered"},
		"an order with a stranger":            {quiz, learning.Progress{}, learning.Touch{At: at, Answers: []learning.Answer{{}, {}, {Chosen: []int{0, 1, 3}}}}, learning.Progress{}, false, "q2 learning.not_offered"},
		"a match that is not there":           {quiz, learning.Progress{}, learning.Touch{At: at, Answers: []learning.Answer{{}, {}, {}, {Chosen: []int{0, 0, -2}}}}, learning.Progress{}, false, "q3 learning.not_offered"},
		"options where text is":               {quiz, learning.Progress{}, learning.Touch{At: at, Answers: []learning.Answer{{}, {}, {}, {}, {Chosen: []int{0}}}}, learning.Progress{}, false, "q4 learning.not_offered"},
		"more answers than questions":         {quiz, learning.Progress{}, learning.Touch{At: at, Answers: make([]learning.Answer, 6)}, learning.Progress{}, false, "q0 learning.not_offered"},
		"handed in with a question left":      {quiz, learning.Progress{}, learning.Touch{At: at, Submit: true, Answers: right()[:4]}, learning.Progress{}, false, "q4 learning.unanswered.free"},
		"handed in with nothing":              {quiz, learning.Progress{}, learning.Touch{At: at, Submit: true}, learning.Progress{}, false, "q0 learning.unanswered.one"},
		"a quiz that is done stays as it was": {quiz, done, learning.Touch{At: later, Done: ref(true)}, learning.Progress{OpenedAt: at, ChangedAt: later, DoneAt: ref(at)}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, counts, err := c.before.With(&c.task, c.touch)
			if key(err) != c.fault {
				t.Fatalf("got %v, want %q", err, c.fault)
			}
			if c.fault != "" {
				return
			}
			if counts == c.older {
				t.Errorf("it counts: %v", counts)
			}
			if fmt.Sprintf("%+v %v", got, value(got.DoneAt)) != fmt.Sprintf("%+v %v", withDone(c.want, got.DoneAt), value(c.want.DoneAt)) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func value(at *clock.Instant) clock.Instant {
	if at == nil {
		return 0
	}
	return *at
}

// withDone is the progress with another's pointer, so that the rest can be
// compared as text.
func withDone(p learning.Progress, at *clock.Instant) learning.Progress {
	if value(p.DoneAt) == value(at) {
		p.DoneAt = at
	}
	return p
}

func TestAQuizIsDoneWhenHandedInAndCanBeTriedAgain(t *testing.T) {
	p, _, err := learning.Progress{}.With(&quiz, learning.Touch{At: now, Answers: right()[:2]})
	if err != nil || p.Status() != learning.Begun || len(learning.AnswersOf(p.Answer).Each) != 2 || p.Tries != 0 {
		t.Fatalf("half of it: %+v, %v", p, err)
	}
	hand := learning.Touch{At: now + 1, Answers: right(), Submit: true, Try: "a"}
	if p, _, err = p.With(&quiz, hand); err != nil || p.Status() != learning.Done || p.Tries != 1 || !learning.AnswersOf(p.Answer).Submitted {
		t.Fatalf("handed in: %+v, %v", p, err)
	}
	hand.At += 5
	if p, counts, err := p.With(&quiz, hand); err != nil || counts || p.Tries != 1 {
		t.Errorf("the same again, as a bad network sends it: %+v, %v, %v", p, counts, err)
	}
	if p, _, err = p.With(&quiz, learning.Touch{At: now + 10, Again: true}); err != nil || p.Answer != "" || p.Status() != learning.Done {
		t.Fatalf("another try: %+v, %v", p, err)
	}
	hand.At, hand.Try = now+20, "b"
	if p, _, err = p.With(&quiz, hand); err != nil || p.Tries != 2 || value(p.DoneAt) != now+1 {
		t.Errorf("handed in again: %+v, %v", p, err)
	}
}

func TestTheEditionIsTheOneBegunThenTheSeatsThenTheNewest(t *testing.T) {
	for name, c := range map[string]struct{ begun, seat, newest, want int64 }{
		"begun goes before all":  {1, 2, 3, 1},
		"then that of the round": {0, 2, 3, 2},
		"then the newest":        {0, 0, 3, 3},
		"there may be none":      {0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := learning.EditionFor(c.begun, c.seat, c.newest); got != c.want {
				t.Errorf("got %d", got)
			}
		})
	}
}

func TestDeadlinesAreCountedFromTheDays(t *testing.T) {
	first, last := clock.Date(2026, 3, 10), clock.Date(2026, 3, 17)
	rules := catalogue.Rules{PreparationDays: 7, FollowUpDays: 30}
	for name, c := range map[string]struct {
		rules catalogue.Rules
		phase catalogue.Phase
		want  string
	}{
		"the preparation before the first day":   {rules, catalogue.Preparation, "2026-03-03"},
		"or on it":                               {catalogue.Rules{}, catalogue.Preparation, "2026-03-10"},
		"the follow-up after the last":           {rules, catalogue.FollowUp, "2026-04-16"},
		"a follow-up without days has no end":    {catalogue.Rules{}, catalogue.FollowUp, ""},
		"what is done on the days needs no date": {rules, catalogue.During, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if due := learning.Due(c.rules, c.phase, first, last); due != nil {
				got = due.String()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// publish publishes an edition of the course with the tasks.
func publish(t *testing.T, d *db.DB, course int64, at clock.Instant, tasks ...catalogue.Task) catalogue.Edition {
	t.Helper()
	var e catalogue.Edition
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		content := catalogue.Content{Changes: sv("Nytt"), Tasks: tasks, Rules: catalogue.Rules{Preparation: catalogue.Require}}
		version, err := catalogue.SaveDraft(ctx, tx, system, course, 0, &content, at)
		if err != nil {
			return err
		}
		e, err = catalogue.Publish(ctx, tx, system, course, version, at)
		return err
	}))
	return e
}

// school has a learner, a web course with a published edition of a text, a quiz
// and an optional reflection, and a course with one day.
func school(t *testing.T, d *db.DB) (learner access.Viewer, web, day catalogue.Course, edition catalogue.Edition) {
	t.Helper()
	must(t, organisation.Install(ctx, d))
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		id, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Lär", FamilyName: "Mig"}, falun, clock.Date(2024, 1, 1), "", now)
		if err != nil {
			return err
		}
		learner = access.Viewer{PersonID: id}
		for _, c := range []struct {
			into *catalogue.Course
			how  catalogue.Delivery
		}{{&web, catalogue.Web}, {&day, catalogue.Municipal}} {
			slug, days := "webb", 0
			if c.how == catalogue.Municipal {
				slug, days = "dag", 1
			}
			id, err := catalogue.Add(ctx, tx, catalogue.Course{Slug: slug, Name: slug, Days: days}, c.how, clock.Date(2024, 3, 1))
			if err != nil {
				return err
			}
			if *c.into, err = catalogue.CourseByID(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	}))
	return learner, web, day, publish(t, d, web.ID, now, during(reading), quiz, optional(during(reflection)))
}

func during(t catalogue.Task) catalogue.Task   { t.Phase = catalogue.During; return t }
func optional(t catalogue.Task) catalogue.Task { t.Optional = true; return t }

// work is the change of the task by who has a seat in a round of the edition.
func work(course catalogue.Course, task string, seat int64, touch learning.Touch) learning.Work {
	return learning.Work{
		Course: course.Slug, Task: task,
		Seat:  func(catalogue.Course) (int64, bool, error) { return seat, seat != 0, nil },
		Touch: func(*catalogue.Task) learning.Touch { return touch },
	}
}

func save(d *db.DB, viewer access.Viewer, course catalogue.Course, task string, seat int64, touch learning.Touch) (saved learning.Saved, err error) {
	if touch.At == 0 {
		touch.At = now
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		saved, err = learning.Save(ctx, tx, viewer, work(course, task, seat, touch), now)
		return err
	})
	return saved, err
}

func TestAWebCourseIsCompletedByItsLastRequiredTask(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, _, edition := school(t, d)
		if s, err := learning.StudyOf(ctx, d.Reader(), learner, web, 0, day); err != nil || s.Begun || len(s.Tasks) != 3 || learning.Next(s.Tasks).Key != "text" || learning.Left(s.Tasks) != 2 {
			t.Fatalf("before: %+v, %v", s, err)
		}
		saved, err := save(d, learner, web, "prov", 0, learning.Touch{Answers: right(), Submit: true})
		if err != nil || !saved.Changed || saved.Completed {
			t.Fatalf("the quiz: %+v, %v", saved, err)
		}
		saved, err = save(d, learner, web, "text", 0, learning.Touch{Done: ref(true)})
		if err != nil || !saved.Completed {
			t.Fatalf("the last required task: %+v, %v", saved, err)
		}
		all, err := learning.Completions(ctx, d.Reader(), learner, learner.PersonID, day)
		if err != nil || len(all) != 1 || all[0].Source != learning.Web || all[0].On != day || all[0].Edition != edition.Number {
			t.Errorf("completions: %+v, %v", all, err)
		}
		s, err := learning.StudyOf(ctx, d.Reader(), learner, web, 0, day)
		if err != nil || !s.Begun || s.Completed == nil || *s.Completed != day || s.CompletedEdition != edition.Number || learning.Next(s.Tasks) != nil {
			t.Errorf("after: %+v, %v", s, err)
		}
		// To brush it up changes nothing in that.
		if _, err := save(d, learner, web, "text", 0, learning.Touch{Done: ref(false)}); err != nil {
			t.Error(err)
		}
		if saved, err := save(d, learner, web, "text", 0, learning.Touch{Done: ref(true)}); err != nil || saved.Completed {
			t.Errorf("done once more: %+v, %v", saved, err)
		}
	})
}

func TestACourseWithDaysIsNotCompletedByItsTasks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, _, course, _ := school(t, d)
		e := publish(t, d, course.ID, now, reading, reflection)
		if s, err := learning.StandingOf(ctx, d.Reader(), course.ID, e.ID, []int64{learner.PersonID, 999}); err != nil || s[learner.PersonID].Fulfilled ||
			s[learner.PersonID].Left[catalogue.Preparation] != 1 || s[learner.PersonID].Required != 2 || !s[999].Fulfilled {
			t.Errorf("before: %+v, %v", s, err)
		}
		if saved, err := save(d, learner, course, "text", e.ID, learning.Touch{Done: ref(true)}); err != nil || saved.Completed {
			t.Errorf("%+v, %v", saved, err)
		}
		if s, err := learning.StandingOf(ctx, d.Reader(), course.ID, e.ID, []int64{learner.PersonID}); err != nil || !s[learner.PersonID].Fulfilled ||
			s[learner.PersonID].Left[catalogue.FollowUp] != 1 {
			t.Errorf("after: %+v, %v", s, err)
		}
	})
}

func TestThoseUnderWayFinishTheEditionThatTheyBegan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, course, first := school(t, d)
		if _, err := save(d, learner, web, "text", 0, learning.Touch{Done: ref(true)}); err != nil {
			t.Fatal(err)
		}
		other := reading
		other.Key, other.Phase = "ny", catalogue.During
		second := publish(t, d, web.ID, now, other)
		for name, c := range map[string]struct {
			viewer access.Viewer
			seat   int64
			want   catalogue.Edition
		}{
			"who has begun stays":           {learner, 0, first},
			"even with a seat in the new":   {learner, second.ID, first},
			"who has not begun gets it":     {access.Viewer{PersonID: 12345}, 0, second},
			"or the one of their own round": {access.Viewer{PersonID: 12345}, first.ID, first},
		} {
			t.Run(name, func(t *testing.T) {
				s, err := learning.StudyOf(ctx, d.Reader(), c.viewer, web, c.seat, day)
				if err != nil || s.Edition.ID != c.want.ID || s.Newest != second.Number {
					t.Errorf("got edition %d of %d, %v", s.Edition.Number, s.Newest, err)
				}
			})
		}
		if _, err := save(d, learner, web, "ny", 0, learning.Touch{Done: ref(true)}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a task of the other edition gives %v", err)
		}
		if _, err := save(d, learner, course, "text", 0, learning.Touch{Done: ref(true)}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a task of another course gives %v", err)
		}
		if _, err := save(d, access.Viewer{}, web, "text", 0, learning.Touch{Done: ref(true)}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("nobody saves: %v", err)
		}
		if s, err := learning.StudyOf(ctx, d.Reader(), learner, course, 0, day); err != nil || s.Content != nil || s.Edition.Number != 1 {
			t.Errorf("an edition without tasks: %+v, %v", s, err)
		}
		empty := web
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			empty.ID, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "kommer", Name: "Kommer"}, catalogue.Web, clock.Date(2024, 1, 1))
			return err
		}))
		for name, test := range map[string]struct {
			course catalogue.Course
			day    clock.Day
			want   bool
		}{
			"a web course with tasks":                        {web, day, true},
			"one whose content is to come":                   {empty, day, false},
			"one that is not published yet":                  {web, clock.Date(2020, 1, 1), false},
			"a course with days, though it is without tasks": {course, day, true},
		} {
			if got, err := learning.CanBegin(ctx, d.Reader(), test.course, test.day); err != nil || got != test.want {
				t.Errorf("%s can be begun: %v, %v", name, got, err)
			}
		}
		if s, err := learning.StudyOf(ctx, d.Reader(), learner, course, 0, clock.Date(2024, 1, 1)); err != nil || s.Edition.ID != 0 {
			t.Errorf("before it was published: %+v, %v", s, err)
		}
	})
}

func TestOfTwoChangesTheLaterStandsHoweverTheyArrive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, _, _ := school(t, d)
		if _, err := save(d, learner, web, "tanke", 0, learning.Touch{At: now - 10, Text: ref("Den senare")}); err != nil {
			t.Fatal(err)
		}
		saved, err := save(d, learner, web, "tanke", 0, learning.Touch{At: now - 20, Text: ref("Den tidigare")})
		if err != nil || !saved.Older || saved.Answer != "Den senare" {
			t.Errorf("the earlier one, arriving late: %+v, %v", saved, err)
		}
		if s, err := learning.StudyOf(ctx, d.Reader(), learner, web, 0, day); err != nil || s.Tasks[2].Answer != "Den senare" {
			t.Errorf("what stands: %+v, %v", s, err)
		}
		// A clock that goes ahead is no way to win for ever.
		if saved, err := save(d, learner, web, "tanke", 0, learning.Touch{At: now + 1_000_000_000, Text: ref("Från framtiden")}); err != nil || saved.ChangedAt != now {
			t.Errorf("from the future: %+v, %v", saved, err)
		}
	})
}

func TestManyWhoSaveTheSameTaskAtOnceLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, _, _ := school(t, d)
		var all sync.WaitGroup
		errs := make([]error, 16)
		for i := range errs {
			all.Go(func() {
				switch i % 2 {
				case 0: // each hands the quiz in, under a name of its own
					_, errs[i] = save(d, learner, web, "prov", 0, learning.Touch{At: now, Answers: right(), Submit: true, Try: fmt.Sprint(i)})
				default: // and sends one and the same again and again
					_, errs[i] = save(d, learner, web, "text", 0, learning.Touch{At: now, Done: ref(true)})
				}
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		s, err := learning.StudyOf(ctx, d.Reader(), learner, web, 0, day)
		if err != nil || s.Tasks[0].DoneAt == nil || s.Tasks[1].Tries != 8 || s.Completed == nil {
			t.Errorf("after all: %+v, %v", s.Tasks, err)
		}
		if all, err := learning.Completions(ctx, d.Reader(), learner, learner.PersonID, day); err != nil || len(all) != 1 {
			t.Errorf("completed %d times, %v", len(all), err)
		}
	})
}

func TestTheLastTwoTasksDoneAtTheSameTimeCompleteTheCourse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, _, _ := school(t, d)
		if _, err := save(d, learner, web, "tanke", 0, learning.Touch{Text: ref("Min tanke")}); err != nil {
			t.Fatal(err) // the course is begun
		}
		// Neither transaction sees what the other has not committed.
		saved := make(chan struct{})
		var all sync.WaitGroup
		var first error
		all.Go(func() {
			first = d.Write(ctx, func(tx *db.Tx) error {
				_, err := learning.Save(ctx, tx, learner, work(web, "text", 0, learning.Touch{At: now, Done: ref(true)}), now)
				close(saved)
				time.Sleep(300 * time.Millisecond)
				return err
			})
		})
		<-saved
		_, second := save(d, learner, web, "prov", 0, learning.Touch{At: now, Answers: right(), Submit: true})
		all.Wait()
		must(t, errors.Join(first, second))
		if s, err := learning.StudyOf(ctx, d.Reader(), learner, web, 0, day); err != nil || s.Completed == nil {
			t.Errorf("all tasks are done and the course is not: %+v, %v", s.Tasks, err)
		}
	})
}

func TestOnlyWhatIsSharedIsShown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learner, web, _, _ := school(t, d)
		shared := func(since clock.Instant) int {
			all, err := learning.SharedOf(ctx, d.Reader(), web.ID, map[int64]clock.Instant{learner.PersonID: since})
			must(t, err)
			if len(all) == 1 && (all[0].Text != "Min tanke" || all[0].Title.In("sv") != "Tänk" || all[0].PersonID != learner.PersonID) {
				t.Errorf("shared is %+v", all[0])
			}
			return len(all)
		}
		for _, step := range []struct {
			touch learning.Touch
			want  int
		}{
			{learning.Touch{Text: ref("Min tanke")}, 0},
			{learning.Touch{Shared: ref(true)}, 1},
			{learning.Touch{Shared: ref(false)}, 0},
		} {
			if _, err := save(d, learner, web, "tanke", 0, step.touch); err != nil {
				t.Fatal(err)
			}
			if got := shared(now); got != step.want {
				t.Errorf("after %+v %d are shown", step.touch, got)
			}
			if got := shared(now + 1); got != 0 {
				t.Errorf("after %+v %d are shown to those who came later", step.touch, got)
			}
		}
		if all, err := learning.SharedOf(ctx, d.Reader(), web.ID, nil); err != nil || len(all) != 0 {
			t.Errorf("of nobody: %d, %v", len(all), err)
		}
	})
}
