package letter

import (
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
)

// Kind is what a letter is about.
type Kind string

// The kinds. Each has its subject and its first lines in the catalogue,
// "letter.subject.…" and "letter.lead.…".
const (
	Seat             Kind = "seat"              // the person has a seat
	Waiting          Kind = "waiting"           // a place in the queue
	Awaiting         Kind = "awaiting"          // the manager has to allow it
	Approval         Kind = "approval"          // to the manager, who has to allow it
	Brought          Kind = "brought"           // to the manager: somebody new has a seat already
	Refused          Kind = "refused"           // the manager did not
	Offer            Kind = "offer"             // a seat, to answer in time
	Lapsed           Kind = "lapsed"            // it was not answered in time
	NoSeat           Kind = "no_seat"           // the round began, and the queue ended
	Withdrawn        Kind = "withdrawn"         // the seat was given back
	Replaced         Kind = "replaced"          // it went to a colleague
	Moved            Kind = "moved"             // it was given up for one in another round
	Unapproved       Kind = "unapproved"        // the approval was taken back, and what it gave
	Confirmed        Kind = "confirmed"         // the round will be given
	Changed          Kind = "changed"           // days, times, place or link
	Cancelled        Kind = "cancelled"         // the round is called off
	TrainerAsked     Kind = "trainer_asked"     // to hold a day
	TrainerBooked    Kind = "trainer_booked"    // the trainer said yes
	TrainerLeft      Kind = "trainer_left"      // does not hold a day any more
	TrainerConfirmed Kind = "trainer_confirmed" // the round will be given
	TrainerChanged   Kind = "trainer_changed"   // days, times, place or link
	TrainerCancelled Kind = "trainer_cancelled" // the round is called off
	PlanDeleted      Kind = "plan_deleted"      // to its trainers: it comes to nothing
	Reminder         Kind = "reminder"          // a course day is tomorrow
	TrainerReminder  Kind = "trainer_reminder"  // the same to its trainers
	OfferReminder    Kind = "offer_reminder"    // an offer is not answered yet
	Material         Kind = "material"          // ahead of the round
	TrainerMaterial  Kind = "trainer_material"  // the same to its trainers
	PreparationDue   Kind = "preparation_due"   // tasks are left, and soon due
	FollowUpDue      Kind = "follow_up_due"     // the same after the course days
	Message          Kind = "message"           // in somebody's own words
)

// Key is the kind's message key.
func (k Kind) Key() string { return "letter.kind." + string(k) }

// Audience is whom a letter goes to.
type Audience string

// The audiences.
const (
	Participants Audience = "participants"
	Trainers     Audience = "trainers"
	OnePerson    Audience = "person"
	InQueue      Audience = "queue" // those who wait for a seat
)

// Key is the audience's message key.
func (a Audience) Key() string { return "letter.audience." + string(a) }

// occasion is why one person is written to; without a kind only their calendar
// may have to follow. entries tells that it does.
type occasion struct {
	person   int64
	kind     Kind
	audience Audience
	reason   string
	about    int64 // another person: who wants the seat
	entries  bool
}

// bySubject is the letter that an event about one person gives them.
var bySubject = map[round.Kind]struct {
	kind     Kind
	audience Audience
	entries  bool
}{
	round.WasEnrolled:        {Seat, Participants, true},
	round.WasQueued:          {Waiting, Participants, false},
	round.WasAllowed:         {Waiting, Participants, false}, // a seat that it gave follows as an event of its own
	round.WasAsked:           {Awaiting, Participants, false},
	round.WasBrought:         {"", Participants, false}, // their managers are asked
	round.WasRefused:         {Refused, Participants, false},
	round.WasOffered:         {Offer, Participants, false},
	round.HasLapsed:          {Lapsed, Participants, false},
	round.GotNoSeat:          {NoSeat, Participants, false},
	round.WasDeclined:        {"", Participants, false}, // whoever said so knows
	round.LeftQueue:          {"", Participants, false},
	round.WasWithdrawn:       {Withdrawn, Participants, true},
	round.WasReplaced:        {Replaced, Participants, true},
	round.WasMoved:           {Moved, Participants, true},
	round.WasUnapproved:      {Unapproved, Participants, false},
	round.TrainerRemoved:     {TrainerLeft, Trainers, true},
	planning.TrainerAsked:    {TrainerAsked, Trainers, false},
	planning.TrainerAccepted: {TrainerBooked, Trainers, true},
	planning.TrainerDeclined: {"", Trainers, true},
}

