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
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
)

// signup is what a round's page knows about its queue and its seats set aside.
type signup struct {
	queue   []round.Entry
	quotas  []round.Quota
	entry   *round.Entry // the visitor's own
	asks    bool         // the visitor's manager has to allow it
	advice  round.Advice
	later   []round.Round // other rounds of the course, when this one cannot be booked
	wishing int64         // the visitor's own wish for the course, 0 when there is none
}

// readSignup reads them for a round that is still to begin.
func (p *roundPage) readSignup() (err error) {
	d, ctx, q := p.d, p.Context(), p.Reader()
	if d.CancelledAt != nil || p.Today >= d.FirstDay && d.Waiting+d.Offered == 0 {
		return nil
	}
	if d.Manages || d.SetAside > 0 {
		if p.quotas, err = round.Quotas(ctx, q, d.ID); err != nil {
			return err
		}
	}
	if p.queue, err = round.Queue(ctx, q, p.Viewer, d.Round); err != nil {
		return err
	}
	for i, e := range p.queue {
		if e.PersonID == p.Viewer.PersonID {
			p.entry = &p.queue[i]
		}
	}
	if !learns(p.Office().Role) || d.EnrolmentID != 0 || p.entry != nil || d.Manages {
		return nil
	}
	advice, err := round.AdviceFor(ctx, q, d.Round, []int64{p.Viewer.PersonID}, p.Today)
	if err != nil {
		return err
	}
	p.advice = advice[p.Viewer.PersonID]
	if d.Bookable(p.Today) {
		if home := p.Viewer.Home.MunicipalityID; home != 0 && !access.Staff(p.Viewer).Covers(p.Viewer.Home) {
			p.asks, err = round.ManagerApproves(ctx, q, home)
		}
		return err
	}
	if p.later, err = round.NextOf(ctx, q, p.Viewer, d.CourseID, d.ID, p.Today, 3); err != nil {
		return err
	}
	wishes, err := round.MyInterests(ctx, q, p.Viewer)
	for _, w := range wishes {
		if w.CourseID == d.CourseID {
			p.wishing = w.ID
		}
	}
	return err
}

// freeForVisitor counts the seats that are kept for their municipality, too.
func (p *roundPage) freeForVisitor() int {
	free := p.d.Free()
	for _, c := range p.quotas {
		if c.MunicipalityID == p.Viewer.Home.MunicipalityID {
			free += c.Unused()
		}
	}
	return free
}

// seat is the one thing that somebody who came to learn can do: book, wait,
// answer, give up, or say that they are interested.
func (p *roundPage) seat() templ.Component {
	d := p.d
	switch {
	case d.CancelledAt != nil:
		return p.own()
	case d.EnrolmentID != 0:
		return templ.Join(p.own(), p.giveUp())
	case p.entry != nil:
		return p.waitingSeat(*p.entry)
	case !learns(p.Office().Role) || d.Manages || d.Teaches || d.PublishedAt == nil || p.Today >= d.FirstDay:
		return templ.NopComponent
	case d.Bookable(p.Today):
		return p.book()
	}
	return p.closed()
}

func (p *roundPage) self() []ui.Hidden {
	return []ui.Hidden{{Name: "person", Value: idString(p.Viewer.PersonID)}}
}

// book is the sign-up by oneself, in plain words about what it gives.
func (p *roundPage) book() templ.Component {
	free := p.freeForVisitor()
	thing := ui.NextThing{Action: &ui.Action{Href: roundPath(p.d.ID) + "/enrolments", Post: true, Hidden: p.self()}}
	switch {
	case p.asks:
		thing.Sentence, thing.Action.Label = p.T("signup.ask", "Count", free), p.T("signup.ask_do")
		thing.Help = p.T("signup.ask_help")
	case free > 0:
		thing.Sentence, thing.Action.Label = p.T("rounds.free", "Count", free), p.T("signup.book_do")
		thing.Help = p.T("signup.book_help", "Day", p.lastToWithdraw())
	default:
		thing.Sentence, thing.Action.Label = p.T("signup.full", "Count", p.d.Waiting), p.T("signup.queue_do")
		thing.Help = p.T("signup.queue_help", "Position", p.d.Waiting+1)
	}
	if p.advice.Any() {
		return templ.Join(ui.Notice{Tone: ui.Info, Title: p.T("signup.advice"), Text: adviceWords(p.Visit, p.advice) + " " + p.T("signup.advice_anyway")}.View(p.Lang), thing.View(p.Lang))
	}
	return thing.View(p.Lang)
}

