package rollcall

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// saveWords are what the button that saves does: it says so when it confirms what
// some have said of themselves.
func (a attendanceList) saveWords(v *visit.Visit) string {
	if a.own == 0 {
		return v.T("attendance.save")
	}
	return v.T("attendance.save_confirming", "Count", a.own)
}

func sheetInAddress(v *visit.Visit) (round.Sheet, error) {
	id, err := v.ID("day")
	if err != nil {
		return round.Sheet{}, err
	}
	return round.SheetOf(v.Context(), v.Reader(), v.Viewer, id)
}

// Save saves the whole list, or shows it again with everybody without
// an answer set to present when that was asked for.
func Save(v *visit.Visit) error {
	if v.PostForm.Get("preset") != "" {
		sheet, err := sheetInAddress(v)
		if err != nil {
			return err
		}
		if sheet.Day.Markable(v.Today) && sheet.CancelledAt == nil {
			noteShown(v, sheet)
			return v.Again()
		}
	}
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	var sheet round.Sheet
	var marks []attendance.Marking
	var losing []round.Enrolment
	err = v.Write(func(tx *db.Tx) error {
		err := attendance.SaveList(v.Context(), tx, v.Viewer, id, func(now round.Sheet) ([]attendance.Marking, []attendance.TrainerMarking, error) {
			sheet, marks = now, typedMarks(v, now)
			if marksSomebodyElse(v, now) {
				return nil, nil, fault.Conflict("attendance.not_enrolled")
			}
			if losing = attendance.Losing(now, marks); len(losing) > 0 && v.PostForm.Get("sure") == "" {
				return nil, nil, takesApproval(losing)
			}
			return marks, typedTrainers(v, now), nil
		}, v.Now)
		if err != nil || len(losing) == 0 {
			return err
		}
		return letter.After(v.Context(), tx, sheet.ID, v.Now)
	})
	if err != nil {
		noteShown(v, sheet)
		return err
	}
	attended := 0
	for _, m := range marks {
		if m.Mark.Attended() {
			attended++
		}
	}
	return v.Redirect(visit.RoundPath(sheet.ID), "notice.attendance_saved",
		"Day", v.Lang.ShortDay(sheet.Day.Day), "Some", v.Lang.Number(int64(attended)), "All", v.Lang.Number(int64(len(sheet.Enrolments))))
}

// takesApproval asks before what somebody has been given is taken back.
func takesApproval(losing []round.Enrolment) *fault.Error {
	names := make([]string, len(losing))
	for i, e := range losing {
		names[i] = e.Name
	}
	return fault.Conflict("attendance.takes_approval", "Count", len(losing), "Names", strings.Join(names, ", "))
}

// typedTrainers are what the form says of the trainers.
func typedTrainers(v *visit.Visit, sheet round.Sheet) (trainers []attendance.TrainerMarking) {
	for _, t := range sheet.Day.Trainers {
		if there := v.PostForm.Get(trainerField(t.PersonID)); there == wasThere || there == wasAway {
			trainers = append(trainers, attendance.TrainerMarking{PersonID: t.PersonID, Present: there == wasThere})
		}
	}
	return trainers
}

// typedMarks are what the form says of the participants. Who is left as they were
// shown, while somebody else has said something since, keeps that; and who is left
// as they said themselves keeps their own word, unless the form showed it and its
// button said that it is confirmed.
func typedMarks(v *visit.Visit, sheet round.Sheet) (marks []attendance.Marking) {
	for _, e := range sheet.Enrolments {
		m := attendance.Marking{EnrolmentID: e.ID, Mark: round.Mark(v.PostForm.Get(markField(e.ID)))}
		shown := shownField(markField(e.ID))
		left := v.PostForm.Has(shown) && string(m.Mark) == v.PostForm.Get(shown) && e.Marks[0] != ""
		unseen := e.Words[0].Source == round.SelfSaid && !v.PostForm.Has(ownField(markField(e.ID)))
		if left && (e.Marks[0] != m.Mark || unseen) {
			marks = append(marks, attendance.Marking{EnrolmentID: e.ID, Mark: e.Marks[0], Reason: e.Reasons[0], Own: true})
			continue
		}
		if m.Mark == "" {
			continue // the domain says that it is missing
		}
		m.Why = v.PostForm.Get("why")
		if m.Mark != round.Present {
			m.Reason = v.PostForm.Get(reasonField(e.ID))
		}
		marks = append(marks, m)
	}
	return marks
}

// noteShown leaves in the form what is saved now: what is touched once it is shown
// again is saved at once, and is what a reload shows.
func noteShown(v *visit.Visit, sheet round.Sheet) {
	for _, e := range sheet.Enrolments {
		v.PostForm.Set(shownField(markField(e.ID)), string(e.Marks[0]))
	}
	for _, t := range sheet.Day.Trainers {
		v.PostForm.Set(shownField(trainerField(t.PersonID)), thereWord(t))
	}
}

