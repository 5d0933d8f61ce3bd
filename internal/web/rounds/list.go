package rounds

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/scheduling"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// roundsPerPage is what fits a laptop without scrolling.
const roundsPerPage = 30

// List is the list of those that the visitor may see: what comes first, and
// what is over or called off behind its tab.
func List(v *visit.Visit) error {
	courses, err := catalogue.AllCourses(v.Context(), v.Reader())
	if err != nil {
		return err
	}
	list := roundList{Visit: v, courses: courses, calm: visit.Learns(v.Office().Role)}
	if !list.calm {
		if list.journeys, err = catalogue.Journeys(v.Context(), v.Reader()); err != nil {
			return err
		}
		if list.regions, err = roundRegions(v); err != nil {
			return err
		}
	}
	filter := list.read()
	if filter.NearFirst = list.calm; !list.calm {
		filter.Given = round.Regionally // municipalities' own have a list of theirs
	}
	page, err := round.Rounds(v.Context(), v.Reader(), v.Viewer, filter)
	if err != nil {
		return err
	}
	region := v.Server.Country[filter.RegionID]
	if len(list.regions) == 0 {
		region, _ = v.RegionOf(v.Office())
	}
	f := v.Frame(v.T("round.title"), v.CrumbsOf(region, ui.Crumb{Label: v.T("round.title")})...)
	lead := ""
	if list.calm {
		lead = v.T("round.lead_calm")
	}
	parts := []templ.Component{
		ui.PageHead{Title: v.T("round.title"), Lead: lead, Action: scheduling.PlanAction(v)}.View(v.Lang),
		list.tabs().View(v.Lang),
		list.filter(page.Total).View(v.Lang),
	}
	if !list.calm {
		return v.Page(f, append(parts, list.table(page, filter).View(v.Lang))...)
	}
	near, err := list.near(page, filter)
	if err != nil {
		return err
	}
	return v.Page(f, append(parts, near...)...)
}

// roundRegions are the regions to choose among, in Swedish order; none for
// those who see the rounds of one region only.
func roundRegions(v *visit.Visit) ([]organisation.Organisation, error) {
	scope := access.Rounds(v.Viewer)
	if !scope.Everything && len(slices.Compact(slices.Sorted(slices.Values(scope.Regions)))) < 2 {
		return nil, nil
	}
	all, err := organisation.Regions(v.Context(), v.Reader())
	return slices.DeleteFunc(all, func(r organisation.Organisation) bool {
		return !scope.Covers(access.Place{RegionID: r.ID})
	}), err
}

// roundList is the page's list with what stands in its address.
type roundList struct {
	*visit.Visit
	courses  []catalogue.Course
	journeys []catalogue.Journey
	regions  []organisation.Organisation
	calm     bool

	phase  round.Phase // empty: all
	region string
	narrow bool // something is chosen beside the tab
}

// The region's choices beside the regions themselves.
const (
	everyRegion  = "all"
	nationalOnly = "national"
)

// allPhases is the tab of all rounds, whatever their phase.
const allPhases = "all"

// read takes the filter out of the address. What is there and unknown does not
// narrow: an old link shows more, not an error.
func (l *roundList) read() round.Filter {
	query := l.URL.Query()
	f := round.Filter{Today: l.Today, PerPage: roundsPerPage, Page: max(1, l.Number("page", 1)), Sort: query.Get("sort")}
	chosen := func(name string) string {
		value := query.Get(name)
		l.narrow = l.narrow || value != ""
		return value
	}
	for _, c := range l.courses {
		if c.Slug == chosen("course") {
			f.CourseID = c.ID
		}
	}
	for _, j := range l.journeys {
		if j.Slug == chosen("journey") {
			f.JourneyID = j.ID
		}
	}
	if status := round.Status(chosen("status")); slices.Contains(round.Statuses, status) {
		f.Status = status
	}
	f.From, f.Until = clock.Term(chosen("year"), chosen("term"), l.Today)
	f.RegionID = l.readRegion(query.Get("region"))

	switch show := query.Get("show"); {
	case show == string(round.Coming), show == string(round.Past), show == string(round.CalledOff):
		l.phase = round.Phase(show)
	case show == allPhases, f.From != 0, f.Status != "":
		// A link to a year or a status means all of it.
	default:
		l.phase = round.Coming
	}
	f.Phase = l.phase
	if f.Sort == "" && l.phase != round.Coming {
		f.Sort = "-day" // what was last is what one looks for
	}
	return f
}

