// Package seed makes an invented country to measure with: every municipality
// with its units and people in proportion to its inhabitants, accounts in the
// five journeys, years of rounds with attendance and approvals, completions and
// evaluations. Nobody in it has lived and every address is under example.org.
//
// It is made in two steps. A plan is pure: it takes the catalogue, the country
// and a moment and draws everything from one fixed source of chance, so that
// the same options give the same rows on either engine. Then the rows are
// written in bulk, past the domain's own calls, which would take hours: what
// those calls promise (seats within the capacity, approval only for those who
// attended every day, one completion per person and course) the plan keeps and
// the test checks.
package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Version changes whenever the same options give other rows.
const Version = 3

// MinPeople is the smallest country: somebody in each municipality.
const MinPeople = 300

// Options say how large the country is and when it is seen. The staff of the
// RSS and of the nation, some eighty, come on top of People.
type Options struct {
	People int
	Now    clock.Instant
}

// ErrNotEmpty tells that the database already holds people.
var ErrNotEmpty = errors.New("the database already holds people: only a database without any can be filled")

// Fill fills a migrated database in one transaction, so that an interrupted one
// leaves nothing behind. progress, which may be nil, is told how many of all
// rows are written and of what.
func Fill(ctx context.Context, d *db.DB, o Options, progress func(done, total int, what string)) error {
	if o.People < MinPeople {
		return fmt.Errorf("seed %d people: want at least %d, so that each municipality has some", o.People, MinPeople)
	}
	if err := errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
		return err
	}
	if progress == nil {
		progress = func(int, int, string) {}
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		taken, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM person)`)
		if err != nil {
			return err
		}
		if taken {
			return ErrNotEmpty
		}
		progress(0, 1, "plan")
		p, err := newPlan(ctx, tx, o)
		if err != nil {
			return err
		}
		p.settle()
		p.give()
		p.learn()
		p.ask()
		p.lessons()
		p.take()
		if err := p.write(ctx, tx, progress); err != nil {
			return err
		}
		// Nobody is written to about an invented history.
		if err := letter.Forget(ctx, tx); err != nil {
			return err
		}
		return d.ResetIdentity(ctx, tx, "organisation", "person", "employment", "role_grant", "account", "round", "course_day",
			"enrolment", "round_event", "trainer", "completion", "response", "task")
	})
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	if err := people.KeepAllWords(ctx, d); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	return d.Analyze(ctx)
}

// plan is everything that will be written.
type plan struct {
	*rand.Rand
	now   clock.Instant
	today clock.Day

	journeys       []*journey
	courses        []*course
	regions        []*region
	municipalities []*municipality
	units          []*unit
	people         []*person
	nationals      []*person // those who own, read, produce and run it
	rounds         []*round
	teams          []teamMember
	completions    []completion
	responses      []response
	allLessons     []*lesson
	lessonsOf      map[int64]*lesson // by edition
	studies        []study
}

func newPlan(ctx context.Context, tx *db.Tx, o Options) (*plan, error) {
	p := &plan{
		Rand: rand.New(rand.NewPCG(Version, 290)), //nolint:gosec // chance that can be repeated is the point
		now:  o.Now, today: o.Now.Day(), lessonsOf: map[int64]*lesson{},
	}
	if err := p.extendCatalogue(ctx, tx); err != nil {
		return nil, err
	}
	if err := p.readCountry(ctx, tx, o.People); err != nil {
		return nil, err
	}
	return p, nil
}

// between is a day from a to b, both included; a when b is before it.
func (p *plan) between(a, b clock.Day) clock.Day {
	if b <= a {
		return a
	}
	return a + clock.Day(p.Int32N(int32(b-a)+1))
}

// chance is true in so many cases of a thousand.
func (p *plan) chance(perMille int) bool { return p.IntN(1000) < perMille }

func pick[T any](p *plan, from []T) T { return from[p.IntN(len(from))] }
