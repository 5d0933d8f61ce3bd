package scim

import (
	"context"
	"errors"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/scim/resource"
	"yrkesresan/internal/turnover"
)

// office is where and when a request acts: its token's municipality.
type office struct {
	access.Viewer
	municipality int64
	region       int64
	now          clock.Instant
	today        clock.Day
}

// create adds somebody, or lets somebody come back who left this municipality. A match is
// by externalId, then the employee number, the address, the mark of the personal identity
// number or the user name; whoever works here is uniqueness, and so is an address of somebody elsewhere.
func (o *office) create(ctx context.Context, tx *db.Tx, w wanted) (int64, error) {
	if err := w.addressed(); err != nil {
		return 0, err
	}
	id, byNumber, err := o.matched(ctx, tx, w)
	if err != nil {
		return 0, err
	}
	if id == 0 {
		return o.add(ctx, tx, w)
	}
	if err := hold(ctx, tx, id); err != nil {
		return 0, err
	}
	u, err := readUser(ctx, tx, o.Viewer, id, o.today, true)
	switch {
	case errors.Is(err, fault.NotFound): // of another municipality now
		return o.comesBack(ctx, tx, id, byNumber, w)
	case err != nil:
		return 0, err
	case u.active, !w.active && !u.deleted:
		return 0, resource.Taken("scim.here_already")
	case !byNumber && u.staffID != "" && (w.externalID != "" || w.employeeNumber != ""):
		return 0, resource.Taken("scim.another_number")
	}
	u.deleted = false
	return id, o.change(ctx, tx, u, w)
}

// addressed takes a user name that is an address for the address of somebody without one,
// and asks for a name.
func (w *wanted) addressed() error {
	if w.userName == "" {
		return resource.Bad(resource.InvalidValue, "scim.missing", "Attribute", "userName")
	}
	if w.email == "" && isAddress(w.userName) {
		w.email = strings.ToLower(w.userName)
	}
	return nil
}

// matched is whom a new user may be; 0 for nobody. byNumber tells that it is certain: by the
// municipality's own staff id, or by the mark of the personal identity number.
func (o *office) matched(ctx context.Context, tx *db.Tx, w wanted) (id int64, byNumber bool, err error) {
	for _, number := range []string{w.externalID, w.employeeNumber} {
		if number == "" {
			continue
		}
		other, err := withNumber(ctx, tx, o.municipality, number)
		if err != nil {
			return 0, false, err
		}
		if other != 0 && id != 0 && other != id {
			return 0, false, resource.Taken("scim.number_taken", "Number", number)
		}
		if id == 0 {
			id = other
		}
	}
	if id != 0 {
		return id, true, nil
	}
	if w.email != "" {
		id, err = identity.ByEmail(ctx, tx, w.email)
		if err == nil || !errors.Is(err, fault.NotFound) {
			return id, false, err
		}
	}
	if id, err = withMark(ctx, tx, w); err != nil || id != 0 {
		return id, true, err
	}
	id, err = o.withName(ctx, tx, w.userName, 0)
	return id, false, err
}

// withName is who signs as the user name here, except one; 0 for nobody.
func (o *office) withName(ctx context.Context, tx *db.Tx, name string, except int64) (int64, error) {
	var b db.Builder
	b.Add(namedSQL, namedArgs(o.municipality, name)...)
	ids, err := db.Rows(ctx, tx, db.One[int64], b.String(), b.Args()...)
	ids = slices.DeleteFunc(ids, func(id int64) bool { return id == except })
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	in, args := db.In("e.person_id", ids)
	found := userQuery(o.Viewer, o.today, true).Add("AND "+in, args...)
	all, err := readUsers(ctx, tx, found, "e.id", maxCount, o.today)
	for _, u := range all {
		if strings.EqualFold(u.name(), name) {
			return u.id, err
		}
	}
	return 0, err
}

