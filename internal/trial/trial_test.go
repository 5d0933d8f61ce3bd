package trial_test

import (
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/review"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trial"
)

var (
	ctx      = roundtest.Ctx
	site     = letter.Site{Base: "https://yrkesresan.example.org"}
	producer = access.System()
	now      = roundtest.Now
	must     = roundtest.Must
)

// desk is a web course whose edition 2 is out, with a draft, and people with addresses.
type desk struct {
	*roundtest.World
	out int64 // the edition that is out
}

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	k := &desk{World: roundtest.NewWorld(t, d)}
	must(t, jobs.Migrate(ctx, d))
	must(t, k.Write(func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE course SET days = 0 WHERE id = $1`, k.Course); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE person SET email = LOWER(family_name) || '@example.org'`)
		return err
	}))
	k.draft("Läs.")
	k.out = k.publish().ID
	k.draft("Läs det nya.")
	must(t, k.Write(func(tx *db.Tx) error { // a course with higher numbers
		other, err := catalogue.Add(ctx, tx, catalogue.Course{Slug: "annan", Name: "Annan", Days: 1}, catalogue.Regional, roundtest.Today-500)
		for n := 2; n <= 6 && err == nil; n++ {
			err = catalogue.AddEdition(ctx, tx, other, n, roundtest.Today-400, "")
		}
		return err
	}))
	return k
}

// draft writes a draft with a text, a quiz and nothing else.
func (k *desk) draft(text string) {
	k.Helper()
	must(k.T, k.Write(func(tx *db.Tx) error {
		version := 0
		if old, err := catalogue.DraftOf(ctx, tx, producer, k.Course); err == nil {
			version = old.Version
		}
		c := catalogue.Content{Changes: catalogue.Words{"sv": "Nytt"}, Tasks: []catalogue.Task{
			{Key: "las", Phase: catalogue.During, Kind: catalogue.TextTask, Title: catalogue.Words{"sv": "Läs"}, Text: catalogue.Words{"sv": text}},
			{Key: "mer", Phase: catalogue.During, Kind: catalogue.TextTask, Title: catalogue.Words{"sv": "Läs mer"}, Text: catalogue.Words{"sv": text}},
		}}
		_, err := catalogue.SaveDraft(ctx, tx, producer, k.Course, version, &c, now)
		return err
	}))
}

func (k *desk) version() int {
	k.Helper()
	d, err := catalogue.DraftOf(ctx, k.D.Reader(), producer, k.Course)
	must(k.T, err)
	return d.Version
}

func (k *desk) publish() (e catalogue.Edition) {
	k.Helper()
	version := k.version()
	must(k.T, k.Write(func(tx *db.Tx) (err error) {
		if e, err = catalogue.Publish(ctx, tx, producer, k.Course, version, now); err != nil {
			return err
		}
		if err := review.Close(ctx, tx, producer, e, "", now); err != nil {
			return err
		}
		return trial.Close(ctx, tx, producer, k.Course, e, now)
	}))
	return e
}

func (k *desk) start(counts bool) error {
	version := k.version()
	return k.Write(func(tx *db.Tx) error { return trial.Start(ctx, tx, producer, k.Course, version, counts, now) })
}

func (k *desk) join(emails ...string) error {
	return k.Write(func(tx *db.Tx) error { return trial.Join(ctx, tx, producer, k.Course, emails, site, now) })
}

func (k *desk) end() error {
	return k.Write(func(tx *db.Tx) error { return trial.End(ctx, tx, producer, k.Course, now) })
}

func (k *desk) leave(who access.Viewer, person int64) error {
	return k.Write(func(tx *db.Tx) error { return trial.Leave(ctx, tx, who, k.Course, person, now) })
}

func (k *desk) say(who access.Viewer, task, text string) error {
	return k.Write(func(tx *db.Tx) error { return trial.Say(ctx, tx, who, k.Course, task, text, now) })
}

func (k *desk) grade(who access.Viewer, grade, text string) error {
	return k.Write(func(tx *db.Tx) error { return trial.Grade(ctx, tx, who, k.Course, grade, text, now) })
}

// does does the tasks.
func (k *desk) does(who access.Viewer, at clock.Instant, tasks ...string) {
	k.Helper()
	k.touches(who, at, true, tasks...)
}

