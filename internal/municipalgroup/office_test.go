package municipalgroup_test

import (
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/people"
)

// An office ends with the employment of who has it, when that has an end, and with the role of
// who gave it.
func TestAnOfficeOutlastsNeitherTheEmploymentNorTheGiversRole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := made(t, d)
		add := func(email string) (id int64) {
			write(t, d, func(tx *db.Tx) (err error) {
				id, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Greta", FamilyName: "Grupp", Email: email}, falun, today-400, "", now)
				return err
			})
			return id
		}
		give := func(by access.Viewer, email string, from clock.Day) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := municipalgroup.Give(ctx, tx, by, g.ID, email, municipalgroup.Appointment{Office: access.GroupAdministrator, From: from}, site, now)
				return err
			}
		}
		until := func(person int64) string {
			t.Helper()
			last, err := db.Row(ctx, d.Reader(), db.One[clock.Day], `SELECT to_day FROM municipal_group_office WHERE person_id = $1`, person)
			if err != nil {
				t.Fatal(err)
			}
			return last.String()
		}
		stays, leaves, later := add("stannar@example.org"), add("slutar@example.org"), add("senare@example.org")
		write(t, d, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE employment SET to_day = $2 WHERE person_id = $1`, leaves, today+30)
			return err
		})
		write(t, d, give(region, "stannar@example.org", today))
		write(t, d, give(region, "slutar@example.org", today))
		deputy := add("vikarie@example.org")
		var grant int64
		write(t, d, func(tx *db.Tx) (err error) {
			grant, err = db.Row(ctx, tx, db.One[int64], `
				INSERT INTO role_grant (person_id, role, organisation_id, from_day, to_day, granted_at)
				VALUES ($1, 'regional', $2, $3, $4, 0)
				RETURNING id`, deputy, g.RegionID, today-10, today+20)
			return err
		})
		substitute := region
		substitute.PersonID = deputy
		substitute.Grants = slices.Clone(region.Grants)
		substitute.Grants[0].ID = grant
		if f := refused(t, d, give(substitute, "senare@example.org", today+21)); said(f) != "from groups.office_outlasts" {
			t.Errorf("after the substitute's last day: %s", said(f))
		}
		write(t, d, give(substitute, "senare@example.org", today))
		for person, want := range map[int64]clock.Day{stays: *g.Until, leaves: today + 30, later: today + 20} {
			if got := until(person); got != want.String() {
				t.Errorf("an office lasts until %s, want %s", got, want)
			}
		}
	})
}
