package trainers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catering"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/material"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/handouts"
	"yrkesresan/internal/web/meals"
	"yrkesresan/internal/web/persons"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// ownDay is a course day as its trainer meets it. mine is nil for a trainer of
// another of the round's days.
type ownDay struct {
	*visit.Visit
	d    round.Detail
	day  round.Day
	mine *round.Trainer
}

// ownDayInAddress is the day in the address, for those who hold a day of its
// round or were asked to; for others there is none.
func ownDayInAddress(v *visit.Visit) (ownDay, error) {
	id, err := v.ID("day")
	if err != nil {
		return ownDay{}, err
	}
	d, day, err := round.OfDay(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return ownDay{}, err
	}
	o := ownDay{Visit: v, d: d, day: day}
	for _, t := range append(append([]round.Trainer{}, day.Trainers...), day.Declined...) {
		if t.PersonID == v.Viewer.PersonID {
			o.mine = &t
		}
	}
	if o.mine == nil && !d.Teaches {
		return ownDay{}, fault.NotFound
	}
	return o, nil
}

// MyDay is what a trainer needs for a course day: when and where, the team and
// how to reach them, who comes, and how many eat what.
func MyDay(v *visit.Visit) error {
	o, err := ownDayInAddress(v)
	if err != nil {
		return err
	}
	d, day := o.d, o.day
	title := d.Course + ", " + o.Lang.ShortDay(day.Day)
	f := o.Frame(title, o.CrumbsOf(o.Server.Country[d.RegionID], ui.Crumb{Label: o.T("trainer.my_days.title"), Href: visit.MyDaysPath}, ui.Crumb{Label: title})...)
	head := ui.PageHead{Title: title, Lead: d.Label}
	if d.Days > 1 {
		head.Lead += ", " + o.T("trainer.my_days.day_n_of", "N", day.Ordinal, "All", d.Days)
	}
	if d.Teaches && d.CancelledAt == nil && day.Markable(o.Today) {
		head.Action = &ui.Action{Label: o.T("round.register_attendance"), Href: visit.DayPath(day.ID, "attendance")}
		if day.HeldAt != nil {
			head.Action.Label, head.Action.Kind = o.T("round.change_attendance"), ui.Secondary
		}
	}
	if d.Teaches && d.CancelledAt == nil {
		head.Others = append(head.Others, ui.Action{Label: o.T("together.screen"), Href: visit.DayPath(day.ID, "together"), Kind: ui.Secondary})
	}
	head.Others = append(head.Others, ui.Action{Label: o.T("trainer.my_days.see_round"), Href: visit.RoundPath(d.ID), Kind: ui.Secondary})
	shown := []templ.Component{head.View(o.Lang)}
	if d.CancelledAt != nil {
		shown = append(shown, ui.Notice{Tone: ui.Caution, Title: o.T("round.cancelled_on", "Day", d.CancelledAt.Day()), Text: o.T("round.cancel_reason", "Reason", d.CancelReason)}.View(o.Lang))
	}
	facts := o.facts()
	if !d.Teaches { // numbers help one to answer; names are for those who hold the day
		prepared, asked, err := attendance.Prepared(o.Context(), o.Reader(), d.Round)
		if err != nil {
			return err
		}
		facts = append(facts, ui.Fact{Term: o.T("round.participants"), Value: o.Lang.Number(int64(d.Seats))})
		if asked > 0 && d.CancelledAt == nil {
			facts = append(facts, ui.Fact{Term: o.T("trainer.my_days.prepared"), Value: o.T("trainer.my_days.prepared_some", "Some", prepared, "All", asked)})
		}
	}
	if d.Note != "" {
		facts = append(facts, ui.Fact{Term: o.T("round.note"), Value: d.Note})
	}
	shown = append(shown, o.question(), ui.Section("facts", o.T("trainer.my_days.facts"), facts.View(o.Lang)))
	asked := o.mine != nil && planning.Standing(*o.mine) == trainer.WasAsked
	if !d.Teaches && !asked {
		return o.Page(f, shown...)
	}
	team, err := o.team()
	if err != nil {
		return err
	}
	if !d.Teaches {
		return o.Page(f, append(shown, team)...)
	}
	who, err := o.participants()
	if err != nil {
		return err
	}
	papers, err := handouts.PapersOf(o.Visit, d.Round)
	if err != nil {
		return err
	}
	pack, err := handouts.PackLink(o.Visit, d.EditionID)
	if err != nil {
		return err
	}
	var toRead []templ.Component
	if lines := handouts.MaterialLines(o.Visit, papers, material.Trainers); len(lines) > 0 {
		toRead = append(toRead, ui.MaterialList(o.Lang, lines))
	}
	if pack != nil {
		toRead = append(toRead, pack)
	}
	if len(toRead) > 0 {
		shown = append(shown, ui.Section("material", o.T("trainer.my_days.material"), toRead...))
	}
	reflections, err := o.reflections()
	if err != nil {
		return err
	}
	return o.Page(f, append(shown, team, who, reflections)...)
}

