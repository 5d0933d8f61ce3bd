package persons

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const peoplePerPage = 30

// List is the list of those whom the visitor may see because of an office.
func List(v *visit.Visit) error {
	filter := people.Filter{
		MunicipalityID: v.NumberID("municipality"), UnitID: v.NumberID("unit"), WithoutID: v.NumberID("course"),
		Name: v.FormValue("q"), Page: v.PageNumber(), PerPage: v.PerPage(peoplePerPage), Falling: v.FormValue("sort") == "-name", Letter: v.FormValue("letter"),
	}
	if v.FormValue("journey") == visit.WithoutAccount {
		filter.WithoutAccount = true
	} else {
		filter.JourneyID = v.NumberID("journey")
	}
	sought, err := ofDistrict(v, filter)
	if err != nil {
		return err
	}
	rows, total, err := people.List(v.Context(), v.Reader(), v.Viewer, sought, v.Today)
	if err != nil {
		return err
	}
	for _, r := range rows {
		v.Saw(r.ID) // each can read who took them out
	}
	choice, err := peopleFilter(v, filter, total)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("people.title"), Lead: v.T("people.lead", "Day", v.Today)}
	if !access.ManagePeople(v.Viewer).Empty() {
		head.Action = &ui.Action{Label: v.T("people.add"), Href: visit.NewPersonPath}
		if m, ok := v.Server.Country[cmp.Or(filter.MunicipalityID, v.Office().Grant.MunicipalityID)]; ok && access.ManagePeople(v.Viewer).Covers(m.Place()) {
			head.Others = []ui.Action{{Label: v.T("intake.page.title"), Href: visit.MunicipalityPath(m, "imports"), Kind: ui.Secondary}}
			if access.ReadAudit(v.Viewer).Covers(m.Place()) {
				head.Others = append(head.Others, ui.Action{Label: v.T("audit.all"), Href: visit.MunicipalityPath(m, "audit"), Kind: ui.Secondary})
			}
		}
	}
	return v.Page(v.Frame(v.T("people.title"), v.OfficeCrumbs(v.T("people.title"))...),
		head.View(v.Lang), choice.View(v.Lang), v.Take(peopleTable(v, rows, total, filter, choice.Clear != ""), visit.PeoplePath))
}

// ofDistrict lets a filter by a district find who works in the units that belong to it, too.
func ofDistrict(v *visit.Visit, f people.Filter) (people.Filter, error) {
	if f.UnitID == 0 {
		return f, nil
	}
	units, err := organisation.DistrictUnits(v.Context(), v.Reader(), f.UnitID, v.Today)
	if err != nil || len(units) == 0 {
		return f, err
	}
	in, args := db.In("e.organisation_id", append(units, f.UnitID))
	f.UnitID, f.Also = 0, (&db.Builder{}).Add(in, args...)
	return f, nil
}

// peopleFilter is the form above the list; its Clear is empty when nothing is
// chosen.
func peopleFilter(v *visit.Visit, f people.Filter, total int) (ui.Filter, error) {
	choice := ui.Filter{Label: v.T("people.filter"), Action: visit.PeoplePath, Result: v.T("people.count", "Count", total)}
	if people.More(total, f.Page, f.PerPage) {
		choice.Result = v.T("people.many", "Most", total-1)
	}
	choice.Fields = []ui.Field{{Name: "q", Label: v.T("people.name_or_email"), Value: f.Name}, v.LetterField(f.Letter)}

	municipalities, err := v.MunicipalitiesToSee()
	if err != nil {
		return choice, err
	}
	municipality := f.MunicipalityID
	if len(municipalities) > 1 {
		choice.Fields = append(choice.Fields, ui.Field{
			Input: ui.SelectInput, Name: "municipality", Label: v.T("people.municipality"), Value: visit.IDOrNone(municipality),
			Options: visit.PlaceOptions(v.T("people.all"), municipalities),
		})
	} else if len(municipalities) == 1 {
		municipality = municipalities[0].ID
	}
	units, err := v.UnitsToSee(municipality)
	if err != nil {
		return choice, err
	}
	if len(units) > 0 {
		choice.Fields = append(choice.Fields, ui.Field{
			Input: ui.SelectInput, Name: "unit", Label: v.T("people.unit"), Value: visit.IDOrNone(f.UnitID), Options: visit.PlaceOptions(v.T("people.all"), units),
		})
	}
	journeys, err := catalogue.Journeys(v.Context(), v.Reader())
	if err != nil {
		return choice, err
	}
	journey := ui.Field{Input: ui.SelectInput, Name: "journey", Label: v.T("people.journey"), Value: visit.IDOrNone(f.JourneyID), Options: []ui.Option{{Label: v.T("people.all")}}}
	for _, j := range journeys {
		journey.Options = append(journey.Options, ui.Option{Value: visit.IDOrNone(j.ID), Label: j.Name})
	}
	journey.Options = append(journey.Options, ui.Option{Value: visit.WithoutAccount, Label: v.T("people.no_journey")})
	if f.WithoutAccount {
		journey.Value = visit.WithoutAccount
	}
	choice.Fields = append(choice.Fields, journey)

	if f.WithoutID != 0 {
		course, err := catalogue.CourseByID(v.Context(), v.Reader(), f.WithoutID)
		if err != nil {
			return choice, err
		}
		choice.Hidden = append(choice.Hidden, ui.Hidden{Name: "course", Value: visit.IDOrNone(f.WithoutID)})
		choice.Result += " " + v.T("people.missing", "Course", course.Title())
	}
	if f.Falling {
		choice.Hidden = append(choice.Hidden, ui.Hidden{Name: "sort", Value: "-name"})
	}
	if f.Name != "" || f.Letter != "" || f.MunicipalityID+f.UnitID+f.JourneyID+f.WithoutID != 0 || f.WithoutAccount {
		choice.Clear = visit.PeoplePath
	}
	return choice, nil
}

