package officer

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/text"
)

// Roles are those of an office at a region or the nation, in the order of the pages.
var Roles = []access.Role{access.National, access.NationalReader, access.Producer, access.Regional, access.Steering, access.Operator}

// Officer is somebody as the nation sees them. Municipality and Region are of the
// workplace on the day, empty for who works nowhere. SignedInAt, BouncedAt and, in a
// list, Email are told of those who hold an office, or will.
type Officer struct {
	people.Person
	Municipality string
	Region       string
	Offices      []identity.Held // those that run first, then the latest; in a list without those that have ended
	SignedInAt   *clock.Instant
	BouncedAt    *clock.Instant // since their address was last changed
}

// Holds tells whether the person holds an office on the day or later.
func (o Officer) Holds(day clock.Day) bool {
	return slices.ContainsFunc(o.Offices, func(h identity.Held) bool { return h.Until == nil || *h.Until >= day })
}

// least withholds what is told of officers only.
func (o *Officer) least(day clock.Day) {
	if !o.Holds(day) {
		o.SignedInAt, o.BouncedAt = nil, nil
	}
}

// Filter narrows the list. Zero values do not narrow.
type Filter struct {
	Name     string // as somebody types it: name or address, see text.Seek
	Letter   string // one of i18n.Letters
	Role     access.Role
	RegionID int64 // of the office
	Bounced  bool  // only those whom letters do not reach
	Page     int   // from 1
	PerPage  int   // 30 unless told
}

// fewLetters is how much of a name or address it takes to find somebody who holds no
// office: the nation gives offices, it does not leaf through the country.
const fewLetters = 3

// wide tells whether the list is of everybody whom the words find, not of officers only.
func (f Filter) wide(words text.Sought) bool {
	letters := 0
	for _, word := range words {
		letters += utf8.RuneCountInString(word)
	}
	return letters >= fewLetters && f.Role == "" && f.RegionID == 0 && !f.Bounced
}

var columns = `
		p.id,
		p.given_name,
		p.family_name,
		` + people.AddressSQL("p") + `,
		p.language,
		COALESCE(m.name, ''),
		COALESCE(r.name, ''),
		(SELECT s.at FROM last_sign_in AS s WHERE s.person_id = p.id),
		` + letter.LastBouncedSQL

const tables = `
		LEFT JOIN employed AS e ON e.main AND e.person_id = p.id AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		LEFT JOIN organisation AS r ON r.id = e.region_id`

// known is the condition that the nation may know of the person p: that of somebody whose
// identity is protected only when they hold an office, by their alias.
const known = `(p.id NOT IN (SELECT person_id FROM protected_person) OR p.id IN (SELECT person_id FROM role_grant))`

func (o *Officer) columns() []any {
	return []any{&o.ID, &o.GivenName, &o.FamilyName, &o.Email, &o.Language, &o.Municipality, &o.Region, &o.SignedInAt, &o.BouncedAt}
}

// List is a page of those who hold an office on the day or later, in Swedish order;
// with three letters of a name or an address of everybody whom they find. The number is
// that of all, as far as it is counted: see people.More. A page after the last is the
// last. fault.Forbidden when the viewer may not see officers.
func List(ctx context.Context, q db.Querier, viewer access.Viewer, f Filter, day clock.Day) ([]Officer, int, error) {
	if !access.Officers(viewer) {
		return nil, 0, fault.Forbidden
	}
	if f.PerPage <= 0 {
		f.PerPage = 30
	}
	words := text.Seek(f.Name)
	if len(words) == 0 && strings.TrimSpace(f.Name) != "" {
		return nil, 0, nil
	}
	total := 0
	var found *db.Builder
	for _, slips := range []bool{false, true} {
		found = f.query(words, slips, day)
		var count db.Builder
		count.Add("SELECT COUNT(*) FROM (SELECT 1").Append(found).Add("LIMIT ?) AS counted", max(people.MaxCounted, f.Page*f.PerPage)+1)
		var err error
		if total, err = db.Row(ctx, q, db.One[int], count.String(), count.Args()...); err != nil {
			return nil, 0, err
		}
		if total > 0 || len(words) == 0 {
			break
		}
	}
	f.Page = min(max(1, f.Page), max(1, (total+f.PerPage-1)/f.PerPage))
	var page db.Builder
	page.Add("SELECT"+columns+" FROM (SELECT p.id").Append(found).
		Add("ORDER BY p.sort_key, p.id LIMIT ? OFFSET ?) AS found JOIN person AS p ON p.id = found.id", f.PerPage, (f.Page-1)*f.PerPage).
		Add(tables+" ORDER BY p.sort_key, p.id", day, day)
	all, err := db.Rows(ctx, q, (*Officer).columns, page.String(), page.Args()...)
	if err == nil {
		err = readOffices(ctx, q, all, day, true)
	}
	for i := range all {
		if all[i].least(day); !all[i].Holds(day) {
			all[i].Email = ""
		}
	}
	return all, total, err
}

