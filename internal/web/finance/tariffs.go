package finance

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// TariffsPath are the tariffs of the region, or of the nation.
func TariffsPath(o organisation.Organisation, pages ...string) string {
	if o.Kind == organisation.Nation {
		return address.Below(address.NationTariffs, pages...)
	}
	return visit.RegionPath(o, append([]string{"tariffs"}, pages...)...)
}

// tariffOwner is whose tariffs the address is about: a region's, or the nation's, and
// whether the visitor sets them. What is charged is public, so everybody with an office
// in the region may look, and everybody with an office at the nation's.
func tariffOwner(v *visit.Visit) (owner organisation.Organisation, sets bool, err error) {
	if v.PathValue("region") == "" {
		if access.Figures(v.Viewer).Empty() {
			return owner, false, fault.Forbidden
		}
		return v.Server.Country[organisation.NationID], access.NationalTariffs(v.Viewer), nil
	}
	if owner, err = v.Region(); err == nil {
		err = access.Figures(v.Viewer).Allow(owner.Place())
	}
	return owner, maySettle(v, owner.ID), err
}

// tariffSetter is whose tariffs the address is about, for those who set them.
func tariffSetter(v *visit.Visit) (owner organisation.Organisation, err error) {
	if v.PathValue("region") == "" {
		if !access.NationalTariffs(v.Viewer) {
			return owner, fault.Forbidden
		}
		return v.Server.Country[organisation.NationID], nil
	}
	if owner, err = v.Region(); err == nil {
		err = access.Settle(v.Viewer).Allow(owner.Place())
	}
	return owner, err
}

// Tariffs are what is charged per kind of course and period: by a region, with what it
// has from the nation, or by the nation.
func Tariffs(v *visit.Visit) error {
	owner, sets, err := tariffOwner(v)
	if err != nil {
		return err
	}
	all, err := economy.Tariffs(v.Context(), v.Reader(), owner.ID)
	if err != nil {
		return err
	}
	national := owner.Kind == organisation.Nation
	head := ui.PageHead{Title: v.T("money.tariff.title", "Region", owner.Name), Lead: v.T("money.tariff.lead")}
	if national {
		head = ui.PageHead{Title: v.T("money.tariff.national_title"), Lead: v.T("money.tariff.national_lead")}
	}
	f := v.Frame(head.Title, v.CrumbsOf(owner)...)
	parts := []templ.Component{head.View(v.Lang)}
	if sets {
		withdrawal, err := withdrawalForm(v, owner)
		if err != nil {
			return err
		}
		parts = append(parts, withdrawal)
	}
	own := slices.DeleteFunc(slices.Clone(all), func(t economy.Tariff) bool { return t.RegionID != owner.ID })
	if national {
		parts = append(parts, v.Table(tariffTable(v, owner, own, all, sets)), withdrawnTariffs(v, own))
	} else {
		nation := v.Server.Country[organisation.NationID]
		nations := tariffTable(v, nation, slices.DeleteFunc(slices.Clone(all), func(t economy.Tariff) bool { return !t.National() }), all, false)
		nations.ID, nations.Caption = "national", v.T("money.tariff.of_nation")
		parts = append(parts, ui.Section("today", v.T("money.tariff.today"), inForce(v, all).View(v.Lang)),
			v.Table(tariffTable(v, owner, own, all, sets)), withdrawnTariffs(v, own))
		if len(nations.Rows) > 0 {
			parts = append(parts, v.Table(nations))
		}
	}
	if sets && v.NumberID("withdraw") == 0 { // one thing at a time
		fields, err := tariffFields(v, all)
		if err != nil {
			return err
		}
		looked, hidden, err := changeAsked(v, owner.ID)
		if err != nil {
			return err
		}
		label := v.T("money.tariff.save")
		if hidden != nil {
			label = v.T("money.tariff.save_change")
		}
		parts = append(parts, ui.Section("add", v.T("money.tariff.add"), ui.Paragraph(v.T("money.tariff.add_help")), looked,
			ui.Form(TariffsPath(owner), label, hidden, fields...).View(v.Lang)))
	}
	return v.Page(f, parts...)
}

