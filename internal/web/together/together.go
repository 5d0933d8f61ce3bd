package together

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	"yrkesresan/internal/together"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// held is the day in the address for those who hold it.
func held(v *visit.Visit, m mode) (page, error) {
	p := page{Visit: v, mode: m}
	id, err := v.ID("day")
	if err != nil {
		return p, err
	}
	if p.code, err = attendance.OnScreen(v.Context(), v.Server.DB, v.Viewer, id, v.Now); err != nil {
		return p, err
	}
	p.run, err = together.RunIn(v.Context(), v.Reader(), p.code.Sheet, v.Now)
	p.Running, p.day = p.run.Running, p.code.Day
	p.at = p.shown()
	return p, err
}

// followed is the day in the address for somebody with a seat on it.
func followed(v *visit.Visit) (page, error) {
	p := page{Visit: v, mode: follower}
	id, err := v.ID("day")
	if err != nil {
		return p, err
	}
	room, err := together.RoomOf(v.Context(), v.Reader(), v.Viewer, id, v.Now)
	p.Running, p.mine, p.day = room.Running, room.Mine, room.Mine.Day
	p.at = p.shown()
	return p, err
}

// Screen is what the projector shows: a step of the day at a time.
func Screen(v *visit.Visit) error {
	p, err := held(v, onWall)
	if err != nil {
		return err
	}
	if p.Content == nil {
		return empty(p)
	}
	if !v.Sent {
		v.W.Header().Set("Keep-List", "yes") // the worker may keep it for when there is no network
	}
	var text bytes.Buffer
	if err := screenPage(p).Render(v.Context(), &text); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.W.WriteHeader(statusOf(v))
	_, _ = text.WriteTo(v.W) // a browser that left is no fault of ours
	return nil
}

// statusOf is the status of a page that may show a refused form again.
func statusOf(v *visit.Visit) int {
	if v.Refused != nil {
		return visit.StatusOf(v.Refused.Kind)
	}
	return http.StatusOK
}

// Remote is the screen from a trainer's telephone, with what is for trainers alone.
func Remote(v *visit.Visit) error {
	p, err := held(v, remote)
	if err != nil {
		return err
	}
	if p.Content == nil {
		return empty(p)
	}
	title := v.T("together.remote")
	f := p.frame(title)
	head := ui.PageHead{Title: p.Course.Title(), Lead: v.T("together.remote_lead")}
	ways := ui.Buttons(v.Lang, []ui.Action{
		{Label: v.T("together.names"), Href: visit.DayPath(p.DayID, "attendance"), Kind: ui.Secondary},
		{Label: v.T("together.show_screen"), Href: p.path(), Kind: ui.Secondary},
	})
	return v.PageStatus(statusOf(v), f, head.View(v.Lang), remoteView(p), ways, scriptView())
}

// Room is the screen on a participant's telephone.
func Room(v *visit.Visit) error {
	p, err := followed(v)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("together.room"), ui.Crumb{Label: v.T("journey.title"), Href: visit.MyJourneyPath}, ui.Crumb{Label: p.Course.Short(), Href: visit.CoursePath(p.Course.Slug)}, ui.Crumb{Label: v.T("together.room")})
	f.Reading = true
	head := ui.PageHead{Title: p.Course.Title(), Lead: v.Lang.DayHours(p.day.Day, visit.Minutes(p.day.Starts), visit.Minutes(p.day.Ends))}
	if p.day.Link != "" && p.Standing == together.Open {
		head.Others = append(head.Others, ui.Action{Label: v.T("together.meeting"), Href: p.day.Link, Kind: ui.Secondary})
	}
	if p.Content == nil || p.Standing != together.Open {
		text := p.notice()
		if text == nil {
			text = &ui.Notice{Tone: ui.Info, Text: v.T("together.nothing_here")}
		}
		return v.Page(f, head.View(v.Lang), text.View(v.Lang), ui.Action{Label: v.T("learning.to_course"), Href: visit.CoursePath(p.Course.Slug), Kind: ui.Secondary}.View(v.Lang))
	}
	all, err := learning.Completions(v.Context(), v.Reader(), v.Viewer, v.Viewer.PersonID, v.Today)
	if err != nil {
		return err
	}
	for _, c := range all {
		p.completed = p.completed || c.CourseID == p.Course.ID
	}
	return v.Page(f, head.View(v.Lang), roomView(p), scriptView())
}