// lastToWithdraw is the last day on which a seat can be given back by oneself.
func (p *roundPage) lastToWithdraw() clock.Day {
	if p.d.WithdrawUntil != nil {
		return *p.d.WithdrawUntil
	}
	return p.d.FirstDay - 1
}

// adviceWords say what speaks against the course for somebody.
func adviceWords(v *Visit, a round.Advice) string {
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

// waitingSeat is the visitor's own place in the queue, or the offer to answer.
func (p *roundPage) waitingSeat(e round.Entry) templ.Component {
	leave := ui.Confirm{
		ID: "leave", Opener: ui.Action{Label: p.T("signup.leave_do"), Kind: ui.Secondary}, Title: p.T("signup.leave_title"), Text: p.T("signup.leave_text"),
		Action: ui.Action{Label: p.T("signup.leave_do"), Href: entryPath(e.ID, "departure"), Post: true, Kind: ui.Danger},
	}
	switch {
	case e.Offered(p.Now):
		leave.Opener.Label, leave.Action.Label = p.T("signup.decline_do"), p.T("signup.decline_do")
		leave.Title, leave.Text = p.T("signup.decline_title"), p.T("signup.decline_text")
		return waiting(p.Visit, p.T("signup.offered", "Until", p.Lang.DayTime(*e.OfferUntil)), p.T("signup.offered_help"), choices(
			ui.Action{Label: p.T("signup.accept_do"), Href: entryPath(e.ID, "acceptance"), Post: true}.View(p.Lang), leave.View(p.Lang)))
	case e.OfferUntil != nil:
		return ui.Notice{Tone: ui.Caution, Title: p.T("signup.lapsed"), Text: p.T("round.offer_lapsed")}.View(p.Lang)
	case e.NeedsManager:
		leave.Text = p.T("signup.take_back_text")
		return waiting(p.Visit, p.T("signup.awaiting"), p.T("signup.awaiting_help"), leave.View(p.Lang))
	}
	help := p.T("signup.waiting_help")
	if round.Near(p.d.FirstDay, p.Today) {
		help = p.T("signup.waiting_near", "Count", p.d.AcceptHours)
	}
	return waiting(p.Visit, p.T("signup.waiting", "Position", e.Position), help, leave.View(p.Lang))
}

// giveUp is how the visitor leaves their own seat, or why they cannot.
func (p *roundPage) giveUp() templ.Component {
	d := p.d
	last := p.lastToWithdraw()
	if p.Today >= d.FirstDay {
		return templ.NopComponent
	}
	if p.Today > last {
		return paragraph(p.T("round.withdraw_closed", "Day", last))
	}
	return choices(
		ui.Confirm{
			ID: "withdrawal", Opener: ui.Action{Label: p.T("signup.withdraw_do"), Kind: ui.Secondary}, Title: p.T("signup.withdraw_title"),
			Text:   p.T("signup.withdraw_text", "Course", d.Course, "Waiting", d.Waiting),
			Action: ui.Action{Label: p.T("signup.withdraw_do"), Href: seatPath(d.EnrolmentID, "withdrawal"), Post: true, Kind: ui.Danger},
		}.View(p.Lang),
		ui.Action{Label: p.T("signup.move_do"), Href: "/enrolments/" + idString(d.EnrolmentID), Kind: ui.Secondary}.View(p.Lang),
	)
}

// closed says when one can sign up, what else there is, and takes a wish.
func (p *roundPage) closed() templ.Component {
	d := p.d
	var parts []templ.Component
	title := p.T("signup.closed", "Day", d.SignupUntil)
	if p.Today < d.SignupFrom {
		title = p.T("signup.opens", "Day", d.SignupFrom)
	}
	if len(p.later) == 0 {
		parts = append(parts, paragraph(p.T("signup.no_next")))
	}
	var others ui.Summary
	for _, r := range p.later {
		others = append(others, ui.Fact{
			Term: p.Lang.Days(r.FirstDay, r.LastDay),
			Slot: choices(paragraph(p.T("signup.next_round", "Label", r.Label, "Free", r.Free())), ui.Action{Label: p.T("signup.show_round", "Label", r.Label), Href: roundPath(r.ID), Kind: ui.Secondary, Small: true}.View(p.Lang)),
		})
	}
	if len(others) > 0 {
		parts = append(parts, others.View(p.Lang))
	}
	parts = append(parts, p.wish())
	return section("closed", title, parts...)
}

func (p *roundPage) wish() templ.Component {
	if p.wishing != 0 {
		return templ.Join(paragraph(p.T("signup.wished")), choices(ui.Action{
			Label: p.T("signup.unwish_do"), Href: "/interests/" + idString(p.wishing) + "/removal", Post: true, Kind: ui.Secondary,
		}.View(p.Lang)))
	}
	return templ.Join(paragraph(p.T("signup.wish_help")), choices(ui.Action{
		Label: p.T("signup.wish_do"), Href: "/courses/" + p.d.CourseSlug + "/interests", Post: true,
		Hidden: append(p.self(), ui.Hidden{Name: "back", Value: roundPath(p.d.ID)}),
	}.View(p.Lang)))
}

// signsUpOthers tells whether the visitor can sign up people of theirs.
func (p *roundPage) signsUpOthers() bool {
	d := p.d
	return d.CancelledAt == nil && !access.Staff(p.Viewer).Empty() && d.Held == 0 && (d.Manages || d.Bookable(p.Today)) && !learns(p.Office().Role)
}

// others is the way to sign up people, for those who have some.
func (p *roundPage) others() templ.Component {
	if !p.signsUpOthers() {
		return templ.NopComponent
	}
	href := roundPath(p.d.ID) + "/signup"
	if p.d.Manages {
		return choices(ui.Action{Label: p.T("signup.participants_do"), Href: href, Kind: ui.Secondary}.View(p.Lang))
	}
	sentence := p.T("rounds.free", "Count", p.freeForVisitor())
	if p.freeForVisitor() == 0 {
		sentence = p.T("signup.full", "Count", p.d.Waiting)
	}
	return ui.NextThing{Sentence: sentence, Help: p.T("signup.people_help"), Action: &ui.Action{Label: p.T("signup.people_do"), Href: href}}.View(p.Lang)
}

// queueShown is how much of a queue a round's page lists: those further back
// wait for another round.
const queueShown = 50

// queueTable are those who wait, for those who may see them.
func (p *roundPage) queueTable() templ.Component {
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
				ID: "leave-" + idString(e.ID), Opener: ui.Action{Label: p.T("signup.leave_short"), About: e.Name, Small: true}, Title: p.T("signup.remove_title", "Name", e.Name), Text: p.T("signup.remove_text"),
				Action: ui.Action{Label: p.T("signup.remove_do"), Href: entryPath(e.ID, "departure"), Post: true, Kind: ui.Danger},
			}.View(p.Lang)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{place, name, ui.Text(e.Municipality), state, ui.Text(p.Lang.DayTime(e.JoinedAt)), act}, Current: e.PersonID == p.Viewer.PersonID})
	}
	return section("queue", p.T("signup.queue"), t.View(p.Lang))
}

