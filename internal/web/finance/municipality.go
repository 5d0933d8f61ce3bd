package finance

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// MunicipalityMoney is what a municipality pays for its participants and gets
// for its trainers in a year, day by day.
func MunicipalityMoney(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	if err := access.MunicipalMoney(v.Viewer).Allow(m.Place()); err != nil {
		return err
	}
	years, year, err := v.Years(m.RegionID)
	if err != nil {
		return err
	}
	y, err := economy.MunicipalityYearOf(v.Context(), v.Reader(), v.Viewer, m.ID, year)
	if err != nil {
		return err
	}
	reconstructed, err := Reconstructed(v, m.RegionID, year)
	if err != nil {
		return err
	}
	head := ui.PageHead{
		Title: v.T("money.municipal.title", "Municipality", m.Name, "Year", strconv.Itoa(year)), Lead: v.T("money.municipal.lead"),
	}
	region := v.Server.Country[m.RegionID]
	if access.Money(v.Viewer).Covers(region.Place()) {
		head.Others = []ui.Action{
			{Label: v.T("money.municipal.to_basis"), Href: visit.InYear(visit.RegionPath(region, "invoice-basis"), year), Kind: ui.Secondary},
			{Label: v.T("money.basis.to_pot"), Href: visit.InYear(visit.RegionPath(region, "pot"), year), Kind: ui.Secondary},
		}
	}
	f := v.Frame(head.Title, v.CrumbsOf(m)...)
	parts := []templ.Component{head.View(v.Lang), v.YearTabs(visit.MunicipalityPath(m, "money"), years, year)}
	if len(y.Days) == 0 && len(y.Settlements) == 0 {
		return v.Page(f, append(parts, ui.Empty{
			Picture: ui.PictureFigures, Title: v.T("money.municipal.none", "Year", strconv.Itoa(year)), Text: v.T("money.municipal.none_help", "Municipality", m.Name),
		}.View(v.Lang))...)
	}
	// Of a closed year the municipality pays and gets what was closed and
	// corrected; what has changed since stands under its notice.
	charged, share, days, split := y.Charged, y.Share, "#days", "#split"
	for _, d := range y.Differences {
		if d.Kind == economy.ChargeLine {
			charged -= d.Amount()
		} else {
			share -= d.Amount()
		}
	}
	if len(y.Differences) > 0 {
		days, split = "#settled", "#settled"
	}
	figures := ui.Figures{
		sum(v, v.T("money.municipal.charged"), charged, ui.Figure{Note: v.T("money.excl_vat"), Href: days}),
		sum(v, v.T("money.municipal.share"), share, ui.Figure{Note: v.T("money.municipal.share_help", "Count", y.TrainerDays), Href: split}),
		sum(v, v.T("money.municipal.net"), charged-share, ui.Figure{Note: v.T("money.municipal.net_help")}),
	}
	parts = append(parts, reconstructed, municipalSettlements(v, y), figures.View(v.Lang), countFigures(v, y.Counts).View(v.Lang),
		municipalDays(v, y), municipalSplit(v, y), municipalLines(v, y))
	return v.Page(f, parts...)
}

// municipalSettlements says what of the year is closed.
func municipalSettlements(v *visit.Visit, y economy.MunicipalityYear) templ.Component {
	var notices []templ.Component
	for _, s := range y.Settlements {
		n := ui.Notice{
			Tone: ui.Info, Title: v.T("money.settled_title", "Year", strconv.Itoa(y.Year)),
			Text: v.T("money.municipal.settled", "At", s.At, "By", s.By.Name, "Charged", s.Charged(), "Paid", s.Paid()),
		}
		if len(s.Corrections) > 0 {
			n.Text = v.T("money.municipal.settled_corrected", "At", s.At, "By", s.By.Name, "Charged", s.Charged(), "Paid", s.Paid())
		}
		if len(y.Differences) > 0 {
			n.Tone = ui.Caution
			n.Text += " " + v.T("money.municipal.differs", "Count", len(y.Differences))
		}
		notices = append(notices, n.View(v.Lang))
	}
	return templ.Join(notices...)
}

