package groups

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Members is where the region says who is in the group and when.
func Members(v *visit.Visit) error {
	p, err := findManaged(v)
	if err != nil {
		return err
	}
	members, err := municipalgroup.Members(v.Context(), v.Reader(), v.Viewer, p.group)
	if err != nil {
		return err
	}
	history, err := municipalgroup.ShareHistory(v.Context(), v.Reader(), v.Viewer, p.group)
	if err != nil {
		return err
	}
	all, err := organisation.Municipalities(v.Context(), v.Reader(), p.region.ID)
	if err != nil {
		return err
	}
	which := ui.Field{
		Input: ui.SelectInput, Name: "municipality", Label: v.T("people.municipality"), Value: v.Typed("municipality", ""), Error: v.Wrong("municipality"),
		Options: []ui.Option{{Label: v.T("groups.choose_municipality")}},
	}
	for _, m := range all {
		which.Options = append(which.Options, ui.Option{Value: visit.ID(m.ID), Label: m.Name})
	}
	join := []ui.Field{
		which,
		{Input: ui.DateInput, Name: "from", Label: v.T("groups.from"), Value: v.Typed("from", max(p.group.From, v.Today).String()), Error: v.Wrong("from")},
		{Input: ui.DateInput, Name: "until", Label: v.T("groups.until"), Hint: v.T("groups.member_until_hint"), Value: v.Typed("until", ""), Error: v.Wrong("until"), Optional: true},
	}
	leaves := ui.Field{
		Input: ui.SelectInput, Name: "member", Label: v.T("groups.member"), Value: v.Typed("member", ""), Error: v.Wrong("member"),
		Options: []ui.Option{{Label: v.T("groups.choose_member")}},
	}
	for _, m := range members {
		if m.Until == nil || *m.Until >= v.Today {
			leaves.Options = append(leaves.Options, ui.Option{Value: visit.ID(m.ID), Label: v.T("groups.member_since", "Municipality", m.Municipality.Name, "From", v.Lang.TinyDay(m.From))})
		}
	}
	leave := []ui.Field{leaves, lastField(v)}
	v.NameErrors(visit.Labelled(append(join, leave...)...))
	return p.show(membersTab, ui.PageHead{Title: v.T("groups.members_of", "Group", p.group.Name), Lead: v.T("groups.members_lead")},
		v.Table(p.memberTable(members, history)),
		ui.Section("join", v.T("groups.join"), ui.Form(p.path("members"), v.T("groups.join_do"), nil, join...).View(v.Lang)),
		ending(v, "leave", "groups.leave", p.path("members", "end"), leaves, leave),
	)
}

// ending is the form that lets one of several end; nil when there is none to choose.
func ending(v *visit.Visit, id, key, path string, which ui.Field, fields []ui.Field) templ.Component {
	if len(which.Options) == 1 {
		return nil
	}
	form := ui.Form(path, v.T(key+"_do"), nil, fields...)
	form.Kind = ui.Secondary
	return ui.Section(id, v.T(key), form.View(v.Lang))
}

// lastField asks for a last day.
func lastField(v *visit.Visit) ui.Field {
	return ui.Field{Input: ui.DateInput, Name: "last", Label: v.T("people.person.last_day"), Hint: v.T("groups.last_hint"), Value: v.Typed("last", ""), Error: v.Wrong("last")}
}

