package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"path"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/file"
	"yrkesresan/internal/trainer"
)

// courseFiles are the courses that were written for the demo, each a folder as
// it is imported, called by the course's slug.
//
//go:embed courses
var courseFiles embed.FS

// coursesPublished is when the demo's courses came out with content. Editions
// from before hold none.
var coursesPublished = clock.Date(2026, 5, 18).At(9, 0)

// Courses are the slugs of the courses that the demo holds content of.
func Courses() ([]string, error) {
	documents, err := fs.Glob(courseFiles, "courses/*/course.toml")
	for i, name := range documents {
		documents[i] = path.Base(path.Dir(name))
	}
	return documents, err
}

// Course is the folder of the course.
func Course(slug string) (fs.FS, error) { return fs.Sub(courseFiles, "courses/"+slug) }

// receiveCourses reads the demo's courses and keeps their files.
func receiveCourses(store *file.Store) ([]catalogue.Package, error) {
	slugs, err := Courses()
	if err != nil {
		return nil, err
	}
	var all []catalogue.Package
	for _, slug := range slugs {
		folder, err := Course(slug)
		if err != nil {
			return nil, err
		}
		p, err := catalogue.Receive(store, folder)
		if err != nil {
			return nil, fmt.Errorf("course %s: %w", slug, err)
		}
		p.Slug = slug
		all = append(all, p)
	}
	return all, nil
}

// drafted is the course whose next edition the producer is at work on.
const drafted = "bas-3"

// publishCourses publishes them, and leaves one with a draft.
func (l *loader) publishCourses() error {
	for _, p := range l.packages {
		course, version, err := catalogue.Import(l.ctx, l.tx, l.producer, p, 0, coursesPublished)
		if err == nil {
			_, err = catalogue.Publish(l.ctx, l.tx, l.producer, course.ID, version, coursesPublished)
		}
		if err == nil && p.Slug == drafted {
			err = l.draft(course)
		}
		if err != nil {
			return fmt.Errorf("course %s: %w", p.Slug, err)
		}
	}
	return nil
}

// draft is what the producer has come to with the course's next edition: one new
// task, not yet translated.
func (l *loader) draft(course catalogue.Course) error {
	if err := catalogue.StartDraft(l.ctx, l.tx, l.producer, course.ID, l.now); err != nil {
		return err
	}
	d, err := catalogue.DraftOf(l.ctx, l.tx, l.producer, course.ID)
	if err != nil {
		return err
	}
	d.Content.Add(catalogue.Task{
		Phase: catalogue.FollowUp, Kind: catalogue.DiscussionTask, Minutes: 10, Optional: true,
		Title: catalogue.Words{"sv": "Fråga den det gäller"},
		Text:  catalogue.Words{"sv": "Välj någon som du ger stöd. Fråga vad som gör det lättare att delta, och vad som gör det svårare. Berätta för en kollega vad du fick veta."},
	})
	_, err = catalogue.SaveDraft(l.ctx, l.tx, l.producer, course.ID, d.Version, &d.Content, l.now)
	return err
}

// joinTeam puts the trainer whom the picker offers into the team of a course
// with content, so that they have a trainer pack to read.
func (l *loader) joinTeam() error {
	on := coursesPublished.Day()
	id, err := trainer.Recruit(l.ctx, l.tx, l.regional[dalarna], trainer.New{
		PersonID: l.plan.trainers["B1"].id, CourseID: l.courses["samtal-och-delaktighet"], RegionID: l.regions[dalarna], On: on,
	})
	if err != nil {
		return err
	}
	return trainer.Ready(l.ctx, l.tx, l.regional[dalarna], id, on+30)
}