// marksSomebodyElse tells whether the form says something about a seat that is
// not in the list: somebody left the round while the list was open.
func marksSomebodyElse(v *visit.Visit, sheet round.Sheet) bool {
	for name := range v.PostForm {
		ours := func(e round.Enrolment) bool { return markField(e.ID) == name }
		if strings.HasPrefix(name, "mark_") && !slices.ContainsFunc(sheet.Enrolments, ours) {
			return true
		}
	}
	return false
}

func markField(enrolmentID int64) string { return "mark_" + visit.ID(enrolmentID) }

// shownField holds what a question's answer was when the list was shown.
func shownField(name string) string { return "shown_" + name }

// ownField tells that the participant's own word was shown, to be confirmed by the
// button that saves.
func ownField(name string) string { return "own_" + name }

func reasonField(enrolmentID int64) string { return "reason_" + visit.ID(enrolmentID) }
func trainerField(personID int64) string   { return "trainer_" + visit.ID(personID) }

// The answers for a trainer.
const (
	wasThere = "yes"
	wasAway  = "no"
)

// thereWord is the answer that is saved for the trainer; empty when there is none.
func thereWord(t round.Trainer) string {
	switch {
	case t.Present == nil:
		return ""
	case *t.Present:
		return wasThere
	}
	return wasAway
}

// question is one person's line in the list. reasonName is empty for trainers;
// own tells that the answer is the participant's, which nobody else has given.
type question struct {
	own                     bool
	shown                   string // the answer when the list was shown
	name, who, about, value string
	reasonName, reason      string
	options                 []ui.Option
	wrong                   string
}

func (q question) optionID(i int) string {
	if i == 0 {
		return ui.FieldID(q.name) // where the error summary leads
	}
	return ui.FieldID(q.name) + "-" + strconv.Itoa(i)
}

// attendanceList is the day's list as it is shown: what is saved, or what was
// sent. Once the day is over and a trainer has spoken, changes are corrections,
// which have a reason.
type attendanceList struct {
	round.Sheet
	people, trainers []question
	own              int // of the people, on their own word alone
	over             bool
	asks             bool // whether to take approvals back
	why, whyWrong    string
}

// list fills in the form. A list that was sent keeps every answer but those that
// have been saved since; preset adds "present" where there is none.
func list(v *visit.Visit, sheet round.Sheet, prepared map[int64]attendance.Preparation) attendanceList {
	a := attendanceList{Sheet: sheet, why: v.Typed("why", ""), whyWrong: v.Wrong("why"), asks: v.RefusedAs(takesApproval(nil))}
	sent := func(field, saved string) bool { return v.Sent && v.PostForm.Get(shownField(field)) == saved }
	value := func(field, saved, present string) string {
		if !sent(field, saved) {
			return saved
		}
		answer := v.PostForm.Get(field)
		if answer == "" && saved != "" {
			return saved // it came while the list was being filled in
		}
		if answer == "" && v.PostForm.Get("preset") != "" {
			return present
		}
		return answer
	}
	var marks []ui.Option
	for _, m := range round.Marks {
		marks = append(marks, ui.Option{Value: string(m), Label: v.T("attendance.mark_" + string(m))})
	}
	for _, e := range sheet.Enrolments {
		q := question{
			name: markField(e.ID), who: e.Name, about: e.Municipality, options: marks, wrong: v.Wrong(markField(e.ID)),
			value:      value(markField(e.ID), string(e.Marks[0]), string(round.Present)),
			reasonName: reasonField(e.ID), reason: e.Reasons[0], shown: string(e.Marks[0]),
		}
		if word := PreparedWord(v, prepared[e.PersonID]); word != "" {
			q.about += " · " + word
		}
		if sent(q.name, q.shown) && v.PostForm.Has(q.name) {
			q.reason = v.PostForm.Get(q.reasonName)
		}
		switch word := e.Words[0]; {
		case word.Source == round.SelfSaid:
			q.own = true
			a.own++
			q.about += " · " + v.T("attendance.checked_in", "At", word.At)
		case word.Source != "" && word.After(sheet.Day.Day, v.Now).Source == round.Corrected:
			a.over = true
		}
		a.people = append(a.people, q)
	}
	there := []ui.Option{{Value: wasThere, Label: v.T("attendance.there")}, {Value: wasAway, Label: v.T("attendance.was_away")}}
	for _, t := range sheet.Day.Trainers {
		a.trainers = append(a.trainers, question{
			name: trainerField(t.PersonID), who: t.Name, about: TrainerWords(v, t), options: there, wrong: v.Wrong(trainerField(t.PersonID)),
			value: value(trainerField(t.PersonID), thereWord(t), wasThere),
		})
	}
	return a
}