// AnswerDay is the trainer's own answer.
func AnswerDay(v *visit.Visit) error {
	o, err := ownDayInAddress(v)
	if err != nil {
		return err
	}
	answer := trainer.Answer(v.PostForm.Get("answer"))
	err = v.Write(func(tx *db.Tx) error {
		if err := planning.AnswerDay(v.Context(), tx, v.Viewer, o.day.ID, answer, v.PostForm.Get("note"), v.Now); err != nil {
			return err
		}
		return letter.After(v.Context(), tx, o.d.ID, v.Now)
	})
	if err != nil {
		return err
	}
	notice := "notice.day_accepted"
	if answer == trainer.Declined {
		notice = "notice.day_declined"
	}
	return v.Redirect(visit.MyDaysPath, notice, "Course", o.d.Course, "Day", v.Lang.ShortDay(o.day.Day))
}

// question asks for the trainer's answer, or lets them change it.
func (o ownDay) question() templ.Component {
	if o.mine == nil || o.d.CancelledAt != nil || o.day.HeldAt != nil || o.day.Day < o.Today {
		return templ.NopComponent
	}
	path := visit.MyDayPath(o.day.ID, "answer")
	note := ui.Field{Name: "note", Label: o.T("trainer.my_days.note"), Hint: o.T("trainer.my_days.note_hint"), Optional: true, Value: o.Typed("note", ""), Error: o.Wrong("note")}
	o.NameErrors(visit.Labelled(note))
	if planning.Standing(*o.mine) == trainer.WasAsked {
		return ui.Section("question", o.T("trainer.my_days.question", "Role", strings.ToLower(o.T(o.mine.Role.Key()))), answerForm(o.Visit, path, note, ""))
	}
	now := o.mine.Answer
	if now == "" {
		now = trainer.Accepted // put on the day without being asked
	}
	return ui.Fold(o.T("trainer.my_days.change_answer"), answerForm(o.Visit, path, note, now))
}

func (o ownDay) facts() ui.Summary {
	facts := ui.Summary{{Term: o.T("round.hours"), Value: o.Lang.DayHours(o.day.Day, visit.Minutes(o.day.Starts), visit.Minutes(o.day.Ends))}}
	if o.day.Place != "" {
		facts = append(facts, ui.Fact{Term: o.T("round.place"), Value: o.day.Place})
	}
	if o.day.Link != "" {
		facts = append(facts, ui.Fact{Term: o.T("trainer.my_days.link"), Slot: ui.TextLink(o.day.Link, o.day.Link)})
	}
	if o.mine != nil {
		tag := standingTag(o.Visit, planning.Standing(*o.mine))
		facts = append(facts, ui.Fact{Term: o.T("trainer.my_days.role"), Value: o.T(o.mine.Role.Key())}, ui.Fact{Term: o.T("trainer.standing"), Slot: tag.View(o.Lang)})
	}
	return facts
}

// standingTag is where a trainer stands, as a word.
func standingTag(v *visit.Visit, s trainer.Standing) ui.Tag {
	tone := ui.Plain
	switch s {
	case trainer.WasAsked:
		tone = ui.Info
	case trainer.HasAccepted:
		tone = ui.Positive
	case trainer.HasDeclined:
		tone = ui.Caution
	case trainer.WasPlanned:
	}
	return ui.Tag{Word: v.T(s.Key()), Tone: tone}
}

// team are those who hold the day together.
func (o ownDay) team() (templ.Component, error) {
	contacts, err := trainer.Contacts(o.Context(), o.Reader(), o.Viewer, o.day.ID)
	if err != nil {
		return nil, err
	}
	t := ui.Table{
		ID: "team-table", Caption: o.T("trainer.my_days.team"), QuietTitle: true,
		Columns: []ui.Column{{Label: o.T("round.name")}, {Label: o.T("trainer.role")}, {Label: o.T("trainer.standing")}, {Label: o.T("trainer.my_days.email")}},
	}
	for _, c := range contacts {
		tag := standingTag(o.Visit, c.Standing)
		t.Rows = append(t.Rows, ui.Row{Current: c.PersonID == o.Viewer.PersonID, Cells: []ui.Cell{
			ui.Text(c.Name), ui.Text(o.T(c.Role.Key())), {Tag: &tag}, {Slot: mailTo(c.Email)},
		}})
	}
	return ui.Section("team", o.T("trainer.my_days.team"), t.View(o.Lang)), nil
}

