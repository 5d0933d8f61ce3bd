package affiliation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

const (
	dalarna        = int64(20)
	falun, leksand = int64(2080), int64(2029)
)

var (
	ctx     = context.Background()
	today   = clock.Date(2026, 5, 4)
	now     = today.At(12, 0)
	nation  = office(access.National, access.Nation, organisation.NationID, 0)
	region  = office(access.Regional, access.Region, dalarna, 0)
	faluns  = office(access.MunicipalAdmin, access.Municipality, falun, falun)
	elsewhe = office(access.Regional, access.Region, 3, 0)
)

func office(role access.Role, level access.Level, id, municipality int64) access.Viewer {
	g := access.Grant{ID: 1, Role: role, Level: level, OrganisationID: id, MunicipalityID: municipality}
	if level != access.Nation {
		g.RegionID = dalarna
	}
	if id == 3 {
		g.RegionID = 3
	}
	return access.Viewer{Grants: []access.Grant{g}}
}

func TestALineSaysWhatWasSaidLast(t *testing.T) {
	line := affiliation.Line{{From: today, Holds: false}, {From: today + 10, Holds: true}}
	for day, want := range map[clock.Day]bool{today - 1: true, today: false, today + 9: false, today + 10: true, today + 1000: true} {
		if line.On(day) != want {
			t.Errorf("on day %d it holds: %v", day-today, !want)
		}
	}
	if !(affiliation.Line{}).On(today) {
		t.Error("what nobody has said anything about holds")
	}
}

