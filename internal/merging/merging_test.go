package merging_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/merging"
	"yrkesresan/internal/people"
	"yrkesresan/internal/privacy"
	"yrkesresan/internal/round"
	. "yrkesresan/internal/round/roundtest"
)

var (
	site = letter.Site{Base: "https://yrkesresan.example.org"}
	// Who merges: the administrator of Falun, of Dalarna, and an operator.
	falun    = access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: Falun, RegionID: Dalarna, MunicipalityID: Falun}}}
	dalarna  = access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: Dalarna, RegionID: Dalarna}}}
	operator = access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Operator, Level: access.Nation, OrganisationID: 1}}}
)

// world is a World with jobs.
func world(t *testing.T, d *db.DB) *World {
	t.Helper()
	Must(t, jobs.Migrate(Ctx, d))
	return NewWorld(t, d)
}

func do(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	if err := d.Write(Ctx, func(tx *db.Tx) error {
		_, err := db.Exec(Ctx, tx, query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func one[T any](t *testing.T, d *db.DB, query string, args ...any) T {
	t.Helper()
	v, err := db.Row(Ctx, d.Reader(), db.One[T], query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// address gives the person an e-mail address.
func address(t *testing.T, d *db.DB, person int64, email string) {
	t.Helper()
	do(t, d, `UPDATE person SET email = $2 WHERE id = $1`, person, email)
	Must(t, d.Write(Ctx, func(tx *db.Tx) error { return people.KeepWords(Ctx, tx, person) }))
}

func merge(d *db.DB, viewer access.Viewer, kept, gone int64, email string) error {
	return merging.Merge(Ctx, d, viewer, merging.Wish{Kept: kept, Gone: gone, Email: email}, site, Now)
}

// apart are tables that a merge and its split leave other than they were: what was read and
// done, sessions, letters, and when figures were counted.
var apart = []string{"audit_entry", "audit_seal", "merger", "session", "sign_in_link", "sign_in_letter", "person_letter", "figure_stamp", "round_event", "kept_form"}

// dump is every row of every table but those that are apart, sorted.
func dump(t *testing.T, d *db.DB) string {
	t.Helper()
	query := `SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' ORDER BY 1, 2`
	if d.Engine == db.Postgres {
		query = `SELECT c.table_name, c.column_name FROM information_schema.columns AS c
			JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
			WHERE c.table_schema = 'public' ORDER BY 1, 2`
	}
	cells, err := db.Rows(Ctx, d.Reader(), func(c *[2]string) []any { return []any{&c[0], &c[1]} }, query)
	Must(t, err)
	columns := map[string][]string{}
	for _, c := range cells {
		columns[c[0]] = append(columns[c[0]], c[1])
	}
	var all []string
	for table, names := range columns {
		if slices.Contains(apart, table) || strings.HasPrefix(table, "river") || strings.HasPrefix(table, "goose") || strings.HasPrefix(table, "sqlite") {
			continue
		}
		parts := make([]string, len(names))
		for i, n := range names {
			parts[i] = "COALESCE(CAST(" + n + " AS TEXT), '-')"
		}
		rows, err := db.Rows(Ctx, d.Reader(), db.One[string], `SELECT `+strings.Join(parts, ` || '|' || `)+` FROM `+table)
		if err != nil {
			t.Fatal(table, err)
		}
		for _, r := range rows {
			all = append(all, table+" "+r)
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// differ are the lines that only one of two dumps has.
func differ(a, b string) (lines []string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for _, l := range x {
		if !slices.Contains(y, l) {
			lines = append(lines, "- "+l)
		}
	}
	for _, l := range y {
		if !slices.Contains(x, l) {
			lines = append(lines, "+ "+l)
		}
	}
	return lines
}

// webCourse is a course without days, of three required tasks.
func webCourse(w *World) (id int64, tasks []int64) {
	w.Helper()
	Must(w.T, w.Write(func(tx *db.Tx) (err error) {
		if id, err = catalogue.Add(Ctx, tx, catalogue.Course{Slug: "webb", Name: "Webbkurs"}, catalogue.Web, Today-500); err != nil {
			return err
		}
		content := catalogue.Content{Changes: catalogue.Words{"sv": "Ny"}}
		for _, key := range []string{"ett", "tva", "tre"} {
			content.Tasks = append(content.Tasks, catalogue.Task{Key: key, Phase: catalogue.During, Kind: catalogue.TextTask, Title: catalogue.Words{"sv": key}, Minutes: 5, Text: catalogue.Words{"sv": "Läs."}})
		}
		version, err := catalogue.SaveDraft(Ctx, tx, System, id, 0, &content, Now)
		if err != nil {
			return err
		}
		e, err := catalogue.Publish(Ctx, tx, System, id, version, Now)
		if err != nil {
			return err
		}
		tasks, err = db.Rows(Ctx, tx, db.One[int64], `SELECT id FROM task WHERE edition_id = $1 ORDER BY ordinal`, e.ID)
		return err
	}))
	return id, tasks
}

func does(t *testing.T, d *db.DB, person int64, at clock.Instant, tasks ...string) {
	t.Helper()
	for _, task := range tasks {
		Must(t, d.Write(Ctx, func(tx *db.Tx) error {
			yes := true
			_, err := attendance.SaveProgress(Ctx, tx, access.Viewer{PersonID: person}, "webb", task, func(*catalogue.Task) learning.Touch { return learning.Touch{At: at, Done: &yes} }, at)
			return err
		}))
	}
}

// TestTwoThatAreOne is the case of the two accounts that share a course: the tasks of both
// count together, and every completion and certificate is kept and can be checked.
func TestTwoThatAreOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		course, _ := webCourse(w)
		a, b := w.Staff[1], w.Staff[2]
		address(t, d, a, "a@example.org")
		address(t, d, b, "b@example.org")
		does(t, d, a, Now-3, "ett", "tva")
		does(t, d, b, Now-2, "tva", "tre")
		codes := map[int64]string{}
		for i, id := range []int64{a, b} { // both have completed the other course
			Must(t, d.Write(Ctx, func(tx *db.Tx) error {
				c, err := learning.Complete(Ctx, tx, System, learning.New{PersonID: id, CourseID: w.Course, On: Today - 10 - clock.Day(i), Source: learning.Import}, Now)
				if err != nil {
					return err
				}
				paper, err := learning.Certify(Ctx, tx, access.Viewer{PersonID: id}, c, Now)
				codes[id] = paper.Code
				return err
			}))
		}
		do(t, d, `INSERT INTO passkey (person_id, handle, credential_id, public_key, name, transports, aaguid, attestation, counter, user_present, user_verified, backup_eligible, backed_up, made_at)
			SELECT $1, $2, $2, $2, 'Telefon', '', $2, '', 0, TRUE, TRUE, FALSE, FALSE, 0`, b, []byte("key"))
		before := dump(t, d)

		o, err := merging.Preview(Ctx, d, falun, merging.Wish{Kept: a, Gone: b}, Now)
		if err != nil {
			t.Fatal(err)
		}
		if diff := differ(before, dump(t, d)); len(diff) > 0 {
			t.Errorf("to look changed something: %v", diff)
		}
		want := []merging.Course{
			{Title: "Kurs", Completed: []clock.Day{Today - 11, Today - 10}, Certificates: 1},
			{Title: "Webbkurs", Done: 3, Required: 3, Completed: []clock.Day{Today}, Whole: true},
		}
		for i := range want {
			got := o.Courses[i]
			got.Certificates = want[i].Certificates
			if fmt.Sprint(got) != fmt.Sprint(want[i]) {
				t.Errorf("course %d is told as %+v, want %+v", i, o.Courses[i], want[i])
			}
		}
		if len(o.Doubled) != 1 || o.Doubled[0].Organisation != "Falun" || len(o.Jobs) != 0 {
			t.Errorf("the employments are told as %+v and %+v", o.Doubled, o.Jobs)
		}
		if o.Email != "a@example.org" || o.Lost() != "b@example.org" {
			t.Errorf("signs in with %s, no longer with %s", o.Email, o.Lost())
		}

		Must(t, merge(d, falun, a, b, "b@example.org"))
		if done := one[int](t, d, `SELECT COUNT(*) FROM progress AS p JOIN study AS s ON s.person_id = p.person_id WHERE p.person_id = $1 AND s.course_id = $2 AND p.done_at IS NOT NULL`, a, course); done != 3 {
			t.Errorf("%d tasks are done", done)
		}
		var days []clock.Day
		for _, c := range w.Completions(a) {
			days = append(days, c.On)
		}
		if !slices.Equal(days, []clock.Day{Today, Today - 11}) {
			t.Errorf("completed on %v", days)
		}
		for id, code := range codes {
			c, err := learning.CheckCertificate(Ctx, d.Reader(), code)
			if err != nil || c.PersonID != a || c.Revoked || c.Name != "Test Falun01" || c.Course != "Kurs" {
				t.Errorf("the certificate of %d is %+v, %v", id, c, err)
			}
		}
		if owner := one[int64](t, d, `SELECT person_id FROM passkey`); owner != a {
			t.Errorf("the passkey is %d's", owner)
		}
		if remaining, err := people.Remaining(Ctx, d.Reader(), b); remaining != a || err != nil {
			t.Errorf("%d leads to %d, %v", b, remaining, err)
		}
		if email := one[string](t, d, `SELECT email FROM person WHERE id = $1`, a); email != "b@example.org" {
			t.Errorf("signs in with %s", email)
		}
		if letters := one[int](t, d, `SELECT COUNT(*) FROM person_letter WHERE person_id = $1 AND kind = 'merger'`, a); letters != 1 {
			t.Errorf("%d letters to the address that stays", letters)
		}
		if old := one[int](t, d, `SELECT COUNT(*) FROM river_job WHERE kind = 'mail_letter'`); old != 1 {
			t.Errorf("%d letters to the address that goes", old)
		}
		if lines, _, err := audit.Of(Ctx, d.Reader(), access.Viewer{PersonID: a}, 0, 100); err != nil || !slices.ContainsFunc(lines, func(l audit.Line) bool { return l.SubjectID == b }) {
			t.Errorf("one's own log does not show both: %v", err)
		}

		Must(t, merging.Split(Ctx, d, falun, a, site, Now))
		if diff := differ(before, dump(t, d)); len(diff) > 0 {
			t.Errorf("not as it was before:\n%s", strings.Join(diff, "\n"))
		}
	})
}

// TestWhoMayMerge: who administers each employer of both and may give each of their roles.
func TestWhoMayMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		a, b, c := w.Staff[1], w.Staff[2], w.Others[0]
		grant := func(person int64, role access.Role, at int64) {
			t.Helper()
			do(t, d, `DELETE FROM role_grant`)
			if role != "" {
				do(t, d, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, $2, $3, '2025-01-01', 0)`, person, role, at)
			}
		}
		manager := access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Manager, Level: access.Municipality, OrganisationID: Falun, RegionID: Dalarna, MunicipalityID: Falun, Keeps: true}}}
		uppsala := access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: Uppsala, RegionID: Uppsala}}}
		self := falun
		self.PersonID = a
		seen := falun
		seen.SeenBy = 99
		for _, x := range []struct {
			name       string
			viewer     access.Viewer
			kept, gone int64
			role       access.Role
			at         int64
			want       string
		}{
			{"the municipality's administrator", falun, a, b, "", 0, ""},
			{"a manager who keeps people does not", manager, a, b, "", 0, "forbidden"},
			{"nobody", access.Viewer{PersonID: 1}, a, b, "", 0, "not found"},
			{"another region's", uppsala, a, b, "", 0, "not found"},
			{"support that sees the pages as the administrator", seen, a, b, "", 0, "forbidden"},
			{"one and the same", falun, a, a, "", 0, "with merging.same"},
			{"the administrator of one of two employers", falun, a, c, "", 0, "not found"},
			{"the region's administers both", dalarna, a, c, "", 0, ""},
			{"not oneself as who remains", self, a, b, "", 0, "merging.not_oneself"},
			{"nor as who goes", self, b, a, "", 0, "merging.not_oneself"},
			{"a role that the viewer may give comes along", falun, a, b, access.Manager, Falun, ""},
			{"one that they may not give does not", falun, a, b, access.MunicipalAdmin, Falun, "merging.office"},
			{"nor is it taken over", falun, b, a, access.MunicipalAdmin, Falun, "merging.office"},
			{"the region's may", dalarna, a, b, access.MunicipalAdmin, Falun, ""},
			{"not an operator's role", dalarna, a, b, access.Operator, 1, "merging.office"},
			{"an operator may", operator, a, b, access.Operator, 1, ""},
		} {
			grant(b, x.role, x.at)
			_, err := merging.Preview(Ctx, d, x.viewer, merging.Wish{Kept: x.kept, Gone: x.gone}, Now)
			got := Key(err)
			switch {
			case errors.Is(err, fault.Forbidden):
				got = "forbidden"
			case errors.Is(err, fault.NotFound):
				got = "not found"
			}
			if got != x.want {
				t.Errorf("%s: %s, want %s", x.name, got, x.want)
			}
		}
		grant(0, "", 0)
		Must(t, d.Write(Ctx, func(tx *db.Tx) error { return people.EmployToo(Ctx, tx, System, b, Borlange, Today, "") }))
		if err := merge(d, falun, a, b, ""); Key(err) != "merging.works_elsewhere" {
			t.Errorf("who works elsewhere, too: %v", err)
		}
		if err := merge(d, dalarna, a, b, "nobody@example.org"); Key(err) != "email merging.other_address" {
			t.Errorf("another address: %v", err)
		}
		Must(t, merge(d, dalarna, a, b, ""))
		for name, err := range map[string]error{
			"who is gone goes no second time": merge(d, operator, w.Staff[3], b, ""),
			"nor remains":                     merge(d, operator, b, w.Staff[3], ""),
		} {
			if Key(err) != "merging.gone_already" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := merging.Split(Ctx, d, falun, a, site, Now); Key(err) != "merging.works_elsewhere" {
			t.Errorf("who does not administer both splits: %v", err)
		}
		late := (Today + merging.Days + 1).At(0, 0)
		if err := merging.Split(Ctx, d, dalarna, a, site, late); Key(err) != "merging.too_late" {
			t.Errorf("too late: %v", err)
		}
		if _, err := merging.PreviewSplit(Ctx, d, dalarna, a, (Today+merging.Days).At(23, 0)); err != nil {
			t.Errorf("on the last day: %v", err)
		}
		Must(t, merging.Split(Ctx, d, dalarna, a, site, Now))
		if err := merging.Split(Ctx, d, dalarna, a, site, Now); Key(err) != "merging.none" {
			t.Errorf("a second time: %v", err)
		}
	})
}

// TestManyMergeAtOnce: of many at once, in both directions, one merges.
func TestManyMergeAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		a, b, c := w.Staff[1], w.Staff[2], w.Staff[3]
		var each []func() error
		for range 3 {
			each = append(each,
				func() error { return merge(d, falun, a, b, "") },
				func() error { return merge(d, falun, b, a, "") },
				func() error { return merge(d, falun, c, b, "") })
		}
		got := Together(each...)
		// a or b may be merged into c or the other, and who remains with the third.
		gone := one[int](t, d, `SELECT COUNT(*) FROM person WHERE merged_into IS NOT NULL`)
		if got[""] != gone || gone < 1 || gone > 2 || got[""]+got["merging.gone_already"] != len(each) {
			t.Errorf("%v, %d are gone", got, gone)
		}
		if double := one[int](t, d, `SELECT COUNT(*) FROM person AS p JOIN person AS q ON q.id = p.merged_into WHERE q.merged_into = p.id`); double != 0 {
			t.Error("two lead to each other")
		}
		for _, id := range []int64{a, b, c} {
			if main := one[int](t, d, `SELECT COUNT(*) FROM employment AS e JOIN person AS p ON p.id = e.person_id WHERE e.person_id = $1 AND (p.merged_into IS NULL) <> (e.main AND e.to_day IS NULL)`, id); main != 0 {
				t.Errorf("person %d is employed otherwise", id)
			}
		}
	})
}

// TestSeatsAndMoney: two seats in a round, and that nobody is charged otherwise.
func TestSeatsAndMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		a, b, other := w.Staff[1], w.Others[0], w.Staff[3]
		coming := w.Published(w.Plan())
		n := w.Plan()
		n.Label, n.SignupFrom = "Omgång 2", Today
		past := w.Published(n)
		w.Enrolled(coming, a, b)
		seats := w.Enrolled(past, a, b, other)
		held := w.Get(System, past)
		later := (First + 2).At(12, 0)
		for _, day := range held.CourseDays {
			Must(t, w.Save(System, day, append(append(All(seats[:1], round.Present), All(seats[1:2], round.Absent)...), All(seats[2:], round.Present)...), There(day, true), later))
		}
		do(t, d, `UPDATE round SET first_day = '2026-01-01', last_day = '2026-01-02' WHERE id = $1`, coming)
		do(t, d, `INSERT INTO settlement (region_id, year, settled_at, settled_by) VALUES ($1, 2025, 0, $2)`, Dalarna, other)
		paid := func() string {
			rows, err := db.Rows(Ctx, d.Reader(), db.One[string], `
				SELECT CAST(y.id AS TEXT) || ' ' || CAST(n.id AS TEXT) || ' ' || COALESCE(CAST(e.municipality_id AS TEXT), '-')
				FROM attendance AS a JOIN course_day AS y ON y.id = a.course_day_id JOIN enrolment AS n ON n.id = a.enrolment_id
				LEFT JOIN employment AS e ON `+people.SendsSQL("e", "n")+` AND e.from_day <= y.day AND (e.to_day IS NULL OR e.to_day >= y.day)
				ORDER BY 1`)
			Must(t, err)
			return strings.Join(rows, ", ")
		}
		before, charged := dump(t, d), paid()
		if !strings.Contains(charged, "2081") {
			t.Fatalf("Borlänge pays nothing: %s", charged)
		}
		o, err := merging.Preview(Ctx, d, dalarna, merging.Wish{Kept: a, Gone: b}, later)
		Must(t, err)
		if len(o.Seats) != 2 || o.Seats[0].GivenUp || !o.Seats[1].GivenUp {
			t.Errorf("the seats are told as %+v", o.Seats)
		}
		Must(t, merging.Merge(Ctx, d, dalarna, merging.Wish{Kept: a, Gone: b}, site, later))
		if got := paid(); got != charged {
			t.Errorf("charged is\n%s, was\n%s", got, charged)
		}
		if here := w.Seated(coming); len(here) != 1 || here[0] != a {
			t.Errorf("the coming round seats %v", here)
		}
		Must(t, merging.Split(Ctx, d, dalarna, a, site, later))
		if diff := differ(before, dump(t, d)); len(diff) > 0 {
			t.Errorf("not as it was before:\n%s", strings.Join(diff, "\n"))
		}

		// A seat that was given up and went to another is not given back; with room it is.
		do(t, d, `UPDATE round SET capacity = 2 WHERE id = $1`, coming)
		for name, taken := range map[string]bool{"there is room": false, "the seat is another's": true} {
			Must(t, merging.Merge(Ctx, d, dalarna, merging.Wish{Kept: a, Gone: b}, site, later))
			if taken {
				do(t, d, `INSERT INTO enrolment (round_id, person_id, enrolled_at) VALUES ($1, $2, 0)`, coming, other)
			}
			Must(t, merging.Split(Ctx, d, dalarna, a, site, later))
			here := w.Seated(coming)
			if len(here) != 2 || slices.Contains(here, b) == taken {
				t.Errorf("%s: seated are %v", name, here)
			}
			do(t, d, `DELETE FROM enrolment WHERE round_id = $1 AND person_id = $2`, coming, other)
			do(t, d, `UPDATE enrolment SET withdrawn_at = NULL WHERE round_id = $1`, coming)
		}

		// Nobody is in two places.
		do(t, d, `UPDATE attendance SET mark = 'late' WHERE enrolment_id = $1`, seats[1])
		if err := merge(d, dalarna, a, b, ""); Key(err) != "merging.in_two_places" {
			t.Errorf("both were there: %v", err)
		}
	})
}

// TestASettledYearStays: a seat that was charged to nobody would be charged to an employer.
func TestASettledYearStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		a, b := w.Staff[1], w.Staff[2]
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, a)
		later := (First + 2).At(12, 0)
		for _, day := range w.Get(System, id).CourseDays {
			Must(t, w.Save(System, day, All(seats, round.Present), There(day, true), later))
		}
		do(t, d, `UPDATE employment SET to_day = $2 WHERE person_id = $1`, a, First-1)
		if err := merging.Merge(Ctx, d, dalarna, merging.Wish{Kept: a, Gone: b}, site, later); err != nil {
			t.Fatalf("a year that is not settled: %v", err)
		}
		Must(t, merging.Split(Ctx, d, dalarna, a, site, later))
		do(t, d, `INSERT INTO settlement (region_id, year, settled_at, settled_by) VALUES ($1, 2025, 0, $2)`, Dalarna, b)
		if err := merging.Merge(Ctx, d, dalarna, merging.Wish{Kept: a, Gone: b}, site, later); Key(err) != "merging.settled" {
			t.Errorf("a settled year: %v", err)
		}
	})
}

// TestWhoIsMergedIsErasedWithWhoRemains, under both names.
func TestWhoIsMergedIsErasedWithWhoRemains(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		for _, email := range []string{"zyx@example.org", "qwo@example.org"} {
			a, b := w.Person("Zyxelqvist", Falun), w.Person("Qwortström", Falun)
			address(t, d, a, "zyx@example.org")
			address(t, d, b, "qwo@example.org")
			Must(t, merge(d, falun, a, b, email))
			own, err := privacy.OwnOf(Ctx, d, access.Viewer{PersonID: a}, Now)
			Must(t, err)
			for _, name := range []string{"Zyxelqvist", "Qwortström", "qwo@example.org", "zyx@example.org"} {
				if !strings.Contains(fmt.Sprint(own), name) {
					t.Errorf("one's own data lack %s", name)
				}
			}
			Must(t, privacy.Erase(Ctx, d, falun, a, "Test Zyxelqvist", Now))
			for line := range strings.SplitSeq(dump(t, d)+letters(t, d), "\n") {
				for _, name := range []string{"Zyxel", "zyx@", "Qwort", "qwo@"} {
					if strings.Contains(line, name) {
						t.Errorf("%s is left: %s", name, line)
					}
				}
			}
			for _, id := range []int64{a, b} {
				if erased, err := privacy.Erased(Ctx, d.Reader(), id); !erased || err != nil {
					t.Errorf("person %d is erased: %v, %v", id, erased, err)
				}
			}
		}
	})
}

func letters(t *testing.T, d *db.DB) string {
	t.Helper()
	rows, err := db.Rows(Ctx, d.Reader(), db.One[string], `
		SELECT CAST(args AS TEXT) FROM river_job
		UNION ALL
		SELECT subject || body FROM person_letter
		UNION ALL
		SELECT before || after FROM merger_row`)
	Must(t, err)
	return "\n" + strings.Join(rows, "\n")
}
