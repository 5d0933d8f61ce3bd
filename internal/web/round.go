package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/material"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
)

// round is the page of one round: where it stands, its days and trainers, and
// the participants that the visitor may see.
func (s *Server) round(v *Visit) error {
	d, err := v.roundInAddress()
	if err != nil {
		return err
	}
	return v.roundPage(d, nil)
}

func (v *Visit) roundInAddress() (round.Detail, error) {
	id, err := v.ID("round")
	if err != nil {
		return round.Detail{}, err
	}
	return round.Get(v.Context(), v.Reader(), v.Viewer, id)
}

// managedRound is the round in the address for those who manage it; for others
// there is none.
func (v *Visit) managedRound() (round.Detail, error) {
	d, err := v.roundInAddress()
	if err == nil && !d.Manages {
		err = fault.NotFound
	}
	return d, err
}

// changeRound makes a change of the round and goes back to its page, which says
// so; what the domain refuses is said on the page.
func (v *Visit) changeRound(d round.Detail, notice string, change func(tx *db.Tx) error) error {
	err := v.writeRound(d.ID, change)
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindConflict || f.Kind == fault.KindInvalid) {
		return v.roundPage(d, err)
	}
	if err != nil {
		return err
	}
	return v.Redirect(roundPath(d.ID), notice)
}

func (s *Server) publishRound(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	return v.changeRound(d, "notice.round_published", func(tx *db.Tx) error {
		return round.Publish(v.Context(), tx, v.Viewer, d.ID, v.Now)
	})
}

func (s *Server) confirmRound(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	return v.changeRound(d, "notice.round_confirmed", func(tx *db.Tx) error {
		return round.Confirm(v.Context(), tx, v.Viewer, d.ID, v.Now)
	})
}

func (s *Server) cancelRound(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	return v.changeRound(d, "notice.round_cancelled", func(tx *db.Tx) error {
		return round.Cancel(v.Context(), tx, v.Viewer, d.ID, round.Cause(v.FormValue("cause")), v.FormValue("reason"), v.Now)
	})
}

// approve approves those who were chosen.
func (s *Server) approve(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	var checks fault.Checks
	on := v.FormDay(&checks, "on")
	var chosen []round.Approval
	for _, value := range v.PostForm["approve"] {
		id, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			continue // not ours
		}
		chosen = append(chosen, round.Approval{EnrolmentID: id, Reason: v.FormValue("reason_" + value)})
	}
	checks.Require(len(chosen) > 0, "approve", "rounds.approve_none")
	if err := checks.Err(); err != nil {
		return v.roundPage(d, err)
	}
	return v.changeRound(d, "notice.round_approved", func(tx *db.Tx) error {
		return round.Approve(v.Context(), tx, v.Viewer, d.ID, chosen, on, v.Now)
	})
}

// approvedSeat is the seat in the address and its round, for those who manage it.
func (v *Visit) approvedSeat() (round.Detail, round.Enrolment, error) {
	id, err := v.ID("enrolment")
	if err != nil {
		return round.Detail{}, round.Enrolment{}, err
	}
	d, e, err := round.OfEnrolment(v.Context(), v.Reader(), v.Viewer, id)
	if err == nil && !d.Manages {
		err = fault.NotFound
	}
	return d, e, err
}

// askUnapprove asks why an approval is taken back.
func (s *Server) askUnapprove(v *Visit) error {
	d, e, err := v.approvedSeat()
	if err != nil {
		return err
	}
	return v.unapprovePage(d, e, nil)
}

