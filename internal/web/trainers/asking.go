package trainers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// asking is the page on which trainers are asked for all days of a round at once.
type asking struct {
	*visit.Visit
	d         round.Detail
	ahead     []round.Day // days for which there is somebody to ask
	everybody bool        // other courses' teams are shown, too

	candidates []planning.Candidate
	meanwhile  map[int64][]round.Meanwhile
	away       map[int64]map[clock.Day]bool
	notes      map[int64]map[int64]string // what they wrote when they declined, by day and person
}

func managedAsking(v *visit.Visit) (*asking, error) {
	d, err := v.ManagedRound()
	p := &asking{Visit: v, d: d, everybody: v.URL.Query().Get("teams") == "all"}
	for _, day := range d.CourseDays {
		if day.HeldAt == nil && day.Day >= v.Today && d.CancelledAt == nil {
			p.ahead = append(p.ahead, day)
		}
	}
	return p, err
}

// Asking is who has answered what for the days of a round, and whom to ask for which.
func Asking(v *visit.Visit) error {
	p, err := managedAsking(v)
	if err != nil {
		return err
	}
	d := p.d
	if d.Local() {
		return v.Redirect(visit.RoundPath(d.ID, "edit"), "") // who leads it stands in its plan
	}
	if err := p.read(); err != nil {
		return err
	}
	title := p.T("trainer.asking.title")
	f := p.Frame(title, p.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)}, ui.Crumb{Label: p.T("round.trainers")})...)
	shown := []templ.Component{
		ui.PageHead{Title: title, Lead: d.Course + ", " + d.Label + ", " + p.Lang.Days(d.FirstDay, d.LastDay)}.View(p.Lang),
		ui.Section("answers", p.T("trainer.asking.answers"), p.answers().View(p.Lang)),
	}
	if len(p.ahead) == 0 {
		return p.Page(f, append(shown, ui.Section("ask", p.T("trainer.asking.ask"), ui.Paragraph(p.T("trainer.asking.over"))))...)
	}
	return p.Page(f, append(shown, ui.Section("ask", p.T("trainer.asking.ask"), ui.Paragraph(p.T("trainer.asking.help")), p.form()))...)
}

func (p *asking) read() (err error) {
	if p.candidates, err = planning.Candidates(p.Context(), p.Reader(), p.Viewer, p.d.CourseID, p.d.RegionID, p.d.FirstDay); err != nil {
		return err
	}
	if !p.everybody {
		p.candidates = slices.DeleteFunc(p.candidates, func(c planning.Candidate) bool { return !c.InTeam && !p.on(c.PersonID) })
	}
	var ids []int64
	for _, c := range p.candidates {
		ids = append(ids, c.PersonID)
	}
	var days []clock.Day
	for _, day := range p.ahead {
		days = append(days, day.Day)
	}
	if p.meanwhile, err = round.Meanwhiles(p.Context(), p.Reader(), p.Viewer, p.d.ID, ids); err != nil {
		return err
	}
	if p.away, err = trainer.AwayOn(p.Context(), p.Reader(), p.Viewer, ids, days); err != nil {
		return err
	}
	p.notes, err = planning.Notes(p.Context(), p.Reader(), p.Viewer, p.d)
	return err
}

// on tells whether the person is on one of the round's days, or said no to one.
func (p *asking) on(person int64) bool {
	return slices.ContainsFunc(p.d.CourseDays, func(day round.Day) bool { return onDay(day, person) != nil })
}

// onDay is the person among those of the day, also who said no; nil for others.
func onDay(day round.Day, person int64) *round.Trainer {
	for _, t := range slices.Concat(day.Trainers, day.Declined) {
		if t.PersonID == person {
			return &t
		}
	}
	return nil
}

func (p *asking) dayColumns(days []round.Day) []ui.Column {
	columns := []ui.Column{{Label: p.T("round.name")}}
	for _, day := range days {
		columns = append(columns, ui.Column{Label: p.Lang.ShortDay(day.Day), Keep: true})
	}
	return columns
}

