package people

import (
	"context"
	"math"
	"strconv"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/text"
)

// Filter narrows a list of people. Zero values do not narrow.
type Filter struct {
	RegionID       int64
	MunicipalityID int64
	UnitID         int64
	JourneyID      int64
	WithoutID      int64       // a course that they have not completed, be it meant for them or not; with a journey, of its employees only
	WithoutAccount bool        // in any journey
	AccountForID   int64       // a course: those with an account in a journey of it
	Letter         string      // one of i18n.Letters: that which the family name begins with
	Also           *db.Builder // a further condition on the employments e
	Name           string      // as somebody types it: see text.Seek
	Falling        bool        // from the end of the alphabet
	Page           int         // from 1
	PerPage        int         // 30 unless told

	opened []int64 // of those whose identity is protected, whom the viewer may see now
}

// ListRow is somebody in a list.
type ListRow struct {
	ID           int64
	GivenName    string
	FamilyName   string
	Title        string
	Agency       string // the staffing agency that they come from; mostly empty
	Unit         string // empty for those employed by the municipality itself
	Provider     string // the company that runs the unit; empty for the municipality
	Municipality string // empty for RSS staff
	Completed    int    // courses
}

// Name is the whole name as lists sort it: family name first.
func (r ListRow) Name() string { return NameInList(r.GivenName, r.FamilyName) }

// NameInList is a name as lists sort it: family name first, and who has one name
// has no comma.
func NameInList(given, family string) string {
	if given == "" || family == "" {
		return family + given
	}
	return family + ", " + given
}

// MaxCounted is how far a list's people are counted for its first pages: counting
// a whole region for every page costs more than the page. Further on the list is
// counted to the end of the page; see More.
const MaxCounted = 2000

// maxPage keeps the place of a page's first row a number.
const maxPage = 1_000_000

// counted is how far the list of a page is counted.
func counted(page, perPage int) int { return max(MaxCounted, page*perPage) }

// More tells whether there are more than the total that List gave for a page: the
// total was not counted to its end.
func More(total, page, perPage int) bool { return total > counted(page, perPage) }

// List is a page of those who are employed on the day and whom the viewer may
// see because of an office, in Swedish order, with the number of all as far as it
// is counted and one more when there are more: see More. A page after the last is
// the last. fault.Forbidden for those who hold no such office.
func List(ctx context.Context, q db.Querier, viewer access.Viewer, f Filter, day clock.Day) ([]ListRow, int, error) {
	scope := access.Staff(viewer)
	if scope.Empty() {
		return nil, 0, fault.Forbidden
	}
	if f.PerPage <= 0 {
		f.PerPage = 30
	}
	words := text.Seek(f.Name)
	if len(words) == 0 && strings.TrimSpace(f.Name) != "" {
		return nil, 0, nil // signs only: nobody is called that
	}
	f.Page, f.opened = min(max(1, f.Page), maxPage), viewer.Opened
	rows, total, err := f.list(ctx, q, scope, words, false, day)
	if err == nil && total == 0 && len(words) > 0 {
		return f.list(ctx, q, scope, words, true, day)
	}
	return rows, total, err
}

// list is List with words as they are, or with a slip in them.
func (f Filter) list(ctx context.Context, q db.Querier, scope access.Scope, words text.Sought, slips bool, day clock.Day) ([]ListRow, int, error) {
	hits, few := Hits(words, slips), false
	if len(words) > 0 {
		var bounded db.Builder
		bounded.Add("SELECT COUNT(*) FROM (").Append(hits).Add("LIMIT ?) AS hits", common+1)
		n, err := db.Row(ctx, q, db.One[int], bounded.String(), bounded.Args()...)
		if err != nil || n == 0 {
			return nil, 0, err
		}
		few = n <= common
	}
	// The hits of a name are counted one by one. Sorting many of them costs more than
	// going through the list in its order until a page is full.
	all := f.query(scope, hits, len(words) > 0, day)
	walked := all
	if !few && len(words) > 0 {
		walked = f.query(scope, nil, false, day).Add("AND e.person_id IN (").Append(hits).Add(")")
	}
	byPerson := f.everywhere(scope) && !few
	rows, err := f.page(ctx, q, byPerson, walked, day)
	before := (f.Page - 1) * f.PerPage
	switch {
	case err != nil:
		return nil, 0, err
	case len(rows) > 0 && len(rows) < f.PerPage || f.Page == 1 && len(rows) == 0: // the last page counts the list
		return rows, before + len(rows), nil
	case len(rows) > 0:
		total, err := count(ctx, q, all, counted(f.Page, f.PerPage)+1)
		return rows, total, err
	}
	total, err := count(ctx, q, all, before)
	if err != nil || total == 0 {
		return nil, total, err
	}
	f.Page = (total + f.PerPage - 1) / f.PerPage
	rows, err = f.page(ctx, q, byPerson, walked, day)
	return rows, total, err
}