// empty is a day whose edition has nothing to show.
func empty(p page) error {
	head := ui.PageHead{Title: p.Course.Title(), Lead: p.run.Sheet.Label}
	return p.Page(p.frame(p.T("together.remote")), head.View(p.Lang), ui.Empty{
		Title: p.T("together.no_content"), Text: p.T("together.no_content_help"),
		Action: &ui.Action{Label: p.T("together.names"), Href: visit.DayPath(p.DayID, "attendance"), Kind: ui.Secondary},
	}.View(p.Lang))
}

func (p page) frame(title string) ui.Frame {
	name := p.run.Sheet.Course + ", " + p.run.Sheet.Label
	f := p.Frame(title, p.RoundCrumbs(p.run.Sheet.Round, ui.Crumb{Label: name, Href: visit.RoundPath(p.run.Sheet.ID)}, ui.Crumb{Label: title})...)
	f.Reading = true
	return f
}

// Move shows another step, or gives the one that is shown more time.
func Move(v *visit.Visit) error {
	p, err := steered(v)
	if err != nil {
		return err
	}
	to, more := v.Number("to", -1), v.Number("more", 0)
	if to == -1 && more > 0 {
		to = p.Screen.Step
	}
	if to == -1 {
		return p.answer(fault.Invalid("to", "together.nothing_chosen"))
	}
	err = v.Write(func(tx *db.Tx) error {
		return p.run.Move(v.Context(), tx, v.Viewer, to, more, v.Number("version", 0), v.Now)
	})
	if err == nil {
		v.Server.Screens.Tell(p.DayID)
	}
	return p.answer(err)
}

// steered is the day in the address for a form of those who hold it, with the page that it
// was sent from.
func steered(v *visit.Visit) (page, error) {
	return held(v, from(v))
}

func from(v *visit.Visit) mode {
	if v.PostForm.Get("from") == string(remote) {
		return remote
	}
	return onWall
}

// SteeredFrom is the page that a refused form was sent from.
func SteeredFrom(v *visit.Visit) error {
	if from(v) == remote {
		return Remote(v)
	}
	return Screen(v)
}

// answer is what a form of those who hold the day is answered: the script gets how the
// screen stands now, also when it was refused.
func (p page) answer(refused error) error {
	if p.Header.Get("Accept") != "application/json" {
		if refused != nil {
			return refused
		}
		return p.Redirect(p.self(), "")
	}
	f := fault.Of(refused)
	if refused != nil && f == nil {
		return refused
	}
	now, err := p.again()
	if err != nil {
		return err
	}
	s := now.state()
	status := http.StatusOK
	if f != nil {
		s.Text, status = now.why(f), visit.StatusOf(f.Kind)
	}
	return p.AnswerJSON(status, s)
}

// again is the day as it stands now, with the list as it was read.
func (p page) again() (page, error) {
	if p.code.ID == 0 {
		return held(p.Visit, p.mode)
	}
	var err error
	p.run, err = together.RunIn(p.Context(), p.Reader(), p.code.Sheet, p.Now)
	p.Running = p.run.Running
	return p, err
}

// why says what was refused; who moved the screen meanwhile, and where to.
func (p page) why(f *fault.Error) string {
	if f.Key != fault.Of(together.Moved).Key || p.Screen.MovedBy == nil {
		return p.T(f.Key, f.Args...)
	}
	names, err := people.Names(p.Context(), p.Reader(), []int64{*p.Screen.MovedBy})
	if err != nil {
		return p.T(f.Key)
	}
	return p.T("together.moved_by", "Name", names[*p.Screen.MovedBy], "Step", p.stepTitle(p.Steps[p.Screen.Step]))
}

