package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
)

// start answers "what do I do now?" for the office that the visitor acts in:
// one next thing, then what else waits, then the ways on.
func (s *Server) start(v *Visit) error {
	office := v.Office()
	todo, err := v.todo(office)
	if err == nil {
		todo, err = v.asTrainer(office, todo)
	}
	if err != nil {
		return err
	}
	f := v.Frame(v.T("start.title"))
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("start.hello", "Name", firstName(v.Viewer.Name))}.View(v.Lang),
		todo[0].View(v.Lang),
	}
	if rest := todo[1:]; len(rest) > 0 {
		parts = append(parts, section("later", v.T("start.later"), todoList(v.Lang, rest)))
	}
	return v.Page(f, append(parts, ways(v.Lang, append(v.menu(office)[1:], v.rareWays(office)...)))...)
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// todo is what the office has to do, the next thing first; never empty.
func (v *Visit) todo(o Office) ([]ui.NextThing, error) {
	switch o.Role {
	case access.Regional:
		return v.regionalTodo(o)
	case access.Trainer:
		return v.trainerTodo()
	case access.Manager:
		return v.managerTodo("start.manager", "/my/staff", people.Filter{UnitID: o.Grant.OrganisationID})
	case access.MunicipalAdmin:
		return v.localTodo(v.staffTodo("start.municipal_admin", "/municipalities/"+v.server.country[o.Grant.MunicipalityID].Slug,
			people.Filter{MunicipalityID: o.Grant.MunicipalityID}))
	case access.Steering:
		region, _ := v.region(o)
		year := v.Today.Year() - 1
		return []ui.NextThing{v.next("steering", fmt.Sprintf("/regions/%s/annual-report?year=%d", region.Slug, year), "Year", strconv.Itoa(year), "Region", region.Name)}, nil
	case access.Operator:
		return []ui.NextThing{v.next("operator", "/people")}, nil
	case access.Producer:
		return v.producerTodo()
	case access.National, access.NationalReader:
		return []ui.NextThing{v.next(string(o.Role), "/figures")}, nil
	case access.Employee:
	}
	return v.employeeTodo()
}

// next is a thing to do whose words are start.KEY, start.KEY_help (if there is
// one) and start.KEY_do.
func (v *Visit) next(key, href string, args ...any) ui.NextThing {
	n := ui.NextThing{
		Sentence: v.T("start."+key, args...),
		Action:   &ui.Action{Label: v.T("start."+key+"_do", args...), Href: href},
	}
	if v.Lang.Has("start." + key + "_help") {
		n.Help = v.T("start."+key+"_help", args...)
	}
	return n
}

// fewTodos is how much a start page lists.
const fewTodos = 6

func (v *Visit) regionalTodo(o Office) ([]ui.NextThing, error) {
	all, err := round.Todos(v.Context(), v.Reader(), v.Viewer, o.Grant.OrganisationID, v.Today, fewTodos)
	if err != nil {
		return nil, err
	}
	var things []ui.NextThing
	for _, t := range all {
		href := fmt.Sprintf("/rounds/%d", t.RoundID)
		switch t.Kind {
		case round.TodoAttendance:
			href = dayPath(t.DayID, "attendance")
		case round.TodoDeclined, round.TodoTrainers:
			href = dayPath(t.DayID, "trainers")
		case round.TodoApproval, round.TodoConfirmation:
		}
		things = append(things, v.next(string(t.Kind), href, "Course", t.Course, "Day", v.Lang.ShortDay(t.Day), "Seats", t.Seats))
	}
	if len(things) == 0 {
		things = append(things, v.next("regional", "/rounds"))
	}
	return things, nil
}

func (v *Visit) trainerTodo() ([]ui.NextThing, error) {
	pressing, coming, err := v.trainerThings(nil)
	if err != nil {
		return nil, err
	}
	if things := slices.Concat(pressing, coming); len(things) > 0 {
		return things[:min(len(things), fewTodos)], nil
	}
	return []ui.NextThing{v.next("trainer", "/my/days")}, nil
}

// asTrainer adds what presses for somebody who holds course days beside the
// office that they act in: a question that is not answered holds up a round.
func (v *Visit) asTrainer(o Office, todo []ui.NextThing) ([]ui.NextThing, error) {
	if !v.Viewer.Trainer || o.Role == access.Trainer {
		return todo, nil
	}
	pressing, _, err := v.trainerThings(todo)
	if err != nil {
		return nil, err
	}
	for _, p := range pressing {
		if !leadsTo(todo, p.Action.Href) {
			todo = append(todo, p)
		}
	}
	return todo, nil
}

func leadsTo(things []ui.NextThing, href string) bool {
	return slices.ContainsFunc(things, func(t ui.NextThing) bool { return t.Action != nil && t.Action.Href == href })
}