// Count is how many List finds without a name, all of them: for narrow lists.
func Count(ctx context.Context, q db.Querier, viewer access.Viewer, f Filter, day clock.Day) (int, error) {
	scope := access.Staff(viewer)
	if scope.Empty() {
		return 0, fault.Forbidden
	}
	f.opened = viewer.Opened
	return count(ctx, q, f.query(scope, nil, false, day), math.MaxInt32)
}

func count(ctx context.Context, q db.Querier, found *db.Builder, most int) (int, error) {
	var count db.Builder
	count.Add("SELECT COUNT(*) FROM (SELECT 1").Append(found).Add("LIMIT ?) AS counted", most)
	return db.Row(ctx, q, db.One[int], count.String(), count.Args()...)
}

func (f Filter) page(ctx context.Context, q db.Querier, byPerson bool, found *db.Builder, day clock.Day) ([]ListRow, error) {
	order, walk := "ORDER BY e.sort_key, e.id", "ORDER BY e.sort_key, e.id"
	if byPerson {
		walk = "ORDER BY p.sort_key, p.id"
	}
	if f.Falling {
		order, walk = falling.Replace(order), falling.Replace(walk)
	}
	var page db.Builder
	page.Add(`
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			e.title,
			e.agency,
			CASE WHEN o.kind = 'unit' THEN o.name ELSE '' END,
			`+organisation.ProviderSQL("o.id", "?")+`,
			COALESCE(m.name, ''),
			(SELECT COUNT(*) FROM completion AS c WHERE c.person_id = p.id AND c.revoked_at IS NULL)
		FROM (SELECT e.id`, day).
		Append(found).
		Add(walk+" LIMIT ? OFFSET ?) AS found", f.PerPage, (f.Page-1)*f.PerPage).
		Add(`
		JOIN employment AS e ON e.id = found.id
		JOIN person AS p ON p.id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		LEFT JOIN organisation AS m ON m.id = e.municipality_id`).
		Add(order)
	return db.Rows(ctx, q, func(r *ListRow) []any {
		return []any{&r.ID, &r.GivenName, &r.FamilyName, &r.Title, &r.Agency, &r.Unit, &r.Provider, &r.Municipality, &r.Completed}
	}, page.String(), page.Args()...)
}

// falling turns an order round.
var falling = strings.NewReplacer("sort_key", "sort_key DESC", ".id", ".id DESC")

// everywhere tells whether the list is the whole country's: then it is walked
// along the index of persons, which has no place before the name.
func (f Filter) everywhere(scope access.Scope) bool {
	return scope.Everything && f.RegionID == 0 && f.MunicipalityID == 0 && f.UnitID == 0
}

