package trainers

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/handouts"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// pastDaysPerPage is how many of a trainer's past days a page shows.
const pastDaysPerPage = 20

// MyDays is a trainer's course days: those that wait for an answer first, then
// those whose attendance is to be saved, then what comes, then what has been;
// beside them meetings, when one cannot, and what it all takes of the term.
func MyDays(v *visit.Visit) error {
	days, err := trainer.MyDays(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	var asked, waiting, coming, past []trainer.Day
	var today *trainer.Day
	for i, d := range days {
		if today == nil && ComesToday(v, d) {
			today = &days[i]
		}
		switch {
		case d.NeedsAnswer(v.Today):
			asked = append(asked, d)
		case d.NeedsAttendance(v.Today):
			waiting = append(waiting, d)
		case d.Day >= v.Today:
			coming = append(coming, d)
		case d.Standing != trainer.HasDeclined:
			past = append(past, d)
		}
	}
	slices.Reverse(past) // the latest first

	f := v.Frame(v.T("trainer.my_days.title"))
	head := ui.PageHead{Title: v.T("trainer.my_days.title")}
	if len(past) > 0 {
		head.Others = []ui.Action{{Label: v.T("trainer.my_days.confirmation"), Href: visit.ConfirmationPath, Kind: ui.Secondary}}
	}
	shown := []templ.Component{head.View(v.Lang), nextOfMyDays(v, today, asked, waiting, coming)}
	if len(days) == 0 {
		shown[1] = ui.Empty{Picture: ui.PictureCalendar, Title: v.T("trainer.my_days.none"), Text: v.T("trainer.my_days.none_help")}.View(v.Lang)
	}
	if len(asked) > 0 {
		shown = append(shown, ui.Section("asked", v.T("trainer.my_days.asked"), askedRounds(v, asked), askedTable(v, asked).View(v.Lang)))
	}
	if len(waiting) > 0 {
		shown = append(shown, ui.Section("waiting", v.T("trainer.my_days.waiting"), myDayTable(v, "waiting-table", "trainer.my_days.waiting", waiting).View(v.Lang)))
	}
	if len(days) > 0 {
		t := myDayTable(v, "coming-table", "trainer.my_days.coming", coming)
		t.Empty = ui.Empty{Picture: ui.PictureCalendar, Title: v.T("trainer.my_days.none_coming"), Text: v.T("trainer.my_days.none_help")}
		shown = append(shown, ui.Section("coming", v.T("trainer.my_days.coming"), t.View(v.Lang)))
	}
	if v.Viewer.Trainer {
		more, err := trainerSections(v)
		if err != nil {
			return err
		}
		shown = append(shown, more...)
	}
	if len(past) > 0 {
		page := ui.LastPage(max(1, v.Number("page", 1)), len(past), pastDaysPerPage)
		from := (page - 1) * pastDaysPerPage
		t := myDayTable(v, "past-table", "trainer.my_days.past", past[from:min(from+pastDaysPerPage, len(past))])
		t.Pager = &ui.Pager{Address: v.Address(), Page: page, PerPage: pastDaysPerPage, Rows: len(past)}
		shown = append(shown, ui.Section("past", v.T("trainer.my_days.past"), t.View(v.Lang)))
	}
	return v.Page(f, shown...)
}

// askedTable are the days that wait for the trainer's answer.
func askedTable(v *visit.Visit, days []trainer.Day) ui.Table {
	t := ui.Table{
		ID: "asked-table", Caption: v.T("trainer.my_days.asked"), QuietTitle: true,
		Columns: []ui.Column{
			{Label: v.T("round.course")}, {Label: v.T("round.day"), Keep: true}, {Label: v.T("round.hours"), Keep: true}, {Label: v.T("round.place")},
			{Label: v.T("trainer.my_days.role")}, {Label: v.T("trainer.my_days.answer")},
		},
	}
	for _, d := range days {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: d.Course, Href: visit.MyDayPath(d.ID), Note: d.Round}, ui.Text(v.Lang.ShortDay(d.Day)),
			ui.Text(v.Lang.Hours(visit.Minutes(d.Starts), visit.Minutes(d.Ends))), ui.Text(d.Place), ui.Text(v.T(d.Role.Key())),
			{Slot: answerButtons(v, visit.MyDayPath(d.ID, "answer"), d.Course+", "+v.Lang.ShortDay(d.Day), "")},
		}})
	}
	return t
}

