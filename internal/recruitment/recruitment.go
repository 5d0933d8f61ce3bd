package recruitment

import (
	"context"
	"errors"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/trainer"
)

// Wish is somebody's wish to teach a course. Where they work is where they do today, in their main
// employment: the wish follows them.
type Wish struct {
	ID           int64
	PersonID     int64
	Name         string
	Unit         string
	Municipality string
	CourseID     int64
	Course       string
	CourseSlug   string
	RegionID     int64 // where they work; 0: nowhere
	Words        string
	WishedAt     clock.Instant
	WithdrawnAt  *clock.Instant
	Agreed       *bool // the manager
	Reason       trainer.Reason
	ReasonWord   string
	AnsweredBy   string
	Recruited    *bool // the region

	municipality  int64
	answered      *clock.Instant
	worksSince    *clock.Day
	atHome, names bool // somebody there may answer; the region sees names there
	protected     bool
	member        bool // of the course's team in the region, however they came into it
}

// State is where a wish stands.
type State string

// The states.
const (
	Asked     State = "asked"     // the manager has not said
	Agreed    State = "agreed"    // the region has not said; where no manager can, it answers alone
	Nobody    State = "nobody"    // nobody can say anything as things are: see Wish.Lacks
	Refused   State = "refused"   // by the manager
	Recruited State = "recruited" // in the team
	LetBe     State = "let_be"    // by the region
	Withdrawn State = "withdrawn" // by themselves
	InTeam    State = "in_team"   // the region has taken them in without this wish
)

// Key is the state's message key.
func (s State) Key() string { return "comings.state." + string(s) }

// State is where the wish stands.
func (w Wish) State() State {
	switch {
	case w.Recruited != nil && *w.Recruited:
		return Recruited
	case w.Recruited != nil:
		return LetBe
	case w.WithdrawnAt != nil:
		return Withdrawn
	case w.Agreed != nil && !*w.Agreed:
		return Refused
	case w.member:
		return InTeam
	case w.Lacks() != "":
		return Nobody
	case w.ByManager() || !w.atHome:
		return Agreed
	}
	return Asked
}

// Place is the municipality where they work, or the region.
func (w Wish) Place() access.Place {
	return access.Place{RegionID: w.RegionID, MunicipalityID: w.municipality}
}

// ByManager tells whether a manager of where they work has agreed. The word of one from whom they
// have moved since, also on the same day, holds no longer.
func (w Wish) ByManager() bool {
	return w.Agreed != nil && *w.Agreed && w.worksSince != nil && *w.worksSince < w.answered.Day()
}

// Lacks is the message key of why nobody can say anything, "" when somebody can.
func (w Wish) Lacks() string {
	switch {
	case w.worksSince == nil:
		return "comings.nobody.no_employer"
	case w.protected:
		return "comings.nobody.protected"
	case !w.atHome && !w.names && !w.ByManager():
		return "comings.nobody.no_manager"
	}
	return ""
}

const longestWords = 500

// open is the condition on a wish w that somebody has still to say something.
const open = "w.withdrawn_at IS NULL AND w.closed_at IS NULL AND (w.agreed IS NULL OR w.agreed)"

func (w *Wish) columns() []any {
	return []any{
		&w.ID, &w.PersonID, &w.Name, &w.Unit, &w.Municipality, &w.CourseID, &w.Course, &w.CourseSlug, &w.RegionID, &w.Words, &w.WishedAt, &w.WithdrawnAt,
		&w.Agreed, &w.Reason, &w.ReasonWord, &w.AnsweredBy, &w.Recruited,
		&w.municipality, &w.answered, &w.worksSince, &w.atHome, &w.names, &w.protected, &w.member,
	}
}

// atHomeSQL is the condition that somebody may answer, as access.AnswerTrainers says, where the wish w is
// said from, the employment e. $1 is the day.
var atHomeSQL = `EXISTS (
			SELECT 1
			FROM role_grant AS g
			WHERE g.role IN ('manager', 'district_admin', 'municipal_admin')
			AND g.organisation_id IN (e.organisation_id, e.municipality_id, ` + organisation.DistrictSQL("e.organisation_id", "$1") + `)
			AND g.from_day <= $1
			AND (g.to_day IS NULL OR g.to_day >= $1)
			AND g.person_id <> w.person_id
		)`

