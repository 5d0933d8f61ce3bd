package scim

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/scim/resource"
	"yrkesresan/internal/turnover"
)

// group is a unit that is open after today, as its members are: those who are active there.
type group struct {
	organisation.Organisation
	members []user
}

// readGroups are the municipality's units, or the one with the identity.
func (c *call) readGroups(ctx context.Context, q db.Querier, only int64, members bool) ([]group, error) {
	units, err := organisation.Units(ctx, q, c.municipality, c.today+1)
	if err != nil {
		return nil, err
	}
	at := map[int64]int{}
	var all []group
	for _, u := range units {
		if only == 0 || u.ID == only {
			at[u.ID] = len(all)
			all = append(all, group{Organisation: u})
		}
	}
	if !members || len(all) == 0 {
		return all, nil
	}
	found := userQuery(c.Viewer, c.today, false).Add("AND e.organisation_id <> ? AND ("+activeSQL+")", c.municipality, c.today)
	if only != 0 {
		found.Add("AND e.organisation_id = ?", only)
	}
	people, err := readUsers(ctx, q, found, "e.sort_key, e.id", maxLooked, c.today)
	for _, u := range people {
		if i, ok := at[u.unit]; ok {
			all[i].members = append(all[i].members, u)
		}
	}
	return all, err
}

func (c *call) group(ctx context.Context, q db.Querier) (group, error) {
	id, err := c.id()
	if err != nil {
		return group{}, err
	}
	all, err := c.readGroups(ctx, q, id, true)
	if err == nil && len(all) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return group{}, err
	}
	return all[0], nil
}

// doc is the group as a resource; without its members it has no version.
func (g group) doc(base string, members bool) resource.Doc {
	id := strconv.FormatInt(g.ID, 10)
	d := resource.Doc{"schemas": []any{resource.GroupSchema}, "id": id, "displayName": g.Name}
	meta := resource.Doc{"resourceType": resource.Groups.Name, "location": base + resource.Groups.Path + "/" + id}
	if members {
		all := make([]any, len(g.members))
		for i := range g.members {
			u := &g.members[i]
			member := strconv.FormatInt(u.id, 10)
			all[i] = resource.Doc{"value": member, "$ref": base + resource.Users.Path + "/" + member, "display": u.whole(), "type": resource.Users.Name}
		}
		if len(all) > 0 {
			d["members"] = all
		}
		meta["version"] = version(d)
	}
	d["meta"] = meta
	return d
}

func (s *Server) listGroups(ctx context.Context, c *call) (answer, error) {
	q, err := c.asked(&resource.Groups)
	if err != nil {
		return answer{}, err
	}
	return s.groupsOf(ctx, c, q)
}

func (s *Server) searchGroups(ctx context.Context, c *call) (answer, error) {
	q, err := c.searched(&resource.Groups)
	if err != nil {
		return answer{}, err
	}
	return s.groupsOf(ctx, c, q)
}

func (s *Server) groupsOf(ctx context.Context, c *call, q query) (answer, error) {
	members := q.filter != nil && resource.Groups.About(q.filter.Expr, "members") || q.sortBy != nil && strings.EqualFold(q.sortBy.AttributeName, "members")
	if !members { // a client that only wants to know which units there are does not wait for their people
		members = len(q.attributes) == 0 || slices.ContainsFunc(q.attributes, func(a string) bool { return resource.Groups.Names(a, "members") })
		members = members && !slices.ContainsFunc(q.excluded, func(a string) bool { return resource.Groups.Names(a, "members") })
	}
	all, err := c.readGroups(ctx, s.DB.Reader(), 0, members)
	if err != nil {
		return answer{}, err
	}
	docs := make([]resource.Doc, len(all))
	for i, g := range all {
		docs[i] = g.doc(c.base, members)
	}
	return answer{status: http.StatusOK, body: picked(&resource.Groups, docs, q, q.sortBy == nil)}, nil
}

func (s *Server) readGroup(ctx context.Context, c *call) (answer, error) {
	g, err := c.group(ctx, s.DB.Reader())
	if err != nil {
		return answer{}, err
	}
	return c.answered(&resource.Groups, http.StatusOK, g.doc(c.base, true)), nil
}

func (s *Server) createGroup(ctx context.Context, c *call) (answer, error) {
	_, d, err := c.told(&resource.Groups)
	if err != nil {
		return answer{}, err
	}
	var g group
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := organisation.AddUnit(ctx, tx, c.Viewer, c.municipality, resource.TextOf(d, "displayName"))
		if err != nil {
			return err
		}
		if err := c.placeAll(ctx, tx, group{}, id, d["members"]); err != nil {
			return err
		}
		all, err := c.readGroups(ctx, tx, id, true)
		if err == nil {
			g = all[0]
		}
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return c.answered(&resource.Groups, http.StatusCreated, g.doc(c.base, true)), nil
}