// trainerSections are what a trainer has beside course days.
func trainerSections(v *visit.Visit) ([]templ.Component, error) {
	meetings, err := trainer.MyMeetings(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return nil, err
	}
	away, err := trainer.MyAbsences(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return nil, err
	}
	term := trainer.TermOf(v.Today)
	load, err := trainer.MyLoad(v.Context(), v.Reader(), v.Viewer, term)
	if err != nil {
		return nil, err
	}
	packs, err := handouts.PacksToRead(v)
	if err != nil {
		return nil, err
	}
	shown := packs
	if len(meetings) > 0 {
		shown = append(shown, ui.Section("meetings", v.T("trainer.meetings"), invitationTable(v, meetings).View(v.Lang)))
	}
	// The region looks for those in its teams; nobody asks when others cannot.
	in, err := trainer.InTeam(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return nil, err
	}
	if in {
		shown = append(shown, ui.Section("away", v.T("trainer.my_days.away"), ui.Paragraph(v.T("trainer.my_days.away_lead")), absenceTable(v, away), absenceForm(v)))
	}
	return append(shown,
		ui.Section("load", v.T("trainer.my_days.load"), loadFigures(v, load, term).View(v.Lang), ui.Fold(v.T("trainer.load_how"), ui.Paragraph(v.T("trainer.load_help"))))), nil
}

func invitationTable(v *visit.Visit, meetings []trainer.Invitation) ui.Table {
	t := ui.Table{
		ID: "meetings-table", Caption: v.T("trainer.meetings"), QuietTitle: true,
		Columns: []ui.Column{
			{Label: v.T("trainer.meeting")}, {Label: v.T("round.day"), Keep: true}, {Label: v.T("round.hours"), Keep: true},
			{Label: v.T("round.place")}, {Label: v.T("trainer.my_days.answer")},
		},
	}
	for _, m := range meetings {
		answer := ui.Cell{Slot: answerButtons(v, visit.MeetingPath(m.ID, "answer"), m.Title+", "+v.Lang.ShortDay(m.Day), "")}
		switch {
		case m.CancelledAt != nil:
			answer = ui.Status(v.T("trainer.meeting_cancelled"), ui.Negative)
		case !m.NeedsAnswer(v.Today):
			answer = meetingAnswer(v, m.Answer)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(m.Title, visit.MeetingPath(m.ID)), ui.Text(v.Lang.ShortDay(m.Day)), ui.Text(v.Lang.Hours(visit.Minutes(m.Starts), visit.Minutes(m.Ends))),
			ui.Text(m.Place), answer,
		}})
	}
	return t
}

func absenceTable(v *visit.Visit, away []trainer.Absence) templ.Component {
	if len(away) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "away-table", Caption: v.T("trainer.my_days.away"), QuietTitle: true,
		Columns: []ui.Column{{Label: v.T("trainer.my_days.away_days"), Keep: true}, {Label: v.T("trainer.my_days.away_note")}, {Label: v.T("trainer.my_days.away_undo"), Action: true}},
	}
	for _, a := range away {
		days := v.Lang.Days(a.From, a.To)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(days), ui.Text(a.Note),
			{Slot: ui.Action{Label: v.T("trainer.my_days.away_undo"), Href: visit.AbsencePath(a.ID, "removal"), About: days, Kind: ui.Secondary, Small: true, Post: true}.View(v.Lang)},
		}})
	}
	return t.View(v.Lang)
}