// wishes are those that the condition on w, and on the main employment e of the day, asks for.
func wishes(ctx context.Context, q db.Querier, day clock.Day, condition string, args ...any) ([]Wish, error) {
	var b db.Builder
	b.Add(`
		SELECT w.id, w.person_id, TRIM(p.given_name || ' ' || p.family_name), COALESCE(o.name, ''), COALESCE(m.name, ''), w.course_id, `+catalogue.TitleSQL("c")+`, c.slug,
			COALESCE(e.region_id, 0), w.words, w.wished_at, w.withdrawn_at, w.agreed, COALESCE(w.reason, ''), w.reason_word, COALESCE(TRIM(a.given_name || ' ' || a.family_name), ''), w.recruited,
			COALESCE(e.municipality_id, 0), w.answered_at, e.from_day, `+atHomeSQL+`, `+affiliation.HoldsSQL(affiliation.Names, "e.municipality_id", "$1")+`, w.person_id IN (SELECT person_id FROM protected_person),
			EXISTS (SELECT 1 FROM trainer AS t WHERE t.person_id = w.person_id AND t.course_id = w.course_id AND t.region_id = e.region_id AND (t.ended_on IS NULL OR t.ended_on >= $1))
		FROM trainer_wish AS w
		JOIN person AS p ON p.id = w.person_id
		JOIN course AS c ON c.id = w.course_id
		LEFT JOIN person AS a ON a.id = w.answered_by
		LEFT JOIN employment AS e ON e.person_id = w.person_id AND e.main AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= $1)
		LEFT JOIN organisation AS o ON o.id = e.organisation_id
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		WHERE `+condition, append([]any{day}, args...)...).
		Add("ORDER BY w.wished_at, w.id")
	return db.Rows(ctx, q, (*Wish).columns, b.String(), b.Args()...)
}

// Mine are the viewer's own wishes, the oldest first.
func Mine(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) ([]Wish, error) {
	return wishes(ctx, q, today, "w.person_id = ?", viewer.PersonID)
}

// ToAnswer are the wishes of those at the viewer's places that wait for their manager's word.
// fault.Forbidden for those who answer nobody's.
func ToAnswer(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) ([]Wish, error) {
	return answerable(ctx, q, viewer, today, "")
}

func answerable(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day, more string, args ...any) ([]Wish, error) {
	scope := access.AnswerTrainers(viewer)
	if scope.Empty() {
		return nil, fault.Forbidden
	}
	where, places := scope.Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"})
	shown, opened := people.ShownSQL(viewer, "e")
	all, err := wishes(ctx, q, today, open+" AND w.person_id <> ? AND "+where+" AND "+shown+more,
		slices.Concat([]any{viewer.PersonID}, places, opened, args)...)
	return slices.DeleteFunc(all, func(w Wish) bool { return w.ByManager() || w.member }), err
}

// Candidates are those of the region who wait for it: their managers have agreed, or there is nobody
// where they work who could. Where the region sees no names it is told of those alone whose managers
// have agreed: they are signed up at home. fault.NotFound for those who do not keep its teams.
func Candidates(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, today clock.Day) ([]Wish, error) {
	if err := access.ManageRounds(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return nil, err
	}
	shown, opened := people.ShownSQL(viewer, "e")
	all, err := wishes(ctx, q, today, open+" AND e.region_id = ? AND "+shown, append([]any{regionID}, opened...)...)
	named := access.Staff(viewer)
	return slices.DeleteFunc(all, func(w Wish) bool {
		return w.State() != Agreed || !w.ByManager() && !named.Covers(w.Place())
	}), err
}

// May is nil when the viewer may say that they would like to teach the course, else the fault.Conflict
// that tells why not.
func May(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64, today clock.Day) error {
	if viewer.PersonID == 0 || viewer.Home.RegionID == 0 {
		return fault.Conflict("comings.no_employer")
	}
	type standing struct{ member, wished, protected bool }
	is, err := db.Row(ctx, q, func(s *standing) []any { return []any{&s.member, &s.wished, &s.protected} }, `
		SELECT
			EXISTS (SELECT 1 FROM trainer WHERE person_id = $1 AND course_id = $2 AND region_id = $3 AND (ended_on IS NULL OR ended_on >= $4)),
			EXISTS (SELECT 1 FROM trainer_wish AS w WHERE w.person_id = $1 AND w.course_id = $2 AND `+open+`),
			EXISTS (SELECT 1 FROM protected_person WHERE person_id = $1)`,
		viewer.PersonID, courseID, viewer.Home.RegionID, today)
	switch {
	case err != nil:
		return err
	case is.member:
		return fault.Conflict("comings.in_team")
	case is.wished:
		return fault.Conflict("comings.wished")
	case is.protected:
		return fault.Conflict("comings.nobody.protected")
	}
	return nil
}

