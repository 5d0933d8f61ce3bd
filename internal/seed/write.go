package seed

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	roundpkg "yrkesresan/internal/round"
	"yrkesresan/internal/survey"
)

// writer puts rows into the tables, many at a time.
type writer struct {
	ctx         context.Context
	tx          *db.Tx
	progress    func(done, total int, what string)
	done, total int
	table       string
	columns     []string
	rows        [][]any
	err         error
}

const perWrite = 10_000

// into begins a table.
func (w *writer) into(table string, columns ...string) {
	w.flush()
	w.table, w.columns = table, columns
}

// row adds a row to the table. After an error it does nothing.
func (w *writer) row(values ...any) {
	w.rows = append(w.rows, values)
	if len(w.rows) == perWrite {
		w.flush()
	}
}

func (w *writer) flush() {
	if w.err == nil && len(w.rows) > 0 {
		w.err = db.Insert(w.ctx, w.tx, w.table, w.columns, w.rows)
		w.done += len(w.rows)
		w.progress(w.done, max(w.done, w.total), w.table)
	}
	w.rows = w.rows[:0]
}

func (p *plan) write(ctx context.Context, tx *db.Tx, progress func(done, total int, what string)) error {
	w := &writer{ctx: ctx, tx: tx, progress: progress, total: p.size()}
	if err := p.writeTariffs(ctx, tx); err != nil { // they are known when the rounds are published
		return err
	}
	p.writePeople(w)
	p.writeAccounts(w)
	p.writeRounds(w)
	p.writeLearning(w)
	w.flush()
	if w.err != nil {
		return w.err
	}
	if err := p.writeStudies(w); err != nil {
		return err
	}
	if err := p.writeResponses(ctx, w); err != nil {
		return err
	}
	progress(w.done, w.done, "done")
	return nil
}

// size is about how many rows will be written.
func (p *plan) size() int {
	n := len(p.units) + 5*len(p.people) + len(p.teams) + len(p.completions) + 2*len(p.responses) + 5*len(p.studies)
	for _, g := range p.rounds {
		n += 4 + len(g.days)*4 + len(g.seats)*3
		for _, s := range g.seats {
			n += len(s.marks)
		}
	}
	return n
}

func (p *plan) writePeople(w *writer) {
	w.into("organisation", "id", "kind", "parent_id", "region_id", "municipality_id", "slug", "name", "sort_key")
	for _, u := range p.units {
		w.row(u.id, organisation.Unit, u.of.id, u.of.region.id, u.of.id, organisation.Slug(u.name), u.name, i18n.SortKey(u.name))
	}
	w.into("person", "id", "given_name", "family_name", "email", "sort_key", "created_at")
	for _, n := range p.people {
		w.row(n.id, n.given, n.family, n.email(), n.key, min(max(n.from, n.opened), p.today-1).At(9, 0))
	}
	w.into("employment", "id", "person_id", "organisation_id", "region_id", "municipality_id", "title", "sort_key", "from_day", "to_day")
	var id int64
	for _, n := range p.people {
		from := n.from
		if n.before != nil {
			id++
			w.row(id, n.id, n.before.id, n.before.region.id, n.before.id, n.title, n.key, from, n.moved-1)
			from = n.moved
		}
		if n.region == nil {
			continue // of the nation: employed at no place of ours
		}
		id++
		if n.unit == nil {
			w.row(id, n.id, n.region.id, n.region.id, nil, n.title, n.key, from, n.left)
		} else {
			w.row(id, n.id, n.unit.id, n.region.id, n.unit.of.id, n.title, n.key, from, n.left)
		}
	}
	w.into("role_grant", "id", "person_id", "role", "organisation_id", "from_day", "granted_at")
	id = 0
	for _, n := range p.people {
		for _, g := range n.grants {
			id++
			from := max(n.from, n.moved)
			w.row(id, n.id, g.role, g.organisation, from, from.At(9, 0))
		}
	}
}

