package scim

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"yrkesresan/internal/db"
	"yrkesresan/internal/scim/resource"
)

// Bounds of a list.
const (
	maxCount   = 1000 // resources a page
	usualCount = 100
	maxLooked  = 50_000 // resources that are read to compare or sort them here
)

// query is what a client asks of a list, by its address or by a search.
type query struct {
	filter               *resource.Condition
	start, count         int
	sortBy               *filter.AttributePath
	falling              bool
	attributes, excluded []string
}

// queryOf reads the parameters, which value gives by name.
func queryOf(k *resource.Kind, value func(name string) string) (query, error) {
	q := query{start: 1, count: usualCount, falling: strings.EqualFold(value("sortOrder"), "descending")}
	for name, into := range map[string]*int{"startIndex": &q.start, "count": &q.count} {
		text := value(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return q, resource.Bad(resource.InvalidValue, "scim.wrong_value", "Attribute", name)
		}
		*into = n
	}
	q.start, q.count = max(q.start, 1), min(max(q.count, 0), maxCount)
	q.attributes, q.excluded = names(value("attributes")), names(value("excludedAttributes"))
	var err error
	if text := value("filter"); strings.TrimSpace(text) != "" {
		if q.filter, err = k.ParseFilter(text); err != nil {
			return q, err
		}
	}
	if text := value("sortBy"); text != "" {
		p, err := k.ParsePath(text)
		if err != nil {
			return q, err
		}
		q.sortBy = &p
	}
	return q, nil
}

func names(list string) []string {
	var all []string
	for _, each := range strings.Split(list, ",") {
		if each = strings.TrimSpace(each); each != "" {
			all = append(all, each)
		}
	}
	return all
}

// asked is the query of a GET.
func (c *call) asked(k *resource.Kind) (query, error) {
	values := c.URL.Query()
	return queryOf(k, values.Get)
}

// searched is the query of a POST to .search.
func (c *call) searched(k *resource.Kind) (query, error) {
	body, err := read(c.w, c.Request)
	if err != nil {
		return query{}, err
	}
	return queryOf(k, func(name string) string {
		var parts []string
		for _, v := range resource.Listed(resource.Get(body, name)) {
			if s, ok := v.(string); ok {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, ",")
	})
}

// page is a list as SCIM has it.
func page(all []resource.Doc, total, start int) resource.Doc {
	resources := make([]any, len(all))
	for i, each := range all {
		resources[i] = each
	}
	return resource.Doc{"schemas": []any{resource.ListMessage}, "totalResults": total, "startIndex": start, "itemsPerPage": len(all), "Resources": resources}
}

func (s *Server) listUsers(ctx context.Context, c *call) (answer, error) {
	q, err := c.asked(&resource.Users)
	if err != nil {
		return answer{}, err
	}
	return s.usersOf(ctx, c, q)
}

func (s *Server) searchUsers(ctx context.Context, c *call) (answer, error) {
	q, err := c.searched(&resource.Users)
	if err != nil {
		return answer{}, err
	}
	return s.usersOf(ctx, c, q)
}

func (s *Server) usersOf(ctx context.Context, c *call, q query) (answer, error) {
	found, exact := userQuery(c.Viewer, c.today, false), true
	if q.filter != nil {
		expression, err := forwarded(ctx, s.DB.Reader(), c.municipality, q.filter.Expr)
		if err != nil {
			return answer{}, err
		}
		q.filter.Expr = expression
		n := narrow(q.filter.Expr, c.municipality, c.today)
		found.Add("AND "+n.sql, n.args...)
		exact = n.exact
	}
	order := "e.sort_key, e.id" // the names in Swedish order
	byName := q.sortBy == nil || q.sortBy.URIPrefix == nil && strings.EqualFold(q.sortBy.String(), "name.familyName")
	if byName && q.falling {
		order = "e.sort_key DESC, e.id DESC"
	}
	if exact && byName {
		ids, err := s.ids(ctx, c, found, order, q.filter == nil || !resource.Users.About(q.filter.Expr, "meta"))
		if err != nil {
			return answer{}, err
		}
		total := len(ids)
		from := min(q.start-1, total)
		in, args := db.In("e.id", ids[from:min(from+q.count, total)])
		all, err := readUsers(ctx, s.DB.Reader(), userQuery(c.Viewer, c.today, false).Add("AND "+in, args...), order, q.count, c.today)
		if err != nil {
			return answer{}, err
		}
		docs := make([]resource.Doc, len(all))
		for i := range all {
			docs[i] = all[i].doc(c.base)
		}
		return answer{status: http.StatusOK, body: page(resource.Users.Shown(docs, q.attributes, q.excluded), total, q.start)}, nil
	}
	all, err := readUsers(ctx, s.DB.Reader(), found, order, maxLooked+1, c.today)
	if err != nil {
		return answer{}, err
	}
	if len(all) > maxLooked {
		return answer{}, resource.Bad(resource.TooMany, "scim.narrow_it", "Max", maxLooked)
	}
	docs := make([]resource.Doc, len(all))
	for i := range all {
		docs[i] = all[i].untagged(c.base)
	}
	return answer{status: http.StatusOK, body: picked(&resource.Users, docs, q, byName)}, nil
}

// picked is the page of the documents that pass, in the order asked for.
func picked(k *resource.Kind, docs []resource.Doc, q query, sorted bool) resource.Doc {
	if q.filter != nil {
		docs = slices.DeleteFunc(docs, func(d resource.Doc) bool { return !q.filter.Fits(d) })
	}
	if !sorted && q.sortBy != nil {
		k.Sort(docs, *q.sortBy, q.falling)
	}
	total := len(docs)
	from := min(q.start-1, total)
	docs = docs[from:min(from+q.count, total)]
	if k == &resource.Users {
		for _, d := range docs {
			tagOf(d)
		}
	}
	return page(k.Shown(docs, q.attributes, q.excluded), total, q.start)
}
