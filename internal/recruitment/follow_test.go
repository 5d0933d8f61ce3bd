package recruitment_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/people"
	"yrkesresan/internal/recruitment"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

// No wish is lost and none is shown to who may not see it: who answers it is told by where the person
// works on the day. Falun has a manager; Borlänge, Tierp and the region itself have nobody.
func TestAWishIsAnsweredWhereThePersonWorks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		roundtest.Must(t, jobs.Migrate(ctx, d))
		w := roundtest.NewVillage(t, d)
		today := roundtest.Today
		grant := func(person int64, role access.Role, at int64, from clock.Day) {
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, $2, $3, $4, 1)`, person, string(role), at, from)
				return err
			}))
		}
		grant(w.Chief.PersonID, access.Manager, w.North, today-100)
		viewer := func(person int64, day clock.Day) access.Viewer {
			v, _, err := identity.Viewer(ctx, d.Reader(), person, day)
			roundtest.Must(t, err)
			return v
		}
		say := func(person int64) recruitment.Wish {
			var wish recruitment.Wish
			roundtest.Must(t, w.Write(func(tx *db.Tx) (err error) {
				wish, err = recruitment.Say(ctx, tx, viewer(person, today), w.Course, "Gärna", site, roundtest.Now)
				return err
			}))
			return wish
		}
		mine := func(person int64, day clock.Day) recruitment.Wish {
			all, err := recruitment.Mine(ctx, d.Reader(), access.Viewer{PersonID: person}, day)
			if err != nil || len(all) != 1 {
				t.Fatalf("%v %v", err, all)
			}
			return all[0]
		}
		// names are who waits for the viewer: of their manager, and of the region.
		names := func(v access.Viewer, day clock.Day) string {
			var all []string
			for _, ask := range []func() ([]recruitment.Wish, error){
				func() ([]recruitment.Wish, error) { return recruitment.ToAnswer(ctx, d.Reader(), v, day) },
				func() ([]recruitment.Wish, error) {
					return recruitment.Candidates(ctx, d.Reader(), v, v.Grants[0].RegionID, day)
				},
			} {
				found, err := ask()
				if key := roundtest.Key(err); err != nil && key != "fault.forbidden" && key != "fault.not_found" {
					t.Fatal(err)
				}
				for _, one := range found {
					all = append(all, one.Name)
				}
			}
			return strings.Join(all, ", ")
		}
		closes := func(v access.Viewer, id int64, yes bool, day clock.Day) string {
			return roundtest.Key(w.Write(func(tx *db.Tx) error {
				_, err := recruitment.Close(ctx, tx, v, id, yes, site, day.At(12, 0))
				return err
			}))
		}
		stands := func(what string, person int64, day clock.Day, state recruitment.State, lacks string) {
			t.Helper()
			if m := mine(person, day); m.State() != state || m.Lacks() != lacks {
				t.Errorf("%s: %s %q, want %s %q", what, m.State(), m.Lacks(), state, lacks)
			}
		}
		waits := func(what string, v access.Viewer, day clock.Day, want string) {
			t.Helper()
			if got := names(v, day); got != want {
				t.Errorf("%s: waits for %q, want %q", what, got, want)
			}
		}

		// The region's own, and somebody of a municipality where nobody answers: the region answers.
		if got := say(w.Rss).State(); got != recruitment.Agreed {
			t.Errorf("the region's own: %s", got)
		}
		other := w.Others[0]
		if got := say(other).State(); got != recruitment.Agreed {
			t.Errorf("nobody in the municipality: %s", got)
		}
		waits("Dalarna", roundtest.Dalarnas, today, "Test Kursledare, Test Borlänge1")
		waits("Uppsala", roundtest.Uppsalas, today, "")
		nameless := roundtest.Dalarnas
		nameless.Nameless = []int64{roundtest.Borlange}
		waits("Dalarna without Borlänge's names", nameless, today, "Test Kursledare")
		if got := closes(roundtest.Dalarnas, mine(w.Rss, today).ID, true, today); got != "" {
			t.Errorf("the region's own is taken in: %s", got)
		}
		stands("the region's own", w.Rss, today, recruitment.Recruited, "")

		// Where the region sees no names it is not told, until a manager has agreed.
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return affiliation.Say(ctx, tx, access.System(), roundtest.Borlange, affiliation.Names, false, clock.Period{From: today}, roundtest.Now)
		}))
		stands("without names", other, today, recruitment.Nobody, "comings.nobody.no_manager")
		waits("without names", nameless, today, "")
		if got := closes(nameless, mine(other, today).ID, true, today); got != "fault.not_found" {
			t.Errorf("decided without a name: %s", got)
		}
		grant(w.Others[1], access.MunicipalAdmin, roundtest.Borlange, today)
		stands("an administrator is named", other, today, recruitment.Asked, "")
		waits("the administrator", w.BorlangeAdmin, today, "Test Borlänge1")
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return recruitment.Answer(ctx, tx, w.BorlangeAdmin, mine(other, today).ID, true, trainer.Why{}, site, roundtest.Now)
		}))
		waits("signed up at home", nameless, today, "Test Borlänge1")
		if got := closes(nameless, mine(other, today).ID, false, today); got != "" {
			t.Errorf("let be: %s", got)
		}

		// Whoever moves takes the wish with them, and the manager's word holds no longer.
		mover := w.Homes[0]
		say(mover)
		waits("Dalarna", nameless, today, "")
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return recruitment.Answer(ctx, tx, w.Chief, mine(mover, today).ID, true, trainer.Why{}, site, roundtest.Now)
		}))
		waits("Dalarna after the manager's yes", nameless, today, "Test Norr0")
		for _, c := range []struct {
			from  clock.Day
			state recruitment.State
		}{{today, recruitment.Asked}, {today - 1, recruitment.Agreed}} { // who moves on the day of the answer may have moved after it
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `UPDATE employment SET from_day = $2 WHERE person_id = $1 AND to_day IS NULL`, mover, c.from)
				return err
			}))
			stands("at work there since "+c.from.String(), mover, today, c.state, "")
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return people.Employ(ctx, tx, access.System(), mover, roundtest.Tierp, today+10, "")
		}))
		stands("before the move", mover, today+9, recruitment.Agreed, "")
		waits("Dalarna after the move", nameless, today+10, "")
		waits("Uppsala after the move", roundtest.Uppsalas, today+10, "Test Norr0")
		tierp := w.Person("Tierps", roundtest.Tierp)
		grant(tierp, access.Manager, roundtest.Tierp, today+11)
		stands("the new manager is asked", mover, today+11, recruitment.Asked, "")
		waits("Uppsala when there is a manager", roundtest.Uppsalas, today+11, "")
		waits("the old manager", w.Chief, today+11, "")
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return recruitment.Answer(ctx, tx, viewer(tierp, today+11), mine(mover, today+11).ID, true, trainer.Why{}, site, (today+11).At(12, 0))
		}))
		if got := closes(roundtest.Dalarnas, mine(mover, today+11).ID, true, today+11); got != "fault.not_found" {
			t.Errorf("the region that they have left takes them in: %s", got)
		}
		if got := closes(roundtest.Uppsalas, mine(mover, today+11).ID, true, today+11); got != "" {
			t.Errorf("the region where they work: %s", got)
		}
		if region, err := db.Row(ctx, d.Reader(), db.One[int64], `SELECT region_id FROM trainer WHERE person_id = $1`, mover); err != nil || region != roundtest.Uppsala {
			t.Errorf("in the team of %d (%v)", region, err)
		}

		// Who leaves is told so; who is protected asks elsewhere.
		leaver := w.Homes[1]
		say(leaver)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error { // by the region, on the page of its teams
			id, err := trainer.Recruit(ctx, tx, roundtest.Dalarnas, trainer.New{PersonID: leaver, CourseID: w.Course, RegionID: roundtest.Dalarna, On: today})
			if err != nil {
				return err
			}
			return trainer.End(ctx, tx, roundtest.Dalarnas, id, today, trainer.Why{Reason: trainer.NewJob})
		}))
		stands("in the team", leaver, today, recruitment.InTeam, "")
		waits("the manager of who is in the team", w.Chief, today, "")
		waits("the manager the day after", w.Chief, today+1, "Test Norr1")
		roundtest.Must(t, w.Write(func(tx *db.Tx) error { return people.Leave(ctx, tx, access.System(), leaver, today+5) }))
		stands("their last day", leaver, today+5, recruitment.Asked, "")
		stands("the day after", leaver, today+6, recruitment.Nobody, "comings.nobody.no_employer")
		hidden := w.Homes[2]
		say(hidden)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) SELECT id, given_name, family_name, 2080, 0 FROM person WHERE id = $1`, hidden)
			return err
		}))
		stands("protected", hidden, today, recruitment.Nobody, "comings.nobody.protected")
		waits("the manager of somebody protected", w.Chief, today+1, "Test Norr1")
		if got := roundtest.Key(recruitment.May(ctx, d.Reader(), w.Worker(hidden, w.North), w.Course, today)); got != "comings.wished" {
			t.Errorf("protected, who has said so: %q", got)
		}
	})
}