// setAside are the seats kept per municipality, with the form that keeps more.
func (p *roundPage) setAside() templ.Component {
	d := p.d
	if !d.Manages || d.National() || d.CancelledAt != nil || p.Today >= d.FirstDay {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "quotas", Caption: p.T("signup.quotas"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("rounds.municipality")}, {Label: p.T("signup.quota_seats"), Numeric: true}, {Label: p.T("signup.quota_used"), Numeric: true},
			{Label: p.T("signup.quota_state")}, {Label: p.T("signup.release_do"), Action: true},
		},
	}
	for _, c := range p.quotas {
		state, act := ui.Text(p.T("signup.quota_until", "Day", p.Lang.TinyDay(c.ReleaseOn))), ui.Cell{Slot: templ.NopComponent}
		if c.ReleasedAt != nil {
			state = ui.Text(p.T("signup.quota_released", "Day", p.Lang.TinyDay(c.ReleasedAt.Day())))
		} else {
			act.Slot = ui.Action{
				Label: p.T("signup.release_do"), About: c.Municipality, Small: true, Kind: ui.Secondary, Post: true,
				Href: roundPath(d.ID) + "/quotas/" + p.server.country[c.MunicipalityID].Slug + "/release",
			}.View(p.Lang)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(c.Municipality), ui.Text(p.Lang.Number(int64(c.Seats))), ui.Text(p.Lang.Number(int64(c.Used))), state, act,
		}})
	}
	municipality := ui.Field{Input: ui.SelectInput, Name: "municipality", Label: p.T("rounds.municipality"), Options: []ui.Option{{Label: p.T("signup.choose")}}}
	for _, m := range p.municipalities() {
		municipality.Options = append(municipality.Options, ui.Option{Value: idString(m.ID), Label: m.Name})
	}
	seats := ui.Field{Input: ui.NumberInput, Name: "seats", Label: p.T("signup.quota_seats"), Short: true}
	day := ui.Field{
		Input: ui.DateInput, Name: "release_on", Label: p.T("signup.release_on"), Hint: p.T("signup.release_on_hint"), Value: max(p.Today+1, d.SignupUntil).String(),
		Min: (p.Today + 1).String(), Max: d.FirstDay.String(),
	}
	sent := p.Method == http.MethodPost && strings.HasSuffix(p.URL.Path, "/quotas")
	if sent {
		for _, f := range []*ui.Field{&municipality, &seats, &day} {
			f.Value, f.Error = p.PostForm.Get(f.Name), p.errs.For(f.Name)
		}
	}
	keep := form(roundPath(d.ID)+"/quotas", p.T("signup.quota_do"), nil, municipality, seats, day)
	keep.Kind = ui.Secondary
	parts := []templ.Component{}
	if len(t.Rows) > 0 {
		parts = append(parts, t.View(p.Lang))
	}
	if sent {
		parts = append(parts, keep.View(p.Lang))
	} else {
		parts = append(parts, details(p.T("signup.quota_new"), paragraph(p.T("signup.quota_help")), keep.View(p.Lang)))
	}
	return section("quota", p.T("signup.quotas"), parts...)
}