// trainerThings are what somebody has to do as a trainer: pressing is today's
// day, lists to fill in and questions to answer; then the days to come. A list of
// a round that told leads to is not asked for again.
func (v *Visit) trainerThings(told []ui.NextThing) (pressing, coming []ui.NextThing, err error) {
	days, err := trainer.MyDays(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return nil, nil, err
	}
	var today, asked, waiting []ui.NextThing
	for _, d := range days {
		switch {
		case d.CancelledAt != nil || d.HeldAt != nil || d.Standing == trainer.HasDeclined:
		case d.NeedsAnswer(v.Today):
			asked = append(asked, v.next("asked", myDayPath(d.ID), "Course", d.Course,
				"Day", v.Lang.ShortDay(d.Day), "Hours", hours(v, d.Starts, d.Ends), "Place", d.Place, "Role", strings.ToLower(v.T(d.Role.Key()))))
		case v.comesToday(d):
			today = append(today, v.next("trainer_today", myDayPath(d.ID), "Course", d.Course, "Hours", hours(v, d.Starts, d.Ends), "Place", d.Place, "Count", d.Participants))
		case d.Day <= v.Today && leadsTo(told, roundPath(d.RoundID)):
		case d.Day <= v.Today:
			waiting = append(waiting, v.next("attendance", fmt.Sprintf("/days/%d/attendance", d.ID), "Course", d.Course, "Day", v.Lang.ShortDay(d.Day)))
		default:
			coming = append(coming, v.next("trainer_day", myDayPath(d.ID), "Course", d.Course,
				"Day", v.Lang.ShortDay(d.Day), "Hours", hours(v, d.Starts, d.Ends), "Place", d.Place, "Count", d.Participants))
		}
	}
	meetings, err := trainer.MyMeetings(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range meetings {
		if m.NeedsAnswer(v.Today) {
			asked = append(asked, v.next("meeting", meetingPath(m.ID), "Title", m.Title, "Day", v.Lang.ShortDay(m.Day), "Hours", hours(v, m.Starts, m.Ends)))
		}
	}
	return slices.Concat(today, waiting, asked), coming, nil
}

// hours is "09:00" and "16:00" as the language writes it.
func hours(v *Visit, starts, ends string) string {
	minutes := func(s string) int {
		h, m, _ := strings.Cut(s, ":")
		hour, _ := strconv.Atoi(h)
		minute, _ := strconv.Atoi(m)
		return 60*hour + minute
	}
	return v.Lang.Hours(minutes(starts), minutes(ends))
}

// managerTodo puts the staff who wait for the manager's word before the staff.
func (v *Visit) managerTodo(key, href string, filter people.Filter) ([]ui.NextThing, error) {
	things, err := v.localTodo(v.staffTodo(key, href, filter))
	if err != nil {
		return nil, err
	}
	waiting, err := seat.Requests(v.Context(), v.Reader(), v.Viewer, v.Today, mostRequests)
	if err != nil || len(waiting) == 0 {
		return things, err
	}
	return append([]ui.NextThing{v.next("requests", "/my/requests", "Count", len(waiting), "Name", waiting[0].Name, "Course", waiting[0].Course)}, things...), nil
}

func (v *Visit) staffTodo(key, href string, filter people.Filter) ([]ui.NextThing, error) {
	_, total, err := people.List(v.Context(), v.Reader(), v.Viewer, filter, v.Today)
	if err != nil {
		return nil, err
	}
	if filter.UnitID != 0 && filter.UnitID == v.Viewer.Home.UnitID {
		total-- // a manager is not their own staff
	}
	if total == 0 {
		return []ui.NextThing{v.next(strings.TrimPrefix(key, "start.")+"_nobody", "/people")}, nil
	}
	return []ui.NextThing{v.next(strings.TrimPrefix(key, "start."), href, "Count", total)}, nil
}

// employeeTodo is what the employee's own page says: one rule answers both.
func (v *Visit) employeeTodo() ([]ui.NextThing, error) {
	way, err := journey.Of(v.Context(), v.Reader(), v.Viewer, v.Now)
	if err != nil {
		return nil, err
	}
	var things []ui.NextThing
	for _, t := range way.Things(v.Now) {
		things = append(things, v.nextThing(t))
	}
	return things[:min(len(things), fewTodos)], nil
}

// rareWays are the office's pages that are opened too seldom for the menu.
func (v *Visit) rareWays(o Office) []ui.NavItem {
	if o.Role == access.Regional || o.Role == access.Operator {
		return []ui.NavItem{{Label: v.T("token.title"), Href: "/tokens"}}
	}
	return nil
}
