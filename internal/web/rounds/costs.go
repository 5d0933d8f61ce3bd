package rounds

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/cost"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/room"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// costForm is what the days of a round cost, for those who administer the region's money.
type costForm struct {
	*visit.Visit
	d     round.Detail
	days  []cost.Day
	rooms map[int64]money.Ore // what each room costs by the list of rooms
}

func readCosts(v *visit.Visit) (*costForm, error) {
	d, err := v.RoundInAddress()
	if err != nil {
		return nil, err
	}
	p := &costForm{Visit: v, d: d, rooms: map[int64]money.Ore{}}
	if p.days, err = cost.OfRound(v.Context(), v.Reader(), v.Viewer, d.ID); err != nil {
		return nil, err
	}
	all, err := room.All(v.Context(), v.Reader(), v.Viewer, d.RegionID, v.Today)
	for _, r := range all {
		p.rooms[r.ID] = r.Cost
	}
	return p, err
}

// Costs is the form, with what was written before and by whom.
func Costs(v *visit.Visit) error {
	p, err := readCosts(v)
	if err != nil {
		return err
	}
	history, err := p.history()
	if err != nil {
		return err
	}
	title := v.T("cost.title")
	f := v.Frame(title, v.RoundCrumbs(p.d.Round, ui.Crumb{Label: p.d.Course + ", " + p.d.Label, Href: visit.RoundPath(p.d.ID)}, ui.Crumb{Label: title})...)
	var names []func(fault.Field) string
	for i := range p.days {
		names = append(names, visit.Row(v.T("plan.day_n", "N", i+1), p.fields(i)...))
	}
	v.NameErrors(names...)
	return v.Page(f, ui.PageHead{Title: title, Lead: p.d.Course + ", " + p.d.Label + ". " + v.T("cost.lead")}.View(v.Lang),
		costSums(v, p.days), costDays(p), history)
}

// fields are what a day cost of each kind; empty is not known.
func (p *costForm) fields(i int) []ui.Field {
	day, fields := p.days[i], []ui.Field(nil)
	for _, kind := range cost.Kinds {
		name := cost.Field(cost.Written{DayID: day.ID, Kind: kind})
		f := ui.Field{Name: name, Label: p.T(kind.Key()), Unit: p.T("cost.kr"), Short: true, Autocomplete: "off", Error: p.Wrong(name)}
		if amount, known := day.Known[kind]; known {
			f.Value = strings.TrimSuffix(amount.String(), ".00")
		}
		if f.Value = p.Typed(name, f.Value); kind == cost.Room && p.rooms[p.d.CourseDays[i].RoomID] > 0 {
			f.Hint = p.T("cost.by_list", "Amount", p.rooms[p.d.CourseDays[i].RoomID])
		}
		fields = append(fields, f)
	}
	return fields
}

// SaveCosts writes what was typed.
func SaveCosts(v *visit.Visit) error {
	p, err := readCosts(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	var all []cost.Written
	for _, day := range p.days {
		for _, kind := range cost.Kinds {
			w := cost.Written{DayID: day.ID, Kind: kind}
			if text := strings.Join(strings.Fields(v.FormValue(cost.Field(w))), ""); text != "" { // "1 500"
				amount, err := money.Parse(text)
				checks.Require(err == nil, cost.Field(w), "cost.amount_wrong", "Most", cost.Most)
				w.Amount = &amount
			}
			all = append(all, w)
		}
	}
	written := 0
	if err = checks.Err(); err == nil {
		err = v.Write(func(tx *db.Tx) (err error) {
			written, err = cost.Write(v.Context(), tx, v.Viewer, p.d.ID, all, v.Now)
			return err
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.RoundPath(p.d.ID, "costs"), "notice.costs_written", "Count", strconv.Itoa(written))
}

// history is who wrote what, folded away.
func (p *costForm) history() (templ.Component, error) {
	facts, err := cost.History(p.Context(), p.Reader(), p.Viewer, p.d.ID)
	if err != nil || len(facts) == 0 {
		return templ.NopComponent, err
	}
	t := ui.Table{
		ID: "cost-history", Caption: p.T("cost.history", "Count", len(facts)), QuietTitle: true,
		Columns: []ui.Column{{Label: p.T("round.event_when"), Keep: true}, {Label: p.T("round.day"), Keep: true}, {Label: p.T("cost.what")}, {Label: p.T("money.amount"), Numeric: true}, {Label: p.T("round.event_who")}},
	}
	for _, f := range facts {
		amount := p.T("cost.unknown")
		if f.Amount != nil {
			amount = p.Lang.Money(*f.Amount)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(p.Lang.DayTime(f.At)), ui.Text(p.Lang.ShortDay(f.Day)), ui.Text(p.T(f.Kind.Key())), ui.Text(amount), ui.Text(f.By),
		}})
	}
	return ui.Fold(t.Caption, t.View(p.Lang)), nil
}

// costSums are the sums by kind and in all, each with how many days it is made of.
func costSums(v *visit.Visit, days []cost.Day) templ.Component {
	var figures ui.Figures
	for _, kind := range cost.Kinds {
		figures = append(figures, v.CostFigure(v.T(kind.Key()), cost.Of(days, kind)))
	}
	return append(figures, v.CostFigure(v.T("cost.all"), cost.Total(days))).View(v.Lang)
}

// costs is what the round's page says of them.
func (p *roundPage) costs() (templ.Component, error) {
	if !cost.Kept(p.Viewer, p.d.Round) {
		return templ.NopComponent, nil
	}
	days, err := cost.OfRound(p.Context(), p.Reader(), p.Viewer, p.d.ID)
	if err != nil {
		return nil, err
	}
	write := ui.Action{Label: p.T("cost.write"), Href: visit.RoundPath(p.d.ID, "costs"), Kind: ui.Secondary, Small: true}
	return ui.Section("costs", p.T("cost.title"), costSums(p.Visit, days), write.View(p.Lang)), nil
}