// query is FROM and WHERE of the employments that the filter finds: those of the hits,
// looked up one by one, or without hits all in the order of the list.
func (f Filter) query(scope access.Scope, hits *db.Builder, byName bool, day clock.Day) *db.Builder {
	var b db.Builder
	condition, args := scope.Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"})
	employed := "employed"
	if len(f.opened) > 0 {
		employed = `(
			SELECT id, person_id, organisation_id, region_id, municipality_id, sort_key, from_day, to_day, main FROM employed
			UNION ALL
			SELECT id, person_id, organisation_id, region_id, municipality_id, sort_key, from_day, to_day, main FROM employment WHERE `
		opened := make([]string, len(f.opened))
		for i, id := range f.opened {
			opened[i] = strconv.FormatInt(id, 10)
		}
		employed += "person_id IN (" + strings.Join(opened, ", ") + "))"
	}
	switch {
	case byName:
		b.Add("FROM (").Append(hits).Add(") AS named CROSS JOIN "+employed+" AS e WHERE e.person_id = named.person_id AND "+condition, args...)
	case f.everywhere(scope):
		b.Add("FROM person AS p CROSS JOIN "+employed+" AS e WHERE e.person_id = p.id AND "+condition, args...)
	default:
		b.Add("FROM "+employed+" AS e WHERE "+condition, args...)
	}
	b.Add("AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)", day, day)
	for _, narrow := range []struct {
		column string
		id     int64
	}{{"e.region_id", f.RegionID}, {"e.municipality_id", f.MunicipalityID}, {"e.organisation_id", f.UnitID}} {
		if narrow.id != 0 {
			b.Add("AND "+narrow.column+" = ?", narrow.id)
		}
	}
	if f.MunicipalityID == 0 && f.UnitID == 0 {
		f.once(&b, scope, day)
	}
	if f.JourneyID != 0 {
		b.Add(`AND EXISTS (SELECT 1 FROM account AS a WHERE a.person_id = e.person_id AND a.journey_id = ?
			AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?)`, f.JourneyID, day, day)
		if f.WithoutID != 0 {
			b.Add(`AND EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'employee'
				AND r.from_day <= ? AND (r.to_day IS NULL OR r.to_day >= ?))`, day, day)
		}
		b.Add(")")
	}
	if f.WithoutID != 0 {
		b.Add(`AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.course_id = ?
			AND c.revoked_at IS NULL AND c.completed_on <= ?)`, f.WithoutID, day)
	}
	if f.Also != nil {
		b.Add("AND").Append(f.Also)
	}
	if f.WithoutAccount {
		b.Add(`AND NOT EXISTS (SELECT 1 FROM account AS a WHERE a.person_id = e.person_id
			AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?))`, day, day)
	}
	if f.AccountForID != 0 {
		b.Add(`AND EXISTS (SELECT 1 FROM account AS a JOIN course_journey AS j ON j.journey_id = a.journey_id
			WHERE a.person_id = e.person_id AND j.course_id = ?
			AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?))`, f.AccountForID, day, day)
	}
	if from, until := i18n.LetterKeys(f.Letter); from != nil || until != nil {
		key := "e.sort_key"
		if f.everywhere(scope) && !byName {
			key = "p.sort_key"
		}
		if from != nil {
			b.Add("AND "+key+" >= ?", from)
		}
		if until != nil {
			b.Add("AND "+key+" < ?", until)
		}
	}
	return &b
}

// once leaves out the second employment of somebody whose main one is in the list, too.
func (f Filter) once(b *db.Builder, scope access.Scope, day clock.Day) {
	condition, args := scope.Where(access.Columns{Region: "w.region_id", Municipality: "w.municipality_id", Unit: "w.organisation_id"})
	b.Add(`AND (e.main OR NOT EXISTS (SELECT 1 FROM employment AS w WHERE w.person_id = e.person_id AND w.main
		AND w.from_day <= ? AND (w.to_day IS NULL OR w.to_day >= ?)`, day, day)
	if f.RegionID != 0 {
		b.Add("AND w.region_id = ?", f.RegionID)
	}
	b.Add("AND "+condition, args...).Add("))")
}

// Detail is a person with employments (the newest first) and accounts as they
// are on the day.
type Detail struct {
	Person
	Employments []Employment
	Accounts    []Account

	seen access.Scope // the people whom the viewer sees
}

// Get is the person, if the viewer may see them: their own page, or that of
// somebody who is, was last, or will be employed where the viewer holds an
// office.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, id int64, day clock.Day) (Detail, error) {
	var d Detail
	p, err := db.Row(ctx, q, func(p *Person) []any {
		return []any{&p.ID, &p.GivenName, &p.FamilyName, &p.Email, &p.Language, &p.Alias}
	}, `
		SELECT
			p.id,
			COALESCE(x.given_name, p.given_name),
			COALESCE(x.family_name, p.family_name),
			COALESCE(p.email, ''),
			p.language,
			CASE WHEN x.person_id IS NULL THEN '' ELSE TRIM(p.given_name || ' ' || p.family_name) END
		FROM person AS p
		LEFT JOIN protected_person AS x ON x.person_id = p.id
		WHERE p.id = $1`, id)
	if err != nil {
		return d, err
	}
	d.Person = p
	if d.Employments, err = db.Rows(ctx, q, (*Employment).columns, `
		SELECT`+employmentColumns+employmentTables+`
		WHERE e.person_id = $1
		ORDER BY e.from_day DESC`, id); err != nil {
		return d, err
	}
	d.seen = access.People(viewer)
	if !d.covered(d.seen, day) {
		return Detail{}, fault.NotFound
	}
	d.Accounts, err = accountsOn(ctx, q, id, day)
	return d, err
}

