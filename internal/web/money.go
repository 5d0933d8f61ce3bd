package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
)

// What the pages about money share.

// allow is fault.Forbidden for those to whom the rule opens nothing anywhere,
// and fault.NotFound for those to whom it opens other places.
func allow(scope access.Scope, place access.Place) error {
	switch {
	case scope.Covers(place):
		return nil
	case scope.Empty():
		return fault.Forbidden
	}
	return fault.NotFound
}

// years are the years that the region can be asked about, the newest first, and
// the one that is: the address's, else the newest that has begun.
func (v *Visit) years(regionID int64) ([]int, int, error) {
	years, err := economy.Years(v.Context(), v.Reader(), regionID)
	if err != nil {
		return nil, 0, err
	}
	newest := v.Today.Year()
	if i := slices.IndexFunc(years, func(y int) bool { return y <= v.Today.Year() }); i >= 0 {
		newest = years[i]
	}
	return years, v.Year(newest), nil
}

// yearTabs lead to the page at the path of the other years.
func (v *Visit) yearTabs(path string, years []int, year int) templ.Component {
	if len(years) == 0 {
		return templ.NopComponent
	}
	tabs := ui.Tabs{Label: v.T("money.years")}
	if !slices.Contains(years, year) {
		tabs.Items = append(tabs.Items, ui.Tab{Label: strconv.Itoa(year), Href: inYear(path, year), Current: true})
	}
	for _, y := range years {
		tabs.Items = append(tabs.Items, ui.Tab{Label: strconv.Itoa(y), Href: inYear(path, y), Current: y == year})
	}
	return tabs.View(v.Lang)
}

// reconstructed is the banner of a year whose course days are a reconstruction,
// nil for others.
func (v *Visit) reconstructed(regionID int64, year int) (templ.Component, error) {
	r, err := economy.ReconstructionOf(v.Context(), v.Reader(), regionID, year)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return templ.NopComponent, nil
	}
	return ui.Notice{
		Tone: ui.Caution, Title: v.T("money.reconstruction_title"), Text: v.T("money.reconstruction", "Year", strconv.Itoa(year)),
	}.View(v.Lang), nil
}

// table is a part of the page: the caption as its heading, with the table's ID
// to lead to.
func (v *Visit) table(t ui.Table) templ.Component {
	id := t.ID
	t.ID, t.QuietTitle = id+"-table", true
	return section(id, t.Caption, t.View(v.Lang))
}

func regionPath(r organisation.Organisation, page string) string {
	return "/regions/" + r.Slug + "/" + page
}

func inYear(path string, year int) string { return path + "?year=" + strconv.Itoa(year) }

func dayPath(id int64, page string) string { return "/days/" + strconv.FormatInt(id, 10) + "/" + page }

func dayMoneyPath(id int64) string { return dayPath(id, "money") }

// municipalityPath leads to a municipality's money of the year; empty where the
// country does not know it.
func (v *Visit) municipalityPath(id int64, year int) string {
	m, ok := v.server.country[id]
	if !ok {
		return ""
	}
	return inYear("/municipalities/"+m.Slug+"/money", year)
}

// dayCell leads to the money of a course day.
func (v *Visit) dayCell(d economy.DayRef) ui.Cell {
	return ui.Cell{Text: v.Lang.TinyDay(d.Date), Href: dayMoneyPath(d.ID), About: d.Course}
}

// courseCell is a course day's course, its round and its number there.
func (v *Visit) courseCell(d economy.DayRef) ui.Cell {
	return ui.Cell{Text: d.Course, Note: v.T("money.round_day", "Round", d.Round, "Day", d.Ordinal)}
}

func (v *Visit) number(n int) ui.Cell { return ui.Text(v.Lang.Number(int64(n))) }

func (v *Visit) amount(o money.Ore) ui.Cell { return ui.Text(v.Lang.Money(o)) }

// sum is an amount as a figure, with its currency apart as the unit.
func (v *Visit) sum(label string, amount money.Ore, f ui.Figure) ui.Figure {
	f.Label, f.Value, f.Unit = label, v.Lang.Money(amount), v.T("tariff.kr")
	f.Value = strings.Replace(f.Value, "SEK\u00a0", "", 1)
	f.Value = strings.TrimSuffix(f.Value, "\u00a0kr")
	return f
}

// weight is a trainer's weight in shares: "1,5".
func (v *Visit) weight(w economy.Weight) string {
	if v.Lang.Code() == "en" {
		return w.String()
	}
	return strings.Replace(w.String(), ".", ",", 1)
}

