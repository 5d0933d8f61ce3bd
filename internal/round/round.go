package round

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/trainer"
)

// Round is a round with the counts that lists show.
type Round struct {
	ID         int64
	CourseID   int64
	Course     string
	CourseSlug string
	EditionID  *int64 // in which it is given; nil also when its own was withdrawn and no other stands
	Edition    int    // its number, 0 when it is not known
	RegionID   int64  // 0: national
	Region     string // empty: national
	Host
	Label       string
	Delivery    catalogue.Delivery
	TariffKind  string // empty: free of charge
	Capacity    int
	Minimum     int
	SignupFrom  clock.Day
	SignupUntil clock.Day // the last day of sign-up
	FirstDay    clock.Day
	LastDay     clock.Day
	Note        string

	DecideOn      *clock.Day // the day to confirm or cancel by
	WithdrawUntil *clock.Day // the last day to give a seat back oneself; nil: until the round begins
	StepID        int64      // the step that the round is meant for, 0: all; it advises only
	Step          string     // its name
	RetiredFrom   *clock.Day // the first day without the course, nil: it holds
	AcceptHours   int        // for how long an offered seat is kept
	Version       int        // counts the changes of the plan

	PublishedAt  *clock.Instant
	ConfirmedAt  *clock.Instant
	CancelledAt  *clock.Instant
	CancelCause  Cause  // of a cancelled round
	CancelReason string // in words

	Days     int // course days
	Held     int // those whose attendance is saved
	Seats    int // taken
	Offered  int // offered to somebody who has not answered yet
	SetAside int // for municipalities, neither used nor released
	Waiting  int // in the queue for a seat
	Approved int
	Awaiting int // attended every day and not yet approved
}

// Status is where a round stands.
type Status string

// The statuses in the order of a round's life. What comes after approval
// (invoiced) belongs to the economy.
const (
	Planned   Status = "planned"   // not published, or sign-up has not begun
	Open      Status = "open"      // for sign-up
	Closed    Status = "closed"    // sign-up is over, to be confirmed or cancelled
	Confirmed Status = "confirmed" // it will be given
	Held      Status = "held"      // every day's attendance is saved
	Approved  Status = "approved"  // and nobody who attended every day awaits approval
	Cancelled Status = "cancelled"
)

// Statuses are all statuses.
var Statuses = []Status{Planned, Open, Closed, Confirmed, Held, Approved, Cancelled}

// Key is the status's message key.
func (s Status) Key() string { return "round.status." + string(s) }

// Status is where the round stands on the day. Status.where says the same in SQL.
func (r Round) Status(today clock.Day) Status {
	switch {
	case r.CancelledAt != nil:
		return Cancelled
	case r.Held == r.Days && r.Approved > 0 && r.Awaiting == 0:
		return Approved
	case r.Held == r.Days:
		return Held
	case r.ConfirmedAt != nil:
		return Confirmed
	case r.PublishedAt == nil || today < r.SignupFrom:
		return Planned
	case today <= r.SignupUntil && !r.Retired(today):
		return Open
	}
	return Closed
}

// Cause is what a round was cancelled for.
type Cause string

// The causes.
const (
	TooFewSeats Cause = "too_few" // had signed up
	NoTrainer   Cause = "no_trainer"
	NoRoom      Cause = "no_room"
	OtherCause  Cause = "other"
)

// Causes are all of them, in the order of the form.
var Causes = []Cause{TooFewSeats, NoTrainer, NoRoom, OtherCause}

// Key is the cause's message key.
func (c Cause) Key() string { return "round.cause." + string(c) }

// Host is who gives a local round: a municipality or, at the workplace, one of
// its units; zero for a regional or national round. RolloutID is the plan that
// the round came from, 0 for none.
type Host struct {
	MunicipalityID int64
	Municipality   string
	UnitID         int64
	Unit           string
	RolloutID      int64
}

// Local tells whether a municipality gives the round itself. A local round
// carries no money, is none of the region's rounds in figures, needs no
// confirmation, and is completed by rule: see fulfil.
func (h Host) Local() bool { return h.MunicipalityID != 0 }

// Giver is who gives a local round, in words: the unit, or the municipality.
func (h Host) Giver() string {
	if h.UnitID != 0 {
		return h.Unit
	}
	return h.Municipality
}

// Place is whose the round is.
func (r Round) Place() access.Place {
	return access.Place{RegionID: r.RegionID, MunicipalityID: r.MunicipalityID, UnitID: r.UnitID}
}

