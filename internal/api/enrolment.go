package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
)

func (s *API) enrolments() {
	add(s, http.MethodGet, "/rounds/{round}/enrolments", "list-enrolments", http.StatusOK, s.listEnrolments)
	add(s, http.MethodPost, "/rounds/{round}/enrolments", "sign-up", http.StatusCreated, s.signUp, http.StatusConflict)
	add(s, http.MethodDelete, "/enrolments/{enrolment}", "withdraw", http.StatusNoContent, s.withdraw, http.StatusConflict)
	add(s, http.MethodDelete, "/queue/{entry}", "leave-queue", http.StatusNoContent, s.leaveQueue, http.StatusConflict)
}

// Enrolment is somebody's seat, or place in the queue for one.
type Enrolment struct {
	ID           *int64     `json:"id" doc:"The seat's id; null for who has none."`
	Queue        *int64     `json:"queue" doc:"The id of the place in the queue; null for who has a seat."`
	Status       string     `json:"status" enum:"enrolled,waiting,offered,awaiting_manager"`
	Position     *int       `json:"position" doc:"In the queue, from 1; null for who does not wait for a seat."`
	Person       int64      `json:"person"`
	Name         string     `json:"name"`
	Municipality string     `json:"municipality" doc:"The employer on the round's first day."`
	Since        time.Time  `json:"since" doc:"When the seat was taken or the queue joined."`
	OfferUntil   *time.Time `json:"offer_until" doc:"Until when an offered seat is kept."`
	ApprovedOn   *clock.Day `json:"approved_on" format:"date"`
	Marks        []string   `json:"marks" nullable:"false" doc:"One for each course day in their order; empty where nobody has said."`
}

type listEnrolmentsOutput struct {
	Body []Enrolment `nullable:"false"`
}

func (o *listEnrolmentsOutput) tells() (audit.Kind, []int64) {
	return audit.Seat, each(o.Body, func(e Enrolment) int64 { return e.Person })
}

// listEnrolments are the seats by name and then the queue in its order, both as
// far as the viewer may see whose they are.
func (s *API) listEnrolments(ctx context.Context, c *call, in *RoundPath) (*listEnrolmentsOutput, error) {
	q := s.DB.Reader()
	d, err := round.Get(ctx, q, c.Viewer, in.Round)
	if err != nil {
		return nil, err
	}
	queue, err := seat.Queue(ctx, q, c.Viewer, d.Round)
	if err != nil {
		return nil, err
	}
	out := &listEnrolmentsOutput{Body: make([]Enrolment, 0, len(d.Enrolments)+len(queue))}
	for _, e := range d.Enrolments {
		marks := make([]string, len(e.Marks))
		for i, m := range e.Marks {
			marks[i] = string(m)
		}
		out.Body = append(out.Body, Enrolment{
			ID: &e.ID, Status: string(seat.Enrolled), Person: e.PersonID, Name: e.Name, Municipality: e.Municipality,
			Since: e.EnrolledAt.Time(), ApprovedOn: e.ApprovedOn, Marks: marks,
		})
	}
	for _, e := range queue {
		row := Enrolment{
			Queue: &e.ID, Status: string(seat.Waiting), Person: e.PersonID, Name: e.Name, Municipality: e.Municipality,
			Since: e.JoinedAt.Time(), OfferUntil: moment(e.OfferUntil), Marks: []string{},
		}
		switch {
		case e.NeedsManager:
			row.Status = string(seat.AwaitingManager)
		case e.OfferUntil != nil:
			row.Status = "offered"
		default:
			row.Position = &e.Position
		}
		out.Body = append(out.Body, row)
	}
	return out, nil
}

// SignedUp is what a sign-up gave.
type SignedUp struct {
	Status    string `json:"status" enum:"enrolled,waiting,awaiting_manager"`
	Position  *int   `json:"position" doc:"In the queue, from 1; null with a seat."`
	Enrolment *int64 `json:"enrolment" doc:"The seat's id, to withdraw it; null without one."`
	Queue     *int64 `json:"queue" doc:"The id of the place in the queue, to leave it; null with a seat."`
}

// SignUp says who is to have a seat.
type SignUp struct {
	Person int64 `json:"person" minimum:"1" doc:"The person's id."`
}

type signUpInput struct {
	RoundPath
	Body SignUp
}

type signUpOutput struct{ Body SignedUp }

func (s *API) signUp(ctx context.Context, c *call, in *signUpInput) (*signUpOutput, error) {
	var o seat.Outcome
	err := s.write(ctx, c, func(tx *db.Tx) (id int64, err error) {
		o, err = seat.SignUp(ctx, tx, c.Viewer, in.Round, in.Body.Person, c.now)
		return in.Round, err
	})
	if errors.Is(err, fault.NotFound) {
		if _, seen := round.Days(ctx, s.DB.Reader(), c.Viewer, in.Round); seen == nil { // the round is there: it is the person
			err = fault.Invalid("person", "api.no_such_person")
		}
	}
	if err != nil {
		return nil, err
	}
	out := &signUpOutput{Body: SignedUp{Status: string(o.Status)}}
	if o.Position != 0 {
		out.Body.Position = &o.Position
	}
	if o.EnrolmentID != 0 {
		out.Body.Enrolment = &o.EnrolmentID
	}
	if o.EntryID != 0 {
		out.Body.Queue = &o.EntryID
	}
	return out, nil
}

type withdrawInput struct {
	Enrolment int64 `path:"enrolment" minimum:"1" doc:"The seat's id."`
}

func (s *API) withdraw(ctx context.Context, c *call, in *withdrawInput) (*struct{}, error) {
	return nil, s.write(ctx, c, func(tx *db.Tx) (int64, error) {
		id, err := round.RoundOfEnrolment(ctx, tx, in.Enrolment)
		if err != nil {
			return 0, err
		}
		return id, seat.Withdraw(ctx, tx, c.Viewer, in.Enrolment, c.now)
	})
}

type leaveQueueInput struct {
	Entry int64 `path:"entry" minimum:"1" doc:"The id of the place in the queue."`
}

func (s *API) leaveQueue(ctx context.Context, c *call, in *leaveQueueInput) (*struct{}, error) {
	return nil, s.write(ctx, c, func(tx *db.Tx) (int64, error) {
		id, err := seat.OfEntry(ctx, tx, in.Entry)
		if err != nil {
			return 0, err
		}
		return id, seat.Decline(ctx, tx, c.Viewer, in.Entry, c.now)
	})
}
