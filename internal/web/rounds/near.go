package rounds

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// near is the list of somebody who comes to learn: first the rounds in which they have a
// seat or wait for one, then those of their journeys, then the others.
func (l *roundList) near(page round.Page, f round.Filter) ([]templ.Component, error) {
	if len(page.Rounds) == 0 {
		return []templ.Component{l.empty().View(l.Lang)}, nil
	}
	queue, err := seat.MyQueue(l.Context(), l.Reader(), l.Viewer)
	if err != nil {
		return nil, err
	}
	var parts []templ.Component
	add := func(key string, rounds []round.Round, status func(round.Round) ui.Cell) {
		if len(rounds) > 0 {
			parts = append(parts, ui.Section(key, l.T("round.near_"+key), l.calmTable(key, rounds, status).View(l.Lang)))
		}
	}
	mine, meant := page.Rounds[:page.Mine], page.Rounds[page.Mine:page.Mine+page.Meant]
	if len(mine)+len(meant) == 0 && f.Page == 1 && !l.narrow && l.phase == round.Coming {
		parts = append(parts, ui.Empty{
			Picture: ui.PicturePath, Title: l.T("round.near_none"), Text: l.T("round.near_none_help"),
			Action: &ui.Action{Label: l.T("journey.title"), Href: visit.MyJourneyPath, Kind: ui.Secondary},
		}.View(l.Lang))
	}
	add("mine", mine, func(r round.Round) ui.Cell { return l.ownStatus(r, queue) })
	add("meant", meant, l.status)
	add("others", page.Rounds[page.Mine+page.Meant:], l.status)
	return append(parts, l.pager(page, f).View(l.Lang)), nil
}

// calmTable is rounds with what one needs to know in order to choose: what, when, and
// whether there is a seat. Of one's own one does not choose.
func (l *roundList) calmTable(key string, rounds []round.Round, status func(round.Round) ui.Cell) ui.Table {
	mine := key == "mine"
	t := ui.Table{
		ID: "rounds-" + key, Caption: l.T("round.near_" + key), QuietTitle: true,
		Columns: []ui.Column{{Label: l.T("round.course")}, {Label: l.T("round.when")}},
	}
	if !mine {
		t.Columns = append(t.Columns, ui.Column{Label: l.T("round.free_seats"), Numeric: true})
	}
	t.Columns = append(t.Columns, ui.Column{Label: l.T("round.status")})
	for _, r := range rounds {
		cells := []ui.Cell{{Text: r.Course, Href: visit.RoundPath(r.ID), Note: r.Label}, ui.Text(l.Lang.Days(r.FirstDay, r.LastDay))}
		if !mine {
			cells = append(cells, ui.Text(l.Lang.Number(int64(r.Free()))))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells, status(r))})
	}
	return t
}

func (l *roundList) status(r round.Round) ui.Cell {
	tag := statusTag(l.Visit, r)
	return ui.Cell{Tag: &tag}
}

// ownStatus is how the visitor stands with a round: they wait in the queue, or have a
// seat. Of one that is over or called off its own status says it.
func (l *roundList) ownStatus(r round.Round, queue []seat.Request) ui.Cell {
	if r.CancelledAt != nil || r.LastDay < l.Today {
		return l.status(r)
	}
	at := slices.IndexFunc(queue, func(e seat.Request) bool { return e.RoundID == r.ID })
	if at < 0 {
		cell := ui.Status(l.T("round.you_have_a_seat"), ui.Positive)
		if !r.Local() && r.Status(l.Today) == round.Confirmed {
			cell.Note = l.T(round.Confirmed.Key())
		}
		return cell
	}
	switch e := queue[at]; {
	case e.NeedsManager:
		return ui.Status(l.T("signup.is_awaiting"), ui.Info)
	case e.OfferUntil != nil:
		cell := ui.Status(l.T("signup.is_offered"), ui.Caution)
		cell.Note = l.T("signup.until", "Until", l.Lang.DayTime(*e.OfferUntil))
		return cell
	default:
		return ui.Status(l.T("round.near_waiting", "Position", e.Position), ui.Info)
	}
}