// EmployedOn is the employment on the day, the last one before it, the first one after it,
// or nil. Of two on the day it is the one that the viewer sees, the main one first.
func (d Detail) EmployedOn(day clock.Day) *Employment { return d.employedOn(d.seen, day) }

func (d Detail) employedOn(scope access.Scope, day clock.Day) *Employment {
	var found *Employment
	rank := func(e *Employment) int {
		switch covered := scope.Covers(e.Place(d.ID)); {
		case covered && e.Main:
			return 3
		case covered:
			return 2
		case e.Main:
			return 1
		}
		return 0
	}
	for i := range d.Employments {
		if e := &d.Employments[i]; e.Holds(day) && (found == nil || rank(e) > rank(found)) {
			found = e
		}
	}
	if found != nil {
		return found
	}
	for i := range d.Employments {
		if d.Employments[i].From <= day || i == len(d.Employments)-1 {
			return &d.Employments[i]
		}
	}
	return nil
}

// covered tells whether the scope covers the person where they are, were last, or will be
// employed.
func (d Detail) covered(scope access.Scope, day clock.Day) bool {
	place := access.Place{PersonID: d.ID, Protected: d.Alias != ""}
	if e := d.employedOn(scope, day); e != nil {
		place = e.Place(d.ID)
	}
	return scope.Covers(place)
}

// Visible is nil when the viewer may see the person, as Get does, and
// fault.NotFound otherwise. It is for the domain's other facts about a person.
func Visible(ctx context.Context, q db.Querier, viewer access.Viewer, id int64, day clock.Day) error {
	scope := access.People(viewer)
	if scope.Names(id) {
		return nil
	}
	return Within(ctx, q, scope, id, day)
}

// Within is nil when the scope covers the person where they work on the day, worked last,
// or else will work, and fault.NotFound otherwise. It asks no viewer: the scope is theirs.
func Within(ctx context.Context, q db.Querier, scope access.Scope, id int64, day clock.Day) error {
	d := Detail{Person: Person{ID: id}}
	var err error
	if d.Employments, err = db.Rows(ctx, q, (*Employment).columns, `
		SELECT`+employmentColumns+employmentTables+`
		WHERE e.person_id = $1
		ORDER BY e.from_day DESC`, id); err != nil {
		return err
	}
	if len(d.Employments) == 0 || !d.covered(scope, day) {
		return fault.NotFound
	}
	return nil
}

// OfAccount is the person whose account it is. It asks no viewer.
func OfAccount(ctx context.Context, q db.Querier, accountID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT person_id FROM account WHERE id = $1`, accountID)
}

// OfLeave is the person who is on leave. It asks no viewer.
func OfLeave(ctx context.Context, q db.Querier, leaveID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT person_id FROM leave WHERE id = $1`, leaveID)
}

// accountsOn are the person's accounts, closed ones too, with step and roles as
// they are on the day.
func accountsOn(ctx context.Context, q db.Querier, personID int64, day clock.Day) ([]Account, error) {
	type row struct {
		Account
		roles string
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.ID, &r.Journey, &r.Slug, &r.OpenedOn, &r.ClosedOn, &r.StepID, &r.Step, &r.StepFrom, &r.ProfessionSince, &r.roles}
	}, `
		SELECT
			a.id,
			j.name,
			j.slug,
			a.opened_on,
			a.closed_on,
			COALESCE(s.id, 0),
			COALESCE(s.name, ''),
			st.from_day,
			a.profession_since,
			COALESCE((SELECT string_agg(r.role, ',') FROM account_role AS r
				WHERE r.account_id = a.id AND r.from_day <= $2 AND (r.to_day IS NULL OR r.to_day >= $2)), '')
		FROM account AS a
		JOIN journey AS j ON j.id = a.journey_id
		LEFT JOIN account_step AS st ON st.account_id = a.id AND st.from_day <= $2 AND (st.to_day IS NULL OR st.to_day >= $2)
		LEFT JOIN step AS s ON s.id = st.step_id
		WHERE a.person_id = $1
		ORDER BY j.ordinal`, personID, day)
	if err != nil {
		return nil, err
	}
	accounts := make([]Account, len(rows))
	for i, r := range rows {
		for _, role := range Roles {
			if strings.Contains(","+r.roles+",", ","+string(role)+",") {
				r.Account.Roles = append(r.Account.Roles, role)
			}
		}
		accounts[i] = r.Account
	}
	return accounts, nil
}
