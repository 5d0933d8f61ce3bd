package booking

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catering"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/meals"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Signup is what a round's page knows about its queue and its seats set aside.
type Signup struct {
	*visit.Visit
	d round.Detail

	queue   []seat.Entry
	quotas  []seat.Quota
	Entry   *seat.Entry // the visitor's own
	asks    bool        // the visitor's manager has to allow it
	advice  seat.Advice
	later   []round.Round // other rounds of the course, when this one cannot be booked
	wishing int64         // the visitor's own wish for the course, 0 when there is none
	need    catering.Need // what the visitor has told that they need

	leaders   []round.Leader              // of a local round that one can book
	meanwhile map[int64][]round.Meanwhile // what else those who are or want to be here have at its hours

	municipalities []organisation.Organisation // for which seats can be kept, in Swedish order
}

// ReadSignup is the round's sign-up, read as far as it concerns the visitor.
func ReadSignup(v *visit.Visit, d round.Detail) (*Signup, error) {
	s := &Signup{Visit: v, d: d}
	return s, s.read()
}

func (p *Signup) read() error {
	d := p.d
	if d.CancelledAt == nil && (p.Today < d.FirstDay || d.Waiting+d.Offered > 0) {
		if err := p.readQueue(); err != nil {
			return err
		}
	}
	if err := p.readMeanwhile(); err != nil {
		return err
	}
	if p.setsAside() {
		var err error
		if p.municipalities, err = organisation.Municipalities(p.Context(), p.Reader(), d.RegionID); err != nil {
			return err
		}
	}
	switch {
	case p.Entry != nil || d.EnrolmentID != 0:
		return p.readAsks()
	case !p.couldCome():
		return nil
	case !d.Bookable(p.Today):
		return p.readLater()
	case visit.Learns(p.Office().Role):
		return p.readBooking()
	}
	return nil
}

// couldCome tells whether the visitor, or people of theirs, could take the
// course in this round or another, and have no seat or place in the queue here.
func (p *Signup) couldCome() bool {
	d := p.d
	if d.PublishedAt == nil || d.Manages || d.Teaches || d.Asks(p.Viewer.PersonID) || p.Entry != nil || d.EnrolmentID != 0 && d.CancelledAt == nil {
		return false
	}
	return visit.Learns(p.Office().Role) || !access.Staff(p.Viewer).Empty()
}

func (p *Signup) readQueue() (err error) {
	d := p.d
	if d.Manages || d.SetAside > 0 {
		if p.quotas, err = seat.Quotas(p.Context(), p.Reader(), d.ID); err != nil {
			return err
		}
	}
	if p.queue, err = seat.Queue(p.Context(), p.Reader(), p.Viewer, d.Round); err != nil {
		return err
	}
	for i, e := range p.queue {
		if e.PersonID == p.Viewer.PersonID {
			p.Entry = &p.queue[i]
		}
	}
	return nil
}

// readBooking reads what somebody who books a seat has to know and may tell.
func (p *Signup) readBooking() error {
	ctx, q := p.Context(), p.Reader()
	advice, err := seat.AdviceFor(ctx, q, p.d.Round, []int64{p.Viewer.PersonID}, p.Today)
	if err != nil {
		return err
	}
	p.advice = advice[p.Viewer.PersonID]
	if p.d.Local() {
		if p.leaders, err = round.Leaders(ctx, q, p.d); err != nil {
			return err
		}
	} else {
		if p.need, err = catering.Mine(ctx, q, p.Viewer, p.d.ID); err != nil {
			return err
		}
	}
	return p.readAsks()
}

// readAsks reads whether the visitor's manager has to allow a seat of theirs.
func (p *Signup) readAsks() (err error) {
	if home := p.Viewer.Home.MunicipalityID; home != 0 && !access.Staff(p.Viewer).Covers(p.Viewer.Home) {
		p.asks, err = people.ManagerApproves(p.Context(), p.Reader(), home)
	}
	return err
}

// readLater reads what there is when this round cannot be booked.
func (p *Signup) readLater() (err error) {
	if p.later, err = seat.NextOf(p.Context(), p.Reader(), p.Viewer, p.d.CourseID, p.d.ID, p.Today, 3); err != nil {
		return err
	}
	p.wishing, err = wishFor(p.Visit, p.d.CourseID)
	return err
}