func (o *office) add(ctx context.Context, tx *db.Tx, w wanted) (int64, error) {
	unit, err := o.unit(ctx, tx, w.department)
	if err != nil {
		return 0, err
	}
	id, err := people.Add(ctx, tx, o.Viewer, people.NewPerson{GivenName: w.given, FamilyName: w.family, Email: w.email}, unit, o.today, w.title, o.now)
	if err != nil {
		return 0, err
	}
	if err := keep(ctx, tx, o.municipality, &user{id: id}, w, nil, o.now); err != nil {
		return 0, err
	}
	if err := o.keepNumber(ctx, tx, id, w.number); err != nil {
		return 0, err
	}
	if !w.active {
		err = turnover.Leave(ctx, tx, o.Viewer, id, o.today, o.now)
	}
	return id, err
}

// comesBack employs somebody who once worked here and has worked elsewhere since. Only the
// municipality's own staff id or the personal identity number tells that it is them, and nobody
// may employ them now.
func (o *office) comesBack(ctx context.Context, tx *db.Tx, id int64, byNumber bool, w wanted) (int64, error) {
	// Of who is protected it says what it says of who works elsewhere.
	busy, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (SELECT 1 FROM employment WHERE person_id = $1 AND (to_day IS NULL OR to_day >= $2))
		OR EXISTS (SELECT 1 FROM protected_person WHERE person_id = $1)`, id, o.today)
	if err != nil {
		return 0, err
	}
	if busy || !byNumber || !w.active {
		return 0, resource.Taken("scim.works_elsewhere")
	}
	unit, err := o.unit(ctx, tx, w.department)
	if err == nil {
		err = people.Employ(ctx, tx, o.Viewer, id, unit, o.today, w.title)
	}
	if err != nil {
		return 0, err
	}
	u, err := readUser(ctx, tx, o.Viewer, id, o.today, true)
	if err != nil {
		return 0, err
	}
	return id, o.change(ctx, tx, u, w)
}

// unit is the unit with the name, made when there is none, or without a name the
// municipality itself.
func (o *office) unit(ctx context.Context, tx *db.Tx, name string) (int64, error) {
	if name == "" {
		return o.municipality, nil
	}
	slug := organisation.Slug(name)
	if slug == "" {
		return 0, resource.Bad(resource.InvalidValue, "intake.unit_without_name")
	}
	id, err := db.Row(ctx, tx, db.One[int64], `SELECT id FROM organisation WHERE municipality_id = $1 AND kind = 'unit' AND slug = $2`, o.municipality, slug)
	if errors.Is(err, fault.NotFound) {
		return organisation.AddUnit(ctx, tx, o.Viewer, o.municipality, name)
	}
	return id, err
}

// change lets the user be as the client says, with all that follows.
func (o *office) change(ctx context.Context, tx *db.Tx, u user, w wanted) error {
	was := u.said()
	was.number = w.number // it is compared by its mark
	if err := o.keepNumber(ctx, tx, u.id, w.number); err != nil {
		return err
	}
	if err := o.named(ctx, tx, u, was, &w); err != nil {
		return err
	}
	unit, err := o.workplace(ctx, tx, u, was, w)
	if err != nil {
		return err
	}
	if w.active && !was.active {
		if err := o.revive(ctx, tx, &u, unit, w.title); err != nil {
			return err
		}
	}
	if err := o.correct(ctx, tx, u, w); err != nil {
		return err
	}
	var deleted *int64
	if u.deleted {
		deleted = &u.employment
	}
	if w.with(was) != was || deleted != nil || !u.known {
		if err := keep(ctx, tx, o.municipality, &u, w, deleted, o.now); err != nil {
			return err
		}
	}
	switch {
	case unit != u.unit:
		err = turnover.Move(ctx, tx, o.Viewer, u.id, unit, max(o.today, u.from), w.title, o.now)
	case w.title != u.title:
		err = o.retitle(ctx, tx, u, w.title)
	}
	if err == nil && was.active && !w.active {
		err = turnover.Leave(ctx, tx, o.Viewer, u.id, max(o.today, u.from), o.now)
	}
	return err
}

// named tells whether the user name may be the client's. A name that is the address
// takes the address along.
func (o *office) named(ctx context.Context, tx *db.Tx, u user, was wanted, w *wanted) error {
	switch w.userName {
	case "":
		return resource.Bad(resource.InvalidValue, "scim.missing", "Attribute", "userName")
	case was.userName:
		return nil
	}
	if w.email == was.email && (was.email == "" || strings.EqualFold(was.userName, was.email)) && isAddress(w.userName) {
		w.email = strings.ToLower(w.userName) // one thing in two places
	}
	other, err := o.withName(ctx, tx, w.userName, u.id)
	if err == nil && other != 0 {
		err = resource.Taken("scim.name_taken")
	}
	return err
}

// workplace is the unit where the client says that somebody works. Who has left stays
// where they were last.
func (o *office) workplace(ctx context.Context, tx *db.Tx, u user, was, w wanted) (int64, error) {
	gone := !w.active && !was.active
	if gone && w.title != was.title {
		return 0, resource.Bad(resource.Mutability, "scim.has_left", "Attribute", "title")
	}
	if organisation.Slug(w.department) == organisation.Slug(was.department) {
		return u.unit, nil
	}
	if gone {
		return 0, resource.Bad(resource.Mutability, "scim.has_left", "Attribute", "department")
	}
	return o.unit(ctx, tx, w.department)
}

// with is what is said with a department that is written in another way left as it was.
func (w wanted) with(was wanted) wanted {
	if organisation.Slug(w.department) == organisation.Slug(was.department) {
		w.department = was.department
	}
	return w
}

// revive lets somebody who left work here again from today on: on the day that they left as
// if they had not. Their history is theirs; roles that ended do not come back.
func (o *office) revive(ctx context.Context, tx *db.Tx, u *user, unit int64, title string) error {
	if u.until != nil && *u.until >= o.today {
		if err := people.Resume(ctx, tx, o.Viewer, u.id, *u.until); err != nil {
			return err
		}
	} else {
		if err := people.Employ(ctx, tx, o.Viewer, u.id, unit, o.today, title); err != nil {
			return err
		}
		u.unit, u.title, u.from = unit, title, o.today
	}
	u.deleted = false
	return nil
}

// correct gives somebody the name and the address. Who reads somebody's letters can sign in
// as them: the address of who holds a role that the token may not give is not its to change.
func (o *office) correct(ctx context.Context, tx *db.Tx, u user, w wanted) error {
	p := people.NewPerson{GivenName: w.given, FamilyName: w.family, Email: w.email}
	if err := p.Check(); err != nil {
		return err
	}
	if p == (people.NewPerson{GivenName: u.given, FamilyName: u.family, Email: u.email}) {
		return nil
	}
	if p.Email != u.email {
		if err := identity.MayReaddress(ctx, tx, o.Viewer, u.id, o.today); err != nil {
			return err
		}
	}
	moved, err := people.Correct(ctx, tx, o.Viewer, u.id, p, o.now)
	if err != nil || !moved {
		return err
	}
	return identity.Readdressed(ctx, tx, u.id, o.now)
}

func (o *office) retitle(ctx context.Context, tx *db.Tx, u user, title string) error {
	day := max(o.today, u.from)
	e, err := people.ManagedBy(ctx, tx, o.Viewer, u.id, o.municipality, day)
	if err != nil {
		return err
	}
	terms := e.Terms
	terms.Title = title
	return people.SetTerms(ctx, tx, o.Viewer, u.id, terms, day)
}

// remove ends somebody's employment and tells nobody of them until they work here again:
// RFC 7644 §3.6. Nothing is erased.
func (o *office) remove(ctx context.Context, tx *db.Tx, u user) error {
	if u.active {
		if err := turnover.Leave(ctx, tx, o.Viewer, u.id, max(o.today, u.from), o.now); err != nil {
			return err
		}
	}
	return keep(ctx, tx, o.municipality, &u, u.said(), &u.employment, o.now)
}
