package nation

import (
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/officer"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// appointFields ask for a role, where it holds and from when.
func appointFields(v *visit.Visit, regions []organisation.Organisation) []ui.Field {
	places := []ui.Option{{Value: visit.ID(organisation.NationID), Label: v.Server.Country[organisation.NationID].Name}}
	for _, o := range regions {
		places = append(places, ui.Option{Value: visit.ID(o.ID), Label: o.Name})
	}
	return []ui.Field{
		{
			Input: ui.SelectInput, Name: "role", Label: v.T("people.person.grant_role"), Hint: v.T("nation.role_hint"), Value: v.Typed("role", ""), Error: v.Wrong("role"),
			Options: roleOptions(v, v.T("people.person.choose_role"), access.NationalRoles),
		},
		{Input: ui.SelectInput, Name: "organisation", Label: v.T("people.person.grant_place"), Hint: v.T("nation.place_hint"), Value: v.Typed("organisation", ""), Error: v.Wrong("organisation"), Options: places},
		fromField(v),
	}
}

func fromField(v *visit.Visit) ui.Field {
	return ui.Field{Input: ui.DateInput, Name: "from", Label: v.T("people.person.grant_from"), Value: v.Typed("from", v.Today.String()), Error: v.Wrong("from")}
}

func personFields(v *visit.Visit) []ui.Field {
	return []ui.Field{
		{Name: "given_name", Label: v.T("people.given_name"), Value: v.Typed("given_name", ""), Error: v.Wrong("given_name"), Autocomplete: "off"},
		{Name: "family_name", Label: v.T("people.family_name"), Hint: v.T("people.one_name"), Value: v.Typed("family_name", ""), Error: v.Wrong("family_name"), Autocomplete: "off"},
		{Input: ui.EmailInput, Name: "email", Label: v.T("people.email"), Hint: v.T("nation.email_hint"), Value: v.Typed("email", ""), Error: v.Wrong("email"), Autocomplete: "off"},
	}
}

// New is the form that gives a role to somebody who is not in the system.
func New(v *visit.Visit) error {
	if !access.Officers(v.Viewer) {
		return fault.Forbidden
	}
	regions, err := organisation.Regions(v.Context(), v.Reader())
	if err != nil {
		return err
	}
	places := []ui.Option{{Label: v.T("people.choose_place")}}
	for _, o := range regions {
		places = append(places, ui.Option{Value: visit.ID(o.ID), Label: v.T("people.place_region", "Name", o.Name)})
	}
	fields := slices.Concat(personFields(v), []ui.Field{{
		Input: ui.SelectInput, Name: "workplace", Label: v.T("nation.works_at"), Hint: v.T("nation.works_at_hint"), Value: v.Typed("workplace", ""), Error: v.Wrong("workplace"), Options: places,
	}}, appointFields(v, regions))
	known, err := ofAddress(v, nil)
	if err != nil {
		return err
	}
	sheet := ui.Form(address.Officers, v.T("nation.add_and_give"), nil, fields...)
	sheet.Cancel = address.Officers
	v.NameErrors(visit.Labelled(fields...))
	title := v.T("nation.appoint")
	f := v.Frame(title, v.CrumbsOf(organisation.Organisation{}, ui.Crumb{Label: v.T("people.title"), Href: address.Officers}, ui.Crumb{Label: title})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("nation.appoint_lead"), Others: []ui.Action{{Label: v.T("nation.find_somebody"), Href: address.Officers, Kind: ui.Secondary}}}.View(v.Lang), known, sheet.View(v.Lang))
}

// ofAddress leads to who has the address that was typed for somebody new. With a region
// they can be given its administration at once.
func ofAddress(v *visit.Visit, region *organisation.Organisation) (templ.Component, error) {
	if !v.Sent || v.Wrong("email") == "" || strings.TrimSpace(v.PostForm.Get("email")) == "" {
		return templ.NopComponent, nil
	}
	o, err := officer.WithAddress(v.Context(), v.Reader(), v.Viewer, v.PostForm.Get("email"), v.Today)
	if errors.Is(err, fault.NotFound) {
		return templ.NopComponent, nil
	}
	if err != nil {
		return nil, err
	}
	notice := ui.Notice{
		Tone: ui.Info, Title: v.T("people.address_of"), Text: strings.TrimRight(o.Name()+", "+workplace(o).Text, ", "),
		Action: &ui.Action{Label: v.T("people.to_person"), About: o.Name(), Href: address.Officer(o.ID)},
	}.View(v.Lang)
	if region == nil {
		return notice, nil
	}
	return templ.Join(notice, ui.Action{
		Label: v.T("nation.make_administrator", "Name", o.Name()), Href: address.Officer(o.ID, "grants"), Post: true,
		Hidden: []ui.Hidden{{Name: "role", Value: string(access.Regional)}, {Name: "organisation", Value: visit.ID(region.ID)}, {Name: "from", Value: v.Typed("from", v.Today.String())}, {Name: "back", Value: address.NationRegion(region.Slug)}},
	}.View(v.Lang)), nil
}

