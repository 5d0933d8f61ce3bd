package people_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/people"
)

func TestAListIsNarrowedToThoseWhoLackSomething(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		day := clock.Date(2025, 6, 1)
		journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "funktionshinder-utforare")
		must(t, err)
		course, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-1")
		must(t, err)
		start := day.AddDate(-1, 0, 0)
		done, lacks, manager := add(t, d, "Test", "Alm", falun, start), add(t, d, "Test", "Björk", falun, start), add(t, d, "Test", "Ceder", falun, start)
		add(t, d, "Test", "Dahl", falun, start) // no account
		must(t, in(d, func(tx *db.Tx) error {
			for id, role := range map[int64]access.Role{done: access.Employee, lacks: access.Employee, manager: access.Manager} {
				if _, err := people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: id, JourneyID: journey.ID, OpenedOn: start, Roles: []access.Role{role}}); err != nil {
					return err
				}
			}
			_, err := db.Exec(ctx, tx, `INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) VALUES ($1, $2, $3, 'web', $4)`, done, course.ID, day, now)
			return err
		}))
		admin := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		for name, c := range map[string]struct {
			filter people.Filter
			want   []string
		}{
			"a course":                                {people.Filter{WithoutID: course.ID}, []string{"Björk", "Ceder", "Dahl"}},
			"a course, of the journey's employees":    {people.Filter{WithoutID: course.ID, JourneyID: journey.ID}, []string{"Björk"}},
			"an account":                              {people.Filter{WithoutAccount: true}, []string{"Dahl"}},
			"nothing, from the end of the alphabet":   {people.Filter{Falling: true}, []string{"Dahl", "Ceder", "Björk", "Alm"}},
			"nothing, the last page from the end":     {people.Filter{Falling: true, PerPage: 3, Page: 2}, []string{"Alm"}},
			"a course they completed on the same day": {people.Filter{WithoutID: course.ID, Name: "alm"}, nil},
		} {
			t.Run(name, func(t *testing.T) {
				rows, _, err := people.List(ctx, d.Reader(), admin, c.filter, day)
				must(t, err)
				var got []string
				for _, r := range rows {
					got = append(got, r.FamilyName)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}

func TestSomebodyIsSeenBeforeWhileAndAfterTheyAreEmployed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		from, last := clock.Date(2025, 3, 1), clock.Date(2025, 9, 30)
		id := add(t, d, "Test", "Alm", falun, from)
		must(t, in(d, func(tx *db.Tx) error { return people.Leave(ctx, tx, system, id, last) }))
		at := func(municipality int64) access.Viewer {
			return viewer(access.MunicipalAdmin, access.Municipality, municipality, dalarna)
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			day    clock.Day
			want   error
		}{
			"before the first day":              {at(falun), from - 10, nil},
			"on a day of the employment":        {at(falun), from + 10, nil},
			"after the last day":                {at(falun), last + 10, nil},
			"never by the neighbour":            {at(borlange), from + 10, fault.NotFound},
			"nor by the neighbour before":       {at(borlange), from - 10, fault.NotFound},
			"always by themselves":              {access.Viewer{PersonID: id}, last + 10, nil},
			"not by another without any office": {access.Viewer{PersonID: id + 1}, from, fault.NotFound},
		} {
			t.Run(name, func(t *testing.T) {
				if err := people.Visible(ctx, d.Reader(), c.viewer, id, c.day); !errors.Is(err, c.want) {
					t.Errorf("visible: %v, want %v", err, c.want)
				}
				if _, err := people.Get(ctx, d.Reader(), c.viewer, id, c.day); !errors.Is(err, c.want) {
					t.Errorf("get: %v, want %v", err, c.want)
				}
			})
		}
	})
}

func TestNamesAreFoundHoweverTheyAreWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		from := clock.Date(2025, 3, 1)
		add(t, d, "Ann-Sofie", "von Essen", falun, from)
		add(t, d, "Åsa", "Öberg", falun, from)
		add(t, d, "Håkan", "McDonald", falun, from)
		add(t, d, "René", "O’Brien", falun, from)
		must(t, in(d, func(tx *db.Tx) error {
			_, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Lindqvist", Email: "t.lind-9@example.org"}, falun, from, "", now)
			return err
		}))
		lists := map[string]access.Viewer{
			"a municipality": viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna),
			"the country":    viewer(access.Operator, access.Nation, 1, 0),
		}
		for words, want := range map[string][]string{
			"ann-sofie": {"von Essen"}, "ANN-S": {"von Essen"}, "von": {"von Essen"}, "Von": {"von Essen"}, "annsofie": {"von Essen"}, "ann sofie": {"von Essen"},
			"åsa": {"Öberg"}, "ÅSA ÖBERG": {"Öberg"}, "oberg asa": {"Öberg"}, "Öberg, Åsa": {"Öberg"}, "O\u0308berg": {"Öberg"},
			"mcd håk": {"McDonald"}, "mcd hak": {"McDonald"}, "rene o'brien": {"O’Brien"}, "obrien": {"O’Brien"}, "o brien": {"O’Brien"},
			"t.lind-9@example.org": {"Lindqvist"}, "T.LIND-9@exa": {"Lindqvist"}, "example": nil, "lindkvist": {"Lindqvist"}, "mcdnoald": {"McDonald"}, "mcdonalds": {"McDonald"},
			"%": nil, "'": nil, "åsa von": nil, "lindkvits": nil,
		} {
			for where, admin := range lists {
				rows, total, err := people.List(ctx, d.Reader(), admin, people.Filter{Name: words}, from)
				must(t, err)
				var got []string
				for _, r := range rows {
					got = append(got, r.FamilyName)
				}
				if diff := cmp.Diff(want, got); diff != "" || total != len(want) {
					t.Errorf("%q in %s: %d, %s", words, where, total, diff)
				}
			}
		}
	})
}

