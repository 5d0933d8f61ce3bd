package trainer

import "yrkesresan/internal/clock"

// Role is what somebody is on a course day; it is never a property of the person.
type Role string

// The roles on a course day; they weigh differently in the trainer pot.
const (
	Lead      Role = "lead_trainer" // kursledare
	Assistant Role = "trainer"      // utbildare
)

// Key is the role's message key.
func (r Role) Key() string { return "trainer.role." + string(r) }

// New is what it takes to recruit somebody to the team of a course in a region.
type New struct {
	PersonID int64
	CourseID int64
	RegionID int64
	On       clock.Day
}

// Member is somebody in the team of a course. Municipality is the employer's
// today: empty for RSS staff and for who is employed nowhere.
type Member struct {
	ID             int64
	PersonID       int64
	Name           string
	Municipality   string
	MunicipalityID int64
	RegionID       int64
	CourseID       int64
	Course         string
	RecruitedOn    clock.Day
	ReadyOn        *clock.Day
	EndedOn        *clock.Day // the last day
	Why            Why        // they ended
}

// Status is where somebody stands in a team.
type Status string

// A member is recruited, then ready to teach, then ended.
const (
	Recruited Status = "recruited"
	IsReady   Status = "ready"
	Ended     Status = "ended"
)

// Key is the status's message key.
func (s Status) Key() string { return "trainer.status." + string(s) }

// Status is where the member stands on the day.
func (m Member) Status(today clock.Day) Status {
	switch {
	case m.EndedOn != nil && *m.EndedOn < today:
		return Ended
	case m.ReadyOn != nil && *m.ReadyOn <= today:
		return IsReady
	}
	return Recruited
}

// Answer is what somebody says who is asked to hold a day or to come to a
// meeting; empty until they have said.
type Answer string

// The answers.
const (
	Accepted Answer = "accepted"
	Declined Answer = "declined"
)

// Valid tells whether a is one of the answers.
func (a Answer) Valid() bool { return a == Accepted || a == Declined }

// Standing is where somebody stands who is to hold a day.
type Standing string

// Who was put on a day without being asked counts as one who has accepted: so
// were days planned before there was asking.
const (
	WasPlanned  Standing = "planned"
	WasAsked    Standing = "asked"
	HasAccepted Standing = "accepted"
	HasDeclined Standing = "declined"
)

// Key is the standing's message key.
func (s Standing) Key() string { return "trainer.standing." + string(s) }

// StandingOf is where somebody stands who was asked then, or not at all, and
// has given the answer.
func StandingOf(asked *clock.Instant, a Answer) Standing {
	switch {
	case a == Accepted:
		return HasAccepted
	case a == Declined:
		return HasDeclined
	case asked != nil:
		return WasAsked
	}
	return WasPlanned
}

// Day is a course day that somebody holds or is asked to hold. Days counts the
// round's days; Participants are those with a seat.
type Day struct {
	ID           int64
	RoundID      int64
	Round        string
	Course       string
	Ordinal      int
	Days         int
	Day          clock.Day
	Starts, Ends string // "09:00"
	Place        string
	Link         string // where one meets online, empty: nowhere
	Role         Role
	Standing     Standing
	Participants int
	HeldAt       *clock.Instant // when attendance was first saved
	CancelledAt  *clock.Instant // when the round was cancelled
}

// NeedsAttendance tells whether the day has come and nobody has said who came.
// Who has not answered does not see the list: they accept first.
func (d Day) NeedsAttendance(today clock.Day) bool {
	return d.Day <= today && d.HeldAt == nil && d.CancelledAt == nil && d.Standing != HasDeclined && d.Standing != WasAsked
}

// NeedsAnswer tells whether somebody waits for the trainer's answer.
func (d Day) NeedsAnswer(today clock.Day) bool {
	return d.Standing == WasAsked && d.Day >= today && d.HeldAt == nil && d.CancelledAt == nil
}
