package groups

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// aheadYears is how far ahead a group without an end is planned.
const aheadYears = 3

// years are those that the group lasts, the earliest first.
func (p *page) years() (all []int) {
	last := p.Today.Year() + aheadYears
	if p.group.Until != nil {
		last = p.group.Until.Year()
	}
	for y := p.group.From.Year(); y <= max(last, p.group.From.Year()); y++ {
		all = append(all, y)
	}
	return all
}

// year is the one in the address, else this one or the nearest that the group has.
func (p *page) year() int {
	all := p.years()
	return p.Year(min(max(p.Today.Year(), all[0]), all[len(all)-1]))
}

// yearPlan is what the members need in a year and have.
type yearPlan struct {
	year    int
	members []organisation.Organisation
	courses []catalogue.Course
	needs   map[municipalgroup.Need]int
	seats   map[municipalgroup.Need]int
}

// of are the seats that are needed and taken in the course by the municipality (0: by all).
func (y yearPlan) of(courseID, municipalityID int64) (needed, taken int) {
	for _, m := range y.members {
		if municipalityID == 0 || m.ID == municipalityID {
			key := municipalgroup.Need{CourseID: courseID, MunicipalityID: m.ID}
			needed, taken = needed+y.needs[key], taken+y.seats[key]
		}
	}
	return needed, taken
}

func (p *page) readYear(year int) (y yearPlan, err error) {
	y.year = year
	members, err := municipalgroup.Members(p.Context(), p.Reader(), p.Viewer, p.group)
	if err != nil {
		return y, err
	}
	y.members = municipalgroup.In(members, year)
	if y.needs, err = municipalgroup.Plan(p.Context(), p.Reader(), p.Viewer, p.group, year); err != nil {
		return y, err
	}
	if y.seats, err = statistics.GroupSeats(p.Context(), p.Reader(), p.Viewer, p.group, year); err != nil {
		return y, err
	}
	y.courses, err = catalogue.CoursesOn(p.Context(), p.Reader(), min(max(p.Today, clock.YearStart(year)), clock.YearEnd(year)))
	return y, err
}

// Plan is how many seats the members need in each course of a year, and how many they have.
func Plan(v *visit.Visit) error {
	p, err := find(v)
	if err != nil {
		return err
	}
	y, err := p.readYear(p.year())
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("groups.plan_of", "Group", p.group.Name, "Year", strconv.Itoa(y.year)), Lead: v.T("groups.plan_lead")}
	return p.show(plan, head, v.YearTabs(p.path("plan"), p.years(), y.year), v.Table(p.planTable(y), p.path("plan")), p.otherCourses(y))
}

// otherCourses leads to the courses that nothing is planned in yet, for who plans.
func (p *page) otherCourses(y yearPlan) templ.Component {
	if !p.plans || len(y.members) == 0 {
		return nil
	}
	var all []ui.Action
	for _, c := range y.courses {
		if n, has := y.of(c.ID, 0); n+has == 0 {
			all = append(all, ui.Action{Label: c.Name, Href: visit.InYear(p.path("plan", c.Slug), y.year)})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return ui.Fold(p.T("groups.more_courses"), ui.Links(all))
}

func (p *page) planTable(y yearPlan) ui.Table {
	t := ui.Table{
		ID: "plan", Caption: p.T("groups.plan_caption", "Year", strconv.Itoa(y.year)), Note: p.T("groups.plan_note", "Day", p.Today), Dense: true, Wide: len(y.members) > 4, Folds: true,
		Columns: []ui.Column{{Label: p.T("round.course")}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: p.T("groups.plan_none"), Text: p.T("groups.plan_none_help")},
	}
	for _, m := range y.members {
		t.Columns = append(t.Columns, ui.Column{Label: m.Name, Numeric: true})
	}
	t.Columns = append(t.Columns, ui.Column{Label: p.T("groups.needed"), Numeric: true}, ui.Column{Label: p.T("groups.taken"), Numeric: true}, ui.Column{Label: p.T("groups.lacking")})
	if len(y.members) == 0 {
		t.Empty = ui.Empty{Picture: ui.PicturePeople, Title: p.T("groups.nobody_in", "Year", strconv.Itoa(y.year)), Text: p.T("groups.no_members_help")}
		return t
	}
	sums, needed, taken := make([]int, len(y.members)), 0, 0
	for _, c := range y.courses {
		n, has := y.of(c.ID, 0)
		if n+has == 0 {
			continue
		}
		name := ui.Text(c.Name)
		if p.plans {
			name.Href = visit.InYear(p.path("plan", c.Slug), y.year)
		}
		cells := []ui.Cell{name}
		for i, m := range y.members {
			n, has := y.of(c.ID, m.ID)
			sums[i] += n
			cell := p.NumberCell(n)
			if has > 0 {
				cell.Note = p.T("groups.has", "Count", has)
			}
			cells = append(cells, cell)
		}
		lacks := ui.Text("")
		if n > has {
			lacks = ui.Status(p.T("groups.lacks", "Count", n-has), ui.Caution)
		} else if n > 0 {
			lacks = ui.Status(p.T("groups.enough"), ui.Positive)
		}
		needed, taken = needed+n, taken+has
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells, p.NumberCell(n), p.NumberCell(has), lacks)})
	}
	if len(t.Rows) > 0 {
		t.Total = []ui.Cell{ui.Text(p.T("ui.total"))}
		for _, n := range sums {
			t.Total = append(t.Total, p.NumberCell(n))
		}
		t.Total = append(t.Total, p.NumberCell(needed), p.NumberCell(taken), ui.Text(""))
	}
	return t
}

