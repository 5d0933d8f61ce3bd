package booking

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// seatInAddress is a seat that the visitor may change: their own, one of their
// people's, or any in a round that they manage.
func seatInAddress(v *visit.Visit) (round.Detail, round.Enrolment, error) {
	id, err := v.ID("enrolment")
	if err != nil {
		return round.Detail{}, round.Enrolment{}, err
	}
	d, e, err := round.OfEnrolment(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return d, e, err
	}
	if !d.Manages && e.PersonID != v.Viewer.PersonID && access.Staff(v.Viewer).Empty() {
		err = fault.NotFound // a trainer sees who comes, and changes nothing
	}
	return d, e, err
}

// Seat is the page of one seat: move it, give it to a colleague, or give it up.
func Seat(v *visit.Visit) error {
	d, e, err := seatInAddress(v)
	if err != nil {
		return err
	}
	own := e.PersonID == v.Viewer.PersonID
	title := v.T("signup.seat_of", "Name", e.Name)
	if own {
		title = v.T("signup.your_seat")
	}
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)}, ui.Crumb{Label: title})...)
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: title, Lead: v.T("signup.seat_lead", "Course", d.Course, "Label", d.Label, "Days", v.Lang.Days(d.FirstDay, d.LastDay))}.View(v.Lang),
	}
	p := Signup{Visit: v, d: d}
	if own {
		if err := p.readAsks(); err != nil {
			return err
		}
	}
	last := p.lastToWithdraw()
	switch {
	case d.Held > 0 || d.CancelledAt != nil:
		parts = append(parts, ui.Paragraph(v.T("signup.seat_fixed")))
	case !d.Manages && v.Today >= d.FirstDay:
		parts = append(parts, ui.Paragraph(v.T("round.has_begun")))
	default:
		free := d.Manages || v.Today <= last
		if !free {
			parts = append(parts, ui.Paragraph(v.T("round.withdraw_closed", "Day", last)))
		} else {
			move, err := moveForm(v, d, e)
			if err != nil {
				return err
			}
			parts = append(parts, move)
		}
		if !access.Staff(v.Viewer).Empty() { // a colleague is chosen among the people one may see
			replace, err := replaceForm(v, d, e)
			if err != nil {
				return err
			}
			parts = append(parts, replace)
		}
		if free {
			parts = append(parts, ui.Section("give-up", v.T("signup.give_up"), ui.Choices(ui.Confirm{
				ID: "withdrawal", Opener: ui.Action{Label: v.T("signup.withdraw_do"), Kind: ui.Secondary}, Title: v.T("signup.withdraw_title"),
				Text:   p.withdrawText(),
				Action: ui.Action{Label: v.T("signup.withdraw_do"), Href: visit.SeatPath(e.ID, "withdrawal"), Post: true, Kind: ui.Danger},
			}.View(v.Lang))))
		}
	}
	sender, err := senderForm(v, e)
	if err != nil {
		return err
	}
	if sender != nil {
		parts = append(parts, sender)
	}
	back := ui.Action{Label: v.T("round.back"), Href: visit.RoundPath(d.ID), Kind: ui.Secondary}
	return v.Page(f, append(parts, back.View(v.Lang))...)
}

// senderForm asks which of somebody's employers sends them; nil for who has one.
func senderForm(v *visit.Visit, e round.Enrolment) (templ.Component, error) {
	senders, err := seat.Senders(v.Context(), v.Reader(), v.Viewer, e.ID, v.Today)
	if err != nil || len(senders) == 0 {
		return nil, err
	}
	field := ui.Field{Input: ui.RadioInput, Name: "employer", Label: v.T("signup.sender"), Hint: v.T("signup.sender_hint"), Error: v.Wrong("employer")}
	for _, s := range senders {
		field.Options = append(field.Options, ui.Option{Value: visit.ID(s.EmployerID), Label: s.Name})
		if s.Sends {
			field.Value = v.Typed("employer", visit.ID(s.EmployerID))
		}
	}
	return ui.Section("sender", v.T("signup.sender_title"), ui.Form(visit.SeatPath(e.ID, "sender"), v.T("signup.sender_do"), nil, field).View(v.Lang)), nil
}