// readRegion is the chosen region: the office's own until another is chosen.
func (l *roundList) readRegion(value string) int64 {
	l.region = value
	if len(l.regions) == 0 {
		return 0
	}
	switch value {
	case everyRegion:
		return 0
	case nationalOnly:
		l.narrow = true
		return round.OnlyNational
	}
	for _, r := range l.regions {
		if r.Slug == value {
			l.narrow = true
			return r.ID
		}
	}
	own, ok := l.Visit.RegionOf(l.Office())
	if l.region = everyRegion; ok && slices.ContainsFunc(l.regions, func(r organisation.Organisation) bool { return r.ID == own.ID }) {
		l.region = own.Slug
		return own.ID
	}
	return 0
}

func (l *roundList) tabs() ui.Tabs {
	tabs := ui.Tabs{Label: l.T("round.tabs")}
	phases := []string{string(round.Coming), string(round.Past), string(round.CalledOff)}
	current := string(l.phase)
	if current == "" {
		current = allPhases
	}
	if !l.calm {
		phases = append(phases, allPhases)
	}
	for _, phase := range phases {
		tabs.Items = append(tabs.Items, ui.Tab{
			Label: l.T("round.tab_" + phase), Href: ui.Address{Path: l.URL.Path, Query: l.withoutSort()}.With("show", phase), Current: phase == current,
		})
	}
	return tabs
}

// withoutSort is the query without its order: what comes and what is over are
// read from different ends.
func (l *roundList) withoutSort() url.Values {
	query := l.URL.Query()
	query.Del("sort")
	return query
}

