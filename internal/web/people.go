package web

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
)

const peoplePerPage = 30

// withoutAccount is the answer "no journey" of the list's filter.
const withoutAccount = "none"

// people is the list of those whom the visitor may see because of an office.
func (s *Server) people(v *Visit) error {
	filter := people.Filter{
		MunicipalityID: v.NumberID("municipality"), UnitID: v.NumberID("unit"), MissingID: v.NumberID("course"),
		Name: v.FormValue("q"), Page: v.Number("page", 1), PerPage: peoplePerPage, Falling: v.FormValue("sort") == "-name",
	}
	if v.FormValue("journey") == withoutAccount {
		filter.WithoutAccount = true
	} else {
		filter.JourneyID = v.NumberID("journey")
	}
	rows, total, err := people.List(v.Context(), v.Reader(), v.Viewer, filter, v.Today)
	if err != nil {
		return err
	}
	choice, err := v.peopleFilter(filter, total)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("people.title"), Lead: v.T("people.lead", "Day", v.Today)}
	if !access.ManagePeople(v.Viewer).Empty() {
		head.Action = &ui.Action{Label: v.T("people.add"), Href: "/people/new"}
	}
	return v.Page(v.Frame(v.T("people.title"), v.officeCrumbs(v.T("people.title"))...),
		head.View(v.Lang), choice.View(v.Lang), v.peopleTable(rows, total, filter, choice.Clear != "").View(v.Lang))
}

// officeCrumbs lead from the nation down to where the visitor's office is held.
func (v *Visit) officeCrumbs(here string) []ui.Crumb {
	g := v.Office().Grant
	o := organisation.Organisation{Kind: g.Level, RegionID: g.RegionID, MunicipalityID: g.MunicipalityID, Name: g.Name}
	return v.crumbsOf(o, ui.Crumb{Label: here})
}

// peopleFilter is the form above the list; its Clear is empty when nothing is
// chosen.
func (v *Visit) peopleFilter(f people.Filter, total int) (ui.Filter, error) {
	choice := ui.Filter{Label: v.T("people.filter"), Action: "/people", Result: v.T("people.count", "Count", total)}
	if total > people.MaxCounted {
		choice.Result = v.T("people.many", "Most", people.MaxCounted)
	}
	choice.Fields = []ui.Field{{Name: "q", Label: v.T("people.name"), Value: f.Name}}

	municipalities, err := v.municipalitiesToSee()
	if err != nil {
		return choice, err
	}
	municipality := f.MunicipalityID
	if len(municipalities) > 1 {
		choice.Fields = append(choice.Fields, ui.Field{
			Input: ui.SelectInput, Name: "municipality", Label: v.T("people.municipality"), Value: idValue(municipality),
			Options: placeOptions(v.T("people.all"), municipalities),
		})
	} else if len(municipalities) == 1 {
		municipality = municipalities[0].ID
	}
	units, err := v.unitsToSee(municipality)
	if err != nil {
		return choice, err
	}
	if len(units) > 0 {
		choice.Fields = append(choice.Fields, ui.Field{
			Input: ui.SelectInput, Name: "unit", Label: v.T("people.unit"), Value: idValue(f.UnitID), Options: placeOptions(v.T("people.all"), units),
		})
	}
	journeys, err := catalogue.Journeys(v.Context(), v.Reader())
	if err != nil {
		return choice, err
	}
	journey := ui.Field{Input: ui.SelectInput, Name: "journey", Label: v.T("people.journey"), Value: idValue(f.JourneyID), Options: []ui.Option{{Label: v.T("people.all")}}}
	for _, j := range journeys {
		journey.Options = append(journey.Options, ui.Option{Value: idValue(j.ID), Label: j.Name})
	}
	journey.Options = append(journey.Options, ui.Option{Value: withoutAccount, Label: v.T("people.no_journey")})
	if f.WithoutAccount {
		journey.Value = withoutAccount
	}
	choice.Fields = append(choice.Fields, journey)

	if f.MissingID != 0 {
		course, err := catalogue.CourseByID(v.Context(), v.Reader(), f.MissingID)
		if err != nil {
			return choice, err
		}
		choice.Hidden = append(choice.Hidden, ui.Hidden{Name: "course", Value: idValue(f.MissingID)})
		choice.Result += " " + v.T("people.missing", "Course", course.Title())
	}
	if f.Falling {
		choice.Hidden = append(choice.Hidden, ui.Hidden{Name: "sort", Value: "-name"})
	}
	if f.Name != "" || f.MunicipalityID+f.UnitID+f.JourneyID+f.MissingID != 0 || f.WithoutAccount {
		choice.Clear = "/people"
	}
	return choice, nil
}

