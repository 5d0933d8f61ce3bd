package economy

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/money"
	"yrkesresan/internal/people"
)

// What is counted is said here once, for every query. The aliases are a (attendance), en
// (enrolment), cd (course_day), r (round), e (the employment on the course day, if any) and x (the
// exemption that holds, if any).
const (
	// Counting is the rounds that carry money: regional, with a tariff kind, not cancelled.
	Counting = `(` + ownRound + ` AND r.tariff_kind IS NOT NULL)`

	// Planned and Held are what a region's course day is, with a fee or without: in the calendar, and
	// held as its list says. Which of them are billed and which bear a pot follows from their
	// participant-days: see DayCounts.
	Planned = `(` + ownRound + ` AND (r.published_at IS NOT NULL OR cd.held_at IS NOT NULL))`
	Held    = `(` + ownRound + ` AND cd.held_at IS NOT NULL)`

	ownRound = `r.delivery = 'regional' AND r.region_id IS NOT NULL AND r.cancelled_at IS NULL`

	// Billed, Attended and PotBearing are what a participant-day is; see the package comment.
	Billed     = `(a.mark IN ('present', 'late', 'absent') AND x.course_day_id IS NULL AND e.municipality_id IS NOT NULL)`
	Attended   = `(a.mark IN ('present', 'late'))`
	PotBearing = `(` + Attended + ` AND ` + Billed + `)`
)

// ParticipantDays is the tables that they ask, to stand after FROM; one row per mark. Who was
// employed by an RSS, or by nobody, is in it and not billed: there is no municipality to charge.
var ParticipantDays = `attendance AS a
	JOIN enrolment AS en ON en.id = a.enrolment_id
	JOIN course_day AS cd ON cd.id = a.course_day_id
	JOIN round AS r ON r.id = cd.round_id
	LEFT JOIN employment AS e ON ` + people.SendsSQL("e", "en") + `
		AND e.from_day <= cd.day AND (e.to_day IS NULL OR e.to_day >= cd.day)
	LEFT JOIN fee_exemption AS x ON x.course_day_id = a.course_day_id AND x.enrolment_id = a.enrolment_id AND x.withdrawn_at IS NULL`

// Counts are the three counts of participant-days.
type Counts struct {
	Billed     int
	Attended   int
	PotBearing int
}

func (c *Counts) add(d Counts) {
	c.Billed += d.Billed
	c.Attended += d.Attended
	c.PotBearing += d.PotBearing
}

// Charge is what one municipality pays for one course day: Amount is Billed × the fee.
type Charge struct {
	Municipality Ref
	Counts
	Amount money.Ore
}

// NotBilled says why a participant-day is not billed.
type NotBilled string

// The reasons; the first that holds is given.
const (
	IsBilled    NotBilled = ""
	WasExcused  NotBilled = "excused"
	IsExempted  NotBilled = "exempted"
	IsRSSStaff  NotBilled = "rss_staff"
	HasNoCharge NotBilled = "no_employer" // employed nowhere on the day, so nobody to charge
)

// Key is the reason's message key.
func (n NotBilled) Key() string { return "economy.not_billed." + string(n) }

// Participant is one participant-day. Name, PersonID and Exemption are empty when the viewer may not
// see the person's data. Municipality is the employer's on the course day, zero for others.
type Participant struct {
	EnrolmentID  int64
	PersonID     int64
	Name         string
	Municipality Ref
	Mark         string // present, late, excused or absent
	Billed       bool
	Attended     bool
	PotBearing   bool
	NotBilled    NotBilled
	Exemption    string // its reason

	dayID int64
	place access.Place
}

// participants are those with a mark on the days that the condition picks, by name, as far as the
// viewer may see the names. Those employed by a municipality that keep refuses are left out.
func participants(ctx context.Context, q db.Querier, viewer access.Viewer, p part, keep func(municipalityID int64) bool) (map[int64][]Participant, error) {
	type row struct {
		Participant
		exempted, employed bool
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{
			&r.dayID, &r.EnrolmentID, &r.PersonID, &r.Name, &r.Municipality.ID, &r.Municipality.Name, &r.Mark,
			&r.Billed, &r.Attended, &r.PotBearing, &r.exempted, &r.Exemption, &r.employed, &r.place.RegionID, &r.place.UnitID, &r.place.Protected,
		}
	}, `
		SELECT
			cd.id,
			en.id,
			en.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(e.municipality_id, 0),
			COALESCE(m.name, ''),
			a.mark,
			`+Billed+`,
			`+Attended+`,
			`+PotBearing+`,
			x.course_day_id IS NOT NULL,
			COALESCE(x.reason, ''),
			e.id IS NOT NULL,
			COALESCE(e.region_id, 0),
			COALESCE(e.organisation_id, 0),
			en.person_id IN (SELECT person_id FROM protected_person)
		FROM `+ParticipantDays+`
		JOIN person AS p ON p.id = en.person_id
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		WHERE `+Counting+`
		AND `+p.condition+`
		ORDER BY p.sort_key, en.id`, p.args...)
	if err != nil {
		return nil, err
	}
	seen := access.People(viewer)
	days := map[int64][]Participant{}
	for _, r := range rows {
		if !keep(r.Municipality.ID) {
			continue
		}
		switch {
		case r.Mark == "excused":
			r.NotBilled = WasExcused
		case r.exempted:
			r.NotBilled = IsExempted
		case !r.employed:
			r.NotBilled = HasNoCharge
		case r.Municipality.ID == 0:
			r.NotBilled = IsRSSStaff
		}
		r.place.MunicipalityID, r.place.PersonID = r.Municipality.ID, r.PersonID
		if !seen.Covers(r.place) {
			r.PersonID, r.Name, r.Exemption = 0, "", ""
		}
		days[r.dayID] = append(days[r.dayID], r.Participant)
	}
	return days, nil
}