func absenceForm(v *visit.Visit) templ.Component {
	field := func(f ui.Field) ui.Field {
		f.Value, f.Error = v.Typed(f.Name, ""), v.Wrong(f.Name)
		return f
	}
	sheet := ui.Form(visit.AbsencesPath, v.T("trainer.my_days.away_save"), nil,
		field(ui.Field{Input: ui.DateInput, Name: "from_day", Label: v.T("trainer.my_days.away_from"), Min: v.Today.String()}),
		field(ui.Field{Input: ui.DateInput, Name: "to_day", Label: v.T("trainer.my_days.away_to"), Min: v.Today.String()}),
		field(ui.Field{Name: "note", Label: v.T("trainer.my_days.away_note"), Hint: v.T("trainer.my_days.away_note_hint"), Optional: true}),
	)
	v.NameErrors(visit.Labelled(sheet.Fields...))
	sheet.Kind = ui.Secondary
	if v.Sent {
		return sheet.View(v.Lang)
	}
	return ui.Fold(v.T("trainer.my_days.away_add"), sheet.View(v.Lang))
}

// loadFigures are a term's load against the 3 % of a post.
func loadFigures(v *visit.Visit, l trainer.Load, t trainer.Term) ui.Figures {
	workdays := planning.Workdays(t.From, t.Until)
	share := ui.Figure{
		Label: v.T("trainer.share"), Value: v.Lang.Percent(float64(l.Thousandths(workdays))/10, 1), Note: v.T("trainer.share_within"),
	}
	if l.Over(workdays) {
		share.Note = v.T("trainer.share_over")
	}
	return ui.Figures{
		{Label: v.T("trainer.course_days"), Value: v.Lang.Number(int64(l.Days)), Note: termName(v, t)},
		{Label: v.T("trainer.meetings"), Value: v.Lang.Number(int64(l.Meetings)), Note: termName(v, t)},
		share,
	}
}

func termName(v *visit.Visit, t trainer.Term) string { return v.T(t.Key(), "Year", t.Year()) }

// AddAbsence says when the visitor cannot.
func AddAbsence(v *visit.Visit) error {
	in, err := trainer.InTeam(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	if !in {
		return fault.Forbidden
	}
	var checks fault.Checks
	a := trainer.Absence{From: v.FormDay(&checks, "from_day"), Note: v.FormValue("note")}
	a.To = a.From
	if v.FormValue("to_day") != "" || v.FormValue("from_day") == "" {
		a.To = v.FormDay(&checks, "to_day")
	}
	err = checks.Err()
	if err == nil {
		err = v.Write(func(tx *db.Tx) error { return trainer.CannotHold(v.Context(), tx, v.Viewer, a, v.Today) })
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.MyDaysPath, "notice.absence_added", "Days", v.Lang.Days(a.From, a.To))
}

// RemoveAbsence takes it back.
func RemoveAbsence(v *visit.Visit) error {
	id, err := v.ID("absence")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return trainer.CanAgain(v.Context(), tx, v.Viewer, id) }); err != nil {
		return err
	}
	return v.Redirect(visit.MyDaysPath, "notice.absence_removed")
}

// ComesToday tells whether the trainer meets people on the day today, and they
// may still be arriving: then there is a code to show them.
func ComesToday(v *visit.Visit, d trainer.Day) bool {
	starts := visit.Minutes(d.Starts)
	return d.Day == v.Today && d.HeldAt == nil && d.CancelledAt == nil && (d.Standing == trainer.HasAccepted || d.Standing == trainer.WasPlanned) &&
		v.Now <= d.Day.At(starts/60, starts%60).Add(attendance.CheckInCloses)
}

