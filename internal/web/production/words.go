package production

import (
	"strconv"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/production"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// When says when a planned course comes: by its month when that is sure, else by the half of the year.
// Without a month it is empty.
func When(v *visit.Visit, p production.Plan) string {
	if p.Month == nil {
		return ""
	}
	half := "production.spring"
	if clock.TermOf(*p.Month) == clock.Autumn {
		half = "production.autumn"
	}
	return v.T("production.comes_"+string(p.Surety), "Month", v.Lang.Month(*p.Month), "Half", v.T(half, "Year", strconv.Itoa(p.Month.Year())))
}

// Coming is the tag of a course that comes, in a list of courses.
func Coming(v *visit.Visit, p production.Planned) ui.Tag {
	if p.Late(v.Today) {
		return ui.Tag{Word: v.T("production.late"), Tone: ui.Plain}
	}
	return ui.Tag{Word: When(v, p.Plan), Tone: ui.Plain}
}

// state is how far it has come, as a tag.
func state(v *visit.Visit, p production.Planned) ui.Tag {
	tone := ui.Info
	switch p.State {
	case production.Out:
		tone = ui.Positive
	case production.Dropped:
		tone = ui.Caution
	case production.Idea:
		tone = ui.Plain
	case production.Study, production.Writing, production.Trial:
	}
	return ui.Tag{Word: v.T(p.State.Key()), Tone: tone}
}

// expected is the month in words for the table, with how sure it is.
func expected(v *visit.Visit, p production.Planned) ui.Cell {
	switch {
	case p.PublishedOn != nil:
		return ui.Text(v.Lang.Day(*p.PublishedOn))
	case p.State == production.Dropped:
		return ui.Text("")
	case p.Month == nil:
		return ui.Text(v.T("production.no_month"))
	}
	note := v.T(p.Surety.Key())
	if p.Late(v.Today) {
		note = v.T("production.late")
	}
	return ui.Cell{Text: v.Lang.Month(*p.Month), Note: note}
}

// belongs is the journey and step that it will belong to.
func belongs(p production.Planned) string {
	if p.Step == "" {
		return p.Journey
	}
	return p.Journey + ": " + p.Step
}
