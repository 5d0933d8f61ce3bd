package journey

import (
	"context"
	"errors"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/seat"
)

// Of is the viewer's own way as it is now.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, now clock.Instant) (Way, error) {
	if viewer.PersonID == 0 {
		return Way{}, fault.Forbidden
	}
	r := reader{ctx: ctx, q: q, viewer: viewer, today: now.Day()}
	for _, part := range []func() error{r.steps, r.seats, r.courses, r.tasks, r.completed} {
		if err := part(); err != nil {
			return Way{}, err
		}
	}
	r.count()
	switch r.way.Things(now)[0].Kind {
	case Wish, Opens, Web: // there may be a round to sign up for before it
		return r.way, r.ahead()
	default:
		return r.way, nil
	}
}

// reader puts somebody's way together.
type reader struct {
	ctx    context.Context
	q      db.Querier
	viewer access.Viewer
	today  clock.Day
	way    Way
	found  []found
}

// steps are the open accounts. What is left of each is counted when the courses
// are known. They come with what else there is to ask for: most people have gone
// through no gate, wait in no queue and wish for nothing.
func (r *reader) steps() (err error) {
	waits := true
	r.way.Leveled, r.way.Wishes = true, true // nothing is known without an account
	r.way.Steps, err = db.Rows(r.ctx, r.q, func(s *Step) []any {
		return []any{
			&s.AccountID, &s.JourneyID, &s.Journey, &s.Slug, &s.StepID, &s.Step, &s.NextID, &s.Next, &s.Answered,
			&r.way.Leveled, &r.way.Wishes, &waits,
		}
	}, `
		SELECT
			a.id,
			j.id,
			j.name,
			j.slug,
			COALESCE(s.id, 0),
			COALESCE(s.name, ''),
			COALESCE(n.id, 0),
			COALESCE(n.name, ''),
			EXISTS (SELECT 1 FROM level_up AS l WHERE l.account_id = a.id AND l.from_step_id = s.id),
			EXISTS (SELECT 1 FROM account AS b JOIN level_up AS l ON l.account_id = b.id WHERE b.person_id = $1),
			EXISTS (SELECT 1 FROM interest AS i WHERE i.person_id = $1 AND i.ended_at IS NULL),
			EXISTS (SELECT 1 FROM queue_entry AS w WHERE w.person_id = $1 AND w.ended_at IS NULL)
		FROM account AS a
		JOIN journey AS j ON j.id = a.journey_id
		LEFT JOIN account_step AS t ON t.account_id = a.id AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day >= $2)
		LEFT JOIN step AS s ON s.id = t.step_id
		LEFT JOIN step AS n ON n.journey_id = s.journey_id AND n.ordinal = (
			SELECT MIN(o.ordinal) FROM step AS o WHERE o.journey_id = s.journey_id AND o.ordinal > s.ordinal
		)
		WHERE a.person_id = $1
		AND a.opened_on <= $2
		AND (a.closed_on IS NULL OR a.closed_on > $2)
		ORDER BY j.ordinal`, r.viewer.PersonID, r.today)
	if err != nil || !waits {
		return err
	}
	r.way.Queue, err = seat.MyQueue(r.ctx, r.q, r.viewer)
	return err
}

func (r *reader) seats() (err error) {
	r.way.Seats, err = seat.SeatsSince(r.ctx, r.q, r.viewer, Since(r.today))
	return err
}

// found is a course in its place in a journey (0: in none) with what the person
// has of it.
type found struct {
	catalogue.Course
	journeyID, stepID int64
	newest, begun     int64 // editions
	full              bool  // the one of these that is theirs has tasks
	completedOn       *clock.Day
	retired           bool
}

func (f *found) columns() []any {
	return []any{
		&f.ID, &f.Slug, &f.Name, &f.ShortName, &f.Days, &f.journeyID, &f.stepID, &f.newest, &f.begun, &f.full, &f.completedOn, &f.retired,
	}
}

// courses are those of the journeys in their order, and those that somebody has
// begun or has a seat in besides.
func (r *reader) courses() (err error) {
	r.found, err = db.Rows(r.ctx, r.q, (*found).columns, `
		SELECT
			c.id,
			c.slug,
			c.name,
			c.short_name,
			c.days,
			mine.journey_id,
			mine.step_id,
			COALESCE(e.id, 0),
			COALESCE(st.edition_id, 0),
			EXISTS (SELECT 1 FROM edition_content AS ec WHERE ec.edition_id = COALESCE(st.edition_id, e.id)),
			k.completed_on,
			NOT `+lifetime.HoldsSQL("c.id", "$2")+`
		FROM (
			SELECT cj.course_id, cj.journey_id, COALESCE(cj.step_id, 0) AS step_id, cj.ordinal
			FROM account AS a
			JOIN course_journey AS cj ON cj.journey_id = a.journey_id
			WHERE a.person_id = $1
			AND a.opened_on <= $2
			AND (a.closed_on IS NULL OR a.closed_on > $2)
			UNION ALL
			SELECT ro.course_id, 0, 0, 0
			FROM enrolment AS n
			JOIN round AS ro ON ro.id = n.round_id AND ro.last_day >= $3 AND ro.cancelled_at IS NULL
			WHERE n.person_id = $1
			AND n.withdrawn_at IS NULL
			UNION ALL
			SELECT b.course_id, 0, 0, 0
			FROM study AS b
			WHERE b.person_id = $1
		) AS mine
		JOIN course AS c ON c.id = mine.course_id
		LEFT JOIN edition AS e ON e.id = `+lifetime.NewestSQL("c.id", "$2")+`
		LEFT JOIN study AS st ON st.course_id = c.id AND st.person_id = $1
		LEFT JOIN completion AS k ON k.course_id = c.id AND k.person_id = $1 AND k.revoked_at IS NULL
		ORDER BY mine.journey_id, mine.ordinal, c.id`, r.viewer.PersonID, r.today, Since(r.today))
	r.way.Known = make(map[int64]Course, len(r.found))
	for _, f := range r.found {
		c, ok := r.way.Known[f.ID]
		if !ok {
			c = Course{Course: f.Course, Published: f.newest != 0, Begun: f.begun != 0, CompletedOn: f.completedOn, Retired: f.retired}
		}
		if f.stepID != 0 {
			c.StepIDs = append(c.StepIDs, f.stepID)
		}
		r.way.Known[f.ID] = c
		for i := range r.way.Steps {
			if s := &r.way.Steps[i]; s.JourneyID == f.journeyID && (!c.Retired || r.keeps(c)) {
				s.All = append(s.All, f.ID)
			}
		}
	}
	return err
}

