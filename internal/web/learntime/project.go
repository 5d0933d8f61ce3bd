package learntime

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/studytime"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Projects are a region's projects with money from outside for time to learn, and where one is made.
func Projects(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	all, err := studytime.Projects(v.Context(), v.Reader(), v.Viewer, region.ID)
	if err != nil {
		return err
	}
	title := v.T("studytime.project.title")
	t := ui.Table{
		ID: "projects", Caption: title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("studytime.project.one")}, {Label: v.T("studytime.project.funder")}, {Label: v.T("studytime.period"), Keep: true}},
		Empty:   ui.Empty{Picture: ui.PictureFigures, Title: v.T("studytime.project.none"), Text: v.T("studytime.project.none_help")},
	}
	all, t.Pager = visit.Paged(v, all, v.PerPage(perPage))
	for _, p := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(p.Name, address.LearningProject(p.ID)), ui.Text(p.Funder), ui.Text(v.Lang.Days(p.From, p.Until))}})
	}
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("studytime.project.lead")}.View(v.Lang), v.Take(t, address.RegionProjects(region.Slug))}
	if access.MakeProjects(v.Viewer).Covers(region.Place()) {
		fields := []ui.Field{
			{Name: "name", Label: v.T("studytime.project.name"), Value: v.Typed("name", ""), Error: v.Wrong("name"), Autocomplete: "off"},
			{Name: "funder", Label: v.T("studytime.project.funder"), Hint: v.T("studytime.project.funder_hint"), Value: v.Typed("funder", ""), Error: v.Wrong("funder"), Optional: true, Autocomplete: "off"},
			{Input: ui.DateInput, Name: "from", Label: v.T("studytime.from"), Value: v.Typed("from", ""), Error: v.Wrong("from")},
			{Input: ui.DateInput, Name: "until", Label: v.T("studytime.until"), Value: v.Typed("until", ""), Error: v.Wrong("until")},
		}
		v.NameErrors(visit.Labelled(fields...))
		parts = append(parts, ui.Section("make", v.T("studytime.project.make"), ui.Form(address.RegionProjects(region.Slug), v.T("studytime.project.make_do"), nil, fields...).View(v.Lang)))
	}
	return v.Page(v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: title})...), parts...)
}

