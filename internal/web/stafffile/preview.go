package stafffile

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/reading"
	"yrkesresan/internal/intake/undo"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// rowsPerPage is how many rows of a kind are shown at a time.
const rowsPerPage = 50

// inAddress is the import in the address, with its municipality.
func inAddress(v *visit.Visit) (intake.Import, organisation.Organisation, error) {
	id, err := v.ID("import")
	if err != nil {
		return intake.Import{}, organisation.Organisation{}, err
	}
	i, err := intake.ByID(v.Context(), v.Reader(), v.Viewer, id)
	return i, v.Server.Country[i.MunicipalityID], err
}

// acts are the kinds of rows that are shown, those that somebody has to look at first.
var acts = []intake.Act{intake.Reject, intake.Hold, intake.Add, intake.Change, intake.End}

// Show is what a file would do or has done.
func Show(v *visit.Visit) error {
	i, m, err := inAddress(v)
	if err != nil {
		return err
	}
	title := i.FileName
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: v.T("intake.page.title"), Href: visit.MunicipalityPath(m, "imports")}, ui.Crumb{Label: title})...)
	if i.State == intake.Reading {
		return showReading(v, i, f)
	}
	parts := []templ.Component{ui.PageHead{Title: title, Tag: state(v, i), Lead: v.T("intake.page.lead_"+string(i.State), "Municipality", m.Name, "Rows", i.Read)}.View(v.Lang)}
	switch i.State {
	case intake.Undone:
		sum, err := undo.Foresee(v.Context(), v.Reader(), i)
		if err != nil {
			return err
		}
		parts = append(parts, outcomes(v, i, sum).View(v.Lang))
	default:
		parts = append(parts, figures(v, i).View(v.Lang))
	}
	switch i.State {
	case intake.Ready:
		read, err := asRead(v, i)
		if err != nil {
			return err
		}
		parts = append(parts, read, ui.Section("decide", v.T("intake.page.decide"), decision(v, i)...))
	case intake.Applying, intake.Changing, intake.Undoing:
		text := v.T("intake.page.going_on")
		if i.State == intake.Undoing {
			text = v.T("intake.page.undo_going_on")
		}
		done, total, err := i.Done(v.Context(), v.Reader())
		if err != nil {
			return err
		}
		f.Refresh = true
		parts = append(parts, ui.Progress{
			Label: v.T("intake.page.progress_label"), Text: v.T("intake.page.progress", "Done", v.Lang.Number(int64(done)), "All", v.Lang.Number(int64(total))),
			Done: done, All: total,
		}.View(), ui.Notice{
			Tone: ui.Info, Text: text,
			Action: &ui.Action{Label: v.T("intake.page.look_again"), Href: address.StaffFile(i.ID)},
		}.View(v.Lang))
	case intake.Applied:
		possible, err := undo.Possible(v.Context(), v.Reader(), i)
		if err != nil {
			return err
		}
		if possible {
			parts = append(parts, ui.Section("undo", v.T("intake.page.undo_title"), ui.Paragraph(v.T("intake.page.undo_help")),
				ui.Action{Label: v.T("intake.page.undo_ask"), Href: address.StaffFile(i.ID, "undo"), Kind: ui.Secondary}.View(v.Lang)))
		}
	case intake.Reading, intake.Undone:
	}
	headings, err := headingsRead(v, i, m)
	if err != nil {
		return err
	}
	table, err := tabbed(v, i, acts, "", i.State == intake.Undone || i.State == intake.Undoing)
	if err != nil {
		return err
	}
	return v.Page(f, slices.Concat(parts, table, headings)...)
}

// tabbed are the rows by their acts, on the page below the import's; outcome tells that they
// say what becomes of them when the import is taken back.
func tabbed(v *visit.Visit, i intake.Import, acts []intake.Act, page string, outcome bool) (parts []templ.Component, err error) {
	act := intake.Act(v.URL.Query().Get("rows"))
	if !slices.Contains(acts, act) {
		act = ""
	}
	path := address.StaffFile(i.ID)
	if page != "" {
		path = address.StaffFile(i.ID, page)
	}
	tabs := ui.Tabs{Label: v.T("intake.page.rows")}
	for _, a := range acts {
		n := i.Of(a)
		if n == 0 {
			continue
		}
		if act == "" {
			act = a
		}
		tabs.Items = append(tabs.Items, ui.Tab{
			Label: v.T("intake.act." + string(a)), Count: v.Lang.Number(int64(n)), Current: a == act,
			Href: path + "?rows=" + string(a),
		})
	}
	if len(tabs.Items) == 0 {
		return nil, nil
	}
	table, err := rows(v, i, act, outcome)
	if err != nil {
		return nil, err
	}
	parts = append(parts, tabs.View(v.Lang))
	if page != "" {
		return append(parts, v.Table(table)), nil
	}
	return append(parts, v.Take(table, address.StaffFile(i.ID, "rows"))), nil
}