// Say says that the viewer would like to teach the course, and writes to the managers of where they
// work: once a day, also when the wish is taken back and said again. It gives the wish, and the fault
// of May.
func Say(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, words string, site letter.Site, now clock.Instant) (Wish, error) {
	if len([]rune(words)) > longestWords {
		return Wish{}, fault.Invalid("words", "comings.word_long", "Most", longestWords)
	}
	if err := May(ctx, tx, viewer, courseID, now.Day()); err != nil {
		return Wish{}, err
	}
	told, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM trainer_wish
			WHERE person_id = $1
			AND course_id = $2
			AND wished_at >= $3
			AND agreed IS NULL
		)`, viewer.PersonID, courseID, now.Day().Start())
	if err != nil {
		return Wish{}, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO trainer_wish (person_id, course_id, region_id, words, wished_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING
		RETURNING id`, viewer.PersonID, courseID, viewer.Home.RegionID, strings.TrimSpace(words), now)
	if errors.Is(err, fault.NotFound) {
		return Wish{}, fault.Conflict("comings.wished")
	}
	if err != nil {
		return Wish{}, err
	}
	w, err := one(ctx, tx, id, now.Day())
	if err != nil || told {
		return w, err
	}
	managers, err := letter.MainManagersOf(ctx, tx, viewer.PersonID, now.Day())
	for _, manager := range managers {
		if err == nil {
			err = write(ctx, tx, manager, "trainer_wish", w, site, viewer, now)
		}
	}
	return w, err
}

func one(ctx context.Context, q db.Querier, id int64, today clock.Day) (Wish, error) {
	found, err := wishes(ctx, q, today, "w.id = ?", id)
	if err == nil && len(found) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Wish{}, err
	}
	return found[0], nil
}

// write writes a letter about the wish to somebody who has an address. Without a site there is no
// letter: for data that are loaded with their history.
func write(ctx context.Context, tx *db.Tx, to int64, kind string, w Wish, site letter.Site, by access.Viewer, now clock.Instant) error {
	page := address.MyTeaching
	if to != w.PersonID {
		page = address.TrainerWishes
	}
	if site.Base == "" {
		return nil
	}
	type reader struct{ given, language, email string }
	r, err := db.Row(ctx, tx, func(r *reader) []any { return []any{&r.given, &r.language, &r.email} },
		`SELECT COALESCE(NULLIF(given_name, ''), family_name), language, COALESCE(email, '') FROM person WHERE id = $1`, to)
	if err != nil || r.email == "" {
		return err
	}
	l := i18n.For(r.language)
	reason := ""
	if w.Reason != "" {
		reason = l.T(w.Reason.Key())
		if w.ReasonWord != "" {
			reason += ": " + w.ReasonWord
		}
	}
	_, err = letter.PutPersonal(ctx, tx, letter.Personal{
		PersonID: to, Kind: kind,
		Subject: l.T("comings.letter."+kind+"_subject", "Course", w.Course, "Who", w.Name),
		Body:    l.T("comings.letter."+kind, "Name", r.given, "Who", w.Name, "Course", w.Course, "Reason", reason, "Link", site.Base+page),
	}, by.ActorID(), now)
	return err
}

// Withdraw takes back a wish of the viewer's own that nobody has decided. fault.NotFound otherwise.
func Withdraw(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	n, err := db.Exec(ctx, tx, `UPDATE trainer_wish AS w SET withdrawn_at = $3 WHERE w.id = $1 AND w.person_id = $2 AND `+open, id, viewer.PersonID, now)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

// Answer is the manager's word: yes, or no with why. It is written to who wished. fault.NotFound for
// a wish of nobody of theirs, or one that is answered.
func Answer(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, agrees bool, why trainer.Why, site letter.Site, now clock.Instant) error {
	found, err := answerable(ctx, tx, viewer, now.Day(), " AND w.id = ?", id)
	if err == nil && len(found) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	var reason *trainer.Reason
	kind := "trainer_agreed"
	if agrees {
		why = trainer.Why{}
	} else {
		if err := why.Check(); err != nil {
			return err
		}
		reason, kind = &why.Reason, "trainer_refused"
	}
	n, err := db.Exec(ctx, tx, `UPDATE trainer_wish AS w SET agreed = $2, reason = $3, reason_word = $4, answered_at = $5, answered_by = $6
		WHERE w.id = $1 AND `+open+` AND w.answered_at IS NOT DISTINCT FROM $7`,
		id, agrees, reason, why.Words(), now, viewer.ActorID(), found[0].answered)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	w := found[0]
	w.Reason, w.ReasonWord = why.Reason, why.Words()
	return write(ctx, tx, w.PersonID, kind, w, site, viewer, now)
}

// Close is the region's word on a candidate: taken into the team from today, or let be. It is
// written to who wished. Gives the region.
func Close(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, recruits bool, site letter.Site, now clock.Instant) (regionID int64, err error) {
	if access.ManageRounds(viewer).Empty() {
		return 0, fault.Forbidden
	}
	w, err := one(ctx, tx, id, now.Day())
	if err != nil {
		return 0, err
	}
	candidates, err := Candidates(ctx, tx, viewer, w.RegionID, now.Day())
	if err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(candidates, func(c Wish) bool { return c.ID == id }) {
		return 0, fault.NotFound
	}
	if !w.ByManager() { // the region has the manager's word, too
		if _, err := db.Exec(ctx, tx, `UPDATE trainer_wish AS w SET agreed = TRUE, answered_at = $2, answered_by = $3 WHERE w.id = $1 AND `+open, id, now, viewer.ActorID()); err != nil {
			return 0, err
		}
	}
	n, err := db.Exec(ctx, tx, `UPDATE trainer_wish AS w SET recruited = $2, closed_at = $3, closed_by = $4 WHERE w.id = $1 AND w.agreed AND `+open, id, recruits, now, viewer.ActorID())
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return 0, err
	}
	kind := "trainer_let_be"
	if recruits {
		kind = "trainer_recruited"
		if _, err := trainer.Recruit(ctx, tx, viewer, trainer.New{PersonID: w.PersonID, CourseID: w.CourseID, RegionID: w.RegionID, On: now.Day()}); err != nil {
			return 0, err
		}
	}
	return w.RegionID, write(ctx, tx, w.PersonID, kind, w, site, viewer, now)
}