func (p *plan) writeAccounts(w *writer) {
	each := func(f func(n *person, closed *clock.Day)) {
		for _, n := range p.people {
			if n.journey < 0 {
				continue
			}
			var closed *clock.Day
			if n.left != nil {
				next := *n.left + 1
				closed = &next
			}
			f(n, closed)
		}
	}
	// An account has its person's identity.
	w.into("account", "id", "person_id", "journey_id", "opened_on", "closed_on")
	each(func(n *person, closed *clock.Day) {
		w.row(n.id, n.id, p.journeys[n.journey].ID, n.opened, closed)
	})
	w.into("account_role", "account_id", "role", "from_day", "to_day")
	each(func(n *person, _ *clock.Day) {
		n.roles(func(role access.Role, from clock.Day) { w.row(n.id, role, from, n.left) })
	})
	w.into("account_step", "account_id", "step_id", "from_day", "to_day")
	each(func(n *person, _ *clock.Day) {
		for i, s := range n.steps {
			until := n.left
			if i+1 < len(n.steps) {
				before := n.steps[i+1].from - 1
				until = &before
			}
			w.row(n.id, s.step, s.from, until)
		}
	})
	w.into("trainer", "id", "person_id", "course_id", "region_id", "recruited_on", "ready_on")
	for i, t := range p.teams {
		w.row(i+1, t.person.id, t.course.ID, t.region.id, t.on, t.on)
	}
}

func (p *plan) writeRounds(w *writer) {
	w.into("round", "id", "course_id", "edition_id", "region_id", "label", "delivery", "tariff_kind", "capacity", "minimum",
		"signup_from", "signup_until", "first_day", "last_day", "created_at", "published_at", "confirmed_at", "cancelled_at", "cancel_cause", "cancel_reason")
	for _, g := range p.rounds {
		var region *int64
		var kind *string
		if g.region != nil {
			region, kind = &g.region.id, &g.course.TariffKind
		}
		var cause *string
		reason := ""
		if g.cancelled != nil {
			tooFew := string(roundpkg.TooFewSeats)
			cause, reason = &tooFew, "För få anmälda"
		}
		w.row(g.id, g.course.ID, g.course.edition(g.first()), region, g.label, g.course.delivery, kind, capacity, minimum,
			g.signupFrom, g.signupUntil, g.first(), g.last(), g.created.At(8, 0), g.published, g.confirmed, g.cancelled, cause, reason)
	}
	p.writeDays(w)
	p.writeSeats(w)
}

// days calls f for each course day of each round, with its place in the round.
func (p *plan) days(f func(g *round, i int, d *courseDay)) {
	for _, g := range p.rounds {
		for i, d := range g.days {
			f(g, i, d)
		}
	}
}

func (p *plan) writeDays(w *writer) {
	w.into("course_day", "id", "round_id", "ordinal", "day", "starts", "ends", "place", "held_at")
	p.days(func(g *round, i int, d *courseDay) {
		var held *clock.Instant
		if d.held {
			at := d.savedAt()
			held = &at
		}
		w.row(d.id, g.id, i+1, d.day, "09:00", "16:00", g.place, held)
	})
	w.into("day_trainer", "course_day_id", "person_id", "role", "present", "marked_at", "marked_by")
	p.days(func(_ *round, _ int, d *courseDay) {
		for _, t := range d.trainers {
			if d.held {
				w.row(d.id, t.person.id, t.role, t.present, d.savedAt(), d.trainers[0].person.id)
			} else {
				w.row(d.id, t.person.id, t.role, nil, nil, nil)
			}
		}
	})
}

func (p *plan) writeSeats(w *writer) {
	seats := func(f func(g *round, s *seat)) {
		for _, g := range p.rounds {
			for _, s := range g.seats {
				f(g, s)
			}
		}
	}
	w.into("enrolment", "id", "round_id", "person_id", "enrolled_at", "enrolled_by", "withdrawn_at", "withdrawn_by",
		"approved_on", "approved_at", "approved_by")
	seats(func(g *round, s *seat) {
		var withdrawnBy, approvedBy *int64
		var approvedAt *clock.Instant
		if s.withdrawn != nil {
			withdrawnBy = &s.by.id
		}
		if s.approved != nil {
			at := s.approved.At(17, 0)
			approvedAt, approvedBy = &at, &g.by.id
		}
		w.row(s.id, g.id, s.person.id, s.at, s.by.id, s.withdrawn, withdrawnBy, s.approved, approvedAt, approvedBy)
	})
	marks := func(f func(d *courseDay, s *seat, m mark)) {
		p.days(func(g *round, i int, d *courseDay) {
			for _, s := range g.seats {
				if i < len(s.marks) {
					f(d, s, s.marks[i])
				}
			}
		})
	}
	w.into("attendance", "course_day_id", "enrolment_id", "mark", "marked_at", "marked_by")
	marks(func(d *courseDay, s *seat, m mark) {
		w.row(d.id, s.id, m.Mark, d.savedAt(), d.trainers[0].person.id)
	})
	w.into("fee_exemption", "course_day_id", "enrolment_id", "reason", "granted_at")
	marks(func(d *courseDay, s *seat, m mark) {
		if m.exempt {
			w.row(d.id, s.id, "Gick om dagen utan kostnad", d.savedAt())
		}
	})
	p.writeEvents(w)
}

