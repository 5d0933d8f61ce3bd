package booking

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catering"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/meals"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// signsUpOthers tells whether the visitor can sign up people of theirs.
func (p *Signup) signsUpOthers() bool {
	d := p.d
	return d.CancelledAt == nil && !access.Staff(p.Viewer).Empty() && d.Held == 0 && (d.Manages && !d.Retired(p.Today) || d.Bookable(p.Today)) && !visit.Learns(p.Office().Role)
}

// Others is the way to sign up people, for those who have some.
func (p *Signup) Others() templ.Component {
	if !p.signsUpOthers() {
		return templ.NopComponent
	}
	href := visit.RoundPath(p.d.ID, "signup")
	if p.d.Manages {
		return ui.Choices(ui.Action{Label: p.T("signup.participants_do"), Href: href, Kind: ui.Secondary}.View(p.Lang))
	}
	sentence := p.T("round.free", "Count", p.freeForVisitor())
	if p.freeForVisitor() == 0 {
		sentence = p.fullWords()
	}
	return ui.NextThing{Sentence: sentence, Help: p.T("signup.people_help"), Action: &ui.Action{Label: p.T("signup.people_do"), Href: href}}.View(p.Lang)
}

// Enrol signs up those whom the form names: oneself, or people of one's own.
func Enrol(v *visit.Visit) error {
	id, err := v.ID("round")
	if err != nil {
		return err
	}
	persons := v.Chosen()
	if len(persons) == 0 {
		return fault.Invalid("person", "signup.nobody_chosen")
	}
	alone := AloneIn(v, persons)
	var results []seat.Result
	err = v.WriteRound(id, func(tx *db.Tx) (err error) {
		results, err = seat.SignUpMany(v.Context(), tx, v.Viewer, id, persons, v.FormValue("together") == "on", v.Now)
		if err != nil || !alone || !v.PostForm.Has("needs") || results[0].Fault != nil {
			return err
		}
		return catering.Tell(v.Context(), tx, v.Viewer, id, meals.TypedNeed(v), v.Now)
	})
	if err != nil {
		return err
	}
	count := map[seat.Standing]int{}
	var refused []seat.Result
	for _, r := range results {
		if r.Fault != nil {
			refused = append(refused, r)
			continue
		}
		count[r.Status]++
	}
	if alone {
		if len(refused) > 0 {
			return refused[0].Fault
		}
		notice := "notice.signup_" + string(results[0].Status)
		return v.Redirect(visit.RoundPath(id), notice, "Position", strconv.Itoa(results[0].Position))
	}
	if len(refused) > 0 {
		if err := noteRefused(v, refused); err != nil {
			return err
		}
		return v.Again()
	}
	meanwhile, err := round.Meanwhiles(v.Context(), v.Reader(), v.Viewer, id, persons)
	if err != nil {
		return err
	}
	var words []string
	for _, each := range []struct {
		key   string
		count int
	}{{"signup.got_seats", count[seat.Enrolled]}, {"signup.got_in_line", count[seat.Waiting]}, {"signup.got_meanwhile", len(meanwhile)}} {
		if each.count > 0 {
			words = append(words, v.T(each.key, "Count", each.count))
		}
	}
	return v.Redirect(visit.RoundPath(id)+"#participants", "notice.signup_many", "Words", strings.Join(words, " "))
}

// AloneIn tells whether the visitor is the only one of the persons.
func AloneIn(v *visit.Visit, persons []int64) bool {
	return len(persons) == 1 && persons[0] == v.Viewer.PersonID
}

// SignupOthers is where people of one's own are chosen for a round.
//
// It does not ask what they need to eat or to take part: that is theirs to
// tell, and their letter about the seat says where.
func SignupOthers(v *visit.Visit) error {
	d, err := v.RoundInAddress()
	if err != nil {
		return err
	}
	if access.Staff(v.Viewer).Empty() {
		return fault.Forbidden
	}
	title := v.T("signup.people_title")
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)}, ui.Crumb{Label: title})...)
	parts := []templ.Component{notSignedUp(v)}
	if (!d.Manages || d.Retired(v.Today)) && !d.Bookable(v.Today) {
		p := Signup{Visit: v, d: d}
		if err := p.readLater(); err != nil {
			return err
		}
		lead := v.T("signup.people_lead", "Course", d.Course, "Label", d.Label, "Days", v.Lang.Days(d.FirstDay, d.LastDay))
		parts = append(parts, ui.PageHead{Title: title, Lead: lead}.View(v.Lang), p.closed())
		return v.Page(f, parts...)
	}
	c, err := pick(v, visit.RoundPath(d.ID, "signup"), d.CourseID, d.RegionID)
	if err != nil {
		return err
	}
	advice, err := seat.AdviceFor(v.Context(), v.Reader(), d.Round, c.ids(), v.Today)
	if err != nil {
		return err
	}
	meanwhile, err := round.Meanwhiles(v.Context(), v.Reader(), v.Viewer, d.ID, c.ids())
	if err != nil {
		return err
	}
	queue, err := seat.Queue(v.Context(), v.Reader(), v.Viewer, d.Round)
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
	lead := v.T("signup.people_lead", "Course", d.Course, "Label", d.Label, "Days", v.Lang.Days(d.FirstDay, d.LastDay)) + " " +
		v.T("round.free", "Count", d.Free())
	if d.Waiting > 0 {
		lead += ", " + v.T("signup.count_waiting", "Count", d.Waiting)
	}
	lead += "."
	parts = append(parts, ui.PageHead{Title: title, Lead: lead}.View(v.Lang))
	t := c.table(v.T("signup.people_caption"), in, func(id int64) string {
		var words []string
		if advice[id].Any() {
			words = append(words, adviceWords(v, advice[id]))
		}
		if also := meanwhileWords(v, meanwhile[id]); also != "" {
			words = append(words, v.T("signup.meanwhile_same", "Words", also))
		}
		return strings.Join(words, " ")
	})
	together := ui.Field{Input: ui.CheckInput, Name: "together", Label: v.T("signup.together"), Value: v.Typed("together", "")}
	return v.Page(f, append(parts, c.form(visit.RoundPath(d.ID, "enrolments"), v.T("signup.people_button"), t, in, together.View(v.Lang)))...)
}

// refusedField goes with the form that is shown again when some were signed up and
// others not: a line for each of those, in words.
const refusedField = "not_signed_up"

// noteRefused leaves in the form who was not signed up, and why. Whom the visitor
// may not see is not named.
func noteRefused(v *visit.Visit, refused []seat.Result) error {
	var lines []string
	for _, r := range refused {
		name := v.T("signup.somebody")
		p, err := people.Get(v.Context(), v.Reader(), v.Viewer, r.PersonID, v.Today)
		switch {
		case err == nil:
			name = p.Name()
		case fault.Of(err) == nil:
			return err
		}
		lines = append(lines, name+": "+v.T(r.Fault.Key, r.Fault.Args...))
	}
	v.PostForm[refusedField] = lines
	return nil
}

// notSignedUp names those of the last try who were refused, and why.
func notSignedUp(v *visit.Visit) templ.Component {
	lines := v.PostForm[refusedField]
	if !v.Sent || v.Refused != nil || len(lines) == 0 {
		return templ.NopComponent
	}
	return ui.Notice{Tone: ui.Caution, Title: v.T("signup.some_refused", "Count", len(lines)), Text: strings.Join(lines, " ")}.View(v.Lang)
}