// keeps tells whether the person has anything of the course: what has ended is shown to
// nobody else.
func (r *reader) keeps(c Course) bool {
	return c.CompletedOn != nil || c.Begun || r.way.seated(c.ID) || r.way.waits(c.ID)
}

// tasks finds what is left of the courses that still ask for something.
func (r *reader) tasks() error {
	done, err := r.tasksDone()
	if err != nil {
		return err
	}
	for _, f := range r.found {
		c := r.way.Known[f.ID]
		booked := slices.IndexFunc(r.way.Seats, func(s seat.Seat) bool { return s.CourseID == f.ID })
		old := c.CompletedOn != nil && *c.CompletedOn < Since(r.today)
		if c.Left != nil || old || !c.Begun && booked < 0 && c.Days > 0 {
			continue
		}
		own := learning.EditionFor(f.begun, 0, f.newest)
		if booked >= 0 {
			own = learning.EditionFor(f.begun, r.way.Seats[booked].Edition(), f.newest)
		}
		if own == 0 || !f.full && own == learning.EditionFor(f.begun, 0, f.newest) {
			continue
		}
		content, err := catalogue.ContentOf(r.ctx, r.q, own)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		c.Rules, c.HasTasks, c.Left = content.Rules, len(content.Tasks) > 0, map[catalogue.Phase]Left{}
		for i := range content.Tasks {
			t := &content.Tasks[i]
			if t.Optional || done[doneTask{f.ID, t.Key}] {
				continue
			}
			left := c.Left[t.Phase]
			if left.Tasks == 0 {
				left.Next = t
			}
			left.Tasks++
			left.Minutes += t.Minutes
			c.Left[t.Phase] = left
		}
		r.way.Known[f.ID] = c
	}
	return nil
}

type doneTask struct {
	courseID int64
	key      string
}

func (r *reader) tasksDone() (map[doneTask]bool, error) {
	if !slices.ContainsFunc(r.found, func(f found) bool { return f.begun != 0 }) {
		return nil, nil
	}
	rows, err := db.Rows(r.ctx, r.q, func(d *doneTask) []any { return []any{&d.courseID, &d.key} }, `
		SELECT
			st.course_id,
			t.key
		FROM study AS st
		JOIN task AS t ON t.edition_id = st.edition_id AND t.required
		JOIN progress AS p ON p.person_id = st.person_id AND p.task_id = t.id AND p.done_at IS NOT NULL
		WHERE st.person_id = $1
		AND NOT EXISTS (
			SELECT 1
			FROM completion AS k
			WHERE k.person_id = st.person_id
			AND k.course_id = st.course_id
			AND k.revoked_at IS NULL
			AND k.completed_on < $2
		)`, r.viewer.PersonID, Since(r.today))
	done := make(map[doneTask]bool, len(rows))
	for _, d := range rows {
		done[d] = true
	}
	return done, err
}

// completed are all completions, in whatever journey and wherever somebody
// worked then.
func (r *reader) completed() (err error) {
	r.way.Done, err = db.Rows(r.ctx, r.q, func(c *Completed) []any {
		return []any{&c.ID, &c.CourseID, &c.Course, &c.CourseSlug, &c.On, &c.Source, &c.Evaluated}
	}, `
		SELECT
			k.id,
			k.course_id,
			`+catalogue.TitleSQL("c")+`,
			c.slug,
			k.completed_on,
			k.source,
			EXISTS (
				SELECT 1
				FROM response AS a
				JOIN survey AS s ON s.id = a.survey_id
				WHERE a.person_id = $1
				AND s.course_id = c.id
				AND s.kind = 'course_evaluation'
			)
		FROM completion AS k
		JOIN course AS c ON c.id = k.course_id
		WHERE k.person_id = $1
		AND k.revoked_at IS NULL
		ORDER BY k.completed_on DESC, k.id DESC`, r.viewer.PersonID)
	return err
}

// count tells how many courses each step has, and how many are done, as
// learning.Standings does.
func (r *reader) count() {
	for i := range r.way.Steps {
		s := &r.way.Steps[i]
		for _, id := range s.All {
			if c := r.way.Known[id]; c.Demanded() && s.has(c) {
				s.Courses++
				if c.CompletedOn != nil {
					s.Done++
				}
			}
		}
	}
}

// ahead are the rounds of what somebody could go on with.
func (r *reader) ahead() (err error) {
	var courses []int64
	for _, c := range r.way.Wanted() {
		if c.Days > 0 {
			courses = append(courses, c.ID)
		}
	}
	r.way.Ahead, err = planning.RoundsAhead(r.ctx, r.q, r.viewer, courses, r.today, mostAhead)
	return err
}

const mostAhead = 30 // rounds of the courses of a step
