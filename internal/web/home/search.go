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
	"yrkesresan/internal/round"
	"yrkesresan/internal/text"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const (
	// fewFound is how many hits of a sort the search shows; more are found in the
	// lists that it leads to.
	fewFound = 8
	// fewSearched is of how many courses, and how many places, rounds are looked for.
	fewSearched = 3
)

// search is what somebody looks for and what is found.
type search struct {
	*visit.Visit
	words  text.Sought
	places []organisation.Organisation // that fit and may be seen, the best first
}

// Search finds what the visitor may see by how it is called: pages, courses, rounds,
// municipalities and regions, people, and answers of the help.
func Search(v *visit.Visit) error {
	typed := strings.Join(strings.Fields(v.FormValue("q")), " ")
	f := v.Frame(v.T("search.title"))
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("search.title")}.View(v.Lang),
		ui.Filter{Label: v.T("search.title"), Action: visit.SearchPath, Submit: v.T("search.title"), Fields: []ui.Field{
			{Name: "q", Label: v.T("search.words"), Value: typed},
		}}.View(v.Lang),
	}
	if typed == "" {
		return v.Page(f, append(parts, ui.Empty{Picture: ui.PictureSearch, Title: v.T("search.empty"), Text: v.T("search.empty_help")}.View(v.Lang))...)
	}
	s := search{Visit: v, words: text.Seek(typed)}
	found := false
	for _, sort := range []struct {
		key  string
		find func() ([]ui.NavItem, error)
	}{
		{"pages", s.pages}, {"courses", s.courses}, {"organisations", s.organisations}, {"rounds", s.rounds}, {"people", func() ([]ui.NavItem, error) { return s.people(typed) }}, {"help", s.help},
	} {
		hits, err := sort.find()
		if err != nil {
			return err
		}
		if len(hits) > 0 {
			found = true
			parts = append(parts, ui.Section(sort.key, v.T("search."+sort.key), ui.Ways(v.T("search."+sort.key), hits[:min(len(hits), fewFound)])))
		}
	}
	if !found {
		parts = append(parts, ui.Empty{Picture: ui.PictureSearch, Title: v.T("search.nothing", "Words", typed), Text: v.T("search.nothing_help")}.View(v.Lang))
	}
	return v.Page(f, parts...)
}

// best are the things that fit best, in their order: what is found but for a slip
// only where nothing is found without.
func best[T any](all []T, fits func(T) int) []T {
	var by [text.Nowhere][]T
	for _, each := range all {
		if how := fits(each); how < text.Nowhere {
			by[how] = append(by[how], each)
		}
	}
	if good := slices.Concat(by[text.Begun], by[text.Within]); len(good) > 0 {
		return good
	}
	return by[text.Slip]
}

// pages are found by their names and by other words for them, in either language.
func (s search) pages() ([]ui.NavItem, error) {
	return best(pagesOf(s.Visit), func(i ui.NavItem) int {
		names := i.Label
		for _, l := range []*i18n.Lang{s.Lang, s.Lang.Other()} {
			if key := "search.also." + i.Key; l.Has(key) {
				names += " " + l.T(key)
			}
		}
		return s.words.Fits(names)
	}), nil
}

func (s *search) organisations() ([]ui.NavItem, error) {
	scope := access.Figures(s.Viewer)
	var all []organisation.Organisation
	for _, o := range s.Server.Country {
		if o.Kind != organisation.Nation && scope.Covers(o.Place()) {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b organisation.Organisation) int {
		return bytes.Compare(i18n.SortKey(a.Name), i18n.SortKey(b.Name))
	})
	s.places = best(all, func(o organisation.Organisation) int { return s.words.Fits(o.Name) })
	hits := make([]ui.NavItem, len(s.places))
	for i, o := range s.places {
		hits[i] = ui.NavItem{Label: o.Name, Href: visit.MunicipalityPath(o)}
		if o.Kind == organisation.Region {
			hits[i].Href = visit.RegionPath(o, "figures")
		}
	}
	return hits, nil
}

// courses lead learners to the course, others to its rounds.
func (s search) courses() ([]ui.NavItem, error) {
	all, err := catalogue.AllCourses(s.Context(), s.Reader())
	if err != nil {
		return nil, err
	}
	var hits []ui.NavItem
	for _, c := range best(all, func(c catalogue.Course) int { return s.words.Fits(c.Title() + " " + c.Short()) }) {
		href := visit.CoursePath(c.Slug)
		if !visit.Learns(s.Office().Role) {
			href = visit.RoundsPath + "?course=" + c.Slug
		}
		hits = append(hits, ui.NavItem{Label: c.Title(), Href: href})
	}
	return hits, nil
}

// rounds are those to come of a course that some of the words name, or of a place that
// all of them name.
func (s search) rounds() ([]ui.NavItem, error) {
	all, err := catalogue.AllCourses(s.Context(), s.Reader())
	if err != nil {
		return nil, err
	}
	coming := round.Filter{Phase: round.Coming, Today: s.Today}
	var filters []round.Filter
	named := best(all, func(c catalogue.Course) int {
		how := text.Nowhere
		for _, word := range s.words {
			how = min(how, text.Sought{word}.Fits(c.Title()+" "+c.Short()))
		}
		return how
	})
	for _, c := range named[:min(len(named), fewSearched)] {
		f := coming
		f.CourseID = c.ID
		filters = append(filters, f)
	}
	for _, o := range s.places[:min(len(s.places), fewSearched)] {
		f := coming
		if f.RegionID = o.ID; o.Kind == organisation.Municipality {
			f.RegionID, f.LocalIn = 0, o.ID
		}
		filters = append(filters, f)
	}
	var found []round.Round
	for _, f := range filters {
		page, err := round.Rounds(s.Context(), s.Reader(), s.Viewer, f)
		if err != nil {
			return nil, err
		}
		found = append(found, page.Rounds...)
	}
	var hits []ui.NavItem
	for _, r := range best(found, func(r round.Round) int {
		return s.words.Fits(r.Course + " " + r.Label + " " + r.Giver() + " " + r.Region)
	}) {
		hit := ui.NavItem{Label: r.Course + ", " + r.Label + ", " + s.Lang.Day(r.FirstDay), Href: visit.RoundPath(r.ID)}
		if !slices.Contains(hits, hit) {
			hits = append(hits, hit)
		}
	}
	return hits, nil
}

func (s search) people(typed string) ([]ui.NavItem, error) {
	if access.Staff(s.Viewer).Empty() {
		return nil, nil
	}
	rows, total, err := people.List(s.Context(), s.Reader(), s.Viewer, people.Filter{Name: typed, PerPage: fewFound - 1}, s.Today)
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
		label := s.T("search.all_people", "Count", total)
		if people.More(total, 1, len(rows)) {
			label = s.T("search.many_people", "Most", total-1)
		}
		hits = append(hits, ui.NavItem{Label: label, Href: ui.Address{Path: visit.PeoplePath}.With("q", typed)})
	}
	return hits, nil
}

// help are questions that the words are in, or else those whose answers have them.
func (s search) help() ([]ui.NavItem, error) {
	found := best(topics, func(t topic) int { return s.words.Fits(s.T(t.question())) })
	if len(found) == 0 {
		found = best(topics, func(t topic) int { return s.words.Fits(s.T(t.answer())) })
	}
	hits := make([]ui.NavItem, len(found))
	for i, t := range found {
		hits[i] = ui.NavItem{Label: s.T(t.question()), Href: visit.HelpPath + "?topic=" + t.name}
	}
	return hits, nil
}