func (v *Visit) unapprovePage(d round.Detail, e round.Enrolment, refused error) error {
	errs := ui.ErrorsOf(v.Lang, refused)
	title := v.T("rounds.unapprove_title", "Name", e.Name)
	f := v.Frame(title, v.roundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: roundPath(d.ID)})...)
	f.Reading, f.Failed = true, refused != nil
	back := ui.Action{Label: v.T("rounds.back"), Href: roundPath(d.ID), Kind: ui.Secondary}
	if e.ApprovedOn == nil {
		return v.PageStatus(statusAfter(refused), f, conflict(v, refused),
			ui.PageHead{Title: title, Lead: v.T("round.not_approved")}.View(v.Lang), back.View(v.Lang))
	}
	question := form("/enrolments/"+idString(e.ID)+"/unapproval", v.T("rounds.unapprove"), nil, ui.Field{
		Input: ui.TextareaInput, Name: "reason", Label: v.T("rounds.reason"), Hint: v.T("rounds.unapprove_hint"),
		Value: v.FormValue("reason"), Error: errs.For("reason"),
	})
	question.Kind, question.Cancel = ui.Danger, roundPath(d.ID)
	return v.PageStatus(statusAfter(refused), f,
		errs.View(v.Lang), conflict(v, refused),
		ui.PageHead{Title: title, Lead: v.T("rounds.unapprove_lead", "Course", d.Course, "Day", *e.ApprovedOn)}.View(v.Lang),
		question.View(v.Lang),
	)
}

// unapprove takes an approval back, for a reason.
func (s *Server) unapprove(v *Visit) error {
	d, e, err := v.approvedSeat()
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(v.FormValue("reason"))
	var checks fault.Checks
	checks.Require(reason != "", "reason", "round.reason_missing")
	checks.Require(len([]rune(reason)) <= 500, "reason", "round.text_too_long", "Max", 500)
	if err := checks.Err(); err != nil {
		return v.unapprovePage(d, e, err)
	}
	err = v.Write(func(tx *db.Tx) error { return round.Unapprove(v.Context(), tx, v.Viewer, e.ID, reason, v.Now) })
	if f := fault.Of(err); f != nil && f.Kind == fault.KindConflict {
		e.ApprovedOn = nil // somebody was first
		return v.unapprovePage(d, e, err)
	}
	if err != nil {
		return err
	}
	return v.Redirect(roundPath(d.ID), "notice.round_unapproved", "Name", e.Name)
}

// statusAfter is the status of a page that is shown again because of err.
func statusAfter(err error) int {
	if f := fault.Of(err); f != nil {
		return statusOf(f.Kind)
	}
	return http.StatusOK
}

// conflict is the banner for what was refused as a whole; nothing for what is
// said at the fields.
func conflict(v *Visit, refused error) templ.Component {
	f := fault.Of(refused)
	if f == nil || f.Kind == fault.KindInvalid {
		return templ.NopComponent
	}
	return ui.Notice{Tone: ui.Negative, Text: v.T(f.Key, f.Args...)}.View(v.Lang)
}

func (v *Visit) roundCrumbs(r round.Round, more ...ui.Crumb) []ui.Crumb {
	crumbs := v.crumbsOf(v.server.country[r.RegionID], ui.Crumb{Label: v.T("rounds.title"), Href: "/rounds"})
	return append(crumbs, more...)
}

// roundPage shows the round; refused is why a form of it was not accepted.
func (v *Visit) roundPage(d round.Detail, refused error) error {
	p := roundPage{Visit: v, d: d, status: d.Status(v.Today), refused: refused, errs: ui.ErrorsOf(v.Lang, refused)}
	if err := p.read(); err != nil {
		return err
	}
	title := d.Course + ", " + d.Label
	f := v.Frame(title, v.roundCrumbs(d.Round, ui.Crumb{Label: title})...)
	f.Failed = refused != nil
	tag := statusTag(v, d.Round)
	parts := []templ.Component{
		p.errs.View(v.Lang),
		conflict(v, refused),
		ui.PageHead{Title: title, Tag: &tag, Lead: p.lead(), Others: p.planningActions()}.View(v.Lang),
		p.cancelled(), p.mending(), p.seat(), p.next(), p.others(),
	}
	facts := section("facts", v.T("rounds.facts"), p.facts().View(v.Lang))
	if p.works() {
		parts = append(parts, p.chain(), facts, p.days())
	} else {
		parts = append(parts, p.days(), facts, p.chain())
	}
	parts = append(parts, p.material(), p.participants(), p.queueTable(), p.setAside(), p.approvals(), p.cancellation(), p.history())
	return v.PageStatus(statusAfter(refused), f, parts...)
}

