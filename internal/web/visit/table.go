package visit

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/money"
	"yrkesresan/internal/web/ui"
)

// Years are the years that the region can be asked about, the newest first, and
// the one that is: the address's, else the newest that has begun.
func (v *Visit) Years(regionID int64) ([]int, int, error) {
	years, err := economy.Years(v.Context(), v.Reader(), regionID)
	if err != nil {
		return nil, 0, err
	}
	newest := v.Today.Year()
	if i := slices.IndexFunc(years, func(y int) bool { return y <= v.Today.Year() }); i >= 0 {
		newest = years[i]
	}
	return years, v.Year(newest), nil
}

// YearTabs lead to the page at the path of the other years.
func (v *Visit) YearTabs(path string, years []int, year int) templ.Component {
	if len(years) == 0 {
		return templ.NopComponent
	}
	tabs := ui.Tabs{Label: v.T("money.years")}
	if !slices.Contains(years, year) {
		tabs.Items = append(tabs.Items, ui.Tab{Label: strconv.Itoa(year), Href: InYear(path, year), Current: true})
	}
	for _, y := range years {
		tabs.Items = append(tabs.Items, ui.Tab{Label: strconv.Itoa(y), Href: InYear(path, y), Current: y == year})
	}
	return tabs.View(v.Lang)
}

// Table is a part of the page: the caption as its heading, with the table's ID
// to lead to. With a path it can be taken out as a file (Take).
func (v *Visit) Table(t ui.Table, path ...string) templ.Component {
	id := t.ID
	t.ID, t.QuietTitle = id+"-table", true
	if len(path) > 0 {
		return ui.Section(id, t.Caption, v.Take(t, path[0]))
	}
	return ui.Section(id, t.Caption, t.View(v.Lang))
}

func (v *Visit) NumberCell(n int) ui.Cell { return ui.Text(v.Lang.Number(int64(n))) }

func (v *Visit) AmountCell(o money.Ore) ui.Cell { return ui.Text(v.Lang.Money(o)) }

// DayOrToday is the day that figures are asked for: no day to come.
func (v *Visit) DayOrToday() clock.Day { return min(v.Day("day", v.Today), v.Today) }

// Paged is the page of a list that the address asks for, and what leads to the
// others; nil when there are none.
func Paged[T any](v *Visit, all []T, perPage int) ([]T, *ui.Pager) {
	if len(all) <= perPage {
		return all, nil
	}
	page := ui.LastPage(v.Number("page", 1), len(all), perPage)
	return all[(page-1)*perPage : min(page*perPage, len(all))], &ui.Pager{Address: v.Address(), Page: page, PerPage: perPage, Rows: len(all)}
}