// SentBy says which of somebody's employers sends them.
func SentBy(v *visit.Visit) error {
	d, e, err := seatInAddress(v)
	if err != nil {
		return err
	}
	employer := v.NumberID("employer")
	if employer == 0 {
		return fault.Invalid("employer", "signup.sender_missing")
	}
	if err := v.Write(func(tx *db.Tx) error {
		return seat.SentBy(v.Context(), tx, v.Viewer, e.ID, employer, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.RoundPath(d.ID), "notice.sender_set", "Name", e.Name)
}

// moveForm lists the other rounds of the course with free seats.
func moveForm(v *visit.Visit, d round.Detail, e round.Enrolment) (templ.Component, error) {
	next, err := seat.MoveTargets(v.Context(), v.Reader(), v.Viewer, d.Round, v.Today)
	if err != nil {
		return nil, err
	}
	field := ui.Field{Input: ui.RadioInput, Name: "round", Label: v.T("signup.move_to"), Value: v.Typed("round", ""), Error: v.Wrong("round")}
	for _, r := range next {
		if r.Free() > 0 {
			also, err := meanwhileElsewhere(v, r.ID, d.ID, e.PersonID)
			if err != nil {
				return nil, err
			}
			hint := strings.TrimSpace(SeatWords(v, r) + " " + also)
			field.Options = append(field.Options, ui.Option{Value: visit.ID(r.ID), Label: v.Lang.Days(r.FirstDay, r.LastDay), Hint: hint})
		}
	}
	if len(field.Options) == 0 {
		return ui.Section("move", v.T("signup.move"), ui.Paragraph(v.T("signup.move_none"))), nil
	}
	sheet := ui.Form(visit.SeatPath(e.ID, "move"), v.T("signup.move_button"), nil, field)
	return ui.Section("move", v.T("signup.move"), sheet.View(v.Lang)), nil
}

const mostColleagues = 200

// replaceForm lets one choose a colleague: by name, since there may be many.
func replaceForm(v *visit.Visit, d round.Detail, e round.Enrolment) (templ.Component, error) {
	name := strings.TrimSpace(v.FormValue("q"))
	search := ui.Filter{
		Label: v.T("signup.colleague_find"), Action: visit.SeatPath(e.ID),
		Fields: []ui.Field{{Name: "q", Label: v.T("signup.people_name"), Value: name}},
	}
	parts := []templ.Component{ui.Paragraph(v.T("signup.replace_help")), search.View(v.Lang)}
	rows, total, err := people.List(v.Context(), v.Reader(), v.Viewer, people.Filter{MunicipalityID: e.MunicipalityID, Name: name, PerPage: mostColleagues}, v.Today)
	switch {
	case err != nil:
		return nil, err
	case total > mostColleagues:
		parts = append(parts, ui.Paragraph(v.T("signup.colleague_search")))
	case total == 0:
		parts = append(parts, ui.Paragraph(v.T("signup.colleague_none")))
	default:
		field := ui.Field{Input: ui.SelectInput, Name: "person", Label: v.T("signup.colleague"), Value: v.Typed("person", ""), Error: v.Wrong("person"), Options: []ui.Option{{Label: v.T("signup.choose")}}}
		ids := make([]int64, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		meanwhile, err := round.Meanwhiles(v.Context(), v.Reader(), v.Viewer, d.ID, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			words := r.Name() + ", " + r.Unit
			if len(meanwhile[r.ID]) > 0 {
				words += ", " + v.T("signup.colleague_busy")
			}
			if r.ID != e.PersonID {
				field.Options = append(field.Options, ui.Option{Value: visit.ID(r.ID), Label: words})
			}
		}
		// The name goes along, so that a refused try comes back to the same people.
		sheet := ui.Form(visit.SeatPath(e.ID, "replacement"), v.T("signup.replace_button"), []ui.Hidden{{Name: "q", Value: name}}, field)
		sheet.Kind = ui.Secondary
		parts = append(parts, sheet.View(v.Lang))
	}
	return ui.Section("replace", v.T("signup.replace"), parts...), nil
}

// change is what is done to a seat: who has one afterwards (0: nobody), and in which
// round.
type change func(tx *db.Tx, d round.Detail, e round.Enrolment) (person, roundID int64, err error)

// changeSeat makes a change of the seat in the address, and says what else whoever
// has it then has at the same hours.
func changeSeat(v *visit.Visit, notice string, do change) error {
	d, e, err := seatInAddress(v)
	if err != nil {
		return err
	}
	var person, seatedIn int64
	err = v.WriteRound(d.ID, func(tx *db.Tx) (err error) {
		person, seatedIn, err = do(tx, d, e)
		return err
	})
	if err != nil {
		return err
	}
	if own := notice + "_own"; e.PersonID == v.Viewer.PersonID && v.Lang.Has(own) {
		notice = own
	}
	also := ""
	if person != 0 {
		if also, err = meanwhileElsewhere(v, seatedIn, d.ID, person); err != nil {
			return err
		}
	}
	if also != "" {
		return v.Redirect(visit.RoundPath(d.ID), "notice.signup_many", "Words", v.T(notice, "Name", e.Name)+" "+also)
	}
	return v.Redirect(visit.RoundPath(d.ID), notice, "Name", e.Name)
}

func WithdrawSeat(v *visit.Visit) error {
	return changeSeat(v, "notice.signup_withdrawn", func(tx *db.Tx, _ round.Detail, e round.Enrolment) (person, roundID int64, err error) {
		return 0, 0, seat.Withdraw(v.Context(), tx, v.Viewer, e.ID, v.Now)
	})
}

func ReplaceSeat(v *visit.Visit) error {
	return changeSeat(v, "notice.signup_replaced", func(tx *db.Tx, d round.Detail, e round.Enrolment) (person, roundID int64, err error) {
		colleague := v.NumberID("person")
		if colleague == 0 {
			return 0, 0, fault.Invalid("person", "signup.colleague_missing")
		}
		_, err = seat.Replace(v.Context(), tx, v.Viewer, e.ID, colleague, v.Now)
		return colleague, d.ID, err
	})
}

func MoveSeat(v *visit.Visit) error {
	return changeSeat(v, "notice.signup_moved", func(tx *db.Tx, _ round.Detail, e round.Enrolment) (person, roundID int64, err error) {
		to := v.NumberID("round")
		if to == 0 {
			return 0, 0, fault.Invalid("round", "signup.round_missing")
		}
		if _, err := seat.Move(v.Context(), tx, v.Viewer, e.ID, to, v.Now); err != nil {
			return 0, 0, err
		}
		return e.PersonID, to, letter.After(v.Context(), tx, to, v.Now)
	})
}