// opens begins the tasks.
func (k *desk) opens(who access.Viewer, at clock.Instant, tasks ...string) {
	k.Helper()
	k.touches(who, at, false, tasks...)
}

func (k *desk) touches(who access.Viewer, at clock.Instant, done bool, tasks ...string) {
	k.Helper()
	for _, task := range tasks {
		must(k.T, k.Write(func(tx *db.Tx) error {
			_, err := learning.Save(ctx, tx, who, learning.Work{
				Course: "kurs", Task: task,
				Seat:  func(catalogue.Course) (int64, bool, error) { return 0, false, nil },
				Touch: func(*catalogue.Task) learning.Touch { return learning.Touch{At: at, Done: &done} },
			}, at)
			return err
		}))
	}
}

func (k *desk) study(who access.Viewer) learning.Study {
	k.Helper()
	course, err := catalogue.CourseByID(ctx, k.D.Reader(), k.Course)
	must(k.T, err)
	s, err := learning.StudyOf(ctx, k.D.Reader(), who, course, 0, roundtest.Today)
	must(k.T, err)
	return s
}

func (k *desk) newest() trial.Trial {
	k.Helper()
	all, err := trial.Of(ctx, k.D.Reader(), producer, k.Course)
	must(k.T, err)
	return all[0]
}

func (k *desk) results() trial.Results {
	k.Helper()
	r, err := trial.ResultsOf(ctx, k.D.Reader(), producer, k.newest())
	must(k.T, err)
	return r
}

func (k *desk) want(err error, key string) {
	k.Helper()
	if roundtest.Key(err) != key {
		k.Errorf("answered %v, want %q", err, key)
	}
}

func (k *desk) who(i int) access.Viewer { return access.Viewer{PersonID: k.Staff[i]} }