// reflections are those that the round's participants share with its trainers:
// what they shared before they came to this round was for others.
func (o ownDay) reflections() (templ.Component, error) {
	d, err := round.Get(o.Context(), o.Reader(), o.Viewer, o.d.ID)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, e := range d.Enrolments {
		names[e.PersonID] = e.Name
	}
	since, err := seat.SeatedSince(o.Context(), o.Reader(), d.ID)
	if err != nil {
		return nil, err
	}
	all, err := learning.SharedOf(o.Context(), o.Reader(), d.CourseID, since)
	if err != nil || len(all) == 0 {
		return templ.NopComponent, err
	}
	lines := make([]sharedLine, len(all))
	for i, s := range all {
		lines[i] = sharedLine{names[s.PersonID], s.Title.In(o.Lang.Code()), s.Text}
	}
	return ui.Section("reflections", o.T("learning.shared_title"), ui.Paragraph(o.T("learning.shared_lead")), sharedReflections(lines)), nil
}

// participants are those who come, who of them has prepared, and what they eat
// in numbers; nothing is ordered for a local round.
func (o ownDay) participants() (templ.Component, error) {
	d, err := round.Get(o.Context(), o.Reader(), o.Viewer, o.d.ID)
	if err != nil {
		return nil, err
	}
	var lead []templ.Component
	if !d.Local() {
		counts, err := catering.Totals(o.Context(), o.Reader(), o.Viewer, d)
		if err != nil {
			return nil, err
		}
		diets := o.T("trainer.my_days.no_diets")
		if len(counts) > 0 {
			diets = o.T("trainer.my_days.diets", "Diets", meals.Diets(o.Visit, counts))
		}
		lead = append(lead, ui.Paragraph(diets))
	}
	prepared, err := attendance.Preparations(o.Context(), o.Reader(), d.Round, d.Enrolments)
	if err != nil {
		return nil, err
	}
	asked := slices.ContainsFunc(d.Enrolments, func(e round.Enrolment) bool { return prepared[e.PersonID].Asked })
	t := ui.Table{
		ID: "participants-table", Caption: o.T("round.participants"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: o.T("round.name")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: o.T("round.no_participants"), Text: o.T("trainer.my_days.no_participants_help")},
	}
	where := Wherefrom(d)
	if where != "" {
		t.Columns = append(t.Columns, ui.Column{Label: o.T(where)})
	}
	if asked {
		t.Columns = append(t.Columns, ui.Column{Label: o.T("trainer.my_days.preparation")})
	}
	for _, e := range d.Enrolments {
		cells := []ui.Cell{ui.Text(e.Name)}
		if where != "" {
			cells = append(cells, ui.Text(visit.Workplace(d, e)))
		}
		if asked {
			cells = append(cells, ui.Text(preparedCell(o.Visit, prepared[e.PersonID])))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return ui.Section("participants", o.T("trainer.my_days.participants", "Count", len(d.Enrolments)), append(lead, t.View(o.Lang))...), nil
}

// preparedCell is the same as preparedWord in a column whose head says what it
// is about.
func preparedCell(v *visit.Visit, p attendance.Preparation) string {
	switch {
	case !p.Asked:
		return ""
	case p.Done():
		return v.T("trainer.my_days.is_prepared")
	}
	return v.T("trainer.my_days.tasks_left", "Count", p.Left)
}

// MyConfirmation is the visitor's own year as a trainer, to show to the manager.
func MyConfirmation(v *visit.Visit) error {
	return confirmation(v, v.Viewer.PersonID, visit.ConfirmationPath, ui.Crumb{Label: v.T("trainer.my_days.title"), Href: visit.MyDaysPath})
}

// TrainerDays is the same year for those who see the person because of an
// office.
func TrainerDays(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	p, err := persons.FindPerson(v, id)
	if err != nil {
		return err
	}
	return confirmation(v, id, visit.PersonPath(id, "trainer-days"), ui.Crumb{Label: p.Name(), Href: visit.PersonPath(id)})
}

// confirmationYears is how many years back the page offers.
const confirmationYears = 3

// confirmation is a document of the days that somebody held in a year, made to
// be printed.
func confirmation(v *visit.Visit, personID int64, path string, from ui.Crumb) error {
	year := v.Year(v.Today.Year())
	done, err := trainer.DoneIn(v.Context(), v.Reader(), v.Viewer, personID, year, v.Today)
	if err != nil {
		return err
	}
	title := v.T("trainer.confirmation.title", "Year", strconv.Itoa(year), "Name", done.Name)
	f := v.Frame(title, from, ui.Crumb{Label: v.T("trainer.confirmation.short")})
	f.Organisation = v.T("ui.product")
	employer := ""
	for _, d := range append(append([]trainer.DoneDay{}, done.Days...), done.Meetings...) {
		if d.Employer != "" {
			employer = d.Employer
		}
	}
	lead := v.T("trainer.confirmation.lead", "Day", v.Today)
	if employer != "" {
		lead = v.T("trainer.confirmation.employer", "Employer", employer) + " " + lead
	}
	var years []int
	for y := v.Today.Year(); y > v.Today.Year()-confirmationYears; y-- {
		years = append(years, y)
	}
	t := ui.Table{
		ID: "days", Caption: v.T("trainer.confirmation.days"),
		Columns: []ui.Column{
			{Label: v.T("round.day"), Keep: true}, {Label: v.T("round.course")}, {Label: v.T("trainer.role")}, {Label: v.T("round.place")},
			{Label: v.T("round.hours"), Keep: true}, {Label: v.T("trainer.confirmation.hours"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PictureCalendar, Title: v.T("trainer.confirmation.none", "Year", strconv.Itoa(year)), Text: v.T("trainer.confirmation.none_help")},
	}
	for _, d := range done.Days {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(v.Lang.ShortDay(d.Day)), {Text: d.What, Note: d.Round}, ui.Text(v.T(d.Role.Key())), ui.Text(d.Place),
			ui.Text(v.Lang.Hours(visit.Minutes(d.Starts), visit.Minutes(d.Ends))), ui.Text(hourCount(v, d.Minutes())),
		}})
	}
	if len(done.Days) > 0 {
		t.Total = []ui.Cell{ui.Text(v.T("round.days", "Count", distinct(done.Days))), ui.Text(""), ui.Text(""), ui.Text(""), ui.Text(""), ui.Text(hourCount(v, done.Minutes()))}
	}
	shown := []templ.Component{
		ui.PageHead{Title: title, Lead: lead}.View(v.Lang), v.YearTabs(path, years, year), t.View(v.Lang),
	}
	if len(done.Meetings) > 0 {
		m := ui.Table{
			ID: "meetings", Caption: v.T("trainer.meetings"),
			Columns: []ui.Column{{Label: v.T("round.day"), Keep: true}, {Label: v.T("trainer.meeting")}, {Label: v.T("round.place")}, {Label: v.T("trainer.confirmation.hours"), Numeric: true}},
		}
		for _, d := range done.Meetings {
			m.Rows = append(m.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.Lang.ShortDay(d.Day)), ui.Text(d.What), ui.Text(d.Place), ui.Text(hourCount(v, d.Minutes()))}})
		}
		shown = append(shown, m.View(v.Lang))
	}
	if len(done.Days)+len(done.Meetings) > 0 {
		shown = append(shown, ui.Paragraph(v.T("trainer.confirmation.source")))
	}
	coming, err := trainer.Coming(v.Context(), v.Reader(), v.Viewer, personID, v.Today)
	if err != nil {
		return err
	}
	if len(coming) > 0 {
		shown = append(shown, ui.Fold(v.T("trainer.confirmation.coming", "Count", len(coming)), comingDays(v, coming).View(v.Lang)))
	}
	return v.Page(f, shown...)
}

