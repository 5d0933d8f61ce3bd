package web

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
)

// invoiceBasis is what each municipality is charged for a region's year, and
// where the year is closed and corrected.
func (s *Server) invoiceBasis(v *Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	years, year, err := v.years(region.ID)
	if err != nil {
		return err
	}
	y, err := economy.YearOf(v.Context(), v.Reader(), v.Viewer, region.ID, year)
	if err != nil {
		return err
	}
	reconstructed, err := v.reconstructed(region.ID, year)
	if err != nil {
		return err
	}
	head := ui.PageHead{
		Title: v.T("basis.title", "Year", strconv.Itoa(year)), Lead: v.T("basis.lead"),
		Others: []ui.Action{
			{Label: v.T("basis.download"), Href: inYear(regionPath(region, "invoice-basis.csv"), year), Kind: ui.Secondary},
			{Label: v.T("basis.to_pot"), Href: inYear(regionPath(region, "pot"), year), Kind: ui.Secondary},
		},
	}
	f := v.Frame(head.Title, v.crumbsOf(region)...)
	var parts []templ.Component
	if text := v.Wrong("year"); text != "" { // about the year as a whole: there is no field to go to
		v.Errs = nil
		parts = append(parts, ui.Notice{Tone: ui.Negative, Text: text}.View(v.Lang))
	}
	parts = append(parts, head.View(v.Lang), v.yearTabs(regionPath(region, "invoice-basis"), years, year))
	b := y.InvoiceBasis()
	if len(y.Days) == 0 && len(b.Municipalities) == 0 {
		return v.Page(f, append(parts, v.noCourseDays(region, year))...)
	}
	figures := ui.Figures{
		v.sum(v.T("basis.charged"), b.Amount, ui.Figure{Note: v.T("money.excl_vat"), Href: "#municipalities"}),
		{Label: v.T("money.billed"), Value: v.Lang.Number(int64(b.ParticipantDays)), Note: v.T("money.billed_help")},
		{Label: v.T("money.course_days"), Value: v.Lang.Number(int64(len(y.Days))), Href: inYear(regionPath(region, "pot"), year) + "#days"},
		{Label: v.T("basis.municipalities_charged"), Value: v.Lang.Number(int64(len(b.Municipalities)))},
	}
	parts = append(parts, reconstructed, v.settledNotice(region, y), figures.View(v.Lang), v.unfinished(region, y.Unfinished()),
		v.settleForm(region, y, b), v.differences(region, y), v.basisSums(b, year))
	for _, m := range b.Municipalities {
		parts = append(parts, v.basisLines(m))
	}
	return v.Page(f, append(parts, v.correctionsMade(y))...)
}

// settleForm asks before the year is closed, in numbers.
func (v *Visit) settleForm(region organisation.Organisation, y economy.Year, b economy.InvoiceBasis) templ.Component {
	unfinished := len(y.Unfinished())
	if y.Settlement != nil || !v.maySettle(region.ID) || y.Year > v.Today.Year() {
		return templ.NopComponent
	}
	if unfinished > 0 {
		return section("settle", v.T("basis.settle", "Year", strconv.Itoa(y.Year)), paragraph(v.T("basis.settle_later", "Count", unfinished)))
	}
	label := v.T("basis.settle", "Year", strconv.Itoa(y.Year))
	text := v.T("basis.settle_text", "Days", len(y.Days), "ParticipantDays", b.ParticipantDays, "Charged", b.Amount,
		"Municipalities", len(b.Municipalities), "Paid", y.Pot.Paid, "Paying", len(y.Pot.Municipalities))
	if v.Today < clock.YearEnd(y.Year) {
		text += " " + v.T("basis.settle_running", "Year", strconv.Itoa(y.Year))
	}
	return section("settle", label,
		paragraph(v.T("basis.settle_help")),
		ui.Confirm{
			ID: "settle-year", Opener: ui.Action{Label: label}, Title: v.T("basis.settle_question", "Year", strconv.Itoa(y.Year)), Text: text,
			Action: ui.Action{
				Label: label, Href: regionPath(region, "settlements"), Post: true,
				Hidden: []ui.Hidden{{Name: "year", Value: strconv.Itoa(y.Year)}},
			},
		}.View(v.Lang))
}

