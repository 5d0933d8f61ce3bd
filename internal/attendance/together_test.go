package attendance_test

import (
	"fmt"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
)

// group is an occasion of a unit in an edition with two tasks that a group can do and one
// that each does alone.
type group struct {
	*testing.T
	d     *db.DB
	write func(func(tx *db.Tx) error) error
	chief access.Viewer
	day   round.Day
	id    int64
	homes []int64
	seats []int64
	slug  string
	done  func(person int64) int // completions
}

func newGroup(t *testing.T, d *db.DB) *group {
	t.Helper()
	v := roundtest.NewVillage(t, d)
	task := func(key string, kind catalogue.TaskKind, phase catalogue.Phase) catalogue.Task {
		return catalogue.Task{Key: key, Phase: phase, Kind: kind, Title: catalogue.Words{"sv": key}, Text: catalogue.Words{"sv": "Läs."}}
	}
	g := &group{T: t, d: d, write: v.Write, chief: v.Chief, homes: v.Homes, done: func(person int64) int { return len(v.Completions(person)) }}
	roundtest.Must(t, v.Write(func(tx *db.Tx) error {
		content := catalogue.Content{
			Changes: catalogue.Words{"sv": "Nytt"}, Rules: catalogue.Rules{Preparation: catalogue.Require},
			Tasks: []catalogue.Task{
				task("before", catalogue.TextTask, catalogue.Preparation), task("talk", catalogue.DiscussionTask, catalogue.During),
				task("think", catalogue.ReflectionTask, catalogue.FollowUp),
			},
		}
		version, err := catalogue.SaveDraft(roundtest.Ctx, tx, roundtest.System, v.Course, 0, &content, roundtest.Now)
		if err == nil {
			_, err = catalogue.Publish(roundtest.Ctx, tx, roundtest.System, v.Course, version, roundtest.Now)
		}
		return err
	}))
	got := v.Local(v.Occasion(), v.Homes...)
	for _, person := range v.Homes {
		g.seats = append(g.seats, roundtest.SeatOf(got, person))
	}
	g.id, g.day, g.slug = got.ID, got.CourseDays[0], "kurs"
	return g
}

func (g *group) marks(at clock.Instant, marks ...round.Mark) error {
	return g.write(func(tx *db.Tx) error {
		all := make([]attendance.SentMark, 0, len(marks))
		for i, m := range marks {
			if m != "" {
				all = append(all, attendance.SentMark{Key: fmt.Sprint(at, i), EnrolmentID: g.seats[i], Mark: m, At: at})
			}
		}
		answers, err := attendance.SaveMarks(roundtest.Ctx, tx, g.chief, g.day.ID, all, at)
		for _, a := range answers {
			if a.Outcome != attendance.MarkSaved {
				g.Errorf("a mark was %s: %v", a.Outcome, a.Fault)
			}
		}
		return err
	})
}

func (g *group) do(task string, at clock.Instant) error {
	return g.write(func(tx *db.Tx) error {
		return attendance.DoTogether(roundtest.Ctx, tx, g.chief, g.day.ID, task, at, at)
	})
}

func (g *group) undo(task string, at clock.Instant) error {
	return g.write(func(tx *db.Tx) error {
		return attendance.UndoTogether(roundtest.Ctx, tx, g.chief, g.day.ID, task, at, at)
	})
}

// says is what the person themselves says of a task.
func (g *group) says(person int64, task string, done bool, at clock.Instant) {
	g.Helper()
	roundtest.Must(g.T, g.write(func(tx *db.Tx) error {
		_, err := attendance.SaveProgress(roundtest.Ctx, tx, access.Viewer{PersonID: person}, g.slug, task, func(*catalogue.Task) learning.Touch { return learning.Touch{At: at, Done: &done} }, at)
		return err
	}))
}

// tells is how the tasks stand for each: "-" not done, "t" together, "o" their own.
func (g *group) tells(task string) (all string) {
	g.Helper()
	for _, person := range g.homes {
		s, err := learning.StudyOf(roundtest.Ctx, g.d.Reader(), access.Viewer{PersonID: person}, catalogue.Course{ID: g.course(), Slug: g.slug, Days: 2}, 0, roundtest.First)
		roundtest.Must(g.T, err)
		p := s.Tasks[s.At(task)].Progress
		switch {
		case p.DoneAt == nil:
			all += "-"
		case p.Together == g.day.ID:
			all += "t"
		default:
			all += "o"
		}
	}
	return all
}

