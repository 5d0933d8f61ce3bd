package trainers

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// staffing is the page on which those who manage a round see to it that a day
// has its trainers.
type staffing struct {
	*visit.Visit
	d       round.Detail
	day     round.Day
	replace int64 // whom to replace, 0: nobody is being
}

// managedDay is the course day in the address, for those who manage its round.
func managedDay(v *visit.Visit) (*staffing, error) {
	id, err := v.ID("day")
	if err != nil {
		return nil, err
	}
	d, day, err := round.OfDay(v.Context(), v.Reader(), v.Viewer, id)
	if err == nil && !d.Manages {
		err = fault.NotFound
	}
	return &staffing{Visit: v, d: d, day: day}, err
}

func Staffing(v *visit.Visit) error {
	p, err := managedDay(v)
	if err != nil {
		return err
	}
	if p.d.Local() {
		return v.Redirect(visit.RoundPath(p.d.ID, "edit"), "") // who leads it stands in its plan
	}
	p.replace = v.NumberID("replace")
	d, day := p.d, p.day
	title := p.T("trainer.staffing.title", "Day", p.Lang.ShortDay(day.Day))
	f := p.Frame(title, p.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)}, ui.Crumb{Label: p.T("round.trainers")})...)
	lead := d.Course + ", " + d.Label + ", " + p.Lang.Hours(visit.Minutes(day.Starts), visit.Minutes(day.Ends))
	if day.Place != "" {
		lead += ", " + day.Place
	}
	shown := []templ.Component{ui.PageHead{Title: title, Lead: lead}.View(p.Lang)}
	if planning.Lacks(day) != planning.LacksNothing && !p.over() {
		shown = append(shown, ui.Notice{Tone: ui.Caution, Title: p.T("trainer.staffing.to_mend"), Text: p.T(planning.Lacks(day).Key())}.View(p.Lang))
	}
	taken, err := trainer.Engagements(p.Context(), p.Reader(), p.Viewer, d.RegionID, day.Day, day.ID)
	if err != nil {
		return err
	}
	team, err := p.table(taken)
	if err != nil {
		return err
	}
	candidates, err := p.candidates(taken)
	if err != nil {
		return err
	}
	shown = append(shown, ui.Section("team", p.T("round.trainers"), team.View(p.Lang)))
	if d.CancelledAt == nil {
		shown = append(shown, p.replacement(candidates))
	}
	if !p.over() && p.replace == 0 { // one form at a time
		shown = append(shown, p.question(candidates))
	}
	return p.Page(f, shown...)
}

// change carries out a form of the page.
func (p *staffing) change(notice string, do func(tx *db.Tx) error) error {
	err := p.Write(func(tx *db.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return letter.After(p.Context(), tx, p.d.ID, p.Now)
	})
	if err != nil {
		return err
	}
	return p.Redirect(visit.DayPath(p.day.ID, "trainers"), notice)
}

func AskTrainer(v *visit.Visit) error {
	p, err := managedDay(v)
	if err != nil {
		return err
	}
	return p.change("notice.trainer_asked", func(tx *db.Tx) error {
		return planning.AskTrainer(v.Context(), tx, v.Viewer, p.day.ID, v.NumberID("person"), trainer.Role(v.PostForm.Get("role")), v.Now)
	})
}

func ReplaceTrainer(v *visit.Visit) error {
	p, err := managedDay(v)
	if err != nil {
		return err
	}
	p.replace = v.NumberID("replace")
	return p.change("notice.trainer_replaced", func(tx *db.Tx) error {
		return planning.ReplaceTrainer(v.Context(), tx, v.Viewer, planning.Replacement{
			DayID: p.day.ID, PersonID: p.replace, Other: v.NumberID("person"), Agreed: v.PostForm.Get("agreed") == "on", Reason: v.PostForm.Get("reason"),
		}, v.Now)
	})
}

func RemoveTrainer(v *visit.Visit) error {
	p, err := managedDay(v)
	if err != nil {
		return err
	}
	return p.change("notice.trainer_removed", func(tx *db.Tx) error {
		return planning.RemoveTrainer(v.Context(), tx, v.Viewer, p.day.ID, v.NumberID("person"), "", v.Now)
	})
}

// over tells whether there is nobody to ask any more.
func (p *staffing) over() bool {
	return p.day.HeldAt != nil || p.day.Day < p.Today || p.d.CancelledAt != nil
}

// everybody are the day's trainers, and those who said no.
func (p *staffing) everybody() []round.Trainer {
	return append(slices.Clone(p.day.Trainers), p.day.Declined...)
}