// answers are those who are on the days, with what each has said.
func (p *asking) answers() ui.Table {
	t := ui.Table{
		ID: "answers-table", Caption: p.T("trainer.asking.answers"), QuietTitle: true, Columns: p.dayColumns(p.d.CourseDays),
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: p.T("trainer.asking.none"), Text: p.T("trainer.staffing.none_help")},
	}
	var all []round.Trainer
	for _, day := range p.d.CourseDays {
		for _, tr := range slices.Concat(day.Trainers, day.Declined) {
			if !slices.ContainsFunc(all, func(o round.Trainer) bool { return o.PersonID == tr.PersonID }) {
				all = append(all, tr)
			}
		}
	}
	for _, tr := range all {
		cells := []ui.Cell{{Text: tr.Name, Note: employerWords(p.Visit, tr)}}
		for _, day := range p.d.CourseDays {
			on := onDay(day, tr.PersonID)
			if on == nil {
				cells = append(cells, ui.Text(""))
				continue
			}
			note := p.T(on.Role.Key())
			if why := p.notes[day.ID][tr.PersonID]; why != "" && planning.Standing(*on) == trainer.HasDeclined {
				note = why
			}
			cells = append(cells, ui.Cell{Slot: tagged(p.Visit, standingTag(p.Visit, planning.Standing(*on)), note)})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	lacking, cells := false, []ui.Cell{ui.Text(p.T("trainer.asking.lacks"))}
	for _, day := range p.d.CourseDays {
		words := ""
		if lack := planning.Lacks(day); lack != planning.LacksNothing && day.HeldAt == nil {
			words, lacking = p.T(lack.Key()), true
		}
		cells = append(cells, ui.Text(words))
	}
	if lacking && len(t.Rows) > 0 {
		t.Total = cells
	}
	return t
}

// askedAs is how a tick names its day and person.
func askedAs(day, person int64) string { return fmt.Sprintf("%d-%d", day, person) }

// form has a tick for each person and day that can be asked.
func (p *asking) form() templ.Component {
	t := ui.Table{
		ID: "ask-table", Caption: p.T("trainer.asking.ask"), QuietTitle: true,
		Columns: slices.Insert(p.dayColumns(p.ahead), 1, ui.Column{Label: p.T("trainer.role")}),
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: p.T("trainer.asking.no_team")},
	}
	for _, c := range p.candidates {
		who := c.Municipality
		switch {
		case !c.InTeam:
			who = strings.TrimPrefix(who+", "+p.T("trainer.staffing.other_team"), ", ")
		case !c.Ready:
			who = strings.TrimPrefix(who+", "+p.T("trainer.staffing.not_ready"), ", ")
		}
		role := ui.Field{
			Input: ui.SelectInput, Name: "role." + visit.ID(c.PersonID), Label: p.T("trainer.role"), Hint: c.Name,
			Value: p.Typed("role."+visit.ID(c.PersonID), string(p.roleOf(c.PersonID))),
			Options: []ui.Option{
				{Value: string(trainer.Assistant), Label: p.T(trainer.Assistant.Key())}, {Value: string(trainer.Lead), Label: p.T(trainer.Lead.Key())},
			},
		}
		cells := []ui.Cell{{Text: c.Name, Note: who}, {Slot: roleChoice(role)}}
		for _, day := range p.ahead {
			cells = append(cells, ui.Cell{Slot: p.tick(c, day)})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	other := ui.Action{Label: p.T("trainer.asking.all_teams"), Href: visit.RoundPath(p.d.ID, "trainers") + "?teams=all#ask"}
	if p.everybody {
		other = ui.Action{Label: p.T("trainer.asking.own_team"), Href: visit.RoundPath(p.d.ID, "trainers") + "#ask"}
	}
	path := visit.RoundPath(p.d.ID, "trainers")
	if p.everybody {
		path += "?teams=all"
	}
	return askForm(p.Visit, path, p.Wrong("ask"), t, other)
}

// roleOf is what the person is on another day of the round; a trainer unless told.
func (p *asking) roleOf(person int64) trainer.Role {
	for _, day := range p.d.CourseDays {
		if on := onDay(day, person); on != nil {
			return on.Role
		}
	}
	return trainer.Assistant
}

// tick is the choice to ask the person for the day, with where they stand and what
// else they have then.
func (p *asking) tick(c planning.Candidate, day round.Day) templ.Component {
	on := onDay(day, c.PersonID)
	var tag *ui.Tag
	if on != nil {
		word := standingTag(p.Visit, planning.Standing(*on))
		if tag = &word; planning.Standing(*on) == trainer.WasAsked || planning.Standing(*on) == trainer.HasAccepted {
			return tagged(p.Visit, *tag, "")
		}
	}
	name := askedAs(day.ID, c.PersonID)
	var notes []string
	if p.away[c.PersonID][day.Day] {
		notes = append(notes, p.T("trainer.asking.away"))
	}
	for _, m := range p.meanwhile[c.PersonID] {
		if m.Day != day.Day || m.Starts >= day.Ends || day.Starts >= m.Ends {
			continue
		}
		hours := p.Lang.Hours(visit.Minutes(m.Starts), visit.Minutes(m.Ends))
		what := m.What
		if what == "" {
			what = p.T("signup.meanwhile_elsewhere")
		}
		notes = append(notes, p.T("trainer.asking.has_"+string(m.Kind), "What", what, "Hours", hours))
	}
	return tickBox(p.Visit, name, c.Name+", "+p.Lang.ShortDay(day.Day), slices.Contains(p.PostForm["ask"], name), tag, notes)
}

// AskForDays asks all who are ticked.
func AskForDays(v *visit.Visit) error {
	p, err := managedAsking(v)
	if err != nil {
		return err
	}
	var asks []planning.Ask
	for _, each := range v.PostForm["ask"] {
		day, person, _ := strings.Cut(each, "-")
		a := planning.Ask{Role: trainer.Role(v.PostForm.Get("role." + person))}
		a.DayID, _ = strconv.ParseInt(day, 10, 64) // 0: no such day
		a.PersonID, _ = strconv.ParseInt(person, 10, 64)
		asks = append(asks, a)
	}
	asked := 0
	err = v.WriteRound(p.d.ID, func(tx *db.Tx) (err error) {
		asked, err = planning.AskTrainers(v.Context(), tx, v.Viewer, p.d.ID, asks, v.Now)
		return err
	})
	if err != nil {
		return err
	}
	return v.Redirect(visit.RoundPath(p.d.ID, "trainers"), "notice.trainers_asked", "Count", strconv.Itoa(asked))
}

// AnswerRound is the trainer's answer to all days of a round that wait for it.
func AnswerRound(v *visit.Visit) error {
	id, err := v.ID("round")
	if err != nil {
		return err
	}
	answered, a := 0, trainer.Answer(v.PostForm.Get("answer"))
	err = v.WriteRound(id, func(tx *db.Tx) (err error) {
		answered, err = planning.AnswerRound(v.Context(), tx, v.Viewer, id, a, v.PostForm.Get("note"), v.Now)
		return err
	})
	if err != nil {
		return err
	}
	notice := "notice.days_accepted"
	if a == trainer.Declined {
		notice = "notice.days_declined"
	}
	return v.Redirect(visit.MyDaysPath, notice, "Count", strconv.Itoa(answered))
}

// askedRounds are rounds of which several days wait for an answer: one answers for all
// of them, or day by day beneath.
func askedRounds(v *visit.Visit, days []trainer.Day) templ.Component {
	count, latest := map[int64]int{}, map[int64]trainer.Day{}
	var order []int64
	for _, d := range days {
		if count[d.RoundID]++; count[d.RoundID] == 1 {
			order = append(order, d.RoundID)
		}
		latest[d.RoundID] = d
	}
	var shown []templ.Component
	for _, id := range order {
		if count[id] < 2 {
			continue
		}
		words := v.T("trainer.asking.all_of", "Course", latest[id].Course, "Round", latest[id].Round, "Count", count[id])
		shown = append(shown, answerAll(v, visit.MyRoundAnswerPath(id), words))
	}
	return templ.Join(shown...)
}
