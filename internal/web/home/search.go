package home

import (
	"bytes"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// fewFound is how many hits of a sort the search shows; more are found in the
// lists that it leads to.
const fewFound = 8

// Search finds what administrators look for by name: pages of the menu,
// municipalities and regions, courses, and people.
func Search(v *visit.Visit) error {
	words := strings.Join(strings.Fields(v.FormValue("q")), " ")
	f := v.Frame(v.T("search.title"))
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("search.title")}.View(v.Lang),
		ui.Filter{Label: v.T("search.title"), Action: visit.SearchPath, Submit: v.T("search.title"), Fields: []ui.Field{
			{Name: "q", Label: v.T("search.words"), Value: words},
		}}.View(v.Lang),
	}
	if words == "" {
		return v.Page(f, append(parts, ui.Empty{Picture: ui.PictureSearch, Title: v.T("search.empty"), Text: v.T("search.empty_help")}.View(v.Lang))...)
	}
	found := false
	show := func(key string, hits []ui.NavItem) {
		if len(hits) > 0 {
			found = true
			parts = append(parts, ui.Section(key, v.T("search."+key), ui.Ways(v.Lang, hits[:min(len(hits), fewFound)])))
		}
	}
	pages := slices.DeleteFunc(v.Menu(v.Office()), func(i ui.NavItem) bool { return !matches(i.Label, words) })
	show("pages", pages)
	show("organisations", findOrganisations(v, words))
	courses, err := findCourses(v, words)
	if err != nil {
		return err
	}
	show("courses", courses)
	hits, err := findPeople(v, words)
	if err != nil {
		return err
	}
	show("people", hits)
	if !found {
		parts = append(parts, ui.Empty{Picture: ui.PictureSearch, Title: v.T("search.nothing", "Words", words), Text: v.T("search.nothing_help")}.View(v.Lang))
	}
	return v.Page(f, parts...)
}

// matches tells whether a word of the name begins as the search does.
func matches(name, words string) bool {
	name, words = strings.ToLower(name), strings.ToLower(words)
	return strings.HasPrefix(name, words) || strings.Contains(name, " "+words)
}

func findOrganisations(v *visit.Visit, words string) []ui.NavItem {
	scope := access.Figures(v.Viewer)
	var hits []ui.NavItem
	for _, o := range v.Server.Country {
		if o.Kind == organisation.Nation || !matches(o.Name, words) || !scope.Covers(o.Place()) {
			continue
		}
		href := visit.MunicipalityPath(o)
		if o.Kind == organisation.Region {
			href = visit.RegionPath(o, "figures")
		}
		hits = append(hits, ui.NavItem{Label: o.Name, Href: href})
	}
	slices.SortFunc(hits, func(a, b ui.NavItem) int { return bytes.Compare(i18n.SortKey(a.Label), i18n.SortKey(b.Label)) })
	return hits
}

func findCourses(v *visit.Visit, words string) ([]ui.NavItem, error) {
	all, err := catalogue.AllCourses(v.Context(), v.Reader())
	if err != nil {
		return nil, err
	}
	var hits []ui.NavItem
	for _, c := range all {
		if matches(c.Title(), words) {
			hits = append(hits, ui.NavItem{Label: c.Title(), Href: visit.RoundsPath + "?course=" + visit.ID(c.ID)})
		}
	}
	return hits, nil
}

func findPeople(v *visit.Visit, words string) ([]ui.NavItem, error) {
	if access.Staff(v.Viewer).Empty() {
		return nil, nil
	}
	rows, total, err := people.List(v.Context(), v.Reader(), v.Viewer, people.Filter{Name: words, PerPage: fewFound - 1}, v.Today)
	if err != nil {
		return nil, err
	}
	var hits []ui.NavItem
	for _, r := range rows {
		where := r.Unit
		if where == "" {
			where = r.Municipality
		}
		hits = append(hits, ui.NavItem{Label: r.Name() + ", " + where, Href: visit.PersonPath(r.ID)})
	}
	if total > len(rows) {
		more := ui.Address{Path: visit.PeoplePath}
		all := v.T("search.all_people", "Count", total)
		if people.More(total, 1, len(rows)) {
			all = v.T("search.many_people", "Most", total-1)
		}
		hits = append(hits, ui.NavItem{Label: all, Href: more.With("q", words)})
	}
	return hits, nil
}