// roundPage is a round with what its page shows beside it.
type roundPage struct {
	*Visit
	d       round.Detail
	status  round.Status
	refused error
	errs    ui.Errors

	events  []round.Event
	settled []economy.Settled
	tariff  *economy.Tariff
	papers  []material.Material // that the visitor may read
	signup
}

func (p *roundPage) read() (err error) {
	d := p.d
	if d.MarksAttendance() {
		if p.events, err = round.History(p.Context(), p.Reader(), p.Viewer, d.ID); err != nil {
			return err
		}
	}
	if err := p.readSignup(); err != nil {
		return err
	}
	if p.papers, err = p.papersOf(d.Round); err != nil {
		return err
	}
	if !p.charged() {
		return nil
	}
	if d.Held == d.Days && p.works() {
		if p.settled, err = economy.SettledYears(p.Context(), p.Reader(), d.RegionID); err != nil {
			return err
		}
	}
	if d.Manages || !access.MunicipalMoney(p.Viewer).Empty() && p.works() {
		tariff, err := economy.TariffOn(p.Context(), p.Reader(), d.RegionID, d.TariffKind, d.FirstDay)
		if fault.Of(err) == nil {
			if err != nil {
				return err
			}
			p.tariff = &tariff
		}
	}
	return nil
}

// charged tells whether the round's days carry money.
func (p *roundPage) charged() bool {
	return p.d.TariffKind != "" && !p.d.National() && p.d.Delivery == catalogue.Regional && p.d.CancelledAt == nil
}

// works tells whether the visitor is here to administer or to teach; others
// come to learn and are spared the money and the counts.
func (p *roundPage) works() bool { return p.d.MarksAttendance() || !learns(p.Office().Role) }

// where is whose round it is, in words: "Dalarna", "hela landet".
func (p *roundPage) where() string {
	if p.d.National() {
		return p.T("rounds.whole_country")
	}
	return p.d.Region
}

func (p *roundPage) lead() string {
	days := p.T("rounds.days", "Count", p.d.Days) + ", " + p.Lang.Days(p.d.FirstDay, p.d.LastDay)
	if len(p.d.CourseDays) > 0 && p.d.CourseDays[0].Place != "" {
		days += ", " + p.d.CourseDays[0].Place
	}
	return days
}

func (p *roundPage) cancelled() templ.Component {
	if p.d.CancelledAt == nil {
		return templ.NopComponent
	}
	return ui.Notice{
		Tone: ui.Caution, Title: p.T("rounds.is_cancelled", "Day", p.d.CancelledAt.Day()), Text: p.T("rounds.cancel_reason", "Reason", p.d.CancelReason),
	}.View(p.Lang)
}

// own is the visitor's own seat: what an employee came to see.
func (p *roundPage) own() templ.Component {
	at := slices.IndexFunc(p.d.Enrolments, func(e round.Enrolment) bool { return e.ID == p.d.EnrolmentID })
	if p.d.EnrolmentID == 0 || at < 0 {
		return templ.NopComponent
	}
	e := p.d.Enrolments[at]
	var facts ui.Summary
	for i, day := range p.d.CourseDays {
		facts = append(facts, ui.Fact{Term: p.dayWord(day), Slot: p.ownMark(e, i, day)})
	}
	approved := p.T("rounds.not_approved_yet")
	if e.ApprovedOn != nil {
		approved = p.T("rounds.approved_on", "Day", *e.ApprovedOn)
	}
	facts = append(facts, ui.Fact{Term: p.T("rounds.approved_course"), Value: approved})
	return section("own", p.T("rounds.own_seat"), facts.View(p.Lang))
}

