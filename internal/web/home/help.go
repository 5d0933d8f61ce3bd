package home

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// helpTopics are the questions that the help answers, in their order; each has
// the messages help.<topic> and help.<topic>_answer.
var helpTopics = []string{
	"sign_in", "my_courses", "level_up", "certificates", "take_course", "reflections", "sign_up", "queue", "requests", "trainers", "my_days", "attendance", "check_in", "offline", "phone", "approval", "people", "planning", "coverage", "rollout", "occasions", "own_word", "leave", "needs", "letters", "calendar", "material", "pack", "workshop", "figures", "counts", "pot", "settlement", "corrections", "privacy", "contact",
}

// Help answers the common questions in plain words.
func Help(v *visit.Visit) error {
	f := v.Frame(v.T("help.title"))
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: v.T("help.title"), Lead: v.T("help.lead")}.View(v.Lang)}
	for _, topic := range helpTopics {
		parts = append(parts, ui.Fold(v.T("help."+topic), ui.Paragraph(v.T("help."+topic+"_answer"))))
	}
	return v.Page(f, parts...)
}