func TestAGroupTriesADraftThatNobodyElseSees(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.want(k.join("falun00@example.org"), "trial.is_over")
		k.want(k.start(false), "")
		k.want(k.start(true), "trial.runs_already")
		k.want(k.join("", " "), "emails trial.emails_missing")
		k.want(k.join("ingen@example.org", "falun00@example.org"), "emails trial.unknown")
		if r := k.results(); len(r.People) != 0 {
			t.Errorf("refused, and %+v joined", r.People)
		}
		k.want(k.join("FALUN00@example.org, falun01@example.org", "falun00@example.org", ""), "")
		k.want(k.join("falun01@example.org", "falun02@example.org"), "")
		letters, err := db.Rows(ctx, d.Reader(), db.One[string], `SELECT body FROM person_letter WHERE kind = 'trial'`)
		must(t, err)
		if len(letters) != 3 || !strings.Contains(letters[0], site.Base+"/courses/kurs") || !strings.Contains(letters[0], "räknas inte") {
			t.Errorf("the letters are %q", letters)
		}

		if s := k.study(k.who(0)); !s.Begun || s.Edition.PublishedOn != 0 || s.Content.Tasks[0].Text.In("sv") != "Läs det nya." {
			t.Errorf("who tries it takes %+v", s.Edition)
		}
		if s := k.study(k.who(9)); s.Edition.ID != k.out || s.Newest != s.Edition.Number {
			t.Errorf("somebody else takes %+v of %d", s.Edition, s.Newest)
		}
		editions, err := catalogue.Editions(ctx, d.Reader(), k.Course)
		must(t, err)
		next, err := catalogue.NextNumber(ctx, d.Reader(), k.Course)
		must(t, err)
		if editions[0].ID != k.out || next != editions[0].Number+2 {
			t.Errorf("out are %+v, next is %d", editions, next)
		}

		// The draft is written on; what is tried stays.
		k.draft("Läs något annat.")
		if s := k.study(k.who(0)); s.Content.Tasks[0].Text.In("sv") != "Läs det nya." {
			t.Error("what is tried changes with the draft")
		}

		// They do it, say what they think of a task and grade the whole.
		k.does(k.who(0), now+1, "las", "mer")
		k.does(k.who(1), now+1, "las")
		k.want(k.say(k.who(0), "las", " För långt "), "")
		k.want(k.say(k.who(0), "las", " "), "text review.text_missing")
		k.want(k.say(k.who(0), "borta", "Hej"), "place review.place_gone")
		k.want(k.say(k.who(9), "las", "Hej"), "fault.not_found")
		k.want(k.grade(k.who(0), "splendid", ""), "grade survey.grade_missing")
		k.want(k.grade(k.who(9), "neither", ""), "fault.not_found")
		k.want(k.grade(k.who(0), "neither", ""), "")
		k.want(k.grade(k.who(0), "fairly_satisfied", "Bra"), "")
		r := k.results()
		if len(r.People) != 3 || r.Finished() != 1 || r.Grades["fairly_satisfied"] != 1 || len(r.Grades) != 1 || r.People[0].Said != "Bra" ||
			r.Tasks["las"] != (trial.Task{Opened: 2, Done: 2}) || r.Tasks["mer"] != (trial.Task{Opened: 1, Done: 1}) {
			t.Errorf("came of it: %+v", r)
		}
		said, err := review.Of(ctx, d.Reader(), producer, k.Course, nil, roundtest.Today)
		must(t, err)
		if len(said.Reviewers) != 0 || len(said.Comments) != 1 || said.Comments[0].Name != "" || !said.Comments[0].Trial || said.At("task:las")[0].Text != "För långt" {
			t.Errorf("beside the reviewers' stands %+v", said)
		}
		if all, err := review.Mine(ctx, d.Reader(), k.who(0), roundtest.Today); err != nil || len(all) != 0 {
			t.Errorf("who tries the draft reviews it: %+v, %v", all, err)
		}
		if own, err := review.OwnAt(ctx, d.Reader(), k.who(0), k.Course, "task:las"); err != nil || len(own) != 1 {
			t.Errorf("their own are %+v, %v", own, err)
		}

		// It is published: the trial is over, and what was said belongs to the edition.
		e := k.publish()
		if got := k.newest(); got.Running() || got.Became != e.Number || e.Number != got.Number+1 {
			t.Errorf("the trial is %+v, the edition %+v", got, e)
		}
		said, err = review.Of(ctx, d.Reader(), producer, k.Course, &e.ID, roundtest.Today)
		must(t, err)
		if len(said.Comments) != 1 {
			t.Errorf("of the edition was said %+v", said)
		}
		k.want(k.say(k.who(0), "las", "För sent"), "trial.is_over")
		k.want(k.grade(k.who(0), "neither", ""), "trial.is_over")
		if n := len(k.Completions(k.Staff[0])); n != 0 {
			t.Errorf("%d completions in a trial that does not count", n)
		}
		for i := range 3 { // they begin the edition that came
			if s := k.study(k.who(i)); s.Begun || s.Edition.ID != e.ID {
				t.Errorf("person %d takes %+v", i, s.Edition)
			}
		}
		if r := k.results(); len(r.People) != 3 || r.Finished() != 1 || r.Tasks["las"].Done != 2 {
			t.Errorf("afterwards there is %+v", r)
		}
	})
}

func TestATrialThatCountsCompletesTheCourse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.want(k.start(true), "")
		k.want(k.join("falun00@example.org", "falun01@example.org", "falun02@example.org"), "")
		tried := k.newest().EditionID
		k.does(k.who(0), now+1, "las", "mer")
		k.opens(k.who(1), now+1, "las")
		if all := k.Completions(k.Staff[0]); len(all) != 1 || all[0].Edition != k.newest().Number {
			t.Errorf("completed: %+v", all)
		}
		k.want(k.end(), "")
		k.want(k.end(), "trial.is_over")
		if s := k.study(k.who(1)); !s.Begun || s.Edition.ID != tried {
			t.Errorf("who has begun goes on in %+v", s.Edition)
		}
		if s := k.study(k.who(2)); s.Begun || s.Edition.ID != k.out {
			t.Errorf("who did nothing takes %+v", s.Edition)
		}
		k.does(k.who(1), now+2, "las", "mer")
		if n := len(k.Completions(k.Staff[1])); n != 1 {
			t.Errorf("%d completions of who goes on afterwards", n)
		}
		if in, err := trial.In(ctx, d.Reader(), k.who(1), k.Course); err != nil || in == nil || in.Open() {
			t.Errorf("they are in %+v, %v", in, err)
		}
	})
}