func peopleTable(v *visit.Visit, rows []people.ListRow, total int, f people.Filter, narrowed bool) ui.Table {
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
			Action: &ui.Action{Label: v.T("people.show_all"), Href: visit.PeoplePath, Kind: ui.Secondary},
		}
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(r.Name(), visit.PersonPath(r.ID)), titleCell(v, r), unitCell(v, r), ui.Text(r.Municipality),
			ui.Text(v.Lang.Number(int64(r.Completed))),
		}})
	}
	if total > 0 {
		t.Pager = &ui.Pager{Address: address, Page: f.Page, PerPage: f.PerPage, Rows: total}
		if t.Pager.More = people.More(total, f.Page, f.PerPage); t.Pager.More {
			t.Pager.Rows--
		}
	}
	return t
}

// titleCell is the title, with the staffing agency that somebody comes from.
func titleCell(v *visit.Visit, r people.ListRow) ui.Cell {
	c := ui.Text(r.Title)
	if r.Agency != "" {
		c.Note = v.T("people.from_agency", "Name", r.Agency)
	}
	return c
}

// unitCell is the unit, with the company that runs it.
func unitCell(v *visit.Visit, r people.ListRow) ui.Cell {
	c := ui.Text(r.Unit)
	if r.Provider != "" {
		c.Note = v.T("municipality.private_by", "Name", r.Provider)
	}
	return c
}

// workplaces are the places in the scope as answers of a form. Where the scope
// is the whole country, only the units of the municipality are among them.
func workplaces(v *visit.Visit, scope access.Scope, municipalityID int64) ([]ui.Option, error) {
	var places []organisation.Organisation
	var err error
	if scope.Everything {
		places, err = organisation.Within(v.Context(), v.Reader(), scope)
	} else {
		places, err = organisation.Workplaces(v.Context(), v.Reader(), scope, v.Today)
	}
	if err != nil {
		return nil, err
	}
	options := make([]ui.Option, 0, len(places)+1)
	for _, o := range places {
		options = append(options, ui.Option{Value: visit.IDOrNone(o.ID), Label: v.Workplace(o)})
		if scope.Everything && o.ID == municipalityID {
			units, err := organisation.Units(v.Context(), v.Reader(), municipalityID, v.Today)
			if err != nil {
				return nil, err
			}
			for _, u := range units {
				options = append(options, ui.Option{Value: visit.IDOrNone(u.ID), Label: v.Workplace(u)})
			}
		}
	}
	return options, nil
}

// New is the form for somebody new.
func New(v *visit.Visit) error {
	if access.ManagePeople(v.Viewer).Empty() {
		return fault.Forbidden
	}
	places, err := workplaces(v, access.ManagePeople(v.Viewer), v.NumberID("municipality"))
	if err != nil {
		return err
	}
	if len(places) != 1 {
		places = append([]ui.Option{{Label: v.T("people.choose_place")}}, places...)
	}
	account, err := accountFields(v, nil)
	if err != nil {
		return err
	}
	from, place := v.FormValue("from"), v.FormValue("organisation")
	if !v.Sent {
		from, place = v.Today.String(), v.FormValue("municipality")
	}
	fields := []ui.Field{
		{Name: "given_name", Label: v.T("people.given_name"), Value: v.FormValue("given_name"), Error: v.Wrong("given_name"), Autocomplete: "off"},
		{Name: "family_name", Label: v.T("people.family_name"), Hint: v.T("people.one_name"), Value: v.FormValue("family_name"), Error: v.Wrong("family_name"), Autocomplete: "off"},
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
	other, err := ofAddress(v, 0)
	if err != nil {
		return err
	}
	same, goOn, err := namesakes(v)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("people.add"), v.OfficeCrumbs(v.T("people.title"))...)
	f.Reading = true
	sheet := ui.Form(visit.PeoplePath, v.T("people.add"), nil, slices.Concat(fields, account, goOn)...)
	sheet.Cancel = visit.PeoplePath
	v.NameErrors(visit.Labelled(sheet.Fields...))
	return v.Page(f,
		ui.PageHead{Title: v.T("people.add"), Lead: v.T("people.add_lead")}.View(v.Lang), other, same, sheet.View(v.Lang))
}