// differences lists what the facts have come to say since the year was closed,
// and offers to enter them as a correction.
func (v *Visit) differences(region organisation.Organisation, y economy.Year) templ.Component {
	if len(y.Differences) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "differences-table", Caption: v.T("basis.differences"), QuietTitle: true, Note: v.T("basis.differences_help"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.municipality")}, {Label: v.T("money.day"), Keep: true}, {Label: v.T("basis.line")},
			{Label: v.T("money.settled_amount"), Numeric: true}, {Label: v.T("basis.now"), Numeric: true}, {Label: v.T("basis.change"), Numeric: true},
		},
	}
	var charged, shared money.Ore
	for _, d := range y.Differences {
		if d.Kind == economy.ChargeLine {
			charged += d.Amount()
		} else {
			shared += d.Amount()
		}
		changed := ui.Text(v.signed(d.Amount()))
		if d.Quantity() != 0 {
			changed.Note = v.quantity(d.Kind, d.Quantity())
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(d.Municipality.Name), v.dayCell(d.Day), ui.Text(v.T("money.line." + string(d.Kind))),
			{Text: v.Lang.Money(d.SettledAmount), Note: v.quantity(d.Kind, d.SettledQuantity)},
			{Text: v.Lang.Money(d.LiveAmount), Note: v.quantity(d.Kind, d.LiveQuantity)},
			changed,
		}})
	}
	parts := []templ.Component{t.View(v.Lang)}
	if v.maySettle(region.ID) {
		correct := form(regionPath(region, "corrections"), v.T("basis.correct"), []ui.Hidden{{Name: "year", Value: strconv.Itoa(y.Year)}}, ui.Field{
			Input: ui.TextareaInput, Name: "reason", Label: v.T("basis.reason"), Hint: v.T("basis.reason_hint", "Charged", v.signed(charged), "Shared", v.signed(shared)),
			Value: v.FormValue("reason"), Error: v.Wrong("reason"),
		})
		parts = append(parts, correct.View(v.Lang))
	}
	return section("differences", t.Caption, parts...)
}

// quantity is a number of participant-days or trainer days.
func (v *Visit) quantity(kind economy.LineKind, n int) string {
	if kind == economy.ChargeLine {
		return v.T("money.participant_days", "Count", n)
	}
	return v.T("money.trainer_days", "Count", n)
}

// signed is an amount that is added, with its sign.
func (v *Visit) signed(o money.Ore) string {
	if o > 0 {
		return "+" + v.Lang.Money(o)
	}
	return v.Lang.Money(o)
}

// basisSums is one row per municipality, leading to its lines.
func (v *Visit) basisSums(b economy.InvoiceBasis, year int) templ.Component {
	t := ui.Table{
		ID: "municipalities", Caption: v.T("basis.per_municipality"), Note: v.T("money.excl_vat"),
		Columns: []ui.Column{
			{Label: v.T("money.municipality")}, {Label: v.T("money.billed"), Numeric: true}, {Label: v.T("money.amount"), Numeric: true},
			{Label: v.T("basis.open"), Action: true},
		},
		Total: []ui.Cell{ui.Text(v.T("ui.total")), v.number(b.ParticipantDays), v.amount(b.Amount), ui.Text("")},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("basis.nothing"), Text: v.T("basis.nothing_help")},
	}
	for _, m := range b.Municipalities {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(m.Municipality), v.number(m.ParticipantDays),
			{Text: v.Lang.Money(m.Amount), Href: "#" + linesID(m), About: m.Municipality},
			{Text: v.T("basis.open"), Href: v.municipalityPath(m.ID, year), About: m.Municipality},
		}})
	}
	return v.table(t)
}

func linesID(m economy.InvoiceBasisMunicipality) string {
	return "m-" + organisation.Slug(m.Municipality)
}