// savedAt is when the day's list was saved.
func (d *courseDay) savedAt() clock.Instant { return d.day.At(16, 30) }

func (p *plan) writeEvents(w *writer) {
	w.into("round_event", "id", "round_id", "course_day_id", "happened_at", "person_id", "kind", "subject_id")
	var id int64
	event := func(g *round, at *clock.Instant, by *person, kind roundpkg.Kind, day, subject *int64) {
		if at == nil {
			return
		}
		id++
		w.row(id, g.id, day, *at, by.id, kind, subject)
	}
	for _, g := range p.rounds {
		created := g.created.At(8, 0)
		event(g, &created, g.by, roundpkg.WasPlanned, nil, nil)
		event(g, g.published, g.by, roundpkg.WasPublished, nil, nil)
		event(g, g.confirmed, g.by, roundpkg.WasConfirmed, nil, nil)
		event(g, g.cancelled, g.by, roundpkg.WasCancelled, nil, nil)
		for _, s := range g.seats {
			event(g, &s.at, s.by, roundpkg.WasEnrolled, nil, &s.person.id)
			event(g, s.withdrawn, s.by, roundpkg.WasWithdrawn, nil, &s.person.id)
			if s.approved != nil {
				at := s.approved.At(17, 0)
				event(g, &at, g.by, roundpkg.WasApproved, nil, &s.person.id)
			}
		}
		for _, d := range g.days {
			if d.held {
				at := d.savedAt()
				event(g, &at, d.trainers[0].person, roundpkg.WasHeld, &d.id, nil)
			}
		}
	}
}

func (p *plan) writeLearning(w *writer) {
	w.into("completion", "id", "person_id", "course_id", "edition_id", "completed_on", "source", "round_id", "recorded_at")
	for i, c := range p.completions {
		var round *int64
		if c.round != nil {
			round = &c.round.id
		}
		w.row(i+1, c.person.id, c.course.ID, c.course.edition(c.on), c.on, c.source, round, c.on.At(17, 0))
	}
}

func (p *plan) writeResponses(ctx context.Context, w *writer) error {
	type answer struct{ survey, question, option int64 }
	grades := map[*course][]answer{}
	for _, c := range p.courses {
		if c.published > p.today {
			continue
		}
		id, err := survey.AddEvaluation(ctx, w.tx, c.ID)
		if err != nil {
			return err
		}
		if grades[c], err = db.Rows(ctx, w.tx, func(a *answer) []any { return []any{&a.survey, &a.question, &a.option} }, `
			SELECT
				q.survey_id,
				q.id,
				o.id
			FROM question AS q
			JOIN answer_option AS o ON o.question_id = q.id
			WHERE q.survey_id = $1
			ORDER BY o.ordinal`, id); err != nil {
			return err
		}
	}
	w.into("response", "id", "survey_id", "person_id", "answered_on", "free_text")
	for i, r := range p.responses {
		w.row(i+1, grades[r.course][r.grade].survey, r.person.id, r.on, r.text)
	}
	w.into("response_choice", "response_id", "question_id", "option_id")
	for i, r := range p.responses {
		a := grades[r.course][r.grade]
		w.row(i+1, a.question, a.option)
	}
	w.flush()
	return w.err
}

// writeTariffs gives each region those of domain.md, "Money", and one of its
// own for the provider journeys' courses; every other region raised the first
// from 2026 on.
func (p *plan) writeTariffs(ctx context.Context, tx *db.Tx) error {
	terms := func(fee, pot money.Ore, rss economy.RSSRule) economy.Terms {
		return economy.Terms{Fee: fee * 100, PerParticipant: pot * 100, LeadWeight: 150, TrainerWeight: 100, RSS: rss}
	}
	for i, r := range p.regions {
		tariffs := []economy.Tariff{
			{Kind: "authority", From: clock.YearStart(2020), Terms: terms(650, 400, economy.RSSKept)},
			{Kind: "manager", From: clock.YearStart(2020), Terms: terms(450, 200, economy.RSSShared)},
			{Kind: "provider", From: clock.YearStart(2020), Terms: terms(350, 150, economy.RSSShared)},
		}
		if i%2 == 1 {
			tariffs = append(tariffs, economy.Tariff{Kind: "authority", From: clock.YearStart(2026), Terms: terms(680, 420, economy.RSSKept)})
		}
		for _, t := range tariffs {
			t.RegionID = r.id
			if _, err := economy.AddTariff(ctx, tx, access.System(), t, (t.From-365).At(9, 0)); err != nil {
				return err
			}
		}
	}
	return nil
}
