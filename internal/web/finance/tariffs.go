package finance

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Tariffs are what the region charges per kind of course and period. What is
// charged is public, so everybody with an office in the region may look.
func Tariffs(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	if err := access.Figures(v.Viewer).Allow(region.Place()); err != nil {
		return err
	}
	all, err := economy.Tariffs(v.Context(), v.Reader(), region.ID)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("money.tariff.title", "Region", region.Name), Lead: v.T("money.tariff.lead")}
	f := v.Frame(head.Title, v.CrumbsOf(region)...)
	t := ui.Table{
		ID: "tariffs", Caption: v.T("money.tariff.all"), Note: v.T("money.excl_vat"),
		Columns: []ui.Column{
			{Label: v.T("money.tariff.kind")}, {Label: v.T("money.tariff.holds")}, {Label: v.T("money.fee"), Numeric: true},
			{Label: v.T("money.tariff.pot"), Numeric: true}, {Label: v.T("money.tariff.rest"), Numeric: true},
			{Label: v.T("money.tariff.weights")}, {Label: v.T("money.tariff.rss")}, {Label: v.T("money.tariff.made")},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("money.tariff.none"), Text: v.T("money.tariff.none_help")},
	}
	settles := maySettle(v, region.ID)
	if settles {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("money.tariff.withdraw"), Action: true})
	}
	inForce := slices.DeleteFunc(slices.Clone(all), func(t economy.Tariff) bool { return t.WithdrawnAt != nil })
	for i, each := range inForce {
		holds, now := v.T("money.tariff.holds_from", "From", each.From), true
		if i+1 < len(inForce) && inForce[i+1].Kind == each.Kind {
			next := inForce[i+1].From
			if holds, now = v.T("money.tariff.published_before", "From", each.From), false; next > each.From {
				holds, now = v.Lang.Days(each.From, next-1), next > v.Today
			}
		}
		kind := ui.Cell{Text: tariffKind(v, each.Kind)}
		if now && each.From <= v.Today {
			kind.Note = v.T("money.tariff.now")
		}
		cells := []ui.Cell{
			kind, ui.Text(holds), v.AmountCell(each.Fee), v.AmountCell(each.PerParticipant), v.AmountCell(each.Fee - each.PerParticipant),
			ui.Text(v.T("money.tariff.weights_are", "Lead", weight(v, each.LeadWeight), "Trainer", weight(v, each.TrainerWeight))),
			ui.Text(v.T("money.tariff.rss." + string(each.RSS))), madeCell(v, each),
		}
		if settles {
			cells = append(cells, ui.Cell{
				Text: v.T("money.tariff.withdraw"), Href: visit.RegionPath(region, "tariffs") + "?withdraw=" + visit.ID(each.ID) + "#withdraw",
				About: kind.Text + " " + v.Lang.Day(each.From),
			})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	parts := []templ.Component{head.View(v.Lang)}
	if settles {
		withdrawal, err := withdrawalForm(v, region)
		if err != nil {
			return err
		}
		parts = append(parts, withdrawal)
	}
	parts = append(parts, v.Table(t), withdrawnTariffs(v, all))
	if settles {
		fields, err := tariffFields(v, all)
		if err != nil {
			return err
		}
		looked, hidden, err := changeAsked(v, region.ID)
		if err != nil {
			return err
		}
		label := v.T("money.tariff.save")
		if hidden != nil {
			label = v.T("money.tariff.save_change")
		}
		parts = append(parts, ui.Section("add", v.T("money.tariff.add"), ui.Paragraph(v.T("money.tariff.add_help")), looked,
			ui.Form(visit.RegionPath(region, "tariffs"), label, hidden, fields...).View(v.Lang)))
	}
	return v.Page(f, parts...)
}

func tariffFields(v *visit.Visit, all []economy.Tariff) ([]ui.Field, error) {
	courses, err := catalogue.AllCourses(v.Context(), v.Reader())
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, c := range courses {
		kinds = append(kinds, c.TariffKind)
	}
	for _, t := range all {
		kinds = append(kinds, t.Kind)
	}
	slices.Sort(kinds)
	options := []ui.Option{{Value: "", Label: v.T("money.tariff.choose_kind")}}
	for _, kind := range slices.Compact(kinds) {
		if kind != "" {
			options = append(options, ui.Option{Value: kind, Label: tariffKind(v, kind)})
		}
	}
	kr := v.T("money.tariff.kr")
	return []ui.Field{
		{Input: ui.SelectInput, Name: "kind", Label: v.T("money.tariff.kind"), Options: options, Value: v.Typed("kind", ""), Error: v.Wrong("kind")},
		{Input: ui.DateInput, Name: "from", Label: v.T("money.tariff.from"), Hint: v.T("money.tariff.from_hint"), Value: v.Typed("from", ""), Error: v.Wrong("from")},
		{Name: "fee", Label: v.T("money.tariff.fee"), Unit: kr, Short: true, Value: v.Typed("fee", ""), Error: v.Wrong("fee")},
		{Name: "pot", Label: v.T("money.tariff.pot"), Hint: v.T("money.tariff.pot_hint"), Unit: kr, Short: true, Value: v.Typed("pot", ""), Error: v.Wrong("pot")},
		{Name: "lead_weight", Label: v.T("money.tariff.lead_weight"), Short: true, Value: v.Typed("lead_weight", weight(v, 150)), Error: v.Wrong("lead_weight")},
		{Name: "trainer_weight", Label: v.T("money.tariff.trainer_weight"), Short: true, Value: v.Typed("trainer_weight", weight(v, 100)), Error: v.Wrong("trainer_weight")},
		{Input: ui.RadioInput, Name: "rss", Label: v.T("money.tariff.rss"), Value: v.Typed("rss", ""), Error: v.Wrong("rss"), Options: []ui.Option{
			{Value: string(economy.RSSKept), Label: v.T("money.tariff.rss.kept"), Hint: v.T("money.tariff.rss_kept_hint")},
			{Value: string(economy.RSSShared), Label: v.T("money.tariff.rss.shared"), Hint: v.T("money.tariff.rss_shared_hint")},
		}},
		{Input: ui.RadioInput, Name: "reach", Label: v.T("money.tariff.reach"), Value: v.Typed("reach", reachComing), Error: v.Wrong("reach"), Options: []ui.Option{
			{Value: reachComing, Label: v.T("money.tariff.reach_coming"), Hint: v.T("money.tariff.reach_coming_hint")},
			{Value: reachAll, Label: v.T("money.tariff.reach_all"), Hint: v.T("money.tariff.reach_all_hint")},
		}},
		{Input: ui.TextareaInput, Name: "reason", Label: v.T("money.tariff.reason"), Hint: v.T("money.tariff.reason_hint"), Optional: true, Value: v.Typed("reason", ""), Error: v.Wrong("reason")},
	}, nil
}

// Which rounds a tariff is for: those published from now on, or those that are published, too.
const (
	reachComing = "coming"
	reachAll    = "all"
)

// AddTariff adds a tariff that holds from a day on. One that changes published
// rounds is shown first with what it changes.
func AddTariff(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	if err := access.Settle(v.Viewer).Allow(region.Place()); err != nil {
		return err
	}
	t, err := typedTariff(v, region.ID)
	if err != nil {
		return err
	}
	look := false
	err = v.Write(func(tx *db.Tx) error {
		c, err := economy.ChangeOf(v.Context(), tx, v.Viewer, t, v.Now)
		if err != nil {
			return err
		}
		if look = c.Days > 0 && v.FormValue("seen") != c.Key(); look {
			return nil
		}
		_, err = economy.AddTariff(v.Context(), tx, v.Viewer, t, v.Now)
		return err
	})
	if err != nil {
		return err
	}
	if look {
		return v.Again()
	}
	return v.Redirect(visit.RegionPath(region, "tariffs"), "notice.tariff_added")
}

// typedTariff reads the form; what is no day, amount or weight is noted per
// field, what the numbers must be is for economy to say.
func typedTariff(v *visit.Visit, regionID int64) (economy.Tariff, error) {
	var checks fault.Checks
	amount := func(name string) money.Ore {
		o, err := money.Parse(v.FormValue(name))
		checks.Require(err == nil, name, "money.tariff.amount_wrong")
		return o
	}
	weight := func(name string) economy.Weight {
		w, err := economy.ParseWeight(v.FormValue(name))
		checks.Require(err == nil, name, "economy.weight_wrong", "Max", economy.MaxWeight.String())
		return w
	}
	t := economy.Tariff{RegionID: regionID, Kind: v.FormValue("kind")}
	checks.Require(t.Kind != "", "kind", "money.tariff.kind_missing")
	t.From = v.FormDay(&checks, "from")
	t.Fee, t.PerParticipant = amount("fee"), amount("pot")
	t.LeadWeight, t.TrainerWeight = weight("lead_weight"), weight("trainer_weight")
	t.RSS = economy.RSSRule(v.FormValue("rss"))
	checks.Require(t.RSS != "", "rss", "economy.rss_wrong")
	if v.FormValue("reach") == reachAll {
		t.Reason = strings.TrimSpace(v.FormValue("reason"))
		checks.Require(t.Reason != "", "reason", "economy.reason_missing")
	}
	return t, checks.Err()
}