// basisLines is one municipality's course days, corrections among them as lines
// of their own.
func (v *Visit) basisLines(m economy.InvoiceBasisMunicipality) templ.Component {
	t := ui.Table{
		ID: linesID(m), Caption: m.Municipality, Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.day"), Keep: true}, {Label: v.T("money.course")}, {Label: v.T("money.participants"), Numeric: true},
			{Label: v.T("money.fee"), Numeric: true}, {Label: v.T("money.amount"), Numeric: true},
		},
		Total: []ui.Cell{ui.Text(v.T("ui.total")), ui.Text(""), v.number(m.ParticipantDays), ui.Text(""), v.amount(m.Amount)},
	}
	for _, line := range m.Lines {
		course := ui.Cell{Text: line.Course, Note: v.T("money.round_day", "Round", line.Round, "Day", line.DayNumber)}
		fee := ui.Text("")
		amount := v.amount(line.Amount)
		if line.Fee != nil {
			fee = v.amount(*line.Fee)
		}
		if c := line.Correction; c != nil {
			course.Note = v.T("basis.correction_line", "Day", c.At[:len(time.DateOnly)], "By", c.By, "Reason", c.Reason)
			amount = ui.Text(v.signed(line.Amount))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: v.Lang.TinyDay(line.Day), Href: dayMoneyPath(line.CourseDayID), About: line.Course}, course, v.number(line.Participants), fee, amount,
		}})
	}
	return v.table(t)
}

// correctionsMade are what was added to the closed year, the newest first.
func (v *Visit) correctionsMade(y economy.Year) templ.Component {
	if y.Settlement == nil || len(y.Settlement.Corrections) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "corrections", Caption: v.T("basis.corrections"),
		Columns: []ui.Column{
			{Label: v.T("basis.corrected_at")}, {Label: v.T("basis.corrected_by")}, {Label: v.T("basis.reason")},
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
			ui.Text(v.Lang.DayTime(c.At)), ui.Text(c.By.Name), ui.Text(c.Reason), ui.Text(v.signed(charged)), ui.Text(v.signed(shared)),
		}})
	}
	return v.table(t)
}

// invoiceBasisCSV is the invoice basis for a spreadsheet.
func (s *Server) invoiceBasisCSV(v *Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	_, year, err := v.years(region.ID)
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
	v.download("text/csv; charset=utf-8", fmt.Sprintf("%s-%s-%d.csv", v.T("basis.file"), region.Slug, year))
	_, _ = file.WriteTo(v.W) // a browser that left is no fault of ours
	return nil
}

// download heads an answer that is a file.
func (v *Visit) download(kind, name string) {
	v.W.Header().Set("Content-Type", kind)
	v.W.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// settle closes the region's year.
func (s *Server) settle(v *Visit) error {
	return v.changeYear("notice.year_settled", func(tx *db.Tx, region organisation.Organisation, year int) error {
		return economy.Settle(v.Context(), tx, v.Viewer, region.ID, year, v.Now)
	})
}

// correct adds what has changed since to the closed year.
func (s *Server) correct(v *Visit) error {
	return v.changeYear("notice.year_corrected", func(tx *db.Tx, region organisation.Organisation, year int) error {
		return economy.Correct(v.Context(), tx, v.Viewer, region.ID, year, v.FormValue("reason"), v.Now)
	})
}

// changeYear changes the region's year that the form names and shows its invoice
// basis.
func (v *Visit) changeYear(notice string, change func(*db.Tx, organisation.Organisation, int) error) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	if err := allow(access.Settle(v.Viewer), region.Place()); err != nil {
		return err
	}
	year := v.Year(0)
	if year == 0 {
		return fault.Invalid("year", "basis.year_missing")
	}
	err = v.Write(func(tx *db.Tx) error { return change(tx, region, year) })
	if err != nil {
		return err
	}
	return v.Redirect(inYear(regionPath(region, "invoice-basis"), year), notice, "Year", strconv.Itoa(year))
}
