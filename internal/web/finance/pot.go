package finance

import (
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Pot is a region's trainer pot of a year: what each municipality gets, of which
// days, and what was kept and why.
func Pot(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	years, year, err := v.Years(region.ID)
	if err != nil {
		return err
	}
	y, err := economy.YearOf(v.Context(), v.Reader(), v.Viewer, region.ID, year)
	if err != nil {
		return err
	}
	reconstructed, err := Reconstructed(v, region.ID, year)
	if err != nil {
		return err
	}
	head := ui.PageHead{
		Title: v.T("money.pot.title", "Year", strconv.Itoa(year)), Lead: v.T("money.pot.lead"),
		Others: []ui.Action{
			{Label: v.T("money.pot.to_invoice_basis"), Href: visit.InYear(visit.RegionPath(region, "invoice-basis"), year), Kind: ui.Secondary},
			{Label: v.T("money.pot.to_tariffs"), Href: visit.RegionPath(region, "tariffs"), Kind: ui.Secondary},
		},
	}
	f := v.Frame(head.Title, v.CrumbsOf(region)...)
	parts := []templ.Component{head.View(v.Lang), v.YearTabs(visit.RegionPath(region, "pot"), years, year)}
	if len(y.Days) == 0 {
		return v.Page(f, append(parts, noCourseDays(v, region, year))...)
	}
	sums := ui.Figures{
		sum(v, v.T("money.pot.paid"), y.Pot.Paid, ui.Figure{Note: v.T("money.pot.paid_help"), Href: "#municipalities"}),
		sum(v, v.T("money.pot.kept"), y.Pot.Kept, ui.Figure{Note: v.T("money.pot.kept_help"), Href: "#kept"}),
	}
	parts = append(parts, reconstructed, settledNotice(v, region, y), sums.View(v.Lang), countFigures(v, y.Counts).View(v.Lang),
		unfinished(v, region, y.Unfinished()), potMunicipalities(v, region, y), potChart(v, region, y), potDays(v, region, y), potKept(v, region, y))
	return v.Page(f, parts...)
}

func potMunicipalities(v *visit.Visit, region organisation.Organisation, y economy.Year) templ.Component {
	t := ui.Table{
		ID: "municipalities", Caption: v.T("money.pot.municipalities"), Note: v.T("money.excl_vat"),
		Columns: []ui.Column{
			{Label: v.T("money.municipality")}, {Label: v.T("money.pot.trainers"), Numeric: true},
			{Label: v.T("money.pot.trainer_days"), Numeric: true}, {Label: v.T("money.amount"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("money.pot.nobody"), Text: v.T("money.pot.nobody_help")},
	}
	settled := map[int64]money.Ore{}
	if y.Settlement != nil {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("money.settled_amount"), Numeric: true})
		for _, m := range y.Municipalities {
			settled[m.Municipality.ID] = m.SettledShare
		}
	}
	trainerDays := 0
	for _, m := range y.Pot.Municipalities {
		trainerDays += m.TrainerDays
		trainers := ui.Text("")
		if m.Trainers != nil {
			trainers = v.NumberCell(*m.Trainers)
		}
		cells := []ui.Cell{
			ui.Text(m.Municipality.Name), trainers, v.NumberCell(m.TrainerDays),
			{Text: v.Lang.Money(m.Amount), Href: municipalityPath(v, m.Municipality.ID, y.Year), About: m.Municipality.Name},
		}
		if y.Settlement != nil {
			cells = append(cells, v.AmountCell(settled[m.Municipality.ID]))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	t.Total = []ui.Cell{ui.Text(v.T("ui.total")), ui.Text(""), v.NumberCell(trainerDays), v.AmountCell(y.Pot.Paid)}
	if y.Settlement != nil {
		t.Total = append(t.Total, v.AmountCell(y.Settlement.Paid()))
	}
	return v.Table(t, visit.RegionPath(region, "pot"))
}

// potChart compares what the municipalities get; the finding names the largest.
func potChart(v *visit.Visit, region organisation.Organisation, y economy.Year) templ.Component {
	asOf := min(v.Today, clock.YearEnd(y.Year))
	return PotBars(v, region, y.Pot, y.Year, asOf).View(v.Lang)
}

func PotBars(v *visit.Visit, region organisation.Organisation, pot economy.Pot, year int, asOf clock.Day) ui.BarChart {
	chart := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "chart-pot", Desc: v.T("money.pot.chart_desc"), Source: v.T("money.source", "Region", region.Name), AsOf: asOf, Column: v.T("money.municipality"),
		},
		Unit: v.T("money.kronor"), Format: func(kr float64) string { return v.Lang.Money(money.Ore(kr * 100)) },
	}
	var largest economy.MunicipalPot
	for _, m := range pot.Municipalities {
		chart.Bars = append(chart.Bars, ui.Bar{Label: m.Municipality.Name, Values: []float64{float64(m.Amount) / 100}})
		if m.Amount > largest.Amount {
			largest = m
		}
	}
	if largest.Amount == 0 {
		return ui.BarChart{}
	}
	chart.Title = v.T("money.pot.chart", "Municipality", largest.Municipality.Name, "Amount", largest.Amount, "Paid", pot.Paid, "Year", strconv.Itoa(year))
	return chart
}

func potDays(v *visit.Visit, region organisation.Organisation, y economy.Year) templ.Component {
	days := y.DayCounts()
	t := ui.Table{
		ID: "days", Caption: v.T("money.pot.days"), Dense: true,
		Note: v.T("money.pot.days_count", "Count", days.PotBearing) + " " + v.T("money.days_of", "Held", days.Held, "Planned", days.Planned) + " " + v.T("money.pot.days_help"),
		Columns: []ui.Column{
			{Label: v.T("money.day"), Keep: true}, {Label: v.T("money.course")}, {Label: v.T("money.pot_bearing"), Numeric: true},
			{Label: v.T("money.pot.pot"), Numeric: true}, {Label: v.T("money.pot.paid"), Numeric: true}, {Label: v.T("money.pot.kept"), Numeric: true}, {Label: v.T("money.pot.why")},
		},
		Empty: ui.Empty{Picture: ui.PictureCalendar, Title: v.T("money.pot.no_day"), Text: v.T("money.pot.no_day_help")},
	}
	for _, d := range y.Days {
		if !d.Held && !d.HasPot() {
			continue // to come, or forgotten: those stand among the unfinished ones
		}
		why := ""
		if d.Pot.Reason != economy.KeptNothing {
			why = v.T(d.Pot.Reason.Key())
		}
		cells := []ui.Cell{dayCell(v, d.DayRef), courseCell(v, d.DayRef), v.NumberCell(d.PotBearing)}
		if d.Tariff == nil {
			cells = append(cells, ui.Text(""), ui.Text(""), ui.Text(""), ui.Text(v.T(economy.NoTariff.Key())))
		} else {
			kept := ui.Text("")
			if d.Pot.Kept != 0 {
				kept = v.AmountCell(d.Pot.Kept)
			}
			cells = append(cells, v.AmountCell(d.Pot.Pot), v.AmountCell(d.Pot.Paid), kept, ui.Text(why))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	t.Total = []ui.Cell{
		ui.Text(v.T("ui.total")), ui.Text(""), v.NumberCell(y.PotBearing), v.AmountCell(y.Pot.Paid + y.Pot.Kept), v.AmountCell(y.Pot.Paid), v.AmountCell(y.Pot.Kept), ui.Text(""),
	}
	return v.Table(t, visit.RegionPath(region, "pot"))
}

// potKept sums what the region kept by its reason.
func potKept(v *visit.Visit, region organisation.Organisation, y economy.Year) templ.Component {
	if y.Pot.Kept == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "kept", Caption: v.T("money.pot.kept_why"), Note: v.T("money.pot.kept_why_help"),
		Columns: []ui.Column{{Label: v.T("money.pot.why")}, {Label: v.T("money.course_days"), Numeric: true}, {Label: v.T("money.amount"), Numeric: true}},
		Total:   []ui.Cell{ui.Text(v.T("ui.total")), ui.Text(""), v.AmountCell(y.Pot.Kept)},
	}
	for _, reason := range []economy.Reason{economy.KeptRSSShare, economy.KeptNoMunicipalTrainer} {
		days := 0
		var kept money.Ore
		for _, d := range y.Pot.Days {
			if d.Reason == reason {
				days++
				kept += d.Kept
			}
		}
		if days > 0 {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.T(reason.Key())), v.NumberCell(days), v.AmountCell(kept)}})
		}
	}
	return v.Table(t, visit.RegionPath(region, "pot"))
}
