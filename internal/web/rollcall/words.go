package rollcall

import (
	"strings"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// PreparedWord says how far somebody has come with the preparation; empty when
// the course asks for none.
func PreparedWord(v *visit.Visit, p attendance.Preparation) string {
	switch {
	case !p.Asked:
		return ""
	case p.Done():
		return v.T("local.prepared")
	}
	return v.T("local.unprepared", "Count", p.Left)
}

// EventTable says what happened, when and by whom.
func EventTable(v *visit.Visit, events []round.Event) ui.Table {
	t := ui.Table{
		ID: "history", Caption: v.T("round.history_title"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("round.event_when"), Keep: true}, {Label: v.T("round.event_what")}, {Label: v.T("round.event_who")}},
	}
	for _, e := range events {
		by := e.By
		switch {
		case e.Token != "":
			by = v.T("round.by_token", "Name", e.Token)
		case by == "":
			by = v.T("round.by_the_product")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.Lang.DayTime(e.At)), {Text: eventWords(v, e), Note: eventNote(v, e)}, ui.Text(by)}})
	}
	return t
}

// eventWords is "Närvaron ändrades, Anna Ek, dag 2: Frånvarande → Närvarande".
func eventWords(v *visit.Visit, e round.Event) string {
	words := v.T(e.Kind.Key())
	if e.Subject != "" {
		words += ", " + e.Subject
	}
	if e.Place != "" {
		words += ", " + v.T("signup.seats_for", "Count", e.Seats, "Municipality", e.Place)
	}
	if e.Day > 0 {
		words += ", " + strings.ToLower(v.T("round.day_n", "N", e.Day))
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
func eventNote(v *visit.Visit, e round.Event) string {
	if e.Kind != round.WasChanged {
		return e.Reason
	}
	var words []string
	for _, field := range strings.Split(e.Reason, ", ") {
		words = append(words, v.T("plan."+field))
	}
	return strings.Join(words, ", ")
}

// TrainerWords are a trainer's role and employer.
func TrainerWords(v *visit.Visit, t round.Trainer) string {
	words := v.T(t.Role.Key())
	switch {
	case t.RSS:
		return words + ", " + v.T("round.rss")
	case t.Municipality != "":
		return words + ", " + t.Municipality
	}
	return words
}
