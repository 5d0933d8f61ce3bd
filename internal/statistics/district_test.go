package statistics_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/statistics"
)

// A district's figures are those of its units of the day; districts and what is in none add
// up to the municipality, whose own figures stay as they are.
func TestADistrictsFiguresAreItsUnits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		day := roundtest.Today
		journey, _ := v.Journeys()
		var district int64
		roundtest.Must(t, v.Write(func(tx *db.Tx) (err error) {
			for _, id := range []int64{v.Homes[0], v.Homes[1], v.Neighbour} {
				if _, err := people.OpenAccount(ctx, tx, v.Admin, people.NewAccount{PersonID: id, JourneyID: journey, Roles: []access.Role{access.Employee}, OpenedOn: day - 30}); err != nil {
					return err
				}
			}
			district, err = organisation.AddDistrict(ctx, tx, v.Admin, roundtest.Falun, "Norra", day.At(9, 0))
			return err
		}))
		m, err := organisation.ByID(ctx, d.Reader(), roundtest.Falun)
		roundtest.Must(t, err)
		before, err := statistics.Municipality(ctx, d.Reader(), v.Admin, m, day)
		roundtest.Must(t, err)
		v.Person("Kansli", district)
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return organisation.SetDistrict(ctx, tx, v.Admin, v.North, district, day, day.At(9, 0))
		}))
		o, err := organisation.ByID(ctx, d.Reader(), district)
		roundtest.Must(t, err)
		yesterday, err := statistics.District(ctx, d.Reader(), v.Admin, o, day-1)
		roundtest.Must(t, err)
		if yesterday.People != 1 {
			t.Errorf("before the unit belonged to it: %d people, want the office's", yesterday.People)
		}
		own := access.Viewer{Grants: []access.Grant{{
			Role: access.DistrictAdmin, Level: access.Unit, OrganisationID: district, RegionID: roundtest.Dalarna, MunicipalityID: roundtest.Falun, District: true, Units: []int64{v.North},
		}}}
		f, err := statistics.District(ctx, d.Reader(), own, o, day)
		roundtest.Must(t, err)
		if f.People != 5 || len(f.Journeys) != 1 || f.Journeys[0].Total.Accounts != 2 || len(f.Journeys[0].Units) != 2 || f.WithoutAccount != 3 {
			t.Errorf("the district: %+v", f)
		}
		for who, viewer := range map[string]access.Viewer{"a unit's manager": v.Chief, "another municipality": v.BorlangeAdmin, "nobody": {}} {
			if _, err := statistics.District(ctx, d.Reader(), viewer, o, day); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		if _, err := statistics.District(ctx, d.Reader(), v.Admin, m, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("the municipality is no district: %v", err)
		}
		after, err := statistics.Municipality(ctx, d.Reader(), v.Admin, m, day)
		roundtest.Must(t, err)
		before.People++ // the office's
		before.WithoutAccount++
		if after.People != before.People || after.WithoutAccount != before.WithoutAccount || after.Journeys[0].Total.Accounts != before.Journeys[0].Total.Accounts {
			t.Errorf("the municipality had %+v and has %+v", before, after)
		}
		belongs, err := organisation.DistrictOf(ctx, d.Reader(), roundtest.Falun, day)
		roundtest.Must(t, err)
		got, sum := map[int64][3]int{}, 0
		for _, r := range after.Journeys[0].By(func(unit int64) int64 { return belongs[unit] }) {
			got[r.ID] = [3]int{r.People, r.Accounts, r.Employees}
			sum += r.People
		}
		if diff := cmp.Diff(map[int64][3]int{district: {5, 2, 2}, 0: {after.People - 5, 5, 5}}, got); diff != "" || sum != after.People {
			t.Errorf("by district: %s", diff)
		}
	})
}
