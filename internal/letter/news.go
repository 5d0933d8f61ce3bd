package letter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
)

// newsJob turns a round's new events into letters.
type newsJob struct {
	Round int64 `json:"round"`
}

func (newsJob) Kind() string { return "letter_news" }

// After lets the round's new events give their letters once tx is committed. Whatever
// changes a round calls it in the same transaction, and need not know which changes
// are worth a letter: a job that finds nothing writes nothing. It asks no viewer.
func After(ctx context.Context, tx *db.Tx, roundID int64, _ clock.Instant) error {
	return jobs.Add(ctx, tx, newsJob{Round: roundID})
}

// Forget lets what has happened until now give no letters: for data that are
// loaded with their history.
func Forget(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `
		UPDATE round
		SET letters_until = COALESCE((SELECT MAX(e.id) FROM round_event AS e WHERE e.round_id = round.id), 0)`)
	return err
}

// late is how long what happens to a round that is over is news.
const late = 7 * 24 * time.Hour

// afterwards is what of the news still concerns somebody when the round is over: an
// approval that was taken back lately.
func afterwards(news []round.News, now clock.Instant) (left []round.News) {
	for _, n := range news {
		if (n.Kind == round.WasUnapproved || n.Kind == round.WasApproved) && n.At >= now.Add(-late) {
			left = append(left, n)
		}
	}
	return left
}

// Write turns the round's new events into letters, each event once. A round that
// is over gives no letters.
func Write(ctx context.Context, tx *db.Tx, roundID int64, site Site, now clock.Instant) error {
	// The lock: whoever comes second finds nothing new.
	until, err := db.Row(ctx, tx, db.One[int64],
		`UPDATE round SET letters_until = letters_until WHERE id = $1 RETURNING letters_until`, roundID)
	if errors.Is(err, fault.NotFound) {
		return nil // the round was deleted
	}
	if err != nil {
		return err
	}
	news, err := round.NewsAfter(ctx, tx, roundID, until)
	if err != nil || len(news) == 0 {
		return err
	}
	last := news[len(news)-1].ID
	if _, err := db.Exec(ctx, tx, `UPDATE round SET letters_until = $2 WHERE id = $1`, roundID, last); err != nil {
		return err
	}
	d, err := round.Get(ctx, tx, access.System(), roundID)
	if err != nil {
		return err
	}
	if d.LastDay < now.Day() {
		news = afterwards(news, now)
	}
	if len(news) == 0 {
		return nil
	}
	w, err := newWriter(ctx, tx, d, site, now)
	if err != nil {
		return err
	}
	s, err := w.standing(ctx, tx, news)
	if err != nil {
		return err
	}
	if err := w.write(ctx, tx, occasions(news, s), "news-"+strconv.FormatInt(last, 10)); err != nil {
		return err
	}
	for _, n := range news {
		// A move is news in the other round, too.
		if n.Kind == round.WasMoved && n.RoundID != 0 {
			if err := After(ctx, tx, n.RoundID, now); err != nil {
				return err
			}
		}
	}
	// Who got a seat late gets the material at once.
	return w.sendMaterial(ctx, tx)
}