func (p *roundPage) ownMark(e round.Enrolment, i int, day round.Day) templ.Component {
	switch {
	case e.Marks[i] != "":
		return markTag(p.Visit, e.Marks[i]).View(p.Lang)
	case p.d.CancelledAt != nil:
		return ui.Tag{Word: p.T(round.Cancelled.Key()), Tone: ui.Negative}.View(p.Lang)
	case day.Day < p.Today:
		return words(p.T("rounds.mark_missing"))
	}
	return words(p.T("rounds.you_have_a_seat"))
}

func markTag(v *Visit, m round.Mark) ui.Tag {
	tone := ui.Positive
	switch m {
	case round.Late:
		tone = ui.Info
	case round.Excused:
		tone = ui.Caution
	case round.Absent:
		tone = ui.Negative
	case round.Present:
	}
	return ui.Tag{Word: v.T("attendance.mark_" + string(m)), Tone: tone}
}

// dayWord is "Dag 2, tis 2 december 2025".
func (p *roundPage) dayWord(day round.Day) string {
	if p.d.Days == 1 {
		return p.Lang.ShortDay(day.Day)
	}
	return p.T("rounds.day_n", "N", day.Ordinal) + ", " + p.Lang.ShortDay(day.Day)
}

// next is the one thing to do now, for those who manage the round or hold a day
// of it.
func (p *roundPage) next() templ.Component {
	d := p.d
	if d.CancelledAt != nil || !d.MarksAttendance() {
		return templ.NopComponent
	}
	for _, day := range d.CourseDays {
		if day.HeldAt == nil && day.Markable(p.Today) {
			return ui.NextThing{
				Sentence: p.T("rounds.next_attendance", "Day", p.Lang.ShortDay(day.Day)), Help: p.T("rounds.next_attendance_help", "Count", d.Seats),
				Action: &ui.Action{Label: p.T("rounds.register_attendance"), Href: dayPath(day.ID, "attendance")},
			}.View(p.Lang)
		}
	}
	if !d.Manages {
		return templ.NopComponent
	}
	switch {
	case d.PublishedAt == nil && p.status == round.Planned:
		return p.ask("publication", "publish", p.T("rounds.publish_text", "Where", p.where(), "From", d.SignupFrom, "Until", d.SignupUntil, "Seats", d.Capacity), "")
	case d.ConfirmedAt == nil && d.PublishedAt != nil && d.Held == 0:
		help := ""
		if d.TooFew() > 0 {
			help = p.T("rounds.too_few", "Count", d.TooFew())
		}
		return p.ask("confirmation", "confirm", p.T("rounds.confirm_text", "Seats", d.Seats, "Capacity", d.Capacity, "Minimum", d.Minimum), help)
	case d.Held == d.Days && d.Awaiting > 0:
		return p.askApproval()
	}
	return templ.NopComponent
}

// ask is the next thing when it is one of the round's own steps; noun ends the
// form's address and verb the keys of its words.
func (p *roundPage) ask(noun, verb, text, help string) templ.Component {
	return waiting(p.Visit, p.T("rounds.next_"+verb), help, ui.Confirm{
		ID: noun, Opener: ui.Action{Label: p.T("rounds." + verb)}, Title: p.T("rounds." + verb + "_title"), Text: text,
		Action: ui.Action{Label: p.T("rounds." + verb), Href: roundPath(p.d.ID) + "/" + noun, Post: true},
	}.View(p.Lang))
}