// List is the list of one course day, for those who hold it or manage the
// round.
func List(v *visit.Visit) error {
	sheet, err := sheetInAddress(v)
	if err != nil {
		return err
	}
	name := sheet.Course + ", " + sheet.Label
	f := v.Frame(v.T("attendance.title"), v.RoundCrumbs(sheet.Round, ui.Crumb{Label: name, Href: visit.RoundPath(sheet.ID)}, ui.Crumb{Label: v.T("attendance.title")})...)
	when := v.Lang.DayHours(sheet.Day.Day, visit.Minutes(sheet.Day.Starts), visit.Minutes(sheet.Day.Ends))
	head := ui.PageHead{Title: v.T("attendance.of_day", "Day", v.Lang.ShortDay(sheet.Day.Day)), Lead: name + ", " + v.Lang.Hours(visit.Minutes(sheet.Day.Starts), visit.Minutes(sheet.Day.Ends))}
	if sheet.Days > 1 {
		head.Lead = name + ", " + strings.ToLower(v.T("round.day_n_of", "N", sheet.Day.Ordinal, "All", sheet.Days)) + ", " +
			v.Lang.Hours(visit.Minutes(sheet.Day.Starts), visit.Minutes(sheet.Day.Ends))
	}
	if sheet.Day.Place != "" {
		head.Lead += ", " + sheet.Day.Place
	}
	if sheet.CancelledAt == nil && sheet.Day.Day >= v.Today {
		head.Others = append(head.Others, ui.Action{Label: v.T("attendance.check_in.show_screen"), Href: visit.DayPath(sheet.Day.ID, "screen"), Kind: ui.Secondary})
	}
	if sheet.CancelledAt == nil {
		head.Others = append(head.Others, ui.Action{Label: v.T("together.screen"), Href: visit.DayPath(sheet.Day.ID, "together"), Kind: ui.Secondary})
	}
	if sheet.CancelledAt == nil && sheet.Seats > 0 {
		head.Others = append(head.Others, ui.Action{Label: v.T("attendance.paper_do"), Href: visit.DayPath(sheet.Day.ID, "paper"), Kind: ui.Secondary})
	}
	back := &ui.Action{Label: v.T("round.back"), Href: visit.RoundPath(sheet.ID), Kind: ui.Secondary}
	parts := []templ.Component{head.View(v.Lang)}
	switch {
	case sheet.CancelledAt != nil:
		return v.Page(f, append(parts, ui.Empty{
			Picture: ui.PictureCalendar, Title: v.T("round.is_cancelled"), Text: v.T("attendance.cancelled_help"), Action: back,
		}.View(v.Lang))...)
	case !sheet.Day.Markable(v.Today):
		return v.Page(f, append(parts, ui.Empty{
			Picture: ui.PictureCalendar, Title: v.T("attendance.opens", "Day", v.Lang.ShortDay(sheet.Day.Day)),
			Text: v.T("attendance.opens_help", "When", when, "Count", sheet.Seats), Action: back,
		}.View(v.Lang))...)
	}
	if !v.Sent {
		v.W.Header().Set("Keep-List", "yes") // the worker may keep it for when there is no network
	}
	events, err := dayEvents(v, sheet)
	if err != nil {
		return err
	}
	prepared, err := attendance.Preparations(v.Context(), v.Reader(), sheet.Round, sheet.Enrolments)
	if err != nil {
		return err
	}
	switch {
	case v.Sent && v.Refused == nil:
		parts = append(parts, ui.Notice{Tone: ui.Info, Title: v.T("attendance.preset"), Text: v.T("attendance.preset_help")}.View(v.Lang))
	case sheet.Day.HeldAt != nil && v.Refused == nil:
		parts = append(parts, ui.Paragraph(v.T("attendance.saved_before", "At", *sheet.Day.HeldAt)))
	}
	parts = append(parts, attendanceForm(v, list(v, sheet, prepared)))
	if len(events) > 0 {
		parts = append(parts, ui.Fold(v.T("attendance.history", "Count", len(events)), EventTable(v, events).View(v.Lang)))
	}
	return v.Page(f, parts...)
}

// dayEvents is what happened to the day's list.
func dayEvents(v *visit.Visit, sheet round.Sheet) ([]round.Event, error) {
	if sheet.Day.HeldAt == nil {
		return nil, nil
	}
	all, err := round.History(v.Context(), v.Reader(), v.Viewer, sheet.ID)
	if err != nil {
		return nil, fmt.Errorf("read the history of day %d: %w", sheet.Day.ID, err)
	}
	var events []round.Event
	for _, e := range all {
		if e.Day == sheet.Day.Ordinal {
			e.Day = 0 // the page is the day's
			events = append(events, e)
		}
	}
	return events, nil
}