func TestWhoIsInTheMiddleOfACourseIsNotMoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.does(k.who(0), now-2, "las", "mer") // completed
		k.does(k.who(1), now-2, "las")        // in the middle
		k.want(k.start(false), "")
		k.want(k.join("falun00@example.org", "falun01@example.org"), "emails trial.begun")
		k.want(k.join("falun00@example.org"), "")
		if s := k.study(k.who(0)); s.Edition.ID != k.newest().EditionID {
			t.Errorf("who has completed it tries %+v", s.Edition)
		}
		k.does(k.who(0), now+1, "las")
		k.want(k.leave(k.who(1), k.Staff[0]), "fault.forbidden")
		k.want(k.leave(k.who(1), k.Staff[1]), "fault.not_found")
		k.want(k.leave(k.who(0), k.Staff[0]), "")
		k.want(k.leave(k.who(0), k.Staff[0]), "fault.not_found")
		if s := k.study(k.who(0)); s.Edition.ID != k.out || len(k.Completions(k.Staff[0])) != 1 {
			t.Errorf("who left has %+v", s.Edition)
		}
		k.want(k.say(k.who(0), "las", "Hej"), "fault.not_found")
		k.want(k.join("falun00@example.org"), "") // and comes back
		k.want(k.end(), "")
		if s := k.study(k.who(0)); s.Edition.ID != k.out {
			t.Errorf("after the trial they have %+v", s.Edition)
		}
		if r := k.results(); len(r.People) != 1 || r.Tasks["las"].Done != 1 {
			t.Errorf("what they did is %+v", r)
		}
	})
}

func TestOnlyWhoMakesCoursesHoldsTrials(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		regional := roundtest.Dalarnas
		version := k.version()
		for name, do := range map[string]func(tx *db.Tx) error{
			"start": func(tx *db.Tx) error { return trial.Start(ctx, tx, regional, k.Course, version, true, now) },
			"join": func(tx *db.Tx) error {
				return trial.Join(ctx, tx, regional, k.Course, []string{"a@example.org"}, site, now)
			},
			"end": func(tx *db.Tx) error { return trial.End(ctx, tx, regional, k.Course, now) },
			"of": func(tx *db.Tx) error {
				_, err := trial.Of(ctx, tx, regional, k.Course)
				return err
			},
			"results": func(tx *db.Tx) error {
				_, err := trial.ResultsOf(ctx, tx, regional, trial.Trial{})
				return err
			},
		} {
			if err := k.Write(do); roundtest.Key(err) != "fault.forbidden" {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, k.Write(func(tx *db.Tx) error {
			if err := trial.Start(ctx, tx, producer, k.Course, version+1, true, now); roundtest.Key(err) != "workshop.changed_meanwhile" {
				t.Errorf("another version is tried: %v", err)
			}
			return nil
		}))
	})
}

