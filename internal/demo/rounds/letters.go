package rounds

import (
	"fmt"

	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/material"
	"yrkesresan/internal/round"
)

// Write adds invented material to the courses of the rounds to come, and a
// letter that was sent. What the demo's history holds gives no letters: nobody
// is to be written to about it.
func (plan *Plan) Write(w *world.World) error {
	admin := w.Regional[world.Dalarna]
	done := map[int64]bool{}
	written := false
	for _, c := range plan.Ahead {
		d, err := round.Get(w.Ctx, w.Tx, admin, c.ID)
		if err != nil {
			return err
		}
		if d.EditionID != nil && !done[*d.EditionID] {
			done[*d.EditionID] = true
			for _, m := range []material.New{
				{Audience: material.Participants, Title: "Förberedelseuppgift", URL: "https://example.org/" + d.CourseSlug + "/forberedelse"},
				{Audience: material.Participants, Title: "Presentation", URL: "https://example.org/" + d.CourseSlug + "/presentation"},
				{Audience: material.Trainers, Title: "Körschema med anteckningar", URL: "https://example.org/" + d.CourseSlug + "/korschema"},
			} {
				m.EditionID, m.RegionID = *d.EditionID, d.RegionID
				if _, err := material.Add(w.Ctx, w.Tx, admin, m); err != nil {
					return fmt.Errorf("material of %s: %w", d.Course, err)
				}
			}
		}
		if written || d.Seats == 0 {
			continue
		}
		written = true
		if err := letter.Record(w.Ctx, w.Tx, admin, d.ID, letter.New{
			Audience: letter.Participants, Key: "demo", Subject: "Parkering vid {plats}",
			Body: "Hej {förnamn}!\n\nVälkommen till {kurs} {dagar}. Parkeringen vid huset är full den här tiden på året: ta gärna bussen.\n\nDu kan avboka till och med {sista dag att avboka}. Mer om kursen: {länk}",
		}, letter.Site{}, (w.Today-3).At(10, 15)); err != nil {
			return fmt.Errorf("letter of %s: %w", d.Course, err)
		}
	}
	return letter.Forget(w.Ctx, w.Tx)
}