// typedAppointment reads the fields of appointFields.
func typedAppointment(v *visit.Visit) (officer.Appointment, error) {
	var checks fault.Checks
	a := officer.Appointment{Role: access.Role(v.FormValue("role")), OrganisationID: v.NumberID("organisation")}
	checks.Require(slices.Contains(access.NationalRoles, a.Role), "role", "people.person.role_missing")
	checks.Require(a.OrganisationID != 0, "organisation", "people.place_missing")
	a.From = v.FormDay(&checks, "from")
	return a, checks.Err()
}

// Add gives a role to somebody new.
func Add(v *visit.Visit) error {
	if !access.Officers(v.Viewer) {
		return fault.Forbidden
	}
	a, err := typedAppointment(v)
	workplace := v.NumberID("workplace")
	if workplace == 0 && a.Role == access.Regional { // who administers a region works there
		workplace = a.OrganisationID
	}
	return addNew(v, err, a, workplace, "")
}

// addNew adds somebody and gives them the role; what the form's other fields have wrong is
// told with it. Afterwards comes the page, or that of the person.
func addNew(v *visit.Visit, wrong error, a officer.Appointment, workplace int64, page string) error {
	n := officer.Newcomer{NewPerson: people.NewPerson{GivenName: v.FormValue("given_name"), FamilyName: v.FormValue("family_name"), Email: v.FormValue("email")}, WorkplaceID: workplace}
	var checks fault.Checks
	checks.Require(strings.TrimSpace(n.Email) != "", "email", "officer.email_missing")
	checks.Require(workplace != 0, "workplace", "officer.workplace_missing")
	if err := visit.Together(n.Check(), checks.Err(), wrong); err != nil {
		return err
	}
	var id int64
	if err := v.Write(func(tx *db.Tx) (err error) {
		id, err = officer.AppointNew(v.Context(), tx, v.Viewer, n, a, v.Server.Site, v.Now)
		return err
	}); err != nil {
		return err
	}
	return given(v, id, a, true, page)
}

// Give gives somebody who is in the system a role.
func Give(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	if _, err := officer.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today); err != nil {
		return err
	}
	a, err := typedAppointment(v)
	if err != nil {
		return err
	}
	written := false
	if err := v.Write(func(tx *db.Tx) (err error) {
		written, err = officer.Appoint(v.Context(), tx, v.Viewer, id, a, v.Server.Site, v.Now)
		return err
	}); err != nil {
		return err
	}
	page := ""
	if v.FormValue("back") != "" {
		page = v.Back()
	}
	return given(v, id, a, written, page)
}

// Readdress corrects an officer's address.
func Readdress(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	o, err := officer.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return officer.Readdress(v.Context(), tx, v.Viewer, id, v.FormValue("email"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.Officer(id), "notice.person_corrected", "Name", o.Name())
}

// given tells what was given to whom, and whether a letter says so.
func given(v *visit.Visit, id int64, a officer.Appointment, written bool, page string) error {
	o, err := officer.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	if err != nil {
		return err
	}
	if page == "" {
		page = address.Officer(id)
	}
	words := []string{"Name", o.Name(), "Role", v.T(a.Role.Key()), "Place", v.Server.Country[a.OrganisationID].Name}
	if !written {
		return v.Redirect(page, "notice.office_given_silently", words...)
	}
	return v.Redirect(page, "notice.office_given", append(words, "Address", o.Email)...)
}

// End lets an office end.
func End(v *visit.Visit) error {
	if !access.Officers(v.Viewer) {
		return fault.Forbidden
	}
	grant, err := v.ID("grant")
	if err != nil {
		return err
	}
	id, err := identity.OfGrant(v.Context(), v.Reader(), grant)
	if err != nil {
		return err
	}
	o, err := officer.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(o.Offices, func(h identity.Held) bool { return h.ID == grant && slices.Contains(access.NationalRoles, h.Role) })
	if i < 0 {
		return fault.NotFound
	}
	var checks fault.Checks
	last := v.FormDay(&checks, "last")
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return identity.EndGrant(v.Context(), tx, v.Viewer, grant, last, v.Now) }); err != nil {
		return err
	}
	if h := o.Offices[i]; id == v.Viewer.PersonID && h.Role == access.National && last < v.Today {
		return v.Redirect("/", "notice.office_ended", "Name", o.Name(), "Role", v.T(h.Role.Key()), "Place", h.Organisation)
	}
	return v.Redirect(address.Officer(id), "notice.office_ended", "Name", o.Name(), "Role", v.T(o.Offices[i].Role.Key()), "Place", o.Offices[i].Organisation)
}
