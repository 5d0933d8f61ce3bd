package groups

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/figures"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const rowsPerPage = 60

// List is the region's groups.
func List(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	all, err := municipalgroup.List(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return err
	}
	title := v.T("groups.title")
	head := ui.PageHead{Title: title, Lead: v.T("groups.lead", "Region", region.Name)}
	t := ui.Table{
		ID: "groups", Caption: title, QuietTitle: true, Dense: true, Note: v.T("groups.note", "Day", v.Today),
		Columns: []ui.Column{
			{Label: v.T("groups.one")}, {Label: v.T("groups.members"), Numeric: true},
			{Label: v.T("people.person.from"), Keep: true}, {Label: v.T("people.person.until"), Keep: true}, {Label: v.T("round.status")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("groups.none"), Text: v.T("groups.none_help")},
	}
	if access.ManageGroups(v.Viewer).Covers(region.Place()) {
		head.Action = &ui.Action{Label: v.T("groups.new"), Href: address.RegionGroups(region.Slug, "new")}
	}
	all, t.Pager = visit.Paged(v, all, v.PerPage(rowsPerPage))
	for _, g := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(g.Name, address.RegionGroups(region.Slug, g.Slug)), v.NumberCell(g.Members), ui.Text(v.Lang.TinyDay(g.From)), ui.Text(until(v, g.Period)), state(v, g.Period),
		}})
	}
	return v.Page(v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: title})...), head.View(v.Lang), v.Take(t, address.RegionGroups(region.Slug)))
}

// until is the last day of the period in words.
func until(v *visit.Visit, p clock.Period) string {
	if p.Until == nil {
		return v.T("people.person.for_now")
	}
	return v.Lang.TinyDay(*p.Until)
}

// state is a word for where today stands in the period.
func state(v *visit.Visit, p clock.Period) ui.Cell {
	switch {
	case p.Holds(v.Today):
		return ui.Status(v.T("groups.runs"), ui.Positive)
	case v.Today < p.From:
		return ui.Status(v.T("groups.comes"), ui.Info)
	}
	return ui.Status(v.T("groups.over"), ui.Plain)
}

// fields ask what a group is called, who pays for it and how long it lasts.
func fields(v *visit.Visit, n municipalgroup.New) []ui.Field {
	from, last := "", ""
	if n.Name != "" {
		from = n.From.String()
	}
	if n.Until != nil {
		last = n.Until.String()
	}
	return []ui.Field{
		{Name: "name", Label: v.T("groups.name"), Hint: v.T("groups.name_hint"), Value: v.Typed("name", n.Name), Error: v.Wrong("name"), Autocomplete: "off"},
		{Input: ui.TextareaInput, Name: "project", Label: v.T("groups.project"), Hint: v.T("groups.project_hint"), Value: v.Typed("project", n.Project), Error: v.Wrong("project"), Optional: true},
		{Input: ui.DateInput, Name: "from", Label: v.T("groups.from"), Value: v.Typed("from", from), Error: v.Wrong("from")},
		{Input: ui.DateInput, Name: "until", Label: v.T("groups.until"), Hint: v.T("groups.until_hint"), Value: v.Typed("until", last), Error: v.Wrong("until"), Optional: true},
	}
}

// typed reads the fields of fields.
func typed(v *visit.Visit) (municipalgroup.New, error) {
	var checks fault.Checks
	n := municipalgroup.New{Name: v.FormValue("name"), Project: v.FormValue("project")}
	checks.Require(strings.TrimSpace(n.Name) != "", "name", "groups.name_missing")
	n.Period = typedPeriod(v, &checks, "from", "until")
	return n, checks.Err()
}

func typedPeriod(v *visit.Visit, checks *fault.Checks, first, last string) clock.Period {
	p := clock.Period{From: v.FormDay(checks, first)}
	if v.FormValue(last) != "" {
		until := v.FormDay(checks, last)
		p.Until = &until
	}
	return p
}

// managed is the region in the address, for those who make its groups.
func managed(v *visit.Visit) (organisation.Organisation, error) {
	region, err := v.Region()
	if err == nil {
		err = access.ManageGroups(v.Viewer).Allow(region.Place())
	}
	return region, err
}

