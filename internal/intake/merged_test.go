package intake_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/merging"
)

// A file finds who was merged by either staff id, and says nothing new by the second.
func TestWhoIsMergedIsFoundByEitherStaffID(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first, second := "1,Ann,Ek,ann@example.org,,,,,,,\n", "2,Anna,Ek,anna@example.org,,,,,,,\n"
		if got := w.took(intake.Options{}, heading+first+second); got != "added 2" {
			t.Fatal(got)
		}
		id := func(number string) int64 { return int64(w.count(`SELECT person_id FROM staff_number WHERE number = $1`, number)) }
		a, b := id("1"), id("2")
		must(t, merging.Merge(ctx, d, access.System(), merging.Wish{Kept: a, Gone: b}, letter.Site{}, w.at))
		for _, number := range []string{"1", "2"} {
			if id(number) != a {
				t.Errorf("%s is %d's, want %d", number, id(number), a)
			}
			row := number + ",Ann,Ek,ann@example.org,,,,,,,\n"
			if got := w.took(intake.Options{}, heading+row); got != "unchanged 1" {
				t.Errorf("%s: %s", number, got)
			}
			if got := w.took(intake.Options{}, heading+number+",Ann,Ek,ann@example.org,,Handläggare"+number+",,,,,\n"); got != "changed 1" {
				t.Errorf("%s with another profession: %s", number, got)
			}
		}
		// Both rows in one file are one person twice: the second is told.
		i, err := w.stage(access.System(), intake.Options{}, []byte(heading+"1,Ann,Ek,ann@example.org,,,,,,,\n2,Ann,Ek,,,,,,,,\n"))
		must(t, err)
		if got := w.problems(i, intake.Reject); len(got) != 1 || got[0] != "3 staff_id intake.twice_in_file" {
			t.Errorf("%v", got)
		}
	})
}
