package finance

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/cost"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// yearCosts is what the region's course days of the year cost it, by round; nothing
// for those who may only read what is charged.
func yearCosts(v *visit.Visit, region organisation.Organisation, year int) (templ.Component, error) {
	if !access.Costs(v.Viewer).Covers(region.Place()) {
		return templ.NopComponent, nil
	}
	days, err := cost.OfYear(v.Context(), v.Reader(), v.Viewer, region.ID, year)
	if err != nil || len(days) == 0 {
		return templ.NopComponent, err
	}
	t := ui.Table{
		ID: "costs-table", Caption: v.T("cost.by_round"), Note: v.T("money.excl_vat"),
		Columns: []ui.Column{{Label: v.T("round.course")}},
	}
	var figures ui.Figures
	for _, kind := range cost.Kinds {
		t.Columns = append(t.Columns, ui.Column{Label: v.T(kind.Key()), Numeric: true})
		figures = append(figures, v.CostFigure(v.T(kind.Key()), cost.Of(days, kind)))
	}
	t.Columns = append(t.Columns, ui.Column{Label: v.T("cost.all"), Numeric: true})
	figures = append(figures, v.CostFigure(v.T("cost.all"), cost.Total(days)))

	byRound := map[int64][]cost.Day{}
	var order []int64
	for _, d := range days {
		if byRound[d.RoundID] == nil {
			order = append(order, d.RoundID)
		}
		byRound[d.RoundID] = append(byRound[d.RoundID], d)
	}
	cell := func(s cost.Sum) ui.Cell {
		f := v.CostFigure("", s)
		if s.Whole() && s.Days > 0 {
			f.Note = ""
		}
		return ui.Cell{Text: f.Value, Note: f.Note}
	}
	for _, id := range order {
		of := byRound[id]
		if cost.Total(of).Days == 0 {
			continue // it was called off and cost nothing
		}
		cells := []ui.Cell{{Text: of[0].Course, Note: of[0].Round, Href: visit.RoundPath(id, "costs")}}
		for _, kind := range cost.Kinds {
			cells = append(cells, cell(cost.Of(of, kind)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells, cell(cost.Total(of)))})
	}
	return ui.Section("costs", v.T("cost.year"), ui.Paragraph(v.T("cost.year_help")), figures.View(v.Lang), ui.Fold(v.T("cost.by_round"), v.Table(t))), nil
}
