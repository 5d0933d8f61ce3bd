package retirement

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// mostRounds is how many of the promised rounds are named; all are counted.
const mostRounds = 50

// Course asks from which day the course is to be retired, then shows what that touches
// and asks why; of a retired course it shows the same, and how to undo it.
func Course(v *visit.Visit) error {
	p, err := opened(v)
	if err != nil {
		return err
	}
	r, err := lifetime.RetirementOf(v.Context(), v.Reader(), p.course.ID)
	if err != nil {
		return err
	}
	if r != nil {
		return p.retired(*r)
	}
	title := p.T("lifetime.retire_title")
	from := v.URL.Query().Get("from")
	if v.Sent {
		from = v.PostForm.Get("from")
	}
	day, err := clock.ParseDay(from)
	chosen := err == nil && day >= v.Today
	wrong := v.Wrong("from")
	if from != "" && !chosen && wrong == "" {
		wrong = p.T("lifetime.day_past")
	}
	ask := ui.Filter{
		Label: p.T("lifetime.choose_day"), Action: p.path("retirement"), Submit: p.T("lifetime.show"),
		Fields: []ui.Field{{Input: ui.DateInput, Name: "from", Label: p.T("lifetime.from"), Hint: p.T("lifetime.from_hint"), Value: from, Error: wrong}},
	}
	parts := []templ.Component{ui.PageHead{Title: title, Lead: p.T("lifetime.retire_lead")}.View(v.Lang), ask.View(v.Lang)}
	if !chosen {
		return v.Page(p.frame(title), append(parts, ui.Section("means", p.T("lifetime.means"), p.means()...))...)
	}
	touches, err := p.promises(day)
	if err != nil {
		return err
	}
	form := ui.Form(p.path("retirement"), p.T("lifetime.retire", "Day", day), []ui.Hidden{{Name: "from", Value: day.String()}}, p.reason("lifetime.retire_reason_hint"))
	form.Kind, form.Cancel = ui.Danger, p.path()
	parts = append(parts, touches...)
	return v.Page(p.frame(title), append(parts, ui.Section("means", p.T("lifetime.means"), p.means()...), ui.Section("form", p.T("lifetime.decide"), form.View(v.Lang)))...)
}

// means is what retiring a course means, in words.
func (p page) means() (all []templ.Component) {
	for _, key := range []string{"means_new", "means_promised", "means_begun", "means_done", "means_figures", "means_undo"} {
		all = append(all, ui.Paragraph(p.T("lifetime."+key)))
	}
	return all
}

// retired is the page of a course that is retired, or will be.
func (p page) retired(r lifetime.Retirement) error {
	by, err := p.told(r.By)
	if err != nil {
		return err
	}
	touches, err := p.promises(max(r.From, p.Today))
	if err != nil {
		return err
	}
	title := p.since(r)
	undo, help := p.T("lifetime.take_back"), p.T("lifetime.take_back_help")
	if r.On(p.Today) {
		undo, help = p.T("lifetime.take_up"), p.T("lifetime.take_up_help")
	}
	parts := []templ.Component{ui.PageHead{Title: title, Lead: p.T("lifetime.told_by", "Name", by)}.View(p.Lang), ui.Summary{{Term: p.T("lifetime.why"), Value: r.Reason}}.View(p.Lang)}
	parts = append(parts, touches...)
	return p.Page(p.frame(title), append(parts,
		ui.Section("means", p.T("lifetime.means"), p.means()...),
		ui.Section("undo", undo, ui.Paragraph(help), ui.Action{Label: undo, Href: p.path("retirement", "removal"), Post: true}.View(p.Lang)))...)
}

// promises is what stands from the day on though the course ends: in numbers, and round
// by round.
func (p page) promises(from clock.Day) ([]templ.Component, error) {
	promised, err := round.PromisedFrom(p.Context(), p.Reader(), p.Viewer, p.course.ID, 0, from)
	if err != nil {
		return nil, err
	}
	underWay, err := learning.UnderWay(p.Context(), p.Reader(), p.Viewer, p.course)
	if err != nil {
		return nil, err
	}
	begun := 0
	for _, n := range underWay {
		begun += n
	}
	number := func(key string, n int) ui.Fact {
		return ui.Fact{Term: p.T("lifetime.count_" + key), Value: p.Lang.Number(int64(n))}
	}
	facts := ui.Summary{number("begun", begun), number("rounds", len(promised.Rounds))}
	if len(promised.Rounds) > 0 {
		facts = append(facts, number("days", promised.Days()), number("seats", promised.Seats()))
	}
	for _, more := range []ui.Fact{number("waiting", promised.Waiting()), number("plans", promised.Plans), number("wishes", promised.Wishes)} {
		if more.Value != p.Lang.Number(0) {
			facts = append(facts, more)
		}
	}
	parts := []templ.Component{facts.View(p.Lang)}
	if len(promised.Rounds) > 0 {
		t := ui.Table{
			ID: "rounds", Caption: p.T("lifetime.rounds", "Day", from), Dense: true,
			Columns: []ui.Column{
				{Label: p.T("lifetime.giver")}, {Label: p.T("lifetime.round")}, {Label: p.T("lifetime.when"), Keep: true},
				{Label: p.T("lifetime.days"), Numeric: true}, {Label: p.T("lifetime.seats"), Numeric: true},
			},
		}
		for _, r := range promised.Rounds[:min(mostRounds, len(promised.Rounds))] {
			name := ui.Text(r.Label)
			if r.Seen {
				name = ui.Link(r.Label, visit.RoundPath(r.ID))
			}
			giver := r.Giver
			if giver == "" {
				giver = p.T("lifetime.national")
			}
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(giver), name, ui.Text(p.Lang.Days(r.FirstDay, r.LastDay)), p.NumberCell(r.Days), p.NumberCell(r.Seats)}})
		}
		if more := len(promised.Rounds) - mostRounds; more > 0 {
			t.Note = p.T("lifetime.more_rounds", "Count", more)
		}
		parts = append(parts, ui.Notice{Tone: ui.Info, Title: p.T("lifetime.held"), Text: p.T("lifetime.held_help")}.View(p.Lang), p.Table(t))
	}
	return []templ.Component{ui.Section("touches", p.T("lifetime.touches_from", "Day", from), parts...)}, nil
}

// Retire retires the course.
func Retire(v *visit.Visit) error {
	p, err := opened(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	from := v.FormDay(&checks, "from")
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return lifetime.Retire(v.Context(), tx, v.Viewer, p.course.ID, from, v.PostForm.Get("reason"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path(), "notice.course_retired", "Day", v.Lang.Day(from))
}

// TakeUp undoes the course's retirement.
func TakeUp(v *visit.Visit) error {
	p, err := opened(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return lifetime.TakeUp(v.Context(), tx, v.Viewer, p.course.ID, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path(), "notice.course_taken_up")
}