// askApproval approves all who attended every day, in one go.
func (p *roundPage) askApproval() templ.Component {
	hidden := []ui.Hidden{{Name: "on", Value: p.d.LastDay.String()}}
	left := 0
	for _, e := range p.d.Enrolments {
		switch {
		case e.ApprovedOn != nil:
		case e.Approvable():
			hidden = append(hidden, ui.Hidden{Name: "approve", Value: idString(e.ID)})
		default:
			left++
		}
	}
	text := p.T("rounds.approve_text", "Count", len(hidden)-1, "Course", p.d.Course, "Day", p.d.LastDay)
	if left > 0 {
		text += " " + p.T("rounds.approve_left", "Count", left)
	}
	return waiting(p.Visit, p.T("rounds.next_approve", "Count", len(hidden)-1), "", ui.Confirm{
		ID: "approval", Opener: ui.Action{Label: p.T("rounds.approve", "Count", len(hidden)-1)}, Title: p.T("rounds.approve_title"), Text: text,
		Action: ui.Action{Label: p.T("rounds.approve", "Count", len(hidden)-1), Href: roundPath(p.d.ID) + "/approvals", Post: true, Hidden: hidden},
	}.View(p.Lang))
}

// chain is the round's way; that of a cancelled one has ended.
func (p *roundPage) chain() templ.Component {
	d := p.d
	if d.CancelledAt != nil {
		return templ.NopComponent
	}
	note := func(at *clock.Instant) string {
		if at == nil {
			return ""
		}
		return p.Lang.TinyDay(at.Day())
	}
	open := ui.Step{Word: p.T(round.Open.Key()), Href: "#facts"}
	if d.PublishedAt != nil {
		open.Note = p.T("rounds.until", "Day", p.Lang.TinyDay(d.SignupUntil))
	}
	if p.status == round.Closed {
		open.Word = p.T(round.Closed.Key())
	}
	held := ui.Step{Word: p.T(round.Held.Key()), Href: "#days"}
	if d.Held > 0 {
		held.Note = p.T("rounds.days_of", "Some", d.Held, "All", d.Days)
	}
	approved := ui.Step{Word: p.T(round.Approved.Key()), Href: "#participants"}
	if d.Approved > 0 {
		approved.Note = p.T("rounds.of", "Some", d.Approved, "All", d.Seats)
	}
	if !d.MarksAttendance() && len(d.Enrolments) == 0 {
		approved.Href = ""
	}
	chain := ui.Chain{Label: p.T("rounds.chain"), Steps: []ui.Step{
		{Word: p.T(round.Planned.Key()), Href: "#facts"}, open, {Word: p.T(round.Confirmed.Key()), Note: note(d.ConfirmedAt)}, held, approved,
	}}
	switch p.status {
	case round.Planned:
	case round.Open, round.Closed:
		chain.Current = 1
	case round.Confirmed:
		chain.Current = 2
	case round.Held:
		chain.Current = 3
	case round.Approved:
		chain.Current = 4
	case round.Cancelled:
	}
	if p.charged() && p.works() {
		invoiced := ui.Step{Word: p.T("rounds.invoiced")}
		if access.Money(p.Viewer).Covers(access.Place{RegionID: d.RegionID}) {
			invoiced.Href = inYear(regionPath(p.server.country[d.RegionID], "invoice-basis"), d.LastDay.Year())
		}
		settled := 0
		for _, y := range p.settled {
			if d.FirstDay.Year() <= y.Year && y.Year <= d.LastDay.Year() {
				settled++
				invoiced.Note = p.Lang.TinyDay(y.At.Day())
			}
		}
		chain.Steps = append(chain.Steps, invoiced)
		if settled > d.LastDay.Year()-d.FirstDay.Year() && p.status == round.Approved {
			chain.Current = len(chain.Steps)
		}
	} else if p.status == round.Approved {
		chain.Current = len(chain.Steps)
	}
	return chain.View(p.Lang)
}