// National tells whether the round belongs to no region.
func (r Round) National() bool { return r.RegionID == 0 }

// Bookable tells whether people may sign up, or be signed up, on the day; a
// confirmed round takes more until its sign-up ends. Whether a seat is free is
// another question.
func (r Round) Bookable(today clock.Day) bool {
	return r.PublishedAt != nil && r.CancelledAt == nil && r.SignupFrom <= today && today <= r.SignupUntil && !r.Retired(today)
}

// Retired tells whether the round's course is retired on the day, today or later: who has
// a seat keeps it, and nobody new gets one.
func (r Round) Retired(day clock.Day) bool { return r.RetiredFrom != nil && *r.RetiredFrom <= day }

// SignupEnds is the last day of sign-up, as the round and its course allow.
func (r Round) SignupEnds() clock.Day {
	if r.RetiredFrom != nil {
		return min(r.SignupUntil, *r.RetiredFrom-1)
	}
	return r.SignupUntil
}

// Free is the number of seats that anybody can take: offered ones and those
// set aside for a municipality count as taken.
func (r Round) Free() int { return max(0, r.Capacity-r.Seats-r.Offered-r.SetAside) }

// TooFew is how many participants lack to the minimum.
func (r Round) TooFew() int { return max(0, r.Minimum-r.Seats) }

// Mark says whether somebody came on a day. Empty is nothing said yet.
type Mark string

// The marks.
const (
	Present Mark = "present"
	Late    Mark = "late"
	Excused Mark = "excused"
	Absent  Mark = "absent"
)

// Marks are all marks in the order of the forms.
var Marks = []Mark{Present, Late, Excused, Absent}

// Key is the mark's message key.
func (m Mark) Key() string { return "round.mark." + string(m) }

// Valid tells whether m is one of the marks.
func (m Mark) Valid() bool {
	return m == Present || m == Late || m == Excused || m == Absent
}

// Attended tells whether the mark counts as having been there.
func (m Mark) Attended() bool { return m == Present || m == Late }

// Approvable tells whether somebody with these marks attended every one of the
// round's days and so can be approved without a reason.
func Approvable(days int, marks []Mark) bool {
	attended := 0
	for _, m := range marks {
		if m.Attended() {
			attended++
		}
	}
	return days > 0 && attended == days
}

// Day is a course day. Attended counts those who were present or late.
type Day struct {
	ID           int64
	Ordinal      int // from 1
	Day          clock.Day
	Starts, Ends string         // "09:00"
	Place        string         // of a room its name and address
	RoomID       int64          // 0: none
	Link         string         // where one meets online, empty: nowhere
	HeldAt       *clock.Instant // when its attendance was first saved
	Attended     int
	Trainers     []Trainer
	Declined     []Trainer // were asked and will not; they are none of Trainers
}

// Online tells whether one meets nowhere but on a screen.
func (d Day) Online() bool { return d.Link != "" && d.Place == "" && d.RoomID == 0 }

// Markable tells whether attendance can be saved: from the day itself on.
func (d Day) Markable(today clock.Day) bool { return d.Day <= today }

// Trainer is somebody who holds a course day. Municipality is the employer's
// name on that day, MunicipalityID its id; RSS tells that the employer was one.
type Trainer struct {
	PersonID       int64
	Name           string
	Role           trainer.Role
	Present        *bool          // nil: nobody has said
	AskedAt        *clock.Instant // nil: put on the day without being asked
	Answer         trainer.Answer
	MunicipalityID int64
	Municipality   string
	RSS            bool
}

// Enrolment is somebody's seat. Municipality is the employer's name on the
// round's first day: empty for RSS staff and for who was employed nowhere. Unit
// is where they worked then.
// Marks are by day in the order of the round's days, empty where nobody has
// said; Reasons likewise, and Words say whose word each mark is.
type Enrolment struct {
	ID             int64
	PersonID       int64
	Name           string
	MunicipalityID int64
	Municipality   string
	Unit           string
	EnrolledAt     clock.Instant
	ApprovedOn     *clock.Day
	ByRule         bool // approved by the attendance itself, as local rounds do
	Marks          []Mark
	Reasons        []string
	Words          []Word
}

// Approvable tells whether the participant attended every day, on the word of
// those who keep the list: nobody is approved by checking in alone.
func (e Enrolment) Approvable() bool {
	for _, w := range e.Words {
		if w.Source == SelfSaid {
			return false
		}
	}
	return Approvable(len(e.Marks), e.Marks)
}