// query is FROM and WHERE of the persons that the filter finds.
func (f Filter) query(words text.Sought, slips bool, day clock.Day) *db.Builder {
	var b db.Builder
	b.Add("FROM person AS p WHERE TRUE")
	if len(words) > 0 {
		b.Add("AND p.id IN (").Append(people.Hits(words, slips)).Add(")")
	}
	if !f.wide(words) {
		b.Add(`AND EXISTS (
			SELECT 1
			FROM role_grant AS g
			JOIN organisation AS o ON o.id = g.organisation_id
			WHERE g.person_id = p.id
			AND o.kind IN ('nation', 'region')
			AND (g.to_day IS NULL OR g.to_day >= ?)`, day)
		if f.Role != "" {
			b.Add("AND g.role = ?", string(f.Role))
		}
		if f.RegionID != 0 {
			b.Add("AND o.region_id = ?", f.RegionID)
		}
		b.Add(")")
	}
	if f.Bounced {
		b.Add("AND " + letter.LastBouncedSQL + " IS NOT NULL")
	}
	if from, until := i18n.LetterKeys(f.Letter); from != nil || until != nil {
		if from != nil {
			b.Add("AND p.sort_key >= ?", from)
		}
		if until != nil {
			b.Add("AND p.sort_key < ?", until)
		}
	}
	return &b
}

// readOffices gives the officers the offices that they hold or will hold, and unless
// current those that have ended.
func readOffices(ctx context.Context, q db.Querier, all []Officer, day clock.Day, current bool) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]int64, len(all))
	at := map[int64]*Officer{}
	for i := range all {
		ids[i], at[all[i].ID] = all[i].ID, &all[i]
	}
	type row struct {
		identity.Held
		personID int64
	}
	in, args := db.In("g.person_id", ids)
	var b db.Builder
	b.Add(`
		SELECT
			g.person_id,
			g.id,
			g.role,
			o.id,
			o.name,
			COALESCE(o.region_id, 0),
			o.kind,
			g.from_day,
			g.to_day
		FROM role_grant AS g
		JOIN organisation AS o ON o.id = g.organisation_id
		WHERE o.kind IN ('nation', 'region')
		AND `+in, args...)
	if current {
		b.Add("AND (g.to_day IS NULL OR g.to_day >= ?)", day)
	}
	b.Add("ORDER BY g.to_day IS NOT NULL AND g.to_day < ?, g.from_day DESC, g.id DESC", day)
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.personID, &r.ID, &r.Role, &r.OrganisationID, &r.Organisation, &r.RegionID, &r.Level, &r.From, &r.Until}
	}, b.String(), b.Args()...)
	for _, r := range rows {
		o := at[r.personID]
		o.Offices = append(o.Offices, r.Held)
	}
	return err
}

// Get is the person with all offices that they hold, held and will hold.
// fault.Forbidden when the viewer may not see officers.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, id int64, day clock.Day) (Officer, error) {
	if !access.Officers(viewer) {
		return Officer{}, fault.Forbidden
	}
	var b db.Builder
	b.Add("SELECT"+columns+" FROM person AS p").Add(tables, day, day).Add("WHERE p.id = ? AND "+known, id)
	o, err := db.Row(ctx, q, (*Officer).columns, b.String(), b.Args()...)
	if err != nil {
		return Officer{}, err
	}
	all := []Officer{o}
	err = readOffices(ctx, q, all, day, false)
	all[0].least(day)
	return all[0], err
}