// New is the form that makes a group.
func New(v *visit.Visit) error {
	region, err := managed(v)
	if err != nil {
		return err
	}
	all := fields(v, municipalgroup.New{})
	v.NameErrors(visit.Labelled(all...))
	form := ui.Form(address.RegionGroups(region.Slug), v.T("groups.make"), nil, all...)
	form.Cancel = address.RegionGroups(region.Slug)
	title := v.T("groups.new")
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("groups.title"), Href: address.RegionGroups(region.Slug)}, ui.Crumb{Label: title})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("groups.new_lead", "Region", region.Name)}.View(v.Lang), form.View(v.Lang))
}

// Make makes a group.
func Make(v *visit.Visit) error {
	region, err := managed(v)
	if err != nil {
		return err
	}
	n, err := typed(v)
	if err != nil {
		return err
	}
	var slug string
	if err := v.Write(func(tx *db.Tx) error {
		slug, err = municipalgroup.Make(v.Context(), tx, v.Viewer, region.ID, n, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(address.RegionGroups(region.Slug, slug, "members"), "notice.group_made", "Group", strings.TrimSpace(n.Name))
}

// page is a page of one group.
type page struct {
	*visit.Visit
	region  organisation.Organisation
	group   municipalgroup.Group
	manages bool
	plans   bool
}

// find is the group in the address, with what the visitor may do.
func find(v *visit.Visit) (*page, error) {
	region, err := v.Region()
	if err != nil {
		return nil, err
	}
	g, err := municipalgroup.Get(v.Context(), v.Reader(), v.Viewer, region.ID, v.PathValue("group"))
	if err != nil {
		return nil, err
	}
	p := &page{Visit: v, region: region, group: g}
	p.manages = access.ManageGroups(v.Viewer).Covers(g.Place())
	p.plans = access.PlanForGroups(v.Viewer).Covers(g.Place())
	return p, nil
}

// findManaged is find for those who make groups.
func findManaged(v *visit.Visit) (*page, error) {
	p, err := find(v)
	if err == nil {
		err = access.ManageGroups(v.Viewer).Allow(p.group.Place())
	}
	return p, err
}

// findPlanned is find for those who plan for the group.
func findPlanned(v *visit.Visit) (*page, error) {
	p, err := find(v)
	if err == nil {
		err = access.PlanForGroups(v.Viewer).Allow(p.group.Place())
	}
	return p, err
}

func (p *page) path(pages ...string) string {
	return address.RegionGroups(p.region.Slug, append([]string{p.group.Slug}, pages...)...)
}

// tab is one of the pages of a group: the end of its address.
type tab string

// The tabs; those with people and days that the region says are for who says it.
const (
	overview    tab = ""
	plan        tab = "plan"
	figuresTab  tab = "figures"
	shares      tab = "shares"
	membersTab  tab = "members"
	officersTab tab = "officers"
)

func (t tab) label() string {
	if t == overview {
		return "groups.overview"
	}
	return "groups." + string(t)
}

// show answers with one of the group's pages, below what leads to the others.
func (p *page) show(at tab, head ui.PageHead, parts ...templ.Component) error {
	all := []tab{overview, plan, figuresTab, shares}
	if p.manages {
		all = append(all, membersTab, officersTab)
	}
	tabs := ui.Tabs{Label: p.T("groups.pages", "Group", p.group.Name)}
	for _, t := range all {
		href := p.path()
		if t != overview {
			href = p.path(string(t))
		}
		tabs.Items = append(tabs.Items, ui.Tab{Label: p.T(t.label()), Href: href, Current: t == at})
	}
	crumbs := []ui.Crumb{{Label: p.T("groups.title"), Href: address.RegionGroups(p.region.Slug)}, {Label: p.group.Name}}
	if at != overview {
		crumbs[1].Href = p.path()
		crumbs = append(crumbs, ui.Crumb{Label: p.T(at.label())})
	}
	f := p.Frame(head.Title, p.CrumbsOf(p.region, crumbs...)...)
	return p.Page(f, ui.Parts(append([]templ.Component{head.View(p.Lang), tabs.View(p.Lang)}, parts...)...)...)
}

// Show is the group: how long it lasts, who pays for it, who is in it, and the next thing for
// who administers it.
func Show(v *visit.Visit) error {
	p, err := find(v)
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
	head := ui.PageHead{Title: p.group.Name, Lead: p.lasts()}
	if p.manages {
		head.Others = []ui.Action{{Label: v.T("groups.edit"), Href: p.path("edit"), Kind: ui.Secondary}}
	}
	var project templ.Component
	if p.group.Project != "" {
		project = ui.Section("project", v.T("groups.project"), ui.Lines(strings.Split(p.group.Project, "\n")))
	}
	return p.show(overview, head, p.next(members, history), project, v.Table(p.memberTable(members, history)))
}

// lasts says how long the group lasts.
func (p *page) lasts() string {
	if p.group.Until == nil {
		return p.T("groups.lasts_on", "From", p.group.From)
	}
	return p.T("groups.lasts", "From", p.group.From, "Until", *p.group.Until)
}

// next is the one thing to do first, for who does it.
func (p *page) next(members []municipalgroup.Member, history []municipalgroup.Shares) templ.Component {
	there := municipalgroup.On(members, p.Today)
	holding, told := municipalgroup.Holding(history, p.Today)
	next := func(key, href string) templ.Component {
		return ui.NextThing{Sentence: p.T("groups." + key), Action: &ui.Action{Label: p.T("groups." + key + "_do"), Href: href}}.View(p.Lang)
	}
	switch {
	case p.group.Ended(p.Today):
		return ui.Notice{Tone: ui.Info, Title: p.T("groups.ended"), Text: p.T("groups.ended_help")}.View(p.Lang)
	case p.manages && len(members) == 0:
		return next("next_members", p.path("members"))
	case p.plans && len(there) > 0 && (!told || !holding.Fit(there)):
		return next("next_shares", p.path("shares"))
	case p.plans:
		return next("next_plan", p.path("plan"))
	}
	return nil
}

// memberTable is who is in the group and when, with what they pay.
func (p *page) memberTable(members []municipalgroup.Member, history []municipalgroup.Shares) ui.Table {
	t := ui.Table{
		ID: "members", Caption: p.T("groups.members"), Dense: true, Note: p.T("groups.members_note", "Day", p.Today),
		Columns: []ui.Column{
			{Label: p.T("people.municipality")}, {Label: p.T("people.person.from"), Keep: true}, {Label: p.T("people.person.until"), Keep: true},
			{Label: p.T("round.status")}, {Label: p.T("groups.share"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: p.T("groups.no_members"), Text: p.T("groups.no_members_help")},
	}
	holding, _ := municipalgroup.Holding(history, p.Today)
	percent := map[int64]int64{}
	for _, s := range holding.Of {
		percent[s.Municipality.ID] = s.Percent
	}
	for _, m := range members {
		name := ui.Text(m.Municipality.Name)
		if access.Staff(p.Viewer).Covers(m.Municipality.Place()) {
			name.Href = visit.MunicipalityPath(m.Municipality)
		}
		share := ui.Text("")
		if part, ok := percent[m.Municipality.ID]; ok && m.Holds(p.Today) {
			share = ui.Text(p.Lang.Percent(float64(part), 0))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(p.Lang.TinyDay(m.From)), ui.Text(until(p.Visit, m.Period)), state(p.Visit, m.Period), share}})
	}
	return t
}

// Edit is the form that changes the group, or lets it end.
func Edit(v *visit.Visit) error {
	p, err := findManaged(v)
	if err != nil {
		return err
	}
	all := fields(v, p.group.New)
	v.NameErrors(visit.Labelled(all...))
	form := ui.Form(p.path("edit"), v.T("groups.save"), nil, all...)
	form.Cancel = p.path()
	title := v.T("groups.edit_of", "Group", p.group.Name)
	f := v.Frame(title, v.CrumbsOf(p.region, ui.Crumb{Label: v.T("groups.title"), Href: address.RegionGroups(p.region.Slug)}, ui.Crumb{Label: p.group.Name, Href: p.path()}, ui.Crumb{Label: v.T("groups.edit")})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("groups.edit_lead")}.View(v.Lang), form.View(v.Lang))
}

// Change changes the group.
func Change(v *visit.Visit) error {
	p, err := findManaged(v)
	if err != nil {
		return err
	}
	n, err := typed(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return municipalgroup.Change(v.Context(), tx, v.Viewer, p.group.ID, n)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path(), "notice.group_changed", "Group", strings.TrimSpace(n.Name))
}

// Figures are the members' figures of a journey as of a day, without names.
func Figures(v *visit.Visit) error {
	p, err := find(v)
	if err != nil {
		return err
	}
	parts, err := figures.OfGroup(v, p.group)
	if err != nil {
		return err
	}
	return p.show(figuresTab, ui.PageHead{Title: v.T("figures.title", "Place", p.group.Name), Lead: v.T("groups.figures_lead")}, parts...)
}
