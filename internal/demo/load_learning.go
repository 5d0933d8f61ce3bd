package demo

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
)

// learnersEach is how many of Dalarna's people have begun each of the demo's
// courses.
const learnersEach = 24

// thoughts are what they write in reflections; they fit any course.
var thoughts = []string{
	"Jag tänker på hur ofta jag skyndar mig. I går stannade jag kvar en stund extra, och då berättade hon vad hon egentligen ville.",
	"Det svåra är att hinna. Men att fråga först tar inte lång tid, och det blev lugnare för oss båda.",
	"Vi gör olika i arbetsgruppen. Jag vill ta upp det på nästa arbetsplatsträff.",
	"Jag kände igen mig i exemplet. Nästa gång ska jag vänta in svaret.",
}

// learning lets some have come a bit of the way in the courses with content,
// those with a seat in a round first, and the picker's employee have begun one.
func (l *loader) learning() error {
	for _, p := range l.packages {
		course, err := catalogue.CourseBySlug(l.ctx, l.tx, p.Slug)
		if err != nil {
			return err
		}
		edition, err := catalogue.EditionOn(l.ctx, l.tx, course.ID, l.plan.today)
		if err != nil {
			return err
		}
		content, err := catalogue.ContentOf(l.ctx, l.tx, edition.ID)
		if err != nil {
			return err
		}
		who, err := l.learners(course.ID, learnersEach)
		if err != nil {
			return err
		}
		for i, person := range who {
			if err := l.learn(course, edition.ID, content.Tasks, person, i); err != nil {
				return fmt.Errorf("%s: %w", p.Slug, err)
			}
		}
	}
	return nil
}

// learners are some of Dalarna's people with an account in a journey of the
// course who have not completed it, those with a seat first; among them the
// picker's employee.
func (l *loader) learners(courseID int64, most int) ([]int64, error) {
	return db.Rows(l.ctx, l.tx, db.One[int64], `
		SELECT e.person_id
		FROM employment AS e
		JOIN person AS p ON p.id = e.person_id
		WHERE e.region_id = $2
		AND e.to_day IS NULL
		AND (p.email LIKE '%.%@%' OR p.email = $3)
		AND EXISTS (
			SELECT 1
			FROM account AS a
			JOIN course_journey AS j ON j.journey_id = a.journey_id
			WHERE a.person_id = e.person_id
			AND a.closed_on IS NULL
			AND j.course_id = $1
		)
		AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.course_id = $1 AND c.revoked_at IS NULL)
		ORDER BY
			p.email = $3 DESC,
			EXISTS (
				SELECT 1
				FROM enrolment AS n
				JOIN round AS r ON r.id = n.round_id
				WHERE n.person_id = e.person_id
				AND n.withdrawn_at IS NULL
				AND r.course_id = $1
				AND r.cancelled_at IS NULL
			) DESC,
			(e.person_id * 7919) % 10007,
			e.person_id
		LIMIT $4`, courseID, l.regions[dalarna], personas[0].email, most)
}

// learn lets one of them do as much as the number says: the picker's employee,
// who is the first, the beginning; the others that, half of the preparation, all
// of it, or everything.
func (l *loader) learn(course catalogue.Course, editionID int64, tasks []catalogue.Task, person int64, n int) error {
	viewer := l.self(person)
	taken, err := seat.SeatIn(l.ctx, l.tx, viewer, course.ID)
	if err != nil {
		return err
	}
	if taken.Edition() != 0 && taken.Edition() != editionID {
		return nil // a round of the time before there was content
	}
	day := max(coursesPublished.Day()+7, l.plan.today-40) + clock.Day(n%20)
	if day >= l.plan.today {
		day = l.plan.today - 1
	}
	for i := range tasks {
		t := &tasks[i]
		before := t.Phase == catalogue.Preparation || course.Days == 0
		switch n % 4 {
		case 0:
			if i >= 2 {
				return l.pause(course, t, viewer, day.At(12, 40))
			}
		case 1:
			if i >= 4 {
				return nil
			}
		case 2:
			if !before {
				return nil
			}
		case 3: // everything that can be done before the course days
			if !before && (taken == nil || taken.LastDay >= l.plan.today) {
				return nil
			}
		}
		if err := l.touch(course, t, viewer, day.At(12, i), n); err != nil {
			return err
		}
	}
	return nil
}

