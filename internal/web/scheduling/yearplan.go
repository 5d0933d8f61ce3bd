package scheduling

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// YearPlan is a region's term or year on one page: courses by months with their
// rounds, what lacks to the aim, the trainers that are needed and the rooms.
func YearPlan(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	p := planPage{Visit: v, region: region, year: v.Year(usualPlanYear(v)), term: v.URL.Query().Get("term"), sort: v.URL.Query().Get("sort")}
	p.from, p.until = clock.Term(strconv.Itoa(p.year), p.term, v.Today)
	if p.plan, err = round.Year(v.Context(), v.Reader(), v.Viewer, region.ID, p.year, p.from, p.until, v.Today); err != nil {
		return err
	}
	p.order()
	title := v.T("plan.title")
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: title})...)
	return v.Page(f,
		ui.PageHead{
			Title: v.T("plan.title_of", "Region", region.Name), Lead: p.lead(),
			Action: &ui.Action{Label: v.T("plan.new"), Href: visit.NewRoundPath(region)},
			Others: []ui.Action{{Label: v.T("room.title"), Href: visit.RegionPath(region, "rooms"), Kind: ui.Secondary}, {Label: v.T("plan.delivery_title"), Href: visit.RegionPath(region, "deliveries"), Kind: ui.Secondary}},
		}.View(v.Lang),
		p.tabs().View(v.Lang),
		p.figures().View(v.Lang),
		yearTable(p.table().View(v.Lang)),
		p.lacking(),
		p.roomTable(),
	)
}

// usualPlanYear is the year that one plans: the next from October on.
func usualPlanYear(v *visit.Visit) int {
	year, month, _ := v.Today.Date()
	if month >= 10 {
		year++
	}
	return year
}

type planPage struct {
	*visit.Visit
	region      organisation.Organisation
	year        int
	term        string // "vt", "ht", empty for the year
	sort        string
	from, until clock.Day
	plan        round.YearPlan
}

// lead says what lacks to the aim.
func (p *planPage) lead() string {
	missing := 0
	for _, c := range p.plan.Courses {
		missing += c.Missing()
	}
	if missing == 0 {
		return p.T("plan.aim_reached", "Aim", round.RoundsAYear, "Year", strconv.Itoa(p.year))
	}
	return p.T("plan.aim_missing", "Aim", round.RoundsAYear, "Year", strconv.Itoa(p.year), "Count", missing)
}

// order sorts the courses as the address says: by name unless told.
func (p *planPage) order() {
	next := func(c round.CourseYear) clock.Day {
		for _, r := range c.Rounds {
			if r.CancelledAt == nil && r.FirstDay >= p.Today {
				return r.FirstDay
			}
		}
		return clock.YearEnd(p.year + 100)
	}
	by := map[string]func(a, b round.CourseYear) int{
		"missing": func(a, b round.CourseYear) int { return cmp.Compare(b.Missing(), a.Missing()) },
		"next":    func(a, b round.CourseYear) int { return cmp.Compare(next(a), next(b)) },
		"team":    func(a, b round.CourseYear) int { return cmp.Compare(a.Team, b.Team) },
	}
	switch {
	case p.sort == "-course":
		slices.Reverse(p.plan.Courses)
	case by[p.sort] != nil:
		slices.SortStableFunc(p.plan.Courses, by[p.sort])
	case p.sort != "" && by[p.sort[1:]] != nil:
		slices.SortStableFunc(p.plan.Courses, by[p.sort[1:]])
		slices.Reverse(p.plan.Courses)
	default:
		p.sort = "course"
	}
}

// tabs are the years, and the terms of the chosen one.
func (p *planPage) tabs() ui.Tabs {
	tabs := ui.Tabs{Label: p.T("plan.terms")}
	add := func(label string, year int, term string) {
		query := url.Values{"year": {strconv.Itoa(year)}}
		if term != "" {
			query.Set("term", term)
		}
		if sort := p.URL.Query().Get("sort"); sort != "" {
			query.Set("sort", sort)
		}
		tabs.Items = append(tabs.Items, ui.Tab{Label: label, Href: p.URL.Path + "?" + query.Encode(), Current: year == p.year && term == p.term})
	}
	year := strconv.Itoa(p.year)
	add(strconv.Itoa(p.year-1), p.year-1, "")
	add(p.T("plan.spring_tab", "Year", year), p.year, clock.Spring)
	add(p.T("plan.autumn_tab", "Year", year), p.year, clock.Autumn)
	add(p.T("plan.year_tab", "Year", year), p.year, "")
	add(strconv.Itoa(p.year+1), p.year+1, "")
	return tabs
}

