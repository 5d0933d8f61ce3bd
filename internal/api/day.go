package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

func (s *API) days() {
	add(s, http.MethodGet, "/rounds/{round}/days", "list-days", http.StatusOK, s.listDays)
	add(s, http.MethodGet, "/days/{day}", "get-day", http.StatusOK, s.getDay)
	add(s, http.MethodGet, "/days/{day}/attendance", "get-attendance", http.StatusOK, s.getAttendance)
	add(s, http.MethodPut, "/days/{day}/attendance", "save-attendance", http.StatusOK, s.saveAttendance, http.StatusConflict)
}

// Day is a course day as the API tells it.
type Day struct {
	ID       int64        `json:"id"`
	Round    int64        `json:"round"`
	Ordinal  int          `json:"ordinal" doc:"From 1."`
	Day      clock.Day    `json:"day" format:"date"`
	Starts   string       `json:"starts" example:"09:00"`
	Ends     string       `json:"ends" example:"16:00"`
	Room     *int64       `json:"room"`
	Place    string       `json:"place"`
	Link     string       `json:"link"`
	HeldAt   *time.Time   `json:"held_at" doc:"When the whole attendance was first saved."`
	Attended int          `json:"attended" doc:"How many were there."`
	Trainers []DayTrainer `json:"trainers" nullable:"false"`
}

// DayTrainer is somebody who holds a day.
type DayTrainer struct {
	Person       int64  `json:"person"`
	Name         string `json:"name"`
	Role         string `json:"role" enum:"lead_trainer,trainer"`
	Municipality string `json:"municipality" doc:"The employer on the day; empty for staff of the region."`
	Present      *bool  `json:"present" doc:"null: nobody has said."`
}

func day(roundID int64, d round.Day) Day {
	out := Day{
		ID: d.ID, Round: roundID, Ordinal: d.Ordinal, Day: d.Day, Starts: d.Starts, Ends: d.Ends, Place: d.Place, Link: d.Link,
		HeldAt: moment(d.HeldAt), Attended: d.Attended, Trainers: []DayTrainer{},
	}
	if d.RoomID != 0 {
		out.Room = &d.RoomID
	}
	for _, t := range d.Trainers {
		out.Trainers = append(out.Trainers, DayTrainer{Person: t.PersonID, Name: t.Name, Role: string(t.Role), Municipality: t.Municipality, Present: t.Present})
	}
	return out
}

type listDaysOutput struct {
	Body []Day `nullable:"false"`
}

func (s *API) listDays(ctx context.Context, c *call, in *RoundPath) (*listDaysOutput, error) {
	d, err := round.Days(ctx, s.DB.Reader(), c.Viewer, in.Round)
	if err != nil {
		return nil, err
	}
	out := &listDaysOutput{Body: []Day{}}
	for _, each := range d.CourseDays {
		out.Body = append(out.Body, day(d.ID, each))
	}
	return out, nil
}

// DayPath names a course day.
type DayPath struct {
	Day int64 `path:"day" minimum:"1" doc:"The course day's id."`
}

type dayOutput struct{ Body Day }

func (s *API) getDay(ctx context.Context, c *call, in *DayPath) (*dayOutput, error) {
	d, each, err := round.OfDay(ctx, s.DB.Reader(), c.Viewer, in.Day)
	if err != nil {
		return nil, err
	}
	return &dayOutput{Body: day(d.ID, each)}, nil
}

// Attendance is a day's list.
type Attendance struct {
	Day      Day    `json:"day"`
	Marks    []Mark `json:"marks" nullable:"false"`
	Complete bool   `json:"complete" doc:"The whole list has been saved."`
}

// Mark says whether a participant came.
type Mark struct {
	Enrolment int64   `json:"enrolment"`
	Person    int64   `json:"person"`
	Name      string  `json:"name"`
	Mark      *string `json:"mark" enum:"present,late,excused,absent" doc:"null: nobody has said."`
	Reason    string  `json:"reason"`
	Source    *string `json:"source" enum:"own,trainer,correction" doc:"Whose word it is; null: nobody has said."`
}

type attendanceOutput struct{ Body Attendance }

func (o *attendanceOutput) tells() (audit.Kind, []int64) {
	return audit.Attendance, each(o.Body.Marks, func(m Mark) int64 { return m.Person })
}

