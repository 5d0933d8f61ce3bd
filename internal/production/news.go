package production

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
)

// For how many days after its publication an edition is news: a region is asked about its letter on the start page
// while it is fresh, and can decide for a year.
const (
	Fresh  = 90
	Listed = 365
)

// News is an edition that came out lately, with what the region has decided about its letter: Sends is
// nil until it has. Reached is how many letters were written.
type News struct {
	EditionID   int64
	CourseID    int64
	Slug        string
	Course      string
	Number      int
	PublishedOn clock.Day
	Changes     string
	Sends       *bool
	DecidedAt   *clock.Instant
	By          string
	Reached     int
}

func (n *News) columns() []any {
	return []any{&n.EditionID, &n.CourseID, &n.Slug, &n.Course, &n.Number, &n.PublishedOn, &n.Changes, &n.Sends, &n.DecidedAt, &n.By, &n.Reached}
}

// newsQuery are the editions of the region's news on a day: those of the last days that stand, of courses that hold
// and are somebody's to take.
var newsQuery = `
	SELECT
		e.id,
		c.id,
		c.slug,
		` + catalogue.TitleSQL("c") + `,
		e.number,
		e.published_on,
		e.changes,
		n.sends,
		n.decided_at,
		COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
		(SELECT COUNT(*) FROM edition_news_recipient AS r WHERE r.edition_id = e.id AND r.region_id = $1)
	FROM edition AS e
	JOIN course AS c ON c.id = e.course_id
	LEFT JOIN edition_news AS n ON n.edition_id = e.id AND n.region_id = $1
	LEFT JOIN person AS p ON p.id = n.decided_by
	WHERE ` + lifetime.StandsSQL("e", "$2") + `
	AND ` + lifetime.HoldsSQL("c.id", "$2") + `
	AND e.published_on >= $3`

// NewsOf are the region's news, the latest first, for those who decide about their letters.
func NewsOf(ctx context.Context, q db.Querier, viewer access.Viewer, region organisation.Organisation, today clock.Day) ([]News, error) {
	if err := access.TellOfEditions(viewer).Allow(region.Place()); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, (*News).columns, newsQuery+` ORDER BY e.published_on DESC, e.id DESC`, region.ID, today, today-Listed)
}

// Undecided are those of them that are fresh and that the region has decided nothing about, the latest first.
func Undecided(ctx context.Context, q db.Querier, viewer access.Viewer, region organisation.Organisation, today clock.Day) ([]News, error) {
	if err := access.TellOfEditions(viewer).Allow(region.Place()); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, (*News).columns, newsQuery+` AND n.sends IS NULL ORDER BY e.published_on DESC, e.id DESC`, region.ID, today, today-Fresh)
}

// NewsOfEdition is one of them; fault.NotFound for an edition that is no news.
func NewsOfEdition(ctx context.Context, q db.Querier, viewer access.Viewer, region organisation.Organisation, editionID int64, today clock.Day) (News, error) {
	if err := access.TellOfEditions(viewer).Allow(region.Place()); err != nil {
		return News{}, err
	}
	return db.Row(ctx, q, (*News).columns, newsQuery+` AND e.id = $4`, region.ID, today, today-Listed, editionID)
}

// As is why somebody gets the letter.
type As string

// What they are to the course; who is several things gets the letter as the first.
const (
	Learner As = "learner"
	Manager As = "manager"
	Teacher As = "trainer"
)

// Reach is how many the letter reaches, by why; Addressless are those of them who have no address.
type Reach struct {
	By          map[As]int
	Addressless int
}

// Letters is how many letters are sent.
func (r Reach) Letters() int { return r.By[Learner] + r.By[Manager] + r.By[Teacher] - r.Addressless }

// reader is somebody whom the letter concerns.
type reader struct {
	id       int64
	given    string
	email    string
	language string
	as       As
	staff    int // of a manager: how many of theirs it concerns
}

