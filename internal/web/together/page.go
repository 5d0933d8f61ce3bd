package together

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/together"
	"yrkesresan/internal/web/rollcall"
	"yrkesresan/internal/web/study"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// mode is for whom a page is.
type mode string

// The screen on the wall, the trainer's telephone, a participant's.
const (
	onWall   mode = "screen"
	remote   mode = "remote"
	follower mode = "room"
)

// page is a day as one of the pages shows it.
type page struct {
	*visit.Visit
	together.Running
	mode mode
	day  round.Day
	at   int // the step that is shown first

	run       together.Run      // of a trainer
	code      attendance.Screen // of a trainer
	mine      attendance.OwnDay // of a participant
	completed bool              // they have the course
}

// practises tells whether the page moves alone, without the room: who holds the day can
// go through it before and afterwards.
func (p page) practises() bool { return p.Standing != together.Open }

// shown is the step to show: the screen's, or one that was asked for to practise.
func (p page) shown() int {
	if p.practises() && p.mode != follower {
		return max(0, min(p.Number("step", 0), len(p.Steps)-1))
	}
	return p.Screen.Step
}

func (p page) path(more ...string) string {
	return visit.DayPath(p.DayID, strings.Join(append([]string{"together"}, more...), "/"))
}

// self is the page's own address.
func (p page) self() string {
	switch p.mode {
	case onWall:
		return p.path()
	case remote:
		return p.path("remote")
	case follower:
	}
	return visit.DayPath(p.DayID, "room")
}

// stepTitle is what the step is called.
func (p page) stepTitle(s together.Step) string {
	if title := p.Words(s.Title); title != "" {
		return title
	}
	return p.T("together.kind." + string(s.Kind))
}

// stepNote says what kind of step it is and how long it takes.
func (p page) stepNote(s together.Step) string {
	note := p.T("together.kind." + string(s.Kind))
	if p.Words(s.Title) == "" {
		note = ""
	}
	if s.Minutes > 0 {
		note = strings.TrimPrefix(note+", "+p.T("workshop.minutes_n", "Count", s.Minutes), ", ")
	}
	return note
}

func (p page) html(w catalogue.Words) string { return p.Content.HTML(w, p.Lang.Code(), 3) }

func (p page) file(name string) string { return catalogue.MediaBase(p.EditionID) + name }

// isPicture tells whether the step's file is shown in its place.
func isPicture(name string) bool {
	return slices.ContainsFunc(catalogue.PictureKinds, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

func (p page) alt(name string) string { return p.Words(p.Content.Alt[name]) }

// task is the step's task as it is shown to all.
func (p page) task(s together.Step) templ.Component {
	return study.TaskBody(study.NewTaskView(p.Visit, p.Content, s.Task, catalogue.MediaBase(p.EditionID), learning.Progress{}))
}

// bodied tells whether the task's film, document or link belongs on this page: in a hall
// the film is on the wall, in a digital room everybody starts their own.
func (p page) bodied(s together.Step) bool {
	return p.mode == onWall || p.mode == follower && (p.day.Link != "" || s.Task.Kind != catalogue.FilmTask)
}

// own are the tasks that each does alone, of which the day says something or that follow it.
func (p page) own() (all []catalogue.Task) {
	for _, t := range p.Content.Tasks {
		if !t.Kind.Together() {
			all = append(all, t)
		}
	}
	return all
}

// undone are the tasks of the day's steps that the group has not said it has done.
func (p page) undone() (keys []string) {
	for _, s := range p.Steps {
		if s.Shared() && !p.run.Has(s.Task.Key) {
			keys = append(keys, s.Task.Key)
		}
	}
	return keys
}

// tells tells whether it can be said now what the group has done: on the day and after it.
func (p page) tells() bool { return p.Standing == together.Open || p.Standing == together.Over }

// left is how many seconds the step has left, as text; empty for a step that takes the
// time it takes. It is less than nothing when the time is out.
func (p page) left() string {
	until, timed := p.Screen.Until(p.Steps)
	if !timed || p.practises() {
		return ""
	}
	return strconv.FormatInt(int64(until-p.Now)/1e6, 10)
}

// timed tells whether the step has a time of its own, which can be made longer.
func (p page) timed() bool { return p.Steps[p.at].Minutes > 0 }

// until is when the step ends, in words.
func (p page) until() string {
	until, timed := p.Screen.Until(p.Steps)
	if !timed || p.practises() {
		return ""
	}
	return p.T("together.until", "At", p.Lang.Clock(until.Time().Hour()*60+until.Time().Minute()))
}

// begins is when the step begins by the run sheet, in words.
func (p page) begins(s together.Step) string {
	return p.T("together.at", "At", p.Lang.Clock(visit.Minutes(s.Starts)))
}

func (p page) arrived() string {
	return p.T("attendance.check_in.arrived", "Some", p.run.Sheet.Day.Attended, "All", len(p.run.Sheet.Enrolments))
}

// shownCode is the code while one can check in.
func (p page) shownCode() string {
	if p.closed() != "" {
		return ""
	}
	return p.typedCode()
}

func (p page) typedCode() string { return rollcall.TypedCode(p.code.Typed) }

func (p page) closed() string { return rollcall.WhyClosed(p.Visit, p.code) }

// notice says why the room does not follow.
func (p page) notice() *ui.Notice {
	switch {
	case p.mode == follower && p.Standing == together.Ahead:
		return &ui.Notice{Tone: ui.Info, Text: p.T("together.ahead_room", "Day", p.day.Day)}
	case p.mode == follower && p.Standing == together.Over:
		return &ui.Notice{Tone: ui.Info, Text: p.T("together.over_room", "Day", p.day.Day)}
	}
	switch p.Standing {
	case together.Ahead:
		return &ui.Notice{Tone: ui.Info, Text: p.T("together.ahead", "Day", p.day.Day)}
	case together.Over:
		return &ui.Notice{Tone: ui.Info, Text: p.T("together.over", "Day", p.day.Day)}
	case together.Cancelled:
		return &ui.Notice{Tone: ui.Caution, Text: p.T("round.is_cancelled")}
	case together.Open:
	}
	return nil
}

// ownWords is what the way to the step's task is called: to do it alone, or to read it.
func (p page) ownWords(s together.Step) string {
	if s.Shared() {
		return p.T("together.see_task", "Task", p.Words(s.Task.Title))
	}
	return p.T("together.do_own", "Task", p.Words(s.Task.Title))
}
