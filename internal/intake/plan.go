package intake

import (
	"context"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Act is what is done for a row.
type Act string

// The acts.
const (
	Add    Act = "add"    // somebody comes, for the first time or anew
	Change Act = "change" // something of theirs is another
	Same   Act = "same"
	End    Act = "end"    // they leave
	Hold   Act = "hold"   // a person has to say who is meant
	Reject Act = "reject" // something in the row is wrong
)

// known is somebody as the product knows them before a row is applied.
type known struct {
	people.Person
	number      string // one of their staff ids in the municipality
	employment  int64  // that of the day there; 0: none
	unitID      int64
	title       string
	form        people.Form
	from        clock.Day
	until       *clock.Day
	lastDay     *clock.Day
	employments int  // there, ever
	elsewhere   bool // employed in another municipality on the day
	account     int64
	closedOn    *clock.Day
	since       *clock.Day
	roles       []access.Role // in the journey
	marks       []mark
}

// hidden tells whether their identity is protected.
func (k *known) hidden() bool { return k != nil && k.Alias != "" }

// step is a row with what it does: person is 0 for somebody who is new.
type step struct {
	Line
	act      Act
	problem  *Problem
	person   *known
	unitID   int64   // where they work; noUnit for a unit that is not there yet
	madeUnit int64   // the unit that was made for the row
	meant    []int64 // whom the row may be about, also when that is not certain
}

// noUnit is a unit that the file names and that is not there yet.
const noUnit = -1

// frame is what the rows of a file are compared with.
type frame struct {
	municipality int64
	region       int64
	journey      int64 // 0: none
	today        clock.Day
	units        map[string]unit // by slug: no two of a municipality have the same
	viewer       access.Viewer
}

type unit struct {
	id     int64
	closed bool
}

// readUnits reads the municipality's units.
func (f *frame) readUnits(ctx context.Context, q db.Querier) error {
	type row struct {
		slug string
		unit
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.slug, &r.id, &r.closed} }, `
		SELECT
			o.slug,
			o.id,
			EXISTS (SELECT 1 FROM unit_closing AS k WHERE k.unit_id = o.id AND k.withdrawn_at IS NULL)
		FROM organisation AS o
		WHERE o.municipality_id = $1
		AND o.kind = 'unit'`, f.municipality)
	f.units = make(map[string]unit, len(rows))
	for _, r := range rows {
		f.units[r.slug] = r.unit
	}
	return err
}

// plan says what the rows do. A row with a problem of its own is only asked whom it may
// be about.
func (f *frame) plan(ctx context.Context, q db.Querier, steps []step) error {
	numbers, emails := keysOf(steps)
	byNumber, err := pairs(ctx, q, "SELECT number, person_id FROM staff_number WHERE municipality_id = ? AND ", "number", numbers, f.municipality)
	if err != nil {
		return err
	}
	byEmail, err := pairs(ctx, q, "SELECT email, id FROM person WHERE ", "email", emails)
	if err != nil {
		return err
	}
	byMark, err := marked(ctx, q, steps)
	if err != nil {
		return err
	}
	var ids []int64
	for _, all := range byMark {
		ids = append(ids, all...)
	}
	for _, m := range []map[string]int64{byNumber, byEmail} {
		for _, id := range m {
			ids = append(ids, id)
		}
	}
	for _, s := range steps {
		if s.Decided != nil && s.Decided.Person != 0 {
			ids = append(ids, s.Decided.Person)
		}
	}
	slices.Sort(ids)
	everybody, err := f.read(ctx, q, slices.Compact(ids))
	if err != nil {
		return err
	}
	if err := readMarks(ctx, q, steps, everybody); err != nil {
		return err
	}
	for i := range steps {
		s := &steps[i]
		number, email := everybody[byNumber[s.StaffID]], everybody[byEmail[s.Email]]
		number, email = number.by(s.StaffID, email)
		for _, k := range []*known{number, email} {
			if k != nil {
				s.meant = append(s.meant, k.ID)
			}
		}
		s.meant = append(s.meant, byMark[string(s.Mark)]...)
		if err := f.settle(ctx, q, s, number, email, everybody, byMark[string(s.Mark)]); err != nil {
			return err
		}
	}
	return f.holdNamesakes(ctx, q, steps)
}

