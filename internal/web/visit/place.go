package visit

import (
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
)

// LocalPlace is the municipality in the address for those who plan occasions in
// it, or in one of its units.
func (v *Visit) LocalPlace() (organisation.Organisation, error) {
	m, err := v.Municipality()
	if err != nil {
		return m, err
	}
	plans := access.PlanLocally(v.Viewer)
	if plans.Empty() {
		return m, fault.Forbidden
	}
	if plans.Covers(m.Place()) || v.plansInUnits(m) {
		return m, nil
	}
	return m, fault.NotFound
}

// plansInUnits tells whether the visitor leads or administers units of the municipality.
func (v *Visit) plansInUnits(m organisation.Organisation) bool {
	return slices.ContainsFunc(v.Viewer.Grants, func(g access.Grant) bool {
		return (g.Role == access.Manager || g.Role == access.DistrictAdmin) && g.Level == access.Unit && g.MunicipalityID == m.ID
	})
}

// LocalCrumbs lead to the municipality's occasions, for those who plan there, and
// otherwise to the rounds.
func (v *Visit) LocalCrumbs(municipalityID int64, more ...ui.Crumb) []ui.Crumb {
	m := v.Server.Country[municipalityID]
	list := ui.Crumb{Label: v.T("local.title"), Href: OccasionsPath(m)}
	if !access.PlanLocally(v.Viewer).Covers(m.Place()) && !v.plansInUnits(m) {
		list = ui.Crumb{Label: v.T("round.title"), Href: RoundsPath}
	}
	return v.CrumbsOf(m, append([]ui.Crumb{list}, more...)...)
}

// Workplace is where the participant works, as that column has it.
func Workplace(d round.Detail, e round.Enrolment) string {
	if d.Local() {
		return e.Unit
	}
	return e.Municipality
}

// WithoutAccount is the answer "no journey" of the list's filter.
const WithoutAccount = "none"

// OfficeCrumbs lead from the nation down to where the visitor's office is held.
func (v *Visit) OfficeCrumbs(here string) []ui.Crumb {
	g := v.Office().Grant
	o := organisation.Organisation{Kind: g.Level, RegionID: g.RegionID, MunicipalityID: g.MunicipalityID, Name: g.Name}
	return v.CrumbsOf(o, ui.Crumb{Label: here})
}

func PlaceOptions(all string, places []organisation.Organisation) []ui.Option {
	options := []ui.Option{{Label: all}}
	for _, o := range places {
		options = append(options, ui.Option{Value: IDOrNone(o.ID), Label: o.Name})
	}
	return options
}

// MunicipalitiesToSee are those whose people the visitor may see, in Swedish
// order.
func (v *Visit) MunicipalitiesToSee() ([]organisation.Organisation, error) {
	scope := access.Staff(v.Viewer)
	scope.Units = nil
	places, err := organisation.Within(v.Context(), v.Reader(), scope)
	var all []organisation.Organisation
	for _, o := range places {
		if o.Kind == organisation.Municipality {
			all = append(all, o)
		}
	}
	return all, err
}

// LetterField finds a place in a list in Swedish order.
func (v *Visit) LetterField(chosen string) ui.Field {
	f := ui.Field{Input: ui.SelectInput, Name: "letter", Label: v.T("people.letter"), Value: chosen, Options: []ui.Option{{Label: v.T("people.all")}}}
	for _, letter := range i18n.Letters {
		f.Options = append(f.Options, ui.Option{Value: letter, Label: letter})
	}
	return f
}

// UnitsToSee are the units to choose among: those of the municipality, or the
// visitor's own.
func (v *Visit) UnitsToSee(municipalityID int64) ([]organisation.Organisation, error) {
	if m, ok := v.Server.Country[municipalityID]; ok && m.Kind == organisation.Municipality && access.Staff(v.Viewer).Covers(m.Place()) {
		return organisation.Units(v.Context(), v.Reader(), municipalityID, v.Today)
	}
	units, err := organisation.Workplaces(v.Context(), v.Reader(), access.Scope{Units: access.Staff(v.Viewer).Units}, v.Today)
	if len(units) < 2 {
		return nil, err
	}
	return units, err
}

// Workplace is the place's name as it is told apart in a long list.
func (v *Visit) Workplace(o organisation.Organisation) string {
	switch o.Kind {
	case organisation.Region:
		return v.T("people.place_region", "Name", o.Name)
	case organisation.Municipality:
		return v.T("people.place_municipality", "Name", o.Name)
	case organisation.Unit:
		if o.District {
			return v.T("district.place", "Municipality", v.Server.Country[o.MunicipalityID].Name, "Name", o.Name)
		}
		return v.Server.Country[o.MunicipalityID].Name + " – " + o.Name
	default:
		return o.Name
	}
}

// ManagedRegion is the region in the address, for those who manage its rounds.
func (v *Visit) ManagedRegion() (organisation.Organisation, error) {
	region, err := v.Region()
	if err == nil {
		err = access.ManageRounds(v.Viewer).Allow(region.Place())
	}
	return region, err
}