// changeGroup lets f say what the group is to be; had is how it is.
func (s *Server) changeGroup(ctx context.Context, c *call, f func(had resource.Doc) (resource.Doc, error)) (answer, error) {
	var g group
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if g, err = c.group(ctx, tx); err != nil {
			return err
		}
		had := g.doc(c.base, true)
		if err := c.unchanged(version(without(had, "meta"))); err != nil {
			return err
		}
		d, err := f(had)
		if err != nil {
			return err
		}
		if name := resource.TextOf(d, "displayName"); name != g.Name {
			if err := organisation.RenameUnit(ctx, tx, c.Viewer, g.ID, name, c.now); err != nil {
				return err
			}
		}
		if err := c.placeAll(ctx, tx, g, g.ID, d["members"]); err != nil {
			return err
		}
		g, err = c.group(ctx, tx)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return c.answered(&resource.Groups, http.StatusOK, g.doc(c.base, true)), nil
}

// replaceGroup leaves the members as they are when the client says nothing of them.
func (s *Server) replaceGroup(ctx context.Context, c *call) (answer, error) {
	body, d, err := c.told(&resource.Groups)
	if err != nil {
		return answer{}, err
	}
	return s.changeGroup(ctx, c, func(had resource.Doc) (resource.Doc, error) {
		told := resource.Copied(d)
		if resource.Get(body, "members") == nil {
			told["members"] = had["members"]
		}
		return told, nil
	})
}

func (s *Server) patchGroup(ctx context.Context, c *call) (answer, error) {
	body, err := read(c.w, c.Request)
	if err != nil {
		return answer{}, err
	}
	all, err := resource.Groups.Changes(body)
	if err != nil {
		return answer{}, err
	}
	return s.changeGroup(ctx, c, func(had resource.Doc) (resource.Doc, error) {
		d := resource.Copied(had)
		return d, resource.Groups.Apply(d, all)
	})
}

// deleteGroup closes the unit from tomorrow on, when nothing needs it any more.
func (s *Server) deleteGroup(ctx context.Context, c *call) (answer, error) {
	return answer{status: http.StatusNoContent}, s.DB.Write(ctx, func(tx *db.Tx) error {
		g, err := c.group(ctx, tx)
		if err != nil {
			return err
		}
		if err := c.unchanged(version(without(g.doc(c.base, true), "meta"))); err != nil {
			return err
		}
		return organisation.CloseUnit(ctx, tx, c.Viewer, g.ID, c.today+1, c.now)
	})
}

// placeAll lets those be members whom the list names: who is new moves to the unit, who is
// not there any more is employed by the municipality itself.
func (c *call) placeAll(ctx context.Context, tx *db.Tx, had group, unit int64, members any) error {
	there := map[int64]bool{}
	for _, u := range had.members {
		there[u.id] = true
	}
	wanted := map[int64]bool{}
	var coming []int64
	for _, v := range resource.Listed(members) {
		member, _ := v.(resource.Doc)
		id, ok := resource.Number(resource.TextOf(member, "value"))
		if kind := resource.TextOf(member, "type"); !ok || kind != "" && !strings.EqualFold(kind, resource.Users.Name) {
			return resource.Bad(resource.InvalidValue, "scim.no_member", "Value", resource.TextOf(member, "value"))
		}
		if !wanted[id] && !there[id] {
			coming = append(coming, id)
		}
		wanted[id] = true
	}
	var going []user
	for _, u := range had.members {
		if !wanted[u.id] {
			going = append(going, u)
		}
	}
	if len(coming)+len(going) > maxMoved {
		return resource.Bad(resource.TooMany, "scim.too_many_moved", "Max", maxMoved)
	}
	for _, u := range going {
		if err := c.place(ctx, tx, u, c.municipality); err != nil {
			return err
		}
	}
	slices.Sort(coming) // two at once wait for each other in one order
	for _, id := range coming {
		if err := hold(ctx, tx, id); err != nil {
			return err
		}
		u, err := readUser(ctx, tx, c.Viewer, id, c.today, false)
		if fault.Of(err) != nil || err == nil && !u.active {
			return resource.Bad(resource.InvalidValue, "scim.no_member", "Value", strconv.FormatInt(id, 10))
		}
		if err == nil {
			err = c.place(ctx, tx, u, unit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// place moves somebody today.
func (o *office) place(ctx context.Context, tx *db.Tx, u user, unit int64) error {
	if err := keep(ctx, tx, o.municipality, &u, u.said(), nil, o.now); err != nil {
		return err
	}
	return turnover.Move(ctx, tx, o.Viewer, u.id, unit, max(o.today, u.from), u.title, o.now)
}
