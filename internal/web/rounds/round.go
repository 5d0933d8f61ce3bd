package rounds

import (
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/material"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/booking"
	"yrkesresan/internal/web/handouts"
	"yrkesresan/internal/web/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Show is the page of one round: where it stands, its days and trainers, and
// the participants that the visitor may see.
func Show(v *visit.Visit) error {
	id, err := v.ID("round")
	if err != nil {
		return err
	}
	return page(v, id)
}

func Publish(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	return v.ChangeRound(d, "notice.round_published", func(tx *db.Tx) error {
		return planning.Publish(v.Context(), tx, v.Viewer, d.ID, v.Now)
	})
}

func Confirm(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	return v.ChangeRound(d, "notice.round_confirmed", func(tx *db.Tx) error {
		return planning.Confirm(v.Context(), tx, v.Viewer, d.ID, v.Now)
	})
}

// page shows the round to those who may see it.
func page(v *visit.Visit, id int64) error {
	d, err := round.Get(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	p := roundPage{Visit: v, d: d, status: d.Status(v.Today)}
	if err := p.read(); err != nil {
		return err
	}
	if !p.works() {
		return p.forLearner()
	}
	title := d.Course + ", " + d.Label
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: title})...)
	tag := statusTag(v, d.Round)
	costs, err := p.costs()
	if err != nil {
		return err
	}
	if p.tried, err = trial.OnRound(v, d); err != nil {
		return err
	}
	parts := []templ.Component{
		ui.PageHead{Title: title, Tag: &tag, Lead: p.lead(), Others: p.planningActions()}.View(v.Lang),
		p.cancelled(), p.lifetime(), p.tried, p.mending(), p.ownWordFirst(), p.own(), p.signup.Seat(), p.next(), p.signup.Others(),
		p.chain(), ui.Section("facts", p.factsTitle(), p.facts().View(v.Lang)), p.days(),
		p.material(), p.participants(), p.signup.QueueTable(), p.signup.SetAside(), p.approvals(), costs, p.cancellation(), p.history(),
	}
	return v.Page(f, parts...)
}

func (p *roundPage) factsTitle() string {
	if p.d.Local() {
		return p.T("local.facts")
	}
	return p.T("round.facts")
}

// roundPage is a round with what its page shows beside it.
type roundPage struct {
	*visit.Visit
	d      round.Detail
	status round.Status

	events  []round.Event
	settled []economy.Settled
	tariff  *economy.Tariff
	papers  []material.Material // that the visitor may read
	pack    templ.Component     // the way to the trainer pack, for who may read it

	reported []attendance.OwnDay              // the visitor's own days of a local round
	asked    bool                             // whether they were there
	prepared map[int64]attendance.Preparation // of the participants, for those who approve
	signup   *booking.Signup

	tried  templ.Component   // that it is given in an edition on trial, when it is
	course learning.Study    // for those who come to learn
	places []catalogue.Place // whom it is for
}