// standing is who has to do with a round as it is now.
type standing struct {
	published bool
	seated    []int64           // the participants
	trainers  []int64           // who hold a day and have not said no
	written   map[int64]bool    // trainers who have had a letter about the round
	dropped   []int64           // whose place in the queue ended when the round was cancelled
	managers  map[int64][]int64 // of each person who awaits their word
}

// told tells whether the trainer knows of the round: plans that nobody was
// asked about concern nobody.
func (s standing) told(person int64) bool { return s.published || s.written[person] }

// occasions are the letters that the news gives: to each person about where
// they stand after all of it.
func occasions(news []round.News, s standing) []occasion {
	g := gathered{at: map[recipient]int{}}
	var told []int64
	for _, p := range s.trainers {
		if s.told(p) {
			told = append(told, p)
		}
	}
	for _, n := range news {
		switch n.Kind {
		case round.WasConfirmed:
			g.everybody(s.seated, occasion{kind: Confirmed, audience: Participants, entries: true})
			g.everybody(told, occasion{kind: TrainerConfirmed, audience: Trainers, entries: true})
		case round.DayChanged, round.DayAdded, round.DayRemoved:
			g.everybody(s.seated, occasion{kind: Changed, audience: Participants, entries: true})
			g.everybody(told, occasion{kind: TrainerChanged, audience: Trainers, entries: true})
		case round.WasCancelled:
			g.each(s.seated, occasion{kind: Cancelled, audience: Participants, reason: n.Reason, entries: true})
			g.each(s.dropped, occasion{kind: Cancelled, audience: Participants, reason: n.Reason})
			g.forget(TrainerAsked)
			g.each(told, occasion{kind: TrainerCancelled, audience: Trainers, reason: n.Reason, entries: true})
		case round.WasDeleted:
			g.forget(TrainerAsked)
			g.each(told, occasion{kind: PlanDeleted, audience: Trainers, entries: true})
		case round.WasApproved: // taken back and given again: nothing has changed
			if i, there := g.at[recipient{n.SubjectID, 0, Participants}]; there && g.all[i].kind == Unapproved {
				g.all[i].kind = ""
			}
		default:
			g.subject(n, s)
		}
	}
	return g.all
}

// gathered are occasions, one for each recipient: the last that was put.
type gathered struct {
	all []occasion
	at  map[recipient]int // their places in all
}

type recipient struct {
	person, about int64
	audience      Audience
}

func (g *gathered) put(o occasion) {
	to := recipient{o.person, o.about, o.audience}
	if i, there := g.at[to]; there {
		g.all[i] = o
		return
	}
	g.at[to] = len(g.all)
	g.all = append(g.all, o)
}

func (g *gathered) each(persons []int64, o occasion) {
	for _, o.person = range persons {
		g.put(o)
	}
}

// forget takes back what was to be written of the kind: a round that was called off
// since asks nobody.
func (g *gathered) forget(kind Kind) {
	for i := range g.all {
		if g.all[i].kind == kind {
			g.all[i].kind = ""
		}
	}
}

// everybody is each, but what everybody hears is left out where somebody hears
// more already.
func (g *gathered) everybody(persons []int64, o occasion) {
	for _, o.person = range persons {
		if i, there := g.at[recipient{o.person, 0, o.audience}]; !there || g.all[i].kind == "" {
			g.put(o)
		}
	}
}

// subject is what an event about one person gives them, and their managers.
func (g *gathered) subject(n round.News, s standing) {
	l, concerns := bySubject[n.Kind]
	if !concerns || n.SubjectID == 0 || n.Kind == round.TrainerRemoved && !s.told(n.SubjectID) {
		return
	}
	if n.Kind == round.WasBrought { // what else they are told stands
		g.each(s.managers[n.SubjectID], occasion{about: n.SubjectID, kind: Brought, audience: OnePerson})
		return
	}
	o := occasion{person: n.SubjectID, kind: l.kind, audience: l.audience, entries: l.entries}
	switch n.Kind {
	case round.WasRefused, round.WasWithdrawn, round.WasUnapproved:
		o.reason = n.Reason
	default:
	}
	g.put(o)
	if n.Kind == round.WasAsked {
		g.each(s.managers[n.SubjectID], occasion{about: n.SubjectID, kind: Approval, audience: OnePerson})
	}
}
