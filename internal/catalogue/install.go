package catalogue

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
)

//go:embed data/*.csv
var data embed.FS

// Install puts the programme's journeys, steps and courses into an empty
// catalogue. A catalogue that holds anything stays as it is.
func Install(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		installed, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM journey)`)
		if err != nil || installed {
			return err
		}
		i := installer{journeys: map[string]int64{}, steps: map[string]int64{}}
		for _, install := range []func(context.Context, *db.Tx) error{i.journeyRows, i.stepRows, i.courseRows} {
			if err := install(ctx, tx); err != nil {
				return fmt.Errorf("install the catalogue: %w", err)
			}
		}
		return nil
	})
}

// installer keeps the identities of what it has put in, by slug.
type installer struct {
	journeys map[string]int64
	steps    map[string]int64 // by journey + "/" + step
}

func (i installer) journeyRows(ctx context.Context, tx *db.Tx) error {
	return each("journeys.csv", func(n int, r map[string]string) error {
		starts, err := clock.ParseDay(r["starts_on"])
		if err != nil {
			return err
		}
		i.journeys[r["slug"]], err = db.Row(ctx, tx, db.One[int64], `
			INSERT INTO journey (slug, name, audience, starts_on, ordinal)
			VALUES ($1, $2, $3, $4, $5)
			RETURNING id`, r["slug"], r["name"], r["audience"], starts, n)
		return err
	})
}

func (i installer) stepRows(ctx context.Context, tx *db.Tx) error {
	return each("steps.csv", func(n int, r map[string]string) error {
		over, err := optional(r["over_years"])
		if err != nil {
			return err
		}
		upTo, err := optional(r["up_to_years"])
		if err != nil {
			return err
		}
		i.steps[r["journey"]+"/"+r["slug"]], err = db.Row(ctx, tx, db.One[int64], `
			INSERT INTO step (journey_id, slug, name, ordinal, over_years, up_to_years)
			VALUES ($1, $2, $3, $4, $5, $6)
			RETURNING id`, i.journeys[r["journey"]], r["slug"], r["name"], n, over, upTo)
		return err
	})
}

func optional(s string) (*int, error) {
	if s == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(s)
	return &n, err
}

func (i installer) courseRows(ctx context.Context, tx *db.Tx) error {
	return each("courses.csv", func(n int, r map[string]string) error {
		days, err := strconv.Atoi(r["days"])
		if err != nil {
			return err
		}
		published, err := clock.ParseDay(r["published_on"])
		if err != nil {
			return err
		}
		id, err := Add(ctx, tx, Course{
			Slug: r["slug"], Name: r["name"], ShortName: r["short_name"], Audience: r["audience"], Days: days, TariffKind: r["tariff_kind"],
		}, Delivery(r["delivery"]), published)
		if err != nil {
			return err
		}
		for _, journey := range strings.Fields(r["journeys"]) {
			var step *int64
			if id, ok := i.steps[journey+"/"+r["step"]]; ok {
				step = &id
			}
			if err := AddToJourney(ctx, tx, id, i.journeys[journey], step, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// Add makes a course with its usual delivery and its first edition, both from
// the day.
func Add(ctx context.Context, tx *db.Tx, c Course, delivery Delivery, published clock.Day) (int64, error) {
	id, err := add(ctx, tx, c, delivery, published)
	if err != nil {
		return 0, err
	}
	return id, AddEdition(ctx, tx, id, 1, published, "")
}

// add makes a course with its usual delivery, and without any edition.
func add(ctx context.Context, tx *db.Tx, c Course, delivery Delivery, from clock.Day) (int64, error) {
	var tariff *string
	if c.TariffKind != "" {
		tariff = &c.TariffKind
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO course (slug, name, short_name, audience, days, tariff_kind, sort_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`, c.Slug, c.Name, c.ShortName, c.Audience, c.Days, tariff, i18n.SortKey(c.Name))
	if err != nil {
		return 0, err
	}
	return id, Deliver(ctx, tx, id, nil, delivery, from)
}

// AddEdition publishes an edition of the course.
func AddEdition(ctx context.Context, tx *db.Tx, courseID int64, number int, published clock.Day, changes string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO edition (course_id, number, published_on, changes) VALUES ($1, $2, $3, $4)`,
		courseID, number, published, changes)
	return err
}

// AddToJourney places the course in a journey, at a step or at none.
func AddToJourney(ctx context.Context, tx *db.Tx, courseID, journeyID int64, stepID *int64, ordinal int) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO course_journey (course_id, journey_id, step_id, ordinal) VALUES ($1, $2, $3, $4)`,
		courseID, journeyID, stepID, ordinal)
	return err
}

// Deliver chooses how the course is given from the day on, in one region or
// (nil) as usual.
func Deliver(ctx context.Context, tx *db.Tx, courseID int64, regionID *int64, delivery Delivery, from clock.Day) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO course_delivery (course_id, region_id, delivery, from_day) VALUES ($1, $2, $3, $4)`, courseID, regionID, delivery, from)
	return err
}

// Choose is how the region gives the course from the day on, today or later.
func Choose(ctx context.Context, tx *db.Tx, viewer access.Viewer, regionID, courseID int64, how Delivery, from, today clock.Day) error {
	if err := access.ManageRounds(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return err
	}
	var checks fault.Checks
	checks.Require(slices.Contains([]Delivery{Regional, National, Web, Municipal, Workplace}, how), "delivery", "round.delivery_wrong")
	checks.Require(from >= today, "from", "round.delivery_past")
	if err := checks.Err(); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO course_delivery (course_id, region_id, delivery, from_day) VALUES ($1, $2, $3, $4)
		ON CONFLICT (course_id, region_id, from_day) WHERE region_id IS NOT NULL DO UPDATE SET delivery = excluded.delivery`, courseID, regionID, how, from)
	return err
}

// each calls f for every row of one of our tables, numbered from 1.
func each(name string, f func(n int, row map[string]string) error) error {
	rows, err := db.Table(data, "data/"+name)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if err := f(i+1, row); err != nil {
			return fmt.Errorf("%s, row %d: %w", name, i+1, err)
		}
	}
	return nil
}
