package courses

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/review"
)

// AskForReview lets Socialstyrelsen and a municipality read the draft: the municipality's
// administrator has read it and asks for changes, the authority has not answered yet.
func AskForReview(w *world.World) error {
	course, asked := w.Courses[drafted], (w.Today-6).At(10, 0)
	var site letter.Site
	if err := review.AskByRole(w.Ctx, w.Tx, w.Producer, course, site, asked); err != nil {
		return err
	}
	const pilot = "kommunadministrator@example.org"
	if err := review.Ask(w.Ctx, w.Tx, w.Producer, course, pilot, review.Pilot, site, asked); err != nil {
		return err
	}
	person, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT id FROM person WHERE email = $1`, pilot)
	if err != nil {
		return err
	}
	reader := access.Viewer{PersonID: person}
	for i, c := range []struct{ place, quote, text string }{
		{review.About, "", "Bra inledning. Säg gärna att chefen också ska läsa den."},
		{review.TaskPlace("valkommen"), "", "Skriv ut hur lång tid hela förberedelsen tar, så att vi kan planera den i schemat."},
	} {
		if err := review.Say(w.Ctx, w.Tx, reader, course, c.place, c.quote, c.text, (w.Today-3).At(13, 10*i)); err != nil {
			return err
		}
	}
	r, err := review.Of(w.Ctx, w.Tx, w.Producer, course, nil, w.Today)
	if err != nil {
		return err
	}
	if err := review.Settle(w.Ctx, w.Tx, w.Producer, course, r.Comments[0].ID, "Det står nu i texten till chefer.", (w.Today-2).At(9, 0)); err != nil {
		return err
	}
	return review.Decide(w.Ctx, w.Tx, reader, course, review.Changes, "", 1, (w.Today-3).At(13, 30))
}