func (g *group) course() int64 {
	c, err := catalogue.CourseBySlug(roundtest.Ctx, g.d.Reader(), g.slug)
	roundtest.Must(g.T, err)
	return c.ID
}

func (g *group) want(task, want string) {
	g.Helper()
	if got := g.tells(task); got != want {
		g.Errorf("%q stands as %q, want %q", task, got, want)
	}
}

func TestWhatTheGroupDidIsDoneForWhoeverIsMarkedAsThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := newGroup(t, d)
		at := roundtest.First.At(14, 0)
		roundtest.Must(t, g.marks(at, round.Present, round.Absent))
		roundtest.Must(t, g.do("talk", at+1))
		g.want("talk", "t--")
		roundtest.Must(t, g.do("talk", at+2)) // told twice
		// Who is said to be there only later, has done it too; who turns out to have been
		// away has not.
		roundtest.Must(t, g.marks(at+3, "", "", round.Late))
		g.want("talk", "t-t")
		roundtest.Must(t, g.marks(at+4, round.Absent, round.Present))
		g.want("talk", "-tt")
		roundtest.Must(t, g.marks(at+5, round.Present))
		g.want("talk", "ttt")
		roundtest.Must(t, g.undo("talk", at+6))
		g.want("talk", "---")
		roundtest.Must(t, g.marks(at+7, round.Late))
		g.want("talk", "---")
	})
}

func TestWhatSomebodySaysOfATaskThemselvesStandsOverTheGroup(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := newGroup(t, d)
		at := roundtest.First.At(14, 0)
		g.says(g.homes[0], "talk", true, at-100) // at home, before
		roundtest.Must(t, g.marks(at, round.Present, round.Present, round.Present))
		roundtest.Must(t, g.do("talk", at+1))
		g.want("talk", "ott")
		// Undone by one, it is not done again by the next mark; done again elsewhere it is
		// their own, and the group's undo leaves it.
		g.says(g.homes[1], "talk", false, at+2)
		g.want("talk", "o-t")
		roundtest.Must(t, g.marks(at+3, round.Late, round.Late, round.Late))
		roundtest.Must(t, g.do("talk", at+4))
		g.want("talk", "o-t")
		g.says(g.homes[1], "talk", true, at+5)
		g.want("talk", "oot")
		roundtest.Must(t, g.undo("talk", at+6))
		g.want("talk", "oo-")
	})
}

func TestWhatTheGroupDidCompletesALocalRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := newGroup(t, d)
		at := roundtest.First.At(14, 0)
		roundtest.Must(t, g.marks(at, round.Present, round.Absent, round.Present))
		if n := g.done(g.homes[0]); n != 0 {
			t.Errorf("completed %d times without the task that is required", n)
		}
		roundtest.Must(t, g.do("before", at+1))
		for i, want := range []int{1, 0, 1} {
			if n := g.done(g.homes[i]); n != want {
				t.Errorf("person %d completed %d times, want %d", i, n, want)
			}
		}
	})
}

func TestWhoMayTellWhatTheGroupDid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := newGroup(t, d)
		at := roundtest.First.At(14, 0)
		for what, f := range map[string]func() error{
			"together.own_task": func() error { return g.do("think", at) },
			"fault.not_found":   func() error { return g.do("nothing", at) },
			"round.day_ahead":   func() error { return g.do("talk", (roundtest.First-1).At(14, 0)) },
		} {
			if err := f(); roundtest.Key(err) != what {
				t.Errorf("%v, want %s", err, what)
			}
		}
		for _, f := range []func(tx *db.Tx) error{
			func(tx *db.Tx) error {
				return attendance.DoTogether(roundtest.Ctx, tx, access.Viewer{PersonID: g.homes[0]}, g.day.ID, "talk", at, at)
			},
			func(tx *db.Tx) error {
				return attendance.UndoTogether(roundtest.Ctx, tx, access.Viewer{PersonID: g.homes[0]}, g.day.ID, "talk", at, at)
			},
		} {
			if err := g.write(f); roundtest.Key(err) != "fault.not_found" {
				t.Errorf("a participant is answered %v", err)
			}
		}
		// What was pressed without a network is of then; a clock that is wrong does no harm.
		roundtest.Must(t, g.write(func(tx *db.Tx) error {
			return attendance.DoTogether(roundtest.Ctx, tx, g.chief, g.day.ID, "talk", at+9e9, at)
		}))
		all, err := attendance.TogetherOn(roundtest.Ctx, d.Reader(), g.day.ID)
		roundtest.Must(t, err)
		if len(all) != 1 || all[0].Task != "talk" || all[0].At != at {
			t.Errorf("the day has %+v", all)
		}
	})
}

