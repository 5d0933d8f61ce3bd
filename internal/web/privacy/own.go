package privacy

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/privacy"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// own is the frame of a page below one's own page.
func own(v *visit.Visit, title string) ui.Frame {
	return v.Frame(title, ui.Crumb{Label: v.T("ui.my_page"), Href: visit.MyPagePath}, ui.Crumb{Label: title})
}

const perPage = 50

// Log is who has seen and changed what is kept about oneself, the newest first.
func Log(v *visit.Visit) error {
	lines, more, err := audit.Of(v.Context(), v.Reader(), v.Viewer, v.NumberID("before"), perPage)
	if err != nil {
		return err
	}
	title := v.T("audit.title")
	t := ui.Table{
		ID: "log", Caption: v.T("audit.entries"),
		Columns: []ui.Column{{Label: v.T("audit.when"), Keep: true}, {Label: v.T("audit.who")}, {Label: v.T("audit.what")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("audit.none"), Text: v.T("audit.none_help")},
	}
	for _, l := range lines {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.Lang.DayTime(l.At)), ui.Text(actor(v, l)), ui.Text(what(v, l.Entry))}})
	}
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("audit.lead")}.View(v.Lang), v.Table(t)}
	if more {
		parts = append(parts, ui.TextLink(v.T("audit.older"), v.Address().With("before", visit.ID(lines[len(lines)-1].ID))))
	}
	if v.NumberID("before") != 0 {
		parts = append(parts, ui.TextLink(v.T("audit.newest"), visit.MyLogPath))
	}
	return v.Page(own(v, title), append(parts, ui.Paragraph(v.T("audit.not_written")))...)
}

// actor is who did it, in words.
func actor(v *visit.Visit, l audit.Line) string {
	name := l.Actor
	switch {
	case l.ActorID == v.Viewer.PersonID && l.ActorID != 0:
		name = v.T("audit.yourself")
	case l.TokenID != 0:
		name = v.T("audit.token", "Name", l.Token)
	case l.ActorID == 0:
		name = v.T("audit.product")
	case name == "":
		name = v.T("audit.gone")
	}
	if l.BehalfID != 0 {
		name = v.T("audit.behalf", "Name", name)
	}
	return name
}

// what is an act on a kind of fact, in words.
func what(v *visit.Visit, e audit.Entry) string {
	return v.T(e.Act.Key(), "What", v.T(e.Kind.Key()))
}

// MySights is who may see what of oneself.
func MySights(v *visit.Visit) error {
	title := v.T("privacy.sights_mine")
	return sights(v, v.Viewer.PersonID, own(v, title), ui.PageHead{Title: title, Lead: v.T("privacy.sights_lead")})
}

// Sights is who may see what of somebody, for who administers them.
func Sights(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	f, name, err := about(v, id, "privacy.sights")
	if err != nil {
		return err
	}
	return sights(v, id, f, ui.PageHead{Title: v.T("privacy.sights_of", "Name", name), Lead: v.T("privacy.sights_lead_of")})
}

func sights(v *visit.Visit, personID int64, f ui.Frame, head ui.PageHead) error {
	all, err := privacy.Sights(v.Context(), v.Reader(), v.Viewer, personID, v.Today)
	if err != nil {
		return err
	}
	t := ui.Table{
		ID: "sights", Caption: v.T("privacy.sights_who"),
		Columns: []ui.Column{{Label: v.T("privacy.sight_name"), Keep: true}, {Label: v.T("privacy.sight_why")}, {Label: v.T("privacy.sight_what")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("privacy.sights_none"), Text: v.T("privacy.sights_none_help")},
	}
	for _, s := range all {
		var why, sees []templ.Component
		for _, g := range s.Roles {
			why = append(why, ui.Paragraph(v.T("privacy.sight_role", "Role", v.T(g.Role.KeyAt(g.District)), "Place", g.Name)))
		}
		for _, r := range s.Rounds {
			why = append(why, ui.Paragraph(v.T("privacy.sight_trainer", "Round", r)))
		}
		for _, see := range s.Sees {
			sees = append(sees, ui.Paragraph(v.T(see.Key())))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(s.Name), {Slot: ui.Choices(why...)}, {Slot: ui.Choices(sees...)}}})
	}
	groups, err := municipalgroup.Counting(v.Context(), v.Reader(), personID, v.Today)
	if err != nil {
		return err
	}
	parts := []templ.Component{head.View(v.Lang), v.Table(t), ui.Paragraph(v.T("privacy.sights_figures"))}
	if len(groups) > 0 {
		names := make([]string, len(groups))
		for i, g := range groups {
			names[i] = g.Name
		}
		parts = append(parts, ui.Paragraph(v.T("privacy.sights_groups", "Groups", strings.Join(names, ", "))))
	}
	return v.Page(f, parts...)
}

