package planning

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/room"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// New is what it takes to plan a round. RegionID 0 is a national round; a local
// one names a MunicipalityID, or a UnitID at the workplace, which give the region
// and each other. What is left empty is filled in: EditionID by the newest
// edition on the first day, Delivery by how the region gives the course then,
// TariffKind by the course's own when the round is regional; of a local round
// also Label, by who gives it, and the sign-up, from today until the first day.
type New struct {
	CourseID    int64
	EditionID   *int64
	RegionID    int64
	Label       string
	Delivery    catalogue.Delivery
	TariffKind  string
	Capacity    int
	Minimum     int
	SignupFrom  clock.Day
	SignupUntil clock.Day
	Days        []NewDay
	Note        string

	DecideOn      *clock.Day // the day to confirm or cancel by
	WithdrawUntil *clock.Day // the last day to give a seat back oneself
	StepID        int64      // whom it is meant for, 0: all
	AcceptHours   int        // for how long an offered seat is kept; 48 unless told
	CopiedFrom    int64      // the round that it is a copy of, 0: none

	MunicipalityID int64
	UnitID         int64
	RolloutID      int64 // the municipality's plan that it comes from, 0: none
}

// NewDay is a course day to come, with its trainers. ID is that of a day which
// is there already, when a round is planned anew. A RoomID decides Place.
type NewDay struct {
	ID           int64
	Day          clock.Day
	Starts, Ends string // "09:00"
	RoomID       int64  // 0: none
	Place        string
	Link         string // "https://…", empty: none
	Trainers     []NewTrainer
}

// NewTrainer is somebody who will hold a day.
type NewTrainer struct {
	PersonID int64
	Role     trainer.Role
}

const (
	maxSeats = 1000
	maxDays  = 30

	// A seat that is offered is kept for two days unless the plan says otherwise,
	// and never for longer than two weeks.
	usualAcceptHours = 48
	maxAcceptHours   = 14 * 24
)

// UsualWindow is the sign-up window of a round with the first day when nobody
// says otherwise: from twelve weeks before to three weeks before, and never in
// the past.
func UsualWindow(first, today clock.Day) (from, until clock.Day) {
	from = min(max(first-12*7, today), first)
	return from, max(from, first-3*7)
}

// UsualLabel is what a round that begins on the day is called when nobody says
// otherwise, in Swedish, since it is shown as it was written: "våren 2027".
func UsualLabel(first clock.Day) string {
	season := "round.spring_of"
	if _, month, _ := first.Date(); month > 6 {
		season = "round.autumn_of"
	}
	return i18n.Swedish.T(season, "Year", strconv.Itoa(first.Year()))
}

// check tells what is wrong, per field. A day's fields are called days.0.day,
// days.0.starts, days.0.trainers and so on.
func (n *New) check() error {
	n.Label, n.Note = strings.TrimSpace(n.Label), strings.TrimSpace(n.Note)
	var checks fault.Checks
	checks.Require(n.CourseID != 0, "course", "round.course_missing")
	checks.Require(n.Label != "", "label", "round.label_missing")
	checks.Require(utf8.RuneCountInString(n.Label) <= 100, "label", "round.text_too_long", "Max", 100)
	checks.Require(utf8.RuneCountInString(n.Note) <= 2000, "note", "round.text_too_long", "Max", 2000)
	checks.Require(n.Capacity >= 1 && n.Capacity <= maxSeats, "capacity", "round.capacity_wrong", "Max", maxSeats)
	checks.Require(n.Minimum >= 0 && n.Minimum <= n.Capacity, "minimum", "round.minimum_wrong")
	checks.Require(n.SignupFrom <= n.SignupUntil, "signup_until", "round.signup_backwards")
	checks.Require(len(n.Days) > 0, "days", "round.days_missing")
	checks.Require(len(n.Days) <= maxDays, "days", "round.days_too_many", "Max", maxDays)
	if len(n.Days) > 0 {
		first := n.Days[0].Day
		checks.Require(n.SignupUntil <= first, "signup_until", "round.signup_after_start")
		checks.Require(n.DecideOn == nil || n.SignupFrom <= *n.DecideOn && *n.DecideOn <= first, "decide_on", "round.decide_on_wrong")
		checks.Require(n.WithdrawUntil == nil || n.SignupFrom <= *n.WithdrawUntil && *n.WithdrawUntil <= first, "withdraw_until", "round.withdraw_until_wrong")
	}
	if n.AcceptHours == 0 {
		n.AcceptHours = usualAcceptHours
	}
	checks.Require(n.AcceptHours >= 1 && n.AcceptHours <= maxAcceptHours, "accept_hours", "round.accept_hours_wrong", "Max", maxAcceptHours)
	for i := range n.Days {
		d := &n.Days[i]
		d.Place, d.Link = strings.TrimSpace(d.Place), strings.TrimSpace(d.Link)
		field := fmt.Sprintf("days.%d.", i)
		trainer.CheckHours(&checks, field, d.Day, d.Starts, d.Ends)
		checks.Require(utf8.RuneCountInString(d.Place) <= 200, field+"place", "round.text_too_long", "Max", 200)
		checks.Require(d.Link == "" || webAddress(d.Link), field+"link", "round.link_wrong")
		if i > 0 {
			before := n.Days[i-1]
			checks.Require(before.Day < d.Day || before.Day == d.Day && before.Ends <= d.Starts, field+"day", "round.days_backwards")
		}
		seen := map[int64]bool{}
		for _, t := range d.Trainers {
			checks.Require(t.Role == trainer.Lead || t.Role == trainer.Assistant, field+"trainers", "round.role_wrong")
			checks.Require(!seen[t.PersonID], field+"trainers", "round.trainer_twice")
			seen[t.PersonID] = true
		}
	}
	return checks.Err()
}

