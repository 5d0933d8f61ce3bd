package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

func (s *API) rounds() {
	const one = "/rounds/{round}"
	add(s, http.MethodGet, "/rounds", "list-rounds", http.StatusOK, s.listRounds)
	add(s, http.MethodPost, "/rounds", "plan-round", http.StatusCreated, s.planRound)
	add(s, http.MethodGet, one, "get-round", http.StatusOK, s.getRound)
	add(s, http.MethodPatch, one, "change-round", http.StatusOK, s.changeRound,
		http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	add(s, http.MethodPost, one+"/publication", "publish-round", http.StatusOK, s.step(planning.Publish), http.StatusConflict)
	add(s, http.MethodPost, one+"/confirmation", "confirm-round", http.StatusOK, s.step(planning.Confirm), http.StatusConflict)
	add(s, http.MethodPost, one+"/cancellation", "cancel-round", http.StatusOK, s.cancelRound, http.StatusConflict)
}

// Round is a round as the API tells it.
type Round struct {
	ID            int64      `json:"id"`
	Course        string     `json:"course" doc:"The course's name in addresses." example:"barns-delaktighet"`
	CourseName    string     `json:"course_name"`
	Region        *string    `json:"region" doc:"The region's name in addresses; null for a national round." example:"dalarna"`
	Municipality  *string    `json:"municipality" nullable:"true" doc:"Of a local round, which a municipality gives itself: its name in addresses." example:"borlange"`
	Unit          *int64     `json:"unit" nullable:"true" doc:"Of a local round at the workplace: the unit's id."`
	Label         string     `json:"label"`
	Status        string     `json:"status" enum:"planned,open,closed,confirmed,held,approved,cancelled"`
	Delivery      string     `json:"delivery"`
	Capacity      int        `json:"capacity"`
	Minimum       int        `json:"minimum"`
	Enrolled      int        `json:"enrolled" doc:"Seats that are taken."`
	Offered       int        `json:"offered" doc:"Seats that are offered to somebody in the queue."`
	SetAside      int        `json:"set_aside" doc:"Seats that are set aside for municipalities and not used yet."`
	Waiting       int        `json:"waiting" doc:"How many wait for a seat."`
	Approved      int        `json:"approved"`
	SignupFrom    clock.Day  `json:"signup_from" format:"date"`
	SignupUntil   clock.Day  `json:"signup_until" format:"date" doc:"The last day of sign-up."`
	DecideOn      *clock.Day `json:"decide_on" format:"date" doc:"The day to confirm or cancel by."`
	WithdrawUntil *clock.Day `json:"withdraw_until" format:"date" doc:"The last day to give a seat back oneself."`
	AcceptHours   int        `json:"accept_hours" doc:"For how long an offered seat is kept."`
	FirstDay      clock.Day  `json:"first_day" format:"date"`
	LastDay       clock.Day  `json:"last_day" format:"date"`
	CourseDays    int        `json:"course_days"`
	HeldDays      int        `json:"held_days" doc:"Course days whose attendance is saved."`
	Note          string     `json:"note"`
	PublishedAt   *time.Time `json:"published_at"`
	ConfirmedAt   *time.Time `json:"confirmed_at"`
	CancelledAt   *time.Time `json:"cancelled_at"`
	CancelCause   string     `json:"cancel_cause" doc:"too_few, no_trainer, no_room or other; empty while it is not cancelled."`
	CancelReason  string     `json:"cancel_reason"`
	Version       int        `json:"version" doc:"Counts the changes of the plan; also the ETag."`
}

func (s *API) round(r round.Round, today clock.Day) Round {
	out := Round{
		ID: r.ID, Course: r.CourseSlug, CourseName: r.Course, Label: r.Label, Status: string(r.Status(today)), Delivery: string(r.Delivery),
		Capacity: r.Capacity, Minimum: r.Minimum, Enrolled: r.Seats, Offered: r.Offered, SetAside: r.SetAside, Waiting: r.Waiting, Approved: r.Approved,
		SignupFrom: r.SignupFrom, SignupUntil: r.SignupUntil, DecideOn: r.DecideOn, WithdrawUntil: r.WithdrawUntil, AcceptHours: r.AcceptHours,
		FirstDay: r.FirstDay, LastDay: r.LastDay, CourseDays: r.Days, HeldDays: r.Held, Note: r.Note,
		PublishedAt: moment(r.PublishedAt), ConfirmedAt: moment(r.ConfirmedAt), CancelledAt: moment(r.CancelledAt), CancelCause: string(r.CancelCause), CancelReason: r.CancelReason,
		Version: r.Version,
	}
	if region, ok := s.places[r.RegionID]; ok {
		out.Region = &region.Slug
	}
	if municipality, ok := s.places[r.MunicipalityID]; ok {
		out.Municipality = &municipality.Slug
	}
	if r.UnitID != 0 {
		out.Unit = &r.UnitID
	}
	return out
}

func moment(i *clock.Instant) *time.Time {
	if i == nil {
		return nil
	}
	t := i.Time()
	return &t
}

// Paging is how a list is paged: the answer is one page, its headers say how
// many there are and where the neighbours are.
type Paging struct {
	Page  int `query:"page" minimum:"1" maximum:"100000" default:"1" doc:"From 1. A page after the last is empty."`
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"100" doc:"How many a page."`
}

// Paged are the headers of a page of a list.
type Paged struct {
	Total int    `header:"Total-Count" doc:"How many there are on all pages."`
	Link  string `header:"Link" doc:"The addresses of the next and the previous page, RFC 8288."`
}

func pagedAs(u url.URL, page, limit, total int) Paged {
	var links []string
	to := func(page int, rel string) {
		q := u.Query()
		q.Set("page", strconv.Itoa(page))
		links = append(links, fmt.Sprintf("<%s?%s>; rel=%q", u.Path, q.Encode(), rel))
	}
	if page > 1 {
		to(page-1, "prev")
	}
	if page*limit < total {
		to(page+1, "next")
	}
	return Paged{Total: total, Link: strings.Join(links, ", ")}
}

// Address keeps the request's own.
type Address struct{ url url.URL }

// Resolve is called by huma when the request has been read.
func (a *Address) Resolve(ctx huma.Context) []error {
	a.url = ctx.URL()
	return nil
}

type listRoundsInput struct {
	Address
	Paging
	Region string `query:"region" pattern:"^[a-z0-9-]+$" maxLength:"100" doc:"A region's name in addresses, or national." example:"dalarna"`
	Given  string `query:"given" enum:"regional,local" default:"regional" doc:"Rounds of regions and the nation, or local ones, which municipalities give themselves."`
	Year   int    `query:"year" minimum:"2000" maximum:"2200" doc:"Rounds that run in the year."`
	Course string `query:"course" pattern:"^[a-z0-9-]+$" maxLength:"100" doc:"A course's name in addresses."`
	Status string `query:"status" enum:"planned,open,closed,confirmed,held,approved,cancelled"`
}

type listRoundsOutput struct {
	Paged
	Body []Round `nullable:"false"`
}

func (s *API) listRounds(ctx context.Context, c *call, in *listRoundsInput) (*listRoundsOutput, error) {
	f := round.Filter{Given: round.Given(in.Given), Year: in.Year, Status: round.Status(in.Status), Today: c.now.Day(), Page: in.Page, PerPage: in.Limit}
	if in.Region == "national" {
		f.RegionID = round.OnlyNational
	} else if in.Region != "" {
		region, ok := s.regions[in.Region]
		if !ok {
			return nil, fault.Invalid("query.region", "api.no_such_region")
		}
		f.RegionID = region.ID
	}
	if in.Course != "" {
		course, err := courseBy(ctx, s.DB.Reader(), "query.course", in.Course)
		if err != nil {
			return nil, err
		}
		f.CourseID = course.ID
	}
	page, err := round.Rounds(ctx, s.DB.Reader(), c.Viewer, f)
	if err != nil {
		return nil, err
	}
	out := &listRoundsOutput{Paged: pagedAs(in.url, in.Page, in.Limit, page.Total), Body: []Round{}}
	if (in.Page-1)*in.Limit < page.Total { // the domain gives the last page instead
		for _, r := range page.Rounds {
			out.Body = append(out.Body, s.round(r, f.Today))
		}
	}
	return out, nil
}

// courseBy is the course with the slug, or a fault of the field.
func courseBy(ctx context.Context, q db.Querier, field, slug string) (catalogue.Course, error) {
	course, err := catalogue.CourseBySlug(ctx, q, slug)
	if errors.Is(err, fault.NotFound) {
		err = fault.Invalid(field, "api.no_such_course")
	}
	return course, err
}

// RoundPath names a round.
type RoundPath struct {
	Round int64 `path:"round" minimum:"1" doc:"The round's id."`
}

type roundOutput struct {
	ETag     string `header:"ETag" doc:"The round's version, for If-Match."`
	Location string `header:"Location" doc:"Of a round that was made."`
	Body     Round
}

// told is the answer with the round as it is now.
func (s *API) told(ctx context.Context, c *call, roundID int64) (*roundOutput, error) {
	d, err := round.Days(ctx, s.DB.Reader(), c.Viewer, roundID)
	if err != nil {
		return nil, err
	}
	return &roundOutput{ETag: strconv.Quote(strconv.Itoa(d.Version)), Body: s.round(d.Round, c.now.Day())}, nil
}

func (s *API) getRound(ctx context.Context, c *call, in *RoundPath) (*roundOutput, error) {
	return s.told(ctx, c, in.Round)
}

// DayPlan is a course day to come.
type DayPlan struct {
	Day      clock.Day     `json:"day" format:"date" pattern:"^(19|20|21)"`
	Starts   string        `json:"starts" maxLength:"5" example:"09:00"`
	Ends     string        `json:"ends" maxLength:"5" example:"16:00"`
	Room     int64         `json:"room,omitempty" minimum:"1" doc:"A room's id; it decides the place."`
	Place    string        `json:"place,omitempty" example:"Sal Runn, Falun"`
	Link     string        `json:"link,omitempty" doc:"Where one meets online."`
	Trainers []TrainerPlan `json:"trainers,omitempty" nullable:"false"`
}

// TrainerPlan is somebody who will hold a day.
type TrainerPlan struct {
	Person int64  `json:"person" minimum:"1"`
	Role   string `json:"role" enum:"lead_trainer,trainer"`
}

func (d DayPlan) plan() planning.NewDay {
	n := planning.NewDay{Day: d.Day, Starts: d.Starts, Ends: d.Ends, RoomID: d.Room, Place: d.Place, Link: d.Link}
	for _, t := range d.Trainers {
		n.Trainers = append(n.Trainers, planning.NewTrainer{PersonID: t.Person, Role: trainer.Role(t.Role)})
	}
	return n
}

// RoundPlan is a round to be planned.
type RoundPlan struct {
	Course        string     `json:"course" pattern:"^[a-z0-9-]+$" maxLength:"100" doc:"The course's name in addresses." example:"barns-delaktighet"`
	Region        *string    `json:"region" nullable:"true" doc:"The region's name in addresses; null for a national round." example:"dalarna"`
	Municipality  string     `json:"municipality,omitempty" pattern:"^[a-z0-9-]*$" maxLength:"100" doc:"Of a local round, with the region null: the municipality that gives it, by its name in addresses. It is published at once." example:"borlange"`
	Unit          int64      `json:"unit,omitempty" minimum:"1" doc:"Of a local round at the workplace: the unit's id."`
	People        []int64    `json:"people,omitempty" nullable:"false" maxItems:"1000" doc:"Who is put into a local round: persons' ids."`
	Label         string     `json:"label,omitempty" example:"Våren 2027, Falun" doc:"The term of the first day unless told."`
	Capacity      int        `json:"capacity" example:"22"`
	Minimum       int        `json:"minimum,omitempty" example:"8"`
	SignupFrom    *clock.Day `json:"signup_from,omitempty" format:"date" pattern:"^(19|20|21)" doc:"Twelve weeks before the first day unless told."`
	SignupUntil   *clock.Day `json:"signup_until,omitempty" format:"date" pattern:"^(19|20|21)" doc:"The last day of sign-up: three weeks before the first day unless told."`
	DecideOn      *clock.Day `json:"decide_on,omitempty" format:"date" pattern:"^(19|20|21)" doc:"The day to confirm or cancel by."`
	WithdrawUntil *clock.Day `json:"withdraw_until,omitempty" format:"date" pattern:"^(19|20|21)" doc:"The last day to give a seat back oneself."`
	AcceptHours   int        `json:"accept_hours,omitempty" minimum:"1" doc:"For how long an offered seat is kept: 48 hours unless told."`
	Note          string     `json:"note,omitempty" text:"lines"`
	Days          []DayPlan  `json:"days" nullable:"false" doc:"In their order."`
}

type planRoundInput struct {
	Body RoundPlan
}

func (s *API) planRound(ctx context.Context, c *call, in *planRoundInput) (*roundOutput, error) {
	b := in.Body
	var place access.Place
	if b.Region != nil {
		region, ok := s.regions[*b.Region]
		if !ok {
			return nil, fault.Invalid("region", "api.no_such_region")
		}
		place = region.Place()
	}
	var id int64
	err := s.write(ctx, c, func(tx *db.Tx) (int64, error) {
		course, err := courseBy(ctx, tx, "course", b.Course)
		if err != nil {
			return 0, err
		}
		n := planning.New{
			CourseID: course.ID, RegionID: place.RegionID, Label: b.Label, Capacity: b.Capacity, Minimum: b.Minimum,
			DecideOn: b.DecideOn, WithdrawUntil: b.WithdrawUntil, AcceptHours: b.AcceptHours, Note: b.Note,
		}
		for _, d := range b.Days {
			n.Days = append(n.Days, d.plan())
		}
		if b.Municipality != "" {
			id, err = planLocal(ctx, tx, c, n, b)
			return id, err
		}
		if len(n.Days) > 0 {
			n.SignupFrom, n.SignupUntil = planning.UsualWindow(n.Days[0].Day, c.now.Day())
			if n.Label == "" {
				n.Label = planning.UsualLabel(n.Days[0].Day)
			}
		}
		if b.SignupFrom != nil {
			n.SignupFrom = *b.SignupFrom
		}
		if b.SignupUntil != nil {
			n.SignupUntil = *b.SignupUntil
		}
		id, err = planning.Plan(ctx, tx, c.Viewer, n, c.now)
		if errors.Is(err, fault.NotFound) && (access.ManageRounds(c.Viewer).Covers(place) || b.Region == nil && access.ManageNationalRounds(c.Viewer)) {
			err = fault.Invalid("days", "api.no_such_trainer") // the region is theirs: what is not found is somebody in the days
		}
		return id, err
	})
	if err != nil {
		return nil, err
	}
	out, err := s.told(ctx, c, id)
	if err == nil {
		out.Location = fmt.Sprintf("%s/rounds/%d", Prefix, id)
	}
	return out, err
}

// planLocal plans and publishes a local round with its people.
func planLocal(ctx context.Context, tx *db.Tx, c *call, n planning.New, b RoundPlan) (int64, error) {
	municipality, err := organisation.BySlug(ctx, tx, organisation.Municipality, b.Municipality)
	if errors.Is(err, fault.NotFound) {
		return 0, fault.Invalid("municipality", "api.no_such_municipality")
	}
	if err != nil {
		return 0, err
	}
	n.RegionID, n.MunicipalityID, n.UnitID = 0, municipality.ID, b.Unit
	if b.SignupFrom != nil {
		n.SignupFrom = *b.SignupFrom
	}
	if b.SignupUntil != nil {
		n.SignupUntil = *b.SignupUntil
	}
	return planning.PlanLocal(ctx, tx, c.Viewer, n, b.People, c.now)
}

// DayChange is a course day of a plan that is changed. One without an id is new.
type DayChange struct {
	ID int64 `json:"id,omitempty" minimum:"1" doc:"Of a day that is there already."`
	DayPlan
}

// dayOrNull is a day that can be taken away with null, or left as it is.
type dayOrNull struct {
	told bool
	day  *clock.Day
}

// UnmarshalJSON reads a day or null.
func (d *dayOrNull) UnmarshalJSON(text []byte) error {
	d.told = true
	return json.Unmarshal(text, &d.day)
}

// Schema describes it.
func (dayOrNull) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true, Format: "date", Pattern: "^(19|20|21)"}
}

func (d dayOrNull) or(old *clock.Day) *clock.Day {
	if d.told {
		return d.day
	}
	return old
}

// RoundChange is what changes of a round; what is left out stays.
type RoundChange struct {
	Version       *int        `json:"version,omitempty" doc:"The version of the round that was changed; needed without If-Match."`
	Label         *string     `json:"label,omitempty"`
	Capacity      *int        `json:"capacity,omitempty"`
	Minimum       *int        `json:"minimum,omitempty"`
	SignupFrom    *clock.Day  `json:"signup_from,omitempty" format:"date" pattern:"^(19|20|21)"`
	SignupUntil   *clock.Day  `json:"signup_until,omitempty" format:"date" pattern:"^(19|20|21)"`
	DecideOn      dayOrNull   `json:"decide_on,omitempty" required:"false"`
	WithdrawUntil dayOrNull   `json:"withdraw_until,omitempty" required:"false"`
	AcceptHours   *int        `json:"accept_hours,omitempty" minimum:"1"`
	Note          *string     `json:"note,omitempty" text:"lines"`
	Days          []DayChange `json:"days,omitempty" nullable:"false" doc:"All days of the plan: those that are left out are taken away."`
}

type changeRoundInput struct {
	RoundPath
	IfMatch string `header:"If-Match" maxLength:"40" doc:"The ETag of the round that was changed, or * for whatever it is now."`
	Body    RoundChange
}

func (s *API) changeRound(ctx context.Context, c *call, in *changeRoundInput) (*roundOutput, error) {
	b := in.Body
	err := s.write(ctx, c, func(tx *db.Tx) (int64, error) {
		d, err := round.Days(ctx, tx, c.Viewer, in.Round)
		if err != nil {
			return 0, err
		}
		version, byHeader := d.Version, in.IfMatch != ""
		switch {
		case !d.Manages:
			return 0, fault.NotFound
		case byHeader && in.IfMatch == "*":
		case byHeader:
			// Whatever is no version of ours is not the one that the round has.
			if version, err = strconv.Atoi(strings.Trim(strings.TrimPrefix(in.IfMatch, "W/"), `"`)); err != nil {
				version = 0
			}
		case b.Version != nil:
			version = *b.Version
		default:
			return 0, problem(c.lang, http.StatusPreconditionRequired, "api.version_missing")
		}
		n := planning.PlanOf(d)
		set(&n.Label, b.Label)
		set(&n.Capacity, b.Capacity)
		set(&n.Minimum, b.Minimum)
		set(&n.SignupFrom, b.SignupFrom)
		set(&n.SignupUntil, b.SignupUntil)
		set(&n.AcceptHours, b.AcceptHours)
		set(&n.Note, b.Note)
		n.DecideOn, n.WithdrawUntil = b.DecideOn.or(n.DecideOn), b.WithdrawUntil.or(n.WithdrawUntil)
		if b.Days != nil {
			n.Days = nil
			for _, day := range b.Days {
				plan := day.plan()
				plan.ID = day.ID
				n.Days = append(n.Days, plan)
			}
		}
		err = planning.Edit(ctx, tx, c.Viewer, in.Round, version, n, c.now)
		switch f := fault.Of(err); {
		case f != nil && f.Key == "round.changed_meanwhile":
			p := problem(c.lang, http.StatusConflict, f.Key)
			if byHeader {
				p = problem(c.lang, http.StatusPreconditionFailed, f.Key)
			}
			p.Detail = c.lang.T("api.changed_meanwhile") // the page's words are about the page
			err = p
		case errors.Is(err, fault.NotFound):
			err = fault.Invalid("days", "api.no_such_day")
		}
		return in.Round, err
	})
	if err != nil {
		return nil, err
	}
	return s.told(ctx, c, in.Round)
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// step is a step of the round's life that needs no more words.
func (s *API) step(take func(context.Context, *db.Tx, access.Viewer, int64, clock.Instant) error) func(context.Context, *call, *RoundPath) (*roundOutput, error) {
	return func(ctx context.Context, c *call, in *RoundPath) (*roundOutput, error) {
		err := s.write(ctx, c, func(tx *db.Tx) (int64, error) {
			return in.Round, take(ctx, tx, c.Viewer, in.Round, c.now)
		})
		if err != nil {
			return nil, err
		}
		return s.told(ctx, c, in.Round)
	}
}

// Cancellation says why a round is cancelled.
type Cancellation struct {
	Cause  string `json:"cause,omitempty" enum:"too_few,no_trainer,no_room,other" doc:"What figures count it under; other unless told."`
	Reason string `json:"reason" text:"lines" example:"Too few had signed up."`
}

type cancelRoundInput struct {
	RoundPath
	Body Cancellation
}

func (s *API) cancelRound(ctx context.Context, c *call, in *cancelRoundInput) (*roundOutput, error) {
	return s.step(func(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
		cause := cmp.Or(round.Cause(in.Body.Cause), round.OtherCause)
		return planning.Cancel(ctx, tx, viewer, id, cause, in.Body.Reason, now)
	})(ctx, c, &in.RoundPath)
}
