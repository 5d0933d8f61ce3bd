package organisation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/organisation"
)

func TestWithinAScopeUnitsFollowTheirMunicipality(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const falun, mora, dalarna = int64(2080), int64(2062), int64(20)
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		var north int64
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			for _, name := range []string{"Öster", "Norr"} {
				if north, err = organisation.AddUnit(ctx, tx, access.System(), falun, name); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			scope     access.Scope
			withUnits bool
			want      []string
		}{
			"municipalities with their units":      {access.Scope{Municipalities: []int64{mora, falun}}, true, []string{"Falun", "Norr", "Öster", "Mora"}},
			"municipalities without":               {access.Scope{Municipalities: []int64{mora, falun}}, false, []string{"Falun", "Mora"}},
			"a unit alone":                         {access.Scope{Units: []int64{north}}, true, []string{"Norr"}},
			"nothing is in an empty scope":         {access.Scope{}, true, nil},
			"a person's scope holds no place":      {access.Scope{People: []int64{1}}, true, nil},
			"a region stands before what is in it": {access.Scope{Regions: []int64{dalarna}}, false, nil},
		} {
			t.Run(name, func(t *testing.T) {
				all, err := organisation.Within(ctx, d.Reader(), c.scope)
				if c.withUnits {
					all, err = organisation.Workplaces(ctx, d.Reader(), c.scope, clock.Date(2026, 1, 1))
				}
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, o := range all {
					got = append(got, o.Name)
				}
				if len(c.scope.Regions) > 0 {
					if len(got) != 16 || got[0] != "Dalarna" || got[1] != "Avesta" || got[15] != "Älvdalen" {
						t.Errorf("got %v, want Dalarna and its 15 municipalities", got)
					}
					return
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}