// MyData is all that is kept about oneself, to read.
func MyData(v *visit.Visit) error {
	o, err := privacy.OwnOf(v.Context(), v.Server.DB, v.Viewer, v.Now)
	if err != nil {
		return err
	}
	title := v.T("privacy.data")
	parts := []templ.Component{
		ui.PageHead{Title: title, Lead: v.T("privacy.data_lead"), Print: true, Others: []ui.Action{{Label: v.T("privacy.data_file"), Href: visit.MyDataPath + ".json", Kind: ui.Secondary}}}.View(v.Lang),
	}
	for _, p := range o.Places {
		t := ui.Table{ID: p.Place, Caption: v.T("privacy.place_" + p.Place), Dense: true, Wide: len(p.Columns) > 5, Folds: true}
		for _, c := range p.Columns {
			t.Columns = append(t.Columns, ui.Column{Label: v.T("privacy.column_" + c)})
		}
		for _, row := range p.Rows {
			var cells []ui.Cell
			for _, value := range row {
				cells = append(cells, ui.Text(value))
			}
			t.Rows = append(t.Rows, ui.Row{Cells: cells})
		}
		parts = append(parts, ui.Fold(v.T("privacy.data_rows", "Place", t.Caption, "Count", len(p.Rows)), t.View(v.Lang)))
	}
	var doings ui.Summary
	for _, d := range o.Doings {
		doings = append(doings, ui.Fact{Term: v.T("privacy.place_" + d.Place), Value: v.T("privacy.rows", "Count", int(d.Rows))})
	}
	if len(doings) > 0 {
		parts = append(parts, ui.Section("doings", v.T("privacy.doings"), ui.Paragraph(v.T("privacy.doings_lead")), doings.View(v.Lang)))
	}
	return v.Page(own(v, title), append(parts, ui.Paragraph(v.T("privacy.data_without")))...)
}

// MyDataFile is all that is kept about oneself as one file for machines.
func MyDataFile(v *visit.Visit) error {
	o, err := privacy.OwnOf(v.Context(), v.Server.DB, v.Viewer, v.Now)
	if err != nil {
		return err
	}
	return sendJSON(v, "yrkesresan-"+strconv.FormatInt(o.Person, 10)+".json", o)
}

func sendJSON(v *visit.Visit, name string, what any) error {
	text, err := json.MarshalIndent(what, "", "  ")
	if err != nil {
		return err
	}
	v.Download("application/json; charset=utf-8", name)
	v.W.Header().Set("Cache-Control", "no-store")
	_, _ = v.W.Write(text) // a browser that left is no fault of ours
	return nil
}

// about is the frame of a page about somebody, and their name.
func about(v *visit.Visit, personID int64, title string) (ui.Frame, string, error) {
	name, err := nameOf(v, personID)
	if err != nil {
		return ui.Frame{}, "", err
	}
	return v.Frame(v.T(title), ui.Crumb{Label: v.T("people.title"), Href: visit.PeoplePath}, ui.Crumb{Label: name, Href: visit.PersonPath(personID)}, ui.Crumb{Label: v.T(title)}), name, nil
}

// AuditOf is the audit of a municipality's people, to take out.
func AuditOf(v *visit.Visit) error { return auditPage(v, perPage) }