// figures are what the view adds up to; cancelled rounds are left out.
func (p *planPage) figures() ui.Figures {
	rounds, days, trainers, needed, seats, taken := 0, 0, 0, 0, 0, 0
	rooms := map[int64]bool{}
	for _, c := range p.plan.Courses {
		for _, r := range c.Rounds {
			if r.CancelledAt != nil {
				continue
			}
			rounds++
			seats, taken = seats+r.Capacity, taken+r.Seats
			for _, d := range r.CourseDays {
				days++
				trainers += d.Trainers
				needed += d.Lacks()
				if d.RoomID != 0 {
					rooms[d.RoomID] = true
				}
			}
		}
	}
	number := func(n int) string { return p.Lang.Number(int64(n)) }
	trainerNote := p.T("plan.trainers_enough")
	if needed > 0 {
		trainerNote = p.T("plan.trainers_lack", "Count", needed)
	}
	return ui.Figures{
		{Label: p.T("plan.rounds"), Value: number(rounds), Note: p.T("plan.seats_taken", "Some", taken, "All", seats)},
		{Label: p.T("plan.course_days"), Value: number(days)},
		{Label: p.T("plan.trainer_days"), Value: number(trainers), Note: trainerNote, Href: "#lacking"},
		{Label: p.T("plan.rooms_used"), Value: number(len(rooms)), Href: "#rooms"},
	}
}

// months are the first days of the months in view.
func (p *planPage) months() (all []clock.Day) {
	for day := p.from; day <= p.until; day = day.AddDate(0, 1, 0) {
		all = append(all, day)
	}
	return all
}

// addRound leads to planning one more round of the course, while one can begin.
func (p *planPage) addRound(c round.CourseYear) ui.Cell {
	if c.Ended(p.year, p.Today) {
		return ui.Cell{}
	}
	return ui.Cell{Text: p.T("plan.add_round"), Href: visit.NewRoundPath(p.region) + "?course=" + c.Slug, About: c.Title}
}