func (v *Visit) peopleTable(rows []people.ListRow, total int, f people.Filter, narrowed bool) ui.Table {
	address := v.Address()
	t := ui.Table{
		Caption: v.T("people.title"), QuietTitle: true, Dense: true, Address: address, Sorted: "name",
		Columns: []ui.Column{
			{Label: v.T("people.name"), Key: "name"}, {Label: v.T("people.job")}, {Label: v.T("people.unit")},
			{Label: v.T("people.municipality")}, {Label: v.T("people.completed"), Numeric: true},
		},
		Empty: ui.Empty{
			Picture: ui.PicturePeople, Title: v.T("people.none"), Text: v.T("people.none_help"),
		},
	}
	if f.Falling {
		t.Sorted = "-name"
	}
	if narrowed {
		t.Empty = ui.Empty{
			Picture: ui.PictureSearch, Title: v.T("people.not_found"), Text: v.T("people.not_found_help"),
			Action: &ui.Action{Label: v.T("people.show_all"), Href: "/people", Kind: ui.Secondary},
		}
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(r.Name(), personPath(r.ID)), ui.Text(r.Title), ui.Text(r.Unit), ui.Text(r.Municipality),
			ui.Text(v.Lang.Number(int64(r.Completed))),
		}})
	}
	if counted := min(total, people.MaxCounted); counted > 0 {
		page := max(1, min(f.Page, (counted+peoplePerPage-1)/peoplePerPage))
		t.Pager = &ui.Pager{Address: address, Page: page, PerPage: peoplePerPage, Rows: counted}
	}
	return t
}

func personPath(id int64) string { return "/people/" + strconv.FormatInt(id, 10) }

