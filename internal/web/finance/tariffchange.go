package finance

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// madeCell says when a tariff was decided, by whom, and why when it is a correction.
func madeCell(v *visit.Visit, t economy.Tariff) ui.Cell {
	cell := ui.Text("")
	if t.MadeAt != 0 {
		cell = ui.Cell{Text: v.Lang.TinyDay(t.MadeAt.Day()), Note: t.MadeBy}
	}
	if t.Reason != "" {
		cell.Note = v.T("money.tariff.correction", "By", t.MadeBy, "Reason", t.Reason)
	}
	return cell
}

// withdrawnTariffs are those that were taken back, each with why.
func withdrawnTariffs(v *visit.Visit, all []economy.Tariff) templ.Component {
	t := ui.Table{
		ID: "withdrawn", Caption: v.T("money.tariff.withdrawn"),
		Columns: []ui.Column{
			{Label: v.T("money.tariff.kind")}, {Label: v.T("money.tariff.from")}, {Label: v.T("money.fee"), Numeric: true},
			{Label: v.T("money.tariff.withdrawn_on")}, {Label: v.T("money.basis.reason")},
		},
	}
	for _, each := range all {
		if each.WithdrawnAt != nil {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
				ui.Text(tariffKind(v, each.Kind)), ui.Text(v.Lang.Day(each.From)), v.AmountCell(each.Fee),
				{Text: v.Lang.TinyDay(each.WithdrawnAt.Day()), Note: each.WithdrawnBy}, ui.Text(each.WithdrawnReason),
			}})
		}
	}
	if len(t.Rows) == 0 {
		return templ.NopComponent
	}
	return v.Table(t)
}

// changeAsked is what the tariff in the form would change, when it was sent to be looked at, and the
// hidden field that says yes to it.
func changeAsked(v *visit.Visit, regionID int64) (templ.Component, []ui.Hidden, error) {
	if !v.Sent || v.Refused != nil || v.NumberID("withdraw") != 0 {
		return templ.NopComponent, nil, nil //nolint:nilerr // what was refused is told in the form
	}
	t, err := typedTariff(v, regionID)
	if err != nil {
		return nil, nil, err
	}
	c, err := economy.ChangeOf(v.Context(), v.Reader(), v.Viewer, t, v.Now)
	if err != nil {
		return nil, nil, err
	}
	return changed(v, c), []ui.Hidden{{Name: "seen", Value: c.Key()}}, nil
}

// changed says in numbers what a tariff changes in published rounds, and in which.
func changed(v *visit.Visit, c economy.Change) templ.Component {
	if c.Days == 0 {
		return ui.Paragraph(v.T("money.tariff.changes_nothing"))
	}
	if regions := regionsOf(c); len(regions) > 1 {
		return byRegion(v, c, regions)
	}
	return changedTable(v, c, "changed")
}

// regionsOf are the regions of the rounds that change, in their order.
func regionsOf(c economy.Change) (regions []string) {
	for _, r := range c.Rounds {
		regions = append(regions, r.Region)
	}
	return slices.Compact(regions)
}

// byRegion is the sum of what a tariff of the nation changes in each region, with its
// rounds folded.
func byRegion(v *visit.Visit, c economy.Change, regions []string) templ.Component {
	t := ui.Table{
		ID: "changed", Caption: v.T("money.tariff.changes_in", "Count", len(c.Rounds), "Regions", len(regions)), Dense: true,
		Note: v.T("money.tariff.changes_sum", "Days", c.Days, "Held", c.Held, "Seats", c.Seats, "Charged", signed(v, c.Charged), "Shared", signed(v, c.Shared), "Expected", signed(v, c.Expected)),
		Columns: []ui.Column{
			{Label: v.T("money.tariff.region")}, {Label: v.T("money.tariff.rounds"), Numeric: true}, {Label: v.T("money.course_days"), Numeric: true}, {Label: v.T("money.tariff.held"), Numeric: true},
			{Label: v.T("money.tariff.seats"), Numeric: true}, {Label: v.T("money.tariff.charged"), Numeric: true}, {Label: v.T("money.tariff.shared"), Numeric: true},
		},
		Total: []ui.Cell{
			ui.Text(v.T("ui.total")), v.NumberCell(len(c.Rounds)), v.NumberCell(c.Days), v.NumberCell(c.Held), v.NumberCell(c.Seats),
			ui.Text(signed(v, c.Charged)), ui.Text(signed(v, c.Shared)),
		},
	}
	parts := []templ.Component{nil}
	for i, region := range regions {
		part := economy.Change{}
		for _, r := range c.Rounds {
			if r.Region == region {
				part.Rounds = append(part.Rounds, r)
				part.Days, part.Held, part.Seats = part.Days+r.Days, part.Held+r.Held, part.Seats+r.Seats
				part.Charged, part.Shared, part.Expected = part.Charged+r.Charged, part.Shared+r.Shared, part.Expected+r.Expected
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(region), v.NumberCell(len(part.Rounds)), v.NumberCell(part.Days), v.NumberCell(part.Held), v.NumberCell(part.Seats),
			ui.Text(signed(v, part.Charged)), ui.Text(signed(v, part.Shared)),
		}})
		parts = append(parts, ui.Fold(region, changedTable(v, part, "changed-"+strconv.Itoa(i+1))))
	}
	parts[0] = v.Table(t)
	return templ.Join(parts...)
}