func (p *roundPage) facts() ui.Summary {
	d := p.d
	var facts ui.Summary
	if d.Edition > 0 {
		facts = append(facts, ui.Fact{Term: p.T("rounds.edition"), Value: strconv.Itoa(d.Edition)})
	}
	seats := p.T("rounds.seats_taken", "Seats", d.Seats, "Capacity", d.Capacity)
	if p.works() {
		seats += ". " + p.T("rounds.minimum", "Count", d.Minimum)
	}
	if held := d.Offered + d.SetAside; held > 0 && p.works() {
		seats += ". " + p.T("signup.kept", "Offered", d.Offered, "SetAside", d.SetAside)
	}
	if d.Waiting > 0 {
		seats += ". " + p.T("signup.count_waiting", "Count", d.Waiting)
	}
	facts = append(facts,
		ui.Fact{Term: p.T("rounds.delivery"), Value: p.T("rounds.delivery_" + string(d.Delivery))},
		ui.Fact{Term: p.T("rounds.region"), Value: regionName(p.Visit, d.Round)},
		ui.Fact{Term: p.T("rounds.seats"), Value: seats},
		ui.Fact{Term: p.T("rounds.signup"), Value: p.Lang.Days(d.SignupFrom, d.SignupUntil)},
	)
	facts = append(facts, p.planFacts()...)
	if p.tariff != nil {
		facts = append(facts, ui.Fact{Term: p.T("rounds.tariff"), Value: p.T("rounds.tariff_is", "Fee", p.tariff.Fee, "Pot", p.tariff.PerParticipant)})
	}
	if d.Note != "" {
		facts = append(facts, ui.Fact{Term: p.T("rounds.note"), Value: d.Note})
	}
	return facts
}