// Year is how a region's trainers came and went.
type Year struct {
	Recruited int // memberships of teams that began
	Ended     int // that ended
	Wished    int // who would like to
	Refused   int // to whom their manager said no
	Lines     []Line
	Unsaid    int // ended without a reason
}

// Any tells whether anything happened.
func (y Year) Any() bool { return y.Recruited+y.Ended+y.Wished+y.Refused > 0 }

// Line is how often a reason was given.
type Line struct {
	Reason  trainer.Reason
	Ended   int
	Refused int
}

// memberships are those of teams, also what was before somebody came back.
const memberships = `(
		SELECT region_id, recruited_on, ended_on, end_reason FROM trainer
		UNION ALL
		SELECT region_id, recruited_on, ended_on, end_reason FROM trainer_before
	) AS membership`

// YearOf counts the region's year up to the day: fault.NotFound for those who see no figures of it.
// A wish counts in the region where it was said. A reason is told in numbers, of the region as a whole, and never of a course or a municipality.
func YearOf(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, year int, until clock.Day) (Year, error) {
	var y Year
	if err := access.Figures(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return y, err
	}
	first, last := clock.YearStart(year), min(clock.YearEnd(year), until)
	from, to := first.Start(), (last + 1).Start()
	y, err := db.Row(ctx, q, func(y *Year) []any { return []any{&y.Recruited, &y.Ended, &y.Unsaid, &y.Wished, &y.Refused} }, `
		SELECT
			(SELECT COUNT(*) FROM `+memberships+` WHERE region_id = $1 AND recruited_on BETWEEN $2 AND $3),
			(SELECT COUNT(*) FROM `+memberships+` WHERE region_id = $1 AND ended_on BETWEEN $2 AND $3),
			(SELECT COUNT(*) FROM `+memberships+` WHERE region_id = $1 AND ended_on BETWEEN $2 AND $3 AND end_reason IS NULL),
			(SELECT COUNT(*) FROM trainer_wish WHERE region_id = $1 AND wished_at >= $4 AND wished_at < $5),
			(SELECT COUNT(*) FROM trainer_wish WHERE region_id = $1 AND NOT agreed AND answered_at >= $4 AND answered_at < $5)`,
		regionID, first, last, from, to)
	if err != nil {
		return y, err
	}
	type count struct {
		reason trainer.Reason
		ended  bool
		n      int
	}
	counts, err := db.Rows(ctx, q, func(c *count) []any { return []any{&c.reason, &c.ended, &c.n} }, `
		SELECT end_reason, TRUE, COUNT(*)
		FROM `+memberships+`
		WHERE region_id = $1 AND ended_on BETWEEN $2 AND $3 AND end_reason IS NOT NULL
		GROUP BY end_reason
		UNION ALL
		SELECT reason, FALSE, COUNT(*)
		FROM trainer_wish
		WHERE region_id = $1 AND NOT agreed AND answered_at >= $4 AND answered_at < $5
		GROUP BY reason`, regionID, first, last, from, to)
	for _, reason := range trainer.Reasons {
		line := Line{Reason: reason}
		for _, c := range counts {
			switch {
			case c.reason != reason:
			case c.ended:
				line.Ended = c.n
			default:
				line.Refused = c.n
			}
		}
		y.Lines = append(y.Lines, line)
	}
	return y, err
}
