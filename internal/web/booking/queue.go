package booking

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// waitingSeat is the visitor's own place in the queue, or the offer to answer.
func (p *Signup) waitingSeat(e seat.Entry) templ.Component {
	leave := ui.Confirm{
		ID: "leave", Opener: ui.Action{Label: p.T("signup.leave_do"), Kind: ui.Secondary}, Title: p.T("signup.leave_title"), Text: p.T("signup.leave_text"),
		Action: ui.Action{Label: p.T("signup.leave_do"), Href: visit.EntryPath(e.ID, "departure"), Post: true, Kind: ui.Danger},
	}
	if p.asks {
		leave.Text = p.T("signup.leave_asks")
	}
	switch {
	case e.Offered(p.Now):
		leave.Opener.Label, leave.Action.Label = p.T("signup.decline_do"), p.T("signup.decline_do")
		leave.Title, leave.Text = p.T("signup.decline_title"), p.T("signup.decline_text")
		leave.Action.Hidden = []ui.Hidden{{Name: "offered", Value: "on"}} // for the words of the answer
		return ui.Waiting(p.Lang, p.T("signup.offered", "Until", p.Lang.DayTime(*e.OfferUntil)), p.T("signup.offered_help"), ui.Choices(
			ui.Action{Label: p.T("signup.accept_do"), Href: visit.EntryPath(e.ID, "acceptance"), Post: true}.View(p.Lang), leave.View(p.Lang)))
	case e.OfferUntil != nil:
		return ui.Notice{Tone: ui.Caution, Title: p.T("signup.lapsed"), Text: p.T("round.offer_lapsed")}.View(p.Lang)
	case e.NeedsManager:
		leave.Text = p.T("signup.take_back_text")
		return ui.Waiting(p.Lang, p.T("signup.awaiting"), p.T("signup.awaiting_help"), leave.View(p.Lang))
	}
	help := p.T("signup.waiting_help")
	if seat.Near(p.d.FirstDay, p.Today) {
		help = p.T("signup.waiting_near", "Count", p.d.AcceptHours)
	}
	return ui.Waiting(p.Lang, p.T("signup.waiting", "Position", e.Position), help, leave.View(p.Lang))
}

// queueShown is how much of a queue a round's page lists: those further back
// wait for another round.
const queueShown = 50

// QueueTable are those who wait, for those who may see them.
func (p *Signup) QueueTable() templ.Component {
	d := p.d
	if len(p.queue) == 0 || !d.MarksAttendance() && access.Staff(p.Viewer).Empty() {
		return templ.NopComponent
	}
	staff := access.Staff(p.Viewer)
	t := ui.Table{
		ID: "queue-table", Caption: p.T("signup.queue"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("signup.place"), Numeric: true}, {Label: p.T("round.name")}, {Label: p.T("round.municipality")}, {Label: p.T("signup.state")},
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
		name.Note = p.Meanwhile(e.PersonID)
		if covered := staff.Covers(access.Place{RegionID: d.RegionID, MunicipalityID: e.MunicipalityID}); covered || d.Manages {
			if covered {
				name.Href = visit.PersonPath(e.PersonID)
			}
			act = ui.Cell{Slot: ui.Confirm{
				ID: "leave-" + visit.ID(e.ID), Opener: ui.Action{Label: p.T("signup.leave_short"), About: e.Name, Kind: ui.Secondary, Small: true}, Title: p.T("signup.remove_title", "Name", e.Name), Text: p.T("signup.remove_text"),
				Action: ui.Action{Label: p.T("signup.remove_do"), Href: visit.EntryPath(e.ID, "departure"), Post: true, Kind: ui.Danger},
			}.View(p.Lang)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{place, name, ui.Text(e.Municipality), state, ui.Text(p.Lang.DayTime(e.JoinedAt)), act}, Current: e.PersonID == p.Viewer.PersonID})
	}
	return ui.Section("queue", p.T("signup.queue"), t.View(p.Lang))
}

// changeEntry does something with the queue entry in the address and goes back
// to where one came from.
func changeEntry(v *visit.Visit, notice string, change func(tx *db.Tx, id int64) error) error {
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
	return v.ChangeRound(d, notice, func(tx *db.Tx) error { return change(tx, id) })
}

func AcceptSeat(v *visit.Visit) error {
	return changeEntry(v, "notice.signup_enrolled", func(tx *db.Tx, id int64) error {
		_, err := seat.Accept(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
}

func LeaveQueue(v *visit.Visit) error {
	notice := "notice.signup_left"
	if v.PostForm.Has("offered") {
		notice = "notice.signup_declined"
	}
	return changeEntry(v, notice, func(tx *db.Tx, id int64) error {
		return seat.Decline(v.Context(), tx, v.Viewer, id, v.Now)
	})
}
