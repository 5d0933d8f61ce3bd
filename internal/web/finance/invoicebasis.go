package finance

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// InvoiceBasis is what each municipality is charged for a region's year, and
// where the year is closed and corrected.
func InvoiceBasis(v *visit.Visit) error {
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
		Title: v.T("money.basis.title", "Year", strconv.Itoa(year)), Lead: v.T("money.basis.lead"),
		Others: []ui.Action{
			{Label: v.T("money.basis.download"), Href: visit.InYear(visit.RegionPath(region, "invoice-basis.csv"), year), Kind: ui.Secondary},
			{Label: v.T("money.basis.to_pot"), Href: visit.InYear(visit.RegionPath(region, "pot"), year), Kind: ui.Secondary},
		},
	}
	f := v.Frame(head.Title, v.CrumbsOf(region)...)
	var parts []templ.Component
	if text := v.Wrong("year"); text != "" { // about the year as a whole: there is no field to go to
		v.Errs = nil
		parts = append(parts, ui.Notice{Tone: ui.Negative, Text: text}.View(v.Lang))
	}
	parts = append(parts, head.View(v.Lang), v.YearTabs(visit.RegionPath(region, "invoice-basis"), years, year))
	b := y.InvoiceBasis()
	if len(y.Days) == 0 && len(b.Municipalities) == 0 {
		return v.Page(f, append(parts, noCourseDays(v, region, year))...)
	}
	days := y.DayCounts()
	figures := ui.Figures{
		sum(v, v.T("money.basis.charged"), b.Amount, ui.Figure{Note: v.T("money.excl_vat"), Href: "#municipalities"}),
		{Label: v.T("money.billed"), Value: v.Lang.Number(int64(b.ParticipantDays)), Note: v.T("money.billed_help")},
		{
			Label: v.T("money.days_billed"), Value: v.Lang.Number(int64(days.Billed)), Href: visit.InYear(visit.RegionPath(region, "pot"), year) + "#days",
			Note: v.T("money.days_of", "Held", days.Held, "Planned", days.Planned),
		},
		{Label: v.T("money.basis.municipalities_charged"), Value: v.Lang.Number(int64(len(b.Municipalities)))},
	}
	parts = append(parts, reconstructed, settledNotice(v, region, y), figures.View(v.Lang), unfinished(v, region, y.Unfinished()),
		settleForm(v, region, y, b), differences(v, region, y), basisSums(v, b, year))
	for _, m := range b.Municipalities {
		parts = append(parts, ui.Fold(v.T("money.basis.fold", "Municipality", m.Municipality, "Count", len(m.Lines), "Amount", m.Amount), basisLines(v, m)))
	}
	costs, err := yearCosts(v, region, year)
	if err != nil {
		return err
	}
	return v.Page(f, append(parts, correctionsMade(v, y), costs)...)
}

// settleForm asks before the year is closed, in numbers.
func settleForm(v *visit.Visit, region organisation.Organisation, y economy.Year, b economy.InvoiceBasis) templ.Component {
	unfinished := len(y.Unfinished())
	if y.Settlement != nil || !maySettle(v, region.ID) || y.Year > v.Today.Year() {
		return templ.NopComponent
	}
	if unfinished > 0 {
		return ui.Section("settle", v.T("money.basis.settle", "Year", strconv.Itoa(y.Year)), ui.Paragraph(v.T("money.basis.settle_later", "Count", unfinished)))
	}
	label := v.T("money.basis.settle", "Year", strconv.Itoa(y.Year))
	text := v.T("money.basis.settle_text", "Days", y.DayCounts().Held, "ParticipantDays", b.ParticipantDays, "Charged", b.Amount,
		"Municipalities", len(b.Municipalities), "Paid", y.Pot.Paid, "Paying", len(y.Pot.Municipalities))
	if v.Today < clock.YearEnd(y.Year) {
		text += " " + v.T("money.basis.settle_running", "Year", strconv.Itoa(y.Year))
	}
	return ui.Section("settle", label,
		ui.Paragraph(v.T("money.basis.settle_help")),
		ui.Confirm{
			ID: "settle-year", Opener: ui.Action{Label: label}, Title: v.T("money.basis.settle_question", "Year", strconv.Itoa(y.Year)), Text: text,
			Action: ui.Action{
				Label: label, Href: visit.RegionPath(region, "settlements"), Post: true,
				Hidden: []ui.Hidden{{Name: "year", Value: strconv.Itoa(y.Year)}},
			},
		}.View(v.Lang))
}