func (w *writer) standing(ctx context.Context, tx *db.Tx, news []round.News) (standing, error) {
	d := w.d
	s := standing{
		published: d.PublishedAt != nil, seated: seated(d), trainers: w.trainers, managers: map[int64][]int64{}, written: map[int64]bool{},
	}
	written, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT DISTINCT r.person_id
		FROM round_letter AS l
		JOIN round_letter_recipient AS r ON r.letter_id = l.id
		WHERE l.round_id = $1
		AND l.audience = 'trainers'`, d.ID)
	if err != nil {
		return s, err
	}
	for _, p := range written {
		s.written[p] = true
	}
	for _, n := range news {
		switch n.Kind {
		case round.WasCancelled:
			if s.dropped, err = db.Rows(ctx, tx, db.One[int64], `
				SELECT person_id
				FROM queue_entry
				WHERE round_id = $1
				AND ended_how = 'cancelled'
				AND ended_at = $2
				ORDER BY id`, d.ID, n.At); err != nil {
				return s, err
			}
		case round.WasAsked:
			if s.managers[n.SubjectID], err = ManagersOf(ctx, tx, n.SubjectID, w.now.Day()); err != nil {
				return s, err
			}
		case round.WasBrought: // the manager of the day on which they will sit there
			if s.managers[n.SubjectID], err = ManagersOf(ctx, tx, n.SubjectID, max(d.FirstDay, w.now.Day())); err != nil {
				return s, err
			}
		default: // the others name everybody whom they concern
		}
	}
	return s, nil
}

func seated(d round.Detail) []int64 {
	ids := make([]int64, len(d.Enrolments))
	for i, e := range d.Enrolments {
		ids[i] = e.PersonID
	}
	return ids
}

// holding is a trainer's day; pending tells that they were asked and have not
// answered.
type holding struct {
	day, person int64
	pending     bool
}

// holdings are who holds the round's days, without those who said no.
func holdings(ctx context.Context, q db.Querier, roundID int64) ([]holding, error) {
	return db.Rows(ctx, q, func(h *holding) []any { return []any{&h.day, &h.person, &h.pending} }, `
		SELECT
			t.course_day_id,
			t.person_id,
			t.asked_at IS NOT NULL AND t.answer IS NULL
		FROM day_trainer AS t
		JOIN course_day AS d ON d.id = t.course_day_id
		WHERE d.round_id = $1
		AND COALESCE(t.answer, '') <> 'declined'
		ORDER BY d.ordinal, t.person_id`, roundID)
}

// ManagersOf are the managers of the unit or municipality where the person is employed; where
// there is none, those of its district, then the district's administrators, then the
// municipality's. Those of somebody whose
// identity is protected are told nothing: who looks after it is. It asks no viewer.
func ManagersOf(ctx context.Context, q db.Querier, personID int64, today clock.Day) ([]int64, error) {
	return managersOf(ctx, q, personID, today, "")
}

// MainManagersOf are the same of the person's main employment alone. It asks no viewer.
func MainManagersOf(ctx context.Context, q db.Querier, personID int64, today clock.Day) ([]int64, error) {
	return managersOf(ctx, q, personID, today, "AND e.main")
}

func managersOf(ctx context.Context, q db.Querier, personID int64, today clock.Day, which string) ([]int64, error) {
	if guards, protected, err := people.GuardsOf(ctx, q, personID, today); err != nil || protected {
		return guards, err
	}
	const employer = "e.organisation_id, e.municipality_id"
	district := organisation.DistrictSQL("e.organisation_id", "$2")
	for _, next := range []struct {
		role access.Role
		at   string
	}{{access.Manager, employer}, {access.Manager, district}, {access.DistrictAdmin, district}, {access.MunicipalAdmin, employer}} {
		ids, err := db.Rows(ctx, q, db.One[int64], `
			SELECT DISTINCT g.person_id
			FROM employment AS e
			JOIN role_grant AS g ON g.organisation_id IN (`+next.at+`)
			WHERE e.person_id = $1 `+which+`
			AND e.from_day <= $2
			AND (e.to_day IS NULL OR e.to_day >= $2)
			AND g.role = $3
			AND g.from_day <= $2
			AND (g.to_day IS NULL OR g.to_day >= $2)
			AND g.person_id <> $1
			ORDER BY g.person_id`, personID, today, string(next.role))
		if err != nil || len(ids) > 0 {
			return ids, err
		}
	}
	return nil, nil
}

// writer writes the letters of one round.
type writer struct {
	d        round.Detail
	site     Site
	now      clock.Instant
	queue    map[int64]seat.Entry
	people   map[int64]Person
	holdings []holding
	trainers []int64 // each once
	prepare  bool    // the course has tasks to do before the first day
}

func newWriter(ctx context.Context, q db.Querier, d round.Detail, site Site, now clock.Instant) (*writer, error) {
	w := &writer{d: d, site: site, now: now, queue: map[int64]seat.Entry{}, people: map[int64]Person{}}
	entries, err := seat.Queue(ctx, q, access.System(), d.Round)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		w.queue[e.PersonID] = e
	}
	if w.holdings, err = holdings(ctx, q, d.ID); err != nil {
		return nil, err
	}
	for _, h := range w.holdings {
		if !slices.Contains(w.trainers, h.person) {
			w.trainers = append(w.trainers, h.person)
		}
	}
	if d.EditionID == nil {
		return w, nil
	}
	content, err := catalogue.ContentOf(ctx, q, *d.EditionID)
	if errors.Is(err, fault.NotFound) {
		return w, nil // an edition of before there was content
	}
	if err == nil {
		w.prepare = slices.ContainsFunc(content.Tasks, func(t catalogue.Task) bool { return t.Phase == catalogue.Preparation && !t.Optional })
	}
	return w, err
}

// know loads the people who are not known yet.
func (w *writer) know(ctx context.Context, q db.Querier, ids ...int64) error {
	var unknown []int64
	for _, id := range ids {
		if _, known := w.people[id]; !known && id != 0 {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	is, args := db.In("id", unknown)
	var b db.Builder
	b.Add("SELECT id, given_name, family_name, COALESCE(email, ''), language FROM person WHERE "+is, args...)
	people, err := db.Rows(ctx, q, func(p *Person) []any { return []any{&p.ID, &p.Given, &p.Family, &p.Email, &p.Language} }, b.String(), b.Args()...)
	for _, p := range people {
		w.people[p.ID] = p
	}
	return err
}

// part is one e-mail to one person.
type part struct {
	person                  int64
	subject, body, calendar string
}

// write writes the letters of the occasions, those of a kind as one letter. key
// is what they have in common.
func (w *writer) write(ctx context.Context, tx *db.Tx, all []occasion, key string) error {
	type group struct {
		kind     Kind
		audience Audience
	}
	parts := map[group][]part{}
	recipients := map[group]int{}
	var order []group
	var ids []int64
	for _, o := range all {
		ids = append(ids, o.person, o.about)
	}
	if err := w.know(ctx, tx, ids...); err != nil {
		return err
	}
	for _, o := range all {
		kind, letters, err := w.compose(ctx, tx, o)
		if err != nil {
			return err
		}
		if len(letters) == 0 {
			continue
		}
		g := group{kind, o.audience}
		if recipients[g] == 0 {
			order = append(order, g)
		}
		recipients[g]++
		parts[g] = append(parts[g], letters...)
	}
	for _, g := range order {
		audience := g.audience
		if recipients[g] == 1 {
			// Also where it is about the trainers as such: who has had a letter is
			// found by the audience.
			if audience == Participants {
				audience = OnePerson
			}
		}
		id, err := insert(ctx, tx, w.d.ID, letter{kind: g.kind, audience: audience, key: key + "-" + string(g.kind)}, w.now)
		if err != nil {
			return err
		}
		if err := deal(ctx, tx, id, parts[g]); err != nil {
			return err
		}
	}
	return nil
}

// compose is what the person gets: the letter, and an e-mail more for each
// further entry of their calendar. What the entries then say is noted.
func (w *writer) compose(ctx context.Context, tx *db.Tx, o occasion) (Kind, []part, error) {
	p, known := w.people[o.person]
	if !known {
		return "", nil, fmt.Errorf("write letter: person %d does not exist", o.person)
	}
	var entries []calendar.Entry
	if o.entries {
		had, err := calendar.EntriesOf(ctx, tx, w.d.ID, o.person)
		if err != nil {
			return "", nil, err
		}
		entries = calendar.Differences(had, w.wanted(o.person))
		if err := calendar.Sent(ctx, tx, w.d.ID, entries, w.now); err != nil {
			return "", nil, err
		}
	}
	kind := o.kind
	if kind == "" {
		if len(entries) == 0 {
			return "", nil, nil
		}
		kind = TrainerLeft
	}
	a := about{reason: o.reason, name: w.people[o.about].Name(), position: w.queue[o.person].Position, until: w.queue[o.person].OfferUntil, prepare: w.prepare}
	if o.audience == Trainers {
		a.days = w.daysOf(o.person, true)
		if kind == TrainerAsked {
			a.days = w.askedFor(o.person)
		}
	}
	subject, body := write(kind, w.d, p, a, w.site)
	letters := []part{{person: o.person, subject: subject, body: body}}
	for i, e := range entries {
		if i > 0 {
			subject, body := entryText(w.d, e, p, w.site)
			letters = append(letters, part{person: o.person, subject: subject, body: body})
		}
		letters[i].calendar = invitation(w.d, e, p, w.site, w.now)
	}
	return kind, letters, nil
}

// wanted are the days of the round that belong in the person's calendar: all of
// them with a seat, for a trainer those that they hold.
func (w *writer) wanted(person int64) []calendar.Entry {
	if w.d.CancelledAt != nil {
		return nil
	}
	sits := false
	for _, e := range w.d.Enrolments {
		sits = sits || e.PersonID == person
	}
	days := w.d.CourseDays
	if !sits {
		days = w.daysOf(person, false)
	}
	var out []calendar.Entry
	for _, day := range days {
		out = append(out, calendar.Entry{
			CourseDayID: day.ID, PersonID: person, Day: day.Day, Starts: day.Starts, Ends: day.Ends, Place: day.Place, Link: day.Link,
		})
	}
	return out
}

// daysOf are the days that the trainer holds, with those that they have not yet
// said yes to or without; never nil.
func (w *writer) daysOf(person int64, pending bool) []round.Day {
	days := []round.Day{}
	for _, day := range w.d.CourseDays {
		for _, h := range w.holdings {
			if h.person == person && h.day == day.ID && (pending || !h.pending) {
				days = append(days, day)
			}
		}
	}
	return days
}

// askedFor are the days that wait for the trainer's answer; never nil.
func (w *writer) askedFor(person int64) []round.Day {
	days := []round.Day{}
	for _, day := range w.d.CourseDays {
		if slices.ContainsFunc(w.holdings, func(h holding) bool { return h.person == person && h.day == day.ID && h.pending }) {
			days = append(days, day)
		}
	}
	return days
}

// letter is a letter as it is written. Subject and body are empty when the
// product writes them, and so is by; key names the occasion.
type letter struct {
	kind          Kind
	audience      Audience
	subject, body string
	key           string
	by            *int64
}

// insert writes the letter, which nobody has got yet. fault.Conflict
// "letter.written_already" when there is one with the key.
func insert(ctx context.Context, tx *db.Tx, roundID int64, l letter, now clock.Instant) (int64, error) {
	queue := l.audience == InQueue
	if queue {
		l.audience = OnePerson
	}
	ids, err := db.Rows(ctx, tx, db.One[int64], `
		INSERT INTO round_letter (round_id, kind, audience, subject, body, key, made_at, made_by, to_queue)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (key) DO NOTHING
		RETURNING id`, roundID, l.kind, l.audience, l.subject, l.body, l.key, now, l.by, queue)
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		return 0, fault.Conflict("letter.written_already")
	}
	return ids[0], nil
}

// keep notes the parts of the letter, sent or still to be sent.
func keep(ctx context.Context, tx *db.Tx, letterID int64, parts []part, sent *clock.Instant) error {
	rows := make([][]any, len(parts))
	number := map[int64]int{}
	for i, p := range parts {
		number[p.person]++
		rows[i] = []any{letterID, p.person, number[p.person], p.subject, p.body, p.calendar, sent}
	}
	return db.Insert(ctx, tx, "round_letter_recipient", []string{"letter_id", "person_id", "part", "subject", "body", "calendar", "sent_at"}, rows)
}

// deal keeps the parts of the letter and gives them to the post.
func deal(ctx context.Context, tx *db.Tx, letterID int64, parts []part) error {
	if err := keep(ctx, tx, letterID, parts, nil); err != nil {
		return err
	}
	number := map[int64]int{}
	for _, p := range parts {
		number[p.person]++
		if err := jobs.Add(ctx, tx, postJob{Letter: letterID, Person: p.person, Part: number[p.person]}); err != nil {
			return err
		}
	}
	return nil
}

func method(object string) calendar.Method {
	if strings.Contains(object, "METHOD:"+string(calendar.Cancel)) {
		return calendar.Cancel
	}
	return calendar.Request
}