func (p *staffing) table(taken map[int64][]trainer.Engagement) (ui.Table, error) {
	t := ui.Table{
		ID: "team-table", Caption: p.T("round.trainers"), QuietTitle: true,
		Columns: []ui.Column{{Label: p.T("round.name")}, {Label: p.T("trainer.role")}, {Label: p.T("trainer.standing")}, {Label: p.T("trainer.staffing.change"), Action: true}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: p.T("trainer.staffing.none"), Text: p.T("trainer.staffing.none_help")},
	}
	payees, err := trainer.Payees(p.Context(), p.Reader(), p.Viewer, p.day.ID)
	if err != nil {
		return t, err
	}
	notes, err := planning.Notes(p.Context(), p.Reader(), p.Viewer, p.d)
	if err != nil {
		return t, err
	}
	for _, tr := range p.everybody() {
		tag := standingTag(p.Visit, planning.Standing(tr))
		note := ""
		switch planning.Standing(tr) {
		case trainer.HasDeclined:
			note = notes[p.day.ID][tr.PersonID]
		case trainer.WasAsked:
			note = p.T("trainer.staffing.asked_on", "Day", p.Lang.TinyDay(tr.AskedAt.Day()))
		case trainer.WasPlanned, trainer.HasAccepted:
		}
		// What came up since: an absence, another day, a meeting.
		if since := taken[tr.PersonID]; len(since) > 0 && planning.Standing(tr) != trainer.HasDeclined && !p.over() {
			if note != "" {
				note += ". "
			}
			note += p.T("trainer.staffing.that_day", "What", availability(p.Visit, since))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: tr.Name, Note: employerWords(p.Visit, tr)}, ui.Text(p.T(tr.Role.Key())),
			{Slot: tagged(p.Visit, tag, note)}, {Slot: ui.Buttons(p.Lang, append(p.actions(tr), p.payeesOf(tr, payees)...))},
		}})
	}
	return t, nil
}

func (p *staffing) actions(t round.Trainer) []ui.Action {
	if p.d.CancelledAt != nil {
		return nil
	}
	path := visit.DayPath(p.day.ID, "trainers")
	actions := []ui.Action{{Label: p.T("trainer.staffing.replace"), About: t.Name, Href: path + "?replace=" + visit.ID(t.PersonID) + "#replacement", Kind: ui.Secondary, Small: true}}
	if p.over() {
		return actions
	}
	if planning.Standing(t) == trainer.WasPlanned {
		actions = append(actions, ui.Action{
			Label: p.T("trainer.staffing.ask_short"), About: t.Name, Href: path, Kind: ui.Secondary, Small: true, Post: true,
			Hidden: []ui.Hidden{{Name: "person", Value: visit.ID(t.PersonID)}, {Name: "role", Value: string(t.Role)}},
		})
	}
	return append(actions, ui.Action{
		Label: p.T("trainer.staffing.remove"), About: t.Name, Href: visit.DayPath(p.day.ID, "trainers", "removal"), Kind: ui.Secondary, Small: true, Post: true,
		Hidden: []ui.Hidden{{Name: "person", Value: visit.ID(t.PersonID)}},
	})
}

// payeesOf are the buttons by which another of a trainer's employers is paid.
func (p *staffing) payeesOf(t round.Trainer, all []trainer.Payee) (actions []ui.Action) {
	for _, e := range all {
		if e.PersonID == t.PersonID && !e.Paid && p.d.CancelledAt == nil {
			actions = append(actions, ui.Action{
				Label: p.T("trainer.staffing.pay", "Employer", e.Name), About: t.Name, Href: visit.DayPath(p.day.ID, "trainers", "payee"), Kind: ui.Secondary, Small: true, Post: true,
				Hidden: []ui.Hidden{{Name: "person", Value: visit.ID(t.PersonID)}, {Name: "employer", Value: visit.ID(e.EmployerID)}},
			})
		}
	}
	return actions
}

// PayEmployer says which of a trainer's employers is paid for the day.
func PayEmployer(v *visit.Visit) error {
	p, err := managedDay(v)
	if err != nil {
		return err
	}
	return p.change("notice.payee_set", func(tx *db.Tx) error {
		return trainer.Pay(v.Context(), tx, v.Viewer, p.day.ID, v.NumberID("person"), v.NumberID("employer"))
	})
}

// employerWords is where a trainer is employed.
func employerWords(v *visit.Visit, t round.Trainer) string {
	if t.RSS {
		return v.T("round.rss")
	}
	return t.Municipality
}