// Detail is a round as its page shows it. Enrolments are those that the viewer
// may see, by name in Swedish order. EnrolmentID is the viewer's own seat, 0
// without one.
type Detail struct {
	Round
	CourseDays  []Day
	Enrolments  []Enrolment
	Manages     bool // the viewer may change the round
	Teaches     bool // the viewer holds one of its days; who is only asked to does not, and sees no names
	EnrolmentID int64
}

// Digital tells whether every day is online: nothing is eaten together.
func (d Detail) Digital() bool {
	for _, day := range d.CourseDays {
		if !day.Online() {
			return false
		}
	}
	return len(d.CourseDays) > 0
}

// Asks tells whether the person holds, or is asked to hold, one of the days.
func (d Detail) Asks(personID int64) bool {
	for _, day := range d.CourseDays {
		for _, t := range day.Trainers {
			if t.PersonID == personID {
				return true
			}
		}
	}
	return false
}

// MarksAttendance tells whether the viewer may save attendance.
func (d Detail) MarksAttendance() bool { return d.Manages || d.Teaches }

// Sheet is the attendance form of one day: everybody with a seat, each with
// one mark and one reason, that day's.
type Sheet struct {
	Round
	Day        Day
	Enrolments []Enrolment
}

// Own is a round in which the viewer has a seat, with their own marks by day.
type Own struct {
	Round
	CourseDays  []Day
	EnrolmentID int64
	ApprovedOn  *clock.Day
	Marks       []Mark
}

// Kind is what happened to a round.
type Kind string

// The kinds of events.
const (
	WasPlanned     Kind = "planned"
	WasChanged     Kind = "changed"     // the plan; Reason names the fields, as in "capacity, label"
	DayChanged     Kind = "day_changed" // date, time, place or link; Reason is the old → the new
	DayAdded       Kind = "day_added"
	DayRemoved     Kind = "day_removed"   // Reason says which
	TrainerAdded   Kind = "trainer_added" // to a day
	TrainerRole    Kind = "trainer_role"  // on a day, changed
	TrainerRemoved Kind = "trainer_removed"
	WasPublished   Kind = "published"
	WasConfirmed   Kind = "confirmed"
	WasCancelled   Kind = "cancelled"
	WasDeleted     Kind = "deleted" // the plan, which was never published
	WasEnrolled    Kind = "enrolled"
	WasWithdrawn   Kind = "withdrawn"
	WasHeld        Kind = "held"            // a day's attendance was saved for the first time
	MarkChanged    Kind = "mark_changed"    // of a day saved before
	TrainerChanged Kind = "trainer_changed" // a trainer's presence on a day saved before
	WasApproved    Kind = "approved"
	WasUnapproved  Kind = "unapproved"
	WasQueued      Kind = "queued"         // waits for a seat
	WasAsked       Kind = "asked"          // the manager has to allow it
	WasBrought     Kind = "brought"        // a seat, or a place in the queue, to another workplace in the region
	WasAllowed     Kind = "allowed"        // the manager did
	WasRefused     Kind = "refused"        // the manager did not
	WasOffered     Kind = "offered"        // a seat, to answer in time
	WasDeclined    Kind = "declined"       // the offered seat
	HasLapsed      Kind = "lapsed"         // the offer was not answered in time
	LeftQueue      Kind = "left_queue"     // by will
	GotNoSeat      Kind = "no_seat"        // still in the queue when the round began
	WasReplaced    Kind = "replaced"       // the subject's seat went to a colleague
	WasMoved       Kind = "moved"          // the subject's seat was given up for one in another round
	SenderSet      Kind = "sender_set"     // which of the employers sends the subject; Reason is its name
	QuotaSet       Kind = "quota_set"      // seats were set aside for a municipality
	QuotaReleased  Kind = "quota_released" // and are for all again
)

// Key is the kind's message key.
func (k Kind) Key() string { return "round.event." + string(k) }

// Event is something that happened to a round. Old and New are marks, of a
// trainer Present or Absent.
type Event struct {
	At      clock.Instant
	Kind    Kind
	By      string // empty when no person did it
	Token   string // the name of the API key that did it; empty when none did
	Subject string // whom it is about, empty when nobody
	Day     int    // the course day's ordinal, 0 when none
	Old     Mark
	New     Mark
	Reason  string
	Place   string // the municipality for which seats were set aside
	Seats   int    // how many
}
