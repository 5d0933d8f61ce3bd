package study

import (
	"net/http"
	"slices"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/survey"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Evaluation asks what somebody thought of a course that they have completed.
func Evaluation(v *visit.Visit) error {
	course, err := completedCourse(v)
	if err != nil {
		return err
	}
	answered, err := survey.Answered(v.Context(), v.Reader(), v.Viewer, v.Viewer.PersonID)
	if err != nil {
		return err
	}
	back := ui.Crumb{Label: v.T("journey.title"), Href: visit.MyJourneyPath}
	f := v.Frame(v.T("survey.title", "Course", course.Title()), back, ui.Crumb{Label: v.T("survey.crumb")})
	f.Reading = true
	if answered[course.ID] { // thanked, whether they ask or answer again
		status := http.StatusOK
		if v.Refused != nil && v.Refused.Kind == fault.KindConflict {
			status = http.StatusConflict
		}
		return v.PageStatus(status, f,
			ui.PageHead{Title: v.T("survey.thanks"), Lead: v.T("survey.thanks_lead", "Course", course.Title())}.View(v.Lang),
			ui.Action{Label: v.T("survey.back"), Href: visit.MyJourneyPath, Kind: ui.Secondary}.View(v.Lang),
		)
	}
	var grades []ui.Option
	for _, g := range survey.Grades {
		grades = append(grades, ui.Option{Value: g.Slug, Label: v.T("survey.grade_" + g.Slug)})
	}
	questions := ui.Form(visit.EvaluationPath(course.Slug), v.T("survey.send"), nil,
		ui.Field{
			Input: ui.RadioInput, Name: "grade", Label: v.T("survey.question"), Options: grades, Value: v.Typed("grade", ""), Error: v.Wrong("grade"),
		},
		ui.Field{
			Input: ui.TextareaInput, Name: "text", Label: v.T("survey.text"), Hint: v.T("survey.text_hint"), Optional: true,
			Value: v.Typed("text", ""), Error: v.Wrong("text"),
		},
	)
	v.NameErrors(visit.Labelled(questions.Fields...))
	questions.Cancel = visit.MyJourneyPath
	return v.Page(f,
		ui.PageHead{Title: v.T("survey.title", "Course", course.Title()), Lead: v.T("survey.lead")}.View(v.Lang),
		questions.View(v.Lang),
	)
}

// completedCourse is the course in the address, for those who have completed it.
func completedCourse(v *visit.Visit) (catalogue.Course, error) {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return course, err
	}
	all, err := learning.Completions(v.Context(), v.Reader(), v.Viewer, v.Viewer.PersonID, v.Today)
	if err == nil && !slices.ContainsFunc(all, func(c learning.Completion) bool { return c.CourseID == course.ID && c.On <= v.Today }) {
		err = fault.NotFound
	}
	return course, err
}

// Evaluate takes the answer.
func Evaluate(v *visit.Visit) error {
	course, err := completedCourse(v)
	if err != nil {
		return err
	}
	err = v.Write(func(tx *db.Tx) error {
		return survey.Evaluate(v.Context(), tx, v.Viewer, v.Viewer.PersonID, course.ID, v.PostForm.Get("grade"), v.PostForm.Get("text"), v.Today)
	})
	if err != nil {
		return err
	}
	return v.Redirect(visit.MyJourneyPath, "notice.evaluation_sent", "Course", course.Title())
}