// settle says what the row does, of which it is known whom its keys name.
func (f *frame) settle(ctx context.Context, q db.Querier, s *step, number, email *known, everybody map[int64]*known, marked []int64) error {
	if s.problem != nil {
		s.act = Reject
		return nil
	}
	if number.hidden() || email.hidden() {
		s.act = Same // a file changes nothing of whom only those named may see, and tells nothing of them
		return nil
	}
	if s.Decided != nil {
		if s.follow(everybody, number, email, marked); s.person.hidden() {
			s.act = Same
			return nil
		}
		if s.person == nil && s.Decided.Person != 0 || s.person != nil && s.person.employment == 0 { // gone since
			s.act, s.problem = Hold, problem(Row, "intake.decided_gone")
			return nil
		}
		if err := f.check(ctx, q, s); err != nil {
			return err
		}
		s.act = f.act(s)
		return nil
	}
	var foreign bool
	if s.person, s.problem, foreign = match(s.Line, number, email, among(everybody, marked)); s.problem != nil {
		s.act = Hold
		if foreign {
			s.act = Reject
		}
		return nil
	}
	if s.Unsure != nil {
		s.act, s.problem = Hold, s.Unsure
		return nil
	}
	if err := f.check(ctx, q, s); err != nil {
		return err
	}
	s.act = f.act(s)
	return nil
}

// keysOf are the staff ids and addresses of the rows.
func keysOf(steps []step) (numbers, emails []string) {
	for _, s := range steps {
		if s.StaffID != "" {
			numbers = append(numbers, s.StaffID)
		}
		if s.Email != "" {
			emails = append(emails, s.Email)
		}
	}
	return numbers, emails
}

// by is who was found by the staff id, with the one of theirs that the row says: who was
// merged has several. other is who was found otherwise, perhaps the same.
func (k *known) by(staffID string, other *known) (number, email *known) {
	if k == nil || k.number == staffID {
		return k, other
	}
	also := *k
	also.number = staffID
	if other != nil && other.ID == k.ID {
		other = &also
	}
	return &also, other
}

// check finds the row's unit, whether somebody new has a name, and what in the row who sends the file may not decide.
func (f *frame) check(ctx context.Context, q db.Querier, s *step) error {
	s.unitID = f.municipality
	if s.Unit != "" {
		slug := organisation.Slug(s.Unit)
		u, ok := f.units[slug]
		switch {
		case slug == "":
			s.problem = problem(Unit, "intake.unit_without_name")
		case !ok:
			s.unitID = noUnit
		case u.closed:
			s.problem = problem(Unit, "intake.unit_closed", "Unit", s.Unit)
		default:
			s.unitID = u.id
		}
	}
	place := access.Place{RegionID: f.region, MunicipalityID: f.municipality}
	if (s.Role == access.Manager || s.Role == access.MunicipalAdmin) && !access.GrantRole(f.viewer, s.Role).Covers(place) {
		s.problem = problem(Role, "intake.role_not_yours")
	}
	if s.person == nil && s.GivenName == "" && s.FamilyName == "" {
		s.problem = problem(GivenName, "fault.name_missing")
	}
	if k := s.person; s.problem == nil && k != nil && k.employment != 0 && (s.Email != "" && s.Email != k.Email || s.Clears(Email) && k.Email != "") {
		err := identity.MayReaddress(ctx, q, f.viewer, k.ID, f.today)
		if fault.Of(err) != nil {
			s.problem, err = problem(Email, "identity.address_of_office"), nil
		}
		return err
	}
	return nil
}

// pairs reads a number or an address to the person whose it is.
func pairs(ctx context.Context, q db.Querier, query, column string, values []string, args ...any) (map[string]int64, error) {
	found := map[string]int64{}
	if len(values) == 0 {
		return found, nil
	}
	type pair struct {
		value  string
		person int64
	}
	var b db.Builder
	in, more := db.In(column, values)
	b.Add(query+in, append(args, more...)...)
	rows, err := db.Rows(ctx, q, func(p *pair) []any { return []any{&p.value, &p.person} }, b.For(q), b.Args()...)
	for _, p := range rows {
		found[p.value] = p.person
	}
	return found, err
}