func (p *roundPage) days() templ.Component {
	d := p.d
	works := p.works()
	t := ui.Table{
		ID: "days-table", Caption: p.T("rounds.course_days"), QuietTitle: true, Dense: works,
		Columns: []ui.Column{{Label: p.T("rounds.day"), Keep: true}, {Label: p.T("rounds.hours"), Keep: true}, {Label: p.T("rounds.place")}, {Label: p.T("rounds.trainers")}},
	}
	if works {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("rounds.enrolled"), Numeric: true}, ui.Column{Label: p.T("rounds.attended"), Numeric: true})
	}
	money := d.Held > 0 && p.charged() && p.seesMoney()
	if d.MarksAttendance() {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("rounds.attendance")})
	}
	if money {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("rounds.money")})
	}
	for _, day := range d.CourseDays {
		cells := []ui.Cell{
			ui.Text(p.Lang.ShortDay(day.Day)), ui.Text(p.Lang.Hours(minutes(day.Starts), minutes(day.Ends))), p.placeCell(day),
			{Slot: dayTrainers(p.Visit, day, works, d.Manages && d.CancelledAt == nil)},
		}
		if works {
			attended := ui.Text("")
			if day.HeldAt != nil {
				attended = ui.Text(p.Lang.Number(int64(day.Attended)))
			}
			cells = append(cells, ui.Text(p.Lang.Number(int64(d.Seats))), attended)
		}
		if d.MarksAttendance() {
			cells = append(cells, p.attendanceCell(day))
		}
		if money {
			cell := ui.Text("")
			if day.HeldAt != nil {
				cell = ui.Cell{Text: p.T("rounds.day_money"), Href: dayMoneyPath(day.ID), About: p.Lang.ShortDay(day.Day)}
			}
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return section("days", p.T("rounds.course_days"), t.View(p.Lang))
}

// seesMoney tells whether a day of the round has money that the visitor may
// open: all of it, or that of their own municipality's people and trainers.
func (p *roundPage) seesMoney() bool {
	scope := access.MunicipalMoney(p.Viewer)
	if scope.Empty() || scope.Covers(access.Place{RegionID: p.d.RegionID}) {
		return !scope.Empty()
	}
	return slices.ContainsFunc(p.d.Enrolments, func(e round.Enrolment) bool {
		return scope.Covers(access.Place{MunicipalityID: e.MunicipalityID})
	})
}

func (p *roundPage) attendanceCell(day round.Day) ui.Cell {
	if p.d.CancelledAt != nil {
		return ui.Text("")
	}
	if !day.Markable(p.Today) {
		return ui.Text(p.T("rounds.attendance_opens", "Day", p.Lang.TinyDay(day.Day)))
	}
	key := "rounds.register_attendance"
	if day.HeldAt != nil {
		key = "rounds.change_attendance"
	}
	return ui.Cell{Text: p.T(key), Href: dayPath(day.ID, "attendance"), About: p.Lang.ShortDay(day.Day)}
}

// trainerWords are a trainer's role and employer.
func trainerWords(v *Visit, t round.Trainer) string {
	words := v.T(t.Role.Key())
	switch {
	case t.RSS:
		return words + ", " + v.T("rounds.rss")
	case t.Municipality != "":
		return words + ", " + t.Municipality
	}
	return words
}

// participants are those whom the visitor may see because of an office or
// because they hold a day.
func (p *roundPage) participants() templ.Component {
	d := p.d
	staff := access.Staff(p.Viewer)
	if !d.MarksAttendance() && staff.Empty() {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "participants-table", Caption: p.T("rounds.participants"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: p.T("rounds.name")}, {Label: p.T("rounds.municipality")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: p.T("rounds.no_participants"), Text: p.T("rounds.no_participants_help")},
	}
	if !d.MarksAttendance() {
		t.Empty = ui.Empty{Picture: ui.PicturePeople, Title: p.T("rounds.no_own_participants"), Text: p.T("rounds.no_own_participants_help")}
		t.Note = p.T("rounds.only_your_people")
	}
	// Columns without anything in them yet would only be dashes.
	ends := d.Held == d.Days || d.Approved > 0
	for _, day := range d.CourseDays {
		if day.HeldAt == nil {
			continue
		}
		label := p.Lang.TinyDay(day.Day)
		if d.Days > 1 {
			label = p.T("rounds.day_n", "N", day.Ordinal) + ", " + label
		}
		t.Columns = append(t.Columns, ui.Column{Label: label})
	}
	if ends {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("rounds.approved_one")})
	}
	if ends && d.Manages {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("rounds.unapprove"), Action: true})
	}
	changes := d.Held == 0 && d.CancelledAt == nil && (d.Manages || !staff.Empty() && p.Today < d.FirstDay)
	if changes {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("signup.change_seat"), Action: true})
	}
	for _, e := range d.Enrolments {
		name := ui.Text(e.Name)
		if staff.Covers(access.Place{RegionID: d.RegionID, MunicipalityID: e.MunicipalityID}) {
			name.Href = personPath(e.PersonID)
		}
		cells := []ui.Cell{name, ui.Text(e.Municipality)}
		for i, m := range e.Marks {
			if d.CourseDays[i].HeldAt == nil {
				continue
			}
			cell := ui.Text("")
			switch {
			case m == round.Present:
				cell = ui.Text(p.T("attendance.mark_present"))
			case m != "":
				tag := markTag(p.Visit, m)
				cell = ui.Cell{Tag: &tag}
				if d.MarksAttendance() {
					cell.Note = e.Reasons[i]
				}
			}
			cells = append(cells, cell)
		}
		approved, takeBack := ui.Text(""), ui.Cell{Slot: templ.NopComponent}
		if e.ApprovedOn != nil {
			approved = ui.Text(p.Lang.TinyDay(*e.ApprovedOn))
			takeBack = ui.Cell{Text: p.T("rounds.unapprove_short"), Href: "/enrolments/" + idString(e.ID) + "/unapproval", About: e.Name}
		}
		if ends {
			cells = append(cells, approved)
		}
		if ends && d.Manages {
			cells = append(cells, takeBack)
		}
		if changes {
			cells = append(cells, ui.Cell{Text: p.T("signup.change_seat"), Href: "/enrolments/" + idString(e.ID), About: e.Name})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells, Current: e.ID == d.EnrolmentID})
	}
	return section("participants", p.T("rounds.participants"), t.View(p.Lang))
}

