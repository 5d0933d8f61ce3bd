package recruitment_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/recruitment"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

var (
	ctx  = roundtest.Ctx
	site = letter.Site{Base: "https://example.org"}
)

func TestAWishGoesOverTheManagerToTheRegion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		roundtest.Must(t, jobs.Migrate(ctx, d))
		w := roundtest.NewVillage(t, d)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			for _, person := range []int64{w.Homes[0], w.Chief.PersonID} {
				if _, err := db.Exec(ctx, tx, `UPDATE person SET email = $2 WHERE id = $1`, person, "p"+string(rune('a'+person%26))+"@example.org"); err != nil {
					return err
				}
			}
			_, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, $3, 1)`, w.Chief.PersonID, w.North, roundtest.Today-100)
			return err
		}))
		say := func(person int64, words string) string {
			return roundtest.Key(w.Write(func(tx *db.Tx) error {
				_, err := recruitment.Say(ctx, tx, w.Worker(person, w.North), w.Course, words, site, roundtest.Now)
				return err
			}))
		}
		answer := func(v access.Viewer, id int64, yes bool, why trainer.Why) string {
			return roundtest.Key(w.Write(func(tx *db.Tx) error { return recruitment.Answer(ctx, tx, v, id, yes, why, site, roundtest.Now) }))
		}
		closed := func(v access.Viewer, id int64, yes bool) string {
			return roundtest.Key(w.Write(func(tx *db.Tx) error {
				_, err := recruitment.Close(ctx, tx, v, id, yes, site, roundtest.Now)
				return err
			}))
		}
		back := func(person, id int64) string {
			return roundtest.Key(w.Write(func(tx *db.Tx) error {
				return recruitment.Withdraw(ctx, tx, w.Worker(person, w.North), id, roundtest.Now)
			}))
		}
		mine := func(person int64) recruitment.Wish {
			all, err := recruitment.Mine(ctx, d.Reader(), w.Worker(person, w.North), roundtest.Today)
			if err != nil || len(all) == 0 {
				t.Fatalf("%v %v", err, all)
			}
			return all[len(all)-1]
		}
		for _, c := range []struct{ words, want string }{
			{strings.Repeat("å", 501), "words comings.word_long"}, {strings.Repeat("å", 500), ""}, {"Igen", "comings.wished"},
		} {
			if got := say(w.Homes[0], c.words); got != c.want {
				t.Errorf("%d letters: %q, want %q", len([]rune(c.words)), got, c.want)
			}
		}
		id := mine(w.Homes[0]).ID
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			yes    bool
			why    trainer.Why
			want   string
		}{
			{"an employee answers nobody's", w.Worker(w.Homes[1], w.North), true, trainer.Why{}, "fault.forbidden"},
			{"the region is no manager", roundtest.Dalarnas, true, trainer.Why{}, "fault.forbidden"},
			{"another unit's manager", w.OtherChief, true, trainer.Why{}, "fault.not_found"},
			{"another municipality", w.BorlangeAdmin, true, trainer.Why{}, "fault.not_found"},
			{"no without a reason", w.Chief, false, trainer.Why{}, "reason comings.reason_missing"},
			{"no for something else without a word", w.Chief, false, trainer.Why{Reason: trainer.OtherReason, Word: " "}, "word comings.word_missing"},
			{"no with too many words", w.Chief, false, trainer.Why{Reason: trainer.OtherReason, Word: strings.Repeat("å", 201)}, "word comings.word_long"},
			{"yes", w.Chief, true, trainer.Why{}, ""},
			{"yes again", w.Chief, true, trainer.Why{}, "fault.not_found"},
		} {
			if got := answer(c.viewer, id, c.yes, c.why); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			want   string
		}{
			{"the manager recruits nobody", w.Chief, "fault.forbidden"},
			{"another region", roundtest.Uppsalas, "fault.not_found"},
			{"the region", roundtest.Dalarnas, ""},
			{"the region again", roundtest.Dalarnas, "fault.not_found"},
		} {
			if got := closed(c.viewer, id, true); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		if got := say(w.Homes[0], ""); got != "comings.in_team" {
			t.Errorf("who is in the team: %q", got)
		}
		if s := mine(w.Homes[0]).State(); s != recruitment.Recruited {
			t.Errorf("%s", s)
		}
		kinds, err := db.Rows(ctx, d.Reader(), db.One[string], `SELECT kind FROM person_letter ORDER BY id`)
		if err != nil || strings.Join(kinds, " ") != "trainer_wish trainer_agreed trainer_recruited" {
			t.Errorf("%v %v", err, kinds)
		}

		// One is taken back, one is refused, one let be.
		for _, person := range []int64{w.Homes[1], w.Homes[2]} {
			if got := say(person, "Gärna"); got != "" {
				t.Fatal(got)
			}
		}
		first, second := mine(w.Homes[1]).ID, mine(w.Homes[2]).ID
		if got := back(w.Homes[2], first); got != "fault.not_found" {
			t.Errorf("another's is taken back: %q", got)
		}
		if got := back(w.Homes[1], first); got != "" {
			t.Errorf("one's own: %q", got)
		}
		if got := answer(w.Chief, first, true, trainer.Why{}); got != "fault.not_found" {
			t.Errorf("what was taken back is answered: %q", got)
		}
		if got := answer(w.Chief, second, false, trainer.Why{Reason: trainer.Workload, Word: "glöms"}); got != "" {
			t.Errorf("no: %q", got)
		}
		if m := mine(w.Homes[2]); m.State() != recruitment.Refused || m.Reason != trainer.Workload || m.ReasonWord != "" {
			t.Errorf("%+v", m)
		}
		if got := say(w.Homes[2], "Igen"); got != "" { // a no is not for ever
			t.Errorf("after a no: %q", got)
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			member, err := db.Row(ctx, tx, db.One[int64], `SELECT id FROM trainer WHERE person_id = $1`, w.Homes[0])
			if err != nil {
				return err
			}
			return trainer.End(ctx, tx, roundtest.Dalarnas, member, roundtest.Today+1, trainer.Why{Reason: trainer.OtherReason, Word: "Flyttar"})
		}))
		// The region reads why, and mends what was wrong; nobody else does. Both stand in the log.
		member := func() trainer.Member {
			team, err := trainer.Team(ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, roundtest.Today)
			if err != nil || len(team) != 1 {
				t.Fatalf("%v %v", err, team)
			}
			return team[0]
		}
		if m := member(); m.Why != (trainer.Why{Reason: trainer.OtherReason, Word: "Flyttar"}) {
			t.Errorf("why they ended: %+v", m)
		}
		mends := func(v access.Viewer, why trainer.Why) string {
			return roundtest.Key(w.Write(func(tx *db.Tx) error {
				return trainer.End(ctx, tx, v, member().ID, roundtest.Today+1, why)
			}))
		}
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			why    trainer.Why
			want   string
		}{
			{"the manager", w.Chief, trainer.Why{Reason: trainer.NewJob}, "fault.not_found"},
			{"another region", roundtest.Uppsalas, trainer.Why{Reason: trainer.NewJob}, "fault.not_found"},
			{"without a reason", roundtest.Dalarnas, trainer.Why{}, "reason comings.reason_missing"},
			{"the region", roundtest.Dalarnas, trainer.Why{Reason: trainer.NewJob, Word: "glöms"}, ""},
		} {
			if got := mends(c.viewer, c.why); got != c.want {
				t.Errorf("mended by %s: %q, want %q", c.name, got, c.want)
			}
		}
		if m := member(); m.Why != (trainer.Why{Reason: trainer.NewJob}) {
			t.Errorf("mended: %+v", m)
		}
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM audit_entry WHERE kind = 'team' AND subject_id = $1`, w.Homes[0]); err != nil || n != 2 {
			t.Errorf("%d entries (%v)", n, err)
		}
		if got := mends(roundtest.Dalarnas, trainer.Why{Reason: trainer.OtherReason, Word: "Flyttar"}); got != "" {
			t.Errorf("mended back: %q", got)
		}
		// Who comes back has ended all the same.
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			_, err := trainer.Recruit(ctx, tx, roundtest.Dalarnas, trainer.New{PersonID: w.Homes[0], CourseID: w.Course, RegionID: roundtest.Dalarna, On: roundtest.Today + 40})
			return err
		}))
		y, err := recruitment.YearOf(ctx, d.Reader(), w.Chief, roundtest.Dalarna, 2025, roundtest.Today+1)
		if err != nil || y.Recruited != 1 || y.Ended != 1 || y.Wished != 4 || y.Refused != 1 || y.Unsaid != 0 || y.Lines[1] != (recruitment.Line{Reason: trainer.Workload, Refused: 1}) || y.Lines[4] != (recruitment.Line{Reason: trainer.OtherReason, Ended: 1}) {
			t.Errorf("%v %+v", err, y)
		}
		if y, err := recruitment.YearOf(ctx, d.Reader(), w.Chief, roundtest.Dalarna, 2025, roundtest.Today); err != nil || y.Ended != 0 {
			t.Errorf("the day before: %v %+v", err, y)
		}
		if y, err := recruitment.YearOf(ctx, d.Reader(), w.Chief, roundtest.Dalarna, 2024, clock.YearEnd(2024)); err != nil || y.Any() {
			t.Errorf("the year before: %v %+v", err, y)
		}
		if got := roundtest.Key(func() error {
			_, err := recruitment.YearOf(ctx, d.Reader(), roundtest.Uppsalas, roundtest.Dalarna, 2025, roundtest.Today)
			return err
		}()); got != "fault.not_found" {
			t.Errorf("another region: %q", got)
		}
	})
}

func TestOneWishAtATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		roundtest.Must(t, jobs.Migrate(ctx, d))
		w := roundtest.NewVillage(t, d)
		each := make([]func() error, 10)
		for i := range each {
			each[i] = func() error {
				return w.Write(func(tx *db.Tx) error {
					_, err := recruitment.Say(ctx, tx, w.Worker(w.Homes[0], w.North), w.Course, "", site, roundtest.Now)
					return err
				})
			}
		}
		roundtest.Together(each...)
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM trainer_wish`); err != nil || n != 1 {
			t.Errorf("%d wishes (%v)", n, err)
		}
	})
}
