package setup

import "yrkesresan/internal/clock"

// Step is something that a region needs.
type Step string

// The steps.
const (
	Administrator  Step = "administrator"  // somebody administers the region
	Letters        Step = "letters"        // a letter has been handed to the mail server
	Municipalities Step = "municipalities" // one has joined
	Staff          Step = "staff"          // one that has joined has units with people in them
	Roles          Step = "roles"          // somebody administers one, or leads a unit of one
	Tariffs        Step = "tariffs"        // what is charged for each kind of course that the region gives
	Rooms          Step = "rooms"
	Trainers       Step = "trainers"
	Course         Step = "course" // one that the region gives, with an edition
	Round          Step = "round"
)

// Steps are all of them in their order. Who administers comes first, for they do the rest, and
// letters next: without them nobody who is added gets in.
var Steps = []Step{Administrator, Letters, Municipalities, Staff, Roles, Tariffs, Rooms, Trainers, Course, Round}

// Facts are what the steps are told from: how many there are of each on a day.
type Facts struct {
	Operators      int // of the whole product: they let the others in
	Administrators int // of the region
	LettersSent    int // handed to the mail server, for this
	Joined         int // municipalities
	Staffed        int // of these, with a unit in which somebody works
	Led            int // of these, with an administrator or a manager
	Kinds          int // of tariffs that the courses ask for which the region itself gives
	Untariffed     int // of these, without a tariff on the day
	Rooms          int // open ones
	Trainers       int // people in a team
	Courses        int // given by the region, with an edition
	Rounds         int // of the region, not cancelled
}

// Done tells whether the step is.
func (f Facts) Done(s Step) bool {
	switch s {
	case Administrator:
		return f.Administrators > 0
	case Letters:
		return f.LettersSent > 0
	case Municipalities:
		return f.Joined > 0
	case Staff:
		return f.Staffed > 0
	case Roles:
		return f.Led > 0
	case Tariffs:
		return f.Untariffed == 0
	case Rooms:
		return f.Rooms > 0
	case Trainers:
		return f.Trainers > 0
	case Course:
		return f.Courses > 0
	case Round:
		return f.Rounds > 0
	}
	return false
}

// Missing are the steps that are not done, in their order.
func (f Facts) Missing() (steps []Step) {
	for _, s := range Steps {
		if !f.Done(s) {
			steps = append(steps, s)
		}
	}
	return steps
}

// Letter is the latest letter that was written to try the mail.
type Letter struct {
	Person   string
	Email    string
	AskedAt  clock.Instant
	HandedAt *clock.Instant // to the mail server
	FailedAt *clock.Instant // at the latest try
	Answer   string         // the mail server's code when it refused; empty when it was not reached
}

// Waits tells whether the letter is neither handed over nor failed.
func (l Letter) Waits() bool { return l.HandedAt == nil && l.FailedAt == nil }
