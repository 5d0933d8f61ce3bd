package planning

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

// ClashKind is why a day would be hard to hold as it is planned.
type ClashKind string

// The kinds of clash. Each is shown before the plan is saved, and each may be
// overruled by those who plan: a trainer can be at two places if they say so,
// and two rounds can share a room.
const (
	OnPast       ClashKind = "past" // a new day that has been: the wrong year, perhaps
	OnHoliday    ClashKind = "holiday"
	OnWeekend    ClashKind = "weekend"
	TrainerBusy  ClashKind = "trainer" // holds another day at that time
	TrainerMeets ClashKind = "meeting" // is at a trainer meeting at that time
	TrainerSits  ClashKind = "seat"    // has a seat in another round at that time
	TrainerAway  ClashKind = "absence" // has said that they cannot
	RoomTaken    ClashKind = "room"    // by another day at that time
	RoomSmall    ClashKind = "seats"   // seats fewer than the round's capacity
)

// Advises tells whether a clash of the kind is only worth knowing: courses are held on
// weekends, too.
func (k ClashKind) Advises() bool { return k == OnWeekend }

// Key is the kind's message key.
func (k ClashKind) Key() string { return "round.clash." + string(k) }

// Clash is one trouble with a planned day. Name is the trainer's or the room's
// name, or Holiday's; Starts and Ends are the other day's times. RoundID is 0
// and Round empty when the other round belongs to somebody whose rounds the viewer
// does not manage: then Region alone says where, by the municipality's name of a
// local one. For TrainerMeets, Round is the
// meeting's title, in the same way.
type Clash struct {
	Kind         ClashKind
	Day          int // which of New.Days, from 0
	On           clock.Day
	Name         string
	RoundID      int64
	Round        string // course and label
	Region       string // empty for a national round
	Starts, Ends string
	Seats        int // the room's, of RoomSmall
}

// overlap tells whether two days take the same time. What ends when the other
// begins does not.
func overlap(a, b hours) bool {
	return a.day == b.day && a.starts < b.ends && b.starts < a.ends
}

// hours is a time on a day.
type hours struct {
	day          clock.Day
	starts, ends string
}

// booked is what stands in the way: a trainer or a room that is taken. kind says how;
// of TrainerMeets the meeting's title stands for the round's name.
type booked struct {
	hours
	kind     ClashKind
	personID int64
	roomID   int64
	name     string
	roundID  int64
	round    string
	at       access.Place
	region   string
}

// away is when a trainer cannot.
type away struct {
	personID int64
	name     string
	from, to clock.Day
}

// seating is a room with its name and seats.
type seating struct {
	id    int64
	name  string
	seats int
}

// clashes is the rule: what is wrong with the days given what is booked, who is
// away, and the rooms' seats. The order is that of the days.
func clashes(n New, today clock.Day, taken []booked, absent []away, rooms []seating) []Clash {
	var all []Clash
	for i, d := range n.Days {
		add := func(c Clash) {
			c.Day, c.On = i, d.Day
			all = append(all, c)
		}
		if d.ID == 0 && d.Day < today {
			add(Clash{Kind: OnPast})
		}
		if name := Holiday(d.Day); name != "" {
			add(Clash{Kind: OnHoliday, Name: name})
		} else if Weekend(d.Day) {
			add(Clash{Kind: OnWeekend})
		}
		holds := func(personID int64) bool {
			return slices.ContainsFunc(d.Trainers, func(t NewTrainer) bool { return t.PersonID == personID })
		}
		for _, b := range taken {
			if kind := b.hinders(d, holds); kind != "" {
				add(Clash{Kind: kind, Name: b.name, RoundID: b.roundID, Round: b.round, Region: b.region, Starts: b.starts, Ends: b.ends})
			}
		}
		for _, a := range absent {
			if a.from <= d.Day && d.Day <= a.to && holds(a.personID) {
				add(Clash{Kind: TrainerAway, Name: a.name})
			}
		}
		for _, r := range rooms {
			if r.id == d.RoomID && r.seats < n.Capacity {
				add(Clash{Kind: RoomSmall, Name: r.name, Seats: r.seats})
			}
		}
	}
	return all
}

// hinders is how what is booked stands in the way of the day; "" when it does not.
func (b booked) hinders(d NewDay, holds func(personID int64) bool) ClashKind {
	switch {
	case !overlap(b.hours, hours{d.Day, d.Starts, d.Ends}):
		return ""
	case b.personID != 0 && holds(b.personID), b.roomID != 0 && b.roomID == d.RoomID:
		return b.kind
	}
	return ""
}

