package courses

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/trial"
)

// tried is the course whose draft a group tries.
const tried = "mota-aldre-i-vardagen"

// Try lets some of the employees of Borlänge, and the trainer whom one can be, try the draft of
// a course. Most have done some of it, and two have said what they think.
func Try(w *world.World) error {
	course, err := catalogue.CourseBySlug(w.Ctx, w.Tx, tried)
	if err != nil {
		return err
	}
	began := (w.Today - 9).At(9, 0)
	if err := catalogue.StartDraft(w.Ctx, w.Tx, w.Producer, course.ID, began); err != nil {
		return err
	}
	d, err := catalogue.DraftOf(w.Ctx, w.Tx, w.Producer, course.ID)
	if err != nil {
		return err
	}
	d.Content.Add(catalogue.Task{
		Phase: catalogue.Preparation, Kind: catalogue.DiscussionTask, Minutes: 5, Optional: true,
		Title: catalogue.Words{"sv": "Prata om en god måltid", "en": "Talk about a good meal"},
		Text:  catalogue.Words{"sv": "Berätta för en kollega om en måltid som du minns. Vad gjorde den god?", "en": "Tell a colleague about a meal that you remember. What made it good?"},
	})
	version, err := catalogue.SaveDraft(w.Ctx, w.Tx, w.Producer, course.ID, d.Version, &d.Content, began)
	if err != nil {
		return err
	}
	if err := trial.Start(w.Ctx, w.Tx, w.Producer, course.ID, version, false, began); err != nil {
		return err
	}
	type invited struct {
		ID    int64
		Email string
	}
	people, err := db.Rows(w.Ctx, w.Tx, func(p *invited) []any { return []any{&p.ID, &p.Email} }, `
		SELECT p.id, p.email
		FROM person AS p
		JOIN employed AS e ON e.person_id = p.id AND e.to_day IS NULL
		JOIN organisation AS m ON m.id = e.municipality_id AND m.name = 'Borlänge'
		WHERE p.email IS NOT NULL
		AND (p.email = 'utbildare@example.org' OR p.email LIKE '%.%@%')
		AND NOT EXISTS (SELECT 1 FROM role_grant AS g WHERE g.person_id = p.id)
		AND NOT EXISTS (SELECT 1 FROM protected_person AS x WHERE x.person_id = p.id)
		AND NOT EXISTS (SELECT 1 FROM study AS s WHERE s.person_id = p.id AND s.course_id = $1)
		ORDER BY CASE WHEN p.email = 'utbildare@example.org' THEN 0 ELSE 1 END, p.id
		LIMIT 8`, course.ID)
	if err != nil {
		return err
	}
	emails := make([]string, len(people))
	for i, p := range people {
		emails[i] = p.Email
	}
	if err := trial.Join(w.Ctx, w.Tx, w.Producer, course.ID, emails, letter.Site{}, began); err != nil {
		return err
	}
	for i, p := range people[1:] {
		if err := tries(w, course, access.Viewer{PersonID: p.ID}, i); err != nil {
			return fmt.Errorf("try %s: %w", tried, err)
		}
	}
	return nil
}

// tries lets the person do the first n tasks that are only read, and say what they think.
func tries(w *world.World, course catalogue.Course, viewer access.Viewer, n int) error {
	s, err := learning.StudyOf(w.Ctx, w.Tx, viewer, course, 0, w.Today)
	if err != nil {
		return err
	}
	at := (w.Today - 5).At(10, n)
	for i, t := range s.Tasks {
		if i >= n || t.Kind == catalogue.QuizTask || t.Kind == catalogue.ReflectionTask {
			break
		}
		if err := do(w, course, viewer, t.Key, at); err != nil {
			return err
		}
	}
	if n == 2 {
		if err := trial.Say(w.Ctx, w.Tx, viewer, course.ID, s.Tasks[0].Key, "Bra, men säg hur lång tid den tar.", at); err != nil {
			return err
		}
	}
	if n != 3 && n != 4 {
		return nil
	}
	return trial.Grade(w.Ctx, w.Tx, viewer, course.ID, []string{"very_satisfied", "fairly_satisfied"}[n-3], []string{"Lagom lång.", ""}[n-3], at)
}

func do(w *world.World, course catalogue.Course, viewer access.Viewer, key string, at clock.Instant) error {
	done := true
	_, err := learning.Save(w.Ctx, w.Tx, viewer, learning.Work{
		Course: course.Slug, Task: key,
		Seat:  func(catalogue.Course) (int64, bool, error) { return 0, false, nil },
		Touch: func(*catalogue.Task) learning.Touch { return learning.Touch{At: at, Done: &done} },
	}, at)
	return err
}
