package finance

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Reconstructed is the banner of a year whose course days are a reconstruction,
// nil for others.
func Reconstructed(v *visit.Visit, regionID int64, year int) (templ.Component, error) {
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

// municipalityPath leads to a municipality's money of the year; empty where the
// country does not know it.
func municipalityPath(v *visit.Visit, id int64, year int) string {
	m, ok := v.Server.Country[id]
	if !ok {
		return ""
	}
	return visit.InYear(visit.MunicipalityPath(m, "money"), year)
}

// dayCell leads to the money of a course day.
func dayCell(v *visit.Visit, d economy.DayRef) ui.Cell {
	return ui.Cell{Text: v.Lang.TinyDay(d.Date), Href: visit.DayMoneyPath(d.ID), About: d.Course}
}

// courseCell is a course day's course, its round and its number there.
func courseCell(v *visit.Visit, d economy.DayRef) ui.Cell {
	return ui.Cell{Text: d.Course, Note: v.T("money.round_day", "Round", d.Round, "Day", d.Ordinal)}
}

// sum is an amount as a figure, with its currency apart as the unit.
func sum(v *visit.Visit, label string, amount money.Ore, f ui.Figure) ui.Figure {
	f.Label, f.Value, f.Unit = label, v.Lang.Money(amount), v.T("money.tariff.kr")
	f.Value = strings.Replace(f.Value, "SEK\u00a0", "", 1)
	f.Value = strings.TrimSuffix(f.Value, "\u00a0kr")
	return f
}

// weight is a trainer's weight in shares: "1,5".
func weight(v *visit.Visit, w economy.Weight) string {
	if v.Lang.Code() == "en" {
		return w.String()
	}
	return strings.Replace(w.String(), ".", ",", 1)
}

// tariffKind is a kind of course in words.
func tariffKind(v *visit.Visit, kind string) string {
	if key := "money.tariff.kind." + kind; v.Lang.Has(key) {
		return v.T(key)
	}
	return kind
}

// countFigures are the three counts of participant-days, each with its words.
func countFigures(v *visit.Visit, c economy.Counts) ui.Figures {
	return ui.Figures{
		{Label: v.T("money.billed"), Value: v.Lang.Number(int64(c.Billed)), Note: v.T("money.billed_help")},
		{Label: v.T("money.attended"), Value: v.Lang.Number(int64(c.Attended)), Note: v.T("money.attended_help")},
		{Label: v.T("money.pot_bearing"), Value: v.Lang.Number(int64(c.PotBearing)), Note: v.T("money.pot_bearing_help")},
	}
}

// unfinished lists the days whose money is not final, each with what to do.
func unfinished(v *visit.Visit, region organisation.Organisation, days []economy.Day) templ.Component {
	if len(days) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "unfinished", Caption: v.T("money.unfinished", "Count", len(days)), Note: v.T("money.unfinished_help"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.day"), Keep: true}, {Label: v.T("money.course")}, {Label: v.T("money.missing")},
		},
	}
	settles := maySettle(v, region.ID)
	if settles {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("money.to_do"), Action: true})
	}
	for _, d := range days {
		var words []string
		for _, o := range d.Obstacles {
			words = append(words, v.T(o.Key()))
		}
		cells := []ui.Cell{dayCell(v, d.DayRef), courseCell(v, d.DayRef), ui.Text(strings.Join(words, ". "))}
		if settles {
			cells = append(cells, remedyFor(v, region, d))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return v.Table(t)
}

// remedyFor is what removes the first obstacle of a day that has one.
func remedyFor(v *visit.Visit, region organisation.Organisation, d economy.Day) ui.Cell {
	about := d.Course + " " + v.Lang.Day(d.Date)
	switch d.Obstacles[0] {
	case economy.NoTariff:
		return ui.Cell{Text: v.T("money.do_tariff"), Href: visit.RegionPath(region, "tariffs"), About: about}
	case economy.TrainerUnemployed:
		return ui.Cell{Text: v.T("money.do_trainers"), Href: visit.DayMoneyPath(d.ID), About: about}
	case economy.NoAttendance, economy.TrainerUnmarked: // both are told by the list
	}
	return ui.Cell{Text: v.T("money.do_attendance"), Href: visit.DayPath(d.ID, "attendance"), About: about}
}

// maySettle tells whether the visitor closes and corrects the region's years.
func maySettle(v *visit.Visit, regionID int64) bool {
	return access.Settle(v.Viewer).Covers(access.Place{RegionID: regionID})
}

// settledNotice says who settled the year and when, and whether the facts have
// moved on since.
func settledNotice(v *visit.Visit, region organisation.Organisation, y economy.Year) templ.Component {
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
		n.Action = &ui.Action{Label: v.T("money.see_differences"), Href: visit.InYear(visit.RegionPath(region, "invoice-basis"), y.Year) + "#differences"}
	}
	return n.View(v.Lang)
}

// noCourseDays is the empty state of a year without any.
func noCourseDays(v *visit.Visit, region organisation.Organisation, year int) templ.Component {
	e := ui.Empty{Picture: ui.PictureFigures, Title: v.T("money.no_days", "Year", strconv.Itoa(year)), Text: v.T("money.no_days_help", "Region", region.Name)}
	if maySettle(v, region.ID) {
		e.Action = &ui.Action{Label: v.T("money.to_rounds"), Href: visit.RoundsPath, Kind: ui.Secondary}
	}
	return e.View(v.Lang)
}