// MakeProject makes one.
func MakeProject(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	if err := access.MakeProjects(v.Viewer).Allow(region.Place()); err != nil {
		return err
	}
	var checks fault.Checks
	p := studytime.Project{RegionID: region.ID, Name: v.FormValue("name"), Funder: v.FormValue("funder"), From: v.FormDay(&checks, "from"), Until: v.FormDay(&checks, "until")}
	checks.Require(strings.TrimSpace(p.Name) != "", "name", "studytime.project.name_missing")
	if err := checks.Err(); err != nil {
		return err
	}
	var id int64
	if err := v.Write(func(tx *db.Tx) (err error) {
		id, err = studytime.MakeProject(v.Context(), tx, v.Viewer, p, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(address.LearningProject(id), "notice.learning_project_made", "Project", p.Name)
}

// Project is one, with what each municipality has applied for and been granted, and the hours so far.
func Project(v *visit.Visit) error {
	id, err := v.ID("project")
	if err != nil {
		return err
	}
	p, err := studytime.ProjectOf(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	shares, err := studytime.ProjectShares(v.Context(), v.Reader(), v.Viewer, p)
	if err != nil {
		return err
	}
	had, err := studytime.HoursBy(v.Context(), v.Reader(), v.Viewer, studytime.Choice{From: p.From, Until: p.Until})
	if err != nil {
		return err
	}
	region := v.Server.Country[p.RegionID]
	head := ui.PageHead{Title: p.Name, Lead: strings.TrimPrefix(p.Funder+" · "+v.Lang.Days(p.From, p.Until), " · "), Others: []ui.Action{
		{Label: v.T("studytime.project.hours"), Href: address.StudyTimeHours() + "?project=" + visit.ID(p.ID), Kind: ui.Secondary},
	}}
	t := ui.Table{
		ID: "shares", Caption: v.T("studytime.project.shares"), Dense: true, Note: v.T("studytime.project.shares_note"),
		Columns: []ui.Column{
			{Label: v.T("people.municipality")}, {Label: v.T("studytime.project.applied_hours"), Numeric: true}, {Label: v.T("studytime.project.granted_hours"), Numeric: true},
			{Label: v.T("studytime.column.set"), Numeric: true}, {Label: v.T("studytime.project.had_hours"), Numeric: true},
			{Label: v.T("studytime.project.applied_money"), Numeric: true}, {Label: v.T("studytime.project.granted_money"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("studytime.project.no_shares"), Text: v.T("studytime.project.no_shares_help")},
	}
	for _, s := range shares {
		place, set, got := ui.Text(s.Municipality.Name), ui.Text(v.T("studytime.project.hidden")), ui.Text(v.T("studytime.project.hidden"))
		if access.StudyHours(v.Viewer).Covers(s.Municipality.Place()) {
			h := had[s.Municipality.ID]
			place.Href = address.StudyTimeHours() + "?project=" + visit.ID(p.ID) + "&municipality=" + visit.ID(s.Municipality.ID)
			set, got = hourCell(v, h.Set), hourCell(v, h.Had)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{place, said64(v, s.AppliedHours), said64(v, s.GrantedHours), set, got, amount(v, s.AppliedMoney), amount(v, s.GrantedMoney)}})
	}
	which := ui.Field{Input: ui.SelectInput, Name: "municipality", Label: v.T("people.municipality"), Value: v.Typed("municipality", ""), Error: v.Wrong("municipality"), Options: []ui.Option{{Label: v.T("groups.choose_municipality")}}}
	all, err := organisation.Municipalities(v.Context(), v.Reader(), p.RegionID)
	if err != nil {
		return err
	}
	for _, m := range all {
		if access.LearningProjects(v.Viewer).Covers(m.Place()) {
			which.Options = append(which.Options, ui.Option{Value: visit.ID(m.ID), Label: m.Name})
		}
	}
	fields := []ui.Field{which}
	for _, name := range []string{"applied_hours", "granted_hours", "applied_money", "granted_money"} {
		unit := v.T("studytime.project.hours_unit")
		if strings.HasSuffix(name, "money") {
			unit = v.T("studytime.project.money_unit")
		}
		fields = append(fields, ui.Field{Name: name, Label: v.T("studytime.project." + name), Value: v.Typed(name, ""), Error: v.Wrong(name), Unit: unit, Short: true, Optional: true, Autocomplete: "off"})
	}
	v.NameErrors(visit.Labelled(fields...))
	return v.Page(v.Frame(p.Name, v.CrumbsOf(region, ui.Crumb{Label: v.T("studytime.project.title"), Href: address.RegionProjects(region.Slug)}, ui.Crumb{Label: p.Name})...),
		head.View(v.Lang), v.Take(t, address.LearningProject(p.ID, "shares")),
		ui.Section("grant", v.T("studytime.project.grant"), ui.Paragraph(v.T("studytime.project.grant_help")), ui.Form(address.LearningProject(p.ID), v.T("studytime.project.grant_do"), nil, fields...).View(v.Lang)))
}

func said64(v *visit.Visit, n *int64) ui.Cell {
	if n == nil {
		return ui.Text(v.T("studytime.project.unsaid"))
	}
	return ui.Text(v.Lang.Number(*n))
}

func amount(v *visit.Visit, o *money.Ore) ui.Cell {
	if o == nil {
		return ui.Text(v.T("studytime.project.unsaid"))
	}
	return v.AmountCell(*o)
}

// Grant writes what a municipality has applied for and been granted.
func Grant(v *visit.Visit) error {
	id, err := v.ID("project")
	if err != nil {
		return err
	}
	if _, err := studytime.ProjectOf(v.Context(), v.Reader(), v.Viewer, id); err != nil {
		return err
	}
	var checks fault.Checks
	s := studytime.ProjectShare{Municipality: v.Server.Country[v.NumberID("municipality")]}
	checks.Require(s.Municipality.ID != 0, "municipality", "groups.choose_municipality")
	for name, into := range map[string]**int64{"applied_hours": &s.AppliedHours, "granted_hours": &s.GrantedHours} {
		if text := strings.Join(strings.Fields(v.FormValue(name)), ""); text != "" {
			n, err := strconv.ParseInt(text, 10, 64)
			checks.Require(err == nil, name, "studytime.project.hours_wrong")
			*into = &n
		}
	}
	for name, into := range map[string]**money.Ore{"applied_money": &s.AppliedMoney, "granted_money": &s.GrantedMoney} {
		if text := v.FormValue(name); text != "" {
			n, err := money.Parse(text)
			checks.Require(err == nil, name, "studytime.project.money_wrong")
			*into = &n
		}
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return studytime.Grant(v.Context(), tx, v.Viewer, id, s, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(address.LearningProject(id), "notice.learning_project_granted", "Municipality", s.Municipality.Name)
}