func (p *roundPage) read() (err error) {
	d := p.d
	if d.MarksAttendance() {
		if p.events, err = round.History(p.Context(), p.Reader(), p.Viewer, d.ID); err != nil {
			return err
		}
	}
	if p.signup, err = booking.ReadSignup(p.Visit, d); err != nil {
		return err
	}
	if !p.works() {
		if err := p.readCourse(); err != nil {
			return err
		}
	}
	if p.papers, err = handouts.PapersOf(p.Visit, d.Round); err != nil {
		return err
	}
	if p.pack, err = handouts.PackLink(p.Visit, d.EditionID); err != nil {
		return err
	}
	if d.Local() && d.EnrolmentID != 0 {
		if p.reported, err = attendance.MyDaysIn(p.Context(), p.Reader(), p.Viewer, d.ID); err != nil {
			return err
		}
	}
	if d.MarksAttendance() && d.CancelledAt == nil {
		if p.prepared, err = attendance.Preparations(p.Context(), p.Reader(), d.Round, d.Enrolments); err != nil {
			return err
		}
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
		tariff, err := economy.TariffOn(p.Context(), p.Reader(), d.RegionID, d.TariffKind, d.FirstDay, d.PublishedAt)
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
func (p *roundPage) works() bool { return p.d.MarksAttendance() || !visit.Learns(p.Office().Role) }

// where is whose round it is, in words: "Dalarna", "hela landet".
func (p *roundPage) where() string {
	switch {
	case p.d.National():
		return p.T("round.whole_country")
	case p.d.Local():
		return p.d.Giver()
	}
	return p.d.Region
}

func (p *roundPage) lead() string {
	days := p.T("round.days", "Count", p.d.Days) + ", " + p.Lang.Days(p.d.FirstDay, p.d.LastDay)
	if len(p.d.CourseDays) > 0 && p.d.CourseDays[0].Place != "" {
		days += ", " + p.d.CourseDays[0].Place
	}
	return days
}

// next is the one thing to do now, for those who manage the round or hold a day
// of it.
func (p *roundPage) next() templ.Component {
	d := p.d
	if d.CancelledAt != nil || !d.MarksAttendance() {
		return templ.NopComponent
	}
	for _, day := range d.CourseDays {
		if d.Local() && day.HeldAt == nil && day.Markable(p.Today) {
			return p.markLocal(day)
		}
		if day.HeldAt == nil && day.Markable(p.Today) && (d.Seats > 0 || d.PublishedAt != nil) {
			return ui.NextThing{
				Sentence: p.T("round.next_attendance", "Day", p.Lang.ShortDay(day.Day)), Help: p.T("round.next_attendance_help", "Count", d.Seats),
				Action: &ui.Action{Label: p.T("round.register_attendance"), Href: visit.DayPath(day.ID, "attendance")},
			}.View(p.Lang)
		}
	}
	if !d.Manages {
		return templ.NopComponent
	}
	switch {
	case d.PublishedAt == nil && p.status == round.Planned:
		return ui.Waiting(p.Lang, p.T("round.next_publish"), "", p.step("publication", "publish", ui.Primary,
			p.T("round.publish_text", "Where", p.where(), "From", d.SignupFrom, "Until", d.SignupUntil, "Seats", d.Capacity)))
	case d.ConfirmedAt == nil && d.PublishedAt != nil && d.Held == 0 && d.TooFew() > 0 && p.Today <= d.SignupUntil:
		return ui.Choices(p.confirm(ui.Secondary)) // more may come: nothing presses
	case d.ConfirmedAt == nil && d.PublishedAt != nil && d.Held == 0:
		help := ""
		if d.TooFew() > 0 {
			help = p.T("round.too_few", "Count", d.TooFew())
		}
		return ui.Waiting(p.Lang, p.T("round.next_confirm"), help, p.confirm(ui.Primary))
	case d.Local() && d.Held == d.Days:
		return p.lacking()
	case d.Held == d.Days && d.Awaiting > 0:
		return p.askApproval()
	}
	return templ.NopComponent
}

// confirm is how the round is confirmed.
func (p *roundPage) confirm(kind ui.Kind) templ.Component {
	d := p.d
	return p.step("confirmation", "confirm", kind, p.T("round.confirm_text", "Seats", d.Seats, "Capacity", d.Capacity, "Minimum", d.Minimum))
}

// step is one of the round's own steps; noun ends the form's address and verb the
// keys of its words.
func (p *roundPage) step(noun, verb string, kind ui.Kind, text string) templ.Component {
	return ui.Confirm{
		ID: noun, Opener: ui.Action{Label: p.T("round." + verb), Kind: kind}, Title: p.T("round." + verb + "_title"), Text: text,
		Action: ui.Action{Label: p.T("round." + verb), Href: visit.RoundPath(p.d.ID, noun), Post: true},
	}.View(p.Lang)
}

// seatsTaken is how many seats are taken; of a cancelled round nobody has one.
func (p *roundPage) seatsTaken() string {
	if p.d.CancelledAt != nil {
		return p.T("round.seats_in_all", "Count", p.d.Capacity)
	}
	return p.T("round.seats_taken", "Seats", p.d.Seats, "Capacity", p.d.Capacity)
}

// chain is the round's way; that of a cancelled one has ended.
func (p *roundPage) chain() templ.Component {
	d := p.d
	if d.CancelledAt != nil || d.Local() {
		return templ.NopComponent // a local round's status says it all
	}
	note := func(at *clock.Instant) string {
		if at == nil {
			return ""
		}
		return p.Lang.TinyDay(at.Day())
	}
	open := ui.Step{Word: p.T(round.Open.Key()), Href: "#facts"}
	if d.PublishedAt != nil {
		open.Note = p.T("round.until", "Day", p.Lang.TinyDay(d.SignupEnds()))
	}
	if p.status == round.Closed {
		open.Word = p.T(round.Closed.Key())
	}
	held := ui.Step{Word: p.T(round.Held.Key()), Href: "#days"}
	if d.Held > 0 {
		held.Note = p.T("round.days_of", "Some", d.Held, "All", d.Days)
	}
	approved := ui.Step{Word: p.T(round.Approved.Key()), Href: "#participants"}
	if d.Approved > 0 {
		approved.Note = p.T("round.of", "Some", d.Approved, "All", d.Seats)
	}
	if !p.works() { // what they lead to is folded or not there
		open.Href, approved.Href = "", ""
	}
	chain := ui.Chain{Label: p.T("round.chain"), Steps: []ui.Step{
		{Word: p.T(round.Planned.Key()), Href: open.Href}, open, {Word: p.T(round.Confirmed.Key()), Note: note(d.ConfirmedAt)}, held, approved,
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
		invoiced := ui.Step{Word: p.T("round.invoiced")}
		if access.Money(p.Viewer).Covers(access.Place{RegionID: d.RegionID}) {
			invoiced.Href = visit.InYear(visit.RegionPath(p.Server.Country[d.RegionID], "invoice-basis"), d.LastDay.Year())
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
	if d.Local() {
		return p.localFacts()
	}
	facts := p.firstFacts()
	if d.Edition > 0 {
		facts = append(facts, ui.Fact{Term: p.T("round.edition"), Value: strconv.Itoa(d.Edition)})
	}
	seats := p.seatsTaken()
	if p.works() {
		seats += ". " + p.T("round.minimum", "Count", d.Minimum)
	}
	if d.Offered > 0 && p.works() {
		seats += ". " + p.T("signup.kept_offered", "Count", d.Offered)
	}
	if d.SetAside > 0 && p.works() {
		seats += ". " + p.T("signup.kept_aside", "Count", d.SetAside)
	}
	if d.Waiting > 0 {
		seats += ". " + p.T("signup.count_waiting", "Count", d.Waiting)
	}
	facts = append(facts,
		ui.Fact{Term: p.T("round.delivery"), Value: p.T("round.delivery_" + string(d.Delivery))},
		ui.Fact{Term: p.T("round.region"), Value: regionName(p.Visit, d.Round)},
		ui.Fact{Term: p.T("round.seats"), Value: seats},
		ui.Fact{Term: p.T("round.signup"), Value: p.Lang.Days(d.SignupFrom, max(d.SignupFrom, d.SignupEnds()))},
	)
	facts = append(facts, p.planFacts()...)
	if p.tariff != nil {
		facts = append(facts, ui.Fact{Term: p.T("round.tariff"), Value: p.T("round.tariff_is", "Fee", p.tariff.Fee, "Pot", p.tariff.PerParticipant)})
	}
	return append(facts, p.note()...)
}

// firstFacts are the way to the course, for those who work with the round, and what the
// round is called, for those who are not told in its heading.
func (p *roundPage) firstFacts() ui.Summary {
	if p.works() {
		return ui.Summary{{Term: p.T("round.course"), Slot: ui.TextLink(p.d.Course, visit.CoursePath(p.d.CourseSlug))}}
	}
	return ui.Summary{{Term: p.T("round.label"), Value: p.d.Label}}
}

// note is what is said about the round in words. Those who come to learn have it among
// what the course asks of them.
func (p *roundPage) note() ui.Summary {
	if p.d.Note == "" || !p.works() {
		return nil
	}
	return ui.Summary{{Term: p.T("round.note"), Value: p.d.Note}}
}