func changedTable(v *visit.Visit, c economy.Change, id string) templ.Component {
	t := ui.Table{
		ID: id, Caption: v.T("money.tariff.changes", "Count", len(c.Rounds)), Dense: true,
		Note: v.T("money.tariff.changes_sum", "Days", c.Days, "Held", c.Held, "Seats", c.Seats, "Charged", signed(v, c.Charged), "Shared", signed(v, c.Shared), "Expected", signed(v, c.Expected)),
		Columns: []ui.Column{
			{Label: v.T("money.course"), Keep: true}, {Label: v.T("money.day")}, {Label: v.T("money.course_days"), Numeric: true}, {Label: v.T("money.tariff.held"), Numeric: true},
			{Label: v.T("money.tariff.seats"), Numeric: true}, {Label: v.T("money.tariff.fee_before"), Numeric: true}, {Label: v.T("money.tariff.fee_after"), Numeric: true},
			{Label: v.T("money.tariff.charged"), Numeric: true}, {Label: v.T("money.tariff.shared"), Numeric: true},
		},
		Total: []ui.Cell{
			ui.Text(v.T("ui.total")), ui.Text(""), v.NumberCell(c.Days), v.NumberCell(c.Held), v.NumberCell(c.Seats), ui.Text(""), ui.Text(""),
			ui.Text(signed(v, c.Charged)), ui.Text(signed(v, c.Shared)),
		},
	}
	amount := func(o *money.Ore) ui.Cell {
		if o == nil {
			return ui.Text("–")
		}
		return v.AmountCell(*o)
	}
	for _, r := range c.Rounds {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: r.Course, Note: r.Round, Href: visit.RoundPath(r.RoundID)}, ui.Text(v.Lang.TinyDay(r.FirstDay)), v.NumberCell(r.Days), v.NumberCell(r.Held),
			v.NumberCell(r.Seats), amount(r.Before), amount(r.After), ui.Text(signed(v, r.Charged)), ui.Text(signed(v, r.Shared)),
		}})
	}
	return v.Table(t)
}

// withdrawalForm takes back the tariff that the address names, with what that changes; nothing when
// it names none.
func withdrawalForm(v *visit.Visit, owner organisation.Organisation) (templ.Component, error) {
	id := v.NumberID("withdraw")
	if id == 0 {
		return templ.NopComponent, nil
	}
	c, t, err := economy.WithdrawalOf(v.Context(), v.Reader(), v.Viewer, owner.ID, id)
	if err != nil {
		return nil, err
	}
	hidden := []ui.Hidden{{Name: "withdraw", Value: visit.ID(id)}, {Name: "seen", Value: c.Key()}}
	return ui.Section("withdraw", v.T("money.tariff.withdraw_title"),
		ui.Paragraph(v.T("money.tariff.withdraw_help", "Kind", tariffKind(v, t.Kind), "From", t.From, "Fee", t.Fee)), changed(v, c),
		ui.Form(TariffsPath(owner, "withdrawal"), v.T("money.tariff.withdraw_do"), hidden, ui.Field{
			Input: ui.TextareaInput, Name: "reason", Label: v.T("money.basis.reason"), Value: v.FormValue("reason"), Error: v.Wrong("reason"),
		}).View(v.Lang)), nil
}

// WithdrawTariff takes a tariff back. When it has come to change something else than was shown, it
// is shown again.
func WithdrawTariff(v *visit.Visit) error {
	owner, err := tariffSetter(v)
	if err != nil {
		return err
	}
	look, id, reason := false, v.NumberID("withdraw"), v.FormValue("reason")
	err = v.Write(func(tx *db.Tx) error {
		if c, _, err := economy.WithdrawalOf(v.Context(), tx, v.Viewer, owner.ID, id); reason != "" && err == nil {
			if look = v.FormValue("seen") != c.Key(); look {
				return nil
			}
		}
		return economy.WithdrawTariff(v.Context(), tx, v.Viewer, owner.ID, id, reason, v.Now)
	})
	if err == nil && look {
		return v.Again()
	}
	if err != nil {
		return err
	}
	return v.Redirect(TariffsPath(owner), "notice.tariff_withdrawn")
}
