package home

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/web/review"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/people"
	"yrkesresan/internal/protection"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/comings"
	"yrkesresan/internal/web/improvement"
	"yrkesresan/internal/web/learntime"
	"yrkesresan/internal/web/municipal"
	"yrkesresan/internal/web/nation"
	"yrkesresan/internal/web/production"
	"yrkesresan/internal/web/rollcall"
	"yrkesresan/internal/web/setup"
	"yrkesresan/internal/web/study"
	"yrkesresan/internal/web/trainers"
	"yrkesresan/internal/web/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Start answers "what do I do now?" for the office that the visitor acts in:
// one next thing, then what else waits, then the ways on.
func Start(v *visit.Visit) error {
	office := v.Office()
	todo, err := todoOf(v, office)
	if err == nil {
		todo, err = withRemarks(v, office, todo)
	}
	if err == nil {
		todo, err = asTrainer(v, office, todo)
	}
	if err != nil {
		return err
	}
	reviews, err := review.Todo(v)
	if err != nil {
		return err
	}
	tries, err := trial.Todo(v)
	if err != nil {
		return err
	}
	told, err := improvement.ToRead(v)
	if err != nil {
		return err
	}
	todo = withoutIdle(v, slices.Concat(asGroupOfficer(v, todo), reviews, tries, told))
	f := v.Frame(v.T("start.title"))
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("start.hello", "Name", firstName(v.Viewer.Name))}.View(v.Lang),
		todo[0].View(v.Lang),
	}
	if v.OwnAlone {
		title, text := v.T("entry.confirm.remembered"), v.T("entry.confirm.lead_remembered")
		if v.Server.Sessions.Shared(v.Context()) {
			title, text = v.T("tablet.shared"), v.T("tablet.shared_lead")
		}
		parts = append(parts, ui.Notice{
			Tone: ui.Info, Title: title, Text: text, Action: &ui.Action{Label: v.T("entry.confirm.again"), Href: visit.ConfirmTo("/")},
		}.View(v.Lang))
	}
	learns, err := learntime.Start(v)
	if err != nil {
		return err
	}
	parts = append(parts, learns)
	if rest := todo[1:]; len(rest) > 0 {
		parts = append(parts, ui.Section("later", v.T("start.later"), ui.TodoList(v.Lang, rest)))
	}
	waits, err := inLine(v, office, todo)
	if err != nil {
		return err
	}
	parts = append(parts, waits)
	return v.Page(f, append(parts, ui.Ways(v.T("start.ways"), append(v.Menu(office)[1:], rareWays(v, office)...)))...)
}