// approvals is the form in which one chooses whom to approve.
type approvals struct {
	round   round.Detail
	waiting []round.Enrolment // not approved
	chosen  map[int64]bool
	reasons map[int64]string
	on      ui.Field
	errs    ui.Errors
}

// days says how many of the course days the participant attended.
func (a approvals) days(v *Visit, e round.Enrolment) string {
	attended := 0
	for _, m := range e.Marks {
		if m.Attended() {
			attended++
		}
	}
	return v.T("rounds.attended_days", "Some", attended, "All", len(e.Marks))
}

func approveField(enrolmentID int64) string { return "approve_" + idString(enrolmentID) }

func idString(id int64) string { return strconv.FormatInt(id, 10) }

func (p *roundPage) approvals() templ.Component {
	d := p.d
	if !d.Manages || d.CancelledAt != nil || d.Held == 0 || d.LastDay > p.Today {
		return templ.NopComponent
	}
	a := approvals{round: d, chosen: map[int64]bool{}, reasons: map[int64]string{}, errs: p.errs}
	sent := p.Method == http.MethodPost && strings.HasSuffix(p.URL.Path, "/approvals")
	for _, e := range d.Enrolments {
		if e.ApprovedOn != nil {
			continue
		}
		a.waiting = append(a.waiting, e)
		if sent {
			a.chosen[e.ID] = slices.Contains(p.PostForm["approve"], idString(e.ID))
			a.reasons[e.ID] = p.PostForm.Get("reason_" + idString(e.ID))
		} else {
			a.chosen[e.ID] = e.Approvable()
		}
	}
	if len(a.waiting) == 0 {
		return templ.NopComponent
	}
	a.on = ui.Field{
		Input: ui.DateInput, Name: "on", Label: p.T("rounds.approve_on"), Hint: p.T("rounds.approve_on_hint"), Value: d.LastDay.String(),
		Min: d.LastDay.String(), Max: p.Today.String(), Error: p.errs.For("on"),
	}
	if sent {
		a.on.Value = p.PostForm.Get("on")
		return section("approve", p.T("rounds.approve_some"), approvalForm(p.Visit, a))
	}
	return details(p.T("rounds.approve_some"), approvalForm(p.Visit, a))
}

// cancellation asks why, and says in numbers whom it is about.
func (p *roundPage) cancellation() templ.Component {
	d := p.d
	if !d.Manages || d.CancelledAt != nil || d.Held > 0 {
		return templ.NopComponent
	}
	sent := p.Method == http.MethodPost && strings.HasSuffix(p.URL.Path, "/cancellation")
	cause := ui.Field{Input: ui.RadioInput, Name: "cause", Label: p.T("rounds.cause"), Hint: p.T("rounds.cause_hint")}
	for _, c := range round.Causes {
		cause.Options = append(cause.Options, ui.Option{Value: string(c), Label: p.T(c.Key())})
	}
	reason := ui.Field{Input: ui.TextareaInput, Name: "reason", Label: p.T("rounds.cancel_words"), Hint: p.T("rounds.cancel_hint")}
	switch {
	case sent:
		cause.Value, cause.Error = p.PostForm.Get("cause"), p.errs.For("cause")
		reason.Value, reason.Error = p.PostForm.Get("reason"), p.errs.For("reason")
	case d.TooFew() > 0:
		cause.Value, reason.Value = string(round.TooFewSeats), p.T(round.TooFewSeats.Key())
	}
	return withReason(p.Visit, ui.Confirm{
		ID: "cancellation", Opener: ui.Action{Label: p.T("rounds.cancel")}, Title: p.T("rounds.cancel_title"),
		Text:   p.T("rounds.cancel_seats", "Count", d.Seats) + " " + p.T("rounds.cancel_days", "Count", d.Days) + " " + p.T("rounds.cancel_help"),
		Action: ui.Action{Label: p.T("rounds.cancel"), Href: roundPath(d.ID) + "/cancellation", Kind: ui.Danger},
	}, reason, sent, cause)
}

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