// Who is or was a trainer elsewhere may say it, and a letter goes once a day, to the managers of the
// main employment alone.
func TestWhoMaySayItAndWhomItIsWrittenTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		roundtest.Must(t, jobs.Migrate(ctx, d))
		w := roundtest.NewVillage(t, d)
		today := roundtest.Today
		person := w.Homes[0]
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			for _, g := range []struct{ person, at int64 }{{w.Chief.PersonID, w.North}, {w.Others[0], roundtest.Borlange}} {
				if _, err := db.Exec(ctx, tx, `UPDATE person SET email = $2 WHERE id = $1`, g.person, "p"+string(rune('a'+g.person%26))+"@example.org"); err != nil {
					return err
				}
				if _, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, $3, 1)`, g.person, g.at, today-100); err != nil {
					return err
				}
			}
			if err := people.EmployToo(ctx, tx, access.System(), person, roundtest.Borlange, today-5, ""); err != nil {
				return err
			}
			_, err := trainer.Recruit(ctx, tx, access.System(), trainer.New{PersonID: person, CourseID: w.Course, RegionID: roundtest.Uppsala, On: today - 400})
			return err
		}))
		worker := w.Worker(person, w.North)
		at := roundtest.Now
		says := func() (id int64) {
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				wish, err := recruitment.Say(ctx, tx, worker, w.Course, "", site, at)
				id = wish.ID
				return err
			}))
			return id
		}
		takesBack := func(id int64) {
			roundtest.Must(t, w.Write(func(tx *db.Tx) error { return recruitment.Withdraw(ctx, tx, worker, id, at) }))
		}
		letters := func(want string) {
			t.Helper()
			all, err := db.Rows(ctx, d.Reader(), db.One[string], `SELECT TRIM(p.given_name || ' ' || p.family_name) FROM person_letter AS l JOIN person AS p ON p.id = l.person_id WHERE l.kind = 'trainer_wish' ORDER BY l.id`)
			if got := strings.Join(all, ", "); err != nil || got != want {
				t.Errorf("written to %q (%v), want %q", got, err, want)
			}
		}
		takesBack(says())
		takesBack(says())
		letters("Test Chef")
		if found, err := recruitment.ToAnswer(ctx, d.Reader(), w.BorlangeAdmin, today); err != nil || len(found) > 0 {
			t.Errorf("the manager of the second employment: %v %v", found, err)
		}
		at = (today + 1).At(0, 0)
		id := says()
		letters("Test Chef, Test Chef")
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return recruitment.Answer(ctx, tx, w.Chief, id, false, trainer.Why{Reason: trainer.NoTime}, site, at)
		}))
		says() // anew after an answer
		letters("Test Chef, Test Chef, Test Chef")

		for _, c := range []struct {
			name   string
			viewer access.Viewer
			want   string
		}{
			{"who has said so", worker, "comings.wished"},
			{"an employee", w.Worker(w.Homes[1], w.North), ""},
			{"nobody's employee", access.Viewer{PersonID: w.Homes[1]}, "comings.no_employer"},
			{"nobody at all", access.Viewer{Home: access.Place{RegionID: roundtest.Dalarna}}, "comings.no_employer"},
			{"a trainer of the course in another region, there", access.Viewer{PersonID: person, Home: access.Place{RegionID: roundtest.Uppsala}}, "comings.in_team"},
		} {
			if got := roundtest.Key(recruitment.May(ctx, d.Reader(), c.viewer, w.Course, today+1)); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	})
}