// readers are those in the region whom the edition concerns: whom the course is meant for and who have finished what
// else was meant for them in its step (learning.MeantFor), also those who have gone on from the step; whoever manages
// their unit or its district; and the trainers of the step. Whose identity is protected is not among them: who looks
// after them tells them.
func readers(ctx context.Context, q db.Querier, regionID int64, courseID int64, today clock.Day) ([]reader, error) {
	type row struct {
		reader
		unit, district int64
	}
	columns := func(r *row) []any { return []any{&r.id, &r.given, &r.email, &r.language, &r.unit, &r.district} }
	const who = `
			p.id,
			TRIM(COALESCE(NULLIF(p.given_name, ''), p.family_name)),
			COALESCE(p.email, ''),
			p.language,
			`
	var b db.Builder
	b.Add(`
		SELECT`+who+`e.organisation_id, `+organisation.DistrictSQL("e.organisation_id", "?")+`
		FROM course_journey AS cj
		JOIN course AS c ON c.id = cj.course_id
		JOIN account AS a ON a.journey_id = cj.journey_id AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?)
		JOIN employed AS e ON e.person_id = a.person_id AND e.region_id = ? AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		JOIN person AS p ON p.id = a.person_id
		WHERE cj.course_id = ?
		AND (`, today, today, today, regionID, today, today, courseID)
	meant(&b, "c", "cj", today).Add(`)
		AND NOT EXISTS (SELECT 1 FROM completion AS k WHERE k.person_id = p.id AND k.course_id = cj.course_id AND k.revoked_at IS NULL)
		AND EXISTS (
			SELECT 1
			FROM completion AS k
			JOIN course_journey AS o ON o.course_id = k.course_id AND o.journey_id = cj.journey_id AND COALESCE(o.step_id, 0) = COALESCE(cj.step_id, 0)
			WHERE k.person_id = p.id
			AND k.revoked_at IS NULL
		)
		AND NOT EXISTS (
			SELECT 1
			FROM course_journey AS o
			JOIN course AS oc ON oc.id = o.course_id
			WHERE o.journey_id = cj.journey_id
			AND COALESCE(o.step_id, 0) = COALESCE(cj.step_id, 0)
			AND o.course_id <> cj.course_id
			AND`)
	lifetime.AddDemanded(&b, "o.course_id", today).Add("AND (")
	meant(&b, "oc", "o", today).Add(`)
			AND NOT EXISTS (SELECT 1 FROM completion AS k WHERE k.person_id = p.id AND k.course_id = o.course_id AND k.revoked_at IS NULL)
		)
		ORDER BY p.id, e.organisation_id`)
	learners, err := db.Rows(ctx, q, columns, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	var all []reader
	known := map[int64]bool{}
	concerned := map[int64]map[int64]bool{} // by unit and by district
	for _, l := range learners {
		for _, place := range []int64{l.unit, l.district} {
			if concerned[place] == nil {
				concerned[place] = map[int64]bool{}
			}
			concerned[place][l.id] = true
		}
		if !known[l.id] {
			known[l.id] = true
			l.as = Learner
			all = append(all, l.reader)
		}
	}
	managers, err := db.Rows(ctx, q, columns, `
		SELECT`+who+`g.organisation_id, 0
		FROM role_grant AS g
		JOIN organisation AS o ON o.id = g.organisation_id AND o.region_id = $1
		JOIN person AS p ON p.id = g.person_id
		WHERE g.role = 'manager'
		AND g.from_day <= $2
		AND (g.to_day IS NULL OR g.to_day >= $2)
		AND p.id NOT IN (SELECT person_id FROM protected_person)
		ORDER BY p.id, g.organisation_id`, regionID, today)
	if err != nil {
		return nil, err
	}
	for len(managers) > 0 {
		m, staff := managers[0].reader, map[int64]bool{} // of all that they manage, each once
		for len(managers) > 0 && managers[0].id == m.id {
			maps.Copy(staff, concerned[managers[0].unit])
			managers = managers[1:]
		}
		if len(staff) > 0 && !known[m.id] {
			known[m.id] = true
			m.as, m.staff = Manager, len(staff)
			all = append(all, m)
		}
	}
	trainers, err := db.Rows(ctx, q, columns, `
		SELECT DISTINCT`+who+`0, 0
		FROM course_journey AS cj
		JOIN course_journey AS o ON o.journey_id = cj.journey_id AND COALESCE(o.step_id, 0) = COALESCE(cj.step_id, 0)
		JOIN trainer AS t ON t.course_id = o.course_id AND t.region_id = $1 AND (t.ended_on IS NULL OR t.ended_on >= $3)
		JOIN person AS p ON p.id = t.person_id
		WHERE cj.course_id = $2
		AND p.id NOT IN (SELECT person_id FROM protected_person)
		ORDER BY p.id`, regionID, courseID, today)
	for _, t := range trainers {
		if !known[t.id] {
			known[t.id] = true
			t.as = Teacher
			all = append(all, t.reader)
		}
	}
	return all, err
}

// meant adds the condition that the course, at its place in a journey, is for somebody with the account a there, or was
// for them before they went on from its step.
func meant(b *db.Builder, course, place string, day clock.Day) *db.Builder {
	learning.AddMeant(b, course, place, day)
	return b.Add(`
			OR LOWER(` + course + `.audience) NOT LIKE '%chefer%'
			AND EXISTS (SELECT 1 FROM level_up AS l WHERE l.account_id = a.id AND l.from_step_id = ` + place + `.step_id)`)
}

// ReachOf is how many a letter on the edition would reach today, in numbers: nobody's name is told.
func ReachOf(ctx context.Context, q db.Querier, viewer access.Viewer, region organisation.Organisation, n News, today clock.Day) (Reach, error) {
	reach := Reach{By: map[As]int{}}
	if err := access.TellOfEditions(viewer).Allow(region.Place()); err != nil {
		return reach, err
	}
	all, err := readers(ctx, q, region.ID, n.CourseID, today)
	for _, r := range all {
		reach.By[r.as]++
		if r.email == "" {
			reach.Addressless++
		}
	}
	return reach, err
}

// Decide lets the letter on the edition be written to whom it concerns in the region, or says that none is: once.
// fault.NotFound for an edition that is no news, fault.Conflict "production.decided" when it has been decided.
func Decide(ctx context.Context, tx *db.Tx, viewer access.Viewer, region organisation.Organisation, editionID int64, sends bool, now clock.Instant) error {
	if _, err := NewsOfEdition(ctx, tx, viewer, region, editionID, now.Day()); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO edition_news (edition_id, region_id, sends, decided_at, decided_by)
		VALUES ($1, $2, $3, $4, $5)`, editionID, region.ID, sends, now, viewer.ActorID())
	if db.IsUnique(err) {
		return fault.Conflict("production.decided")
	}
	if err != nil || !sends {
		return err
	}
	return jobs.Add(ctx, tx, newsJob{Edition: editionID, Region: region.ID})
}

// newsJob writes the letters of a region on an edition.
type newsJob struct {
	Edition int64 `json:"edition"`
	Region  int64 `json:"region"`
}

func (newsJob) Kind() string { return "edition_news" }

// Handle lets the queue write the letters on editions.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock, site letter.Site) {
	jobs.Handle(q, func(ctx context.Context, j newsJob) error {
		_, err := Tell(ctx, d, j.Region, j.Edition, site, now)
		return err
	})
}

// atOnce is how many are written to at a time, so that no other write waits long.
const atOnce = 100

// Tell writes the letters that the region has decided on, to whom none was written, and tells how many. It may be
// called again, also when it was broken off: nobody is written to twice.
func Tell(ctx context.Context, d *db.DB, regionID, editionID int64, site letter.Site, now clock.Clock) (written int, err error) {
	today := now().Day()
	type decision struct {
		course int64
		by     *int64
	}
	of, err := db.Row(ctx, d.Reader(), func(c *decision) []any { return []any{&c.course, &c.by} }, `
		SELECT e.course_id, n.decided_by
		FROM edition_news AS n
		JOIN edition AS e ON e.id = n.edition_id
		WHERE n.region_id = $1
		AND n.edition_id = $2
		AND n.sends
		AND `+lifetime.StandsSQL("e", "$3"), regionID, editionID, today)
	if errors.Is(err, fault.NotFound) { // withdrawn meanwhile
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	course, err := catalogue.CourseByID(ctx, d.Reader(), of.course)
	if err != nil {
		return 0, err
	}
	all, err := readers(ctx, d.Reader(), regionID, of.course, today)
	if err != nil {
		return 0, err
	}
	for len(all) > 0 {
		some := all[:min(atOnce, len(all))]
		all = all[len(some):]
		told, at := 0, now()
		err := d.Write(ctx, func(tx *db.Tx) error {
			told = 0
			for _, r := range some {
				if r.email == "" {
					continue
				}
				letters, err := r.tell(ctx, tx, regionID, editionID, course, of.by, site, at)
				if err != nil {
					return err
				}
				told += letters
			}
			return nil
		})
		if err == nil {
			written += told
			err = d.Yield(ctx)
		}
		if err != nil {
			return written, fmt.Errorf("tell of edition %d in region %d: %w", editionID, regionID, err)
		}
	}
	return written, nil
}

func (r reader) tell(ctx context.Context, tx *db.Tx, regionID, editionID int64, course catalogue.Course, by *int64, site letter.Site, now clock.Instant) (letters int, err error) {
	known, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM edition_news_recipient WHERE edition_id = $1 AND person_id = $2)`, editionID, r.id)
	if err != nil || known {
		return 0, err
	}
	l := i18n.For(r.language)
	letterID, err := letter.PutPersonal(ctx, tx, letter.Personal{
		PersonID: r.id, Kind: "edition", Subject: l.T("production.letter_subject", "Course", course.Title()),
		Body: strings.Join([]string{
			l.T("production.letter_"+string(r.as), "Name", r.given, "Course", course.Title(), "Count", r.staff, "Link", site.Base+address.Course(course.Slug)),
			l.T("letter.greetings", "Sender", site.From.Name),
		}, "\n\n") + "\n",
	}, by, now)
	if err != nil {
		return 0, err
	}
	return 1, db.Insert(ctx, tx, "edition_news_recipient", []string{"edition_id", "person_id", "region_id", "letter_id"}, [][]any{{editionID, r.id, regionID, letterID}})
}
