package calendar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/studytime"
)

// Address is somebody's feed: of their own course days, or of a region's. What
// its address is was said once, when it was made.
type Address struct {
	ID       int64
	RegionID int64 // 0: one's own days
	Region   string
	MadeAt   clock.Instant
}

// behind is how far back a feed goes.
const behind = 365

// Addresses are the viewer's feeds that hold, their own first.
func Addresses(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Address, error) {
	return db.Rows(ctx, q, func(a *Address) []any { return []any{&a.ID, &a.RegionID, &a.Region, &a.MadeAt} }, `
		SELECT
			f.id,
			COALESCE(f.region_id, 0),
			COALESCE(o.name, ''),
			f.made_at
		FROM calendar_feed AS f
		LEFT JOIN organisation AS o ON o.id = f.region_id
		WHERE f.person_id = $1
		AND f.revoked_at IS NULL
		ORDER BY o.sort_key NULLS FIRST, f.id`, viewer.PersonID)
}

// Make makes a feed of the region's course days, or of the viewer's own when
// regionID is 0, and gives its token, which is not kept. A feed of the same that
// the viewer has is revoked: its address was perhaps what somebody else got
// hold of. fault.NotFound when the viewer may not see the region's rounds.
func Make(ctx context.Context, tx *db.Tx, viewer access.Viewer, regionID int64, now clock.Instant) (token string, err error) {
	if viewer.PersonID == 0 {
		return "", fault.Forbidden
	}
	var region *int64
	if regionID != 0 {
		r, err := organisation.ByID(ctx, tx, regionID)
		if err != nil {
			return "", err
		}
		if r.Kind != organisation.Region || !access.Rounds(viewer).Covers(access.Place{RegionID: regionID}) {
			return "", fault.NotFound
		}
		region = &regionID
	}
	if _, err := db.Exec(ctx, tx, `
		UPDATE calendar_feed
		SET revoked_at = $3
		WHERE person_id = $1
		AND COALESCE(region_id, 0) = $2
		AND revoked_at IS NULL`, viewer.PersonID, regionID, now); err != nil {
		return "", err
	}
	var secret [24]byte
	_, _ = rand.Read(secret[:]) // never fails: see crypto/rand
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	_, err = db.Exec(ctx, tx, `INSERT INTO calendar_feed (token_hash, person_id, region_id, made_at) VALUES ($1, $2, $3, $4)`,
		hash(token), viewer.PersonID, region, now)
	return token, err
}