func municipalDays(v *visit.Visit, y economy.MunicipalityYear) templ.Component {
	t := ui.Table{
		ID: "days", Caption: v.T("money.municipal.days"), Note: v.T("money.municipal.days_help"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.day"), Keep: true}, {Label: v.T("money.course")}, {Label: v.T("money.billed"), Numeric: true},
			{Label: v.T("money.attended"), Numeric: true}, {Label: v.T("money.charge"), Numeric: true},
			{Label: v.T("money.pot.trainer_days"), Numeric: true}, {Label: v.T("money.share"), Numeric: true},
		},
		Total: []ui.Cell{
			ui.Text(v.T("ui.total")), ui.Text(""), v.NumberCell(y.Billed), v.NumberCell(y.Attended), v.AmountCell(y.Charged), v.NumberCell(y.TrainerDays), v.AmountCell(y.Share),
		},
		Empty: ui.Empty{Picture: ui.PictureCalendar, Title: v.T("money.municipal.no_days_now"), Text: v.T("money.municipal.no_days_now_help")},
	}
	for _, d := range y.Days {
		course := courseCell(v, d.DayRef)
		if !d.Finished() {
			var words []string
			for _, o := range d.Obstacles {
				words = append(words, v.T(o.Key()))
			}
			course.Note += ". " + v.T("money.municipal.not_final", "Why", strings.Join(words, ". "))
		}
		charge, share, trainerDays := ui.Text(""), ui.Text(""), ui.Text("")
		if d.Own.Billed > 0 && d.Tariff != nil {
			charge = ui.Cell{Text: v.Lang.Money(d.Charged), Href: visit.DayMoneyPath(d.ID), About: v.Lang.Day(d.Date)}
		}
		if d.TrainerDays > 0 {
			trainerDays = v.NumberCell(d.TrainerDays)
			share = ui.Cell{Text: v.Lang.Money(d.Share), Href: visit.DayMoneyPath(d.ID), About: v.Lang.Day(d.Date)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			dayCell(v, d.DayRef), course, v.NumberCell(d.Own.Billed), v.NumberCell(d.Own.Attended), charge, trainerDays, share,
		}})
	}
	return v.Table(t)
}

// municipalSplit is how the pot was split on the days with a trainer of the
// municipality: everybody's weight, so that the share can be checked.
func municipalSplit(v *visit.Visit, y economy.MunicipalityYear) templ.Component {
	t := ui.Table{
		ID: "split", Caption: v.T("money.municipal.split"), Note: v.T("money.municipal.split_help"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.day"), Keep: true}, {Label: v.T("money.pot_bearing"), Numeric: true}, {Label: v.T("money.pot.pot"), Numeric: true},
			{Label: v.T("money.municipal.trainers")}, {Label: v.T("money.share"), Numeric: true}, {Label: v.T("money.pot.kept"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("money.municipal.no_trainers"), Text: v.T("money.municipal.no_trainers_help")},
	}
	for _, d := range y.Days {
		if d.TrainerDays == 0 || d.Tariff == nil {
			continue
		}
		var trainers []string
		for _, s := range d.Pot.Shares {
			trainers = append(trainers, v.T("money.municipal.trainer", "Organisation", s.Organisation.Name, "Role", v.T(s.Role.Key()),
				"Weight", weight(v, s.Weight), "Amount", s.Amount))
		}
		kept := v.AmountCell(d.Pot.Kept)
		if d.Pot.Reason != economy.KeptNothing {
			kept.Note = v.T(d.Pot.Reason.Key())
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			dayCell(v, d.DayRef), v.NumberCell(d.PotBearing), v.AmountCell(d.Pot.Pot), {Slot: lines(trainers)}, v.AmountCell(d.Share), kept,
		}})
	}
	return v.Table(t)
}

// municipalLines are the closed lines with the corrections, and what has changed
// since.
func municipalLines(v *visit.Visit, y economy.MunicipalityYear) templ.Component {
	if len(y.Settlements) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "settled", Caption: v.T("money.municipal.lines"), Note: v.T("money.municipal.lines_help"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.day"), Keep: true}, {Label: v.T("money.course")}, {Label: v.T("money.basis.line")},
			{Label: v.T("money.municipal.quantity"), Numeric: true}, {Label: v.T("money.amount"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("money.municipal.no_lines"), Text: v.T("money.municipal.no_lines_help")},
	}
	row := func(l economy.Line, note string, amount string) {
		course := courseCell(v, l.Day)
		if note != "" {
			course.Note = note
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			dayCell(v, l.Day), course, ui.Text(v.T("money.line." + string(l.Kind))), ui.Text(quantity(v, l.Kind, l.Quantity)), ui.Text(amount),
		}})
	}
	for _, s := range y.Settlements {
		for _, l := range s.Lines {
			row(l, "", v.Lang.Money(l.Amount))
		}
		for _, c := range s.Corrections {
			for _, l := range c.Lines {
				row(l, v.T("money.basis.correction_line", "Day", c.At.Day().String(), "By", c.By.Name, "Reason", c.Reason), signed(v, l.Amount))
			}
		}
	}
	return v.Table(t)
}
