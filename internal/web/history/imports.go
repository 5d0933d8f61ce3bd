package history

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/history"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/sheet"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/brought"
)

// managed is the region in the address, for those who read in what it did before.
func managed(v *visit.Visit) (organisation.Organisation, error) {
	region, err := v.Region()
	if err == nil {
		err = access.ReadInHistory(v.Viewer).Allow(region.Place())
	}
	return region, err
}

// List is the files that were read, and the form for the next one.
func List(v *visit.Visit) error {
	region, err := managed(v)
	if err != nil {
		return err
	}
	imports, err := history.List(v.Context(), v.Reader(), v.Viewer, region.ID)
	if err != nil {
		return err
	}
	title := v.T("history.imports")
	f := v.Frame(title, crumbs(v, region, ui.Crumb{Label: title})...)
	t := ui.Table{
		ID: "imports", Caption: v.T("intake.page.earlier"),
		Columns: []ui.Column{
			{Label: v.T("intake.page.file")}, {Label: v.T("history.kind")}, {Label: v.T("intake.page.day"), Keep: true}, {Label: v.T("intake.page.state")},
			{Label: v.T("history.act.add"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("intake.page.none"), Text: v.T("intake.page.none_help")},
	}
	for _, i := range imports {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(i.FileName, address.HistoryFile(i.ID)), ui.Text(v.T("history.kind_" + string(i.Kind))), ui.Text(v.Lang.DayTime(i.MadeAt)), {Tag: state(v, i)}, v.NumberCell(i.Added),
		}})
	}
	var wrong []string
	for i := range v.Errs { // what is wrong is wrong with the file, or with a heading in it
		wrong = append(wrong, v.Errs[i].Text)
		v.Errs[i].Field = "file"
	}
	ask := ui.Form(address.RegionHistory(region.Slug, "imports"), v.T("intake.page.read"), nil,
		ui.Field{Input: ui.FileInput, Name: "file", Label: v.T("intake.page.file"), Hint: v.T("history.file_hint"), Accept: ".csv,.txt,.xlsx", Error: strings.Join(wrong, " ")})
	kinds := []templ.Component{ui.Paragraph(v.T("history.kinds_help"))}
	for _, k := range history.Kinds {
		kinds = append(kinds, ui.Fold(v.T("history.kind_"+string(k)), ui.Paragraph(v.T("history.kind_"+string(k)+"_help")), columns(v, k),
			ui.Links([]ui.Action{{Label: v.T("intake.page.sample"), About: v.T("history.kind_" + string(k)), Href: address.RegionHistory(region.Slug, string(k)+".csv")}})))
	}
	return v.Page(f,
		ui.PageHead{Title: title, Lead: v.T("history.imports_lead", "Region", region.Name)}.View(v.Lang),
		ui.Section("new-import", v.T("intake.page.new"), ui.Upload(ask, v.Lang)),
		ui.Section("kinds", v.T("history.kinds"), kinds...),
		v.Table(t))
}

func crumbs(v *visit.Visit, region organisation.Organisation, more ...ui.Crumb) []ui.Crumb {
	return v.CrumbsOf(region, append([]ui.Crumb{{Label: v.T("history.title"), Href: address.RegionHistory(region.Slug)}}, more...)...)
}

// state is a word for how far the import has come.
func state(v *visit.Visit, i history.Import) *ui.Tag {
	tone := ui.Caution
	switch i.State {
	case history.Applied:
		tone = ui.Positive
	case history.Applying, history.Undoing:
		tone = ui.Info
	case history.Ready, history.Undone:
	}
	return &ui.Tag{Word: v.T("intake.state." + string(i.State)), Tone: tone}
}

// columns says which columns a file of the kind has.
func columns(v *visit.Visit, k history.Kind) templ.Component {
	t := ui.Table{ID: "columns-" + string(k), Caption: v.T("history.kind_" + string(k)), QuietTitle: true, Columns: []ui.Column{
		{Label: v.T("intake.page.column")}, {Label: v.T("intake.page.also")}, {Label: v.T("intake.page.content")},
	}}
	for _, c := range history.ColumnsOf(k) {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(v.T("history.column." + string(c))), ui.Text(string(c)), ui.Text(v.T("history.content." + string(c))),
		}})
	}
	return t.View(v.Lang)
}