// Of many who start a trial at once, one does; of many who end it, too.
func TestManyHoldATrialAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		version := k.version()
		var each []func() error
		for range 6 {
			each = append(each, func() error {
				return k.Write(func(tx *db.Tx) error { return trial.Start(ctx, tx, producer, k.Course, version, true, now) })
			})
		}
		if got := roundtest.Together(each...); got[""] != 1 || got["trial.runs_already"] != 5 {
			t.Errorf("started: %v", got)
		}
		each = nil
		for range 6 {
			each = append(each, func() error { return k.join("falun00@example.org") }, func() error { return k.join("falun00@example.org", "falun01@example.org") })
		}
		if got := roundtest.Together(each...); got[""] != len(each) || len(k.results().People) != 2 {
			t.Errorf("joined: %v, %+v", got, k.results().People)
		}
		letters, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM person_letter WHERE kind = 'trial'`)
		must(t, err)
		if letters != 2 {
			t.Errorf("%d letters to two", letters)
		}
		each = nil
		for range 4 {
			each = append(each, k.end, func() error { return k.grade(k.who(0), "neither", "") }, func() error { return k.say(k.who(1), "las", "Hej") })
		}
		if got := roundtest.Together(each...); got[""] < 1 || got[""]+got["trial.is_over"]+got["fault.not_found"] != len(each) {
			t.Errorf("ended: %v", got)
		}
	})
}

func TestARoundTriesTheEdition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		must(t, k.Write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE course SET days = 2 WHERE id = $1`, k.Course)
			return err
		}))
		regional := roundtest.Dalarnas
		id := k.Published(k.Plan())
		k.Enrolled(id, k.Staff[0], k.Staff[1])
		try := func(who access.Viewer, yes bool) error {
			return k.Write(func(tx *db.Tx) error { return trial.InRound(ctx, tx, who, id, yes, site, now) })
		}
		k.want(try(regional, true), "trial.is_over")
		k.want(k.start(false), "")
		k.want(k.join("falun00@example.org"), "emails trial.seated")
		k.want(try(k.who(0), true), "fault.not_found")
		k.want(try(regional, true), "")
		tried := k.newest()
		if got := k.Get(regional, id); got.EditionID == nil || *got.EditionID != tried.EditionID || got.Edition != tried.Number {
			t.Errorf("the round is given in %+v", got.Edition)
		}
		k.want(try(regional, false), "")
		if got := k.Get(regional, id); *got.EditionID != k.out {
			t.Errorf("the round is given again in %+v", got.Edition)
		}
		k.want(try(regional, true), "")
		k.want(k.join("falun00@example.org"), "") // the seat is of the round that tries it
		complete := func(person int64) error {
			return k.Write(func(tx *db.Tx) error {
				_, err := learning.Complete(ctx, tx, producer, learning.New{PersonID: person, CourseID: k.Course, EditionID: &tried.EditionID, On: roundtest.Today, Source: learning.Round, RoundID: &id}, now)
				return err
			})
		}
		letters, err := db.Rows(ctx, d.Reader(), db.One[string], `SELECT body FROM person_letter WHERE kind = 'trial' AND body LIKE '%kursomgång%'`)
		must(t, err)
		if len(letters) != 4 || !strings.Contains(letters[0], "räknas inte") { // the two who have seats, each of the two times
			t.Errorf("those who have seats read %q", letters)
		}
		k.want(k.leave(k.who(0), k.Staff[0]), "trial.in_round")
		k.want(k.grade(k.who(1), "neither", ""), "fault.not_found") // has not begun
		must(t, k.Write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO study (person_id, course_id, edition_id, started_at) VALUES ($1, $2, $3, $4)`, k.Staff[1], k.Course, tried.EditionID, now)
			return err
		}))
		if r := k.results(); len(r.People) != 1 || r.Others != 1 {
			t.Errorf("of who takes it in a round is told %+v", r)
		}
		k.want(k.grade(k.who(1), "neither", ""), "")
		if r := k.results(); len(r.People) != 2 || r.Others != 0 || r.People[1].Invited {
			t.Errorf("who graded it is %+v", r)
		}
		for viewer, want := range map[int]bool{0: true, 9: false} {
			if reads, err := trial.ReadsMedia(ctx, d.Reader(), k.who(viewer), tried.EditionID); err != nil || reads != want {
				t.Errorf("person %d reads its files: %v, %v", viewer, reads, err)
			}
		}
		k.want(complete(k.Staff[1]), "learning.already_completed") // nothing is: it does not count
		if n := len(k.Completions(k.Staff[1])); n != 0 {
			t.Errorf("%d completions of a round that only tries", n)
		}
		must(t, k.Write(func(tx *db.Tx) error { // it has begun
			_, err := db.Exec(ctx, tx, `UPDATE round SET first_day = $2 WHERE id = $1`, id, roundtest.Today-1)
			return err
		}))
		k.want(try(regional, false), "trial.round_begun")
		before := len(k.Kinds(id, 0))
		k.want(k.end(), "")
		if got := k.Get(regional, id); *got.EditionID != k.out || len(k.Kinds(id, 0)) != before+1 {
			t.Errorf("after the trial the round is given in %+v, with %v", got.Edition, k.Kinds(id, 0))
		}
		if s := k.study(k.who(1)); s.Begun {
			t.Errorf("who took it in the round still does: %+v", s.Edition)
		}
	})
}

// A round that was over when the trial ended leads nobody into its edition again.
func TestNobodyComesBackIntoAnEditionThatWasTried(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		must(t, k.Write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE course SET days = 2 WHERE id = $1`, k.Course)
			return err
		}))
		id := k.Published(k.Plan())
		k.Enrolled(id, k.Staff[0])
		k.want(k.start(false), "")
		tried := k.newest()
		must(t, k.Write(func(tx *db.Tx) error {
			if err := trial.InRound(ctx, tx, roundtest.Dalarnas, id, true, letter.Site{}, now); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, `UPDATE round SET first_day = $2, last_day = $3 WHERE id = $1`, id, roundtest.Today-3, roundtest.Today-2)
			return err
		}))
		edition := func() int64 {
			s, err := seat.SeatIn(ctx, d.Reader(), k.who(0), k.Course)
			must(t, err)
			return s.Edition()
		}
		if edition() != tried.EditionID {
			t.Errorf("in the trial the seat is in edition %d", edition())
		}
		k.publish()
		if edition() != 0 {
			t.Errorf("afterwards the seat leads to edition %d", edition())
		}
		if got := k.Get(roundtest.Dalarnas, id); *got.EditionID != tried.EditionID {
			t.Errorf("a round that is over is moved to %d", *got.EditionID)
		}
	})
}