// Tasks says which tasks the group has done together, or that it has not.
func Tasks(v *visit.Visit) error {
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	p := page{Visit: v, mode: from(v), Running: together.Running{DayID: id}}
	if len(v.PostForm["task"]) == 0 {
		if p, err = steered(v); err != nil {
			return err
		}
		return p.answer(fault.Invalid("task", "together.nothing_chosen"))
	}
	at := v.Now
	made, errMade := strconv.ParseInt(v.PostForm.Get("at"), 10, 64)
	sent, errSent := strconv.ParseInt(v.PostForm.Get("sent"), 10, 64)
	if errMade == nil && errSent == nil {
		at = clock.MadeAt(v.Now, made, sent)
	}
	err = v.Write(func(tx *db.Tx) error {
		for _, task := range v.PostForm["task"] {
			var err error
			if v.PostForm.Get("done") == "no" {
				err = attendance.UndoTogether(v.Context(), tx, v.Viewer, p.DayID, task, at, v.Now)
			} else {
				err = attendance.DoTogether(v.Context(), tx, v.Viewer, p.DayID, task, at, v.Now)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return p.answer(err)
}

// longest is how long a request for what comes next waits, and a trainer's, who also sees
// who arrives and the code of the moment.
const (
	longest   = 20 * time.Second
	shortWait = 5 * time.Second
)

// state is how the screen stands, for the script (assets/together.js).
type state struct {
	Version  int               `json:"version"`
	Step     int               `json:"step"`
	Left     *int              `json:"left"` // seconds
	Standing together.Standing `json:"standing"`
	Done     []string          `json:"done,omitempty"` // keys of tasks
	Arrived  string            `json:"arrived,omitempty"`
	Code     string            `json:"code,omitempty"`
	Closed   string            `json:"closed,omitempty"` // why nobody can check in
	Mine     bool              `json:"mine,omitempty"`   // the visitor made the last move
	Text     string            `json:"text,omitempty"`
}

func (p page) state() state {
	s := state{Version: p.Screen.Version, Step: p.Screen.Step, Standing: p.Standing}
	if left, err := strconv.Atoi(p.left()); err == nil {
		s.Left = &left
	}
	if p.mode == follower {
		return s
	}
	for _, d := range p.run.Done {
		s.Done = append(s.Done, d.Task)
	}
	s.Arrived, s.Closed = p.arrived(), p.closed()
	s.Mine = p.Screen.MovedBy != nil && *p.Screen.MovedBy == p.Viewer.PersonID
	if s.Closed == "" {
		s.Code = p.typedCode()
	}
	return s
}

// HeldState waits until the screen is moved, and tells how it stands, for those who hold
// the day.
func HeldState(v *visit.Visit) error {
	return next(v, shortWait, func() (page, error) { return held(v, onWall) })
}

// RoomState is HeldState for those who follow.
func RoomState(v *visit.Visit) error {
	return next(v, longest, func() (page, error) { return followed(v) })
}

// next answers at once when the screen has another version than the one that was seen, and
// otherwise when it is moved; when nobody moves it, after a while.
func next(v *visit.Visit, most time.Duration, read func() (page, error)) error {
	p, err := read()
	if err != nil {
		return v.RefuseJSON(err)
	}
	if seen := v.Number("seen", -1); p.Standing == together.Open && p.Screen.Version == seen {
		ctx, end := context.WithTimeout(v.Context(), most)
		screen, moved := v.Server.Screens.Next(ctx, v.Reader(), p.DayID, seen)
		end()
		v.Now = v.Server.Clock() // it has waited
		if moved && p.mode == follower {
			p.Screen = screen // nothing else of it can be another
		} else if p, err = read(); err != nil {
			return v.RefuseJSON(err)
		}
	}
	return v.AnswerJSON(http.StatusOK, p.state())
}
