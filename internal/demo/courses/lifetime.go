package courses

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
)

const (
	mistaken = "mota-aldre-i-vardagen" // its second edition was wrong, and out for four days
	retiring = "aldre-bas-3"           // ends next summer
)

// End withdraws an edition that was wrong, in which some have begun, and tells when a
// course is retired.
func End(w *world.World) error {
	out, until := (w.Today-40).At(9, 0), (w.Today-36).At(15, 0)
	course, err := catalogue.CourseBySlug(w.Ctx, w.Tx, mistaken)
	if err != nil {
		return err
	}
	if err := catalogue.StartDraft(w.Ctx, w.Tx, w.Producer, course.ID, out); err != nil {
		return err
	}
	d, err := catalogue.DraftOf(w.Ctx, w.Tx, w.Producer, course.ID)
	if err != nil {
		return err
	}
	d.Content.Changes = catalogue.Words{"sv": "Nya frågor om läkemedel.", "en": "New questions about medicine."}
	d.Content.Add(catalogue.Task{
		Phase: catalogue.FollowUp, Kind: catalogue.DiscussionTask, Minutes: 10, Optional: true,
		Title: catalogue.Words{"sv": "Prata om läkemedel", "en": "Talk about medicine"},
		Text:  catalogue.Words{"sv": "Prata i arbetsgruppen om vad ni gör när någon inte vill ta sin medicin.", "en": "Talk in your team about what you do when somebody does not want their medicine."},
	})
	version, err := catalogue.SaveDraft(w.Ctx, w.Tx, w.Producer, course.ID, d.Version, &d.Content, out)
	if err != nil {
		return err
	}
	e, err := catalogue.Publish(w.Ctx, w.Tx, w.Producer, course.ID, version, out)
	if err != nil {
		return err
	}
	if err := lifetime.Withdraw(w.Ctx, w.Tx, w.Producer, e.ID, "En uppgift om läkemedel sa emot riktlinjerna.", until); err != nil {
		return err
	}
	return lifetime.Retire(w.Ctx, w.Tx, w.Producer, w.Courses[retiring], clock.Date(w.Today.Year()+1, 7, 1),
		"Kursen går upp i en ny kurs om mat, hälsa och läkemedel.", (w.Today-10).At(10, 0))
}