// municipalities are the region's, in Swedish order.
func (p *roundPage) municipalities() []organisation.Organisation {
	all, err := organisation.Municipalities(p.Context(), p.Reader(), p.d.RegionID)
	if err != nil {
		return nil
	}
	return all
}

func entryPath(id int64, noun string) string { return "/queue/" + idString(id) + "/" + noun }

func seatPath(id int64, noun string) string { return "/enrolments/" + idString(id) + "/" + noun }

// writeRound is Write for a change of the round, whose news become letters.
func (v *Visit) writeRound(roundID int64, change func(tx *db.Tx) error) error {
	return v.Write(func(tx *db.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return letter.After(v.Context(), tx, roundID, v.Now)
	})
}

// enrol signs up those whom the form names: oneself, or people of one's own.
func (s *Server) enrol(v *Visit) error {
	d, err := v.roundInAddress()
	if err != nil {
		return err
	}
	var persons []int64
	for _, value := range v.PostForm["person"] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil && !slices.Contains(persons, id) {
			persons = append(persons, id)
		}
	}
	if len(persons) == 0 {
		return v.signupPage(d, nil, fault.Invalid("person", "signup.nobody_chosen"))
	}
	var results []round.Result
	err = v.writeRound(d.ID, func(tx *db.Tx) (err error) {
		results, err = round.SignUpMany(v.Context(), tx, v.Viewer, d.ID, persons, v.FormValue("together") == "on", v.Now)
		return err
	})
	alone := len(persons) == 1 && persons[0] == v.Viewer.PersonID
	if f := fault.Of(err); f != nil && f.Kind == fault.KindConflict {
		return v.signupPage(d, nil, err)
	}
	if err != nil {
		return err
	}
	count := map[round.Standing]int{}
	var refused []round.Result
	for _, r := range results {
		if r.Fault != nil {
			refused = append(refused, r)
			continue
		}
		count[r.Status]++
	}
	if alone {
		if len(refused) > 0 {
			if refused[0].Fault.Kind == fault.KindConflict {
				return v.roundPage(d, refused[0].Fault)
			}
			return refused[0].Fault
		}
		notice := "notice.signup_" + string(results[0].Status)
		return v.Redirect(roundPath(d.ID), notice, "Position", strconv.Itoa(results[0].Position))
	}
	if len(refused) > 0 {
		if d, err = v.roundInAddress(); err != nil {
			return err
		}
		return v.signupPage(d, refused, nil)
	}
	return v.Redirect(roundPath(d.ID)+"#participants", "notice.signup_many",
		"Seats", strconv.Itoa(count[round.Enrolled]), "Waiting", strconv.Itoa(count[round.Waiting]))
}

