package rollcall

import (
	"context"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// SayOwnWord is "I was there".
func SayOwnWord(v *visit.Visit) error {
	return ownWord(v, attendance.Report, "notice.own_word")
}

// TakeBackOwnWord is for a slip of the finger.
func TakeBackOwnWord(v *visit.Visit) error {
	return ownWord(v, attendance.TakeBack, "notice.own_word_back")
}

// ownWordRule is what somebody says about their own day.
type ownWordRule func(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) (attendance.OwnDay, error)

func ownWord(v *visit.Visit, say ownWordRule, notice string) error {
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	var mine attendance.OwnDay
	err = v.Write(func(tx *db.Tx) (err error) {
		mine, err = say(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
	if err != nil {
		return err
	}
	back := v.Back()
	if back == "/" {
		back = visit.RoundPath(mine.RoundID)
	}
	if mine.Completes {
		notice = "notice.course_completed"
	}
	return v.Redirect(back, notice, "Course", mine.Course)
}

// MarkEverybody says that all were there of whom nobody who keeps the list has said
// anything.
func MarkEverybody(v *visit.Visit) error {
	return markAtOnce(v, attendance.Everybody, "notice.everybody")
}

// ConfirmOwnWords says it of those who have said so themselves.
func ConfirmOwnWords(v *visit.Visit) error {
	return markAtOnce(v, attendance.Confirm, "notice.confirmed_own")
}

func markAtOnce(v *visit.Visit, speak func(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) error, notice string) error {
	sheet, err := sheetInAddress(v)
	if err != nil {
		return err
	}
	d, err := round.Get(v.Context(), v.Reader(), v.Viewer, sheet.ID)
	if err != nil {
		return err
	}
	return v.ChangeRound(d, notice, func(tx *db.Tx) error {
		return speak(v.Context(), tx, v.Viewer, sheet.Day.ID, v.Now)
	})
}

// AskOwnWord asks whether the visitor was there, on the first of the days of which
// they can say so and nobody has; nil when there is none. back is where the answer
// leads.
func AskOwnWord(v *visit.Visit, days []attendance.OwnDay, back string) templ.Component {
	for _, d := range days {
		if d.Mark != "" || !d.Reportable(v.Now) {
			continue
		}
		sentence := v.T("local.were_you_there", "Course", d.Course, "When", v.Lang.DayHours(d.Day.Day, visit.Minutes(d.Starts), visit.Minutes(d.Ends)))
		return ui.NextThing{Sentence: sentence, Help: v.T("local.were_you_there_help", "Day", v.Lang.ShortDay(d.Day.Day+attendance.OwnWordDays)), Action: &ui.Action{
			Label: v.T("local.i_was_there"), Href: visit.OwnWordPath(d.ID), Post: true, Hidden: []ui.Hidden{{Name: "back", Value: back}},
		}}.View(v.Lang)
	}
	return nil
}

// RegretOwnWord takes the visitor's own word about the day back, while it is
// theirs alone.
func RegretOwnWord(v *visit.Visit, d attendance.OwnDay, back string) templ.Component {
	if d.Mark == "" || d.Word.Source != round.SelfSaid || !d.Reportable(v.Now) {
		return templ.NopComponent
	}
	return ui.Action{
		Label: v.T("local.i_was_not_there"), About: v.Lang.ShortDay(d.Day.Day), Href: visit.OwnWordPath(d.ID, "removal"), Kind: ui.Secondary, Small: true, Post: true,
		Hidden: []ui.Hidden{{Name: "back", Value: back}},
	}.View(v.Lang)
}

// mostLocalTodos is how many local days without attendance a start page names.
const mostLocalTodos = 3

// LocalTodo puts the local days whose attendance nobody has saved before what
// there is to do otherwise.
func LocalTodo(v *visit.Visit, things []ui.NextThing) ([]ui.NextThing, error) {
	days, err := planning.LocalTodos(v.Context(), v.Reader(), v.Viewer, v.Today, mostLocalTodos)
	var waiting []ui.NextThing
	for _, t := range days {
		waiting = append(waiting, v.Next("local_attendance", visit.RoundPath(t.RoundID), "Course", t.Course, "Label", t.Label, "Day", v.Lang.ShortDay(t.Day)))
	}
	return append(waiting, things...), err
}