// Whoever was written before there were words, or in bulk, gets them once.
func TestOldNamesGetTheirWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		from := clock.Date(2025, 3, 1)
		const many = 4001 // over two portions
		first := add(t, d, "Åsa", "Öberg", falun, from)
		kept := func() int {
			n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(DISTINCT person_id) FROM person_word`)
			must(t, err)
			return n
		}
		must(t, in(d, func(tx *db.Tx) error {
			rows := make([][]any, many)
			for i := range rows {
				rows[i] = []any{first + 1 + int64(i), "Test", fmt.Sprintf("Person%d", i), []byte{1}, now}
			}
			return db.Insert(ctx, tx, "person", []string{"id", "given_name", "family_name", "sort_key", "created_at"}, rows)
		}))
		if kept() != 1 {
			t.Fatalf("%d have words before, want the one that was added", kept())
		}
		for range 2 {
			must(t, people.KeepAllWords(ctx, d))
			if kept() != many+1 {
				t.Errorf("%d have words, want %d", kept(), many+1)
			}
		}
		must(t, in(d, func(tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `UPDATE person SET family_name = 'Ek' WHERE id = $1`, first); err != nil {
				return err
			}
			return people.KeepWords(ctx, tx, first)
		}))
		words, err := db.Rows(ctx, d.Reader(), db.One[string], `SELECT word FROM person_word WHERE person_id = $1 ORDER BY word`, first)
		must(t, err)
		if diff := cmp.Diff([]string{"asa", "ek"}, words); diff != "" {
			t.Error(diff)
		}
	})
}

// A name of more than two thousand is a condition on the list, and the list goes on
// behind its first page.
func TestACommonNameIsListedInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		from := clock.Date(2025, 3, 1)
		for _, many := range []int{2000, 2001} {
			must(t, in(d, func(tx *db.Tx) error {
				var persons, jobs [][]any
				at, err := db.Row(ctx, tx, db.One[int64], `SELECT COALESCE(MAX(id), 0) FROM person`)
				if err != nil {
					return err
				}
				for i := at + 1; i <= int64(many); i++ {
					key := fmt.Appendf(nil, "%05d", many+1-int(i))
					persons = append(persons, []any{i, "Test", fmt.Sprintf("Person%d", i), key, now})
					jobs = append(jobs, []any{i, falun, dalarna, falun, key, from})
				}
				if err := db.Insert(ctx, tx, "person", []string{"id", "given_name", "family_name", "sort_key", "created_at"}, persons); err != nil {
					return err
				}
				return db.Insert(ctx, tx, "employment", []string{"person_id", "organisation_id", "region_id", "municipality_id", "sort_key", "from_day"}, jobs)
			}))
			must(t, people.KeepAllWords(ctx, d))
			for _, who := range []access.Viewer{viewer(access.Operator, access.Nation, 1, 0), viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)} {
				for _, page := range []int{1, 2} {
					rows, total, err := people.List(ctx, d.Reader(), who, people.Filter{Name: "pers", Page: page, PerPage: 7}, from)
					must(t, err)
					all, _, err := people.List(ctx, d.Reader(), who, people.Filter{Page: page, PerPage: 7}, from)
					must(t, err)
					if diff := cmp.Diff(all, rows); diff != "" || total != many {
						t.Errorf("page %d of %d: %s", page, total, diff)
					}
				}
			}
		}
	})
}

func TestAStepSetFromAnEarlierDayReplacesWhatWasSaidOfLaterOnes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		opened := clock.Date(2025, 1, 1)
		id := add(t, d, "Test", "Alm", falun, opened)
		journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		steps, err := catalogue.Steps(ctx, d.Reader(), journey.ID)
		must(t, err)
		must(t, in(d, func(tx *db.Tx) error {
			account, err := people.OpenAccount(ctx, tx, system, people.NewAccount{
				PersonID: id, JourneyID: journey.ID, OpenedOn: opened, Roles: []access.Role{access.Employee}, StepID: steps[0].ID,
			})
			if err != nil {
				return err
			}
			if err := people.SetStep(ctx, tx, system, account, steps[1].ID, clock.Date(2025, 6, 1), "mer än två år", now); err != nil {
				return err
			}
			return people.SetStep(ctx, tx, system, account, steps[2].ID, clock.Date(2025, 3, 1), "fel dag", now)
		}))
		for day, want := range map[clock.Day]string{
			clock.Date(2025, 2, 28): "Ny", clock.Date(2025, 3, 1): "Erfaren", clock.Date(2025, 5, 31): "Erfaren", clock.Date(2025, 6, 1): "Erfaren",
		} {
			p, err := people.Get(ctx, d.Reader(), system, id, day)
			must(t, err)
			if len(p.Accounts) != 1 || p.Accounts[0].Step != want {
				t.Errorf("on %s: %+v, want one account at %s", day, p.Accounts, want)
			}
		}
	})
}

// crowd adds n people to Falun at once, family names by the function.
func crowd(t *testing.T, d *db.DB, n int, family func(i int) string) {
	t.Helper()
	var persons, employments [][]any
	for i := range n {
		id, name := int64(10_000+i), family(i)
		persons = append(persons, []any{id, "Test", name, i18n.SortKey(name + " Test"), now})
		employments = append(employments, []any{id, falun, dalarna, falun, i18n.SortKey(name + " Test"), clock.Date(2025, 1, 1)})
	}
	must(t, in(d, func(tx *db.Tx) error {
		if err := db.Insert(ctx, tx, "person", []string{"id", "given_name", "family_name", "sort_key", "created_at"}, persons); err != nil {
			return err
		}
		return db.Insert(ctx, tx, "employment", []string{"person_id", "organisation_id", "region_id", "municipality_id", "sort_key", "from_day"}, employments)
	}))
}

func TestALongListReachesItsLastRowAndSaysWhatIsCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		crowd(t, d, 2100, func(i int) string { return fmt.Sprintf("%c%04d", 'A'+i/100, i) })
		day := clock.Date(2025, 6, 1)
		for _, v := range []access.Viewer{viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), viewer(access.Operator, access.Nation, 1, 0)} {
			for _, c := range []struct {
				filter      people.Filter
				first, last string
				total       int
				more        bool
			}{
				{people.Filter{Page: 1}, "A0000", "A0029", 2001, true},
				{people.Filter{Page: 66}, "T1950", "T1979", 2001, true},
				{people.Filter{Page: 67}, "T1980", "U2009", 2011, true},
				{people.Filter{Page: 69}, "U2040", "U2069", 2071, true},
				{people.Filter{Page: 70}, "U2070", "U2099", 2100, false},
				{people.Filter{Page: 71}, "U2070", "U2099", 2100, false},
				{people.Filter{Page: 1 << 62}, "U2070", "U2099", 2100, false},
				{people.Filter{Page: -3}, "A0000", "A0029", 2001, true},
				{people.Filter{Falling: true}, "U2099", "U2070", 2001, true},
				{people.Filter{Letter: "U"}, "U2000", "U2029", 100, false},
				{people.Filter{Letter: "U", Page: 9}, "U2090", "U2099", 100, false},
				{people.Filter{Letter: "A", PerPage: 100}, "A0000", "A0099", 100, false},
				{people.Filter{Letter: "Ö"}, "", "", 0, false},
				{people.Filter{Letter: "u", PerPage: 5000}, "A0000", "U2099", 2100, false},
			} {
				rows, total, err := people.List(ctx, d.Reader(), v, c.filter, day)
				must(t, err)
				first, last := "", ""
				if len(rows) > 0 {
					first, last = rows[0].FamilyName, rows[len(rows)-1].FamilyName
				}
				perPage := max(30, c.filter.PerPage)
				if more := people.More(total, min(max(1, c.filter.Page), 1000), perPage); first != c.first || last != c.last || total != c.total || more != c.more {
					t.Errorf("%+v gives %s to %s of %d, more %t", c.filter, first, last, total, more)
				}
			}
			if n, err := people.Count(ctx, d.Reader(), v, people.Filter{}, day); err != nil || n != 2100 {
				t.Errorf("counted %d, %v", n, err)
			}
		}
	})
}

func TestWhoHasAnAccountInAJourneyOfTheCourseIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		start, day := clock.Date(2025, 1, 1), clock.Date(2025, 6, 1)
		course, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-1")
		must(t, err)
		for family, slug := range map[string]string{"Alm": "funktionshinder-utforare", "Björk": "barn-och-unga", "Ceder": ""} {
			id := add(t, d, "Test", family, falun, start)
			if slug == "" {
				continue
			}
			journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), slug)
			must(t, err)
			must(t, in(d, func(tx *db.Tx) error {
				_, err := people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: id, JourneyID: journey.ID, OpenedOn: start, Roles: []access.Role{access.Manager}})
				return err
			}))
		}
		rows, total, err := people.List(ctx, d.Reader(), viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), people.Filter{AccountForID: course.ID}, day)
		must(t, err)
		if total != 1 || rows[0].FamilyName != "Alm" {
			t.Errorf("found %+v", rows)
		}
	})
}