func (s *API) getAttendance(ctx context.Context, c *call, in *DayPath) (*attendanceOutput, error) {
	sheet, err := round.SheetOf(ctx, s.DB.Reader(), c.Viewer, in.Day)
	if err != nil {
		return nil, err
	}
	out := &attendanceOutput{Body: Attendance{Day: day(sheet.ID, sheet.Day), Marks: []Mark{}, Complete: sheet.Day.HeldAt != nil}}
	for _, e := range sheet.Enrolments {
		m := Mark{Enrolment: e.ID, Person: e.PersonID, Name: e.Name, Reason: e.Reasons[0]}
		if mark := string(e.Marks[0]); mark != "" {
			source := string(e.Words[0].Source)
			m.Mark, m.Source = &mark, &source
		}
		out.Body.Marks = append(out.Body.Marks, m)
	}
	return out, nil
}

// AttendanceList is a day's whole list to be saved.
type AttendanceList struct {
	Marks    []GivenMark    `json:"marks" nullable:"false" doc:"One for everybody with a seat."`
	Trainers []GivenTrainer `json:"trainers,omitempty" nullable:"false" doc:"One for every trainer of the day; those that are left out stay as they were said to be before."`
	Why      string         `json:"why,omitempty" doc:"Why a mark that was saved is changed; needed from the day after on."`
}

// GivenMark is one participant's mark.
type GivenMark struct {
	Enrolment int64  `json:"enrolment,omitempty" minimum:"1" doc:"The seat, or else person."`
	Person    int64  `json:"person,omitempty" minimum:"1"`
	Mark      string `json:"mark" enum:"present,late,excused,absent"`
	Reason    string `json:"reason,omitempty" doc:"Why somebody was late or away."`
}

// GivenTrainer says whether a trainer was there.
type GivenTrainer struct {
	Person  int64 `json:"person" minimum:"1"`
	Present bool  `json:"present"`
}

type saveAttendanceInput struct {
	DayPath
	Body AttendanceList
}

// saveAttendance saves the whole list or nothing.
func (s *API) saveAttendance(ctx context.Context, c *call, in *saveAttendanceInput) (*attendanceOutput, error) {
	b := in.Body
	err := s.write(ctx, c, func(tx *db.Tx) (int64, error) {
		roster, err := round.RosterOf(ctx, tx, in.Day)
		if err != nil {
			return 0, err
		}
		var checks fault.Checks
		where := map[string]string{} // the domain's field → the place in the body
		marks := make([]attendance.Marking, len(b.Marks))
		for i, m := range b.Marks {
			place := fmt.Sprintf("marks.%d", i)
			checks.Require((m.Enrolment == 0) != (m.Person == 0), place, "api.enrolment_or_person")
			enrolment := m.Enrolment
			if m.Person != 0 {
				enrolment = roster.Seats[m.Person]
				checks.Require(enrolment != 0, place+".person", "api.not_enrolled")
			}
			where["mark_"+strconv.FormatInt(enrolment, 10)] = place
			marks[i] = attendance.Marking{EnrolmentID: enrolment, Mark: round.Mark(m.Mark), Reason: m.Reason, Why: b.Why}
		}
		told := map[int64]bool{}
		trainers := make([]attendance.TrainerMarking, 0, len(b.Trainers))
		for i, t := range b.Trainers {
			place := fmt.Sprintf("trainers.%d", i)
			checks.Require(!told[t.Person], place, "api.twice")
			told[t.Person] = true
			where["trainer_"+strconv.FormatInt(t.Person, 10)] = place
			trainers = append(trainers, attendance.TrainerMarking{PersonID: t.Person, Present: t.Present})
		}
		for person, present := range roster.Said {
			if !told[person] {
				trainers = append(trainers, attendance.TrainerMarking{PersonID: person, Present: present})
			}
		}
		if err := checks.Err(); err != nil {
			// Who may not save the list does not learn from it who is on it.
			_, forbidden := round.SheetOf(ctx, tx, c.Viewer, in.Day)
			return 0, cmp.Or(forbidden, err)
		}
		err = attendance.SaveAttendance(ctx, tx, c.Viewer, in.Day, marks, trainers, c.now)
		return roster.RoundID, renamed(err, func(field string) string {
			if place, ok := where[field]; ok {
				return place
			}
			if kind, _, ok := strings.Cut(field, "_"); ok && (kind == "mark" || kind == "trainer") { // left out
				return kind + "s"
			}
			return field
		})
	})
	if err != nil {
		return nil, err
	}
	return s.getAttendance(ctx, c, &in.DayPath)
}
