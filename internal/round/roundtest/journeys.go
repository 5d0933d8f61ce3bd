package roundtest

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
)

// Journeys puts the world's course into a journey's step VAN, and opens accounts
// there: for the first two of the staff in that step, for the third in NY, for
// the fourth in none.
func (w *World) Journeys() (journey, van int64) {
	w.Helper()
	Must(w.T, catalogue.Install(Ctx, w.D))
	j, err := catalogue.JourneyBySlug(Ctx, w.D.Reader(), "barn-och-unga")
	Must(w.T, err)
	steps, err := catalogue.Steps(Ctx, w.D.Reader(), j.ID)
	Must(w.T, err)
	bySlug := map[string]int64{}
	for _, s := range steps {
		bySlug[s.Slug] = s.ID
	}
	van = bySlug["van"]
	Must(w.T, w.Write(func(tx *db.Tx) error {
		if err := catalogue.AddToJourney(Ctx, tx, w.Course, j.ID, &van, 900); err != nil {
			return err
		}
		for i, step := range []int64{van, van, bySlug["ny"], 0} {
			if _, err := people.OpenAccount(Ctx, tx, System, people.NewAccount{
				PersonID: w.Staff[i], JourneyID: j.ID, OpenedOn: Today - 100, Roles: []access.Role{access.Employee}, StepID: step,
			}); err != nil {
				return err
			}
		}
		return nil
	}))
	return j.ID, van
}
