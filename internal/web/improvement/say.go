package improvement

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/improvement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

func themes(v *visit.Visit) (all []ui.Option) {
	for _, t := range improvement.Themes {
		all = append(all, ui.Option{Value: string(t), Label: v.T(t.Key())})
	}
	return all
}

// opened is the course in the address, for those who have it.
func opened(v *visit.Visit) (catalogue.Course, error) {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return course, err
	}
	may, err := improvement.MaySay(v.Context(), v.Reader(), v.Viewer, course.ID, v.Today)
	if err == nil && !may {
		err = fault.NotFound
	}
	return course, err
}

// Say is the form in which somebody says something of a course that they have, and what came of what they said before.
func Say(v *visit.Visit) error {
	course, err := opened(v)
	if err != nil {
		return err
	}
	mine, err := improvement.Mine(v.Context(), v.Reader(), v.Viewer, course.ID)
	if err != nil {
		return err
	}
	fields := []ui.Field{
		{Input: ui.SelectInput, Name: "theme", Label: v.T("improvement.theme"), Value: v.Typed("theme", string(improvement.Content)), Options: themes(v), Error: v.Wrong("theme")},
		{Input: ui.TextareaInput, Name: "text", Label: v.T("improvement.text"), Hint: v.T("improvement.text_hint"), Value: v.Typed("text", ""), Error: v.Wrong("text")},
	}
	v.NameErrors(visit.Labelled(fields...))
	form := ui.Form(visit.CoursePath(course.Slug, "feedback"), v.T("improvement.say"), nil, fields...)
	form.Cancel = visit.CoursePath(course.Slug)
	title := v.T("improvement.say_title")
	f := v.Frame(title+" – "+course.Title(), ui.Crumb{Label: v.T("journey.title"), Href: visit.MyJourneyPath}, ui.Crumb{Label: course.Short(), Href: visit.CoursePath(course.Slug)}, ui.Crumb{Label: title})
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("improvement.say_lead", "Course", course.Title())}.View(v.Lang), form.View(v.Lang)}
	if len(mine) > 0 {
		t := ui.Table{
			ID: "mine", Caption: v.T("improvement.mine"),
			Columns: []ui.Column{{Label: v.T("improvement.text_short")}, {Label: v.T("improvement.came_of_it")}},
		}
		for _, said := range mine {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: said.Text, Note: v.Lang.TinyDay(said.On)}, cameOfIt(v, said)}})
		}
		parts = append(parts, t.View(v.Lang))
	}
	return v.Page(f, parts...)
}

// cameOfIt is the decision with its answer.
func cameOfIt(v *visit.Visit, f improvement.Feedback) ui.Cell {
	word, tone := v.T(f.Decision.Key()), ui.Plain
	switch f.Decision {
	case improvement.Met:
		word, tone = v.T("improvement.met_in", "Number", f.Edition), ui.Positive
	case improvement.Next:
		tone = ui.Info
	case improvement.Open, improvement.Declined:
	}
	return ui.Cell{Tag: &ui.Tag{Word: word, Tone: tone}, Note: f.Answer}
}

// Send takes what was said.
func Send(v *visit.Visit) error {
	course, err := opened(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return improvement.Say(v.Context(), tx, v.Viewer, course.ID, improvement.Theme(v.FormValue("theme")), v.FormValue("text"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.CoursePath(course.Slug, "feedback"), "notice.feedback_sent")
}
