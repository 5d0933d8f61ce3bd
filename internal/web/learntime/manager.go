package learntime

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/studytime"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const perPage = 60

// Duration is minutes in words: "2 tim 30 min".
func Duration(v *visit.Visit, minutes int) string {
	var words []string
	if h := minutes / 60; h > 0 {
		words = append(words, v.T("studytime.hours_n", "Count", h))
	}
	if m := minutes % 60; m > 0 || minutes == 0 {
		words = append(words, v.T("studytime.minutes_n", "Count", m))
	}
	return strings.Join(words, " ")
}

// when is a slot in words.
func when(v *visit.Visit, s studytime.Slot) string {
	return v.Lang.DayHours(s.Day, visit.Minutes(s.Starts), visit.Minutes(s.Ends))
}

// crumbs lead from the nation over the visitor's office to the page.
func crumbs(v *visit.Visit, more ...ui.Crumb) []ui.Crumb {
	office := v.OfficeCrumbs("")
	return append(office[:len(office)-1:len(office)-1], more...)
}

// Days are the course days around which the visitor sets time for their staff.
func Days(v *visit.Visit) error {
	all, err := studytime.Days(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	title := v.T("studytime.title")
	head := ui.PageHead{Title: title, Lead: v.T("studytime.lead"), Others: []ui.Action{{Label: v.T("studytime.hours_title"), Href: address.StudyTimeHours(), Kind: ui.Secondary}}}
	if m, ok := v.Server.Country[v.Office().Grant.MunicipalityID]; ok {
		head.Others = append(head.Others, ui.Action{Label: v.T("studytime.sums_of", "Place", m.Name), Href: address.MunicipalityStudyTime(m.Slug), Kind: ui.Secondary})
		if !access.LearningProjects(v.Viewer).Empty() {
			head.Others = append(head.Others, ui.Action{Label: v.T("studytime.project.title"), Href: address.RegionProjects(v.Server.Country[m.RegionID].Slug), Kind: ui.Secondary})
		}
	}
	coming := slices.IndexFunc(all, func(d studytime.Day) bool { return d.Day >= v.Today })
	if coming < 0 {
		coming = len(all)
	}
	past := slices.Clone(all[:coming])
	slices.Reverse(past)
	shown, pager := visit.Paged(v, all[coming:], perPage)
	ahead := days(v, "coming", "studytime.coming", shown)
	ahead.Pager = pager
	parts := []templ.Component{head.View(v.Lang), v.Table(ahead)}
	if len(past) > 0 {
		parts = append(parts, v.Table(days(v, "past", "studytime.past", past)))
	}
	return v.Page(v.Frame(title, v.OfficeCrumbs(title)...), parts...)
}

func days(v *visit.Visit, id, caption string, all []studytime.Day) ui.Table {
	t := ui.Table{
		ID: id, Caption: v.T(caption), Dense: true,
		Columns: []ui.Column{{Label: v.T("studytime.course_day")}, {Label: v.T("studytime.when"), Keep: true}, {Label: v.T("studytime.yours"), Numeric: true}, {Label: v.T("studytime.have_time"), Numeric: true}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: v.T("studytime.no_days"), Text: v.T("studytime.no_days_help"), Action: &ui.Action{Label: v.T("studytime.to_staff"), Href: visit.StaffPath, Kind: ui.Secondary}},
	}
	for _, d := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: d.Course, Href: address.StudyTimeDay(d.ID), About: when(v, d.Slot)}, ui.Text(when(v, d.Slot)), v.NumberCell(d.People), v.NumberCell(d.Given),
		}})
	}
	return t
}

// sheet is the page of one course day.
type sheet struct {
	*visit.Visit
	studytime.Sheet
	part  studytime.Part
	parts []studytime.Part
}

