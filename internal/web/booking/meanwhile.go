package booking

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// meanwhileWords say what else somebody has at those hours; empty when nothing.
func meanwhileWords(v *visit.Visit, all []round.Meanwhile) string {
	var words []string
	for _, m := range all {
		what := m.What
		if what == "" {
			what = v.T("signup.meanwhile_elsewhere")
		}
		words = append(words, v.T(m.Kind.Key(), "What", what, "When", v.Lang.DayHours(m.Day, visit.Minutes(m.Starts), visit.Minutes(m.Ends))))
	}
	return strings.Join(words, " ")
}

// meanwhileElsewhere says what else the person has at the hours of the round, but for
// what they have in the other one, from which they move; empty when nothing.
func meanwhileElsewhere(v *visit.Visit, roundID, other, person int64) (string, error) {
	all, err := round.Meanwhiles(v.Context(), v.Reader(), v.Viewer, roundID, []int64{person})
	words := meanwhileWords(v, slices.DeleteFunc(all[person], func(m round.Meanwhile) bool { return m.RoundID == other && m.Kind == round.HasSeat }))
	if words != "" {
		words = v.T("signup.meanwhile_same", "Words", words)
	}
	return words, err
}

// readMeanwhile reads what else those have at the hours of the round whom the
// visitor sees here and answers for: oneself, one's people, all in a round that one
// manages.
func (p *Signup) readMeanwhile() (err error) {
	d := p.d
	if d.CancelledAt != nil || d.LastDay < p.Today {
		return nil
	}
	persons := []int64{p.Viewer.PersonID}
	staff := access.Staff(p.Viewer)
	theirs := func(person, municipality int64) {
		if person != p.Viewer.PersonID && (d.Manages || staff.Covers(access.Place{RegionID: d.RegionID, MunicipalityID: municipality}) || !d.Teaches && !staff.Empty()) {
			persons = append(persons, person)
		}
	}
	for _, e := range d.Enrolments {
		theirs(e.PersonID, e.MunicipalityID)
	}
	for _, e := range p.queue {
		theirs(e.PersonID, e.MunicipalityID)
	}
	p.meanwhile, err = round.Meanwhiles(p.Context(), p.Reader(), p.Viewer, d.ID, persons)
	return err
}

// Meanwhile is what else the person has at the hours of the round, in words; empty
// when nothing, and for those who do not answer for them.
func (p *Signup) Meanwhile(personID int64) string {
	if words := meanwhileWords(p.Visit, p.meanwhile[personID]); words != "" {
		return p.T("signup.meanwhile_same", "Words", words)
	}
	return ""
}

// OwnMeanwhile tells the visitor what else they have at the hours of the round that
// they want to come to, or come to: they may go on.
func (p *Signup) OwnMeanwhile(anyway string) templ.Component {
	words := meanwhileWords(p.Visit, p.meanwhile[p.Viewer.PersonID])
	if words == "" {
		return templ.NopComponent
	}
	return ui.Notice{Tone: ui.Caution, Title: p.T("signup.meanwhile"), Text: words + " " + p.T(anyway)}.View(p.Lang)
}
