package study

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/rollcall"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// needs lead to where one tells what one needs, one for each round to come.
func (p *journeyPage) needs() templ.Component {
	var facts ui.Summary
	for _, booked := range p.Seats {
		if !booked.Local && booked.Coming(p.Today) != nil {
			facts = append(facts, ui.Fact{Term: p.Known[booked.CourseID].Title(), Slot: ui.TextLink(p.T("catering.tell_title"), visit.RoundPath(booked.RoundID, "needs"))})
		}
	}
	if len(facts) == 0 {
		return templ.NopComponent
	}
	return ui.Section("needs", p.T("catering.tell_access"), facts.View(p.Lang))
}

// askedOwnWord asks whether the visitor was there, on a local day that has come.
func (p *coursePage) askedOwnWord() (templ.Component, error) {
	if p.seat == nil || !p.seat.Local || p.study.Completed != nil {
		return nil, nil
	}
	days, err := attendance.MyDaysIn(p.Context(), p.Reader(), p.Viewer, p.seat.RoundID)
	return rollcall.AskOwnWord(p.Visit, days, visit.CoursePath(p.course.Slug)), err
}

// Line is where the visitor waits for a seat: their place in each queue, the offer that
// they have, or that their manager has not answered.
func Line(v *visit.Visit, queue []seat.Request) (lines []ui.NextThing) {
	for _, e := range queue {
		key, args := "signup.line_waiting", []any{"Course", e.Course, "Days", v.Lang.Days(e.FirstDay, e.LastDay), "Position", e.Position}
		switch {
		case e.NeedsManager:
			key = "signup.line_awaiting"
		case e.Offered(v.Now):
			key, args = "signup.line_offered", append(args, "Until", v.Lang.DayTime(*e.OfferUntil))
		}
		lines = append(lines, ui.NextThing{Sentence: v.T(key, args...), Action: &ui.Action{Label: v.T("journey.my_courses.see_round"), About: e.Course, Href: visit.RoundPath(e.RoundID)}})
	}
	return lines
}

// inLine is where the visitor waits, and what they have asked for.
func (p *journeyPage) inLine() templ.Component {
	if len(p.Queue)+len(p.wishes) == 0 {
		return templ.NopComponent
	}
	lines := Line(p.Visit, p.Queue)
	parts := []templ.Component{}
	if len(lines) > 0 {
		parts = append(parts, ui.TodoList(p.Lang, lines))
	}
	for _, w := range p.wishes {
		if w.RetiredFrom != nil {
			parts = append(parts, retirement.Ends(p.Visit, w.RetiredFrom, w.Course))
		}
		parts = append(parts, ui.Paragraph(p.T("signup.line_wish", "Course", w.Course, "Day", p.Lang.TinyDay(w.WishedAt.Day()))), ui.Choices(ui.Action{
			Label: p.T("signup.unwish_do"), About: w.Course, Href: visit.UnwishPath(w.ID), Post: true, Kind: ui.Secondary, Small: true,
		}.View(p.Lang)))
	}
	return ui.Section("in-line", p.T("signup.line"), parts...)
}
