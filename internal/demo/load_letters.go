package demo

import (
	"fmt"

	"yrkesresan/internal/letter"
	"yrkesresan/internal/material"
	"yrkesresan/internal/round"
)

// letters adds invented material to the courses of the rounds to come, and a
// letter that was sent. What the demo's history holds gives no letters: nobody
// is to be written to about it.
func (l *loader) letters() error {
	admin := l.regional[dalarna]
	done := map[int64]bool{}
	written := false
	for _, c := range l.coming {
		d, err := round.Get(l.ctx, l.tx, admin, c.id)
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
				m.EditionID = *d.EditionID
				if _, err := material.Add(l.ctx, l.tx, admin, m); err != nil {
					return fmt.Errorf("material of %s: %w", d.Course, err)
				}
			}
		}
		if written || d.Seats == 0 {
			continue
		}
		written = true
		if err := letter.Record(l.ctx, l.tx, admin, d.ID, letter.New{
			Audience: letter.Participants, Key: "demo", Subject: "Parkering vid {plats}",
			Body: "Hej {förnamn}!\n\nVälkommen till {kurs} {dagar}. Parkeringen vid huset är full den här tiden på året: ta gärna bussen.\n\nDu kan avboka till och med {sista dag att avboka}. Mer om kursen: {länk}",
		}, letter.Site{}, (l.plan.today-3).At(10, 15)); err != nil {
			return fmt.Errorf("letter of %s: %w", d.Course, err)
		}
	}
	return letter.Forget(l.ctx, l.tx)
}