// AuditFile is the same for machines.
func AuditFile(v *visit.Visit) error {
	place, _, err := auditPlace(v)
	if err != nil {
		return err
	}
	from, until := auditDays(v)
	all, err := audit.Between(v.Context(), v.Reader(), v.Viewer, place, from, until, mostEntries+1)
	if err != nil {
		return err
	}
	if len(all) > mostEntries {
		return &fault.Error{Kind: fault.KindInvalid, Key: "fault.file_too_long", Args: []any{"Max", mostEntries}}
	}
	type entry struct {
		ID           int64  `json:"id"`
		At           string `json:"at"`
		Act          string `json:"act"`
		Kind         string `json:"kind"`
		About        int64  `json:"about"`
		Municipality int64  `json:"municipality,omitempty"`
		By           int64  `json:"by,omitempty"`
		Token        int64  `json:"token,omitempty"`
		OnBehalfOf   int64  `json:"on_behalf_of,omitempty"`
		Page         string `json:"page,omitempty"`
	}
	out := make([]entry, len(all))
	for i, e := range all {
		out[i] = entry{e.ID, e.At.Time().Format("2006-01-02T15:04:05.000000Z07:00"), string(e.Act), string(e.Kind), e.SubjectID, e.MunicipalityID, e.ActorID, e.TokenID, e.BehalfID, e.Page}
	}
	return sendJSON(v, "audit-"+from.String()+"-"+until.String()+".json", map[string]any{"from": from, "until": until, "entries": out})
}

const mostEntries = 100_000 // in a file for machines

// auditPlace is the municipality in the address, or the whole for none.
func auditPlace(v *visit.Visit) (place access.Place, crumbs []ui.Crumb, err error) {
	if v.PathValue("municipality") != "" {
		m, err := v.Municipality()
		if err != nil {
			return place, nil, err
		}
		place, crumbs = m.Place(), v.CrumbsOf(m)
	}
	return place, crumbs, audit.Reader(v.Viewer, place)
}

func auditPage(v *visit.Visit, rows int) error {
	place, crumbs, err := auditPlace(v)
	if err != nil {
		return err
	}
	from, until := auditDays(v)
	all, err := audit.Between(v.Context(), v.Reader(), v.Viewer, place, from, until, v.PerPage(rows)+1)
	if err != nil {
		return err
	}
	title := v.T("audit.all")
	t := ui.Table{
		ID: "audit", Caption: v.T("audit.entries"), Dense: true, Wide: true, Folds: true,
		Columns: []ui.Column{
			{Label: v.T("audit.number"), Numeric: true}, {Label: v.T("audit.when"), Keep: true}, {Label: v.T("audit.what")}, {Label: v.T("audit.about"), Numeric: true},
			{Label: v.T("audit.by"), Numeric: true}, {Label: v.T("audit.by_token"), Numeric: true}, {Label: v.T("audit.on_behalf"), Numeric: true}, {Label: v.T("audit.page")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("audit.none"), Text: v.T("audit.none_days")},
	}
	shown := all
	if len(shown) > v.PerPage(rows) && v.PerPage(rows) == rows {
		shown = shown[:rows]
		t.Note = v.T("audit.first_rows", "Count", rows)
	}
	number := func(id int64) ui.Cell {
		if id == 0 {
			return ui.Text("")
		}
		return ui.Text(visit.ID(id))
	}
	for _, e := range shown {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			number(e.ID), ui.Text(v.Lang.DayTime(e.At)), ui.Text(what(v, e)), number(e.SubjectID), number(e.ActorID), number(e.TokenID), number(e.BehalfID), ui.Text(e.Page),
		}})
	}
	path := v.Address().Path
	ask := ui.Filter{
		Label: v.T("audit.days"), Action: path, Submit: v.T("audit.show"),
		Fields: []ui.Field{
			{Input: ui.DateInput, Name: "from", Label: v.T("audit.from"), Value: from.String()},
			{Input: ui.DateInput, Name: "until", Label: v.T("audit.until"), Value: until.String()},
		},
	}
	jsonPath := ui.Address{Path: path + ".json", Query: v.URL.Query()}
	return v.Page(v.Frame(title, append(crumbs, ui.Crumb{Label: title})...),
		ui.PageHead{Title: title, Lead: v.T("audit.all_lead")}.View(v.Lang), ask.View(v.Lang), v.Table(t, path),
		ui.TextLink(v.T("audit.take_json"), jsonPath.With("page", "")))
}
