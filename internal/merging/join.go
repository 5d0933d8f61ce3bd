package merging

import (
	"maps"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// work is where the two work and worked, before the merge.
type work struct {
	gone, kept []job
	rows       map[int64]values // the employments of who is gone, whole
}

func (r *record) readWork() (w work, err error) {
	if w.kept, err = r.jobs(r.kept); err != nil {
		return w, err
	}
	if w.gone, err = r.jobs(r.gone); err != nil {
		return w, err
	}
	w.rows = map[int64]values{}
	columns, err := columnsOf(r.ctx, r.tx, "employment")
	if err != nil {
		return w, err
	}
	for _, j := range w.gone {
		rows, err := read(r.ctx, r.tx, "employment", columns, "id = $1", j.id)
		if err != nil {
			return w, err
		}
		w.rows[j.id] = rows[0]
	}
	return w, nil
}

func (r *record) jobs(personID int64) ([]job, error) {
	return db.Rows(r.ctx, r.tx, func(j *job) []any { return []any{&j.id, &j.employer, &j.main, &j.From, &j.Until} }, `
		SELECT id, COALESCE(municipality_id, region_id), main, from_day, to_day
		FROM employment
		WHERE person_id = $1
		ORDER BY from_day, id`, personID)
}

// employ gives who remains the employments that they lack, and leaves who is gone none.
func (r *record) employ(w work) error {
	parts := map[int64][]job{}
	for _, p := range lacked(w.gone, w.kept) {
		parts[p.id] = append(parts[p.id], p)
	}
	for _, j := range w.gone {
		own := parts[j.id]
		if len(own) == 1 && own[0].From == j.From && own[0].until() == j.until() && own[0].main == j.main {
			if err := r.moveRow("employment", values{"id": number(j.id)}); err != nil {
				return err
			}
			continue
		}
		if err := r.remove("employment", values{"id": number(j.id)}); err != nil {
			return err
		}
		if !covers(own, j) {
			r.doubled = append(r.doubled, j.id)
		}
		for _, part := range own {
			if err := r.add("employment", employmentOf(w.rows[j.id], r.kept, part.Period, part.main)); err != nil {
				return err
			}
		}
	}
	return r.sorted()
}

// sorted gives all employments of who remains the sort key of their name; and has figures
// counted anew.
func (r *record) sorted() error {
	_, err := db.Exec(r.ctx, r.tx, `UPDATE employment SET sort_key = (SELECT p.sort_key FROM person AS p WHERE p.id = employment.person_id) WHERE person_id IN ($1, $2)`, r.kept, r.gone)
	return err
}

// employmentOf is a new employment like the row.
func employmentOf(row values, personID int64, p clock.Period, main bool) values {
	v := maps.Clone(row)
	v["person_id"], v["from_day"], v["to_day"], v["import_id"] = number(personID), text(p.From.String()), nil, nil
	if p.Until != nil {
		v["to_day"] = text(p.Until.String())
	}
	v["main"] = text("0")
	if main {
		v["main"] = text("1")
	}
	return v
}

// pin writes down which employer sent who is gone, where that follows from their main
// employment and would be another one for who remains.
func (r *record) pin(w work) error {
	after, err := r.jobs(r.kept)
	if err != nil {
		return err
	}
	type row struct {
		id  int64
		day clock.Day
	}
	for _, t := range []struct{ table, key, query string }{
		{"enrolment", "id", `SELECT o.id, r.first_day FROM enrolment AS o JOIN round AS r ON r.id = o.round_id`},
		{"queue_entry", "id", `SELECT o.id, r.first_day FROM queue_entry AS o JOIN round AS r ON r.id = o.round_id`},
		{"day_trainer", "course_day_id", `SELECT d.id, d.day FROM day_trainer AS o JOIN course_day AS d ON d.id = o.course_day_id`},
	} {
		rows, err := db.Rows(r.ctx, r.tx, func(p *row) []any { return []any{&p.id, &p.day} }, t.query+` WHERE o.person_id = $1 AND o.employer_id IS NULL ORDER BY 1`, r.gone)
		if err != nil {
			return err
		}
		for _, p := range rows {
			employer := mainOn(w.gone, p.day)
			if employer == 0 || employer == mainOn(after, p.day) {
				continue
			}
			if err := r.change(t.table, values{t.key: number(p.id), "person_id": number(r.gone)}, values{"employer_id": number(employer)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// seats lets the seats and the places in queues be the remaining one's. Of two seats in a
// round that has not begun that of who is gone is given up. In one that has begun both stay,
// the second with who is gone, who keeps the employments of its days: who was charged for
// them is what it was.
func (r *record) seats(w work, o *Outcome) error {
	type both struct {
		round, gone int64
		first       clock.Day
	}
	twice, err := db.Rows(r.ctx, r.tx, func(b *both) []any { return []any{&b.round, &b.gone, &b.first} }, `
		SELECT o.round_id, o.id, r.first_day
		FROM enrolment AS o
		JOIN enrolment AS k ON k.round_id = o.round_id AND k.person_id = $2 AND k.withdrawn_at IS NULL
		JOIN round AS r ON r.id = o.round_id
		WHERE o.person_id = $1 AND o.withdrawn_at IS NULL
		ORDER BY o.id`, r.gone, r.kept)
	if err != nil {
		return err
	}
	for _, b := range twice {
		if b.first > r.now.Day() {
			if err := r.change("enrolment", values{"id": number(b.gone)}, values{"withdrawn_at": number(int64(r.now)), "withdrawn_by": orNone(r.by)}); err != nil {
				return err
			}
			o.rounds = append(o.rounds, b.round)
			continue
		}
		days, err := db.Rows(r.ctx, r.tx, db.One[clock.Day], `SELECT DISTINCT day FROM course_day WHERE round_id = $1 ORDER BY day`, b.round)
		if err != nil {
			return err
		}
		if err := r.stayEmployed(w, days); err != nil {
			return err
		}
		o.both = append(o.both, b.round)
	}
	if err := r.waits(); err != nil {
		return err
	}
	if err := r.move("enrolment", []string{"id"}, `(o.withdrawn_at IS NOT NULL OR NOT EXISTS (
		SELECT 1 FROM enrolment AS k WHERE k.round_id = o.round_id AND k.person_id = $2 AND k.withdrawn_at IS NULL
	))`, r.kept); err != nil {
		return err
	}
	return r.move("queue_entry", []string{"id"}, "TRUE")
}

// stayEmployed lets who is gone keep the employments of the days.
func (r *record) stayEmployed(w work, days []clock.Day) error {
	for _, day := range days {
		there, err := db.Row(r.ctx, r.tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM employment WHERE person_id = $1 AND from_day = $2)`, r.gone, day)
		if err != nil {
			return err
		}
		for _, j := range w.gone {
			if there || !j.Holds(day) {
				continue
			}
			if err := r.add("employment", employmentOf(w.rows[j.id], r.gone, clock.Period{From: day, Until: &day}, j.main)); err != nil {
				return err
			}
		}
	}
	return nil
}

// waits ends what is one place too many: who has a seat in a round waits no longer, and of
// two places in its queue the one that is ahead stays.
func (r *record) waits() error {
	type waiting struct {
		id     int64
		gone   bool
		seated bool
		rival  bool
		place
		other place
	}
	rows, err := db.Rows(r.ctx, r.tx, func(w *waiting) []any {
		return []any{&w.id, &w.gone, &w.seated, &w.rival, &w.offered, &w.joined, &w.other.offered, &w.other.joined}
	}, `
		SELECT
			o.id,
			o.person_id = $1,
			EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = o.round_id AND n.person_id IN ($1, $2) AND n.withdrawn_at IS NULL),
			k.id IS NOT NULL,
			o.offered_at IS NOT NULL,
			o.joined_at,
			COALESCE(k.offered_at, 0) > 0,
			COALESCE(k.joined_at, 0)
		FROM queue_entry AS o
		LEFT JOIN queue_entry AS k ON k.round_id = o.round_id AND k.ended_at IS NULL AND k.person_id IN ($1, $2) AND k.person_id <> o.person_id
		WHERE o.person_id IN ($1, $2) AND o.ended_at IS NULL
		ORDER BY o.id`, r.gone, r.kept)
	if err != nil {
		return err
	}
	for _, w := range rows {
		stays := !w.seated
		if stays && w.rival {
			if w.gone {
				stays = ahead(w.place, w.other)
			} else {
				stays = !ahead(w.other, w.place)
			}
		}
		if !stays {
			if err := r.remove("queue_entry", values{"id": number(w.id)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// trainerDays lets the course days be the remaining one's. Of two rows of a day the one of
// who was there stays, else the remaining one's.
func (r *record) trainerDays() error {
	type both struct {
		day  int64
		gone bool // only who is gone was there
	}
	twice, err := db.Rows(r.ctx, r.tx, func(b *both) []any { return []any{&b.day, &b.gone} }, `
		SELECT o.course_day_id, COALESCE(o.present, FALSE) AND NOT COALESCE(k.present, FALSE)
		FROM day_trainer AS o
		JOIN day_trainer AS k ON k.course_day_id = o.course_day_id AND k.person_id = $2
		WHERE o.person_id = $1
		ORDER BY 1`, r.gone, r.kept)
	if err != nil {
		return err
	}
	for _, b := range twice {
		whose := r.gone
		if b.gone {
			whose = r.kept
		}
		if err := r.remove("day_trainer", values{"course_day_id": number(b.day), "person_id": number(whose)}); err != nil {
			return err
		}
	}
	return r.move("day_trainer", []string{"course_day_id"}, "TRUE")
}

// teams makes one place of two in the team of a course: from the first day to the last.
func (r *record) teams() error {
	type member struct {
		id                     int64
		recruited              clock.Day
		ready, ended           *clock.Day
		other                  int64
		otherRecruited         clock.Day
		otherReady, otherEnded *clock.Day
		reason, otherReason    *string
		word, otherWord        string
	}
	twice, err := db.Rows(r.ctx, r.tx, func(m *member) []any {
		return []any{&m.id, &m.recruited, &m.ready, &m.ended, &m.other, &m.otherRecruited, &m.otherReady, &m.otherEnded, &m.reason, &m.otherReason, &m.word, &m.otherWord}
	}, `
		SELECT k.id, k.recruited_on, k.ready_on, k.ended_on, o.id, o.recruited_on, o.ready_on, o.ended_on, k.end_reason, o.end_reason, k.end_word, o.end_word
		FROM trainer AS o
		JOIN trainer AS k ON k.course_id = o.course_id AND k.region_id = o.region_id AND k.person_id = $2
		WHERE o.person_id = $1
		ORDER BY o.id`, r.gone, r.kept)
	if err != nil {
		return err
	}
	for _, m := range twice {
		after := values{"recruited_on": text(min(m.recruited, m.otherRecruited).String()), "ready_on": dayOrNil(earliest(m.ready, m.otherReady)), "ended_on": dayOrNil(latest(m.ended, m.otherEnded))}
		switch end := latest(m.ended, m.otherEnded); end { // why it ended last
		case nil:
			after["end_reason"], after["end_word"] = nil, text("")
		case m.otherEnded:
			after["end_reason"], after["end_word"] = m.otherReason, text(m.otherWord)
		}
		if err := r.change("trainer", values{"id": number(m.id)}, after); err != nil {
			return err
		}
		if err := r.remove("trainer", values{"id": number(m.other)}); err != nil {
			return err
		}
	}
	return r.move("trainer", []string{"id"}, "TRUE")
}

func dayOrNil(d *clock.Day) *string {
	if d == nil {
		return nil
	}
	return text(d.String())
}

// signedIn keeps the later of the last sign-ins: what is forgotten in time goes by it.
func (r *record) signedIn() error {
	type at struct{ kept, gone *clock.Instant }
	a, err := db.Row(r.ctx, r.tx, func(a *at) []any { return []any{&a.kept, &a.gone} }, `
		SELECT (SELECT at FROM last_sign_in WHERE person_id = $1), (SELECT at FROM last_sign_in WHERE person_id = $2)`, r.kept, r.gone)
	switch {
	case err != nil || a.gone == nil:
		return err
	case a.kept == nil:
		return r.moveRow("last_sign_in", values{"at": number(int64(*a.gone))})
	}
	return r.change("last_sign_in", values{"person_id": number(r.kept)}, values{"at": number(int64(max(*a.kept, *a.gone)))})
}

// support ends that anybody sees the pages as one of the two.
func (r *record) support() error {
	running, err := db.Rows(r.ctx, r.tx, db.One[int64], `SELECT id FROM support_view WHERE person_id IN ($1, $2) AND ended_at IS NULL`, r.kept, r.gone)
	if err != nil {
		return err
	}
	for _, id := range running {
		if err := r.change("support_view", values{"id": number(id)}, values{"ended_at": number(int64(r.now))}); err != nil {
			return err
		}
	}
	return r.move("support_view", []string{"id"}, "o.asked_by <> $2", r.kept) // nobody asks themselves
}