// Join makes a municipality a member.
func Join(v *visit.Visit) error {
	p, err := findManaged(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	m := v.NumberID("municipality")
	checks.Require(m != 0, "municipality", "groups.member_missing")
	period := typedPeriod(v, &checks, "from", "until")
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return municipalgroup.Join(v.Context(), tx, v.Viewer, p.group.ID, m, period, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path("members"), "notice.group_joined", "Municipality", v.Server.Country[m].Name, "Group", p.group.Name)
}

// Leave lets a membership end.
func Leave(v *visit.Visit) error {
	p, err := findManaged(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	id := v.NumberID("member")
	checks.Require(id != 0, "member", "groups.choose_member")
	last := v.FormDay(&checks, "last")
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return municipalgroup.Leave(v.Context(), tx, v.Viewer, p.group.ID, id, last, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path("members"), "notice.group_left", "Group", p.group.Name)
}

// Officers is where the region says who administers the group and who sits in its steering
// group.
func Officers(v *visit.Visit) error {
	p, err := findManaged(v)
	if err != nil {
		return err
	}
	all, err := municipalgroup.Officers(v.Context(), v.Reader(), v.Viewer, p.group, v.Today)
	if err != nil {
		return err
	}
	t := ui.Table{
		ID: "offices", Caption: v.T("groups.officers"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("groups.who")}, {Label: v.T("groups.office")}, {Label: v.T("people.person.from"), Keep: true}, {Label: v.T("people.person.until"), Keep: true}, {Label: v.T("round.status")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("groups.no_officers"), Text: v.T("groups.no_officers_help")},
	}
	which := ui.Field{
		Input: ui.SelectInput, Name: "held", Label: v.T("groups.office"), Value: v.Typed("held", ""), Error: v.Wrong("held"),
		Options: []ui.Option{{Label: v.T("groups.choose_office")}},
	}
	for _, h := range all {
		who := ui.Link(h.Name, visit.PersonPath(h.PersonID))
		if h.Name == "" {
			who = ui.Text(v.T("groups.unseen"))
		}
		office := v.T(h.Office.Key())
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{who, ui.Text(office), ui.Text(v.Lang.TinyDay(h.From)), ui.Text(until(v, h.Period)), state(v, h.Period)}})
		if h.Until == nil || *h.Until >= v.Today {
			which.Options = append(which.Options, ui.Option{Value: visit.ID(h.ID), Label: v.T("groups.held", "Who", who.Text, "Office", office)})
		}
	}
	role := ui.Field{Input: ui.RadioInput, Name: "office", Label: v.T("groups.office"), Value: v.Typed("office", ""), Error: v.Wrong("office")}
	for _, o := range municipalgroup.Offices {
		role.Options = append(role.Options, ui.Option{Value: string(o), Label: v.T(o.Key()), Hint: v.T(o.Key() + "_hint")})
	}
	give := []ui.Field{
		{Input: ui.EmailInput, Name: "email", Label: v.T("people.email"), Hint: v.T("groups.email_hint"), Value: v.Typed("email", ""), Error: v.Wrong("email"), Autocomplete: "off"},
		role,
		{Input: ui.DateInput, Name: "from", Label: v.T("groups.from"), Value: v.Typed("from", max(p.group.From, v.Today).String()), Error: v.Wrong("from")},
	}
	end := []ui.Field{which, lastField(v)}
	v.NameErrors(visit.Labelled(append(give, end...)...))
	return p.show(officersTab, ui.PageHead{Title: v.T("groups.officers_of", "Group", p.group.Name), Lead: v.T("groups.officers_lead")},
		v.Table(t),
		ui.Section("give", v.T("groups.give"), ui.Form(p.path("officers"), v.T("groups.give_do"), nil, give...).View(v.Lang)),
		ending(v, "end", "groups.end", p.path("officers", "end"), which, end),
	)
}

// Give gives somebody an office.
func Give(v *visit.Visit) error {
	p, err := findManaged(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	checks.Require(v.FormValue("email") != "", "email", "groups.email_missing")
	office := access.GroupOffice(v.FormValue("office"))
	checks.Require(office != "", "office", "signup.choose_one")
	from := v.FormDay(&checks, "from")
	if err := checks.Err(); err != nil {
		return err
	}
	var name string
	if err := v.Write(func(tx *db.Tx) error {
		name, err = municipalgroup.Give(v.Context(), tx, v.Viewer, p.group.ID, v.FormValue("email"), municipalgroup.Appointment{Office: office, From: from}, v.Server.Site, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(p.path("officers"), "notice.group_office_given", "Name", name, "Office", v.T(office.Key()))
}

// EndOffice lets an office end.
func EndOffice(v *visit.Visit) error {
	p, err := findManaged(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	id := v.NumberID("held")
	checks.Require(id != 0, "held", "groups.choose_office")
	last := v.FormDay(&checks, "last")
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return municipalgroup.EndOffice(v.Context(), tx, v.Viewer, p.group.ID, id, last, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path("officers"), "notice.group_office_ended")
}
