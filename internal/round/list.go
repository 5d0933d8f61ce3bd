package round

import (
	"context"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// where adds the condition that a round r has the status on the day:
// Round.Status in SQL.
func (s Status) where(b *db.Builder, today clock.Day) {
	if s == Cancelled {
		b.Add("AND r.cancelled_at IS NOT NULL")
		return
	}
	b.Add("AND r.cancelled_at IS NULL")
	switch s {
	case Planned:
		b.Add("AND r.confirmed_at IS NULL AND (r.published_at IS NULL OR r.signup_from > ?) AND "+unheldSQL, today)
	case Open:
		b.Add("AND r.confirmed_at IS NULL AND r.published_at IS NOT NULL AND r.signup_from <= ? AND r.signup_until >= ? AND NOT "+retiredSQL+" AND "+unheldSQL, today, today, today)
	case Closed:
		b.Add("AND r.confirmed_at IS NULL AND r.published_at IS NOT NULL AND r.signup_from <= ? AND (r.signup_until < ? OR "+retiredSQL+") AND "+unheldSQL, today, today, today)
	case Confirmed:
		b.Add("AND r.confirmed_at IS NOT NULL AND " + unheldSQL)
	case Held:
		b.Add("AND NOT " + unheldSQL + " AND NOT " + approvedSQL)
	case Approved:
		b.Add("AND NOT " + unheldSQL + " AND " + approvedSQL)
	default:
		b.Add("AND FALSE") // no round has a status that is none
	}
}

// OnlyNational as Filter.RegionID asks for the rounds of no region.
const OnlyNational int64 = -1

// Phase is where a round is in time.
type Phase string

// The phases. A round that is called off is in none but CalledOff.
const (
	Coming    Phase = "coming"    // its last day is today or later
	Past      Phase = "past"      // its last day is over
	CalledOff Phase = "cancelled" // cancelled, whenever it was to be
)

// Given is who gives a round.
type Given string

// Who gives rounds: regions and the nation, or municipalities themselves.
const (
	Regionally Given = "regional"
	Locally    Given = "local"
)

// Filter narrows a list of rounds. Zero values do not narrow; Year keeps rounds
// that have a day in it at the earliest and latest, From and Until likewise.
// Status and Phase need Today.
type Filter struct {
	RegionID  int64 // or OnlyNational
	Given     Given
	LocalIn   int64 // the municipality that gives it
	UnitID    int64 // the unit that gives it
	Year      int
	CourseID  int64
	JourneyID int64
	From      clock.Day
	Until     clock.Day
	Status    Status
	Phase     Phase
	Today     clock.Day
	Sort      string // one of Sorts; "day" unless told
	NearFirst bool   // those that are nearest to the viewer before the others: Page.Mine, Page.Meant
	Page      int    // from 1
	PerPage   int    // 30 unless told, 200 at most
}

// Sorts are the orders of a list, by the name of each.
var Sorts = map[string]string{
	"day":     "r.first_day, r.id",
	"-day":    "r.first_day DESC, r.id DESC",
	"course":  "c.sort_key, r.first_day, r.id",
	"-course": "c.sort_key DESC, r.first_day, r.id",
}

// Page is a page of a list with the number of all rounds that the filter finds. With
// NearFirst its first rounds are those in which the viewer has a seat or waits for one,
// Mine of them, and then Meant rounds of courses that are in their journeys or that they
// have wished for.
type Page struct {
	Rounds []Round
	Total  int
	Mine   int
	Meant  int
}

// How near a round is to somebody.
const (
	isMine = iota
	isMeant
	isOther
)

// near adds how near each round is to the viewer.
func (f Filter) near(b *db.Builder, viewer access.Viewer) {
	if !f.NearFirst {
		b.Add(strconv.Itoa(isOther))
		return
	}
	me := viewer.PersonID
	b.Add("CASE"+`
			WHEN r.id IN (SELECT n.round_id FROM enrolment AS n WHERE n.person_id = ? AND n.withdrawn_at IS NULL) THEN `+strconv.Itoa(isMine)+`
			WHEN r.id IN (SELECT w.round_id FROM queue_entry AS w WHERE w.person_id = ? AND w.ended_at IS NULL) THEN `+strconv.Itoa(isMine)+`
			WHEN r.course_id IN (SELECT i.course_id FROM interest AS i WHERE i.person_id = ? AND i.ended_at IS NULL) THEN `+strconv.Itoa(isMeant), me, me, me).
		Add(`WHEN r.course_id IN (
				SELECT cj.course_id
				FROM account AS a
				JOIN course_journey AS cj ON cj.journey_id = a.journey_id
				WHERE a.person_id = ?
				AND a.opened_on <= ?
				AND (a.closed_on IS NULL OR a.closed_on > ?)
			) THEN `+strconv.Itoa(isMeant)+`
			ELSE `+strconv.Itoa(isOther)+`
			END`, me, f.Today, f.Today)
}

// Rounds are those that the viewer may see. A page after the last is the last.
func Rounds(ctx context.Context, q db.Querier, viewer access.Viewer, f Filter) (Page, error) {
	order, ok := Sorts[f.Sort]
	if !ok {
		order = Sorts["day"]
	}
	if f.PerPage <= 0 {
		f.PerPage = 30
	}
	f.PerPage, f.Page = min(f.PerPage, 200), max(1, f.Page)
	type counted struct {
		Round
		total, near int
	}
	// The page is found first, so that only its rounds are counted, and all are
	// gone through once.
	var page db.Builder
	page.Add(`SELECT` + RoundColumns + `,
			page.total,
			page.near
		FROM (
			SELECT
				r.id,
				COUNT(*) OVER () AS total,`)
	f.near(&page, viewer)
	page.Add(`AS near
			FROM round AS r
			JOIN course AS c ON c.id = r.course_id`)
	first := ""
	if f.NearFirst {
		first = "near, "
	}
	f.where(&page, viewer).
		// A number in the text, so that PostgreSQL knows how few it is to read.
		Add("ORDER BY "+first+order+" LIMIT "+strconv.Itoa(f.PerPage)+" OFFSET ?) AS page", (f.Page-1)*f.PerPage).
		Add("JOIN round AS r ON r.id = page.id" + RoundTables + " ORDER BY " + first + order)
	rows, err := db.Rows(ctx, q, func(c *counted) []any { return append(c.Columns(), &c.total, &c.near) }, page.String(), page.Args()...)
	if err != nil {
		return Page{}, err
	}
	if len(rows) == 0 && f.Page > 1 {
		var count db.Builder
		f.where(count.Add(`SELECT COUNT(*) FROM round AS r`), viewer)
		total, err := db.Row(ctx, q, db.One[int], count.String(), count.Args()...)
		if err != nil || total == 0 {
			return Page{}, err
		}
		f.Page = (total + f.PerPage - 1) / f.PerPage
		return Rounds(ctx, q, viewer, f)
	}
	found := Page{Rounds: make([]Round, len(rows))}
	for i, r := range rows {
		found.Rounds[i], found.Total = r.Round, r.total
		switch r.near {
		case isMine:
			found.Mine++
		case isMeant:
			found.Meant++
		}
	}
	return found, nil
}

func (f Filter) where(b *db.Builder, viewer access.Viewer) *db.Builder {
	condition, args := Visible(viewer)
	b.Add("WHERE "+condition, args...)
	switch {
	case f.RegionID == OnlyNational:
		b.Add("AND r.region_id IS NULL")
	case f.RegionID != 0:
		b.Add("AND r.region_id = ?", f.RegionID)
	}
	switch {
	case f.LocalIn != 0:
		b.Add("AND r.municipality_id = ?", f.LocalIn)
	case f.Given == Regionally:
		b.Add("AND r.municipality_id IS NULL")
	case f.Given == Locally:
		b.Add("AND r.municipality_id IS NOT NULL")
	}
	if f.UnitID != 0 {
		b.Add("AND r.unit_id = ?", f.UnitID)
	}
	if f.Year != 0 {
		b.Add("AND r.first_day <= ? AND r.last_day >= ?", clock.YearEnd(f.Year), clock.YearStart(f.Year))
	}
	if f.From != 0 {
		b.Add("AND r.last_day >= ?", f.From)
	}
	if f.Until != 0 {
		b.Add("AND r.first_day <= ?", f.Until)
	}
	switch f.Phase {
	case Coming:
		b.Add("AND r.cancelled_at IS NULL AND r.last_day >= ?", f.Today)
	case Past:
		b.Add("AND r.cancelled_at IS NULL AND r.last_day < ?", f.Today)
	case CalledOff:
		b.Add("AND r.cancelled_at IS NOT NULL")
	}
	if f.CourseID != 0 {
		b.Add("AND r.course_id = ?", f.CourseID)
	}
	if f.JourneyID != 0 {
		b.Add("AND EXISTS (SELECT 1 FROM course_journey AS j WHERE j.course_id = r.course_id AND j.journey_id = ?)", f.JourneyID)
	}
	if f.Status != "" {
		f.Status.where(b, f.Today)
	}
	return b
}