// Clashes are what stands in the way of the plan. exceptID is the round that is
// planned anew, whose own days are no obstacle; 0 for a new one. Trainers are
// looked for in every region. A viewer who manages no rounds is told nothing.
func Clashes(ctx context.Context, q db.Querier, viewer access.Viewer, n New, exceptID int64, today clock.Day) ([]Clash, error) {
	if err := n.locate(ctx, q, today); err != nil {
		return nil, err
	}
	if !round.ManagesAt(viewer, n.place()) || len(n.Days) == 0 {
		return nil, nil
	}
	var days []clock.Day
	var trainers, rooms []int64
	for _, d := range n.Days {
		days = append(days, d.Day)
		if d.RoomID != 0 {
			rooms = append(rooms, d.RoomID)
		}
		for _, t := range d.Trainers {
			trainers = append(trainers, t.PersonID)
		}
	}
	onDays, dayArgs := db.In("d.day", days)
	meetsOn, meetArgs := db.In("m.day", days)
	isTrainer, trainerArgs := db.In("t.person_id", trainers)
	isRoom, roomArgs := db.In("d.room_id", rooms)

	const what = `
			d.day,
			d.starts,
			d.ends,
			r.id,
			c.name || ', ' || r.label,
			COALESCE(r.region_id, 0),
			COALESCE(r.municipality_id, 0),
			COALESCE(r.unit_id, 0),
			COALESCE(g.name, '')`
	const from = `
		JOIN round AS r ON r.id = d.round_id
		JOIN course AS c ON c.id = r.course_id
		LEFT JOIN organisation AS g ON g.id = COALESCE(r.municipality_id, r.region_id)`
	var b db.Builder
	b.Add(`
		SELECT
			t.person_id,
			0,
			'trainer',
			TRIM(p.given_name || ' ' || p.family_name),`+what+`
		FROM day_trainer AS t
		JOIN person AS p ON p.id = t.person_id
		JOIN course_day AS d ON d.id = t.course_day_id`+from+`
		WHERE `+isTrainer, trainerArgs...).
		Add("AND "+onDays, dayArgs...).
		Add("AND r.id <> ? AND r.cancelled_at IS NULL AND COALESCE(t.answer, '') <> 'declined'", exceptID).
		Add(`
		UNION ALL
		SELECT
			0,
			o.id,
			'room',
			o.name,`+what+`
		FROM course_day AS d
		JOIN room AS o ON o.id = d.room_id`+from+`
		WHERE `+isRoom, roomArgs...).
		Add("AND "+onDays, dayArgs...).
		Add("AND r.id <> ? AND r.cancelled_at IS NULL", exceptID).
		Add(`
		UNION ALL
		SELECT
			t.person_id,
			0,
			'meeting',
			TRIM(p.given_name || ' ' || p.family_name),
			m.day,
			m.starts,
			m.ends,
			0,
			m.title,
			m.region_id,
			0,
			0,
			g.name
		FROM trainer_meeting_guest AS t
		JOIN person AS p ON p.id = t.person_id
		JOIN trainer_meeting AS m ON m.id = t.meeting_id
		JOIN organisation AS g ON g.id = m.region_id
		WHERE `+isTrainer, trainerArgs...).
		Add("AND "+meetsOn, meetArgs...).
		Add("AND m.cancelled_at IS NULL AND COALESCE(t.answer, '') <> 'declined'").
		Add(`
		UNION ALL
		SELECT
			t.person_id,
			0,
			'seat',
			TRIM(p.given_name || ' ' || p.family_name),`+what+`
		FROM enrolment AS t
		JOIN person AS p ON p.id = t.person_id
		JOIN course_day AS d ON d.round_id = t.round_id`+from+`
		WHERE `+isTrainer, trainerArgs...).
		Add("AND "+onDays, dayArgs...).
		Add("AND r.id <> ? AND r.cancelled_at IS NULL AND t.withdrawn_at IS NULL", exceptID).
		Add("ORDER BY 5, 6, 4, 8")
	taken, err := db.Rows(ctx, q, func(b *booked) []any {
		return []any{&b.personID, &b.roomID, &b.kind, &b.name, &b.day, &b.starts, &b.ends, &b.roundID, &b.round, &b.at.RegionID, &b.at.MunicipalityID, &b.at.UnitID, &b.region}
	}, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	for i := range taken {
		if !round.ManagesAt(viewer, taken[i].at) {
			taken[i].roundID, taken[i].round = 0, ""
		}
	}
	var absent []away
	if len(trainers) > 0 {
		var b db.Builder
		b.Add(`
			SELECT
				t.person_id,
				TRIM(p.given_name || ' ' || p.family_name),
				t.from_day,
				t.to_day
			FROM trainer_absence AS t
			JOIN person AS p ON p.id = t.person_id
			WHERE `+isTrainer, trainerArgs...).
			Add("AND t.from_day <= ? AND t.to_day >= ? ORDER BY t.from_day, t.id", slices.Max(days), slices.Min(days))
		if absent, err = db.Rows(ctx, q, func(a *away) []any { return []any{&a.personID, &a.name, &a.from, &a.to} }, b.String(), b.Args()...); err != nil {
			return nil, err
		}
	}
	var seats []seating
	if len(rooms) > 0 {
		is, args := db.In("id", rooms)
		var b db.Builder
		b.Add("SELECT id, name, seats FROM room WHERE "+is, args...)
		if seats, err = db.Rows(ctx, q, func(s *seating) []any { return []any{&s.id, &s.name, &s.seats} }, b.String(), b.Args()...); err != nil {
			return nil, err
		}
	}
	return clashes(n, today, taken, absent, seats), nil
}
