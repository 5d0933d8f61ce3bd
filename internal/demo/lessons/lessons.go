// Package lessons is how far people have come: in the tasks of the courses with
// content, in courses of their own, and from a step to the next.
package lessons

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/courses"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/learning"
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

// Learn lets some have come a bit of the way in the courses with content,
// those with a seat in a round first, and the picker's employee have begun one.
func Learn(w *world.World, contents []catalogue.Package) error {
	for _, p := range contents {
		course, err := catalogue.CourseBySlug(w.Ctx, w.Tx, p.Slug)
		if err != nil {
			return err
		}
		edition, err := catalogue.EditionOn(w.Ctx, w.Tx, course.ID, w.Today)
		if err != nil {
			return err
		}
		content, err := catalogue.ContentOf(w.Ctx, w.Tx, edition.ID)
		if err != nil {
			return err
		}
		who, err := learners(w, course.ID, learnersEach)
		if err != nil {
			return err
		}
		for i, person := range who {
			if err := learn(w, course, edition.ID, content.Tasks, person, i); err != nil {
				return fmt.Errorf("%s: %w", p.Slug, err)
			}
		}
	}
	return nil
}

// learners are some of Dalarna's people with an account in a journey of the
// course who have not completed it, those with a seat first; among them the
// picker's employee.
func learners(w *world.World, courseID int64, most int) ([]int64, error) {
	return db.Rows(w.Ctx, w.Tx, db.One[int64], `
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
		LIMIT $4`, courseID, w.Regions[world.Dalarna], population.EmployeeAddress, most)
}

// learn lets one of them do as much as the number says: the picker's employee,
// who is the first, the beginning; the others that, half of the preparation, all
// of it, or everything.
func learn(w *world.World, course catalogue.Course, editionID int64, tasks []catalogue.Task, person int64, n int) error {
	viewer := w.Self(person)
	seat, err := seat.SeatIn(w.Ctx, w.Tx, viewer, course.ID)
	if err != nil {
		return err
	}
	if seat.Edition() != 0 && seat.Edition() != editionID {
		return nil // a round of the time before there was content
	}
	day := max(courses.Published.Day()+7, w.Today-40) + clock.Day(n%20)
	if day >= w.Today {
		day = w.Today - 1
	}
	for i := range tasks {
		t := &tasks[i]
		before := t.Phase == catalogue.Preparation || course.Days == 0
		switch n % 4 {
		case 0:
			if i >= 2 {
				return pause(w, course, t, viewer, day.At(12, 40))
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
			if !before && (seat == nil || seat.LastDay >= w.Today) {
				return nil
			}
		}
		if err := touch(w, course, t, viewer, day.At(12, i), n); err != nil {
			return err
		}
	}
	return nil
}

// Prepare does the preparation of the course in the days before the first
// course day, for one who is so many in the order of the seats.
func Prepare(w *world.World, courseSlug string, first clock.Day, who *population.Person, n int) error {
	course, err := catalogue.CourseBySlug(w.Ctx, w.Tx, courseSlug)
	if err != nil {
		return err
	}
	edition, err := catalogue.EditionOn(w.Ctx, w.Tx, course.ID, first)
	if err != nil {
		return err
	}
	content, err := catalogue.ContentOf(w.Ctx, w.Tx, edition.ID)
	if err != nil {
		return err
	}
	for i := range content.Tasks {
		t := &content.Tasks[i]
		if t.Phase != catalogue.Preparation {
			continue
		}
		if err := touch(w, course, t, w.SelfIn(who.Region, who.ID), (first-2).At(12, i), n); err != nil {
			return fmt.Errorf("%s: %w", who.Email, err)
		}
	}
	return nil
}

// touch is the whole task at once.
func touch(w *world.World, course catalogue.Course, t *catalogue.Task, viewer access.Viewer, at clock.Instant, n int) error {
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
	return save(w, course, t, viewer, touch)
}

// pause is a film or a podcast that somebody has begun; of other tasks nothing.
func pause(w *world.World, course catalogue.Course, t *catalogue.Task, viewer access.Viewer, at clock.Instant) error {
	if t.Kind != catalogue.FilmTask && t.Kind != catalogue.PodcastTask {
		return nil
	}
	position := 24
	return save(w, course, t, viewer, learning.Touch{At: at, Position: &position})
}

func save(w *world.World, course catalogue.Course, t *catalogue.Task, viewer access.Viewer, touch learning.Touch) error {
	_, err := learning.Save(w.Ctx, w.Tx, viewer, learning.Work{
		Course: course.Slug, Task: t.Key,
		Seat:  func(catalogue.Course) (int64, bool, error) { return 0, false, nil },
		Touch: func(*catalogue.Task) learning.Touch { return touch },
	}, touch.At)
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