// webAddress tells whether the text is an address that a browser can open.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && utf8.RuneCountInString(s) <= 500
}

// Plan makes a round, which nobody else sees until it is published.
// fault.Forbidden for those who manage no rounds at all. Clashes are no
// obstacle here: ask Clashes first, and show them. fault.Invalid of the first day when the
// course is retired by then.
func Plan(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, now clock.Instant) (int64, error) {
	return plan(ctx, tx, viewer, &n, now)
}

// plan is Plan, which also completes what it is given.
func plan(ctx context.Context, tx *db.Tx, viewer access.Viewer, n *New, now clock.Instant) (int64, error) {
	local := n.MunicipalityID != 0 || n.UnitID != 0
	if local && access.PlanLocally(viewer).Empty() ||
		!local && access.ManageRounds(viewer).Empty() && !access.ManageNationalRounds(viewer) {
		return 0, fault.Forbidden
	}
	if err := n.locate(ctx, tx, now.Day()); err != nil {
		return 0, err
	}
	if !round.ManagesAt(viewer, n.place()) {
		return 0, fault.NotFound
	}
	if err := n.check(); err != nil {
		return 0, err
	}
	if err := lifetime.HoldOn(ctx, tx, n.CourseID, n.Days[0].Day, "days.0.day"); err != nil {
		return 0, err
	}
	if err := n.fillEdition(ctx, tx, n.Days[0].Day); err != nil {
		return 0, err
	}
	if err := n.fill(ctx, tx, nil); err != nil {
		return 0, err
	}
	if err := n.checkLeaders(ctx, tx, nil); err != nil {
		return 0, err
	}
	if err := n.holdUnit(ctx, tx); err != nil {
		return 0, err
	}
	var tariff *string
	if n.TariffKind != "" {
		tariff = &n.TariffKind
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO round (course_id, edition_id, region_id, label, delivery, tariff_kind, capacity, minimum,
			signup_from, signup_until, first_day, last_day, created_at, note,
			decide_on, withdraw_until, step_id, accept_hours, copied_from, municipality_id, unit_id, rollout_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
		RETURNING id`, n.CourseID, n.EditionID, round.Optional(n.RegionID), n.Label, n.Delivery, tariff, n.Capacity, n.Minimum,
		n.SignupFrom, n.SignupUntil, n.Days[0].Day, n.Days[len(n.Days)-1].Day, now, n.Note,
		n.DecideOn, n.WithdrawUntil, round.Optional(n.StepID), n.AcceptHours, round.Optional(n.CopiedFrom),
		round.Optional(n.MunicipalityID), round.Optional(n.UnitID), round.Optional(n.RolloutID))
	if err != nil {
		return 0, err
	}
	for i, d := range n.Days {
		if _, err := addDay(ctx, tx, id, i+1, d); err != nil {
			return 0, err
		}
	}
	return id, round.Note(ctx, tx, viewer, id, round.WasPlanned, 0, round.Words{}, now)
}

// addDay writes a course day with its trainers and gives its identity.
func addDay(ctx context.Context, tx *db.Tx, roundID int64, ordinal int, d NewDay) (int64, error) {
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO course_day (round_id, ordinal, day, starts, ends, place, room_id, link)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`, roundID, ordinal, d.Day, d.Starts, d.Ends, d.Place, round.Optional(d.RoomID), d.Link)
	if err != nil {
		return 0, err
	}
	rows := make([][]any, len(d.Trainers))
	for i, t := range d.Trainers {
		rows[i] = []any{id, t.PersonID, t.Role}
	}
	err = db.Insert(ctx, tx, "day_trainer", []string{"course_day_id", "person_id", "role"}, rows)
	if db.IsCheck(err) {
		err = fault.NotFound // no such person
	}
	return id, err
}

// placeRooms gives every day with a room the room's name and address as its place.
// kept are the rooms that the round's days have already: such a one may have
// been closed since.
func (n *New) placeRooms(ctx context.Context, q db.Querier, kept map[int64]bool) error {
	var ids []int64
	for _, d := range n.Days {
		if d.RoomID != 0 {
			ids = append(ids, d.RoomID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	is, args := db.In("id", ids)
	var b db.Builder
	b.Add("SELECT id, region_id, name, address, closed_on FROM room WHERE "+is, args...)
	all, err := db.Rows(ctx, q, func(r *room.Room) []any { return []any{&r.ID, &r.RegionID, &r.Name, &r.Address, &r.ClosedOn} }, b.String(), b.Args()...)
	if err != nil {
		return err
	}
	var checks fault.Checks
	for i := range n.Days {
		d := &n.Days[i]
		if d.RoomID == 0 {
			continue
		}
		at := slices.IndexFunc(all, func(r room.Room) bool { return r.ID == d.RoomID && r.RegionID == n.RegionID })
		field := fmt.Sprintf("days.%d.room", i)
		if at < 0 {
			checks.Require(false, field, "round.room_unknown")
			continue
		}
		checks.Require(all[at].OpenOn(d.Day) || kept[d.RoomID], field, "round.room_closed")
		d.Place = all[at].Place()
	}
	return checks.Err()
}

// FollowRoom writes the room's name and address on its course days from the day
// on: a day's place is kept with the day, so that what has been held stays as it
// was.
func FollowRoom(ctx context.Context, tx *db.Tx, viewer access.Viewer, roomID int64, from clock.Day) error {
	r, err := room.Get(ctx, tx, viewer, roomID)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE course_day SET place = $2 WHERE room_id = $1 AND day >= $3`, roomID, r.Place(), from)
	return err
}

// fillEdition is the newest on the first day, unless one of the course's is chosen.
func (n *New) fillEdition(ctx context.Context, q db.Querier, first clock.Day) error {
	if n.EditionID != nil {
		ours, err := db.Row(ctx, q, db.One[bool], `SELECT EXISTS (SELECT 1 FROM edition WHERE id = $1 AND course_id = $2)`, *n.EditionID, n.CourseID)
		if err == nil && !ours {
			err = fault.NotFound
		}
		return err
	}
	edition, err := catalogue.EditionOn(ctx, q, n.CourseID, first)
	if errors.Is(err, fault.NotFound) {
		return fault.Invalid("days.0.day", "round.no_edition")
	}
	if err != nil {
		return err
	}
	n.EditionID = &edition.ID
	return nil
}

// fill completes a checked New with what the catalogue says of the course, but for its
// edition, which a round keeps.
func (n *New) fill(ctx context.Context, q db.Querier, kept map[int64]bool) error {
	if n.RegionID != 0 && n.MunicipalityID == 0 { // that of a municipality is known: see locate
		region, err := organisation.ByID(ctx, q, n.RegionID)
		if err != nil {
			return err
		}
		if region.Kind != organisation.Region {
			return fault.NotFound
		}
	}
	course, err := catalogue.CourseByID(ctx, q, n.CourseID)
	if err != nil {
		return err
	}
	if n.StepID != 0 {
		ours, err := db.Row(ctx, q, db.One[bool], `
			SELECT EXISTS (SELECT 1 FROM step AS s JOIN course_journey AS j ON j.journey_id = s.journey_id WHERE s.id = $1 AND j.course_id = $2)`,
			n.StepID, n.CourseID)
		if err != nil {
			return err
		}
		if !ours {
			return fault.Invalid("step", "round.step_wrong")
		}
	}
	if err := n.placeRooms(ctx, q, kept); err != nil {
		return err
	}
	first := n.Days[0].Day
	if n.MunicipalityID != 0 {
		n.Delivery, n.TariffKind = catalogue.Municipal, "" // no money follows
		if n.UnitID != 0 {
			n.Delivery = catalogue.Workplace
		}
	}
	switch {
	case n.Delivery != "":
	case n.RegionID == 0:
		n.Delivery = catalogue.National
	default:
		if n.Delivery, err = catalogue.DeliveryOn(ctx, q, n.CourseID, n.RegionID, first); err != nil {
			return err
		}
	}
	switch n.Delivery {
	case catalogue.Regional:
		if n.TariffKind == "" {
			n.TariffKind = course.TariffKind
		}
	case catalogue.National, catalogue.Web, catalogue.Municipal, catalogue.Workplace:
	default:
		return fault.Invalid("delivery", "round.delivery_wrong")
	}
	return nil
}