// accountFields ask for an account in a journey. With journeys given it must be
// one of them; without, the account is a choice among all.
func accountFields(v *visit.Visit, journeys []catalogue.Journey) ([]ui.Field, error) {
	choice := journeys == nil
	if choice {
		var err error
		if journeys, err = catalogue.Journeys(v.Context(), v.Reader()); err != nil {
			return nil, err
		}
	}
	journey := ui.Field{
		Input: ui.SelectInput, Name: "journey", Label: v.T("people.account.journey"), Value: v.FormValue("journey"), Error: v.Wrong("journey"),
		Options: []ui.Option{{Label: v.T("people.account.choose_journey")}}, Optional: choice,
	}
	if choice {
		journey.Hint, journey.Options[0].Label = v.T("people.account.journey_hint"), v.T("people.account.later")
	}
	step := ui.Field{
		Input: ui.SelectInput, Name: "step", Label: v.T("people.account.step"), Hint: v.T("people.account.step_hint"),
		Value: v.FormValue("step"), Error: v.Wrong("step"), Optional: true,
		Options: []ui.Option{{Label: v.T("people.account.suggest_step")}, {Value: noStep, Label: v.T("people.account.no_step")}},
	}
	for _, j := range journeys {
		journey.Options = append(journey.Options, ui.Option{Value: visit.IDOrNone(j.ID), Label: j.Name})
		steps, err := catalogue.Steps(v.Context(), v.Reader(), j.ID)
		if err != nil {
			return nil, err
		}
		for _, each := range steps {
			step.Options = append(step.Options, ui.Option{Value: visit.IDOrNone(each.ID), Label: j.Name + ": " + each.Name})
		}
	}
	roles := v.Form["roles"]
	if !v.Sent {
		roles = []string{string(access.Employee)}
	}
	return []ui.Field{
		journey,
		rolesField(v, roles),
		{
			Input: ui.NumberInput, Name: "years", Label: v.T("people.account.years"), Hint: v.T("people.account.years_hint"), Unit: v.T("people.account.years_unit"),
			Short: true, Optional: true, Value: v.FormValue("years"), Error: v.Wrong("years"),
		},
		step,
	}, nil
}

func rolesField(v *visit.Visit, chosen []string) ui.Field {
	field := ui.Field{Input: ui.CheckInput, Name: "roles", Label: v.T("people.account.roles"), Hint: v.T("people.account.roles_hint"), Values: chosen, Error: v.Wrong("roles")}
	if field.Values == nil {
		field.Values = []string{}
	}
	for _, role := range people.Roles {
		field.Options = append(field.Options, ui.Option{Value: string(role), Label: v.T(role.Key())})
	}
	return field
}

// noStep is the answer "no step"; an empty one lets the years decide.
const noStep = "0"

// formAccount reads the fields of accountFields.
func formAccount(v *visit.Visit, personID int64, opened clock.Day) (people.NewAccount, error) {
	a := people.NewAccount{PersonID: personID, JourneyID: v.NumberID("journey"), OpenedOn: opened, Roles: formRoles(v)}
	var checks fault.Checks
	years, given, ok := formYears(v)
	checks.Require(ok, "years", "people.account.wrong_years")
	if given && ok {
		since := people.Since(years, opened)
		a.ProfessionSince = &since
	}
	checks.Require(len(a.Roles) > 0, "roles", "people.account.role_missing")
	if step := v.FormValue("step"); step != "" {
		a.StepID = v.NumberID("step")
		checks.Require(a.StepID != 0 || step == noStep, "step", "people.unknown_step")
	} else if ok && (given || slices.Contains(a.Roles, access.Employee)) {
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
func formYears(v *visit.Visit) (years float64, given, ok bool) {
	text := strings.TrimSpace(v.FormValue("years"))
	if text == "" {
		return 0, false, true
	}
	years, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return years, true, err == nil && years >= 0 && years <= 70
}

func formRoles(v *visit.Visit) []access.Role {
	var roles []access.Role
	for _, role := range v.Form["roles"] {
		roles = append(roles, access.Role(role))
	}
	return roles
}

// Add adds somebody, with an account when a journey is chosen.
func Add(v *visit.Visit) error {
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
			account, errAccount = formAccount(v, 0, from)
		}
		if err := visit.Together(err, checks.Err(), errAccount); err != nil {
			return err
		}
		twice := notTwice(v, tx, person, organisationID, from)
		id, err = people.Add(v.Context(), tx, v.Viewer, person, organisationID, from, title, v.Now)
		if err := visit.Together(err, twice); err != nil || account.JourneyID == 0 {
			return err
		}
		account.PersonID = id
		_, err = people.OpenAccount(v.Context(), tx, v.Viewer, account)
		return err
	})
	if err != nil {
		return err
	}
	return v.Redirect(visit.PersonPath(id), "notice.person_added", "Name", people.Person{GivenName: v.FormValue("given_name"), FamilyName: v.FormValue("family_name")}.Name())
}
