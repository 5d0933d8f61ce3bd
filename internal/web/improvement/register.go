package improvement

import (
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/improvement"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const perPage = 60

// inWorkshop is the course that the address names so, for those who make courses.
func inWorkshop(v *visit.Visit, name string) (catalogue.Course, error) {
	if !access.ManageCourses(v.Viewer) {
		return catalogue.Course{}, fault.Forbidden
	}
	return catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue(name))
}

func crumbs(v *visit.Visit, course catalogue.Course, more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, {Label: course.Title(), Href: visit.WorkshopPath(course)}}, more...)
}

// Register is what was said of a course and what came of it, the grades before and since its newest edition, and a form to
// enter more.
func Register(v *visit.Visit) error {
	course, err := inWorkshop(v, "course")
	if err != nil {
		return err
	}
	all, err := improvement.Of(v.Context(), v.Reader(), v.Viewer, course.ID)
	if err != nil {
		return err
	}
	grades, err := grades(v, course)
	if err != nil {
		return err
	}
	fields, err := entryFields(v)
	if err != nil {
		return err
	}
	v.NameErrors(visit.Labelled(fields...))
	title := v.T("improvement.register")
	t := ui.Table{
		ID: "register", Caption: v.T("improvement.said"), Dense: true,
		Columns: []ui.Column{{Label: v.T("improvement.text_short")}, {Label: v.T("improvement.theme")}, {Label: v.T("improvement.source")}, {Label: v.T("improvement.on"), Keep: true}, {Label: v.T("improvement.came_of_it")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("improvement.none"), Text: v.T("improvement.none_help")},
	}
	all, t.Pager = visit.Paged(v, all, v.PerPage(perPage))
	for _, f := range all {
		source := ui.Text(v.T(f.Source.Key()))
		source.Note = f.Region
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(f.Text, address.Feedback(f.ID)), ui.Text(v.T(f.Theme.Key())), source, ui.Text(when(v, f)), cameOfIt(v, f)}})
	}
	enter := ui.Form(visit.WorkshopPath(course, "feedback"), v.T("improvement.enter"), nil, fields...).View(v.Lang)
	if !v.Sent {
		enter = ui.Fold(v.T("improvement.enter_title"), enter)
	}
	head := ui.PageHead{Title: title, Lead: v.T("improvement.register_lead", "Course", course.Title())}
	return v.Page(v.Frame(title+" – "+course.Title(), crumbs(v, course, ui.Crumb{Label: title})...),
		ui.Parts(head.View(v.Lang), v.Take(t, visit.WorkshopPath(course, "feedback")), enter, grades)...)
}

// entryFields ask what was said otherwise than from the course's page.
func entryFields(v *visit.Visit) ([]ui.Field, error) {
	regions, err := organisation.Regions(v.Context(), v.Reader())
	if err != nil {
		return nil, err
	}
	places := []ui.Option{{Label: v.T("improvement.no_region")}}
	for _, r := range regions {
		places = append(places, ui.Option{Value: visit.ID(r.ID), Label: r.Name})
	}
	var sources []ui.Option
	for _, s := range improvement.Sources {
		sources = append(sources, ui.Option{Value: string(s), Label: v.T(s.Key())})
	}
	return []ui.Field{
		{Input: ui.SelectInput, Name: "source", Label: v.T("improvement.source"), Value: v.Typed("source", string(improvement.Group)), Options: sources, Error: v.Wrong("source")},
		{Input: ui.SelectInput, Name: "theme", Label: v.T("improvement.theme"), Value: v.Typed("theme", string(improvement.Content)), Options: themes(v), Error: v.Wrong("theme")},
		{Input: ui.TextareaInput, Name: "text", Label: v.T("improvement.text_short"), Hint: v.T("improvement.no_names"), Value: v.Typed("text", ""), Error: v.Wrong("text")},
		{Input: ui.DateInput, Name: "on", Label: v.T("improvement.on"), Value: v.Typed("on", v.Today.String()), Error: v.Wrong("on")},
		{Input: ui.SelectInput, Name: "region", Label: v.T("improvement.region"), Value: v.Typed("region", ""), Options: places, Error: v.Wrong("region"), Optional: true},
	}, nil
}

// Enter enters it.
func Enter(v *visit.Visit) error {
	course, err := inWorkshop(v, "course")
	if err != nil {
		return err
	}
	var checks fault.Checks
	n := improvement.New{
		CourseID: course.ID, RegionID: v.NumberID("region"), Source: improvement.Source(v.FormValue("source")), Theme: improvement.Theme(v.FormValue("theme")),
		Text: v.FormValue("text"), On: v.FormDay(&checks, "on"),
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return improvement.Enter(v.Context(), tx, v.Viewer, n, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.WorkshopPath(course, "feedback"), "notice.feedback_entered")
}

// mostEditions is how many editions stand side by side.
const mostEditions = 6

// grades are what the course's evaluations said of its newest editions, each by those who had taken it: only what is published
// (docs/decisions/small-groups.md). With one edition there is nothing to compare.
func grades(v *visit.Visit, course catalogue.Course) (templ.Component, error) {
	all, err := statistics.EvaluationsByEdition(v.Context(), v.Reader(), v.Viewer, course.ID, v.Today)
	if err != nil || len(all) < 2 {
		return nil, err
	}
	t := ui.Table{
		ID: "grades", Caption: v.T("improvement.grades"), Note: v.T("improvement.grades_note"), Dense: true,
		Columns: []ui.Column{{Label: v.T("improvement.by_edition_short")}, {Label: v.T("improvement.answers"), Numeric: true}, {Label: v.T("improvement.satisfied"), Numeric: true}},
	}
	for _, e := range all[:min(len(all), mostEditions)] {
		share, answers := ui.Text(v.T("improvement.too_few")), ui.Text("") // whether there are none is not told
		if e.Total > 0 {
			answers = v.NumberCell(e.Total)
			share = ui.Text(v.Lang.Percent(e.Satisfaction().Float(), 1))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.T("improvement.edition", "Number", e.Number, "Day", e.PublishedOn)), answers, share}})
	}
	return t.View(v.Lang), nil
}