// signupOthers is where people of one's own are chosen for a round.
func (s *Server) signupOthers(v *Visit) error {
	d, err := v.roundInAddress()
	if err != nil {
		return err
	}
	return v.signupPage(d, nil, nil)
}

const signupPerPage = 50

// signupPage lists those whom the visitor may sign up. failed are those of the
// last try who were refused, each for a reason; refused is why all were.
func (v *Visit) signupPage(d round.Detail, failed []round.Result, refused error) error {
	if access.Staff(v.Viewer).Empty() {
		if refused != nil {
			return v.roundPage(d, refused)
		}
		return fault.Forbidden
	}
	filter := people.Filter{
		UnitID: v.NumberID("unit"), MunicipalityID: v.NumberID("municipality"), Name: strings.TrimSpace(v.FormValue("q")),
		Page: v.Number("page", 1), PerPage: signupPerPage,
	}
	if v.FormValue("lacks") != "0" {
		filter.MissingID = d.CourseID
	}
	if d.RegionID != 0 {
		filter.RegionID = d.RegionID
	}
	rows, total, err := people.List(v.Context(), v.Reader(), v.Viewer, filter, v.Today)
	if err != nil {
		return err
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	advice, err := round.AdviceFor(v.Context(), v.Reader(), d.Round, ids, v.Today)
	if err != nil {
		return err
	}
	queue, err := round.Queue(v.Context(), v.Reader(), v.Viewer, d.Round)
	if err != nil {
		return err
	}
	in := map[int64]string{} // person → why they cannot be chosen
	for _, e := range d.Enrolments {
		in[e.PersonID] = v.T("signup.has_seat")
	}
	for _, e := range queue {
		switch {
		case e.NeedsManager:
			in[e.PersonID] = v.T("signup.has_asked")
		case e.OfferUntil != nil:
			in[e.PersonID] = v.T("signup.is_offered")
		default:
			in[e.PersonID] = v.T("signup.stands", "Position", e.Position)
		}
	}

	title := v.T("signup.people_title")
	f := v.Frame(title, v.roundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: roundPath(d.ID)}, ui.Crumb{Label: title})...)
	f.Failed = refused != nil
	errs := ui.ErrorsOf(v.Lang, refused)
	address := ui.Address{Path: roundPath(d.ID) + "/signup", Query: v.URL.Query()}
	search := ui.Filter{
		Label: v.T("signup.people_filter"), Action: address.Path, Result: v.T("signup.people_found", "Count", total),
		Fields: []ui.Field{
			{Name: "q", Label: v.T("signup.people_name"), Value: filter.Name, Optional: true},
			{Input: ui.SelectInput, Name: "lacks", Label: v.T("signup.people_show"), Value: v.FormValue("lacks"), Options: []ui.Option{
				{Value: "", Label: v.T("signup.people_lacking")}, {Value: "0", Label: v.T("signup.people_all")},
			}},
		},
	}
	if filter.Name != "" || filter.MissingID == 0 {
		search.Clear = address.Path
	}
	t := ui.Table{
		ID: "people", Caption: v.T("signup.people_caption"), Dense: true, Pick: "person", Address: address,
		Columns: []ui.Column{{Label: v.T("people.name")}, {Label: v.T("signup.people_note")}},
		Empty:   ui.Empty{Picture: ui.PictureSearch, Title: v.T("signup.people_none"), Text: v.T("signup.people_none_help"), Action: &ui.Action{Label: v.T("signup.people_all"), Href: address.Path + "?lacks=0", Kind: ui.Secondary}},
	}
	if total > signupPerPage {
		t.Pager = &ui.Pager{Address: address, Page: max(1, filter.Page), PerPage: signupPerPage, Rows: total}
	}
	units := slices.ContainsFunc(rows, func(r people.ListRow) bool { return r.Unit != rows[0].Unit || r.Municipality != rows[0].Municipality })
	if units {
		t.Columns = slices.Insert(t.Columns, 1, ui.Column{Label: v.T("people.unit")})
	}
	for _, r := range rows {
		note := ui.Text("")
		why, locked := in[r.ID]
		switch {
		case locked:
			note = ui.Text(why)
		case advice[r.ID].Any():
			note = ui.Cell{Text: adviceWords(v, advice[r.ID])}
		}
		unit := ui.Text(r.Unit)
		if r.Unit == "" {
			unit.Text = r.Municipality
		} else if !access.ManageRounds(v.Viewer).Empty() {
			unit.Note = r.Municipality
		}
		cells := []ui.Cell{ui.Text(r.Name()), note}
		if units {
			cells = slices.Insert(cells, 1, unit)
		}
		t.Rows = append(t.Rows, ui.Row{
			Pick: idString(r.ID), Locked: locked, Picked: !locked && slices.Contains(v.PostForm["person"], idString(r.ID)), Cells: cells,
		})
	}
	free := d.Free()
	lead := v.T("signup.people_lead", "Course", d.Course, "Label", d.Label, "Days", v.Lang.Days(d.FirstDay, d.LastDay), "Free", free, "Waiting", d.Waiting)
	parts := []templ.Component{errs.View(v.Lang), conflict(v, refused), v.notSignedUp(failed), ui.PageHead{Title: title, Lead: lead}.View(v.Lang), search.View(v.Lang)}
	if len(t.Rows) == 0 {
		parts = append(parts, t.View(v.Lang))
	} else {
		together := ui.Field{Input: ui.CheckInput, Name: "together", Label: v.T("signup.together"), Value: v.PostForm.Get("together")}
		parts = append(parts, around(roundPath(d.ID)+"/enrolments", v.T("signup.people_button"),
			landing(ui.FieldID("person"), t.View(v.Lang)), together.View(v.Lang)))
	}
	return v.PageStatus(statusAfter(refused), f, parts...)
}

