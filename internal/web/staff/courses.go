package staff

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit/standing"
)

// courses are the courses one at a time: how the staff stand with each, and the way
// to sign up those who lack it and have no seat. Those that nobody is to be signed
// up for stand folded.
func (p *staffPage) courses() templ.Component {
	var todo, rest ui.Summary
	for _, c := range p.team.Courses {
		switch {
		case c.Meant == 0:
		case c.ToSignUp > 0 && c.Days > 0:
			todo = append(todo, ui.Fact{Term: c.Title(), Slot: ui.Choices(ui.Parts(ui.Paragraph(p.standing(c)), p.signUp(c))...)})
		default:
			rest = append(rest, ui.Fact{Term: c.Title(), Value: p.standing(c)})
		}
	}
	for _, c := range p.team.Ended {
		rest = append(rest, ui.Fact{Term: c.Title(), Value: retirement.Since(p.Visit, c.RetiredFrom) + ". " + p.T("lifetime.staff_help")})
	}
	parts := []templ.Component{todo.View(p.Lang)}
	if len(todo) == 0 {
		parts[0] = ui.Paragraph(p.T("staff.all_signed_up"))
	}
	if len(rest) > 0 {
		parts = append(parts, ui.Fold(p.T("staff.other_courses", "Count", len(rest)), rest.View(p.Lang)))
	}
	return ui.Section("courses", p.T("staff.courses"), parts...)
}

// standing says how many lack the course, of them are booked or wait, and have
// completed it.
func (p *staffPage) standing(c learning.TeamCourse) string {
	ends := ""
	if c.RetiredFrom != nil {
		ends = " " + retirement.Since(p.Visit, c.RetiredFrom) + "."
	}
	if c.Lacking.All == 0 {
		if ends != "" {
			ends = "." + ends
		}
		return p.T("staff.all_done", "Count", c.Done) + ends
	}
	words := p.T("staff.lack", "Count", c.Lacking.All)
	if of := standing.LackWords(p.Visit, c.Lacking); of != "" {
		words += ", " + of
	}
	if c.Done > 0 {
		words += ". " + p.T("staff.are_done", "Count", c.Done)
	}
	return strings.TrimSuffix(words, ".") + "." + ends
}

// signUp leads to where those of the staff are signed up who are to be.
func (p *staffPage) signUp(c learning.TeamCourse) templ.Component {
	if c.ID == p.filter.LacksID && p.NumberID("person") == 0 {
		return nil // it is asked for, and its rounds stand beneath
	}
	return ui.Action{Label: p.T("staff.sign_up", "Count", c.ToSignUp), About: c.Title(), Href: p.bookPath(c.ID, 0), Kind: ui.Secondary, Small: true}.View(p.Lang)
}