// differences lists what the facts have come to say since the year was closed,
// and offers to enter them as a correction.
func differences(v *visit.Visit, region organisation.Organisation, y economy.Year) templ.Component {
	if len(y.Differences) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "differences-table", Caption: v.T("money.basis.differences"), QuietTitle: true, Note: v.T("money.basis.differences_help"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.municipality")}, {Label: v.T("money.day"), Keep: true}, {Label: v.T("money.basis.line")},
			{Label: v.T("money.settled_amount"), Numeric: true}, {Label: v.T("money.basis.now"), Numeric: true}, {Label: v.T("money.basis.change"), Numeric: true},
		},
	}
	var charged, shared money.Ore
	for _, d := range y.Differences {
		if d.Kind == economy.ChargeLine {
			charged += d.Amount()
		} else {
			shared += d.Amount()
		}
		changed := ui.Text(signed(v, d.Amount()))
		if d.Quantity() != 0 {
			changed.Note = quantity(v, d.Kind, d.Quantity())
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(d.Municipality.Name), dayCell(v, d.Day), ui.Text(v.T("money.line." + string(d.Kind))),
			{Text: v.Lang.Money(d.SettledAmount), Note: quantity(v, d.Kind, d.SettledQuantity)},
			{Text: v.Lang.Money(d.LiveAmount), Note: quantity(v, d.Kind, d.LiveQuantity)},
			changed,
		}})
	}
	parts := []templ.Component{t.View(v.Lang)}
	if maySettle(v, region.ID) {
		correct := ui.Form(visit.RegionPath(region, "corrections"), v.T("money.basis.correct"), []ui.Hidden{{Name: "year", Value: strconv.Itoa(y.Year)}}, ui.Field{
			Input: ui.TextareaInput, Name: "reason", Label: v.T("money.basis.reason"), Hint: v.T("money.basis.reason_hint", "Charged", signed(v, charged), "Shared", signed(v, shared)),
			Value: v.FormValue("reason"), Error: v.Wrong("reason"),
		})
		parts = append(parts, correct.View(v.Lang))
	}
	return ui.Section("differences", t.Caption, parts...)
}

// quantity is a number of participant-days or trainer days.
func quantity(v *visit.Visit, kind economy.LineKind, n int) string {
	if kind == economy.ChargeLine {
		return v.T("money.participant_days", "Count", n)
	}
	return v.T("money.trainer_days", "Count", n)
}

// signed is an amount that is added, with its sign.
func signed(v *visit.Visit, o money.Ore) string {
	if o > 0 {
		return "+" + v.Lang.Money(o)
	}
	return v.Lang.Money(o)
}

// basisSums is one row per municipality, leading to its lines.
func basisSums(v *visit.Visit, b economy.InvoiceBasis, year int) templ.Component {
	t := ui.Table{
		ID: "municipalities", Caption: v.T("money.basis.per_municipality"), Note: v.T("money.excl_vat"),
		Columns: []ui.Column{
			{Label: v.T("money.municipality")}, {Label: v.T("money.billed"), Numeric: true}, {Label: v.T("money.amount"), Numeric: true},
			{Label: v.T("money.basis.open"), Action: true},
		},
		Total: []ui.Cell{ui.Text(v.T("ui.total")), v.NumberCell(b.ParticipantDays), v.AmountCell(b.Amount), ui.Text("")},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("money.basis.nothing"), Text: v.T("money.basis.nothing_help")},
	}
	for _, m := range b.Municipalities {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(m.Municipality), v.NumberCell(m.ParticipantDays),
			{Text: v.Lang.Money(m.Amount), Href: "#" + linesID(m), About: m.Municipality},
			{Text: v.T("money.basis.open"), Href: municipalityPath(v, m.ID, year), About: m.Municipality},
		}})
	}
	return v.Table(t)
}

func linesID(m economy.InvoiceBasisMunicipality) string {
	return "m-" + organisation.Slug(m.Municipality)
}

