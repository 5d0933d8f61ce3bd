package people_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/people"
)

const base = "https://yrkesresan.example.org"

// TestWhatIsWrongReachesWhoCanMendIt follows a remark to the municipality's administrators,
// and where there is none to the region's.
func TestWhatIsWrongReachesWhoCanMendIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		must(t, jobs.Migrate(ctx, d))
		today := now.Day()
		put := func(query string, args ...any) {
			t.Helper()
			must(t, in(d, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, query, args...)
				return err
			}))
		}
		me, local, second, region := add(t, d, "Ana", "Zetterlund", falun, today-100), add(t, d, "Bo", "Alm", falun, today-100), add(t, d, "Cia", "Dal", falun, today-100), add(t, d, "Rut", "Ek", dalarna, today-100)
		put(`UPDATE person SET email = 'bo@example.org', language = 'en' WHERE id = $1`, local)
		put(`UPDATE person SET email = 'rut@example.org' WHERE id = $1`, region)
		grant := func(person int64, role access.Role, at int64) {
			put(`INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, $2, $3, $4, 0)`, person, string(role), at, today)
		}
		grant(region, access.Regional, dalarna)
		say := func(person int64, text string) (names string, err error) {
			err = in(d, func(tx *db.Tx) error {
				got, err := people.SayWrong(ctx, tx, access.Viewer{PersonID: person}, text, base, now)
				for _, p := range got {
					names += p.Name() + "; "
				}
				return err
			})
			return names, err
		}
		letters := func(to string) (n int) {
			n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job WHERE kind = 'mail_letter' AND CAST(args AS TEXT) LIKE $1`, "%"+to+"%")
			must(t, err)
			return n
		}

		if got, err := say(me, "Jag heter Ana-Maria."); err != nil || got != "Rut Ek; " || letters("rut@example.org") != 1 {
			t.Errorf("without a local administrator it goes to %q with %d letters, %v", got, letters("rut@example.org"), err)
		}
		grant(local, access.MunicipalAdmin, falun)
		grant(second, access.MunicipalAdmin, falun) // without an address
		if got, err := say(me, "Jag heter Ana-Maria."); err != nil || got != "Bo Alm; Cia Dal; " || letters("bo@example.org") != 1 || letters("rut@example.org") != 1 {
			t.Errorf("with two of them it goes to %q, %v", got, err)
		}
		if letters(base+"/people/") != 2 || letters("says that something is wrong") != 1 {
			t.Error("a letter lacks its link or its language")
		}
		if got, err := say(local, "Fel arbetsplats"); err != nil || got != "Cia Dal; " {
			t.Errorf("an administrator's own goes to %q, %v", got, err)
		}
		if _, err := say(0, "Fel"); key(err) != "fault.forbidden" {
			t.Errorf("nobody says that something is wrong: %v", err)
		}
		nowhere := add(t, d, "Eva", "Fors", uppsala, today-10)
		if _, err := say(nowhere, "Fel"); key(err) != "people.remark_nobody" {
			t.Errorf("where nobody can mend it: %v", err)
		}
		for text, want := range map[string]string{
			"":                        "text people.remark_missing",
			strings.Repeat("å", 1000): "",
			strings.Repeat("å", 1001): "text fault.too_long",
		} {
			if _, err := say(me, text); key(err) != want {
				t.Errorf("%d characters: %v, want %q", len(text)/2, err, want)
			}
		}
		for n := 4; n <= 6; n++ {
			want := ""
			if n > 5 {
				want = "people.remark_many"
			}
			if _, err := say(me, "Fel igen"); key(err) != want {
				t.Errorf("number %d: %v, want %q", n, err, want)
			}
		}

		falu, dala := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), viewer(access.Regional, access.Region, dalarna, dalarna)
		falu.PersonID = local
		open := func(v access.Viewer, place access.Place, organisation int64) []people.Remark {
			all, err := people.OpenRemarks(ctx, d.Reader(), v, place, organisation)
			must(t, err)
			return all
		}
		inFalun, inDalarna := access.Place{RegionID: dalarna, MunicipalityID: falun}, access.Place{RegionID: dalarna}
		if all := open(falu, inFalun, falun); len(all) != 5 || all[0].Name != "Ana Zetterlund" || strings.Join(all[0].Readers, ", ") != "Bo Alm, Cia Dal" {
			t.Errorf("the municipality has %+v", all)
		}
		if all := open(dala, inDalarna, dalarna); len(all) != 1 {
			t.Errorf("the region has %+v", all)
		}
		for name, v := range map[string]access.Viewer{"the neighbour": viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), "the person": {PersonID: me}} {
			if all := open(v, inFalun, falun); len(all) != 0 {
				t.Errorf("%s reads %+v", name, all)
			}
		}
		of, err := people.RemarksOf(ctx, d.Reader(), falu, me, today)
		if must(t, err); len(of) != 5 {
			t.Errorf("of the person %d wait, want all 5", len(of))
		}
		if own, err := people.RemarksOf(ctx, d.Reader(), access.Viewer{PersonID: me}, me, today); err != nil || len(own) != 0 {
			t.Errorf("the person's page tells themselves %+v, %v", own, err)
		}

		finish := func(v access.Viewer) error {
			return in(d, func(tx *db.Tx) error { return people.FinishRemark(ctx, tx, v, of[0].ID, now+1) })
		}
		for _, c := range []struct {
			name string
			v    access.Viewer
			want string
		}{
			{"the neighbour", viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), "fault.not_found"},
			{"the person", access.Viewer{PersonID: me}, "fault.not_found"},
			{"the administrator", falu, ""},
			{"once more", falu, "people.remark_done"},
		} {
			if err := finish(c.v); key(err) != c.want {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
		}
		self, err := people.SelfOf(ctx, d.Reader(), access.Viewer{PersonID: me}, today)
		must(t, err)
		if last := self.Remarks[len(self.Remarks)-1]; len(self.Remarks) != 5 || last.DoneAt == nil || *last.DoneAt != now+1 || strings.Join(last.Readers, ", ") != "Rut Ek" {
			t.Errorf("one's own are %+v", self.Remarks)
		}
		if self.Employment == nil || self.Employment.MunicipalityID != falun || len(self.Administrators) != 2 || self.Administrators[0].Email != "bo@example.org" {
			t.Errorf("one's own page says %+v", self)
		}
		if _, err := say(me, "Nu finns det plats"); err != nil {
			t.Errorf("after one is done: %v", err)
		}
	})
}

// Where the municipality keeps its names from the region, what somebody says is wrong does
// not go there, and what went before is not shown there any more.
func TestWhatIsWrongStaysWhereTheRegionSeesNoNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		must(t, jobs.Migrate(ctx, d))
		today := now.Day()
		me, neighbour, region := add(t, d, "Ana", "Zetterlund", falun, today-100), add(t, d, "Bo", "Alm", borlange, today-100), add(t, d, "Rut", "Ek", dalarna, today-100)
		must(t, in(d, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'regional', $2, $3, 0)`, region, dalarna, today)
			return err
		}))
		say := func(person int64) error {
			return in(d, func(tx *db.Tx) error {
				_, err := people.SayWrong(ctx, tx, access.Viewer{PersonID: person}, "Fel namn.", base, now)
				return err
			})
		}
		must(t, say(me))
		must(t, say(neighbour))
		ruts := viewer(access.Regional, access.Region, dalarna, dalarna)
		open := func() int {
			t.Helper()
			all, err := people.OpenRemarks(ctx, d.Reader(), ruts, access.Place{RegionID: dalarna}, dalarna)
			must(t, err)
			return len(all)
		}
		if open() != 2 {
			t.Fatalf("%d wait", open())
		}
		must(t, in(d, func(tx *db.Tx) error {
			return affiliation.Say(ctx, tx, access.System(), falun, affiliation.Names, false, clock.Period{From: today}, now)
		}))
		ruts.Nameless = []int64{falun}
		if open() != 1 {
			t.Errorf("%d wait, want the neighbour's", open())
		}
		if f := fault.Of(say(me)); f == nil || f.Key != "people.remark_nobody" {
			t.Errorf("it goes on: %v", f)
		}
		must(t, say(neighbour))
	})
}