func TestStretchesFollowEachOther(t *testing.T) {
	day := func(n int) *clock.Day { d := today + clock.Day(n); return &d }
	for name, c := range map[string]struct {
		line affiliation.Line
		want []affiliation.Stretch
	}{
		"nothing said": {nil, []affiliation.Stretch{{Holds: true}}},
		"left and came back": {
			affiliation.Line{{From: today, Holds: false, By: "Anna"}, {From: today + 10, Holds: true}},
			[]affiliation.Stretch{{Until: day(-1), Holds: true}, {From: day(0), Until: day(9), By: "Anna"}, {From: day(10), Holds: true}},
		},
		"said what held already": {
			affiliation.Line{{From: today, Holds: true, By: "Anna"}, {From: today + 5, Holds: true}},
			[]affiliation.Stretch{{Holds: true, By: "Anna"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.line.Stretches()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is said of a period changes that period and nothing after it, and SQL answers as
// the line does.
func TestAPeriodLeavesWhatComesAfter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		until := func(n int) *clock.Day { u := today + clock.Day(n); return &u }
		for _, step := range []struct {
			holds bool
			clock.Period
			want string // on the days 0, 5, 10, 15, 20, 30
		}{
			{false, clock.Period{From: today + 10}, "++----"},
			{true, clock.Period{From: today + 15, Until: until(19)}, "++-+--"},
			{false, clock.Period{From: today, Until: until(4)}, "-+-+--"},
			{true, clock.Period{From: today + 10, Until: until(15)}, "-+++--"},
			{true, clock.Period{From: today + 20, Until: until(20)}, "-++++-"},
			{true, clock.Period{From: today}, "++++++"},
		} {
			if err := d.Write(ctx, func(tx *db.Tx) error {
				return affiliation.Say(ctx, tx, nation, falun, affiliation.Joined, step.holds, step.Period, now)
			}); err != nil {
				t.Fatal(err)
			}
			m, err := organisation.ByID(ctx, d.Reader(), falun)
			if err != nil {
				t.Fatal(err)
			}
			line, err := affiliation.Of(ctx, d.Reader(), nation, m, affiliation.Joined)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, n := range []clock.Day{0, 5, 10, 15, 20, 30} {
				holds, err := affiliation.Holds(ctx, d.Reader(), affiliation.Joined, falun, today+n)
				if err != nil || holds != line.On(today+n) {
					t.Fatalf("on day %d SQL says %v, %v and the line %v", n, holds, err, line)
				}
				got += map[bool]string{true: "+", false: "-"}[holds]
			}
			if got != step.want {
				t.Errorf("after %v from %d: %s, want %s", step.holds, step.From-today, got, step.want)
			}
		}
		if holds, err := affiliation.Holds(ctx, d.Reader(), affiliation.Names, falun, today+30); err != nil || !holds {
			t.Errorf("the other fact is touched: %v, %v", holds, err)
		}
	})
}

func TestWhoSaysWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { // Falun has an administrator, Leksand none
			if _, err := db.Exec(ctx, tx, `INSERT INTO person (id, given_name, family_name, sort_key, created_at) VALUES (1, 'Anna', 'Ask', $1, 1)`, []byte("a")); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES (1, 'municipal_admin', $1, $2, 1)`, falun, today)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		say := func(v access.Viewer, m int64, fact affiliation.Fact) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return affiliation.Say(ctx, tx, v, m, fact, false, clock.Period{From: today}, now)
			})
		}
		conflict := func(err error) bool { f := fault.Of(err); return f != nil && f.Key == "affiliation.has_administrator" }
		is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
		for name, c := range map[string]struct {
			viewer access.Viewer
			at     int64
			fact   affiliation.Fact
			right  func(error) bool
		}{
			"the nation says who has joined":                         {nation, falun, affiliation.Joined, is(nil)},
			"a municipality does not":                                {faluns, falun, affiliation.Joined, is(fault.Forbidden)},
			"nor does a region":                                      {region, leksand, affiliation.Joined, is(fault.Forbidden)},
			"a region has not joined":                                {nation, dalarna, affiliation.Joined, is(fault.NotFound)},
			"a municipality decides about its names":                 {faluns, falun, affiliation.Names, is(nil)},
			"not about a neighbour's":                                {faluns, leksand, affiliation.Names, is(fault.NotFound)},
			"the region decides where there is no administrator":     {region, leksand, affiliation.Names, is(nil)},
			"not where there is one":                                 {region, falun, affiliation.Names, conflict},
			"not in another region":                                  {elsewhe, leksand, affiliation.Names, is(fault.NotFound)},
			"the nation does not decide about names":                 {nation, falun, affiliation.Names, is(fault.Forbidden)},
			"agreements are written by the product for the viewer's": {access.System(), leksand, affiliation.Joined, is(nil)},
		} {
			if err := say(c.viewer, c.at, c.fact); !c.right(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		early := today - 1
		err := d.Write(ctx, func(tx *db.Tx) error {
			return affiliation.Say(ctx, tx, faluns, falun, affiliation.Names, true, clock.Period{From: today, Until: &early}, now)
		})
		if f := fault.Of(err); f == nil || f.Kind != fault.KindInvalid {
			t.Errorf("a period that ends before it begins: %v", err)
		}
		for day, want := range map[clock.Day][]int64{today - 1: nil, today: {leksand, falun}} {
			got, err := affiliation.Nameless(ctx, d.Reader(), dalarna, day)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("on %v: %v %s", day, err, diff)
			}
		}
		rows, err := affiliation.Rows(ctx, d.Reader(), region, dalarna, today)
		if err != nil || len(rows) != 15 || rows[0].Municipality.ID != falun || rows[0].Joined || rows[0].Names || !rows[0].Administrator ||
			rows[1].Municipality.ID != leksand || rows[1].Administrator || !rows[2].Joined || !rows[2].Names {
			t.Errorf("%v: %+v", err, rows)
		}
		if rows, err = affiliation.Rows(ctx, d.Reader(), nation, 0, today-1); err != nil || len(rows) != 290 || !rows[0].Joined || rows[0].Municipality.Name != "Ale" {
			t.Errorf("%v: %d, %+v", err, len(rows), rows[0])
		}
		var next int
		for _, r := range rows {
			if r.Next != nil {
				next++
				if *r.Next != today {
					t.Errorf("%s changes on %v", r.Municipality.Name, *r.Next)
				}
			}
		}
		if next != 2 {
			t.Errorf("%d municipalities change, want 2", next)
		}
		if _, err := affiliation.Rows(ctx, d.Reader(), region, 0, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("a region reads of the whole country: %v", err)
		}
		if _, err := affiliation.Rows(ctx, d.Reader(), faluns, dalarna, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("a municipality reads of its neighbours: %v", err)
		}
	})
}
