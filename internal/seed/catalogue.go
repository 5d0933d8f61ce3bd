package seed

import (
	"context"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
)

// journey is a delresa with its part of the people, in tenths of a per mille;
// the last takes the rest.
type journey struct {
	catalogue.Journey
	part  int
	steps []catalogue.Step
	// Accounts are opened from here on.
	opens clock.Day
}

// parts are those of domain.md, "Journeys": 10 000, 30 000, 2 000 and 2 000 of
// 300 000; the units of a municipality are filled in this order.
var parts = []struct {
	slug string
	part int
}{
	{"barn-och-unga", 333},
	{"skadligt-bruk-och-beroende", 67},
	{"funktionshinder-myndighet", 67},
	{"funktionshinder-utforare", 1000},
	{"aldre-utforare", 0},
}

type course struct {
	catalogue.Course
	bit       int // its place in person.done
	delivery  catalogue.Delivery
	published clock.Day
	editions  []catalogue.Edition
	journeys  []*journey
	managers  bool // for managers only
}

// edition is the newest one on the day.
func (c *course) edition(day clock.Day) *int64 {
	for i := len(c.editions) - 1; i >= 0; i-- {
		if c.editions[i].PublishedOn <= day {
			return &c.editions[i].ID
		}
	}
	return nil
}

func (c *course) in(j *journey) bool {
	for _, each := range c.journeys {
		if each == j {
			return true
		}
	}
	return false
}

// invented are the courses that make up forty with those of the catalogue.
var invented = []struct {
	journey, step, name string
	days                int
	kind                string
	delivery            catalogue.Delivery
	published           string
}{
	{"barn-och-unga", "van", "Stöd till syskon och närstående", 2, "authority", catalogue.Regional, "2023-09-01"},
	{"barn-och-unga", "erfaren", "Handleda i svåra ärenden", 2, "", catalogue.National, "2024-02-01"},
	{"barn-och-unga", "ny", "Barnets röst i akten", 0, "", catalogue.Web, "2023-02-01"},
	{"skadligt-bruk-och-beroende", "ny", "Samtal om förändring", 2, "authority", catalogue.Regional, "2025-12-01"},
	{"skadligt-bruk-och-beroende", "ny", "Utreda behov vid beroende", 2, "authority", catalogue.Regional, "2025-12-01"},
	{"skadligt-bruk-och-beroende", "van", "Samsjuklighet i vardagen", 1, "authority", catalogue.Regional, "2026-02-01"},
	{"skadligt-bruk-och-beroende", "ny", "Beroende och samhälle", 0, "", catalogue.Web, "2025-12-01"},
	{"funktionshinder-myndighet", "ny", "Utreda enligt LSS", 2, "authority", catalogue.Regional, "2027-01-15"},
	{"funktionshinder-myndighet", "ny", "Barn med funktionsnedsättning", 1, "authority", catalogue.Regional, "2027-01-15"},
	{"funktionshinder-myndighet", "van", "Följa upp med den enskilda", 1, "authority", catalogue.Regional, "2027-01-15"},
	{"funktionshinder-utforare", "fordjupning", "Autism i vardagen", 1, "provider", catalogue.Regional, "2025-02-01"},
	{"funktionshinder-utforare", "fordjupning", "Tydliggörande arbetssätt", 2, "provider", catalogue.Regional, "2025-02-01"},
	{"aldre-utforare", "bas", "Välkommen till äldreomsorgen", 1, "", catalogue.Municipal, "2023-01-15"},
	{"aldre-utforare", "bas", "Bemötande och självbestämmande", 1, "", catalogue.Municipal, "2023-09-01"},
	{"aldre-utforare", "bas", "Leva med demenssjukdom", 1, "", catalogue.Municipal, "2024-02-01"},
	{"aldre-utforare", "bas", "Måltid, rörelse och munhälsa", 0, "", catalogue.Web, "2024-09-01"},
	{"aldre-utforare", "bas", "Trygg förflyttning", 0, "", catalogue.Web, "2025-02-01"},
	{"aldre-utforare", "bas", "Dokumentera med mening", 0, "", catalogue.Web, "2025-09-01"},
	{"aldre-utforare", "fordjupning", "Psykisk ohälsa hos äldre", 1, "provider", catalogue.Regional, "2025-12-15"},
	{"aldre-utforare", "fordjupning", "Livets slut", 2, "provider", catalogue.Regional, "2025-12-15"},
}

func (p *plan) extendCatalogue(ctx context.Context, tx *db.Tx) error {
	bySlug := map[string]*journey{}
	for _, part := range parts {
		j, err := catalogue.JourneyBySlug(ctx, tx, part.slug)
		if err != nil {
			return err
		}
		steps, err := catalogue.Steps(ctx, tx, j.ID)
		if err != nil {
			return err
		}
		own := &journey{Journey: j, part: part.part, steps: steps, opens: p.today - 90}
		if j.StartsOn != nil {
			own.opens = min(own.opens, *j.StartsOn) // accounts are opened ahead of a journey that is to come
		}
		p.journeys = append(p.journeys, own)
		bySlug[part.slug] = own
	}
	for i, c := range invented {
		published, err := clock.ParseDay(c.published)
		if err != nil {
			return err
		}
		id, err := catalogue.Add(ctx, tx, catalogue.Course{
			Slug: organisation.Slug(c.name), Name: c.name, Audience: "Alla", Days: c.days, TariffKind: c.kind,
		}, c.delivery, published)
		if err != nil {
			return err
		}
		j := bySlug[c.journey]
		var step *int64
		for k := range j.steps {
			if j.steps[k].Slug == c.step {
				step = &j.steps[k].ID
			}
		}
		if err := catalogue.AddToJourney(ctx, tx, id, j.ID, step, 100+i); err != nil {
			return err
		}
		if published < p.today.AddDate(-1, 0, 0) {
			if err := catalogue.AddEdition(ctx, tx, id, 2, published.AddDate(1, 0, 0), "Nya exempel"); err != nil {
				return err
			}
		}
	}
	return p.readCourses(ctx, tx)
}

func (p *plan) readCourses(ctx context.Context, tx *db.Tx) error {
	byID := map[int64]*course{}
	for _, j := range p.journeys {
		courses, err := catalogue.Courses(ctx, tx, j.ID)
		if err != nil {
			return err
		}
		for _, c := range courses {
			if byID[c.ID] == nil {
				own := &course{Course: c, bit: len(p.courses), managers: c.TariffKind == "manager"}
				p.courses = append(p.courses, own)
				byID[c.ID] = own
			}
			byID[c.ID].journeys = append(byID[c.ID].journeys, j)
		}
	}
	editions, err := db.Rows(ctx, tx, func(e *catalogue.Edition) []any {
		return []any{&e.ID, &e.CourseID, &e.Number, &e.PublishedOn}
	}, `
		SELECT
			id,
			course_id,
			number,
			published_on
		FROM edition
		WHERE published_on IS NOT NULL
		ORDER BY course_id, number`)
	if err != nil {
		return err
	}
	for _, e := range editions {
		if c := byID[e.CourseID]; c != nil {
			c.editions = append(c.editions, e)
		}
	}
	for _, c := range p.courses {
		c.published = c.editions[0].PublishedOn
		if c.delivery, err = catalogue.DeliveryOn(ctx, tx, c.ID, 0, c.published); err != nil {
			return err
		}
	}
	return nil
}