// Sample is a file of the kind to fill in.
func Sample(k history.Kind) visit.Handler {
	return func(v *visit.Visit) error {
		if _, err := managed(v); err != nil {
			return err
		}
		var heading, example []any
		for _, c := range history.ColumnsOf(k) {
			heading, example = append(heading, v.T("history.column."+string(c))), append(example, v.T("history.example."+string(c)))
		}
		return v.SendCSV(v.T("history.kind_"+string(k)), [][]any{heading, example})
	}
}

// Upload reads the file and leads to what it would do.
func Upload(v *visit.Visit) error {
	region, err := managed(v)
	if err != nil {
		return err
	}
	v.TakeTime()
	name, kept, err := brought.File(v, "intake.page.no_file")
	if err != nil {
		return err
	}
	defer kept.Close()
	i, err := history.Stage(v.Context(), v.Server.DB, v.Viewer, region.ID, name, kept, v.Now)
	if err != nil {
		return err
	}
	return v.Redirect(address.HistoryFile(i.ID), "")
}

// MaxBytes is how large a file may be: history.MaxRows long rows, or a workbook of them.
const MaxBytes = sheet.MaxBytes / 8

// inAddress is the import in the address, with its region.
func inAddress(v *visit.Visit) (history.Import, organisation.Organisation, error) {
	id, err := v.ID("history")
	if err != nil {
		return history.Import{}, organisation.Organisation{}, err
	}
	i, err := history.ByID(v.Context(), v.Reader(), v.Viewer, id)
	return i, v.Server.Country[i.RegionID], err
}

// Show is what a file would do or has done.
func Show(v *visit.Visit) error {
	i, region, err := inAddress(v)
	if err != nil {
		return err
	}
	f := v.Frame(i.FileName, crumbs(v, region, ui.Crumb{Label: v.T("history.imports"), Href: address.RegionHistory(region.Slug, "imports")}, ui.Crumb{Label: i.FileName})...)
	parts := []templ.Component{ui.PageHead{Title: i.FileName, Tag: state(v, i), Lead: v.T("history.lead_"+string(i.Kind), "Region", region.Name, "Rows", i.Read)}.View(v.Lang)}
	var figures ui.Figures
	for _, a := range acts {
		figures = append(figures, ui.Figure{Label: v.T("history.act." + string(a)), Value: v.Lang.Number(int64(i.Of(a)))})
	}
	if i.State == history.Undone {
		figures = append(figures, ui.Figure{Label: v.T("history.kept"), Value: v.Lang.Number(int64(i.Kept))})
	}
	parts = append(parts, figures.View(v.Lang))
	switch i.State {
	case history.Ready:
		parts = append(parts, ui.Section("decide", v.T("intake.page.decide"), decision(v, i)...))
	case history.Applying, history.Undoing:
		parts = append(parts, ui.Notice{Tone: ui.Caution, Text: v.T("history.broken_off")}.View(v.Lang),
			ui.Form(address.HistoryFile(i.ID, "continuation"), v.T("history.go_on"), nil).View(v.Lang))
	case history.Applied:
		parts = append(parts, ui.Section("undo", v.T("intake.page.undo_title"), ui.Paragraph(v.T("history.undo_help_"+string(i.Kind))), ui.Confirm{
			ID: "undo-all", Opener: ui.Action{Label: v.T("intake.page.undo"), Kind: ui.Quiet},
			Title: v.T("history.undo_sure"), Text: v.T("history.undo_help_" + string(i.Kind)),
			Action: ui.Action{Label: v.T("intake.page.undo"), Href: address.HistoryFile(i.ID, "reversal"), Post: true, Kind: ui.Danger},
		}.View(v.Lang)))
	case history.Undone:
	}
	table, err := tabbed(v, i)
	if err != nil {
		return err
	}
	return v.Page(f, append(parts, table...)...)
}

