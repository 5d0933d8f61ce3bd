package improvement

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/improvement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Foundations are what courses build on, what their changes ask of courses, and a form to name more.
func Foundations(v *visit.Visit) error {
	all, err := improvement.Foundations(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	tasks, err := improvement.Tasks(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	fields, err := foundationFields(v, improvement.Foundation{})
	if err != nil {
		return err
	}
	v.NameErrors(visit.Labelled(fields...))
	head := ui.PageHead{Title: v.T("improvement.foundations"), Lead: v.T("improvement.foundations_lead")}
	t := ui.Table{
		ID: "foundations", Caption: head.Title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("improvement.foundation")}, {Label: v.T("improvement.kind")}, {Label: v.T("improvement.courses"), Numeric: true}, {Label: v.T("improvement.look_on"), Keep: true}, {Label: v.T("improvement.tasks"), Numeric: true}},
		Empty:   ui.Empty{Picture: ui.PicturePath, Title: v.T("improvement.no_foundations"), Text: v.T("improvement.no_foundations_help")},
	}
	all, t.Pager = visit.Paged(v, all, v.PerPage(perPage))
	for _, f := range all {
		look := ui.Text("")
		if f.LookOn != nil {
			look = ui.Text(v.Lang.Day(*f.LookOn))
			if *f.LookOn <= v.Today {
				look.Note = v.T("improvement.look_now")
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(f.Name, address.Foundation(f.ID)), ui.Text(v.T(f.Kind.Key())), v.NumberCell(len(f.Courses)), look, v.NumberCell(f.Tasks)}})
	}
	parts := []templ.Component{head.View(v.Lang)}
	if len(tasks) > 0 {
		parts = append(parts, v.Take(taskTable(v, v.T("improvement.to_do"), tasks), address.Foundations))
	}
	form := ui.Form(address.Foundations, v.T("improvement.add_foundation"), nil, fields...).View(v.Lang)
	if !v.Sent {
		form = ui.Fold(v.T("improvement.add_foundation_title"), form)
	}
	return v.Page(v.Frame(head.Title, ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: head.Title}), append(parts, v.Take(t, address.Foundations), form)...)
}

// taskTable are tasks with their last day.
func taskTable(v *visit.Visit, caption string, tasks []improvement.Task) ui.Table {
	t := ui.Table{
		ID: "tasks", Caption: caption, Dense: true,
		Columns: []ui.Column{{Label: v.T("improvement.course")}, {Label: v.T("improvement.change")}, {Label: v.T("improvement.last_day"), Keep: true}, {Label: v.T("improvement.came_of_it")}},
	}
	for _, task := range tasks {
		state := ui.Cell{Tag: &ui.Tag{Word: v.T("improvement.task_open"), Tone: ui.Caution}}
		switch {
		case task.Edition > 0:
			state = ui.Cell{Tag: &ui.Tag{Word: v.T("improvement.met_in", "Number", task.Edition), Tone: ui.Positive}, Note: task.Reason}
		case task.Done:
			state = ui.Cell{Tag: &ui.Tag{Word: v.T("improvement.task_declined"), Tone: ui.Plain}, Note: task.Reason}
		case task.HoldsOn <= v.Today:
			state.Tag = &ui.Tag{Word: v.T("improvement.task_late"), Tone: ui.Negative}
		}
		if task.Supplement != "" {
			state.Note = strings.TrimSpace(state.Note + " " + v.T("improvement.has_supplement", "Count", task.Readers))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(task.Course, address.FoundationTask(task.ChangeID, task.Slug)), {Text: task.Foundation, Note: task.Text}, ui.Text(v.Lang.Day(task.HoldsOn - 1)), state,
		}})
	}
	return t
}