// FeesToday are what the region charges today per kind of course, and whose tariff it is.
func FeesToday(v *visit.Visit, regionID int64) (ui.Summary, error) {
	all, err := economy.Tariffs(v.Context(), v.Reader(), regionID)
	return inForce(v, all), err
}

func inForce(v *visit.Visit, all []economy.Tariff) ui.Summary {
	facts := ui.Summary{}
	for _, kind := range kindsOf(all) {
		fact := ui.Fact{Term: tariffKind(v, kind), Value: v.T("money.tariff.none_today")}
		if t := economy.Holding(all, kind, v.Today); t != nil {
			key := "money.tariff.is_own"
			if t.National() {
				key = "money.tariff.is_national"
			}
			fact.Value = v.T(key, "Fee", t.Fee, "Pot", t.PerParticipant, "From", t.From)
		}
		facts = append(facts, fact)
	}
	if len(facts) == 0 {
		facts = append(facts, ui.Fact{Term: v.T("money.tariff.none"), Value: v.T("money.tariff.none_help")})
	}
	return facts
}

func kindsOf(all []economy.Tariff) (kinds []string) {
	for _, t := range all {
		kinds = append(kinds, t.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// tariffTable are the owner's tariffs that are not withdrawn, those that hold today of all
// marked.
func tariffTable(v *visit.Visit, owner organisation.Organisation, own, all []economy.Tariff, sets bool) ui.Table {
	t := ui.Table{
		ID: "tariffs", Caption: v.T("money.tariff.all"), Note: v.T("money.excl_vat"),
		Columns: []ui.Column{
			{Label: v.T("money.tariff.kind")}, {Label: v.T("money.tariff.holds")}, {Label: v.T("money.fee"), Numeric: true},
			{Label: v.T("money.tariff.pot"), Numeric: true}, {Label: v.T("money.tariff.rest"), Numeric: true},
			{Label: v.T("money.tariff.weights")}, {Label: v.T("money.tariff.rss")}, {Label: v.T("money.tariff.made")},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("money.tariff.none"), Text: v.T("money.tariff.none_help")},
	}
	if owner.Kind != organisation.Nation {
		t.Caption = v.T("money.tariff.of_region")
		if len(all) > len(own) { // what it lacks it has from the nation
			t.Empty.Title, t.Empty.Text = v.T("money.tariff.none_own"), v.T("money.tariff.none_own_help")
		}
	} else {
		t.Empty.Text = v.T("money.tariff.none_national_help")
	}
	if sets {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("money.tariff.withdraw"), Action: true})
	}
	kept := slices.DeleteFunc(slices.Clone(own), func(t economy.Tariff) bool { return t.WithdrawnAt != nil })
	for i, each := range kept {
		holds := v.T("money.tariff.holds_from", "From", each.From)
		if i+1 < len(kept) && kept[i+1].Kind == each.Kind {
			next := kept[i+1].From
			if holds = v.T("money.tariff.published_before", "From", each.From); next > each.From {
				holds = v.Lang.Days(each.From, next-1)
			}
		}
		kind := ui.Cell{Text: tariffKind(v, each.Kind)}
		if now := economy.Holding(all, each.Kind, v.Today); now != nil && now.ID == each.ID {
			kind.Note = v.T("money.tariff.now")
		}
		cells := []ui.Cell{
			kind, ui.Text(holds), v.AmountCell(each.Fee), v.AmountCell(each.PerParticipant), v.AmountCell(each.Fee - each.PerParticipant),
			ui.Text(v.T("money.tariff.weights_are", "Lead", weight(v, each.LeadWeight), "Trainer", weight(v, each.TrainerWeight))),
			ui.Text(v.T("money.tariff.rss." + string(each.RSS))), madeCell(v, each),
		}
		if sets {
			cells = append(cells, ui.Cell{
				Text: v.T("money.tariff.withdraw"), Href: TariffsPath(owner) + "?withdraw=" + visit.ID(each.ID) + "#withdraw",
				About: kind.Text + " " + v.Lang.Day(each.From),
			})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
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
	owner, err := tariffSetter(v)
	if err != nil {
		return err
	}
	t, err := typedTariff(v, owner.ID)
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
	return v.Redirect(TariffsPath(owner), "notice.tariff_added")
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
