package web

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
)

// Where somebody says of themselves that they were there on a local day, takes it
// back, and where it is said of everybody.
func ownWordPath(dayID int64) string   { return dayPath(dayID, "own-word") }
func everybodyPath(dayID int64) string { return dayPath(dayID, "everybody") }

// sayOwnWord is "I was there".
func (s *Server) sayOwnWord(v *Visit) error {
	return v.ownWord(attendance.Report, "notice.own_word")
}

// takeBackOwnWord is for a slip of the finger.
func (s *Server) takeBackOwnWord(v *Visit) error {
	return v.ownWord(attendance.TakeBack, "notice.own_word_back")
}

// ownWordRule is what somebody says about their own day.
type ownWordRule func(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) (attendance.OwnDay, error)

func (v *Visit) ownWord(say ownWordRule, notice string) error {
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
		back = roundPath(mine.RoundID)
	}
	if mine.Completes {
		notice = "notice.course_completed"
	}
	return v.Redirect(back, notice, "Course", mine.Course)
}

// roundOfDay is the page of the round whose day is in the address: what is said of
// the day in one touch is said there.
func (s *Server) roundOfDay(v *Visit) error {
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	roundID, err := round.RoundOf(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	return v.roundPage(roundID)
}

// markEverybody says that all were there of whom nobody has said anything.
func (s *Server) markEverybody(v *Visit) error {
	sheet, err := v.sheetInAddress()
	if err != nil {
		return err
	}
	d, err := round.Get(v.Context(), v.Reader(), v.Viewer, sheet.ID)
	if err != nil {
		return err
	}
	return v.changeRound(d, "notice.everybody", func(tx *db.Tx) error {
		return attendance.Everybody(v.Context(), tx, v.Viewer, sheet.Day.ID, v.Now)
	})
}

// askOwnWord asks whether the visitor was there, on the first of the days of which
// they can say so and nobody has; nil when there is none. back is where the answer
// leads.
func (v *Visit) askOwnWord(days []attendance.OwnDay, back string) templ.Component {
	for _, d := range days {
		if d.Mark != "" || !d.Reportable(v.Now) {
			continue
		}
		sentence := v.T("local.were_you_there", "Course", d.Course, "When", v.Lang.DayHours(d.Day.Day, minutes(d.Starts), minutes(d.Ends)))
		return ui.NextThing{Sentence: sentence, Help: v.T("local.were_you_there_help", "Day", v.Lang.ShortDay(d.Day.Day+attendance.OwnWordDays)), Action: &ui.Action{
			Label: v.T("local.i_was_there"), Href: ownWordPath(d.ID), Post: true, Hidden: []ui.Hidden{{Name: "back", Value: back}},
		}}.View(v.Lang)
	}
	return nil
}

// regretOwnWord takes the visitor's own word about the day back, while it is
// theirs alone.
func (v *Visit) regretOwnWord(d attendance.OwnDay, back string) templ.Component {
	if d.Mark == "" || d.Word.Source != round.SelfSaid || !d.Reportable(v.Now) {
		return templ.NopComponent
	}
	return ui.Action{
		Label: v.T("local.i_was_not_there"), About: v.Lang.ShortDay(d.Day.Day), Href: ownWordPath(d.ID) + "/removal", Kind: ui.Secondary, Small: true, Post: true,
		Hidden: []ui.Hidden{{Name: "back", Value: back}},
	}.View(v.Lang)
}

// markLocal is what waits on a local day that has come: to say who was there, in
// one touch when it was everybody.
func (p *roundPage) markLocal(day round.Day) templ.Component {
	said, place := 0, 0
	for i, each := range p.d.CourseDays {
		if each.ID == day.ID {
			place = i
		}
	}
	for _, e := range p.d.Enrolments {
		if e.Words[place].Source == round.SelfSaid {
			said++
		}
	}
	help := p.T("local.said_themselves", "Some", said, "All", p.d.Seats)
	list := ui.Action{Label: p.T("local.mark_each"), Href: dayPath(day.ID, "attendance"), Kind: ui.Secondary}
	if p.d.Seats == 0 {
		return ui.NextThing{Sentence: p.T("local.nobody_in"), Action: &ui.Action{Label: p.T("signup.participants_do"), Href: roundPath(p.d.ID) + "/signup"}}.View(p.Lang)
	}
	all := ui.Confirm{
		ID: "everybody", Opener: ui.Action{Label: p.T("local.everybody", "Count", p.d.Seats)}, Title: p.T("local.everybody_title"),
		Text:   p.T("local.everybody_text", "Count", p.d.Seats, "Day", p.Lang.ShortDay(day.Day)),
		Action: ui.Action{Label: p.T("local.everybody", "Count", p.d.Seats), Href: everybodyPath(day.ID), Post: true},
	}
	return waiting(p.Lang, p.T("rounds.next_attendance", "Day", p.Lang.ShortDay(day.Day)), help, choices(all.View(p.Lang), list.View(p.Lang)))
}

// lacking tells who attended a local round and has tasks left.
func (p *roundPage) lacking() templ.Component {
	if p.d.Awaiting == 0 {
		return templ.NopComponent
	}
	return ui.Notice{Tone: ui.Info, Title: p.T("local.tasks_left", "Count", p.d.Awaiting), Text: p.T("local.tasks_left_help")}.View(p.Lang)
}

// localFacts are what there is to know of a local round.
func (p *roundPage) localFacts() ui.Summary {
	d := p.d
	facts := ui.Summary{
		{Term: p.T("local.giver"), Value: d.Giver()},
		{Term: p.T("rounds.delivery"), Value: p.T("rounds.delivery_" + string(d.Delivery))},
		{Term: p.T("rounds.seats"), Value: p.T("rounds.seats_taken", "Seats", d.Seats, "Capacity", d.Capacity)},
	}
	if d.Edition > 0 {
		facts = append(facts, ui.Fact{Term: p.T("rounds.edition"), Value: strconv.Itoa(d.Edition)})
	}
	if d.Note != "" {
		facts = append(facts, ui.Fact{Term: p.T("rounds.note"), Value: d.Note})
	}
	return facts
}

// ownWordFirst is the one thing to do for somebody whose local day has been.
func (p *roundPage) ownWordFirst() templ.Component {
	if asked := p.askOwnWord(p.reported, coursePath(p.d.CourseSlug)); asked != nil {
		p.asked = true
		return asked
	}
	return templ.NopComponent
}

// mostLocalTodos is how many local days without attendance a start page names.
const mostLocalTodos = 3

// localTodo puts the local days whose attendance nobody has saved before what
// there is to do otherwise.
func (v *Visit) localTodo(things []ui.NextThing, err error) ([]ui.NextThing, error) {
	if err != nil {
		return nil, err
	}
	days, err := planning.LocalTodos(v.Context(), v.Reader(), v.Viewer, v.Today, mostLocalTodos)
	var waiting []ui.NextThing
	for _, t := range days {
		waiting = append(waiting, v.next("local_attendance", roundPath(t.RoundID), "Course", t.Course, "Label", t.Label, "Day", v.Lang.ShortDay(t.Day)))
	}
	return append(waiting, things...), err
}

// askedOwnWord asks whether the visitor was there, on a local day that has come.
func (p *coursePage) askedOwnWord() (templ.Component, error) {
	if p.seat == nil || !p.seat.Local || p.study.Completed != nil {
		return nil, nil
	}
	days, err := attendance.MyDaysIn(p.Context(), p.Reader(), p.Viewer, p.seat.RoundID)
	return p.askOwnWord(days, coursePath(p.course.Slug)), err
}

// oneOfSeveral is the action where it is one of several.
func oneOfSeveral(a ui.Action) ui.Action {
	a.Kind, a.Small = ui.Secondary, true
	return a
}