func figures(v *visit.Visit, i intake.Import) ui.Figures {
	var all ui.Figures
	for _, each := range []struct {
		key string
		n   int
	}{
		{"added", i.Added}, {"changed", i.Changed}, {"unchanged", i.Unchanged}, {"ended", i.Ended},
		{"held", i.Held}, {"rejected", i.Rejected}, {"units_added", i.UnitsAdded},
	} {
		if each.n > 0 || each.key == "added" || each.key == "changed" {
			all = append(all, ui.Figure{Label: v.T("intake.page." + each.key), Value: v.Lang.Number(int64(each.n))})
		}
	}
	return all
}

// decision asks whether the file is to be read in, and says first what looks wrong.
func decision(v *visit.Visit, i intake.Import) []templ.Component {
	var parts []templ.Component
	var fields []ui.Field
	sure := func(text string) {
		fields = append(fields, ui.Field{Input: ui.CheckInput, Name: "sure", Label: text, Error: v.Wrong("sure")})
	}
	alarm := ""
	if key := i.Alarm(); key != "" {
		alarm = v.T(key, "Rows", i.Read, "Ended", i.Ended, "Employed", i.Employed)
		parts = append(parts, ui.Notice{Tone: ui.Caution, Text: alarm}.View(v.Lang))
	}
	switch {
	case alarm != "":
		sure(v.T("intake.page.sure_size"))
	case i.Rejected > 0:
		parts = append(parts, ui.Notice{Tone: ui.Caution, Text: v.T("intake.page.some_rejected", "Count", i.Rejected)}.View(v.Lang))
		sure(v.T("intake.page.sure_partial"))
	}
	if i.Added+i.Changed+i.Ended == 0 {
		parts = append(parts, ui.Notice{Tone: ui.Info, Text: v.T("intake.page.nothing_to_do")}.View(v.Lang))
	} else {
		parts = append(parts, ui.Form(address.StaffFile(i.ID, "approval"), v.T("intake.page.apply"), nil, fields...).View(v.Lang))
	}
	return append(parts, ui.Confirm{
		ID: "discard", Opener: ui.Action{Label: v.T("intake.page.discard"), Kind: ui.Quiet},
		Title: v.T("intake.page.discard_title"), Text: v.T("intake.page.discard_text"),
		Action: ui.Action{Label: v.T("intake.page.discard"), Href: address.StaffFile(i.ID, "removal"), Post: true, Kind: ui.Danger},
	}.View(v.Lang))
}