func (p *planPage) table() ui.Table {
	months := p.months()
	t := ui.Table{
		ID: "plan", Caption: p.T("plan.title_of", "Region", p.region.Name), QuietTitle: true, Dense: true, Address: p.Address(), Sorted: p.sort,
		Columns: []ui.Column{
			{Label: p.T("round.course"), Key: "course"}, {Label: p.T("plan.year_aim", "Year", strconv.Itoa(p.year)), Key: "missing"},
			{Label: p.T("plan.team"), Key: "team", Numeric: true}, {Label: p.T("plan.new"), Action: true},
		},
		Empty: ui.Empty{Picture: ui.PictureCalendar, Title: p.T("plan.no_courses"), Text: p.T("plan.no_courses_help")},
	}
	_, first, _ := p.from.Date()
	daysIn := make([]int, len(months))
	for _, m := range months {
		_, month, _ := m.Date()
		t.Columns = append(t.Columns, ui.Column{Label: p.T("plan.month_" + strconv.Itoa(int(month)))})
	}
	for _, c := range p.plan.Courses {
		entries := make([][]planEntry, len(months))
		for i := range c.Rounds {
			r := &c.Rounds[i]
			// A round stands in each month in which it has days.
			for j, d := range r.CourseDays {
				_, month, _ := d.Day.Date()
				at := int(month - first)
				if d.Day.Year() != p.year || at < 0 || at >= len(months) {
					at = len(months) - 1 // it goes on after the term
				}
				if r.CancelledAt == nil {
					daysIn[at]++
				}
				if n := len(entries[at]); n > 0 && entries[at][n-1].round == r {
					entries[at][n-1].days = append(entries[at][n-1].days, d.Day)
					continue
				}
				entries[at] = append(entries[at], planEntry{round: r, days: []clock.Day{d.Day}, first: j == 0})
			}
		}
		aim := ui.Cell{Text: p.T("plan.count", "Count", c.Planned)}
		if missing := c.Missing(); missing > 0 {
			aim = ui.Status(p.T("plan.missing", "Count", missing), ui.Caution)
		}
		row := []ui.Cell{{Text: c.Title, Note: retirement.Since(p.Visit, c.RetiredFrom)}, aim, ui.Text(p.Lang.Number(int64(c.Team))), p.addRound(c)}
		for i := range months {
			if len(entries[i]) == 0 {
				row = append(row, ui.Cell{})
				continue
			}
			row = append(row, ui.Cell{Slot: p.entries(entries[i])})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	t.Total = []ui.Cell{ui.Text(p.T("plan.course_days")), {}, {}, {}}
	for _, n := range daysIn {
		t.Total = append(t.Total, ui.Text(p.Lang.Number(int64(n))))
	}
	return t
}

// planEntry is a round's days in one month; first tells that they begin the
// round.
type planEntry struct {
	round *round.PlannedRound
	days  []clock.Day
	first bool
}

// dates are the entry's days of the month: "12, 13".
func (e planEntry) dates() string {
	words := ""
	for i, d := range e.days {
		if i > 0 {
			words += ", "
		}
		_, _, day := d.Date()
		words += strconv.Itoa(day)
	}
	return words
}

// lacking are the days to come that have too few trainers or no place.
func (p *planPage) lacking() templ.Component {
	t := ui.Table{
		ID: "lacking", Caption: p.T("plan.lacking"), Dense: true,
		Columns: []ui.Column{{Label: p.T("round.course")}, {Label: p.T("plan.day"), Keep: true}, {Label: p.T("plan.lacks")}, {Label: p.T("ui.change"), Action: true}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: p.T("plan.nothing_lacks"), Text: p.T("plan.nothing_lacks_help")},
	}
	for _, c := range p.plan.Courses {
		for _, r := range c.Rounds {
			if r.CancelledAt != nil {
				continue
			}
			for _, d := range r.CourseDays {
				words := ""
				if n := d.Lacks(); n > 0 {
					words = p.T("plan.lacks_trainers", "Count", n)
				}
				if d.RoomID == 0 && d.Place == "" {
					if words != "" {
						words += ", "
					}
					words += p.T("plan.lacks_place")
				}
				if words == "" || d.Day < p.Today {
					continue
				}
				t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
					{Text: c.Title, Note: r.Label}, ui.Text(p.Lang.ShortDay(d.Day)), ui.Text(words),
					{Text: p.T("ui.change"), Href: visit.RoundPath(r.ID, "edit"), About: c.Title + ", " + r.Label},
				}})
			}
		}
	}
	return p.Visit.Table(t)
}

// roomTable is how many days each room is used in the view.
func (p *planPage) roomTable() templ.Component {
	type use struct {
		name string
		id   int64
		days map[clock.Day]bool
	}
	var uses []*use
	for _, c := range p.plan.Courses {
		for _, r := range c.Rounds {
			if r.CancelledAt != nil {
				continue
			}
			for _, d := range r.CourseDays {
				name := d.Place
				if d.RoomID != 0 {
					name = p.plan.Rooms[d.RoomID]
				}
				if name == "" {
					continue
				}
				at := slices.IndexFunc(uses, func(u *use) bool { return u.id == d.RoomID && u.name == name })
				if at < 0 {
					uses = append(uses, &use{name: name, id: d.RoomID, days: map[clock.Day]bool{}})
					at = len(uses) - 1
				}
				uses[at].days[d.Day] = true
			}
		}
	}
	slices.SortStableFunc(uses, func(a, b *use) int { return cmp.Compare(len(b.days), len(a.days)) })
	t := ui.Table{
		ID: "rooms", Caption: p.T("plan.rooms_used"), Dense: true,
		Columns: []ui.Column{{Label: p.T("plan.room")}, {Label: p.T("plan.days"), Numeric: true}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: p.T("plan.no_rooms"), Text: p.T("plan.no_rooms_help")},
	}
	for _, u := range uses {
		name := ui.Text(u.name)
		if u.id != 0 {
			name.Href = visit.RoomPath(u.id)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(p.Lang.Number(int64(len(u.days))))}})
	}
	return p.Visit.Table(t)
}