// What was promised to be read without a name is, also of who reviews the draft by name.
func TestWhatIsSaidInATrialHasNoName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ask := func(email string) {
			t.Helper()
			must(t, k.Write(func(tx *db.Tx) error { return review.Ask(ctx, tx, producer, k.Course, email, review.Group, site, now) }))
		}
		ask("falun00@example.org")
		k.want(k.start(true), "")
		k.want(k.join("falun00@example.org", "falun01@example.org"), "")
		k.want(k.say(k.who(0), "las", "Ett"), "")
		k.want(k.say(k.who(1), "las", "Två"), "")
		ask("falun01@example.org") // asked afterwards
		must(t, k.Write(func(tx *db.Tx) error {
			return review.Say(ctx, tx, k.who(1), k.Course, review.TaskPlace("las"), "", "Tre", now)
		}))
		r, err := review.Of(ctx, d.Reader(), producer, k.Course, nil, roundtest.Today)
		must(t, err)
		var said []string
		for _, c := range r.Comments {
			said = append(said, c.Name+":"+c.Text)
		}
		if got := strings.Join(said, " "); got != ":Ett :Två "+r.Comments[2].Name+":Tre" || r.Comments[2].Name == "" || len(r.Reviewers) != 2 {
			t.Errorf("said: %q by %+v", got, r.Reviewers)
		}
	})
}

// Who is protected is found by no address.
func TestWhoIsProtectedIsInvitedToNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		must(t, k.Write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) VALUES ($1, 'A', 'B', $2, $3)`, k.Staff[0], roundtest.Falun, now)
			return err
		}))
		k.want(k.start(true), "")
		k.want(k.join("falun00@example.org"), "emails trial.unknown")
	})
}

func TestADraftThatIsThrownAwayEndsItsTrial(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.want(k.start(true), "")
		k.want(k.join("falun00@example.org"), "")
		k.want(k.say(k.who(0), "las", "Bra"), "")
		version := k.version()
		must(t, k.Write(func(tx *db.Tx) error {
			if err := catalogue.DropDraft(ctx, tx, producer, k.Course, version); err != nil {
				return err
			}
			if err := trial.Close(ctx, tx, producer, k.Course, catalogue.Edition{}, now); err != nil {
				return err
			}
			return review.Drop(ctx, tx, producer, k.Course)
		}))
		if got := k.newest(); got.Running() || !got.Dropped() {
			t.Errorf("the trial is %+v", got)
		}
		edition := k.newest().EditionID
		if r, err := review.Of(ctx, d.Reader(), producer, k.Course, &edition, roundtest.Today); err != nil || len(r.Comments) != 1 {
			t.Errorf("what was said is %+v, %v", r, err)
		}
		if s := k.study(k.who(0)); s.Begun || s.Edition.ID != k.out {
			t.Errorf("they take %+v", s.Edition)
		}
		if err := k.Write(func(tx *db.Tx) error { return trial.Start(ctx, tx, producer, k.Course, version, true, now) }); !slices.Contains([]error{fault.NotFound}, err) {
			t.Errorf("a trial without a draft: %v", err)
		}
	})
}
