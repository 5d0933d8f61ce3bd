package merging_test

import (
	"fmt"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/merging"
	. "yrkesresan/internal/round/roundtest"
)

// took reads the rows of a file of Falun's staff in and tells what that did.
func took(t *testing.T, d *db.DB, rows string) string {
	t.Helper()
	const heading = "staff_id,given_name,family_name,email,profession\n"
	i, err := intake.Stage(Ctx, d, access.System(), intake.Options{MunicipalityID: Falun}, strings.NewReader(heading+rows), Now, nil)
	Must(t, err)
	Must(t, d.Write(Ctx, func(tx *db.Tx) error {
		_, err := intake.Approve(Ctx, tx, access.System(), i.ID, true, Now)
		return err
	}))
	Must(t, intake.Run(Ctx, d, i.ID, func() clock.Instant { return Now }, nil))
	return fmt.Sprintf("added %d, changed %d, unchanged %d, rejected %d", i.Added, i.Changed, i.Unchanged, i.Rejected)
}

// A file finds who was merged by either staff id, and says nothing new by the second.
func TestWhoIsMergedIsFoundByEitherStaffID(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		world(t, d)
		if got := took(t, d, "1,Ann,Ek,ann@example.org,\n2,Anna,Ek,anna@example.org,\n"); got != "added 2, changed 0, unchanged 0, rejected 0" {
			t.Fatal(got)
		}
		whose := func(number string) int64 {
			return one[int64](t, d, `SELECT person_id FROM staff_number WHERE number = $1`, number)
		}
		a, b := whose("1"), whose("2")
		Must(t, merge(d, falun, a, b, ""))
		for _, number := range []string{"1", "2"} {
			if whose(number) != a {
				t.Errorf("%s is %d's, want %d", number, whose(number), a)
			}
			if got := took(t, d, number+",Ann,Ek,ann@example.org,\n"); got != "added 0, changed 0, unchanged 1, rejected 0" {
				t.Errorf("%s: %s", number, got)
			}
			if got := took(t, d, number+",Ann,Ek,ann@example.org,Handläggare"+number+"\n"); got != "added 0, changed 1, unchanged 0, rejected 0" {
				t.Errorf("%s with another profession: %s", number, got)
			}
		}
		// Both rows in one file are one person twice: the second is told.
		if got := took(t, d, "1,Ann,Ek,ann@example.org,\n2,Ann,Ek,,\n"); got != "added 0, changed 0, unchanged 1, rejected 1" {
			t.Errorf("both in one file: %s", got)
		}
		Must(t, merging.Split(Ctx, d, falun, a, site, Now))
		if whose("1") != a || whose("2") != b {
			t.Error("a split does not give back the staff ids")
		}
	})
}