// WithAddress is who has the e-mail address; fault.NotFound when nobody has.
func WithAddress(ctx context.Context, q db.Querier, viewer access.Viewer, email string, day clock.Day) (Officer, error) {
	if !access.Officers(viewer) {
		return Officer{}, fault.Forbidden
	}
	id, err := db.Row(ctx, q, db.One[int64], `SELECT id FROM person WHERE email = $1`, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return Officer{}, err
	}
	return Get(ctx, q, viewer, id, day)
}

// Readdresses tells whether the viewer may correct the officer's address: whoever may give
// each role that the officer holds or will, and the officer works at a region itself. A
// municipality's people are its own to correct. Who reads somebody's letters can sign in as
// them, and no more comes of it than the viewer could give themselves.
func Readdresses(ctx context.Context, q db.Querier, viewer access.Viewer, o Officer, day clock.Day) (bool, error) {
	if !access.Officers(viewer) || !o.Holds(day) || o.Municipality != "" || o.Region == "" {
		return false, nil
	}
	roles, err := db.Rows(ctx, q, db.One[access.Role], `SELECT role FROM role_grant WHERE person_id = $1 AND (to_day IS NULL OR to_day >= $2)`, o.ID, day)
	return err == nil && !slices.ContainsFunc(roles, func(r access.Role) bool { return !slices.Contains(access.NationalRoles, r) }), err
}

// Readdress says at which address the officer is reached and signs in; links that were sent
// to the old one end. fault.NotFound for whom the viewer does not correct; fault.Invalid
// "email" for no address, or one that somebody has.
func Readdress(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, email string, now clock.Instant) error {
	o, err := Get(ctx, tx, viewer, personID, now.Day())
	if err != nil {
		return err
	}
	may, err := Readdresses(ctx, tx, viewer, o, now.Day())
	if err == nil && !may {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	if strings.TrimSpace(email) == "" {
		return fault.Invalid("email", "officer.email_missing")
	}
	moved, err := people.Readdress(ctx, tx, viewer, o.Person, email, now)
	if err != nil || !moved {
		return err
	}
	return identity.Readdressed(ctx, tx, personID, now)
}

// Appointment is a role for somebody: at the organisation from the day on.
type Appointment struct {
	Role           access.Role
	OrganisationID int64
	From           clock.Day
}

// Appoint gives the person the role, and lets them know. written tells whether they have
// an address to write to. The faults are those of identity.Grant; fault.Forbidden for a
// role that the nation does not give.
func Appoint(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, a Appointment, site letter.Site, now clock.Instant) (written bool, err error) {
	if !access.Officers(viewer) {
		return false, fault.Forbidden
	}
	if !slices.Contains(access.NationalRoles, a.Role) {
		return false, fault.Invalid("role", "people.person.role_missing")
	}
	id, err := identity.Grant(ctx, tx, viewer, personID, a.Role, a.OrganisationID, a.From, now)
	if err != nil {
		return false, err
	}
	return letter.RoleGiven(ctx, tx, viewer, id, site, now)
}

// Newcomer is somebody who is not in the system. Somebody who administers a region
// works there; where others do is told.
type Newcomer struct {
	people.NewPerson
	WorkplaceID int64 // a region
	Title       string
}

// AppointNew adds the person and gives them the role. Who has no address could not sign
// in: fault.Invalid "email", also for one that somebody has (see WithAddress).
func AppointNew(ctx context.Context, tx *db.Tx, viewer access.Viewer, n Newcomer, a Appointment, site letter.Site, now clock.Instant) (int64, error) {
	if !access.Officers(viewer) {
		return 0, fault.Forbidden
	}
	var checks fault.Checks
	checks.Require(strings.TrimSpace(n.Email) != "", "email", "officer.email_missing")
	if err := checks.Err(); err != nil {
		return 0, err
	}
	workplace, err := organisation.ByID(ctx, tx, n.WorkplaceID)
	if err != nil || workplace.Kind != organisation.Region {
		return 0, fault.Invalid("workplace", "officer.workplace_missing")
	}
	// The nation employs nobody: whoever it appoints is at home in a region, whose
	// administrators say from then on where they work.
	id, err := people.Add(ctx, tx, access.System(), n.NewPerson, n.WorkplaceID, min(a.From, now.Day()), n.Title, now)
	if err != nil {
		return 0, err
	}
	_, err = Appoint(ctx, tx, viewer, id, a, site, now)
	return id, err
}