// acts are the kinds of rows that are shown, those that somebody has to look at first.
var acts = []history.Act{history.Reject, history.Add, history.Same}

// decision asks whether the file is to be read in.
func decision(v *visit.Visit, i history.Import) []templ.Component {
	var parts []templ.Component
	var fields []ui.Field
	if i.Rejected > 0 {
		parts = append(parts, ui.Notice{Tone: ui.Caution, Text: v.T("history.some_rejected", "Count", i.Rejected)}.View(v.Lang))
		fields = append(fields, ui.Field{Input: ui.CheckInput, Name: "sure", Label: v.T("intake.page.sure_partial"), Error: v.Wrong("sure")})
	}
	if i.Added == 0 {
		parts = []templ.Component{ui.Notice{Tone: ui.Info, Text: v.T("history.nothing_to_do")}.View(v.Lang)}
	} else {
		parts = append(parts, ui.Form(address.HistoryFile(i.ID, "approval"), v.T("history.apply"), nil, fields...).View(v.Lang))
	}
	return append(parts, ui.Confirm{
		ID: "discard", Opener: ui.Action{Label: v.T("intake.page.discard"), Kind: ui.Quiet},
		Title: v.T("intake.page.discard_title"), Text: v.T("intake.page.discard_text"),
		Action: ui.Action{Label: v.T("intake.page.discard"), Href: address.HistoryFile(i.ID, "removal"), Post: true, Kind: ui.Danger},
	}.View(v.Lang))
}

// tabbed are the rows by what is done for them.
func tabbed(v *visit.Visit, i history.Import) ([]templ.Component, error) {
	act := history.Act(v.URL.Query().Get("rows"))
	if !slices.Contains(acts, act) || i.Of(act) == 0 {
		act = ""
	}
	tabs := ui.Tabs{Label: v.T("intake.page.rows")}
	for _, a := range acts {
		if i.Of(a) == 0 {
			continue
		}
		if act == "" {
			act = a
		}
		tabs.Items = append(tabs.Items, ui.Tab{
			Label: v.T("history.act." + string(a)), Count: v.Lang.Number(int64(i.Of(a))), Current: a == act, Href: address.HistoryFile(i.ID) + "?rows=" + string(a),
		})
	}
	if act == "" {
		return nil, nil
	}
	t := ui.Table{
		ID: "rows", Caption: v.T("history.act." + string(act)), QuietTitle: true, Dense: true,
		Pager:   &ui.Pager{Rows: i.Of(act), PerPage: v.PerPage(rowsPerPage), Page: v.PageNumber()},
		Address: v.Address(),
	}
	all, err := i.Rows(v.Context(), v.Reader(), v.Viewer, act, 0, t.Pager.Page*t.Pager.PerPage)
	if err != nil {
		return nil, err
	}
	all = all[min(len(all), (t.Pager.Page-1)*t.Pager.PerPage):]
	if act == history.Reject {
		t.Columns = []ui.Column{{Label: v.T("intake.page.column")}, {Label: v.T("intake.page.why")}}
	} else {
		for _, c := range shown[i.Kind] {
			t.Columns = append(t.Columns, ui.Column{Label: c.label(v), Numeric: c.numeric, Keep: c.keep})
		}
	}
	t.Columns = slices.Insert(t.Columns, 1, ui.Column{Label: v.T("intake.page.line"), Numeric: true})
	for _, r := range all {
		var cells []ui.Cell
		if r.Problem != nil {
			cells = append(cells, ui.Text(v.T("history.column."+string(r.Problem.Column))), ui.Text(v.T(r.Problem.Key, r.Problem.Args...)))
		} else {
			for _, c := range shown[i.Kind] {
				cells = append(cells, c.cell(v, r))
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: slices.Insert(cells, 1, v.NumberCell(r.Line.Line))})
	}
	return []templ.Component{tabs.View(v.Lang), v.Take(t, address.HistoryFile(i.ID, "rows"))}, nil
}

// shownColumn is a column of the rows that are taken.
type shownColumn struct {
	label         func(v *visit.Visit) string
	cell          func(v *visit.Visit, r history.ImportRow) ui.Cell
	numeric, keep bool
}