// freeForVisitor counts the seats that are kept for their municipality, too.
func (p *Signup) freeForVisitor() int {
	free := p.d.Free()
	for _, c := range p.quotas {
		if c.MunicipalityID == p.Viewer.Home.MunicipalityID {
			free += c.Unused()
		}
	}
	return free
}

// Seat is the one thing that somebody who came to learn can do: book, wait,
// answer, give up, or say that they are interested.
func (p *Signup) Seat() templ.Component {
	d := p.d
	switch {
	case d.CancelledAt == nil && d.EnrolmentID != 0:
		return templ.Join(p.OwnMeanwhile("signup.meanwhile_seated"), p.giveUp())
	case d.CancelledAt == nil && p.Entry != nil:
		return templ.Join(p.OwnMeanwhile("signup.meanwhile_waiting"), p.waitingSeat(*p.Entry))
	case !p.couldCome():
	case !d.Bookable(p.Today):
		return p.closed()
	case visit.Learns(p.Office().Role):
		return templ.Join(p.OwnMeanwhile("signup.meanwhile_anyway"), p.book())
	}
	return templ.NopComponent // others sign up people of theirs
}

// book is the sign-up by oneself, in plain words about what it gives.
func (p *Signup) book() templ.Component {
	free := p.freeForVisitor()
	b := booking{Visit: p.Visit, action: visit.RoundPath(p.d.ID, "enrolments"), need: p.need, errs: p.Errs, local: p.d.Local(), digital: p.d.Digital(), leaders: p.leaders}
	if p.Sent && p.PostForm.Has("needs") {
		b.need, b.open = meals.TypedNeed(p.Visit), true
	}
	switch {
	case p.asks && free > 0:
		b.sentence, b.button, b.help = p.T("signup.ask", "Count", free), p.T("signup.ask_do"), p.T("signup.ask_help")
	case p.asks:
		b.sentence, b.button, b.help = p.fullWords(), p.T("signup.ask_do"), p.T("signup.ask_help")
	case free > 0:
		b.sentence, b.button, b.help = p.T("round.free", "Count", free), p.T("signup.book_do"), p.T("signup.book_help", "Day", p.lastToWithdraw())
	default:
		b.sentence, b.button, b.help = p.fullWords(), p.T("signup.queue_do"), p.T("signup.queue_help", "Position", p.d.Waiting+1)
	}
	if p.advice.Any() {
		return templ.Join(ui.Notice{Tone: ui.Info, Title: p.T("signup.advice"), Text: adviceWords(p.Visit, p.advice) + " " + p.T("signup.advice_anyway")}.View(p.Lang), bookingForm(b))
	}
	return bookingForm(b)
}

// booking is the form by which somebody signs up, with what they need in order
// to take part, for those who want to say it.
type booking struct {
	*visit.Visit
	sentence, help string
	action, button string
	need           catering.Need
	errs           ui.Errors
	open           bool // the needs are shown
	local          bool // nothing is ordered, so they are not asked for
	digital        bool // nor is anything eaten together
	leaders        []round.Leader
}

