// Package world is what the demo's plans meet when they are carried out: one
// transaction, the moment, and what the country and the catalogue hold already.
package world

import (
	"context"
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
)

// The region and the journeys that the demo calls by name.
const (
	Dalarna = "dalarna"

	BarnOchUnga     = "barn-och-unga"
	Funktionshinder = "funktionshinder-utforare"
	SkadligtBruk    = "skadligt-bruk-och-beroende"
	AldreUtforare   = "aldre-utforare"
)

// World is the database as far as the demo has been carried out.
type World struct {
	Ctx   context.Context
	Tx    *db.Tx
	Now   clock.Instant
	Today clock.Day // the plans', which is later than Now's where the clock is behind

	Regions, Courses, Journeys map[string]int64 // by slug
	Steps                      map[string]int64 // by journey + "/" + step

	Regional map[string]access.Viewer // who administers the region, by its slug
	Producer access.Viewer

	municipalities map[string]int64 // by name, as far as they have been asked for
}

// Open learns the identities of what is there.
func Open(ctx context.Context, tx *db.Tx, now clock.Instant, today clock.Day) (*World, error) {
	w := &World{
		Ctx: ctx, Tx: tx, Now: now, Today: today,
		Regions: map[string]int64{}, Courses: map[string]int64{}, Journeys: map[string]int64{}, Steps: map[string]int64{},
		Regional: map[string]access.Viewer{}, municipalities: map[string]int64{},
	}
	regions, err := organisation.Regions(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, r := range regions {
		w.Regions[r.Slug] = r.ID
	}
	journeys, err := catalogue.Journeys(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, j := range journeys {
		w.Journeys[j.Slug] = j.ID
		steps, err := catalogue.Steps(ctx, tx, j.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range steps {
			w.Steps[j.Slug+"/"+s.Slug] = s.ID
		}
	}
	return w, w.ReadCourses()
}

// ReadCourses learns the identities of the courses, anew when there are more.
func (w *World) ReadCourses() error {
	all, err := catalogue.AllCourses(w.Ctx, w.Tx)
	for _, c := range all {
		w.Courses[c.Slug] = c.ID
	}
	return err
}

// Municipality is the identity of the one with the name.
func (w *World) Municipality(name string) (int64, error) {
	if id, known := w.municipalities[name]; known {
		return id, nil
	}
	m, err := organisation.BySlug(w.Ctx, w.Tx, organisation.Municipality, organisation.Slug(name))
	if err != nil {
		return 0, fmt.Errorf("municipality %s: %w", name, err)
	}
	w.municipalities[name] = m.ID
	return m.ID, nil
}

// Self is somebody of Dalarna who acts for themselves.
func (w *World) Self(person int64) access.Viewer { return w.SelfIn(Dalarna, person) }

// SelfIn is somebody of the region who acts for themselves.
func (w *World) SelfIn(region string, person int64) access.Viewer {
	return access.Viewer{PersonID: person, Home: access.Place{RegionID: w.Regions[region], PersonID: person}}
}