func sheetInAddress(v *visit.Visit) (*sheet, error) {
	id, err := v.ID("day")
	if err != nil {
		return nil, err
	}
	s := &sheet{Visit: v}
	if s.Sheet, err = studytime.SheetOf(v.Context(), v.Reader(), v.Viewer, id, v.Today); err != nil {
		return nil, err
	}
	for _, part := range studytime.Parts {
		if slices.ContainsFunc(s.People, func(p studytime.Person) bool { return p.Teaches == (part == studytime.Teaching) }) {
			s.parts = append(s.parts, part)
		}
	}
	if len(s.parts) > 0 {
		s.part = s.parts[0]
		if s.Slot.Day < v.Today && len(s.parts) > 1 { // what comes after is what is left
			s.part = s.parts[1]
		}
	}
	if asked := studytime.Part(v.FormValue("part")); slices.Contains(s.parts, asked) {
		s.part = asked
	}
	return s, nil
}

// Sheet is where time is set around a course day.
func Sheet(v *visit.Visit) error {
	s, err := sheetInAddress(v)
	if err != nil {
		return err
	}
	for _, p := range s.People {
		v.Saw(p.ID)
	}
	title := v.T("studytime.around", "Course", s.Course)
	f := v.Frame(title, crumbs(v, ui.Crumb{Label: v.T("studytime.title"), Href: address.StudyTime}, ui.Crumb{Label: s.Course})...)
	head := ui.PageHead{Title: title, Lead: when(v, s.Slot), Others: []ui.Action{{Label: v.T("studytime.to_round"), Href: visit.RoundPath(s.RoundID), Kind: ui.Secondary}}}
	parts := []templ.Component{head.View(v.Lang), s.needs()}
	switch {
	case s.Cancelled:
		parts = append(parts, ui.Notice{Tone: ui.Info, Text: v.T("studytime.cancelled")}.View(v.Lang))
	case len(s.parts) > 0:
		parts = append(parts, s.tabs(), s.form())
	}
	return v.Page(f, append(parts, v.Table(s.set()))...)
}

// needs say how much time the edition asks for.
func (s *sheet) needs() templ.Component {
	var facts ui.Summary
	for _, part := range []studytime.Part{studytime.Before, studytime.After} {
		value := s.T("studytime.unsaid")
		if n := s.Needs[part]; n > 0 {
			value = Duration(s.Visit, n)
		}
		facts = append(facts, ui.Fact{Term: s.T("studytime.need." + string(part)), Value: value})
	}
	return facts.View(s.Lang)
}

func (s *sheet) tabs() templ.Component {
	tabs := ui.Tabs{Label: s.T("studytime.for_what")}
	for _, part := range s.parts {
		tabs.Items = append(tabs.Items, ui.Tab{Label: s.T(part.Key()), Href: address.StudyTimeDay(s.Sheet.ID) + "?part=" + string(part), Current: part == s.part})
	}
	return tabs.View(s.Lang)
}

func (s *sheet) form() templ.Component {
	proposed, ok := studytime.Proposal(s.part, s.Needs[s.part], s.Slot, s.Today)
	var note templ.Component = templ.NopComponent
	if !ok {
		proposed, note = studytime.Slot{}, ui.Paragraph(s.T("studytime.no_day_left"))
	}
	day := ""
	if ok {
		day = proposed.Day.String()
	}
	who := ui.Field{Input: ui.CheckInput, Name: "person", Label: s.T("studytime.for_whom"), Error: s.Wrong("person")}
	for _, p := range s.People {
		if p.Teaches != (s.part == studytime.Teaching) {
			continue
		}
		has, need := p.Set[s.part], s.Needs[s.part]
		hint := s.T("studytime.has", "Time", Duration(s.Visit, has))
		if need > 0 && s.part != studytime.Teaching {
			hint = s.T("studytime.has_of", "Time", Duration(s.Visit, has), "Need", Duration(s.Visit, need))
		}
		who.Options = append(who.Options, ui.Option{Value: visit.ID(p.ID), Label: p.Name, Hint: p.Unit + " · " + hint})
		if !s.Sent && (has == 0 || has < need && s.part != studytime.Teaching) {
			who.Values = append(who.Values, visit.ID(p.ID))
		}
	}
	if s.Sent {
		who.Values = s.PostForm["person"]
	}
	fields := []ui.Field{
		who,
		{Input: ui.DateInput, Name: "day", Label: s.T("studytime.day"), Value: s.Typed("day", day), Error: s.Wrong("day")},
		{Input: ui.TimeInput, Name: "starts", Label: s.T("studytime.starts"), Value: s.Typed("starts", proposed.Starts), Error: s.Wrong("starts")},
		{Input: ui.TimeInput, Name: "ends", Label: s.T("studytime.ends"), Value: s.Typed("ends", proposed.Ends), Error: s.Wrong("ends")},
	}
	s.NameErrors(visit.Labelled(fields...))
	form := ui.Form(address.StudyTimeDay(s.Sheet.ID), s.T("studytime.set_do"), []ui.Hidden{{Name: "part", Value: string(s.part)}}, fields...)
	return ui.Section("set", s.T("studytime.set."+string(s.part)), note, form.View(s.Lang))
}