// prepare lets those who were at the course days do the preparation first, where
// the course requires it; one whom nobody has approved yet has not.
func (l *loader) prepare(r *roundPlan, detail round.Detail) error {
	preparations, err := attendance.Preparations(l.ctx, l.tx, detail.Round, detail.Enrolments)
	if err != nil {
		return err
	}
	first := r.days[0].day
	for n, s := range r.seats {
		if s.approved == nil && n == len(r.seats)-1 || !preparations[s.who.id].Hinders() {
			continue
		}
		course, err := catalogue.CourseBySlug(l.ctx, l.tx, r.course)
		if err != nil {
			return err
		}
		edition, err := catalogue.EditionOn(l.ctx, l.tx, course.ID, first)
		if err != nil {
			return err
		}
		content, err := catalogue.ContentOf(l.ctx, l.tx, edition.ID)
		if err != nil {
			return err
		}
		self := access.Viewer{PersonID: s.who.id, Home: access.Place{RegionID: l.regions[s.who.region], PersonID: s.who.id}}
		for i := range content.Tasks {
			t := &content.Tasks[i]
			if t.Phase != catalogue.Preparation {
				continue
			}
			if err := l.touch(course, t, self, (first-2).At(12, i), n); err != nil {
				return fmt.Errorf("%s: %w", s.who.email, err)
			}
		}
	}
	return nil
}

// touch is the whole task at once.
func (l *loader) touch(course catalogue.Course, t *catalogue.Task, viewer access.Viewer, at clock.Instant, n int) error {
	done, shared, text := true, n%3 != 0, thoughts[n%len(thoughts)]
	touch := learning.Touch{At: at, Done: &done}
	switch t.Kind {
	case catalogue.QuizTask:
		touch = learning.Touch{At: at, Answers: rightAnswers(t), Submit: true}
		if n%3 == 1 { // not all is right the first time
			for i, q := range t.Questions {
				if q.Kind == catalogue.OneOf {
					touch.Answers[i].Chosen[0] = (touch.Answers[i].Chosen[0] + 1) % len(q.Options)
					break
				}
			}
		}
	case catalogue.ReflectionTask:
		touch.Text, touch.Shared = &text, &shared
	default:
	}
	return l.save(course, t, viewer, touch)
}

// pause is a film or a podcast that somebody has begun; of other tasks nothing.
func (l *loader) pause(course catalogue.Course, t *catalogue.Task, viewer access.Viewer, at clock.Instant) error {
	if t.Kind != catalogue.FilmTask && t.Kind != catalogue.PodcastTask {
		return nil
	}
	position := 24
	return l.save(course, t, viewer, learning.Touch{At: at, Position: &position})
}

func (l *loader) save(course catalogue.Course, t *catalogue.Task, viewer access.Viewer, touch learning.Touch) error {
	_, err := learning.Save(l.ctx, l.tx, viewer, course, t.Key,
		func() (int64, error) { return 0, nil }, func(*catalogue.Task) learning.Touch { return touch }, touch.At)
	return err
}

// rightAnswers are those to the quiz.
func rightAnswers(t *catalogue.Task) []learning.Answer {
	answers := make([]learning.Answer, len(t.Questions))
	for i, q := range t.Questions {
		if q.Kind == catalogue.FreeText {
			answers[i].Text = "Jag skulle fråga personen själv, och lyssna på svaret."
			continue
		}
		for n, o := range q.Options {
			if o.Right || q.Kind == catalogue.InOrder || q.Kind == catalogue.Matching {
				answers[i].Chosen = append(answers[i].Chosen, n)
			}
		}
	}
	return answers
}
