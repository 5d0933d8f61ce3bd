package organisation_test

import (
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

func TestOrganisationNumbersAreRead(t *testing.T) {
	for typed, want := range map[string]string{
		"559999-1238": "5599991238", "5599991238": "5599991238", "16559999-1238": "5599991238", " 559999 1238 ": "5599991238",
		"559999-1239": "", // another check digit
		"811218-9876": "", // a personal identity number, that of a sole trader
		"812018-9871": "", // the third digit is 2: the check digit decides
		"559999123":   "", "55999912383": "", "559999123x": "", "": "", "17559999-1238": "",
	} {
		got, ok := organisation.ReadNumber(typed)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, ok, want)
		}
	}
	if got := organisation.WriteNumber("5599991238"); got != "559999-1238" {
		t.Errorf("written as %s", got)
	}
}

// A company runs a unit from a day until another word; what is said anew of a day holds
// from it on.
func TestACompanyRunsAUnitFromADayOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		office := func(municipality int64) access.Viewer {
			return access.Viewer{Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: municipality, RegionID: 20, MunicipalityID: municipality}}}
		}
		admin, today := office(2080), clock.Date(2026, 5, 4)
		var unit int64
		set := func(v access.Viewer, p organisation.Provider) error {
			return d.Write(ctx, func(tx *db.Tx) error { return organisation.SetProvider(ctx, tx, v, unit, p, today.At(9, 0)) })
		}
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			unit, err = organisation.AddUnit(ctx, tx, admin, 2080, "Solgården")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		on := func(day clock.Day) string {
			t.Helper()
			all, err := organisation.Private(ctx, d.Reader(), 2080, day)
			if err != nil {
				t.Fatal(err)
			}
			return all[unit]
		}
		for _, step := range []struct {
			organisation.Provider
			want []string // the day before today, today, in 9, 10 and 30 days
		}{
			{organisation.Provider{From: today, Name: " Omsorg AB ", Number: "559999-1238"}, []string{"", "Omsorg AB", "Omsorg AB", "Omsorg AB", "Omsorg AB"}},
			{organisation.Provider{From: today + 10}, []string{"", "Omsorg AB", "Omsorg AB", "", ""}},
			{organisation.Provider{From: today + 10, Name: "Anna Ask Omsorg"}, []string{"", "Omsorg AB", "Omsorg AB", "Anna Ask Omsorg", "Anna Ask Omsorg"}},
			{organisation.Provider{From: today - 1}, []string{"", "", "", "", ""}},
		} {
			if err := set(admin, step.Provider); err != nil {
				t.Fatal(err)
			}
			got := []string{on(today - 1), on(today), on(today + 9), on(today + 10), on(today + 30)}
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("after %+v: %s", step.Provider, diff)
			}
		}
		history, err := organisation.Providers(ctx, d.Reader(), admin, unit)
		if err != nil || len(history) != 1 || history[0].Private() {
			t.Errorf("what stands: %+v, %v", history, err)
		}
		for name, p := range map[string]organisation.Provider{
			"provider": {From: today, Number: "559999-1238"},
			"number":   {From: today, Name: "Omsorg AB", Number: "559999-1239"},
		} {
			if f := fault.Of(set(admin, p)); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != name {
				t.Errorf("%+v gives %v, want a wrong %s", p, f, name)
			}
		}
		if err := set(office(2081), organisation.Provider{From: today}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a neighbour's administrator: %v", err)
		}
		if _, err := organisation.Providers(ctx, d.Reader(), office(2081), unit); !errors.Is(err, fault.NotFound) {
			t.Errorf("a neighbour's administrator reads: %v", err)
		}
		if err := set(access.Viewer{}, organisation.Provider{From: today}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("nobody: %v", err)
		}
	})
}