// found is the feedback in the address.
func found(v *visit.Visit) (improvement.Feedback, error) {
	id, err := v.ID("feedback")
	if err != nil {
		return improvement.Feedback{}, err
	}
	return improvement.Get(v.Context(), v.Reader(), v.Viewer, id)
}

// Feedback is what somebody said, and what is decided about it.
func Feedback(v *visit.Visit) error {
	said, err := found(v)
	if err != nil {
		return err
	}
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), said.CourseID)
	if err != nil {
		return err
	}
	title := v.T("improvement.one")
	came := cameOfIt(v, said)
	head := ui.PageHead{Title: title, Tag: came.Tag, Lead: course.Title()}
	facts := ui.Summary{
		{Term: v.T("improvement.text_short"), Value: said.Text}, {Term: v.T("improvement.theme"), Value: v.T(said.Theme.Key())},
		{Term: v.T("improvement.source"), Value: v.T(said.Source.Key())}, {Term: v.T("improvement.on"), Value: when(v, said)},
	}
	if said.Region != "" {
		facts = append(facts, ui.Fact{Term: v.T("improvement.region"), Value: said.Region})
	}
	f := v.Frame(title, crumbs(v, course, ui.Crumb{Label: v.T("improvement.register"), Href: visit.WorkshopPath(course, "feedback")}, ui.Crumb{Label: title})...)
	f.Reading = true
	parts := []templ.Component{head.View(v.Lang), facts.View(v.Lang)}
	if said.Decision == improvement.Met {
		return v.Page(f, append(parts, ui.Notice{Tone: ui.Positive, Title: came.Tag.Word, Text: said.Answer}.View(v.Lang))...)
	}
	var options []ui.Option
	for _, d := range improvement.Decisions {
		o := ui.Option{Value: string(d), Label: v.T(d.Key())}
		if said.Told {
			o.Hint = v.T(d.Key() + "_help")
		}
		options = append(options, o)
	}
	decided := ""
	if said.Decision != improvement.Open {
		decided = string(said.Decision)
	}
	hint := v.T("improvement.answer_hint")
	if !said.Told {
		hint = v.T("improvement.answer_nobody")
	}
	fields := []ui.Field{
		{Input: ui.RadioInput, Name: "decision", Label: v.T("improvement.decision"), Value: v.Typed("decision", decided), Options: options, Error: v.Wrong("decision")},
		{Input: ui.TextareaInput, Name: "answer", Label: v.T("improvement.answer"), Hint: hint, Value: v.Typed("answer", said.Answer), Error: v.Wrong("answer")},
	}
	v.NameErrors(visit.Labelled(fields...))
	form := ui.Form(address.Feedback(said.ID), v.T("improvement.decide"), []ui.Hidden{{Name: "version", Value: v.Typed("version", strconv.Itoa(said.Version))}}, fields...)
	form.Cancel = visit.WorkshopPath(course, "feedback")
	return v.Page(f, append(parts, form.View(v.Lang))...)
}

// Decide decides about it.
func Decide(v *visit.Visit) error {
	said, err := found(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return improvement.Decide(v.Context(), tx, v.Viewer, said.ID, v.Number("version", -1), improvement.Decision(v.FormValue("decision")), v.FormValue("answer"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.Below(visit.WorkshopsPath, said.Slug, "feedback"), "notice.feedback_decided")
}

// BeforePublication is what the next edition of the course was promised to change, and whom that is told, where it is published.
func BeforePublication(v *visit.Visit, course catalogue.Course) ([]templ.Component, error) {
	p, err := improvement.PromisedIn(v.Context(), v.Reader(), v.Viewer, course.ID)
	if err != nil || p.Count == 0 {
		return nil, err
	}
	n := ui.Notice{Tone: ui.Info, Title: v.T("improvement.promised", "Count", p.Count), Text: v.T("improvement.promised_nobody"), Action: &ui.Action{Label: v.T("improvement.see_promised"), Href: visit.WorkshopPath(course, "feedback")}}
	if p.Letters > 0 {
		n.Text = v.T("improvement.promised_letters", "Count", p.Letters)
	}
	return []templ.Component{n.View(v.Lang)}, nil
}

// Todo is what was said of courses that nobody has decided about, for those who make courses.
func Todo(v *visit.Visit) (things []ui.NextThing, err error) {
	courses, counts, err := improvement.Waiting(v.Context(), v.Reader(), v.Viewer)
	for i, c := range courses[:min(len(courses), visit.FewTodos)] {
		things = append(things, v.Next("feedback", address.Below(visit.WorkshopsPath, c.Slug, "feedback"), "Course", c.Course, "Count", counts[i]))
	}
	return things, err
}

// when is when it was said: of who said it themselves the month alone, so that the day tells
// nobody who it was.
func when(v *visit.Visit, f improvement.Feedback) string {
	if f.Source == improvement.Learner || f.Source == improvement.Trainer {
		return v.Lang.Month(f.On)
	}
	return v.Lang.TinyDay(f.On)
}
