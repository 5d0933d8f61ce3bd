package retirement

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// EditionNote says of a withdrawn edition since when, empty otherwise.
func EditionNote(v *visit.Visit, all []lifetime.Withdrawal, editionID int64) string {
	if w := lifetime.WithdrawalOf(all, editionID); w != nil {
		return v.T("lifetime.withdrawn_on", "Day", w.On)
	}
	return ""
}

// State is what holds of the course, and the way to end it or to undo that.
func State(v *visit.Visit, course catalogue.Course) (templ.Component, error) {
	r, err := lifetime.RetirementOf(v.Context(), v.Reader(), course.ID)
	if err != nil {
		return nil, err
	}
	p := page{Visit: v, course: course}
	if r == nil {
		return ui.Section("retirement", p.T("lifetime.section"), ui.Paragraph(p.T("lifetime.section_help")),
			ui.Action{Label: p.T("lifetime.retire_title"), Href: p.path("retirement"), Kind: ui.Secondary}.View(v.Lang)), nil
	}
	return ui.Notice{Tone: ui.Caution, Title: p.since(*r), Text: r.Reason, Action: &ui.Action{Label: p.T("lifetime.see_retirement"), Href: p.path("retirement")}}.View(v.Lang), nil
}

// since says when the course ended or ends.
func (p page) since(r lifetime.Retirement) string { return Since(p.Visit, &r.From) }

// Since says when a course ended or ends, empty for one that holds.
func Since(v *visit.Visit, from *clock.Day) string {
	switch {
	case from == nil:
		return ""
	case *from <= v.Today:
		return v.T("lifetime.retired_since", "Day", *from)
	}
	return v.T("lifetime.retires_on", "Day", *from)
}

// Ends says when a course ended or ends, and what that means for who reads it.
func Ends(v *visit.Visit, from *clock.Day, help string) templ.Component {
	return ui.Notice{Tone: ui.Info, Title: Since(v, from), Text: help}.View(v.Lang)
}

// Sentence is a reason as the first of several sentences.
func Sentence(reason string) string {
	if strings.HasSuffix(reason, ".") || strings.HasSuffix(reason, "!") || strings.HasSuffix(reason, "?") {
		return reason
	}
	return reason + "."
}