// notSignedUp names those of the last try who were refused, and why.
func (v *Visit) notSignedUp(failed []round.Result) templ.Component {
	if len(failed) == 0 {
		return templ.NopComponent
	}
	var words []string
	for _, r := range failed {
		name := v.T("signup.somebody")
		if p, err := people.Get(v.Context(), v.Reader(), v.Viewer, r.PersonID, v.Today); err == nil {
			name = p.Name()
		}
		words = append(words, name+": "+v.T(r.Fault.Key, r.Fault.Args...))
	}
	return ui.Notice{Tone: ui.Caution, Title: v.T("signup.some_refused", "Count", len(failed)), Text: strings.Join(words, " ")}.View(v.Lang)
}

// changeEntry does something with the queue entry in the address and goes back
// to where one came from.
func (v *Visit) changeEntry(notice string, change func(tx *db.Tx, id int64) error) error {
	id, err := v.ID("entry")
	if err != nil {
		return err
	}
	roundID, err := round.OfEntry(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	d, err := round.Get(v.Context(), v.Reader(), v.Viewer, roundID)
	if err != nil {
		return err
	}
	return v.changeRound(d, notice, func(tx *db.Tx) error { return change(tx, id) })
}

func (s *Server) acceptSeat(v *Visit) error {
	return v.changeEntry("notice.signup_enrolled", func(tx *db.Tx, id int64) error {
		_, err := round.Accept(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
}

func (s *Server) leaveQueue(v *Visit) error {
	return v.changeEntry("notice.signup_left", func(tx *db.Tx, id int64) error {
		return round.Decline(v.Context(), tx, v.Viewer, id, v.Now)
	})
}

// managerRequests are the sign-ups that wait for the visitor's word as a manager.
func (s *Server) managerRequests(v *Visit) error { return v.requestsPage(nil) }

const mostRequests = 100

func (v *Visit) requestsPage(refused error) error {
	if access.Staff(v.Viewer).Empty() {
		return fault.Forbidden
	}
	all, err := round.Requests(v.Context(), v.Reader(), v.Viewer, v.Today, mostRequests)
	if err != nil {
		return err
	}
	errs := ui.ErrorsOf(v.Lang, refused)
	f := v.Frame(v.T("signup.requests"), v.officeCrumbs(v.T("signup.requests"))...)
	f.Reading, f.Failed = true, refused != nil
	parts := []templ.Component{
		errs.View(v.Lang), conflict(v, refused),
		ui.PageHead{Title: v.T("signup.requests"), Lead: v.T("signup.requests_lead")}.View(v.Lang),
	}
	if len(all) == 0 {
		parts = append(parts, ui.Empty{
			Picture: ui.PicturePeople, Title: v.T("signup.no_requests"), Text: v.T("signup.no_requests_help"),
			Action: &ui.Action{Label: v.T("staff.to_rounds"), Href: "/rounds", Kind: ui.Secondary},
		}.View(v.Lang))
	}
	for _, r := range all {
		field := "reason_" + idString(r.ID)
		reason := ui.Field{Input: ui.TextareaInput, Name: field, Label: v.T("signup.refuse_reason"), Hint: v.T("signup.refuse_hint"), Value: v.PostForm.Get(field), Error: errs.For(field)}
		seats := v.T("signup.request_free", "Count", r.Free)
		if r.Free <= 0 {
			seats = v.T("signup.request_full", "Count", r.Waiting)
		}
		parts = append(parts, section("request-"+idString(r.ID), v.T("signup.request", "Name", r.Name, "Course", r.Course),
			ui.Summary{
				{Term: v.T("rounds.when"), Value: v.Lang.Days(r.FirstDay, r.LastDay)},
				{Term: v.T("rounds.seats"), Value: seats},
				{Term: v.T("signup.asked"), Value: v.Lang.DayTime(r.JoinedAt)},
			}.View(v.Lang),
			choices(
				ui.Action{Label: v.T("signup.allow_do"), About: r.Name, Href: entryPath(r.ID, "approval"), Post: true}.View(v.Lang),
				withReason(v, ui.Confirm{
					ID: "refuse-" + idString(r.ID), Opener: ui.Action{Label: v.T("signup.refuse_do"), About: r.Name}, Title: v.T("signup.refuse_title", "Name", r.Name), Text: v.T("signup.refuse_text"),
					Action: ui.Action{Label: v.T("signup.refuse_do"), Href: entryPath(r.ID, "refusal"), Kind: ui.Danger},
				}, reason, reason.Error != ""),
			)))
	}
	return v.PageStatus(statusAfter(refused), f, parts...)
}

func (v *Visit) answerRequest(notice func() string, answer func(tx *db.Tx, id int64) error) error {
	id, err := v.ID("entry")
	if err != nil {
		return err
	}
	roundID, err := round.OfEntry(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	err = v.writeRound(roundID, func(tx *db.Tx) error { return answer(tx, id) })
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindConflict || f.Kind == fault.KindInvalid) {
		return v.requestsPage(err)
	}
	if err != nil {
		return err
	}
	return v.Redirect("/my/requests", notice())
}

func (s *Server) allowRequest(v *Visit) error {
	var o round.Outcome
	return v.answerRequest(func() string { return "notice.signup_allowed_" + string(o.Status) }, func(tx *db.Tx, id int64) (err error) {
		o, err = round.Allow(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
}

func (s *Server) refuseRequest(v *Visit) error {
	return v.answerRequest(func() string { return "notice.signup_refused" }, func(tx *db.Tx, id int64) error {
		return round.Refuse(v.Context(), tx, v.Viewer, id, v.FormValue("reason_"+idString(id)), v.Now)
	})
}

// wishCourse notes that somebody wants a course without a date.
func (s *Server) wishCourse(v *Visit) error {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	person := v.NumberID("person")
	if person == 0 {
		return fault.Invalid("person", "signup.nobody_chosen")
	}
	err = v.Write(func(tx *db.Tx) error {
		_, err := round.Wish(v.Context(), tx, v.Viewer, course.ID, person, v.Now)
		return err
	})
	if err != nil {
		return err
	}
	return v.Redirect(v.Back(), "notice.signup_wished", "Course", course.Title())
}

func (s *Server) unwishCourse(v *Visit) error {
	id, err := v.ID("interest")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return round.Unwish(v.Context(), tx, v.Viewer, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect("/my/courses", "notice.signup_unwished")
}

// setAsideSeats keeps seats for a municipality.
func (s *Server) setAsideSeats(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	var checks fault.Checks
	on := v.FormDay(&checks, "release_on")
	municipality := v.NumberID("municipality")
	checks.Require(municipality != 0, "municipality", "round.quota_municipality")
	seats := v.Number("seats", 0)
	if err := checks.Err(); err != nil {
		return v.roundPage(d, err)
	}
	return v.changeRound(d, "notice.signup_quota", func(tx *db.Tx) error {
		return round.SetAside(v.Context(), tx, v.Viewer, d.ID, municipality, seats, on, v.Now)
	})
}

func (s *Server) releaseSeats(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	return v.changeRound(d, "notice.signup_released", func(tx *db.Tx) error {
		return round.Release(v.Context(), tx, v.Viewer, d.ID, m.ID, v.Now)
	})
}

// setSignup decides whether the municipality's managers allow each sign-up.
func (s *Server) setSignup(v *Visit) error {
	p, err := v.findMunicipality()
	if err != nil {
		return err
	}
	if !p.manages {
		return fault.Forbidden
	}
	choice := v.FormValue("manager_approves")
	if choice != "yes" && choice != "no" {
		p.errs, p.status = ui.ErrorsOf(v.Lang, fault.Invalid("manager_approves", "signup.choose_one")), http.StatusUnprocessableEntity
		return p.show()
	}
	err = v.Write(func(tx *db.Tx) error {
		return round.SetManagerApproves(v.Context(), tx, v.Viewer, p.place.ID, choice == "yes", v.Now)
	})
	if err != nil {
		return err
	}
	return v.Redirect(p.path()+"#sign-up", "notice.signup_setting")
}

// signupForm is the municipality's setting, for those who manage its people.
func (p *municipalityPage) signupForm() templ.Component {
	if !p.manages {
		return nil
	}
	value := "no"
	if on, err := round.ManagerApproves(p.Context(), p.Reader(), p.place.ID); err == nil && on {
		value = "yes"
	}
	sheet := form(p.path()+"/sign-up", p.T("signup.setting_do"), nil, ui.Field{
		Input: ui.RadioInput, Name: "manager_approves", Label: p.T("signup.setting"), Value: value, Error: p.errs.For("manager_approves"),
		Options: []ui.Option{
			{Value: "no", Label: p.T("signup.setting_no"), Hint: p.T("signup.setting_no_hint")},
			{Value: "yes", Label: p.T("signup.setting_yes"), Hint: p.T("signup.setting_yes_hint")},
		},
	})
	sheet.Kind = ui.Secondary
	return section("sign-up", p.T("signup.setting_title"), sheet.View(p.Lang))
}

// toSignUp are the coming rounds of the course that some of the staff lack.
func (p *staffPage) toSignUp() templ.Component {
	if p.filter.MissingID == 0 {
		return templ.NopComponent
	}
	if len(p.rounds) == 0 {
		return paragraph(p.T("signup.staff_no_round"))
	}
	var rounds ui.Summary
	for _, r := range p.rounds {
		text := p.T("signup.next_round", "Label", r.Label, "Free", r.Free())
		if !r.Bookable(p.Today) {
			text += ". " + p.T("signup.opens", "Day", r.SignupFrom)
			rounds = append(rounds, ui.Fact{Term: p.Lang.Days(r.FirstDay, r.LastDay), Value: text})
			continue
		}
		rounds = append(rounds, ui.Fact{
			Term: p.Lang.Days(r.FirstDay, r.LastDay), Slot: choices(paragraph(text), ui.Action{
				Label: p.T("signup.people_do"), About: r.Label, Href: roundPath(r.ID) + "/signup", Kind: ui.Secondary, Small: true,
			}.View(p.Lang)),
		})
	}
	return section("sign-up", p.T("signup.staff_rounds"), rounds.View(p.Lang))
}

// inLine is where the visitor waits, and what they have asked for.
func (c *myCourses) inLine() templ.Component {
	if len(c.queue)+len(c.wishes) == 0 {
		return templ.NopComponent
	}
	var lines []ui.NextThing
	for _, e := range c.queue {
		key, args := "signup.line_waiting", []any{"Course", e.Course, "Days", c.Lang.Days(e.FirstDay, e.LastDay), "Position", e.Position}
		switch {
		case e.NeedsManager:
			key = "signup.line_awaiting"
		case e.Offered(c.Now):
			key, args = "signup.line_offered", append(args, "Until", c.Lang.DayTime(*e.OfferUntil))
		}
		lines = append(lines, ui.NextThing{Sentence: c.T(key, args...), Action: &ui.Action{Label: c.T("my_courses.see_round"), Href: roundPath(e.RoundID)}})
	}
	parts := []templ.Component{}
	if len(lines) > 0 {
		parts = append(parts, todoList(c.Visit, lines))
	}
	for _, w := range c.wishes {
		parts = append(parts, paragraph(c.T("signup.line_wish", "Course", w.Course, "Day", c.Lang.TinyDay(w.WishedAt.Day()))), choices(ui.Action{
			Label: c.T("signup.unwish_do"), About: w.Course, Href: "/interests/" + idString(w.ID) + "/removal", Post: true, Kind: ui.Secondary, Small: true,
		}.View(c.Lang)))
	}
	return section("in-line", c.T("signup.line"), parts...)
}
