package learntime

import (
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/studytime"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// term is the one that the address asks for: the last that is over when it says none.
func term(v *visit.Visit) (year int, name string) {
	name = v.FormValue("term")
	if name == clock.Spring || name == clock.Autumn {
		return v.Year(v.Today.Year()), name
	}
	if clock.TermOf(v.Today) == clock.Spring {
		return v.Today.Year() - 1, clock.Autumn
	}
	return v.Today.Year(), clock.Spring
}

// terms lead to this term and the three before it.
func terms(v *visit.Visit, path string) ui.Tabs {
	tabs := ui.Tabs{Label: v.T("studytime.term")}
	askedYear, askedTerm := term(v)
	year, name := v.Today.Year(), clock.TermOf(v.Today)
	for range 4 {
		tabs.Items = append(tabs.Items, ui.Tab{
			Label: v.T("studytime.term_"+name, "Year", strconv.Itoa(year)), Href: path + "?term=" + name + "&year=" + strconv.Itoa(year), Current: year == askedYear && name == askedTerm,
		})
		if name == clock.Spring {
			year, name = year-1, clock.Autumn
		} else {
			name = clock.Spring
		}
	}
	return tabs
}

// Region are the sums of a region by municipality.
func Region(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	from, until := studytime.Term(term(v))
	sums, err := studytime.OfRegion(v.Context(), v.Reader(), v.Viewer, region.ID, from, until, v.Today)
	if err != nil {
		return err
	}
	path := address.RegionStudyTime(region.Slug)
	title := v.T("studytime.sums_of", "Place", region.Name)
	head := ui.PageHead{Title: title, Lead: v.T("studytime.sums_lead")}
	if !access.LearningProjects(v.Viewer).Empty() {
		head.Others = []ui.Action{{Label: v.T("studytime.project.title"), Href: address.RegionProjects(region.Slug), Kind: ui.Secondary}}
	}
	t := table(v, sums, v.T("people.municipality"), func(l studytime.Line) ui.Cell {
		if l.Place.Kind == organisation.Region {
			return ui.Text(v.T("studytime.own"))
		}
		return ui.Link(l.Place.Name, address.MunicipalityStudyTime(l.Place.Slug)+"?"+v.URL.RawQuery)
	})
	return v.Page(v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("studytime.title")})...), head.View(v.Lang), terms(v, path).View(v.Lang), v.Take(t, path))
}

// Municipality are the sums of a municipality, by those of its units that the visitor answers for.
func Municipality(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	from, until := studytime.Term(term(v))
	sums, err := studytime.OfMunicipality(v.Context(), v.Reader(), v.Viewer, m, from, until, v.Today)
	if err != nil {
		return err
	}
	path := address.MunicipalityStudyTime(m.Slug)
	title := v.T("studytime.sums_of", "Place", m.Name)
	t := table(v, sums, v.T("people.unit"), func(l studytime.Line) ui.Cell { return ui.Text(l.Place.Name) })
	head := ui.PageHead{Title: title, Lead: v.T("studytime.sums_lead")}
	if !access.StudyHours(v.Viewer).Empty() {
		head.Others = []ui.Action{{Label: v.T("studytime.hours_title"), Href: address.StudyTimeHours(), Kind: ui.Secondary}}
	}
	return v.Page(v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: v.T("studytime.title")})...), head.View(v.Lang), terms(v, path).View(v.Lang), v.Take(t, path))
}

func table(v *visit.Visit, sums studytime.Sums, place string, name func(studytime.Line) ui.Cell) ui.Table {
	note := v.T("studytime.sums_note", "Fewest", studytime.FewestShown)
	if !sums.Settled {
		note = v.T("studytime.sums_unsettled", "Day", sums.Until)
	}
	t := ui.Table{
		ID: "study-time", Caption: v.T("studytime.sums"), Note: note, Dense: true,
		Columns: []ui.Column{
			{Label: place}, {Label: v.T("studytime.column.set"), Numeric: true}, {Label: v.T("studytime.column.people"), Numeric: true},
			{Label: v.T("studytime.column.share_had"), Numeric: true}, {Label: v.T("studytime.column.share_prepared"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("studytime.no_sums"), Text: v.T("studytime.no_sums_help")},
	}
	row := func(first ui.Cell, l studytime.Line) []ui.Cell {
		return []ui.Cell{first, hourCell(v, l.Minutes), v.NumberCell(l.People), share(v, l.Had), share(v, l.AtWork)}
	}
	for _, l := range sums.Lines {
		t.Rows = append(t.Rows, ui.Row{Cells: row(name(l), l)})
	}
	switch total := row(ui.Text(v.T("studytime.together")), sums.Total); {
	case len(t.Rows) > 0:
		t.Total = total
	case sums.Total.Minutes+sums.Total.Had.Of()+sums.Total.AtWork.Of() > 0: // of units that the visitor does not see one by one
		t.Rows = []ui.Row{{Cells: total}}
	}
	return t
}

// share is a part of what was answered, or that too few have.
func share(v *visit.Visit, s studytime.Share) ui.Cell {
	if !s.Shown() {
		return ui.Text(v.T("studytime.too_few"))
	}
	return ui.Cell{Text: v.Lang.Percent(statistics.Share(s.Yes, s.Of()).Float(), 1), Note: v.T("studytime.of_people", "Count", s.People)}
}
