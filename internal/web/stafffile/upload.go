package stafffile

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/reading"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/brought"
)

// managed is the municipality in the address, for those who manage its people.
func managed(v *visit.Visit) (organisation.Organisation, error) {
	m, err := v.Municipality()
	if err == nil {
		err = access.ManagePeople(v.Viewer).Allow(m.Place())
	}
	return m, err
}

// List is the files that were read, and the form for the next one.
func List(v *visit.Visit) error {
	m, err := managed(v)
	if err != nil {
		return err
	}
	imports, err := intake.List(v.Context(), v.Reader(), v.Viewer, m)
	if err != nil {
		return err
	}
	ask, err := form(v, m)
	if err != nil {
		return err
	}
	title := v.T("intake.page.title")
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: title})...)
	t := ui.Table{
		ID: "imports", Caption: v.T("intake.page.earlier"),
		Columns: []ui.Column{
			{Label: v.T("intake.page.file")}, {Label: v.T("intake.page.day"), Keep: true}, {Label: v.T("intake.page.state")},
			{Label: v.T("intake.page.added"), Numeric: true}, {Label: v.T("intake.page.changed"), Numeric: true}, {Label: v.T("intake.page.ended"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("intake.page.none"), Text: v.T("intake.page.none_help")},
	}
	for _, i := range imports {
		tag := state(v, i)
		if i.State == intake.Reading {
			p, err := reading.Of(v.Context(), v.Reader(), i.ID)
			if err != nil {
				return err
			}
			tag = readingTag(v, p)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(i.FileName, address.StaffFile(i.ID)), ui.Text(v.Lang.DayTime(i.MadeAt)), {Tag: tag},
			v.NumberCell(i.Added), v.NumberCell(i.Changed), v.NumberCell(i.Ended),
		}})
	}
	said, err := remembered(v, m)
	if err != nil {
		return err
	}
	return v.Page(f, append([]templ.Component{
		ui.PageHead{
			Title: title, Lead: v.T("intake.page.lead", "Municipality", m.Name),
			Others: []ui.Action{{Label: v.T("intake.page.sample"), Href: visit.MunicipalityPath(m, "imports", "sample.csv"), Kind: ui.Secondary}},
		}.View(v.Lang),
		ui.Section("new-import", v.T("intake.page.new"), ui.Upload(ask, v.Lang), ui.Fold(v.T("intake.page.columns"), columns(v))),
		v.Table(t),
	}, said...)...)
}

// state is a word for how far the import has come.
func state(v *visit.Visit, i intake.Import) *ui.Tag {
	tone := ui.Caution
	switch i.State {
	case intake.Applied:
		tone = ui.Positive
	case intake.Applying, intake.Changing, intake.Undoing:
		tone = ui.Info
	case intake.Reading, intake.Ready, intake.Undone:
	}
	return &ui.Tag{Word: v.T("intake.state." + string(i.State)), Tone: tone}
}

func form(v *visit.Visit, m organisation.Organisation) (ui.FormView, error) {
	journeys, err := catalogue.Journeys(v.Context(), v.Reader())
	if err != nil {
		return ui.FormView{}, err
	}
	options := []ui.Option{{Label: v.T("intake.page.no_journey")}}
	for _, j := range journeys {
		options = append(options, ui.Option{Value: j.Slug, Label: j.Name})
	}
	wrong := ""
	var unknown []ui.Field
	for _, e := range v.Errs {
		// What is wrong is wrong with the file, or with a heading in it, which may be said
		// to mean something that we know.
		wrong = strings.TrimSpace(wrong + " " + e.Text)
		if e.Field != "file" && !intake.Known(e.Field) && len(unknown) < maxUnknown {
			unknown = append(unknown, meaning(v, e.Field))
		}
	}
	for i := range v.Errs {
		v.Errs[i].Field = "file"
	}
	fields := []ui.Field{
		{Input: ui.FileInput, Name: "file", Label: v.T("intake.page.file"), Hint: v.T("intake.page.file_hint"), Accept: ".csv,.txt,.xlsx", Error: wrong},
	}
	fields = append(fields, unknown...)
	return ui.Form(visit.MunicipalityPath(m, "imports"), v.T("intake.page.read"), nil, append(fields,
		ui.Field{
			Input: ui.SelectInput, Name: "journey", Label: v.T("intake.page.journey"), Hint: v.T("intake.page.journey_hint"), Optional: true,
			Value: v.Typed("journey", ""), Options: options,
		},
		ui.Field{
			Input: ui.RadioInput, Name: "missing", Label: v.T("intake.page.missing"), Value: v.Typed("missing", "keep"), Error: v.Wrong("missing"),
			Options: []ui.Option{
				{Value: "keep", Label: v.T("intake.page.missing_keep"), Hint: v.T("intake.page.missing_keep_hint")},
				{Value: "end", Label: v.T("intake.page.missing_end"), Hint: v.T("intake.page.missing_end_hint")},
			},
		})...), nil
}