// Revoke ends the viewer's feed. Twice is the same as once.
func Revoke(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	n, err := db.Exec(ctx, tx, `UPDATE calendar_feed SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND person_id = $2`, id, viewer.PersonID, now)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

func hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Read is what the feed with the token holds: the days of the last year and all
// that come, of rounds that are not cancelled. fault.NotFound when there is no
// such feed or it was revoked. What its owner may no longer see is not in it.
// base is where the product is found.
func Read(ctx context.Context, q db.Querier, token, base string, now clock.Instant) (string, error) {
	type feed struct {
		person, region int64
		regionName     string
		language       string
	}
	f, err := db.Row(ctx, q, func(f *feed) []any { return []any{&f.person, &f.region, &f.regionName, &f.language} }, `
		SELECT
			f.person_id,
			COALESCE(f.region_id, 0),
			COALESCE(o.name, ''),
			p.language
		FROM calendar_feed AS f
		JOIN person AS p ON p.id = f.person_id
		LEFT JOIN organisation AS o ON o.id = f.region_id
		WHERE f.token_hash = $1
		AND f.revoked_at IS NULL`, hash(token))
	if err != nil {
		return "", err
	}
	l := i18n.For(f.language)
	if f.region == 0 {
		items, err := own(ctx, q, l, f.person, base, now.Day()-behind)
		if err != nil {
			return "", err
		}
		met, err := meetings(ctx, q, l, f.person, 0, base, now.Day()-behind)
		if err != nil {
			return "", err
		}
		learns, err := studyTimes(ctx, q, l, f.person, base, now.Day()-behind)
		return Feed(l.T("calendar.own_name"), slices.Concat(items, met, learns)), err
	}
	viewer, _, err := identity.Viewer(ctx, q, f.person, now.Day())
	if errors.Is(err, fault.NotFound) {
		viewer, err = access.Viewer{}, nil
	}
	if err != nil {
		return "", err
	}
	items, err := ofRegion(ctx, q, l, viewer, f.region, base, now.Day()-behind)
	if err == nil && access.ManageRounds(viewer).Covers(access.Place{RegionID: f.region}) {
		var met []Item
		met, err = meetings(ctx, q, l, 0, f.region, base, now.Day()-behind)
		items = append(items, met...)
	}
	return Feed(l.T("calendar.region_name", "Region", f.regionName), items), err
}

// courseDay is a row of a feed.
type courseDay struct {
	id, round, person int64
	course, label     string
	ordinal, of       int
	day               clock.Day
	starts, ends      string
	place, link       string
	sequence          int
	changed           clock.Instant
	teaches           bool
}

func (d *courseDay) columns() []any {
	return []any{
		&d.id, &d.round, &d.course, &d.label, &d.ordinal, &d.of, &d.day, &d.starts, &d.ends, &d.place, &d.link, &d.sequence, &d.changed, &d.teaches,
	}
}

// dayColumns are those of a course day d of a round r with its course c.
const dayColumns = `
	d.id,
	r.id,
	c.name,
	r.label,
	d.ordinal,
	(SELECT COUNT(*) FROM course_day AS x WHERE x.round_id = r.id),
	d.day,
	d.starts,
	d.ends,
	d.place,
	d.link`

// changedSQL is when something last happened to the round r.
const changedSQL = `COALESCE((SELECT MAX(e.happened_at) FROM round_event AS e WHERE e.round_id = r.id), r.created_at)`

func own(ctx context.Context, q db.Querier, l *i18n.Lang, person int64, base string, from clock.Day) ([]Item, error) {
	days, err := db.Rows(ctx, q, (*courseDay).columns, `
		SELECT`+dayColumns+`,
			COALESCE(ce.sequence, 0),
			`+changedSQL+`,
			h.teaches
		FROM (
			SELECT d.id, FALSE AS teaches
			FROM enrolment AS n
			JOIN course_day AS d ON d.round_id = n.round_id
			WHERE n.person_id = $1
			AND n.withdrawn_at IS NULL
			UNION ALL
			SELECT t.course_day_id, TRUE
			FROM day_trainer AS t
			JOIN course_day AS d ON d.id = t.course_day_id
			JOIN round AS r ON r.id = d.round_id
			WHERE t.person_id = $1
			AND COALESCE(t.answer, '') <> 'declined'
			AND (r.published_at IS NOT NULL OR t.answer = 'accepted')
		) AS h
		JOIN course_day AS d ON d.id = h.id
		JOIN round AS r ON r.id = d.round_id
		JOIN course AS c ON c.id = r.course_id
		LEFT JOIN calendar_entry AS ce ON ce.course_day_id = d.id AND ce.person_id = $1
		WHERE r.cancelled_at IS NULL
		AND d.day >= $2
		ORDER BY d.day, d.starts, d.id`, person, from)
	items := make([]Item, len(days))
	for i, d := range days {
		d.person = person
		items[i] = d.item(l, base)
	}
	return items, err
}

// ofRegion are the days of the region's rounds that the viewer may see.
func ofRegion(ctx context.Context, q db.Querier, l *i18n.Lang, viewer access.Viewer, region int64, base string, from clock.Day) ([]Item, error) {
	var ids []int64
	for page := 1; ; page++ {
		found, err := round.Rounds(ctx, q, viewer, round.Filter{RegionID: region, Given: round.Regionally, From: from, Page: page, PerPage: 200})
		if err != nil {
			return nil, err
		}
		for _, r := range found.Rounds {
			if r.CancelledAt == nil {
				ids = append(ids, r.ID)
			}
		}
		if page*200 >= found.Total {
			break
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	is, args := db.In("d.round_id", ids)
	var b db.Builder
	b.Add("SELECT"+dayColumns+", r.version, "+changedSQL+`, FALSE
		FROM course_day AS d
		JOIN round AS r ON r.id = d.round_id
		JOIN course AS c ON c.id = r.course_id
		WHERE d.day >= ?`, from).
		Add("AND "+is, args...).
		Add("ORDER BY d.day, d.starts, d.id")
	days, err := db.Rows(ctx, q, (*courseDay).columns, b.String(), b.Args()...)
	items := make([]Item, len(days))
	for i, d := range days {
		items[i] = d.item(l, base)
	}
	return items, err
}

// meetings are the trainer meetings to which the person is invited and has not
// said no; without a person those of the region.
func meetings(ctx context.Context, q db.Querier, l *i18n.Lang, person, region int64, base string, from clock.Day) ([]Item, error) {
	type meeting struct {
		Item
		id int64
	}
	all, err := db.Rows(ctx, q, func(m *meeting) []any {
		return []any{&m.id, &m.Day, &m.Starts, &m.Ends, &m.Summary, &m.Place, &m.Link, &m.Sequence, &m.Changed}
	}, `
		SELECT
			m.id,
			m.day,
			m.starts,
			m.ends,
			m.title,
			m.place,
			m.link,
			COALESCE(MAX(w.sequence), 0),
			COALESCE(MAX(w.made_at), 0)
		FROM trainer_meeting AS m
		LEFT JOIN trainer_meeting_letter AS w ON w.meeting_id = m.id AND ($1 = 0 OR w.person_id = $1)
		WHERE m.cancelled_at IS NULL
		AND m.day >= $3
		AND CASE WHEN $1 = 0 THEN m.region_id = $2 ELSE EXISTS (
			SELECT 1
			FROM trainer_meeting_guest AS g
			WHERE g.meeting_id = m.id
			AND g.person_id = $1
			AND COALESCE(g.answer, '') <> 'declined'
		) END
		GROUP BY m.id, m.day, m.starts, m.ends, m.title, m.place, m.link
		ORDER BY m.day, m.starts, m.id`, person, region, from)
	items := make([]Item, len(all))
	for i, m := range all {
		items[i] = m.Item
		items[i].UID, items[i].Page = MeetingUID(m.id, person), base+address.Meeting(m.id)
		items[i].Description = l.T("letter.more", "Link", items[i].Page)
		if m.Link != "" {
			items[i].Description = l.T("letter.link", "Link", m.Link) + "\n" + items[i].Description
		}
	}
	return items, err
}

// studyTimes are the times that the person's employer has set aside for learning, as far as they
// hold. One that is taken back, or no longer holds, is gone from the feed.
func studyTimes(ctx context.Context, q db.Querier, l *i18n.Lang, person int64, base string, from clock.Day) ([]Item, error) {
	all, err := studytime.Of(ctx, q, person, from)
	var items []Item
	for _, t := range all {
		if t.Lapsed() == "" {
			page := base + address.MyStudyTime
			items = append(items, Item{
				UID: uid("study-time", t.ID, person), Changed: t.SetAt, Day: t.Day, Starts: t.Starts, Ends: t.Ends,
				Summary: l.T("calendar.study_"+string(t.Part), "Course", t.Course), Description: l.T("letter.more", "Link", page), Page: page,
			})
		}
	}
	return items, err
}

func (d courseDay) item(l *i18n.Lang, base string) Item {
	summary := d.course
	switch {
	case d.person == 0:
		summary += ", " + d.label
	case d.teaches:
		summary = l.T("calendar.teaches", "Course", d.course)
	}
	if d.of > 1 {
		summary = l.T("letter.summary", "Course", summary, "Number", d.ordinal, "Of", d.of)
	}
	page := base + address.Round(d.round)
	description := l.T("letter.more", "Link", page)
	if d.link != "" {
		description = fmt.Sprintf("%s\n%s", l.T("letter.link", "Link", d.link), description)
	}
	return Item{
		UID: UIDOf(d.id, d.person), Sequence: d.sequence, Changed: d.changed, Day: d.day, Starts: d.starts, Ends: d.ends,
		Summary: summary, Description: description, Place: d.place, Link: d.link, Page: page,
	}
}