// inLine is where somebody who learns waits for a seat or for their manager's word,
// beside what is theirs to answer.
func inLine(v *visit.Visit, o visit.Office, todo []ui.NextThing) (templ.Component, error) {
	if !visit.Learns(o.Role) {
		return templ.NopComponent, nil
	}
	queue, err := seat.MyQueue(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return nil, err
	}
	lines := slices.DeleteFunc(study.Line(v, queue), func(t ui.NextThing) bool { return leadsTo(todo, t.Action.Href) })
	if len(lines) == 0 {
		return templ.NopComponent, nil
	}
	return ui.Section("in-line", v.T("signup.line"), ui.TodoList(v.Lang, lines)), nil
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// todoOf is what the office has to do, the next thing first; never empty.
func todoOf(v *visit.Visit, o visit.Office) ([]ui.NextThing, error) {
	switch o.Role {
	case access.Regional:
		return regionalTodo(v, o)
	case access.Trainer:
		return trainerTodo(v)
	case access.Manager:
		return guardTodo(v)(managerTodo(v, "start.manager", visit.StaffPath, people.Filter{UnitID: o.Grant.OrganisationID}))
	case access.MunicipalAdmin:
		return guardTodo(v)(localTodo(v, "start.municipal_admin", visit.MunicipalityPath(v.Server.Country[o.Grant.MunicipalityID]),
			people.Filter{MunicipalityID: o.Grant.MunicipalityID}))
	case access.DistrictAdmin:
		return guardTodo(v)(localTodo(v, "start.district_admin", visit.DistrictPath(o.Grant.OrganisationID), people.Filter{}))
	case access.Steering:
		if m, ok := v.Server.Country[o.Grant.MunicipalityID]; ok {
			return []ui.NextThing{v.Next("steering_municipality", visit.MunicipalityPath(m, "summary"), "Municipality", m.Name)}, nil
		}
		region, _ := v.RegionOf(o)
		year := v.Today.Year() - 1
		return []ui.NextThing{v.Next("steering", visit.InYear(visit.RegionPath(region, "annual-report"), year), "Year", strconv.Itoa(year), "Region", region.Name)}, nil
	case access.Operator:
		return operatorTodo(v)
	case access.Producer:
		return makersTodo(v)
	case access.National:
		return nationalTodo(v)
	case access.NationalReader:
		return []ui.NextThing{v.Next(string(o.Role), visit.FiguresPath)}, nil
	case access.Employee:
	}
	return employeeTodo(v)
}

func regionalTodo(v *visit.Visit, o visit.Office) ([]ui.NextThing, error) {
	things, err := roundTodo(v, o.Grant.OrganisationID)
	if err != nil {
		return nil, err
	}
	letters, err := nation.ToRead(v)
	if err != nil {
		return nil, err
	}
	things = append(things, letters...)
	if region, ok := v.RegionOf(o); ok {
		news, err := production.Todo(v, region)
		if err != nil {
			return nil, err
		}
		things = append(things, news...)
		without, err := municipal.UnadministeredTodo(v, region)
		if err != nil {
			return nil, err
		}
		things = append(things, without...)
		if things, err = comings.RegionTodo(v, region, things); err != nil {
			return nil, err
		}
		left, err := setup.Todo(v, region)
		if err != nil {
			return nil, err
		}
		things = append(left, things...)
	}
	if len(things) == 0 {
		things = append(things, v.Next("regional", visit.RoundsPath))
	}
	return things, nil
}

// operatorTodo begins with what is missing where the operator works, of whom there may be nobody
// else yet.
func operatorTodo(v *visit.Visit) (things []ui.NextThing, err error) {
	if region, ok := v.Server.Country[v.Viewer.Home.RegionID]; ok {
		if things, err = setup.Todo(v, region); err != nil {
			return nil, err
		}
	}
	return append(things, v.Next("operator", visit.PeoplePath)), nil
}

// roundTodo is what waits with the rounds of the region, or with the national ones (0).
func roundTodo(v *visit.Visit, regionID int64) (things []ui.NextThing, err error) {
	all, err := round.Todos(v.Context(), v.Reader(), v.Viewer, regionID, v.Today, visit.FewTodos)
	for _, t := range all {
		href := visit.RoundPath(t.RoundID)
		switch t.Kind {
		case round.TodoAttendance:
			href = visit.DayPath(t.DayID, "attendance")
		case round.TodoDeclined, round.TodoTrainers:
			href = visit.DayPath(t.DayID, "trainers")
		case round.TodoApproval, round.TodoConfirmation:
		}
		things = append(things, v.Next(string(t.Kind), href, "Course", t.Course, "Day", v.Lang.ShortDay(t.Day), "Seats", t.Seats))
	}
	return things, err
}

// makersTodo is what waits for those who make courses: what the plan promised and is not there, the drafts that
// somebody is at work on, the latest first, and the figures.
func makersTodo(v *visit.Visit) ([]ui.NextThing, error) {
	things, err := production.LateTodo(v)
	if err != nil {
		return nil, err
	}
	for _, more := range []func(*visit.Visit) ([]ui.NextThing, error){improvement.TasksTodo, improvement.LookTodo, review.ToAnswer, improvement.Todo} {
		some, err := more(v)
		if err != nil {
			return nil, err
		}
		things = append(things, some...)
	}
	all, err := catalogue.States(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s catalogue.State) bool { return s.DraftChanged == nil })
	slices.SortStableFunc(all, func(a, b catalogue.State) int { return cmp.Compare(*b.DraftChanged, *a.DraftChanged) })
	for _, s := range all[:min(len(all), visit.FewTodos)] {
		things = append(things, v.Next("draft", visit.WorkshopPath(s.Course), "Course", s.Course.Title(), "When", v.Lang.DayTime(*s.DraftChanged)))
	}
	return append(things, v.Next(string(access.Producer), visit.FiguresPath)), nil
}