// A mark and the task at the same moment: whoever comes last gives the task.
func TestMarksAndTasksAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := newGroup(t, d)
		at := roundtest.First.At(14, 0)
		got := roundtest.Together(
			func() error { return g.marks(at, round.Present) },
			func() error { return g.do("talk", at) },
			func() error { return g.marks(at+1, "", round.Present) },
			func() error { return g.do("before", at) },
			func() error { return g.marks(at+2, "", "", round.Present) },
		)
		if got[""] != 5 {
			t.Fatalf("answered %v", got)
		}
		g.want("talk", "ttt")
		g.want("before", "ttt")
	})
}

// What was pressed without a network arrives late, and counts as of then.
func TestOfDoneAndUndoneTheLaterCountsWhenItWasSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := newGroup(t, d)
		at := roundtest.First.At(14, 0)
		roundtest.Must(t, g.marks(at, round.Present))
		told := func(undo bool, said, now clock.Instant) {
			t.Helper()
			roundtest.Must(t, g.write(func(tx *db.Tx) error {
				if undo {
					return attendance.UndoTogether(roundtest.Ctx, tx, g.chief, g.day.ID, "talk", said, now)
				}
				return attendance.DoTogether(roundtest.Ctx, tx, g.chief, g.day.ID, "talk", said, now)
			}))
		}
		told(false, at+10, at+10)
		told(true, at+5, at+20) // undone before it was done
		g.want("talk", "t--")
		told(true, at+30, at+30)
		g.want("talk", "---")
		told(false, at+25, at+40) // done before it was undone
		g.want("talk", "---")
		told(false, at+50, at+50)
		g.want("talk", "t--")
		// Told the next morning, it was on the day.
		told(true, (roundtest.First+1).At(8, 0), (roundtest.First+1).At(8, 0))
		told(false, (roundtest.First+1).At(9, 0), (roundtest.First+1).At(9, 0))
		if all, err := attendance.TogetherOn(roundtest.Ctx, d.Reader(), g.day.ID); err != nil || len(all) > 1 || len(all) == 1 && all[0].At.Day() != roundtest.First {
			t.Errorf("the day has %+v, %v", all, err)
		}
	})
}

// Who gave up a seat and came back is one person; a film that was begun meanwhile is no word.
func TestTheGroupsTaskFindsWhoCameBackAndWhoHasBegunIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := newGroup(t, d)
		at := roundtest.First.At(14, 0)
		roundtest.Must(t, g.write(func(tx *db.Tx) error {
			if _, err := db.Exec(roundtest.Ctx, tx, `UPDATE enrolment SET withdrawn_at = enrolled_at + 1 WHERE id = $1`, g.seats[0]); err != nil {
				return err
			}
			id, err := db.Row(roundtest.Ctx, tx, db.One[int64], `INSERT INTO enrolment (round_id, person_id, enrolled_at) VALUES ($1, $2, $3) RETURNING id`, g.id, g.homes[0], roundtest.Now+5)
			g.seats[0] = id
			return err
		}))
		roundtest.Must(t, g.do("talk", at))
		g.says(g.homes[1], "talk", false, at+5) // opened, and not said to be done
		roundtest.Must(t, g.marks(at+10, round.Present, round.Present))
		g.want("talk", "tt-")
		roundtest.Must(t, g.do("before", at+11))
		g.want("before", "tt-")
		g.want("talk", "tt-")
	})
}