// rows are the rows of the act, a page of them.
func rows(v *visit.Visit, i intake.Import, act intake.Act, outcome bool) (ui.Table, error) {
	t := ui.Table{
		ID: "rows", Caption: v.T("intake.act." + string(act)), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("people.name")}, {Label: v.T("intake.page.line"), Numeric: true}, {Label: v.T("intake.page.number")}},
		Pager:   &ui.Pager{Rows: i.Of(act), PerPage: v.PerPage(rowsPerPage), Page: v.PageNumber()},
		Address: v.Address(),
	}
	all, err := intake.RowsOf(v.Context(), v.Reader(), i.ID, act, 0, t.Pager.Page*t.Pager.PerPage)
	if err != nil {
		return t, err
	}
	all = all[min(len(all), (t.Pager.Page-1)*t.Pager.PerPage):]
	outcome = outcome && act != intake.Reject && act != intake.Hold
	b, err := readBeside(v, i, act, all, outcome)
	if err != nil {
		return t, err
	}
	switch act {
	case intake.Reject, intake.Hold:
		t.Columns = append(t.Columns, ui.Column{Label: v.T("intake.page.column")}, ui.Column{Label: v.T("intake.page.why")})
	case intake.Change:
		if !outcome {
			t.Columns = append(t.Columns, ui.Column{Label: v.T("intake.page.changes")})
		}
	default:
		t.Columns = append(t.Columns, ui.Column{Label: columnName(v.Lang, intake.Unit)}, ui.Column{Label: columnName(v.Lang, intake.Profession)})
	}
	if outcome {
		label := v.T("intake.page.undo_what")
		if i.State == intake.Undone || i.State == intake.Undoing {
			label = v.T("intake.page.undo_was")
		}
		t.Columns = append(t.Columns, ui.Column{Label: label})
	}
	for n, r := range all {
		cells := []ui.Cell{ui.Text(strings.TrimSpace(r.GivenName + " " + r.FamilyName)), v.NumberCell(r.Line.Line), ui.Text(r.StaffID)}
		if act == intake.Hold { // perhaps somebody who is there, or twice
			cells[0].Href, cells[0].Note = visit.SignInsPath+"?q="+url.QueryEscape(cells[0].Text), v.T("merging.held")
		}
		if by, is := b.decided[r.Line.Line]; is {
			cells[0].Note = v.T("intake.page.decided_by", "Name", by)
		}
		cells = append(cells, b.cells(v, i, act, n, r)...)
		if outcome {
			cells = append(cells, effect(v, i, b.effects[r.Line.Line]))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t, nil
}

// beside is what is shown beside the rows of a page.
type beside struct {
	outcome     bool
	differences [][]intake.Difference // nil when they are not known
	effects     map[int]undo.Effect   // by line
	candidates  [][]intake.Candidate  // nil when nothing can be decided
	decided     map[int]string        // by line
}

func readBeside(v *visit.Visit, i intake.Import, act intake.Act, all []intake.ImportRow, outcome bool) (b beside, err error) {
	b.outcome = outcome
	if outcome {
		lines := make([]int, len(all))
		for n, r := range all {
			lines[n] = r.Line.Line
		}
		if b.effects, err = undo.Effects(v.Context(), v.Reader(), i, lines); err != nil {
			return b, err
		}
	}
	switch {
	case act == intake.Hold && (i.State == intake.Ready || i.State == intake.Applied):
		b.candidates, err = i.Candidates(v.Context(), v.Reader(), all)
	case act == intake.Change && i.State == intake.Ready:
		b.differences, err = i.Differences(v.Context(), v.Reader(), all)
	}
	if err == nil {
		b.decided, err = i.DecidedBy(v.Context(), v.Reader(), all)
	}
	return b, err
}

// cells are what the row with the number n on the page does, or why it does not.
func (b beside) cells(v *visit.Visit, i intake.Import, act intake.Act, n int, r intake.ImportRow) []ui.Cell {
	switch {
	case r.Problem != nil:
		why := ui.Text(v.T(r.Problem.Key, r.Problem.Args...))
		if b.candidates != nil && !r.Asks() {
			why.Slot = templ.Join(ui.Paragraph(why.Text), decide(v, i, r, b.candidates[n]))
		}
		if r.Asks() && i.State == intake.Ready {
			why.Slot = templ.Join(ui.Paragraph(why.Text), ui.Action{
				Label: v.T("intake.page.link"), About: strings.TrimSpace(r.GivenName + " " + r.FamilyName), Kind: ui.Secondary, Small: true,
				Href: address.StaffFile(i.ID, "numbers"), Post: true, Hidden: []ui.Hidden{{Name: "line", Value: strconv.Itoa(r.Line.Line)}},
			}.View(v.Lang))
		}
		return []ui.Cell{ui.Text(columnName(v.Lang, r.Problem.Column)), why}
	case act == intake.Change && b.differences != nil:
		return []ui.Cell{ui.Text(inWords(v.Lang, b.differences[n]))}
	case act == intake.Change && b.outcome:
		return nil
	case act == intake.Change:
		return []ui.Cell{ui.Text(v.T("intake.page.changed_then"))}
	}
	return []ui.Cell{ui.Text(r.Unit), ui.Text(r.Profession)}
}

// inWords says what changes, one thing after the other.
func inWords(l *i18n.Lang, all []intake.Difference) string {
	words := make([]string, len(all))
	for i, d := range all {
		key := "intake.page.becomes"
		if d.Was == "" {
			key = "intake.page.is_new"
		} else if d.Is == "" {
			key = "intake.page.is_gone"
		}
		words[i] = l.T(key, "Column", columnName(l, d.Column), "Was", d.Was, "Is", d.Is)
	}
	return strings.Join(words, " ")
}

// atOnce is how many people are written while one waits for the page; of more the page
// tells how far it has come.
const atOnce = 300

// Approve reads the file in.
func Approve(v *visit.Visit) error {
	i, _, err := inAddress(v)
	if err != nil {
		return err
	}
	sure := v.FormValue("sure") == "on"
	if i.Rejected > 0 && !sure && i.Alarm() == "" {
		return fault.Invalid("sure", "intake.page.say_sure")
	}
	if i.Alarm() != "" && !sure {
		return fault.Invalid("sure", "intake.page.say_sure")
	}
	if err := v.Write(func(tx *db.Tx) error {
		i, err = intake.Approve(v.Context(), tx, v.Viewer, i.ID, sure, v.Now)
		return err
	}); err != nil {
		return err
	}
	if i.Added+i.Changed+i.Ended <= atOnce {
		v.TakeTime()
		if err := intake.Run(v.Context(), v.Server.DB, i.ID, func() clock.Instant { return v.Now }, nil); err != nil {
			return err
		}
	}
	return v.Redirect(address.StaffFile(i.ID), "notice.staff_read", "Count", v.Lang.Number(int64(i.Added+i.Changed+i.Ended)))
}

// decide are the buttons that say whom a row is about. Who does not know leaves it.
func decide(v *visit.Visit, i intake.Import, r intake.ImportRow, candidates []intake.Candidate) templ.Component {
	about := strings.TrimSpace(r.GivenName + " " + r.FamilyName)
	button := func(label string, person int64, kind ui.Kind) templ.Component {
		return ui.Action{
			Label: label, About: about, Kind: kind, Small: true, Post: true, Href: address.StaffFile(i.ID, "decisions"),
			Hidden: []ui.Hidden{{Name: "line", Value: strconv.Itoa(r.Line.Line)}, {Name: "person", Value: strconv.FormatInt(person, 10)}},
		}.View(v.Lang)
	}
	var buttons []templ.Component
	for _, c := range candidates {
		known := c.Email
		if c.StaffID != "" {
			known = v.T("intake.page.candidate_number", "Number", c.StaffID)
		}
		label := v.T("intake.page.it_is", "Name", c.Name)
		if known != "" {
			label = v.T("intake.page.it_is_known", "Name", c.Name, "Known", known)
		}
		buttons = append(buttons, button(label, c.ID, ui.Secondary))
	}
	return templ.Join(append(buttons, button(v.T("intake.page.it_is_new"), 0, ui.Quiet))...)
}

// Decide says whom a row is about.
func Decide(v *visit.Visit) error {
	i, _, err := inAddress(v)
	if err != nil {
		return err
	}
	line, err := strconv.Atoi(v.FormValue("line"))
	person, other := strconv.ParseInt(v.FormValue("person"), 10, 64)
	if err != nil || other != nil {
		return fault.Conflict("intake.nothing_to_decide")
	}
	if err := v.Write(func(tx *db.Tx) error { return intake.Decide(v.Context(), tx, v.Viewer, i.ID, line, person, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(address.StaffFile(i.ID)+"?rows=hold", "notice.row_decided")
}

// Link says that the personal number of a row is of who has a co-ordination number.
func Link(v *visit.Visit) error {
	i, _, err := inAddress(v)
	if err != nil {
		return err
	}
	line, err := strconv.Atoi(v.FormValue("line"))
	if err != nil {
		return fault.Conflict("intake.nothing_to_link")
	}
	if err := v.Write(func(tx *db.Tx) error { return intake.Link(v.Context(), tx, v.Viewer, i.ID, line, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(address.StaffFile(i.ID), "notice.number_linked")
}

// Remove forgets a file that was not read in.
func Remove(v *visit.Visit) error {
	i, m, err := inAddress(v)
	if err != nil {
		return err
	}
	going := i.State == intake.Reading
	if going {
		p, err := reading.Of(v.Context(), v.Reader(), i.ID)
		if err != nil {
			return err
		}
		going = p.GoesOn(v.Now)
	}
	if going || i.State != intake.Ready && i.State != intake.Reading {
		return fault.Conflict("intake.not_ready")
	}
	if err := intake.Discard(v.Context(), v.Server.DB, i.ID); err != nil {
		return err
	}
	return v.Redirect(visit.MunicipalityPath(m, "imports"), "notice.staff_file_gone")
}
