package web

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
)

// waitingSeat is the visitor's own place in the queue, or the offer to answer.
func (p *signup) waitingSeat(e seat.Entry) templ.Component {
	leave := ui.Confirm{
		ID: "leave", Opener: ui.Action{Label: p.T("signup.leave_do"), Kind: ui.Secondary}, Title: p.T("signup.leave_title"), Text: p.T("signup.leave_text"),
		Action: ui.Action{Label: p.T("signup.leave_do"), Href: entryPath(e.ID, "departure"), Post: true, Kind: ui.Danger},
	}
	switch {
	case e.Offered(p.Now):
		leave.Opener.Label, leave.Action.Label = p.T("signup.decline_do"), p.T("signup.decline_do")
		leave.Title, leave.Text = p.T("signup.decline_title"), p.T("signup.decline_text")
		leave.Action.Hidden = []ui.Hidden{{Name: "offered", Value: "on"}} // for the words of the answer
		return waiting(p.Lang, p.T("signup.offered", "Until", p.Lang.DayTime(*e.OfferUntil)), p.T("signup.offered_help"), choices(
			ui.Action{Label: p.T("signup.accept_do"), Href: entryPath(e.ID, "acceptance"), Post: true}.View(p.Lang), leave.View(p.Lang)))
	case e.OfferUntil != nil:
		return ui.Notice{Tone: ui.Caution, Title: p.T("signup.lapsed"), Text: p.T("round.offer_lapsed")}.View(p.Lang)
	case e.NeedsManager:
		leave.Text = p.T("signup.take_back_text")
		return waiting(p.Lang, p.T("signup.awaiting"), p.T("signup.awaiting_help"), leave.View(p.Lang))
	}
	help := p.T("signup.waiting_help")
	if seat.Near(p.d.FirstDay, p.Today) {
		help = p.T("signup.waiting_near", "Count", p.d.AcceptHours)
	}
	return waiting(p.Lang, p.T("signup.waiting", "Position", e.Position), help, leave.View(p.Lang))
}

// queueShown is how much of a queue a round's page lists: those further back
// wait for another round.
const queueShown = 50

// queueTable are those who wait, for those who may see them.
func (p *signup) queueTable() templ.Component {
	d := p.d
	if len(p.queue) == 0 || !d.MarksAttendance() && access.Staff(p.Viewer).Empty() {
		return templ.NopComponent
	}
	staff := access.Staff(p.Viewer)
	t := ui.Table{
		ID: "queue-table", Caption: p.T("signup.queue"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("signup.place"), Numeric: true}, {Label: p.T("rounds.name")}, {Label: p.T("rounds.municipality")}, {Label: p.T("signup.state")},
			{Label: p.T("signup.joined"), Keep: true}, {Label: p.T("signup.leave_do"), Action: true},
		},
	}
	if more := len(p.queue) - queueShown; more > 0 {
		t.Note = p.T("signup.queue_more", "Count", more)
	}
	for _, e := range p.queue[:min(len(p.queue), queueShown)] {
		place, state := ui.Text(""), ui.Status(p.T("signup.is_waiting"), ui.Plain)
		if e.Position > 0 {
			place = ui.Text(p.Lang.Number(int64(e.Position)))
		}
		switch {
		case e.NeedsManager:
			state = ui.Status(p.T("signup.is_awaiting"), ui.Info)
		case e.OfferUntil != nil:
			state = ui.Status(p.T("signup.is_offered"), ui.Caution)
			state.Note = p.T("signup.until", "Until", p.Lang.DayTime(*e.OfferUntil))
		}
		name, act := ui.Text(e.Name), ui.Cell{Slot: templ.NopComponent}
		if covered := staff.Covers(access.Place{RegionID: d.RegionID, MunicipalityID: e.MunicipalityID}); covered || d.Manages {
			if covered {
				name.Href = personPath(e.PersonID)
			}
			act = ui.Cell{Slot: ui.Confirm{
				ID: "leave-" + idString(e.ID), Opener: ui.Action{Label: p.T("signup.leave_short"), About: e.Name, Kind: ui.Secondary, Small: true}, Title: p.T("signup.remove_title", "Name", e.Name), Text: p.T("signup.remove_text"),
				Action: ui.Action{Label: p.T("signup.remove_do"), Href: entryPath(e.ID, "departure"), Post: true, Kind: ui.Danger},
			}.View(p.Lang)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{place, name, ui.Text(e.Municipality), state, ui.Text(p.Lang.DayTime(e.JoinedAt)), act}, Current: e.PersonID == p.Viewer.PersonID})
	}
	return section("queue", p.T("signup.queue"), t.View(p.Lang))
}

func entryPath(id int64, noun string) string { return "/queue/" + idString(id) + "/" + noun }

// changeEntry does something with the queue entry in the address and goes back
// to where one came from.
func (v *Visit) changeEntry(notice string, change func(tx *db.Tx, id int64) error) error {
	id, err := v.ID("entry")
	if err != nil {
		return err
	}
	roundID, err := seat.OfEntry(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	d, err := round.Get(v.Context(), v.Reader(), v.Viewer, roundID)
	if err != nil {
		return err
	}
	return v.changeRound(d, notice, func(tx *db.Tx) error { return change(tx, id) })
}

// roundOfEntry is the page of the round in whose queue the entry in the address is
// or was.
func (s *Server) roundOfEntry(v *Visit) error {
	id, err := v.ID("entry")
	if err != nil {
		return err
	}
	roundID, err := seat.OfEntry(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	return v.roundPage(roundID)
}

func (s *Server) acceptSeat(v *Visit) error {
	return v.changeEntry("notice.signup_enrolled", func(tx *db.Tx, id int64) error {
		_, err := seat.Accept(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
}

func (s *Server) leaveQueue(v *Visit) error {
	notice := "notice.signup_left"
	if v.PostForm.Has("offered") {
		notice = "notice.signup_declined"
	}
	return v.changeEntry(notice, func(tx *db.Tx, id int64) error {
		return seat.Decline(v.Context(), tx, v.Viewer, id, v.Now)
	})
}

// inLine is where the visitor waits, and what they have asked for.
func (p *journeyPage) inLine() templ.Component {
	if len(p.Queue)+len(p.wishes) == 0 {
		return templ.NopComponent
	}
	var lines []ui.NextThing
	for _, e := range p.Queue {
		key, args := "signup.line_waiting", []any{"Course", e.Course, "Days", p.Lang.Days(e.FirstDay, e.LastDay), "Position", e.Position}
		switch {
		case e.NeedsManager:
			key = "signup.line_awaiting"
		case e.Offered(p.Now):
			key, args = "signup.line_offered", append(args, "Until", p.Lang.DayTime(*e.OfferUntil))
		}
		lines = append(lines, ui.NextThing{Sentence: p.T(key, args...), Action: &ui.Action{Label: p.T("my_courses.see_round"), Href: roundPath(e.RoundID)}})
	}
	parts := []templ.Component{}
	if len(lines) > 0 {
		parts = append(parts, todoList(p.Lang, lines))
	}
	for _, w := range p.wishes {
		parts = append(parts, paragraph(p.T("signup.line_wish", "Course", w.Course, "Day", p.Lang.TinyDay(w.WishedAt.Day()))), choices(ui.Action{
			Label: p.T("signup.unwish_do"), About: w.Course, Href: "/interests/" + idString(w.ID) + "/removal", Post: true, Kind: ui.Secondary, Small: true,
		}.View(p.Lang)))
	}
	return section("in-line", p.T("signup.line"), parts...)
}