// course is the course in the address.
func (p *page) course() (catalogue.Course, error) {
	return catalogue.CourseBySlug(p.Context(), p.Reader(), p.PathValue("course"))
}

// CoursePlan asks how many seats each member needs in a course of a year.
func CoursePlan(v *visit.Visit) error {
	p, err := findPlanned(v)
	if err != nil {
		return err
	}
	course, err := p.course()
	if err != nil {
		return err
	}
	y, err := p.readYear(p.year())
	if err != nil {
		return err
	}
	var all []ui.Field
	for _, m := range y.members {
		n, has := y.of(course.ID, m.ID)
		name := municipalgroup.NeedField(m.ID)
		all = append(all, ui.Field{
			Input: ui.NumberInput, Name: name, Label: m.Name, Hint: v.T("groups.has_hint", "Count", has), Unit: v.T("groups.seats_unit"), Short: true, Min: "0",
			Value: v.Typed(name, strconv.Itoa(n)), Error: v.Wrong(name),
		})
	}
	v.NameErrors(named(all))
	words := strconv.Itoa(y.year)
	head := ui.PageHead{Title: v.T("groups.needs_of", "Course", course.Name, "Year", words), Lead: v.T("groups.needs_lead")}
	back := visit.InYear(p.path("plan"), y.year)
	if len(all) == 0 {
		return p.show(plan, head, ui.Empty{Picture: ui.PicturePeople, Title: v.T("groups.nobody_in", "Year", words), Text: v.T("groups.no_members_help"), Action: &ui.Action{Label: v.T("groups.to_plan"), Href: back, Kind: ui.Secondary}}.View(v.Lang))
	}
	form := ui.Form(p.path("plan", course.Slug), v.T("groups.needs_do"), []ui.Hidden{{Name: "year", Value: words}}, all...)
	form.Cancel = back
	return p.show(plan, head, form.View(v.Lang))
}

// named says whose field a fault is about.
func named(fields []ui.Field) func(fault.Field) string {
	return func(wrong fault.Field) string {
		i := slices.IndexFunc(fields, func(f ui.Field) bool { return f.Name == wrong.Name })
		if i < 0 || wrong.Key == "groups.share_sum" {
			return ""
		}
		return fields[i].Label
	}
}