// tellWhom says to whom one says what one needs of a local round, and how to reach
// them.
func (b booking) tellWhom() string {
	var names []string
	for _, l := range b.leaders {
		name := l.Name
		if l.Email != "" {
			name += " (" + l.Email + ")"
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return b.T("local.needs_no_leader")
	}
	return b.T("local.needs_help", "Names", strings.Join(names, ", "))
}

// lastToWithdraw is the last day on which a seat can be given back by oneself.
func (p *Signup) lastToWithdraw() clock.Day {
	if p.d.WithdrawUntil != nil {
		return *p.d.WithdrawUntil
	}
	return p.d.FirstDay - 1
}

// adviceWords say what speaks against the course for somebody.
func adviceWords(v *visit.Visit, a seat.Advice) string {
	switch {
	case a.CompletedOn != nil:
		return v.T("signup.advice_completed", "Day", v.Lang.TinyDay(*a.CompletedOn))
	case a.NoAccount:
		return v.T("signup.advice_no_account")
	case a.Step == "":
		return v.T("signup.advice_no_step", "MeantFor", a.MeantFor)
	}
	return v.T("signup.advice_step", "MeantFor", a.MeantFor, "Step", a.Step)
}

// fullWords says that there is no seat, and how many wait for one.
func (p *Signup) fullWords() string {
	if p.d.Waiting == 0 {
		return p.T("signup.full_none")
	}
	return p.T("signup.full", "Count", p.d.Waiting)
}

// withdrawText says what happens to a seat that is given up.
func (p *Signup) withdrawText() string {
	switch {
	case p.d.Waiting == 0 && p.asks:
		return p.T("signup.withdraw_asks", "Course", p.d.Course)
	case p.d.Waiting == 0:
		return p.T("signup.withdraw_free", "Course", p.d.Course)
	}
	return p.T("signup.withdraw_text", "Course", p.d.Course, "Count", p.d.Waiting)
}

// giveUp is how the visitor leaves their own seat, or why they cannot.
func (p *Signup) giveUp() templ.Component {
	d := p.d
	last := p.lastToWithdraw()
	if p.Today >= d.FirstDay {
		return templ.NopComponent
	}
	if p.Today > last {
		return ui.Paragraph(p.T("round.withdraw_closed", "Day", last))
	}
	return ui.Choices(
		ui.Confirm{
			ID: "withdrawal", Opener: ui.Action{Label: p.T("signup.withdraw_do"), Kind: ui.Secondary}, Title: p.T("signup.withdraw_title"),
			Text:   p.withdrawText(),
			Action: ui.Action{Label: p.T("signup.withdraw_do"), Href: visit.SeatPath(d.EnrolmentID, "withdrawal"), Post: true, Kind: ui.Danger},
		}.View(p.Lang),
		ui.Action{Label: p.T("signup.move_do"), Href: visit.SeatPath(d.EnrolmentID), Kind: ui.Secondary}.View(p.Lang),
	)
}

// closed says when one can sign up, what else there is, and takes a wish.
func (p *Signup) closed() templ.Component {
	d := p.d
	title := p.T("signup.closed", "Day", d.SignupEnds())
	switch {
	case d.CancelledAt != nil || d.LastDay < p.Today:
		title = p.T("signup.another_time")
	case p.Today < d.SignupFrom:
		title = p.T("signup.opens", "Day", d.SignupFrom)
	}
	parts := []templ.Component{nextRounds(p.Visit, "signup.no_next", p.later)}
	if visit.Learns(p.Office().Role) {
		parts = append(parts, wish(p.Visit, d.CourseSlug, p.wishing, visit.RoundPath(d.ID)))
	} else {
		parts = append(parts, ui.Paragraph(p.T("signup.wish_staff_help")), ui.Choices(ui.Action{
			Label: p.T("signup.wish_staff"), Href: visit.WishesPath(d.CourseSlug), Kind: ui.Secondary,
		}.View(p.Lang)))
	}
	return ui.Section("closed", title, parts...)
}

// nextRounds are the rounds to choose among, with what each has to give; none
// is the key of what to say when there are none.
func nextRounds(v *visit.Visit, none string, rounds []round.Round) templ.Component {
	if len(rounds) == 0 {
		return ui.Paragraph(v.T(none))
	}
	var all ui.Summary
	for _, r := range rounds {
		all = append(all, ui.Fact{Term: v.Lang.Days(r.FirstDay, r.LastDay), Slot: ui.Choices(
			ui.Paragraph(SeatWords(v, r)), ui.Action{Label: v.T("signup.show_round", "Label", r.Label), Href: visit.RoundPath(r.ID), Kind: ui.Secondary, Small: true}.View(v.Lang),
		)})
	}
	return all.View(v.Lang)
}

// SeatWords say of a coming round whether there is a seat, and from when.
func SeatWords(v *visit.Visit, r round.Round) string {
	words := v.T("signup.next_round", "Label", r.Label, "Count", r.Free())
	if r.Free() == 0 {
		words = v.T("signup.next_full", "Label", r.Label, "Count", r.Waiting)
	}
	if v.Today < r.SignupFrom {
		words += ". " + v.T("signup.opens", "Day", r.SignupFrom) + "."
	}
	return words
}