// idValue is an identity as a form's value; empty for none.
func idValue(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func placeOptions(all string, places []organisation.Organisation) []ui.Option {
	options := []ui.Option{{Label: all}}
	for _, o := range places {
		options = append(options, ui.Option{Value: idValue(o.ID), Label: o.Name})
	}
	return options
}

// municipalitiesToSee are those whose people the visitor may see, in Swedish
// order.
func (v *Visit) municipalitiesToSee() ([]organisation.Organisation, error) {
	scope := access.Staff(v.Viewer)
	scope.Units = nil
	places, err := organisation.Within(v.Context(), v.Reader(), scope, false)
	var all []organisation.Organisation
	for _, o := range places {
		if o.Kind == organisation.Municipality {
			all = append(all, o)
		}
	}
	return all, err
}

// unitsToSee are the units to choose among: those of the municipality, or the
// visitor's own.
func (v *Visit) unitsToSee(municipalityID int64) ([]organisation.Organisation, error) {
	if m, ok := v.server.country[municipalityID]; ok && m.Kind == organisation.Municipality && access.Staff(v.Viewer).Covers(m.Place()) {
		return organisation.Units(v.Context(), v.Reader(), municipalityID)
	}
	var units []organisation.Organisation
	for _, g := range v.Viewer.Grants {
		if g.Level == access.Unit {
			units = append(units, organisation.Organisation{ID: g.OrganisationID, Kind: g.Level, Name: g.Name})
		}
	}
	if len(units) < 2 {
		return nil, nil
	}
	return units, nil
}

// workplaces are the places in the scope as answers of a form. Where the scope
// is the whole country, only the units of the municipality are among them.
func (v *Visit) workplaces(scope access.Scope, municipalityID int64) ([]ui.Option, error) {
	places, err := organisation.Within(v.Context(), v.Reader(), scope, !scope.Everything)
	if err != nil {
		return nil, err
	}
	options := make([]ui.Option, 0, len(places)+1)
	for _, o := range places {
		options = append(options, ui.Option{Value: idValue(o.ID), Label: v.workplace(o)})
		if scope.Everything && o.ID == municipalityID {
			units, err := organisation.Units(v.Context(), v.Reader(), municipalityID)
			if err != nil {
				return nil, err
			}
			for _, u := range units {
				options = append(options, ui.Option{Value: idValue(u.ID), Label: v.workplace(u)})
			}
		}
	}
	return options, nil
}

// workplace is the place's name as it is told apart in a long list.
func (v *Visit) workplace(o organisation.Organisation) string {
	switch o.Kind {
	case organisation.Region:
		return v.T("people.place_region", "Name", o.Name)
	case organisation.Municipality:
		return v.T("people.place_municipality", "Name", o.Name)
	case organisation.Unit:
		return v.server.country[o.MunicipalityID].Name + " – " + o.Name
	default:
		return o.Name
	}
}

// together is all that is wrong with a form in one error; the first error of
// another sort goes before.
func together(errs ...error) error {
	var fields []fault.Field
	var first error
	for _, err := range errs {
		f := fault.Of(err)
		switch {
		case err == nil:
		case f == nil || f.Kind != fault.KindInvalid:
			if first == nil {
				first = err
			}
		default:
			for _, field := range f.Fields {
				if !names(fields, field.Name) {
					fields = append(fields, field)
				}
			}
		}
	}
	if len(fields) > 0 {
		return &fault.Error{Kind: fault.KindInvalid, Key: fault.Invalid("", "").Key, Fields: fields}
	}
	return first
}

func names(fields []fault.Field, name string) bool {
	for _, f := range fields {
		if f.Name == name {
			return true
		}
	}
	return false
}

// newPerson is the form for somebody new.
func (s *Server) newPerson(v *Visit) error {
	if access.ManagePeople(v.Viewer).Empty() {
		return fault.Forbidden
	}
	places, err := v.workplaces(access.ManagePeople(v.Viewer), v.NumberID("municipality"))
	if err != nil {
		return err
	}
	if len(places) != 1 {
		places = append([]ui.Option{{Label: v.T("people.choose_place")}}, places...)
	}
	account, err := v.accountFields(nil)
	if err != nil {
		return err
	}
	from, place := v.FormValue("from"), v.FormValue("organisation")
	if !v.Sent {
		from, place = v.Today.String(), v.FormValue("municipality")
	}
	fields := []ui.Field{
		{Name: "given_name", Label: v.T("people.given_name"), Value: v.FormValue("given_name"), Error: v.Wrong("given_name"), Autocomplete: "off"},
		{Name: "family_name", Label: v.T("people.family_name"), Value: v.FormValue("family_name"), Error: v.Wrong("family_name"), Autocomplete: "off"},
		{
			Input: ui.EmailInput, Name: "email", Label: v.T("people.email"), Hint: v.T("people.email_hint"), Optional: true,
			Value: v.FormValue("email"), Error: v.Wrong("email"), Autocomplete: "off",
		},
		{
			Input: ui.SelectInput, Name: "organisation", Label: v.T("people.place"), Options: places,
			Value: place, Error: v.Wrong("organisation"),
		},
		{Name: "title", Label: v.T("people.job"), Hint: v.T("people.job_hint"), Optional: true, Value: v.FormValue("title"), Error: v.Wrong("title")},
		{Input: ui.DateInput, Name: "from", Label: v.T("people.from"), Value: from, Error: v.Wrong("from")},
	}
	f := v.Frame(v.T("people.add"), v.officeCrumbs(v.T("people.title"))...)
	f.Reading = true
	sheet := form("/people", v.T("people.add"), nil, append(fields, account...)...)
	sheet.Cancel = "/people"
	v.nameRow("", sheet.Fields...)
	return v.Page(f,
		ui.PageHead{Title: v.T("people.add"), Lead: v.T("people.add_lead")}.View(v.Lang), sheet.View(v.Lang))
}

// accountFields ask for an account in a journey. With journeys given it must be
// one of them; without, the account is a choice among all.
func (v *Visit) accountFields(journeys []catalogue.Journey) ([]ui.Field, error) {
	choice := journeys == nil
	if choice {
		var err error
		if journeys, err = catalogue.Journeys(v.Context(), v.Reader()); err != nil {
			return nil, err
		}
	}
	journey := ui.Field{
		Input: ui.SelectInput, Name: "journey", Label: v.T("account.journey"), Value: v.FormValue("journey"), Error: v.Wrong("journey"),
		Options: []ui.Option{{Label: v.T("account.choose_journey")}}, Optional: choice,
	}
	if choice {
		journey.Hint, journey.Options[0].Label = v.T("account.journey_hint"), v.T("account.later")
	}
	step := ui.Field{
		Input: ui.SelectInput, Name: "step", Label: v.T("account.step"), Hint: v.T("account.step_hint"),
		Value: v.FormValue("step"), Error: v.Wrong("step"), Optional: true,
		Options: []ui.Option{{Label: v.T("account.suggest_step")}, {Value: noStep, Label: v.T("account.no_step")}},
	}
	for _, j := range journeys {
		journey.Options = append(journey.Options, ui.Option{Value: idValue(j.ID), Label: j.Name})
		steps, err := catalogue.Steps(v.Context(), v.Reader(), j.ID)
		if err != nil {
			return nil, err
		}
		for _, each := range steps {
			step.Options = append(step.Options, ui.Option{Value: idValue(each.ID), Label: j.Name + ": " + each.Name})
		}
	}
	roles := v.Form["roles"]
	if !v.Sent {
		roles = []string{string(people.Employee)}
	}
	return []ui.Field{
		journey,
		v.rolesField(roles),
		{
			Input: ui.NumberInput, Name: "years", Label: v.T("account.years"), Hint: v.T("account.years_hint"), Unit: v.T("account.years_unit"),
			Short: true, Optional: true, Value: v.FormValue("years"), Error: v.Wrong("years"),
		},
		step,
	}, nil
}

func (v *Visit) rolesField(chosen []string) ui.Field {
	field := ui.Field{Input: ui.CheckInput, Name: "roles", Label: v.T("account.roles"), Hint: v.T("account.roles_hint"), Values: chosen, Error: v.Wrong("roles")}
	if field.Values == nil {
		field.Values = []string{}
	}
	for _, role := range people.Roles {
		field.Options = append(field.Options, ui.Option{Value: string(role), Label: v.T("role." + string(role))})
	}
	return field
}

// noStep is the answer "no step"; an empty one lets the years decide.
const noStep = "0"

// formAccount reads the fields of accountFields.
func (v *Visit) formAccount(personID int64, opened clock.Day) (people.NewAccount, error) {
	a := people.NewAccount{PersonID: personID, JourneyID: v.NumberID("journey"), OpenedOn: opened, Roles: v.formRoles()}
	var checks fault.Checks
	years, given, ok := v.formYears()
	checks.Require(ok, "years", "account.wrong_years")
	if given && ok {
		since := people.Since(years, opened)
		a.ProfessionSince = &since
	}
	checks.Require(len(a.Roles) > 0, "roles", "account.role_missing")
	if step := v.FormValue("step"); step != "" {
		a.StepID = v.NumberID("step")
		checks.Require(a.StepID != 0 || step == noStep, "step", "people.unknown_step")
	} else if ok && (given || slices.Contains(a.Roles, people.Employee)) {
		steps, err := catalogue.Steps(v.Context(), v.Reader(), a.JourneyID)
		if err != nil {
			return a, err
		}
		known := &years
		if !given {
			known = nil
		}
		a.StepID = catalogue.Suggested(steps, known)
	}
	return a, checks.Err()
}

// formYears reads years in the profession, with a decimal comma or point.
func (v *Visit) formYears() (years float64, given, ok bool) {
	text := strings.TrimSpace(v.FormValue("years"))
	if text == "" {
		return 0, false, true
	}
	years, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return years, true, err == nil && years >= 0 && years <= 70
}

func (v *Visit) formRoles() []people.Role {
	var roles []people.Role
	for _, role := range v.Form["roles"] {
		roles = append(roles, people.Role(role))
	}
	return roles
}

// addPerson adds somebody, with an account when a journey is chosen.
func (s *Server) addPerson(v *Visit) error {
	if access.ManagePeople(v.Viewer).Empty() {
		return fault.Forbidden
	}
	var id int64
	err := v.Write(func(tx *db.Tx) error {
		var checks fault.Checks
		organisationID := v.NumberID("organisation")
		checks.Require(organisationID != 0, "organisation", "people.place_missing")
		title := strings.TrimSpace(v.FormValue("title"))
		checks.Require(utf8.RuneCountInString(title) <= 100, "title", "fault.too_long", "Max", 100)
		from := v.FormDay(&checks, "from")
		person := people.NewPerson{GivenName: v.FormValue("given_name"), FamilyName: v.FormValue("family_name"), Email: v.FormValue("email")}
		err := person.Check()
		var account people.NewAccount
		var errAccount error
		if v.NumberID("journey") != 0 {
			account, errAccount = v.formAccount(0, from)
		}
		if err := together(err, checks.Err(), errAccount); err != nil {
			return err
		}
		if id, err = people.Add(v.Context(), tx, v.Viewer, person, organisationID, from, title, v.Now); err != nil || account.JourneyID == 0 {
			return err
		}
		account.PersonID = id
		_, err = people.OpenAccount(v.Context(), tx, v.Viewer, account)
		return err
	})
	if err != nil {
		return err
	}
	return v.Redirect(personPath(id), "notice.person_added", "Name", v.FormValue("given_name")+" "+v.FormValue("family_name"))
}

// parts joins what a page shows under one heading, without what is nil.
func parts(all ...templ.Component) []templ.Component {
	var kept []templ.Component
	for _, each := range all {
		if each != nil {
			kept = append(kept, each)
		}
	}
	return kept
}