// nextOfMyDays is the day that is about to begin, the oldest list to save, the
// next question to answer, or the next day to hold.
func nextOfMyDays(v *visit.Visit, today *trainer.Day, asked, waiting, coming []trainer.Day) templ.Component {
	if today != nil {
		help := today.Course + ", " + today.Round
		if today.Place != "" {
			help += ", " + today.Place
		}
		return ui.NextThing{
			Sentence: v.T("trainer.my_days.next_today", "Hours", v.Lang.Hours(visit.Minutes(today.Starts), visit.Minutes(today.Ends))), Help: help,
			Action: &ui.Action{Label: v.T("attendance.check_in.show_screen"), Href: visit.DayPath(today.ID, "screen")},
		}.View(v.Lang)
	}
	if len(waiting) > 0 {
		d := waiting[0]
		return ui.NextThing{
			Sentence: v.T("round.next_attendance", "Day", v.Lang.ShortDay(d.Day)), Help: d.Course + ", " + d.Round,
			Action: &ui.Action{Label: v.T("round.register_attendance"), Href: visit.DayPath(d.ID, "attendance")},
		}.View(v.Lang)
	}
	if len(asked) > 0 {
		d := asked[0]
		return ui.NextThing{
			Sentence: v.T("trainer.my_days.next_answer", "When", v.Lang.DayHours(d.Day, visit.Minutes(d.Starts), visit.Minutes(d.Ends))), Help: d.Course + ", " + d.Round,
			Action: &ui.Action{Label: v.T("trainer.my_days.see_and_answer"), Href: visit.MyDayPath(d.ID)},
		}.View(v.Lang)
	}
	for _, d := range coming {
		if d.CancelledAt == nil && d.Standing != trainer.HasDeclined {
			help := d.Course + ", " + d.Round
			if d.Place != "" {
				help += ", " + d.Place
			}
			return ui.NextThing{
				Sentence: v.T("trainer.my_days.next", "When", v.Lang.DayHours(d.Day, visit.Minutes(d.Starts), visit.Minutes(d.Ends))), Help: help,
				Action: &ui.Action{Label: v.T("trainer.my_days.see_day"), Href: visit.MyDayPath(d.ID)},
			}.View(v.Lang)
		}
	}
	return templ.NopComponent
}

func myDayTable(v *visit.Visit, id, caption string, days []trainer.Day) ui.Table {
	t := ui.Table{
		ID: id, Caption: v.T(caption), QuietTitle: true,
		Columns: []ui.Column{
			{Label: v.T("round.course")}, {Label: v.T("round.day"), Keep: true}, {Label: v.T("round.hours"), Keep: true}, {Label: v.T("round.place")},
			{Label: v.T("trainer.my_days.role")}, {Label: v.T("round.enrolled"), Numeric: true}, {Label: v.T("round.attendance")},
		},
	}
	for _, d := range days {
		note := d.Round
		if d.Days > 1 {
			note += ", " + v.T("trainer.my_days.day_n_of", "N", d.Ordinal, "All", d.Days)
		}
		attendance := ui.Text(v.T("round.attendance_opens", "Day", v.Lang.TinyDay(d.Day)))
		switch {
		case d.CancelledAt != nil:
			attendance = ui.Status(v.T("round.status.cancelled"), ui.Negative)
		case d.Standing == trainer.HasDeclined:
			attendance = ui.Status(v.T(trainer.HasDeclined.Key()), ui.Caution)
		case d.Day == v.Today && d.HeldAt == nil:
			attendance = ui.Cell{Slot: ui.Links([]ui.Action{
				{Label: v.T("round.register_attendance"), Href: visit.DayPath(d.ID, "attendance"), About: v.Lang.ShortDay(d.Day)},
				{Label: v.T("attendance.check_in.show_screen"), Href: visit.DayPath(d.ID, "screen"), About: v.Lang.ShortDay(d.Day)},
			})}
		case d.NeedsAttendance(v.Today):
			attendance = ui.Cell{Text: v.T("round.register_attendance"), Href: visit.DayPath(d.ID, "attendance"), About: v.Lang.ShortDay(d.Day)}
		case d.HeldAt != nil:
			attendance = ui.Cell{Text: v.T("round.change_attendance"), Href: visit.DayPath(d.ID, "attendance"), About: v.Lang.ShortDay(d.Day)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: d.Course, Href: visit.MyDayPath(d.ID), Note: note}, ui.Text(v.Lang.ShortDay(d.Day)),
			ui.Text(v.Lang.Hours(visit.Minutes(d.Starts), visit.Minutes(d.Ends))), ui.Text(d.Place), ui.Text(v.T(d.Role.Key())),
			ui.Text(v.Lang.Number(int64(d.Participants))), attendance,
		}})
	}
	return t
}