// set is the time that is set around the day.
func (s *sheet) set() ui.Table {
	t := ui.Table{
		ID: "times", Caption: s.T("studytime.times"), Dense: true,
		Columns: []ui.Column{{Label: s.T("people.name")}, {Label: s.T("studytime.for_what")}, {Label: s.T("studytime.when"), Keep: true}, {Label: s.T("round.status")}, {Label: s.T("studytime.take_back"), Action: true}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: s.T("studytime.no_times"), Text: s.T("studytime.no_times_help")},
	}
	for _, each := range s.Times {
		s.Saw(each.PersonID)
		row := ui.Row{Cells: []ui.Cell{{Text: each.Person, Href: visit.PersonPath(each.PersonID), Note: each.Unit}, ui.Text(s.T(each.Part.Key())), ui.Text(when(s.Visit, each.Slot)), state(s.Visit, each), {}}}
		if each.PersonID != s.Viewer.PersonID && (each.Coming(s.Now) || each.Lapsed() != "") {
			row.Cells[4].Slot = ui.Action{Label: s.T("studytime.take_back"), About: each.Person + ", " + when(s.Visit, each.Slot), Href: address.StudyTimeRemoval(each.ID), Post: true, Kind: ui.Secondary, Small: true}.View(s.Lang)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// state is where a time stands, as a word.
func state(v *visit.Visit, t studytime.Time) ui.Cell {
	switch lapsed := t.Lapsed(); {
	case lapsed != "":
		return ui.Cell{Tag: &ui.Tag{Word: v.T("studytime.state.lapsed"), Tone: ui.Plain}, Note: v.T(lapsed.Key())}
	case t.Had != nil && *t.Had:
		return ui.Status(v.T("studytime.state.had"), ui.Positive)
	case t.Had != nil:
		return ui.Status(v.T("studytime.state.not_had"), ui.Caution)
	case t.Coming(v.Now):
		return ui.Status(v.T("studytime.state.coming"), ui.Info)
	}
	return ui.Status(v.T("studytime.state.unsaid"), ui.Plain)
}

// Set sets a time for those who are chosen.
func Set(v *visit.Visit) error {
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	if _, err := studytime.SheetOf(v.Context(), v.Reader(), v.Viewer, id, v.Today); err != nil {
		return err
	}
	var checks fault.Checks
	part, people := studytime.Part(v.FormValue("part")), v.Chosen()
	slot := studytime.Slot{Day: v.FormDay(&checks, "day"), Starts: v.FormValue("starts"), Ends: v.FormValue("ends")}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return studytime.Set(v.Context(), tx, v.Viewer, id, part, slot, people, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.StudyTimeDay(id)+"?part="+string(part), "notice.study_time_set", "Count", strconv.Itoa(len(people)), "When", when(v, slot))
}

// TakeBack takes a time back.
func TakeBack(v *visit.Visit) error {
	id, err := v.ID("time")
	if err != nil {
		return err
	}
	var day int64
	if err := v.Write(func(tx *db.Tx) (err error) {
		day, err = studytime.TakeBack(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(address.StudyTimeDay(day), "notice.study_time_taken_back")
}

// Hours are the hours of each person in a period, or in a project with money from outside, of those who are chosen
// by municipality, unit and shift.
func Hours(v *visit.Visit) error {
	if access.StudyHours(v.Viewer).Empty() {
		return fault.Forbidden
	}
	p := &hoursPage{Visit: v, title: v.T("studytime.hours_title")}
	if err := p.choose(); err != nil {
		return err
	}
	all, err := studytime.HoursOf(v.Context(), v.Reader(), v.Viewer, p.choice)
	if err != nil {
		return err
	}
	for _, h := range all { // the unit of another municipality may have come along
		if h.UnitID == v.NumberID("unit") {
			p.unit = h.UnitID
		}
	}
	filter := p.filter(all)
	if p.unit != 0 {
		all = slices.DeleteFunc(all, func(h studytime.Hours) bool { return h.UnitID != p.unit })
	}
	people := map[int64]bool{}
	for _, h := range all {
		people[h.PersonID] = true
	}
	filter.Result = v.T("studytime.hours_people", "Count", len(people))
	parts := []templ.Component{ui.PageHead{Title: p.title, Lead: v.T("studytime.hours_lead", "Period", v.Lang.Days(p.choice.From, p.choice.Until))}.View(v.Lang)}
	if p.project != nil {
		parts = append(parts, ui.Paragraph(v.T("studytime.hours_project", "Project", p.project.Name)))
	}
	return v.Page(v.Frame(p.title, p.way...), append(parts, filter.View(v.Lang), v.Take(hours(v, all), address.StudyTimeHours()))...)
}

type hoursPage struct {
	*visit.Visit
	title   string
	choice  studytime.Choice
	unit    int64
	tooLong string
	project *studytime.Project
	places  []ui.Option // municipalities
	way     []ui.Crumb
}

// choose reads what the address asks for.
func (p *hoursPage) choose() error {
	from, until := studytime.Term(p.Today.Year(), clock.TermOf(p.Today))
	p.choice.From = p.Day("from", from)
	p.choice.Until = max(p.Day("until", max(until, p.choice.From)), p.choice.From)
	if last := p.choice.From + studytime.LongestPeriod - 1; p.choice.Until > last {
		p.choice.Until, p.tooLong = last, p.T("studytime.period_long", "Day", last)
	}
	if shift := people.Shift(p.FormValue("shift")); slices.Contains(people.Shifts, shift) {
		p.choice.Shift = shift
	}
	p.way = crumbs(p.Visit, ui.Crumb{Label: p.title})
	if !access.SetStudyTime(p.Viewer).Empty() {
		p.way = crumbs(p.Visit, ui.Crumb{Label: p.T("studytime.title"), Href: address.StudyTime}, ui.Crumb{Label: p.title})
	}
	place := func(m organisation.Organisation) {
		p.places = append(p.places, ui.Option{Value: visit.ID(m.ID), Label: m.Name})
	}
	if id := p.NumberID("project"); id != 0 {
		project, err := studytime.ProjectOf(p.Context(), p.Reader(), p.Viewer, id)
		if err != nil {
			return err
		}
		shares, err := studytime.ProjectShares(p.Context(), p.Reader(), p.Viewer, project)
		if err != nil {
			return err
		}
		p.choice.Municipalities = []int64{} // a project of nobody has no hours
		for _, s := range shares {
			p.choice.Municipalities = append(p.choice.Municipalities, s.Municipality.ID)
			place(s.Municipality)
		}
		p.project, p.choice.From, p.choice.Until, p.tooLong = &project, project.From, project.Until, ""
		p.way = crumbs(p.Visit, ui.Crumb{Label: project.Name, Href: address.LearningProject(project.ID)}, ui.Crumb{Label: p.title})
	} else if region := p.Office().Grant; region.Level == access.Region {
		all, err := organisation.Municipalities(p.Context(), p.Reader(), region.RegionID)
		if err != nil {
			return err
		}
		for _, m := range all {
			if access.StudyHours(p.Viewer).Covers(m.Place()) {
				place(m)
			}
		}
	}
	if only := p.NumberID("municipality"); only != 0 && (p.project == nil || slices.Contains(p.choice.Municipalities, only)) {
		p.choice.Municipalities = []int64{only}
	}
	return nil
}

// filter is the form that chooses; units are those of the hours, of one municipality at a time.
func (p *hoursPage) filter(all []studytime.Hours) ui.Filter {
	f := ui.Filter{Label: p.T("studytime.choose"), Action: address.StudyTimeHours()}
	clear := address.StudyTimeHours()
	if p.project != nil {
		f.Hidden = []ui.Hidden{{Name: "project", Value: visit.ID(p.project.ID)}}
		clear += "?project=" + visit.ID(p.project.ID)
	} else {
		f.Fields = []ui.Field{
			{Input: ui.DateInput, Name: "from", Label: p.T("studytime.from"), Value: p.choice.From.String()},
			{Input: ui.DateInput, Name: "until", Label: p.T("studytime.until"), Value: p.choice.Until.String(), Error: p.tooLong},
		}
	}
	if slices.ContainsFunc([]string{"from", "until", "municipality", "unit", "shift"}, func(name string) bool { return p.FormValue(name) != "" }) {
		f.Clear = clear
	}
	every := ui.Option{Label: p.T("people.all")}
	if len(p.places) > 1 {
		f.Fields = append(f.Fields, ui.Field{Input: ui.SelectInput, Name: "municipality", Label: p.T("people.municipality"), Value: visit.IDOrNone(p.NumberID("municipality")), Options: append([]ui.Option{every}, p.places...)})
	}
	units, one := []ui.Option{every}, true
	known := map[int64]bool{0: true}
	for _, h := range all {
		one = one && h.Municipality == all[0].Municipality
		if !known[h.UnitID] {
			known[h.UnitID] = true
			units = append(units, ui.Option{Value: visit.ID(h.UnitID), Label: h.Unit})
		}
	}
	if one && len(units) > 2 || p.unit != 0 {
		slices.SortFunc(units[1:], func(a, b ui.Option) int { return bytes.Compare(i18n.SortKey(a.Label), i18n.SortKey(b.Label)) })
		f.Fields = append(f.Fields, ui.Field{Input: ui.SelectInput, Name: "unit", Label: p.T("people.unit"), Value: visit.IDOrNone(p.unit), Options: units})
	}
	shifts := []ui.Option{every}
	for _, s := range people.Shifts {
		shifts = append(shifts, ui.Option{Value: string(s), Label: p.T(s.Key())})
	}
	f.Fields = append(f.Fields, ui.Field{Input: ui.SelectInput, Name: "shift", Label: p.T("people.shift"), Value: string(p.choice.Shift), Options: shifts})
	return f
}

func hours(v *visit.Visit, all []studytime.Hours) ui.Table {
	t := ui.Table{
		ID: "hours", Caption: v.T("studytime.hours_title"), QuietTitle: true, Dense: true, Note: v.T("studytime.hours_note"), Address: v.Address(),
		Columns: []ui.Column{
			{Label: v.T("people.name")}, {Label: v.T("people.unit")}, {Label: v.T("people.municipality")}, {Label: v.T("studytime.column.set"), Numeric: true},
			{Label: v.T("studytime.column.had"), Numeric: true}, {Label: v.T("studytime.column.not_had"), Numeric: true}, {Label: v.T("studytime.column.unsaid"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("studytime.no_hours"), Text: v.T("studytime.no_hours_help")},
	}
	var sum studytime.Hours
	for _, h := range all {
		sum = sum.Plus(h)
	}
	shown, pager := visit.Paged(v, all, v.PerPage(perPage))
	t.Pager = pager
	for _, h := range shown {
		v.Saw(h.PersonID)
		t.Rows = append(t.Rows, ui.Row{Cells: append([]ui.Cell{ui.Link(h.Name, visit.PersonPath(h.PersonID)), ui.Text(h.Unit), ui.Text(v.Server.Country[h.Municipality].Name)}, hourCells(v, h)...)})
	}
	if len(all) > 0 {
		t.Total = append([]ui.Cell{ui.Text(v.T("studytime.together")), {}, {}}, hourCells(v, sum)...)
	}
	return t
}

func hourCells(v *visit.Visit, h studytime.Hours) []ui.Cell {
	return []ui.Cell{hourCell(v, h.Set), hourCell(v, h.Had), hourCell(v, h.NotHad), hourCell(v, h.Unsaid())}
}

// hourCell is minutes as hours with a decimal.
func hourCell(v *visit.Visit, minutes int) ui.Cell {
	return ui.Text(v.Lang.Decimal(float64(minutes)/60, 1))
}