// comingDays are days that are not done yet: they are on the page, not on the
// printed document.
func comingDays(v *visit.Visit, days []trainer.Day) ui.Table {
	t := ui.Table{
		ID: "coming", Caption: v.T("trainer.my_days.coming"), QuietTitle: true,
		Columns: []ui.Column{
			{Label: v.T("round.day"), Keep: true}, {Label: v.T("round.hours"), Keep: true}, {Label: v.T("round.course")},
			{Label: v.T("round.place")}, {Label: v.T("trainer.role")}, {Label: v.T("trainer.standing")},
		},
	}
	for _, d := range days {
		tag := standingTag(v, d.Standing)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(v.Lang.ShortDay(d.Day)), ui.Text(v.Lang.Hours(visit.Minutes(d.Starts), visit.Minutes(d.Ends))), {Text: d.Course, Note: d.Round},
			ui.Text(d.Place), ui.Text(v.T(d.Role.Key())), {Tag: &tag},
		}})
	}
	return t
}

// distinct counts the dates: two courses on one are one day.
func distinct(days []trainer.DoneDay) int {
	all := map[clock.Day]bool{}
	for _, d := range days {
		all[d.Day] = true
	}
	return len(all)
}

// hourCount is 450 minutes as "7,5", whole hours without decimals.
func hourCount(v *visit.Visit, minutes int) string {
	if minutes%60 == 0 {
		return v.Lang.Number(int64(minutes / 60))
	}
	return v.Lang.Decimal(float64(minutes)/60, 1)
}

// sharedLine is a reflection that a participant shares with the trainers.
type sharedLine struct{ name, task, text string }
