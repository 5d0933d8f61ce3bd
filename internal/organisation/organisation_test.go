package organisation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

var ctx = context.Background()

func TestTheCountryIsWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for range 2 { // twice is the same as once
			if err := organisation.Install(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		for what, c := range map[string]struct {
			query string
			want  int
		}{
			"counties":                          {`SELECT COUNT(*) FROM county`, 21},
			"municipalities":                    {`SELECT COUNT(*) FROM organisation WHERE kind = 'municipality'`, 290},
			"regions":                           {`SELECT COUNT(*) FROM organisation WHERE kind = 'region'`, 24},
			"regions without any municipality":  {`SELECT COUNT(*) FROM organisation AS r WHERE r.kind = 'region' AND NOT EXISTS (SELECT 1 FROM organisation AS m WHERE m.region_id = r.id AND m.kind = 'municipality')`, 0},
			"inhabitants of the country":        {`SELECT SUM(people) FROM inhabitants WHERE year = 2025`, 10_609_461},
			"inhabitants of Dalarna in 2024":    {`SELECT SUM(people) FROM inhabitants WHERE year = 2024`, 286_546},
			"municipalities of Västra Götaland": {`SELECT COUNT(*) FROM organisation WHERE county_code = '14'`, 49},
		} {
			got, err := db.Row(ctx, d.Reader(), db.One[int], c.query)
			if err != nil || got != c.want {
				t.Errorf("%s: %d, %v; want %d", what, got, err, c.want)
			}
		}
	})
}

func TestARegionIsNotAlwaysACounty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		for slug, region := range map[string]string{
			"kungsbacka": "Göteborgsregionen", "halmstad": "Halland", "boras": "Boråsregionen", "skovde": "Skaraborg",
			"trollhattan": "Fyrbodal", "falun": "Dalarna", "upplands-vasby": "Storstockholm",
		} {
			m, err := organisation.BySlug(ctx, d.Reader(), organisation.Municipality, slug)
			if err != nil {
				t.Fatal(slug, err)
			}
			chain, err := organisation.Chain(ctx, d.Reader(), m.ID)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, o := range chain {
				names = append(names, o.Name)
			}
			if diff := cmp.Diff([]string{"Sverige", region, m.Name}, names); diff != "" {
				t.Error(diff)
			}
		}
		all, err := organisation.Municipalities(ctx, d.Reader(), 20)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range all {
			names = append(names, m.Name)
		}
		want := []string{"Avesta", "Borlänge", "Falun", "Gagnef", "Hedemora", "Leksand", "Ludvika", "Malung-Sälen", "Mora", "Orsa", "Rättvik", "Smedjebacken", "Säter", "Vansbro", "Älvdalen"}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Error(diff)
		}
	})
}

func TestUnitsAreMadeByThoseInCharge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		admin := access.Viewer{Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: 2080, RegionID: 20}}}
		unit := func(municipality int64, name string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := organisation.AddUnit(ctx, tx, admin, municipality, name)
				return err
			})
		}
		if err := unit(2080, " Hemtjänst Norr "); err != nil {
			t.Fatal(err)
		}
		if f := fault.Of(unit(2080, "Hemtjänst Norr")); f == nil || f.Kind != fault.KindInvalid {
			t.Errorf("the same name again gives %v", f)
		}
		for name, err := range map[string]error{"another municipality": unit(2081, "X"), "a region": unit(20, "X"), "nothing known": unit(4711, "X")} {
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("a unit in %s gives %v", name, err)
			}
		}
		if f := fault.Of(unit(2080, "  ")); f == nil || f.Kind != fault.KindInvalid {
			t.Errorf("no name gives %v", f)
		}
		units, err := organisation.Units(ctx, d.Reader(), 2080, clock.Date(2026, 1, 1))
		if err != nil || len(units) != 1 || units[0].Name != "Hemtjänst Norr" || units[0].Slug != "hemtjanst-norr" {
			t.Errorf("units: %+v, %v", units, err)
		}
	})
}
