package web

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
)

// history is what happened to the round, for those who may save its attendance.
func (p *roundPage) history() templ.Component {
	if len(p.events) == 0 {
		return templ.NopComponent
	}
	return details(p.T("rounds.history", "Count", len(p.events)), eventTable(p.Visit, p.events).View(p.Lang))
}

// eventTable says what happened, when and by whom.
func eventTable(v *Visit, events []round.Event) ui.Table {
	t := ui.Table{
		ID: "history", Caption: v.T("rounds.history_title"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("rounds.event_when"), Keep: true}, {Label: v.T("rounds.event_what")}, {Label: v.T("rounds.event_who")}},
	}
	for _, e := range events {
		by := e.By
		switch {
		case e.Token != "":
			by = v.T("rounds.by_token", "Name", e.Token)
		case by == "":
			by = v.T("rounds.by_the_product")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.Lang.DayTime(e.At)), {Text: eventWords(v, e), Note: v.eventNote(e)}, ui.Text(by)}})
	}
	return t
}

// eventWords is "Närvaron ändrades, Anna Ek, dag 2: Frånvarande → Närvarande".
func eventWords(v *Visit, e round.Event) string {
	words := v.T(e.Kind.Key())
	if e.Subject != "" {
		words += ", " + e.Subject
	}
	if e.Place != "" {
		words += ", " + v.T("signup.seats_for", "Count", e.Seats, "Municipality", e.Place)
	}
	if e.Day > 0 {
		words += ", " + strings.ToLower(v.T("rounds.day_n", "N", e.Day))
	}
	if e.New != "" {
		old := v.T("attendance.mark_none")
		if e.Old != "" {
			old = v.T("attendance.mark_" + string(e.Old))
		}
		words += ": " + old + " → " + v.T("attendance.mark_"+string(e.New))
	}
	return words
}

// eventNote is what an event adds: a reason as it was written, or the names of
// the fields of a plan that were changed.
func (v *Visit) eventNote(e round.Event) string {
	if e.Kind != round.WasChanged {
		return e.Reason
	}
	var words []string
	for _, field := range strings.Split(e.Reason, ", ") {
		words = append(words, v.T("plan."+field))
	}
	return strings.Join(words, ", ")
}