// candidates are those who can be put on the day, each with what one needs to
// know in order to choose.
func (p *staffing) candidates(taken map[int64][]trainer.Engagement) ([]ui.Option, error) {
	all, err := planning.Candidates(p.Context(), p.Reader(), p.Viewer, p.d.CourseID, p.d.RegionID, p.day.Day)
	if err != nil {
		return nil, err
	}
	loads, term := map[int64]trainer.Load{}, trainer.TermOf(p.day.Day)
	if p.d.RegionID != 0 {
		if loads, err = trainer.Loads(p.Context(), p.Reader(), p.Viewer, p.d.RegionID, term); err != nil {
			return nil, err
		}
	}
	options := []ui.Option{{Label: p.T("trainer.staffing.choose")}}
	for _, c := range all {
		if slices.ContainsFunc(p.day.Trainers, func(t round.Trainer) bool { return t.PersonID == c.PersonID }) {
			continue
		}
		words := c.Name
		if c.Municipality != "" {
			words += ", " + c.Municipality
		}
		switch {
		case c.Ready:
			words += ", " + p.T("trainer.staffing.ready")
		case c.InTeam:
			words += ", " + p.T("trainer.staffing.not_ready")
		default:
			words += ", " + p.T("trainer.staffing.other_team")
		}
		words += ", " + availability(p.Visit, taken[c.PersonID])
		if l, ok := loads[c.PersonID]; ok {
			words += ", " + p.T("trainer.staffing.load", "Count", l.Days, "Term", termName(p.Visit, term))
		}
		options = append(options, ui.Option{Value: visit.ID(c.PersonID), Label: words})
	}
	return options, nil
}

// availability is what takes somebody's day, in words.
func availability(v *visit.Visit, taken []trainer.Engagement) string {
	if len(taken) == 0 {
		return v.T("trainer.free")
	}
	words := v.T(taken[0].Kind.Key())
	if taken[0].What != "" {
		words += " (" + taken[0].What + ")"
	}
	return words
}

func (p *staffing) question(candidates []ui.Option) templ.Component {
	role := p.Typed("role", "")
	if role == "" {
		role = string(trainer.Assistant)
		if !slices.ContainsFunc(p.day.Trainers, func(t round.Trainer) bool { return t.Role == trainer.Lead }) {
			role = string(trainer.Lead)
		}
	}
	sheet := ui.Form(visit.DayPath(p.day.ID, "trainers"), p.T("trainer.staffing.ask"), nil,
		ui.Field{Input: ui.SelectInput, Name: "person", Label: p.T("trainer.staffing.whom"), Options: candidates, Value: p.Typed("person", ""), Error: p.Wrong("person")},
		ui.Field{Input: ui.RadioInput, Name: "role", Label: p.T("trainer.role"), Value: role, Error: p.Wrong("role"), Options: []ui.Option{
			{Value: string(trainer.Lead), Label: p.T(trainer.Lead.Key())}, {Value: string(trainer.Assistant), Label: p.T(trainer.Assistant.Key())},
		}},
	)
	return ui.Section("ask", p.T("trainer.staffing.ask_title"), ui.Paragraph(p.T("trainer.staffing.ask_help")), sheet.View(p.Lang))
}

func (p *staffing) replacement(candidates []ui.Option) templ.Component {
	at := slices.IndexFunc(p.everybody(), func(t round.Trainer) bool { return t.PersonID == p.replace })
	if p.replace == 0 || at < 0 {
		return templ.NopComponent
	}
	old := p.everybody()[at]
	other := ui.Field{Input: ui.SelectInput, Name: "person", Label: p.T("trainer.staffing.instead"), Options: candidates, Value: p.Typed("person", ""), Error: p.Wrong("person")}
	reason := ui.Field{Name: "reason", Label: p.T("round.reason"), Hint: p.T("trainer.staffing.reason_hint"), Value: p.Typed("reason", ""), Error: p.Wrong("reason")}
	fields := []ui.Field{other, reason}
	p.NameErrors(visit.Labelled(fields...))
	if !p.over() {
		fields = append(fields, ui.Field{Input: ui.CheckInput, Name: "agreed", Label: p.T("trainer.staffing.agreed"), Value: p.Typed("agreed", "")})
	}
	sheet := ui.Form(visit.DayPath(p.day.ID, "trainers", "replacement"), p.T("trainer.staffing.replace_do"), []ui.Hidden{{Name: "replace", Value: visit.ID(old.PersonID)}}, fields...)
	sheet.Cancel = visit.DayPath(p.day.ID, "trainers")
	return ui.Section("replacement", p.T("trainer.staffing.replace_title", "Name", old.Name, "Role", p.T(old.Role.Key())), ui.Paragraph(p.T("trainer.staffing.replace_help")), sheet.View(p.Lang))
}