func column(c history.Column, cell func(v *visit.Visit, r history.ImportRow) ui.Cell) shownColumn {
	return shownColumn{label: func(v *visit.Visit) string { return v.T("history.column." + string(c)) }, cell: cell}
}

func figure(c history.Column, n func(r history.ImportRow) int) shownColumn {
	s := column(c, func(v *visit.Visit, r history.ImportRow) ui.Cell { return v.NumberCell(n(r)) })
	s.numeric = true
	return s
}

func dayOf(c history.Column) shownColumn {
	s := column(c, func(v *visit.Visit, r history.ImportRow) ui.Cell { return ui.Text(v.Lang.TinyDay(r.Day)) })
	s.keep = true
	return s
}

var course = column(history.Course, func(_ *visit.Visit, r history.ImportRow) ui.Cell { return ui.Text(r.Course) })

// shown are the columns of each kind.
var shown = map[history.Kind][]shownColumn{
	history.Completions: {
		{label: func(v *visit.Visit) string { return v.T("people.name") }, cell: func(v *visit.Visit, r history.ImportRow) ui.Cell {
			if r.Person == "" {
				return ui.Text(v.T("history.no_name"))
			}
			return ui.Link(r.Person, visit.PersonPath(r.PersonID))
		}},
		course, dayOf(history.CompletedOn),
	},
	history.Rounds: {
		course, column(history.Round, func(_ *visit.Visit, r history.ImportRow) ui.Cell { return ui.Text(r.Round) }), dayOf(history.Day),
		column(history.Municipality, func(_ *visit.Visit, r history.ImportRow) ui.Cell { return ui.Text(r.Municipality) }),
		figure(history.Participants, func(r history.ImportRow) int { return r.Participants }), figure(history.Attended, func(r history.ImportRow) int { return r.Attended }),
	},
	history.Evaluations: {
		course, column(history.Year, func(_ *visit.Visit, r history.ImportRow) ui.Cell { return ui.Text(visit.ID(int64(r.Year))) }),
		column(history.Question, func(_ *visit.Visit, r history.ImportRow) ui.Cell { return ui.Text(r.Question) }),
		column(history.Answer, func(_ *visit.Visit, r history.ImportRow) ui.Cell { return ui.Text(r.Answer) }),
		figure(history.Answers, func(r history.ImportRow) int { return r.Answers }),
	},
}

// Approve reads the file in.
func Approve(v *visit.Visit) error {
	i, _, err := inAddress(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return history.Approve(v.Context(), tx, v.Viewer, i.ID, v.FormValue("sure") == "on", v.Now)
	}); err != nil {
		return err
	}
	return goOn(v, i, "notice.history_applied")
}

// Undo takes the import back.
func Undo(v *visit.Visit) error {
	i, _, err := inAddress(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return history.Undo(v.Context(), tx, v.Viewer, i.ID, v.Now) }); err != nil {
		return err
	}
	return goOn(v, i, "notice.history_undone")
}

// Continue goes on with what was broken off.
func Continue(v *visit.Visit) error {
	i, _, err := inAddress(v)
	if err != nil {
		return err
	}
	return goOn(v, i, "notice.history_went_on")
}

func goOn(v *visit.Visit, i history.Import, notice string) error {
	v.TakeTime()
	if err := history.Run(v.Context(), v.Server.DB, v.Viewer, i.ID, func() clock.Instant { return v.Now }, nil); err != nil {
		return err
	}
	return v.Redirect(address.HistoryFile(i.ID), notice)
}

// Remove forgets a file that was not read in.
func Remove(v *visit.Visit) error {
	i, region, err := inAddress(v)
	if err != nil {
		return err
	}
	if i.State != history.Ready {
		return fault.Conflict("history.not_ready")
	}
	if err := v.Write(func(tx *db.Tx) error { return history.Discard(v.Context(), tx, i.ID) }); err != nil {
		return err
	}
	return v.Redirect(address.RegionHistory(region.Slug, "imports"), "notice.staff_file_gone")
}
