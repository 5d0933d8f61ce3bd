// Package courses holds the courses that were written for the demo: the contents
// of some of the programme's, and the names of a few that no source names.
package courses

import (
	"embed"
	"fmt"
	"io/fs"
	"path"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/file"
)

// folders are the contents, each as it is imported, called by the course's slug.
//
//go:embed */course.toml */media
var folders embed.FS

// Published is when the courses came out with content. Editions from before hold
// none.
var Published = clock.Date(2026, 5, 18).At(9, 0)

// Slugs are those of the courses with content.
func Slugs() ([]string, error) {
	documents, err := fs.Glob(folders, "*/course.toml")
	for i, name := range documents {
		documents[i] = path.Base(path.Dir(name))
	}
	return documents, err
}

// Folder is the folder of the course.
func Folder(slug string) (fs.FS, error) { return fs.Sub(folders, slug) }

// Receive reads the contents and keeps their files.
func Receive(store *file.Store) ([]catalogue.Package, error) {
	slugs, err := Slugs()
	if err != nil {
		return nil, err
	}
	var all []catalogue.Package
	for _, slug := range slugs {
		folder, err := Folder(slug)
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

// Publish publishes the contents, and leaves one with a draft.
func Publish(w *world.World, packages []catalogue.Package) error {
	for _, p := range packages {
		course, version, err := catalogue.Import(w.Ctx, w.Tx, w.Producer, p, 0, Published)
		if err == nil {
			_, err = catalogue.Publish(w.Ctx, w.Tx, w.Producer, course.ID, version, Published)
		}
		if err == nil && p.Slug == drafted {
			err = draft(w, course)
		}
		if err != nil {
			return fmt.Errorf("course %s: %w", p.Slug, err)
		}
	}
	return nil
}

// draft is what the producer has come to with the course's next edition: one new
// task, not yet translated.
func draft(w *world.World, course catalogue.Course) error {
	if err := catalogue.StartDraft(w.Ctx, w.Tx, w.Producer, course.ID, w.Now); err != nil {
		return err
	}
	d, err := catalogue.DraftOf(w.Ctx, w.Tx, w.Producer, course.ID)
	if err != nil {
		return err
	}
	d.Content.Add(catalogue.Task{
		Phase: catalogue.FollowUp, Kind: catalogue.DiscussionTask, Minutes: 10, Optional: true,
		Title: catalogue.Words{"sv": "Fråga den det gäller"},
		Text:  catalogue.Words{"sv": "Välj någon som du ger stöd. Fråga vad som gör det lättare att delta, och vad som gör det svårare. Berätta för en kollega vad du fick veta."},
	})
	_, err = catalogue.SaveDraft(w.Ctx, w.Tx, w.Producer, course.ID, d.Version, &d.Content, w.Now)
	return err
}