func (v *Visit) trainerRole(r economy.Role) string { return v.T("money.role." + string(r)) }

// tariffKind is a kind of course in words.
func (v *Visit) tariffKind(kind string) string {
	if key := "tariff.kind." + kind; v.Lang.Has(key) {
		return v.T(key)
	}
	return kind
}

// countFigures are the three counts of participant-days, each with its words.
func (v *Visit) countFigures(c economy.Counts) ui.Figures {
	return ui.Figures{
		{Label: v.T("money.billed"), Value: v.Lang.Number(int64(c.Billed)), Note: v.T("money.billed_help")},
		{Label: v.T("money.attended"), Value: v.Lang.Number(int64(c.Attended)), Note: v.T("money.attended_help")},
		{Label: v.T("money.pot_bearing"), Value: v.Lang.Number(int64(c.PotBearing)), Note: v.T("money.pot_bearing_help")},
	}
}

// unfinished lists the days whose money is not final, each with what to do.
func (v *Visit) unfinished(region organisation.Organisation, days []economy.Day) templ.Component {
	if len(days) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "unfinished", Caption: v.T("money.unfinished", "Count", len(days)), Note: v.T("money.unfinished_help"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.day"), Keep: true}, {Label: v.T("money.course")}, {Label: v.T("money.missing")},
		},
	}
	settles := v.maySettle(region.ID)
	if settles {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("money.to_do"), Action: true})
	}
	for _, d := range days {
		var words []string
		for _, o := range d.Obstacles {
			words = append(words, v.T(o.Key()))
		}
		cells := []ui.Cell{v.dayCell(d.DayRef), v.courseCell(d.DayRef), ui.Text(strings.Join(words, ". "))}
		if settles {
			cells = append(cells, v.remedy(region, d))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return v.table(t)
}

// remedy is what removes the first obstacle of a day that has one.
func (v *Visit) remedy(region organisation.Organisation, d economy.Day) ui.Cell {
	about := d.Course + " " + v.Lang.Day(d.Date)
	switch d.Obstacles[0] {
	case economy.NoTariff:
		return ui.Cell{Text: v.T("money.do_tariff"), Href: regionPath(region, "tariffs"), About: about}
	case economy.TrainerUnemployed:
		return ui.Cell{Text: v.T("money.do_trainers"), Href: dayMoneyPath(d.ID), About: about}
	case economy.NoAttendance, economy.TrainerUnmarked: // both are told by the list
	}
	return ui.Cell{Text: v.T("money.do_attendance"), Href: dayPath(d.ID, "attendance"), About: about}
}

// maySettle tells whether the visitor closes and corrects the region's years.
func (v *Visit) maySettle(regionID int64) bool {
	return access.Settle(v.Viewer).Covers(access.Place{RegionID: regionID})
}

// settledNotice says who settled the year and when, and whether the facts have
// moved on since.
func (v *Visit) settledNotice(region organisation.Organisation, y economy.Year) templ.Component {
	if y.Settlement == nil {
		return templ.NopComponent
	}
	n := ui.Notice{
		Tone: ui.Info, Title: v.T("money.settled_title", "Year", strconv.Itoa(y.Year)),
		Text: v.T("money.settled", "At", y.Settlement.At, "By", y.Settlement.By.Name),
	}
	if len(y.Differences) > 0 {
		n.Tone = ui.Caution
		n.Text += " " + v.T("money.differs", "Count", len(y.Differences))
		n.Action = &ui.Action{Label: v.T("money.see_differences"), Href: inYear(regionPath(region, "invoice-basis"), y.Year) + "#differences"}
	}
	return n.View(v.Lang)
}

// noCourseDays is the empty state of a year without any.
func (v *Visit) noCourseDays(region organisation.Organisation, year int) templ.Component {
	e := ui.Empty{Picture: ui.PictureFigures, Title: v.T("money.no_days", "Year", strconv.Itoa(year)), Text: v.T("money.no_days_help", "Region", region.Name)}
	if v.maySettle(region.ID) {
		e.Action = &ui.Action{Label: v.T("money.to_rounds"), Href: "/rounds", Kind: ui.Secondary}
	}
	return e.View(v.Lang)
}

// dayOrToday is the day that figures are asked for: no day to come.
func (v *Visit) dayOrToday() clock.Day { return min(v.Day("day", v.Today), v.Today) }
