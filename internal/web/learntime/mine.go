package learntime

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/studytime"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// asked is for how many days the start page asks how a time went, and coming how far ahead it
// tells of one.
const (
	asked  = 21
	coming = 14
	behind = 183 // what one's own page reaches back
)

// word is an answer as forms and messages name it.
var word = map[bool]string{true: "yes", false: "no"}

// answers are the two buttons of a question, or the other one to what was said.
func answers(v *visit.Visit, path, about, key string, said *bool) templ.Component {
	var buttons []templ.Component
	for _, yes := range []bool{true, false} {
		if said != nil && *said == yes {
			continue
		}
		buttons = append(buttons, ui.Action{
			Label: v.T("studytime." + key + "_" + word[yes]), About: about, Href: path, Post: true, Kind: ui.Secondary, Small: said != nil,
			Hidden: []ui.Hidden{{Name: "answer", Value: word[yes]}, {Name: "back", Value: v.URL.Path}},
		}.View(v.Lang))
	}
	return ui.Choices(buttons...)
}

// Start is what the start page says of one's own time to learn: what was and is not answered, and
// the next that comes. Nothing for most.
func Start(v *visit.Visit) (templ.Component, error) {
	times, err := studytime.Mine(v.Context(), v.Reader(), v.Viewer, v.Today-asked)
	if err != nil {
		return nil, err
	}
	var parts []templ.Component
	var next *studytime.Time
	for i, t := range times {
		switch {
		case t.Had == nil && t.Answerable(v.Now):
			parts = append(parts, ui.Paragraph(v.T("studytime.ask", "When", when(v, t.Slot), "Course", t.Course)),
				answers(v, address.MyStudyTimeAnswer(t.ID), t.Course, "had", nil))
		case next == nil && t.Coming(v.Now) && t.Day <= v.Today+coming:
			next = &times[i]
		}
	}
	if v.Viewer.Trainer {
		prepared, err := studytime.Preparations(v.Context(), v.Reader(), v.Viewer, v.Today-asked)
		if err != nil {
			return nil, err
		}
		for _, p := range prepared {
			if p.AtWork == nil && p.Answerable(v.Today) {
				parts = append(parts, ui.Paragraph(v.T("studytime.ask_prepared", "Day", v.Lang.ShortDay(p.Day), "Course", p.Course)),
					answers(v, address.MyPreparation(p.CourseDayID), p.Course, "prepared", nil))
			}
		}
	}
	if next != nil {
		parts = append(parts, ui.Paragraph(v.T("studytime.next", "When", when(v, next.Slot), "What", v.T(next.Part.Key()), "Course", next.Course)))
	}
	if len(parts) == 0 {
		return templ.NopComponent, nil
	}
	return ui.Section("study-time", v.T("studytime.mine"), append(parts, ui.LinkTo(v.T("studytime.to_mine"), address.MyStudyTime))...), nil
}

// Mine is one's own time to learn: what comes, and how it went.
func Mine(v *visit.Visit) error {
	times, err := studytime.Mine(v.Context(), v.Reader(), v.Viewer, v.Today-behind)
	if err != nil {
		return err
	}
	prepared, err := studytime.Preparations(v.Context(), v.Reader(), v.Viewer, v.Today-behind)
	if err != nil {
		return err
	}
	title := v.T("studytime.mine")
	f := v.Frame(title, ui.Crumb{Label: title})
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("studytime.mine_lead")}.View(v.Lang)}
	ahead := mine(v, "coming", "studytime.mine_coming")
	been := mine(v, "been", "studytime.mine_been")
	for _, t := range times {
		row := ui.Row{Cells: []ui.Cell{ui.Text(when(v, t.Slot)), {Text: t.Course, Href: visit.CoursePath(t.CourseSlug), Note: v.T(t.Part.Key())}, state(v, t)}}
		if t.Answerable(v.Now) {
			row.Cells[2].Slot = answered(v, row.Cells[2], answers(v, address.MyStudyTimeAnswer(t.ID), when(v, t.Slot), "had", t.Had))
			row.Cells[2].Tag, row.Cells[2].Note = nil, ""
		}
		if t.Day >= v.Today && !t.Answerable(v.Now) && t.Had == nil {
			ahead.Rows = append(ahead.Rows, row)
		} else {
			been.Rows = append(been.Rows, row)
		}
	}
	slices.Reverse(been.Rows)
	parts = append(parts, v.Table(ahead))
	if len(been.Rows) > 0 {
		parts = append(parts, v.Table(been))
	}
	if len(prepared) > 0 {
		t := ui.Table{ID: "prepared", Caption: v.T("studytime.prepared"), Note: v.T("studytime.prepared_note"), Columns: []ui.Column{{Label: v.T("studytime.day"), Keep: true}, {Label: v.T("studytime.course_day")}, {Label: v.T("studytime.prepared_ask")}}}
		for _, p := range slices.Backward(prepared) {
			cell := ui.Text(v.T("studytime.prepared_unsaid"))
			if p.AtWork != nil {
				cell = ui.Status(v.T("studytime.prepared_said_"+word[*p.AtWork]), ui.Plain)
			}
			if p.Answerable(v.Today) {
				cell = ui.Cell{Slot: answered(v, cell, answers(v, address.MyPreparation(p.CourseDayID), p.Course, "prepared", p.AtWork))}
			}
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.Lang.ShortDay(p.Day)), ui.Text(p.Course), cell}})
		}
		parts = append(parts, v.Table(t))
	}
	return v.Page(f, parts...)
}

// answered is what was said with what can be said instead.
func answered(v *visit.Visit, said ui.Cell, buttons templ.Component) templ.Component {
	first := ui.Paragraph(said.Text)
	if said.Tag != nil {
		first = said.Tag.View(v.Lang)
	}
	return templ.Join(first, buttons)
}

func mine(v *visit.Visit, id, caption string) ui.Table {
	return ui.Table{
		ID: id, Caption: v.T(caption),
		Columns: []ui.Column{{Label: v.T("studytime.when")}, {Label: v.T("people.person.course")}, {Label: v.T("round.status")}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: v.T("studytime.mine_none"), Text: v.T("studytime.mine_none_help")},
	}
}

// typedAnswer is yes or no, nil for neither.
func typedAnswer(v *visit.Visit) *bool {
	for yes, w := range word {
		if v.FormValue("answer") == w {
			return &yes
		}
	}
	return nil
}

// Answer says whether one got a time.
func Answer(v *visit.Visit) error {
	id, err := v.ID("time")
	if err != nil {
		return err
	}
	return said(v, func(tx *db.Tx) error {
		return studytime.Answer(v.Context(), tx, v.Viewer, id, typedAnswer(v), v.Now)
	})
}

// Prepared says whether one prepared a course day at work.
func Prepared(v *visit.Visit) error {
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	return said(v, func(tx *db.Tx) error {
		return studytime.Prepared(v.Context(), tx, v.Viewer, id, typedAnswer(v), v.Now)
	})
}

func said(v *visit.Visit, f func(tx *db.Tx) error) error {
	if err := v.Write(f); err != nil {
		return err
	}
	back := address.MyStudyTime
	if v.FormValue("back") == "/" {
		back = "/"
	}
	return v.Redirect(back, "notice.study_time_answered", "Day", v.Lang.Day(lastOfTerm(v.Today)))
}

// lastOfTerm is the last day on which one may say it anew.
func lastOfTerm(today clock.Day) clock.Day {
	_, last := studytime.Term(today.Year(), clock.TermOf(today))
	return last
}