// basisLines is one municipality's course days, corrections among them as lines
// of their own.
func basisLines(v *visit.Visit, m economy.InvoiceBasisMunicipality) templ.Component {
	t := ui.Table{
		ID: linesID(m), Caption: m.Municipality, Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.day"), Keep: true}, {Label: v.T("money.course")}, {Label: v.T("money.participants"), Numeric: true},
			{Label: v.T("money.fee"), Numeric: true}, {Label: v.T("money.amount"), Numeric: true},
		},
		Total: []ui.Cell{ui.Text(v.T("ui.total")), ui.Text(""), v.NumberCell(m.ParticipantDays), ui.Text(""), v.AmountCell(m.Amount)},
	}
	for _, line := range m.Lines {
		course := ui.Cell{Text: line.Course, Note: v.T("money.round_day", "Round", line.Round, "Day", line.DayNumber)}
		fee := ui.Text("")
		amount := v.AmountCell(line.Amount)
		if line.Fee != nil {
			fee = v.AmountCell(*line.Fee)
		}
		if c := line.Correction; c != nil {
			course.Note = v.T("money.basis.correction_line", "Day", c.At[:len(time.DateOnly)], "By", c.By, "Reason", c.Reason)
			amount = ui.Text(signed(v, line.Amount))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: v.Lang.TinyDay(line.Day), Href: visit.DayMoneyPath(line.CourseDayID), About: line.Course}, course, v.NumberCell(line.Participants), fee, amount,
		}})
	}
	return v.Table(t)
}

// correctionsMade are what was added to the closed year, the newest first.
func correctionsMade(v *visit.Visit, y economy.Year) templ.Component {
	if y.Settlement == nil || len(y.Settlement.Corrections) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "corrections", Caption: v.T("money.basis.corrections"),
		Columns: []ui.Column{
			{Label: v.T("money.basis.corrected_at")}, {Label: v.T("money.basis.corrected_by")}, {Label: v.T("money.basis.reason")},
			{Label: v.T("money.line.charge"), Numeric: true}, {Label: v.T("money.line.share"), Numeric: true},
		},
	}
	for _, c := range slices.Backward(y.Settlement.Corrections) {
		var charged, shared money.Ore
		for _, l := range c.Lines {
			if l.Kind == economy.ChargeLine {
				charged += l.Amount
			} else {
				shared += l.Amount
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(v.Lang.DayTime(c.At)), ui.Text(c.By.Name), ui.Text(c.Reason), ui.Text(signed(v, charged)), ui.Text(signed(v, shared)),
		}})
	}
	return v.Table(t)
}

// InvoiceBasisCSV is the invoice basis for a spreadsheet.
func InvoiceBasisCSV(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	_, year, err := v.Years(region.ID)
	if err != nil {
		return err
	}
	b, err := economy.InvoiceBasisOf(v.Context(), v.Reader(), v.Viewer, region.ID, year)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := b.CSV(&file, v.Lang); err != nil {
		return err
	}
	v.Download("text/csv; charset=utf-8", fmt.Sprintf("%s-%s-%d.csv", v.T("money.basis.file"), region.Slug, year))
	_, _ = file.WriteTo(v.W) // a browser that left is no fault of ours
	return nil
}

// Settle closes the region's year.
func Settle(v *visit.Visit) error {
	return changeYear(v, "notice.year_settled", func(tx *db.Tx, region organisation.Organisation, year int) error {
		return economy.Settle(v.Context(), tx, v.Viewer, region.ID, year, v.Now)
	})
}

// Correct adds what has changed since to the closed year.
func Correct(v *visit.Visit) error {
	return changeYear(v, "notice.year_corrected", func(tx *db.Tx, region organisation.Organisation, year int) error {
		return economy.Correct(v.Context(), tx, v.Viewer, region.ID, year, v.FormValue("reason"), v.Now)
	})
}

// changeYear changes the region's year that the form names and shows its invoice
// basis.
func changeYear(v *visit.Visit, notice string, change func(*db.Tx, organisation.Organisation, int) error) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	if err := access.Settle(v.Viewer).Allow(region.Place()); err != nil {
		return err
	}
	year := v.Year(0)
	if year == 0 {
		return fault.Invalid("year", "money.basis.year_missing")
	}
	err = v.Write(func(tx *db.Tx) error { return change(tx, region, year) })
	if err != nil {
		return err
	}
	return v.Redirect(visit.InYear(visit.RegionPath(region, "invoice-basis"), year), notice, "Year", strconv.Itoa(year))
}