func foundationFields(v *visit.Visit, f improvement.Foundation) ([]ui.Field, error) {
	all, err := catalogue.CoursesOn(v.Context(), v.Reader(), v.Today)
	if err != nil {
		return nil, err
	}
	var courses, kinds []ui.Option
	for _, c := range all {
		courses = append(courses, ui.Option{Value: visit.ID(c.ID), Label: c.Title()})
	}
	for _, k := range improvement.Kinds {
		kinds = append(kinds, ui.Option{Value: string(k), Label: v.T(k.Key())})
	}
	look := ""
	if f.LookOn != nil {
		look = f.LookOn.String()
	}
	chosen := []string{}
	for _, c := range f.Courses {
		chosen = append(chosen, visit.ID(c))
	}
	if v.Sent {
		chosen = append([]string{}, v.PostForm["courses"]...)
	}
	return []ui.Field{
		{Input: ui.SelectInput, Name: "kind", Label: v.T("improvement.kind"), Value: v.Typed("kind", string(f.Kind)), Options: kinds, Error: v.Wrong("kind")},
		{Name: "name", Label: v.T("improvement.foundation_name"), Value: v.Typed("name", f.Name), Error: v.Wrong("name"), Autocomplete: "off"},
		{Name: "link", Label: v.T("improvement.link"), Hint: v.T("improvement.link_hint"), Value: v.Typed("link", f.Link), Error: v.Wrong("link"), Optional: true, Autocomplete: "off"},
		{Input: ui.DateInput, Name: "look_on", Label: v.T("improvement.look_on"), Value: v.Typed("look_on", look), Error: v.Wrong("look_on"), Optional: true},
		{Input: ui.CheckInput, Name: "courses", Label: v.T("improvement.build_on_it"), Values: chosen, Options: courses, Error: v.Wrong("courses"), Optional: true},
	}, nil
}

func typedFoundation(v *visit.Visit) (improvement.NewFoundation, error) {
	var checks fault.Checks
	n := improvement.NewFoundation{Kind: improvement.Kind(v.FormValue("kind")), Name: v.FormValue("name"), Link: v.FormValue("link"), Courses: v.Ticked("courses")}
	if v.FormValue("look_on") != "" {
		day := v.FormDay(&checks, "look_on")
		n.LookOn = &day
	}
	return n, checks.Err()
}