// SetNeeds says how many seats the members need in a course of a year.
func SetNeeds(v *visit.Visit) error {
	p, err := findPlanned(v)
	if err != nil {
		return err
	}
	course, err := p.course()
	if err != nil {
		return err
	}
	members, err := municipalgroup.Members(v.Context(), v.Reader(), v.Viewer, p.group)
	if err != nil {
		return err
	}
	year := p.year()
	var checks fault.Checks
	seats := map[int64]int{}
	for _, m := range municipalgroup.In(members, year) {
		name := municipalgroup.NeedField(m.ID)
		n, ok := whole(v.FormValue(name))
		checks.Require(ok, name, "groups.seats_wrong", "Most", municipalgroup.MostSeats)
		seats[m.ID] = int(n)
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return municipalgroup.SetNeeds(v.Context(), tx, v.Viewer, p.group.ID, course.ID, year, seats, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.InYear(p.path("plan"), year), "notice.group_planned", "Course", course.Name, "Year", strconv.Itoa(year))
}

// whole reads a whole number that is not less than none.
func whole(text string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	return n, err == nil && n >= 0
}

// Shares is what each member pays of what is billed to the group, from which day, and what that
// makes of a sum.
func Shares(v *visit.Visit) error {
	p, err := find(v)
	if err != nil {
		return err
	}
	members, err := municipalgroup.Members(v.Context(), v.Reader(), v.Viewer, p.group)
	if err != nil {
		return err
	}
	history, err := municipalgroup.ShareHistory(v.Context(), v.Reader(), v.Viewer, p.group)
	if err != nil {
		return err
	}
	day := v.Day("day", v.Today)
	holding, told := municipalgroup.Holding(history, day)
	parts := []templ.Component{p.unfit(members, holding, told)}
	if told {
		parts = append(parts, p.sum(holding, day))
	} else {
		parts = append(parts, ui.Empty{Picture: ui.PictureFigures, Title: v.T("groups.no_shares"), Text: v.T("groups.no_shares_help")}.View(v.Lang))
	}
	if p.plans {
		parts = append(parts, p.shareForm(members, holding))
	}
	if len(history) > 1 {
		var lines []templ.Component
		for _, s := range history {
			var of []string
			for _, x := range s.Of {
				of = append(of, x.Municipality.Name+" "+v.Lang.Percent(float64(x.Percent), 0))
			}
			lines = append(lines, ui.Paragraph(v.T("groups.shares_from", "From", s.From, "Shares", strings.Join(of, ", "))))
		}
		parts = append(parts, ui.Fold(v.T("groups.share_history"), lines...))
	}
	return p.show(shares, ui.PageHead{Title: v.T("groups.shares_of", "Group", p.group.Name), Lead: v.T("groups.shares_lead")}, parts...)
}

// unfit warns when who is a member today and who has a share differ.
func (p *page) unfit(members []municipalgroup.Member, s municipalgroup.Shares, told bool) templ.Component {
	if there := municipalgroup.On(members, p.Today); !told || len(there) == 0 || s.Fit(there) {
		return nil
	}
	return ui.Notice{Tone: ui.Caution, Title: p.T("groups.unfit"), Text: p.T("groups.unfit_help")}.View(p.Lang)
}

// sum is the shares of the day, and what they make of a sum that is asked for.
func (p *page) sum(s municipalgroup.Shares, day clock.Day) templ.Component {
	typed := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, p.URL.Query().Get("sum"))
	amount, err := money.Parse(typed)
	split := typed != "" && err == nil && amount >= 0
	field := ui.Field{Name: "sum", Label: p.T("groups.sum"), Value: p.URL.Query().Get("sum"), Optional: true, Autocomplete: "off"}
	if typed != "" && !split {
		field.Error = p.T("groups.sum_wrong")
	}
	filter := ui.Filter{
		Label: p.T("groups.split"), Action: p.path("shares"), Submit: p.T("groups.split_do"),
		Fields: []ui.Field{field, {Input: ui.DateInput, Name: "day", Label: p.T("groups.share_day"), Value: day.String()}},
	}
	t := ui.Table{
		ID: "shares", Caption: p.T("groups.shares"), Dense: true, Note: p.T("groups.shares_note", "From", s.From, "Day", day),
		Columns: []ui.Column{{Label: p.T("people.municipality")}, {Label: p.T("groups.share"), Numeric: true}},
		Total:   []ui.Cell{ui.Text(p.T("ui.total")), ui.Text(p.Lang.Percent(100, 0))},
	}
	var amounts []money.Ore
	if split {
		amounts = s.Split(amount)
		t.Columns = append(t.Columns, ui.Column{Label: p.T("groups.part"), Numeric: true})
		t.Total = append(t.Total, p.AmountCell(amount))
	}
	for i, x := range s.Of {
		cells := []ui.Cell{ui.Text(x.Municipality.Name), ui.Text(p.Lang.Percent(float64(x.Percent), 0))}
		if split {
			cells = append(cells, p.AmountCell(amounts[i]))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return templ.Join(filter.View(p.Lang), p.Table(t, p.path("shares")))
}

// shareForm asks what each who is a member, or will be, pays from a day on.
func (p *page) shareForm(members []municipalgroup.Member, now municipalgroup.Shares) templ.Component {
	percent := map[int64]int64{}
	for _, x := range now.Of {
		percent[x.Municipality.ID] = x.Percent
	}
	all := []ui.Field{{Input: ui.DateInput, Name: "from", Label: p.T("groups.from"), Value: p.Typed("from", max(p.group.From, p.Today).String()), Error: p.Wrong("from")}}
	running := slices.DeleteFunc(slices.Clone(members), func(m municipalgroup.Member) bool { return m.Until != nil && *m.Until < p.Today })
	var known []int64
	for _, m := range running {
		if slices.Contains(known, m.Municipality.ID) {
			continue
		}
		known = append(known, m.Municipality.ID)
		name := municipalgroup.ShareField(m.Municipality.ID)
		all = append(all, ui.Field{
			Input: ui.NumberInput, Name: name, Label: m.Municipality.Name, Unit: "%", Short: true, Min: "0", Max: "100",
			Value: p.Typed(name, strconv.FormatInt(percent[m.Municipality.ID], 10)), Error: p.Wrong(name),
		})
	}
	if len(known) == 0 {
		return nil
	}
	p.NameErrors(named(all))
	return ui.Section("set", p.T("groups.set_shares"), ui.Paragraph(p.T("groups.set_shares_help")), ui.Form(p.path("shares"), p.T("groups.set_shares_do"), nil, all...).View(p.Lang))
}

// SetShares says what each member pays from a day on.
func SetShares(v *visit.Visit) error {
	p, err := findPlanned(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	from := v.FormDay(&checks, "from")
	if err := checks.Err(); err != nil {
		return err
	}
	members, err := municipalgroup.Members(v.Context(), v.Reader(), v.Viewer, p.group)
	if err != nil {
		return err
	}
	percent := map[int64]int64{}
	for _, m := range municipalgroup.On(members, from) {
		name := municipalgroup.ShareField(m.ID)
		n, ok := whole(v.FormValue(name))
		checks.Require(ok, name, "groups.share_wrong")
		percent[m.ID] = n
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return municipalgroup.SetShares(v.Context(), tx, v.Viewer, p.group.ID, from, percent, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path("shares"), "notice.group_shares", "Group", p.group.Name, "From", v.Lang.Day(from))
}