// match is who the row is about, nil for somebody new, by the municipality's own staff
// id before the address, and by the address before the mark of the personal identity number,
// which marked have. The problem is why that is not certain; foreign tells that it
// is certain, and that they work for somebody else.
func match(l Line, number, email *known, marked []*known) (who *known, why *Problem, foreign bool) {
	if number != nil && email != nil && number.ID != email.ID {
		return nil, problem(Email, "intake.two_people", "Name", number.Name()), false
	}
	who, column := number, StaffID
	if who == nil {
		who, column = email, Email
	}
	if who, column, why = byNumber(l, who, column, marked); why != nil {
		return who, why, false
	}
	switch {
	case who == nil || who.employment != 0 && (number != nil || l.StaffID == "" || who.number == ""):
		return who, nil, false
	case who.employment != 0 && column == PersonalNumber:
		return nil, problem(StaffID, "intake.number_another_staff", "Number", who.number), false
	case who.employment != 0:
		return nil, problem(StaffID, "intake.another_number", "Number", who.number), false
	case who.elsewhere:
		return nil, problem(column, "intake.of_another_municipality"), true
	case who.lastDay == nil && column == PersonalNumber:
		return nil, problem(column, "intake.number_of_another"), false
	case who.lastDay == nil:
		return nil, problem(Email, "intake.address_of_somebody"), false
	}
	return who, nil, false // worked here or elsewhere before: the journey comes along
}

// act compares the row with the person.
func (f *frame) act(s *step) Act {
	k := s.person
	switch {
	case s.problem != nil:
		return Reject
	case s.Until != nil && *s.Until < f.today:
		if k == nil || k.employment == 0 {
			return Same // left before we knew of them
		}
		return End
	case k == nil || k.employment == 0:
		return Add
	case f.differs(s):
		return Change
	}
	return Same
}

func (f *frame) differs(s *step) bool {
	k, l := s.person, s.Line
	switch {
	case l.GivenName != "" && l.GivenName != k.GivenName, l.FamilyName != "" && l.FamilyName != k.FamilyName,
		l.Email != "" && l.Email != k.Email, l.Clears(Email) && k.Email != "",
		l.StaffID != "" && l.StaffID != k.number,
		len(l.Mark) > 0 && !k.has(l.Mark),
		l.Unit != "" && s.unitID != k.unitID,
		l.Profession != "" && l.Profession != k.title, l.Clears(Profession) && k.title != "",
		l.Form != "" && l.Form != k.form, l.Clears(Form) && k.form != "",
		moves(s),
		l.Until != nil && (k.until == nil || *k.until != *l.Until), l.Clears(Until) && k.until != nil:
		return true
	case f.journey == 0:
		return false
	}
	return k.account == 0 || k.closedOn != nil && *k.closedOn <= f.today ||
		l.Since != nil && (k.since == nil || *k.since != *l.Since) || l.Clears(Since) && k.since != nil ||
		l.Role != "" && !slices.Contains(k.roles, l.Role)
}

// moves tells whether the row says another first day of somebody's only employment.
func moves(s *step) bool {
	return s.Line.From != nil && s.person.employments == 1 && *s.Line.From != s.person.from
}