// nationalTodo is what waits in the nation: regions without anybody, letters that came
// back, national rounds and drafts; and the figures.
func nationalTodo(v *visit.Visit) ([]ui.NextThing, error) {
	things, err := nation.Todo(v)
	if err != nil {
		return nil, err
	}
	rounds, err := roundTodo(v, 0)
	if err != nil {
		return nil, err
	}
	drafts, err := makersTodo(v)
	if err != nil {
		return nil, err
	}
	things = append(things, rounds...)
	return append(append(things, drafts[:len(drafts)-1]...), v.Next(string(access.National), visit.FiguresPath)), nil
}

func trainerTodo(v *visit.Visit) ([]ui.NextThing, error) {
	pressing, coming, err := trainerThings(v, nil)
	if err != nil {
		return nil, err
	}
	if things := slices.Concat(pressing, coming); len(things) > 0 {
		return things[:min(len(things), visit.FewTodos)], nil
	}
	return []ui.NextThing{v.Next("trainer", visit.MyDaysPath)}, nil
}

// asTrainer adds what presses for somebody who holds course days beside the
// office that they act in: a question that is not answered holds up a round.
func asTrainer(v *visit.Visit, o visit.Office, todo []ui.NextThing) ([]ui.NextThing, error) {
	if !v.Viewer.Trainer || o.Role == access.Trainer {
		return todo, nil
	}
	pressing, _, err := trainerThings(v, todo)
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

// asGroupOfficer adds what somebody does for a group of municipalities beside their office.
func asGroupOfficer(v *visit.Visit, todo []ui.NextThing) []ui.NextThing {
	for _, g := range v.Viewer.Groups {
		page := map[access.GroupOffice]string{access.GroupAdministrator: "plan", access.GroupSteering: "figures"}[g.Office]
		if page == "" {
			continue
		}
		todo = append(todo, v.Next("group_"+string(g.Office), groupPath(v, g, page), "Group", g.Name))
	}
	return todo
}

// withoutIdle leaves out that somebody has nothing to do for themselves when something else waits.
func withoutIdle(v *visit.Visit, todo []ui.NextThing) []ui.NextThing {
	if len(todo) > 1 && todo[0].Sentence == study.NextThing(v, journey.Thing{Kind: journey.Nothing}).Sentence {
		return todo[1:]
	}
	return todo
}

func groupPath(v *visit.Visit, g access.Group, pages ...string) string {
	return address.RegionGroups(v.Server.Country[g.RegionID].Slug, append([]string{g.Slug}, pages...)...)
}

func leadsTo(things []ui.NextThing, href string) bool {
	return slices.ContainsFunc(things, func(t ui.NextThing) bool { return t.Action != nil && t.Action.Href == href })
}

// trainerThings are what somebody has to do as a trainer: pressing is today's
// day, lists to fill in and questions to answer; then the days to come. A list of
// a round that told leads to is not asked for again.
func trainerThings(v *visit.Visit, told []ui.NextThing) (pressing, coming []ui.NextThing, err error) {
	days, err := trainer.MyDays(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return nil, nil, err
	}
	var today, asked, waiting []ui.NextThing
	for _, d := range days {
		switch {
		case d.CancelledAt != nil || d.HeldAt != nil || d.Standing == trainer.HasDeclined:
		case d.NeedsAnswer(v.Today):
			asked = append(asked, v.Next("asked", visit.MyDayPath(d.ID), "Course", d.Course,
				"Day", v.Lang.ShortDay(d.Day), "Hours", visit.Hours(v, d.Starts, d.Ends), "Place", d.Place, "Role", strings.ToLower(v.T(d.Role.Key()))))
		case trainers.ComesToday(v, d):
			today = append(today, v.Next("trainer_today", visit.MyDayPath(d.ID), "Course", d.Course, "Hours", visit.Hours(v, d.Starts, d.Ends), "Place", d.Place, "Count", d.Participants))
		case d.Day <= v.Today && leadsTo(told, visit.RoundPath(d.RoundID)):
		case d.Day <= v.Today:
			waiting = append(waiting, v.Next("attendance", visit.DayPath(d.ID, "attendance"), "Course", d.Course, "Day", v.Lang.ShortDay(d.Day)))
		default:
			coming = append(coming, v.Next("trainer_day", visit.MyDayPath(d.ID), "Course", d.Course,
				"Day", v.Lang.ShortDay(d.Day), "Hours", visit.Hours(v, d.Starts, d.Ends), "Place", d.Place, "Count", d.Participants))
		}
	}
	meetings, err := trainer.MyMeetings(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range meetings {
		if m.NeedsAnswer(v.Today) {
			asked = append(asked, v.Next("meeting", visit.MeetingPath(m.ID), "Title", m.Title, "Day", v.Lang.ShortDay(m.Day), "Hours", visit.Hours(v, m.Starts, m.Ends)))
		}
	}
	return slices.Concat(today, waiting, asked), coming, nil
}

// guardTodo puts what waits for a word on people whose identity is protected before the rest,
// for who is named to look after them: not who they are.
func guardTodo(v *visit.Visit) func([]ui.NextThing, error) ([]ui.NextThing, error) {
	return func(things []ui.NextThing, err error) ([]ui.NextThing, error) {
		if err != nil {
			return nil, err
		}
		m, waiting, err := protection.Waiting(v.Context(), v.Reader(), v.Viewer, v.Today)
		if err != nil || waiting == 0 {
			return things, err
		}
		return append([]ui.NextThing{v.Next("guard", visit.MunicipalityPath(v.Server.Country[m], "protected"), "Count", waiting)}, things...), nil
	}
}

// managerTodo puts the staff who wait for the manager's word before the staff.
func managerTodo(v *visit.Visit, key, href string, filter people.Filter) ([]ui.NextThing, error) {
	things, err := localTodo(v, key, href, filter)
	if err != nil {
		return nil, err
	}
	if things, err = comings.Todo(v, things); err != nil {
		return nil, err
	}
	waiting, err := seat.Requests(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil || len(waiting) == 0 {
		return things, err
	}
	return append([]ui.NextThing{v.Next("requests", visit.RequestsPath, "Count", len(waiting), "Name", waiting[0].Name, "Course", waiting[0].Course)}, things...), nil
}

// localTodo puts the local days whose list is not saved before the staff.
func localTodo(v *visit.Visit, key, href string, filter people.Filter) ([]ui.NextThing, error) {
	things, err := staffTodo(v, key, href, filter)
	if err != nil {
		return nil, err
	}
	return rollcall.LocalTodo(v, things)
}

func staffTodo(v *visit.Visit, key, href string, filter people.Filter) ([]ui.NextThing, error) {
	total, err := people.Count(v.Context(), v.Reader(), v.Viewer, filter, v.Today)
	if err != nil {
		return nil, err
	}
	if filter.UnitID != 0 && filter.UnitID == v.Viewer.Home.UnitID {
		total-- // a manager is not their own staff
	}
	if total == 0 {
		return []ui.NextThing{v.Next(strings.TrimPrefix(key, "start.")+"_nobody", visit.PeoplePath)}, nil
	}
	return []ui.NextThing{v.Next(strings.TrimPrefix(key, "start."), href, "Count", total)}, nil
}

// employeeTodo is what the employee's own page says: one rule answers both.
func employeeTodo(v *visit.Visit) ([]ui.NextThing, error) {
	way, err := journey.Of(v.Context(), v.Reader(), v.Viewer, v.Now)
	if err != nil {
		return nil, err
	}
	var things []ui.NextThing
	for _, t := range way.Things(v.Now) {
		things = append(things, study.NextThing(v, t))
	}
	return things[:min(len(things), visit.FewTodos)], nil
}

// workingWays are those around time to learn and the wish to teach.
func workingWays(v *visit.Visit, o visit.Office) (ways []ui.NavItem) {
	if visit.Learns(o.Role) || o.Role == access.Trainer {
		ways = append(ways, ui.NavItem{Key: "my_study_time", Label: v.T("studytime.mine"), Href: address.MyStudyTime}, ui.NavItem{Key: "my_teaching", Label: v.T("comings.mine"), Href: address.MyTeaching})
	}
	switch m, ok := v.Server.Country[o.Grant.MunicipalityID]; {
	case o.Role == access.Manager || o.Role == access.MunicipalAdmin || o.Role == access.DistrictAdmin:
		ways = append(ways, ui.NavItem{Key: "study_time", Label: v.T("studytime.title"), Href: address.StudyTime}, ui.NavItem{Key: "trainer_wishes", Label: v.T("comings.wishes"), Href: address.TrainerWishes})
	case ok && o.Role == access.Steering:
		ways = append(ways, ui.NavItem{Key: "study_sums", Label: v.T("studytime.title"), Href: address.MunicipalityStudyTime(m.Slug)})
	default:
		if region, ok := v.RegionOf(o); ok && (o.Role == access.Regional || o.Role == access.Steering) {
			ways = append(ways, ui.NavItem{Key: "study_sums", Label: v.T("studytime.title"), Href: address.RegionStudyTime(region.Slug)})
		}
		if home, ok := v.Server.Country[v.Viewer.Home.MunicipalityID]; ok && o.Role == access.Steering { // who leads the social services there
			ways = append(ways, ui.NavItem{Key: "study_sums_home", Label: v.T("studytime.sums_of", "Place", home.Name), Href: address.MunicipalityStudyTime(home.Slug)})
		}
	}
	return ways
}

// rareWays are the office's pages that are opened too seldom for the menu.
func rareWays(v *visit.Visit, o visit.Office) []ui.NavItem {
	ways := []ui.NavItem{{Key: "my_page", Label: v.T("ui.my_page"), Href: visit.MyPagePath}, {Key: "production", Label: v.T("production.title"), Href: address.Production}}
	ways = append(ways, workingWays(v, o)...)
	for i, g := range v.Viewer.Groups {
		if i == 0 || v.Viewer.Groups[i-1].ID != g.ID {
			ways = append(ways, ui.NavItem{Key: "groups", Label: g.Name, Href: groupPath(v, g)})
		}
	}
	if region, ok := v.RegionOf(o); ok && (o.Role == access.Regional || o.Role == access.Steering && o.Grant.Level == access.Region) {
		ways = append(ways, ui.NavItem{Key: "groups", Label: v.T("groups.title"), Href: address.RegionGroups(region.Slug)})
	}
	if o.Role == access.Regional || o.Role == access.Producer || o.Role == access.National {
		ways = append(ways, ui.NavItem{Key: "wishes", Label: v.T("improvement.wishes"), Href: address.Wishes})
	}
	if o.Role == access.Regional {
		ways = append(ways, ui.NavItem{Key: "circulars", Label: v.T("nation.inbox"), Href: address.Circulars})
		if region, ok := v.RegionOf(o); ok {
			ways = append(ways, ui.NavItem{Key: "edition_news", Label: v.T("production.news"), Href: address.RegionNews(region.Slug)},
				ui.NavItem{Key: "starts", Label: v.T("launch.starts"), Href: address.RegionStarts(region.Slug)})
		}
	}
	if !access.HelpIn(v.Viewer).Empty() && (o.Role == access.MunicipalAdmin || o.Role == access.DistrictAdmin || o.Role == access.Regional || o.Role == access.Operator) {
		ways = append(ways, ui.NavItem{Key: "sign_ins", Label: v.T("entry.help.title"), Href: visit.SignInsPath})
	}
	if region, ok := v.Server.Country[v.Viewer.Home.RegionID]; ok && o.Role == access.Operator {
		ways = append(ways, ui.NavItem{Key: "setup", Label: v.T("nav.setup"), Href: address.RegionSetup(region.Slug)})
	} else if region, ok := v.RegionOf(o); ok && o.Role == access.Regional {
		ways = append(ways, ui.NavItem{Key: "setup", Label: v.T("nav.setup"), Href: address.RegionSetup(region.Slug)})
	}
	if o.Role == access.Regional || o.Role == access.Operator {
		ways = append(ways, ui.NavItem{Key: "tokens", Label: v.T("entry.token.title"), Href: visit.TokensPath})
	}
	return ways
}