// AddFoundation names one.
func AddFoundation(v *visit.Visit) error {
	n, err := typedFoundation(v)
	if err != nil && access.ManageCourses(v.Viewer) {
		return err
	}
	var id int64
	if err := v.Write(func(tx *db.Tx) error {
		id, err = improvement.AddFoundation(v.Context(), tx, v.Viewer, n, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(address.Foundation(id), "notice.foundation_added")
}

// foundation is the one in the address.
func foundation(v *visit.Visit) (improvement.Foundation, error) {
	if !access.ManageCourses(v.Viewer) {
		return improvement.Foundation{}, fault.Forbidden
	}
	id, err := v.ID("foundation")
	if err != nil {
		return improvement.Foundation{}, err
	}
	return improvement.FoundationByID(v.Context(), v.Reader(), v.Viewer, id)
}

// Foundation is one, with what its changes asked of courses, and where a change is told.
func Foundation(v *visit.Visit) error {
	f, err := foundation(v)
	if err != nil {
		return err
	}
	tasks, err := improvement.TasksOf(v.Context(), v.Reader(), v.Viewer, f.ID)
	if err != nil {
		return err
	}
	fields, err := foundationFields(v, f)
	if err != nil {
		return err
	}
	change := []ui.Field{
		{Input: ui.TextareaInput, Name: "text", Label: v.T("improvement.what_changes"), Value: v.Typed("text", ""), Error: v.Wrong("text")},
		{Name: "change_link", Label: v.T("improvement.link"), Value: v.Typed("change_link", ""), Error: v.Wrong("change_link"), Optional: true, Autocomplete: "off"},
		{Input: ui.DateInput, Name: "holds_on", Label: v.T("improvement.holds_on"), Value: v.Typed("holds_on", ""), Error: v.Wrong("holds_on")},
	}
	look := lookForm(v, f)
	v.NameErrors(visit.Labelled(slices.Concat(fields, change, look.Fields)...))
	edit := ui.Form(address.Foundation(f.ID), v.T("improvement.save"), []ui.Hidden{{Name: "version", Value: v.Typed("version", strconv.Itoa(f.Version))}}, fields...)
	tell := ui.Form(address.Foundation(f.ID, "changes"), v.T("improvement.tell_change"), nil, change...)
	head := ui.PageHead{Title: f.Name, Lead: v.T(f.Kind.Key())}
	if f.Link != "" {
		head.Others = []ui.Action{{Label: v.T("improvement.open_link"), Href: f.Link, Kind: ui.Secondary}}
	}
	frame := v.Frame(f.Name, ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: v.T("improvement.foundations"), Href: address.Foundations}, ui.Crumb{Label: f.Name})
	parts := []templ.Component{head.View(v.Lang)}
	if f.LookOn != nil && *f.LookOn <= v.Today {
		parts = append(parts, ui.Section("look", v.T("improvement.look"), ui.Paragraph(v.T("improvement.look_help", "Day", *f.LookOn)), look.View(v.Lang)))
	}
	if len(tasks) > 0 {
		parts = append(parts, taskTable(v, v.T("improvement.asked"), tasks).View(v.Lang))
	}
	rewrite := ui.Fold(v.T("improvement.edit_foundation"), edit.View(v.Lang))
	if v.Sent {
		rewrite = ui.Section("edit", v.T("improvement.edit_foundation"), edit.View(v.Lang))
	}
	return v.Page(frame, append(parts, ui.Section("change", v.T("improvement.change_title"), ui.Paragraph(v.T("improvement.change_help")), tell.View(v.Lang)), rewrite)...)
}

// lookForm notes that somebody has looked at it again, and when the next time is: in a year, unless they say otherwise.
func lookForm(v *visit.Visit, f improvement.Foundation) ui.FormView {
	return ui.Form(address.Foundation(f.ID, "look"), v.T("improvement.look_do"), []ui.Hidden{{Name: "version", Value: v.Typed("version", strconv.Itoa(f.Version))}},
		ui.Field{Input: ui.DateInput, Name: "next", Label: v.T("improvement.look_next"), Hint: v.T("improvement.look_next_hint"), Value: v.Typed("next", v.Today.AddDate(1, 0, 0).String()), Error: v.Wrong("next"), Optional: true})
}

// Look notes it.
func Look(v *visit.Visit) error {
	f, err := foundation(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	var next *clock.Day
	if v.FormValue("next") != "" {
		day := v.FormDay(&checks, "next")
		next = &day
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return improvement.Look(v.Context(), tx, v.Viewer, f.ID, v.Number("version", -1), next, v.Today)
	}); err != nil {
		return err
	}
	return v.Redirect(address.Foundation(f.ID), "notice.foundation_looked")
}

// ChangeFoundation writes it anew.
func ChangeFoundation(v *visit.Visit) error {
	f, err := foundation(v)
	if err != nil {
		return err
	}
	n, err := typedFoundation(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return improvement.ChangeFoundation(v.Context(), tx, v.Viewer, f.ID, v.Number("version", -1), n)
	}); err != nil {
		return err
	}
	return v.Redirect(address.Foundation(f.ID), "notice.foundation_changed")
}

// TellChange tells of a change of it.
func TellChange(v *visit.Visit) error {
	f, err := foundation(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	day := v.FormDay(&checks, "holds_on")
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		_, err := improvement.TellChange(v.Context(), tx, v.Viewer, f.ID, v.FormValue("text"), v.FormValue("change_link"), day, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(address.Foundation(f.ID), "notice.change_told")
}

// task is the one in the address, with its course.
func task(v *visit.Visit) (improvement.Task, catalogue.Course, error) {
	course, err := inWorkshop(v, "tasked")
	if err != nil {
		return improvement.Task{}, course, err
	}
	id, err := v.ID("change")
	if err != nil {
		return improvement.Task{}, course, err
	}
	t, err := improvement.TaskOf(v.Context(), v.Reader(), v.Viewer, id, course.ID)
	return t, course, err
}

// Task is what a change asks of a course, how that ends, and what those who have an older edition are told.
func Task(v *visit.Visit) error {
	t, course, err := task(v)
	if err != nil {
		return err
	}
	title := v.T("improvement.task", "Course", course.Title())
	facts := ui.Summary{
		{Term: v.T("improvement.foundation"), Slot: ui.TextLink(t.Foundation, address.Foundation(t.FoundationID))}, {Term: v.T("improvement.change"), Value: t.Text},
		{Term: v.T("improvement.holds_on"), Value: v.Lang.Day(t.HoldsOn)},
	}
	f := v.Frame(title, crumbs(v, course, ui.Crumb{Label: v.T("improvement.foundations"), Href: address.Foundations}, ui.Crumb{Label: title})...)
	f.Reading = true
	head := ui.PageHead{Title: title}
	if !t.Done {
		head.Lead = v.T("improvement.task_lead", "Day", t.HoldsOn-1)
	}
	parts := []templ.Component{head.View(v.Lang), facts.View(v.Lang)}
	supplement := []ui.Field{
		{Input: ui.TextareaInput, Name: "supplement", Label: v.T("improvement.supplement"), Hint: v.T("improvement.supplement_hint"), Value: v.Typed("supplement", t.Supplement), Error: v.Wrong("supplement"), Optional: true},
		{Name: "link", Label: v.T("improvement.link"), Value: v.Typed("link", t.SupplementLink), Error: v.Wrong("link"), Optional: true, Autocomplete: "off"},
	}
	if t.Readers > 0 {
		supplement = append(supplement, ui.Field{Input: ui.CheckInput, Name: "again", Label: v.T("improvement.read_again", "Count", t.Readers), Hint: v.T("improvement.read_again_hint"), Value: v.FormValue("again")})
	}
	here := address.FoundationTask(t.ChangeID, course.Slug)
	if t.Done {
		words := v.T("improvement.task_declined")
		if t.Edition > 0 {
			words = v.T("improvement.met_in", "Number", t.Edition)
		}
		v.NameErrors(visit.Labelled(supplement...))
		parts = append(parts, ui.Notice{Tone: ui.Positive, Title: words, Text: t.Reason}.View(v.Lang))
	} else {
		editions, err := catalogue.Editions(v.Context(), v.Reader(), course.ID)
		if err != nil {
			return err
		}
		options := []ui.Option{{Label: v.T("improvement.no_edition")}}
		for _, e := range editions {
			options = append(options, ui.Option{Value: visit.ID(e.ID), Label: v.T("improvement.edition", "Number", e.Number, "Day", e.PublishedOn)})
		}
		end := []ui.Field{
			{Input: ui.SelectInput, Name: "edition", Label: v.T("improvement.by_edition"), Value: v.Typed("edition", ""), Options: options, Error: v.Wrong("edition"), Optional: true},
			{Input: ui.TextareaInput, Name: "reason", Label: v.T("improvement.reason"), Hint: v.T("improvement.reason_hint"), Value: v.Typed("reason", ""), Error: v.Wrong("reason"), Optional: true},
		}
		v.NameErrors(visit.Labelled(append(append([]ui.Field{}, end...), supplement...)...))
		parts = append(parts, ui.Section("end", v.T("improvement.end_task"), ui.Form(here, v.T("improvement.end_task_do"), nil, end...).View(v.Lang)))
	}
	return v.Page(f, append(parts, ui.Section("tell", v.T("improvement.tell_learners"), ui.Form(address.Below(here, "supplement"), v.T("improvement.save_supplement"), nil, supplement...).View(v.Lang)))...)
}

// EndTask ends it.
func EndTask(v *visit.Visit) error {
	t, course, err := task(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return improvement.EndTask(v.Context(), tx, v.Viewer, t.ChangeID, course.ID, v.NumberID("edition"), v.FormValue("reason"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.Foundations, "notice.task_ended", "Course", course.Title())
}

// Supply says what those who have an older edition are told.
func Supply(v *visit.Visit) error {
	t, course, err := task(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		told := improvement.Told{Text: v.FormValue("supplement"), Link: v.FormValue("link"), Again: v.FormValue("again") == "on"}
		return improvement.Supply(v.Context(), tx, v.Viewer, t.ChangeID, course.ID, told, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.FoundationTask(t.ChangeID, course.Slug), "notice.supplied")
}

// OnCourse are the supplements of a course for whoever has an older edition, on the course's page.
func OnCourse(v *visit.Visit, course catalogue.Course) (all []templ.Component, err error) {
	mine, err := improvement.Supplements(v.Context(), v.Reader(), v.Viewer, false)
	for _, s := range mine {
		if s.Slug != course.Slug {
			continue
		}
		parts := []templ.Component{ui.Paragraph(s.Text)}
		if s.Link != "" {
			parts = append(parts, ui.Links([]ui.Action{{Label: v.T("improvement.read_more"), Href: s.Link}}))
		}
		id := "supplement-" + visit.ID(s.ChangeID)
		title := v.T("improvement.new_since", "Day", s.HoldsOn)
		if s.Read {
			all = append(all, ui.Fold(title, parts...))
			continue
		}
		parts = append(parts, ui.Action{Label: v.T("improvement.have_read"), About: title, Href: visit.CoursePath(course.Slug, "supplements", visit.ID(s.ChangeID)), Kind: ui.Secondary, Post: true}.View(v.Lang))
		all = append(all, ui.Section(id, title, parts...))
	}
	return all, err
}

// Read notes that the visitor has read a supplement.
func Read(v *visit.Visit) error {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	id, err := v.ID("change")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return improvement.MarkRead(v.Context(), tx, v.Viewer, id, course, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.CoursePath(course.Slug), "notice.supplement_read")
}

// ToRead are the supplements that the visitor has not read.
func ToRead(v *visit.Visit) (things []ui.NextThing, err error) {
	mine, err := improvement.Supplements(v.Context(), v.Reader(), v.Viewer, true)
	for _, s := range mine[:min(len(mine), visit.FewTodos)] {
		things = append(things, v.Next("supplement", visit.CoursePath(s.Slug), "Course", s.Course))
	}
	return things, err
}

// LookTodo is what courses build on and has to be looked at again, for those who make courses.
func LookTodo(v *visit.Visit) (things []ui.NextThing, err error) {
	all, err := improvement.ToLookAt(v.Context(), v.Reader(), v.Viewer, v.Today)
	for _, f := range all[:min(len(all), visit.FewTodos)] {
		things = append(things, v.Next("look_at", address.Foundation(f.ID)+"#look", "Foundation", f.Name, "Count", len(f.Courses), "Day", v.Lang.Day(*f.LookOn)))
	}
	return things, err
}

// BuildsOn is what a course builds on, quietly, with links; nil for nothing.
func BuildsOn(v *visit.Visit, courseID int64) (templ.Component, error) {
	all, err := improvement.FoundationsOf(v.Context(), v.Reader(), v.Viewer, courseID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	facts := make(ui.Summary, len(all))
	for i, f := range all {
		facts[i] = ui.Fact{Term: v.T(f.Kind.Key()), Value: f.Name}
		if f.Link != "" {
			facts[i] = ui.Fact{Term: v.T(f.Kind.Key()), Slot: ui.TextLink(f.Name, f.Link)}
		}
	}
	return ui.Fold(v.T("improvement.builds_on"), facts.View(v.Lang)), nil
}

// TasksTodo are the tasks of those who make courses, the first day first.
func TasksTodo(v *visit.Visit) (things []ui.NextThing, err error) {
	all, err := improvement.Tasks(v.Context(), v.Reader(), v.Viewer)
	for _, t := range all[:min(len(all), visit.FewTodos)] {
		things = append(things, v.Next("foundation_task", address.FoundationTask(t.ChangeID, t.Slug), "Course", t.Course, "Foundation", t.Foundation, "Day", v.Lang.Day(t.HoldsOn-1)))
	}
	return things, err
}