// maxUnknown is how many unknown headings are asked about at a time.
const maxUnknown = 20

// means is the field that says what a heading means.
const means = "means:"

func meaning(v *visit.Visit, heading string) ui.Field {
	f := ui.Field{
		Input: ui.SelectInput, Name: means + heading, Label: v.T("intake.page.means", "Heading", heading), Optional: true,
		Options: []ui.Option{{Value: "-", Label: v.T("intake.page.ignore")}},
	}
	for _, c := range intake.Columns {
		f.Options = append(f.Options, ui.Option{Value: string(c), Label: columnName(v.Lang, c)})
	}
	return f
}

// columnName is what the column is called on the pages.
func columnName(l *i18n.Lang, c intake.Column) string { return l.T("intake.column." + string(c)) }

// columns says which columns a file may have.
func columns(v *visit.Visit) templ.Component {
	t := ui.Table{ID: "columns", Caption: v.T("intake.page.columns"), QuietTitle: true, Columns: []ui.Column{
		{Label: v.T("intake.page.column")}, {Label: v.T("intake.page.also")}, {Label: v.T("intake.page.content")},
	}}
	for _, c := range intake.Columns {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(columnName(v.Lang, c)), ui.Text(string(c)), ui.Text(v.T("intake.content." + string(c))),
		}})
	}
	return v.Table(t)
}

// Sample is a file to fill in.
func Sample(v *visit.Visit) error {
	if _, err := managed(v); err != nil {
		return err
	}
	heading := make([]any, len(intake.Columns))
	example := make([]any, len(intake.Columns))
	for i, c := range intake.Columns {
		heading[i], example[i] = columnName(v.Lang, c), v.T("intake.example."+string(c))
	}
	return v.SendCSV(v.T("intake.page.sample_name"), [][]any{heading, example})
}

// Upload reads the file and leads to what it would do.
func Upload(v *visit.Visit) error {
	m, err := managed(v)
	if err != nil {
		return err
	}
	v.TakeTime()
	name, file, err := brought.File(v, "intake.page.no_file")
	if err != nil {
		return err
	}
	reading := false
	defer func() {
		if !reading {
			_ = file.Close() // it was only read
		}
	}()
	o := intake.Options{MunicipalityID: m.ID, FileName: name, EndMissing: v.PostForm.Get("missing") == "end", Chosen: map[string]string{}}
	for field, values := range v.PostForm {
		if heading, ok := strings.CutPrefix(field, means); ok && values[0] != "" {
			o.Chosen[heading] = values[0]
		}
	}
	if slug := v.PostForm.Get("journey"); slug != "" {
		j, err := catalogue.JourneyBySlug(v.Context(), v.Reader(), slug)
		if err != nil {
			return err
		}
		o.JourneyID = j.ID
	}
	reading = true
	id, err := read(v, o, file)
	if err != nil {
		return err
	}
	return v.Redirect(address.StaffFile(id), "")
}