// read is what the product knows of the people. COALESCE keeps the planner from walking
// a whole municipality for each of them.
func (f *frame) read(ctx context.Context, q db.Querier, ids []int64) (map[int64]*known, error) {
	all := make(map[int64]*known, len(ids))
	if len(ids) == 0 {
		return all, nil
	}
	var b db.Builder
	in, args := db.In("p.id", ids)
	b.Add(`
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			COALESCE(p.email, ''),
			CASE WHEN p.id IN (SELECT person_id FROM protected_person) THEN p.given_name ELSE '' END,
			COALESCE((SELECT MIN(n.number) FROM staff_number AS n WHERE n.person_id = p.id AND n.municipality_id = ?), ''),
			COALESCE(e.id, 0),
			COALESCE(e.organisation_id, 0),
			COALESCE(e.title, ''),
			COALESCE(e.form, ''),
			COALESCE(e.from_day, ?),
			e.to_day,
			(SELECT COUNT(*) FROM employment AS w WHERE w.person_id = p.id AND COALESCE(w.municipality_id, 0) = ?),
			(SELECT MAX(COALESCE(w.to_day, ?)) FROM employment AS w WHERE w.person_id = p.id),
			EXISTS (
				SELECT 1
				FROM employment AS w
				WHERE w.person_id = p.id
				AND COALESCE(w.municipality_id, 0) <> ?
				AND (w.to_day IS NULL OR w.to_day >= ?)
			),
			COALESCE(a.id, 0),
			a.closed_on,
			a.profession_since
		FROM person AS p
		LEFT JOIN employment AS e ON e.person_id = p.id AND COALESCE(e.municipality_id, 0) = ? AND (e.to_day IS NULL OR e.to_day >= ?)
		LEFT JOIN account AS a ON a.person_id = p.id AND a.journey_id = ?
		WHERE `+in,
		append([]any{f.municipality, f.today, f.municipality, f.today, f.municipality, f.today, f.municipality, f.today, f.journey}, args...)...)
	b.Add("ORDER BY e.from_day DESC") // of two, the first to run is the one that is kept
	rows, err := db.Rows(ctx, q, func(k *known) []any {
		return []any{
			&k.ID, &k.GivenName, &k.FamilyName, &k.Email, &k.Alias, &k.number, &k.employment, &k.unitID, &k.title, &k.form, &k.from, &k.until,
			&k.employments, &k.lastDay, &k.elsewhere, &k.account, &k.closedOn, &k.since,
		}
	}, b.For(q), b.Args()...)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		all[rows[i].ID] = &rows[i]
	}
	return all, f.readRoles(ctx, q, ids, all)
}

func (f *frame) readRoles(ctx context.Context, q db.Querier, ids []int64, all map[int64]*known) error {
	if f.journey == 0 {
		return nil
	}
	type held struct {
		person int64
		role   access.Role
	}
	in, args := db.In("a.person_id", ids)
	var b db.Builder
	b.Add(`
		SELECT
			a.person_id,
			r.role
		FROM account AS a
		JOIN account_role AS r ON r.account_id = a.id AND r.to_day IS NULL
		WHERE a.journey_id = ?
		AND `+in, append([]any{f.journey}, args...)...)
	rows, err := db.Rows(ctx, q, func(h *held) []any { return []any{&h.person, &h.role} }, b.For(q), b.Args()...)
	for _, h := range rows {
		all[h.person].roles = append(all[h.person].roles, h.role)
	}
	return err
}

// holdNamesakes lets rows wait that would add somebody of the same name as one who works
// there and whom neither the staff id nor the address tells apart.
func (f *frame) holdNamesakes(ctx context.Context, q db.Querier, steps []step) error {
	type namesake struct {
		id            int64
		given, family string
		email         bool
	}
	var keys [][]byte
	for _, s := range steps {
		if s.act == Add && s.person == nil {
			keys = append(keys, i18n.SortKey(strings.TrimSpace(s.FamilyName+" "+s.GivenName)))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	in, args := db.In("e.sort_key", keys)
	var b db.Builder
	b.Add(`
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			p.email IS NOT NULL
		FROM employed AS e
		JOIN person AS p ON p.id = e.person_id
		WHERE e.municipality_id = ?
		AND (e.to_day IS NULL OR e.to_day >= ?)
		AND NOT EXISTS (SELECT 1 FROM staff_number AS n WHERE n.person_id = e.person_id AND n.municipality_id = e.municipality_id)
		AND `+in, append([]any{f.municipality, f.today}, args...)...)
	rows, err := db.Rows(ctx, q, func(n *namesake) []any { return []any{&n.id, &n.given, &n.family, &n.email} }, b.For(q), b.Args()...)
	if err != nil {
		return err
	}
	there := map[[2]string]namesake{}
	for _, n := range rows {
		there[[2]string{n.given, n.family}] = n
	}
	for i := range steps {
		s := &steps[i]
		if n, ok := there[[2]string{s.GivenName, s.FamilyName}]; ok && s.act == Add && s.person == nil && s.Decided == nil && (s.Email == "" || !n.email) {
			s.act, s.problem, s.meant = Hold, problem(GivenName, "intake.namesake"), append(s.meant, n.id)
		}
	}
	return nil
}