func (l *roundList) filter(total int) ui.Filter {
	query := l.URL.Query()
	field := func(name string, all string, options ...ui.Option) ui.Field {
		return ui.Field{
			Input: ui.SelectInput, Name: name, Label: l.T("round.filter_" + name), Value: query.Get(name),
			Options: append([]ui.Option{{Label: all}}, options...),
		}
	}
	filter := ui.Filter{Label: l.T("round.filter"), Action: l.URL.Path, Result: l.T("round.count", "Count", total)}
	for _, name := range []string{"show", "sort"} {
		if value := query.Get(name); value != "" {
			filter.Hidden = append(filter.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	if l.narrow {
		filter.Clear = l.URL.Path
		if l.phase != round.Coming && l.phase != "" {
			filter.Clear += "?show=" + string(l.phase)
		}
	}
	var courses []ui.Option
	for _, c := range l.courses {
		if c.Days == 0 {
			continue // it has no rounds
		}
		courses = append(courses, ui.Option{Value: c.Slug, Label: c.Title()})
	}
	filter.Fields = []ui.Field{field("course", l.T("round.all_courses"), courses...)}
	if l.calm {
		return filter
	}
	var journeys, years, statuses []ui.Option
	for _, j := range l.journeys {
		journeys = append(journeys, ui.Option{Value: j.Slug, Label: j.Name})
	}
	for year := l.Today.Year() + 1; year > l.Today.Year()-6; year-- {
		years = append(years, ui.Option{Value: strconv.Itoa(year), Label: strconv.Itoa(year)})
	}
	for _, status := range round.Statuses {
		statuses = append(statuses, ui.Option{Value: string(status), Label: l.T(status.Key())})
	}
	filter.Fields = append(filter.Fields,
		field("journey", l.T("round.all_journeys"), journeys...),
		field("year", l.T("round.all_years"), years...),
		field("term", l.T("round.whole_year"), ui.Option{Value: clock.Spring, Label: l.T("round.spring")}, ui.Option{Value: clock.Autumn, Label: l.T("round.autumn")}),
		field("status", l.T("round.all_statuses"), statuses...),
	)
	if len(l.regions) > 0 {
		regions := []ui.Option{{Value: everyRegion, Label: l.T("round.all_regions")}, {Value: nationalOnly, Label: l.T("round.national_rounds")}}
		for _, r := range l.regions {
			regions = append(regions, ui.Option{Value: r.Slug, Label: r.Name})
		}
		filter.Fields = append(filter.Fields, ui.Field{
			Input: ui.SelectInput, Name: "region", Label: l.T("round.filter_region"), Value: l.region, Options: regions,
		})
	}
	return filter
}

func (l *roundList) table(page round.Page, f round.Filter) ui.Table {
	if f.Sort == "" {
		f.Sort = "day"
	}
	t := ui.Table{
		ID: "rounds", Caption: l.T("round.title"), QuietTitle: true, Address: l.Address(), Sorted: f.Sort, Dense: true,
		Empty: l.empty(), Pager: l.pager(page, f),
	}
	t.Columns = []ui.Column{{Label: l.T("round.course"), Key: "course"}, {Label: l.T("round.when"), Key: "day", Keep: true}}
	withRegion := len(l.regions) > 0 && f.RegionID == 0
	if withRegion {
		t.Columns = append(t.Columns, ui.Column{Label: l.T("round.region")})
	}
	t.Columns = append(t.Columns,
		ui.Column{Label: l.T("round.course_days"), Numeric: true}, ui.Column{Label: l.T("round.seats"), Numeric: true},
		ui.Column{Label: l.T("round.approved"), Numeric: true}, ui.Column{Label: l.T("round.status")})
	for _, r := range page.Rounds {
		approved := "" // until there is somebody to approve
		if r.Held == r.Days {
			approved = l.Lang.Number(int64(r.Approved))
		}
		seats := l.T("round.of", "Some", r.Seats, "All", r.Capacity)
		if r.CancelledAt != nil {
			seats = "" // nobody has one
		}
		status := statusTag(l.Visit, r)
		cells := []ui.Cell{ui.Link(r.Course+", "+r.Label, visit.RoundPath(r.ID)), ui.Text(l.Lang.TinyDay(r.FirstDay))}
		if withRegion {
			cells = append(cells, ui.Text(regionName(l.Visit, r)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells,
			ui.Text(l.Lang.Number(int64(r.Days))), ui.Text(seats), ui.Text(approved), ui.Cell{Tag: &status, Note: l.missing(r)})})
	}
	return t
}

func (l *roundList) pager(page round.Page, f round.Filter) *ui.Pager {
	return &ui.Pager{Address: l.Address(), Page: ui.LastPage(f.Page, page.Total, f.PerPage), PerPage: f.PerPage, Rows: page.Total}
}

// missing is what lacks in a round, for those who administer; empty when
// nothing does.
func (l *roundList) missing(r round.Round) string {
	switch status := r.Status(l.Today); {
	case r.CancelledAt == nil && r.LastDay < l.Today && r.Held < r.Days:
		return l.T("round.attendance_missing", "Count", r.Days-r.Held)
	case status == round.Held && r.Awaiting > 0:
		return l.T("round.awaiting", "Count", r.Awaiting)
	case (status == round.Open || status == round.Closed) && r.TooFew() > 0:
		return l.T("round.too_few", "Count", r.TooFew())
	}
	return ""
}

func (l *roundList) empty() ui.Empty {
	if l.narrow {
		return ui.Empty{
			Picture: ui.PictureSearch, Title: l.T("round.none_found"), Text: l.T("round.none_found_help"),
			Action: &ui.Action{Label: l.T("round.show_all"), Href: l.URL.Path, Kind: ui.Secondary},
		}
	}
	switch l.phase {
	case round.Past:
		return ui.Empty{Picture: ui.PictureCalendar, Title: l.T("round.none_past"), Text: l.T("round.none_past_help")}
	case round.CalledOff:
		return ui.Empty{Picture: ui.PictureCalendar, Title: l.T("round.none_cancelled"), Text: l.T("round.none_cancelled_help")}
	case round.Coming:
	}
	return ui.Empty{
		Picture: ui.PictureCalendar, Title: l.T("round.none_coming"), Text: l.T("round.none_coming_help"),
		Action: &ui.Action{Label: l.T("round.show_past"), Href: l.Address().With("show", string(round.Past)), Kind: ui.Secondary},
	}
}

// statusTag is where the round stands today.
func statusTag(v *visit.Visit, r round.Round) ui.Tag {
	if r.Local() {
		return localStatus(v, r)
	}
	status := r.Status(v.Today)
	tone := ui.Plain
	switch status {
	case round.Open, round.Approved:
		tone = ui.Positive
	case round.Closed:
		tone = ui.Caution
	case round.Confirmed, round.Held:
		tone = ui.Info
	case round.Cancelled:
		tone = ui.Negative
	case round.Planned:
	}
	return ui.Tag{Word: v.T(status.Key()), Tone: tone}
}

func regionName(v *visit.Visit, r round.Round) string {
	switch {
	case r.National():
		return v.T("round.national")
	case r.Local():
		return r.Giver()
	}
	return r.Region
}
