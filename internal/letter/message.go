package letter

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/round"
)

// New is a letter in somebody's own words. Subject and Body may hold
// Placeholders. Key names the occasion: the same twice is one letter.
type New struct {
	Audience Audience // Participants, Trainers or InQueue
	Subject  string
	Body     string
	Key      string
}

// Placeholders are what stands in braces in a letter and becomes each reader's
// own, in the order of the forms. Each is known by its Swedish name.
var Placeholders = []string{"förnamn", "kurs", "dagar", "plats", "länk", "sista dag att avboka"}

var braces = regexp.MustCompile(`\{([^{}\n]*)\}`)

const (
	maxSubject = 150
	maxBody    = 10_000
)

func (n *New) check() error {
	n.Subject, n.Body = strings.TrimSpace(n.Subject), strings.TrimSpace(strings.ReplaceAll(n.Body, "\r\n", "\n"))
	var checks fault.Checks
	checks.Require(n.Audience == Participants || n.Audience == Trainers || n.Audience == InQueue, "audience", "letter.audience_missing")
	checks.Require(n.Subject != "", "subject", "letter.subject_missing")
	checks.Require(utf8.RuneCountInString(n.Subject) <= maxSubject, "subject", "letter.text_too_long", "Max", maxSubject)
	checks.Require(!strings.ContainsAny(n.Subject, "\r\n"), "subject", "letter.subject_lines")
	checks.Require(n.Body != "", "body", "letter.body_missing")
	checks.Require(utf8.RuneCountInString(n.Body) <= maxBody, "body", "letter.text_too_long", "Max", maxBody)
	for _, field := range []struct{ name, text string }{{"subject", n.Subject}, {"body", n.Body}} {
		for _, m := range braces.FindAllStringSubmatch(field.text, -1) {
			if !slices.Contains(Placeholders, placeholder(m[1])) {
				checks.Require(false, field.name, "letter.placeholder_unknown", "Name", m[0])
				break
			}
		}
	}
	return checks.Err()
}

func placeholder(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// fill writes the reader's own where the placeholders stand. days are those that
// concern the reader.
func fill(text string, d round.Detail, days []round.Day, p Person, site Site) string {
	l := p.lang()
	return braces.ReplaceAllStringFunc(text, func(found string) string {
		switch placeholder(strings.Trim(found, "{}")) {
		case "förnamn":
			return p.Given
		case "kurs":
			return d.Course
		case "dagar":
			return listed(l, days, func(day round.Day) string { return when(l, day.Day, day.Starts, day.Ends) })
		case "plats":
			return listed(l, days, func(day round.Day) string {
				if day.Place == "" {
					return day.Link
				}
				return day.Place
			})
		case "länk":
			return site.page(address.Round(d.ID))
		case "sista dag att avboka":
			return l.Day(withdrawUntil(d.Round))
		}
		return found
	})
}

// Title is the subject of somebody's letter as most of its readers got it: what is
// the reader's own, as the name, stands as it does in the form.
func Title(l *i18n.Lang, subject string, d round.Detail) string {
	return braces.ReplaceAllStringFunc(subject, func(found string) string {
		if placeholder(strings.Trim(found, "{}")) == "förnamn" {
			return l.T("letter.reader")
		}
		return fill(found, d, d.CourseDays, Person{Language: l.Code()}, Site{})
	})
}

// listed are the days' words, each once, joined as a sentence joins them.
func listed(l *i18n.Lang, days []round.Day, word func(round.Day) string) string {
	var all []string
	for _, day := range days {
		if w := word(day); w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	last := len(all) - 1
	return l.T("letter.and", "First", strings.Join(all[:last], ", "), "Last", all[last])
}

// Readers are those whom a letter to the audience would reach, by name, for
// those who manage the round. Address tells whether they have one.
func Readers(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64, audience Audience) ([]Person, error) {
	d, err := managed(ctx, q, viewer, roundID)
	if err != nil {
		return nil, err
	}
	w, err := newWriter(ctx, q, d, Site{}, 0)
	if err != nil {
		return nil, err
	}
	return w.readers(ctx, q, audience)
}

func (w *writer) readers(ctx context.Context, q db.Querier, audience Audience) ([]Person, error) {
	var ids []int64
	switch audience {
	case Trainers:
		ids = w.trainers
	case InQueue:
		ids = slices.Sorted(maps.Keys(w.queue))
	case Participants, OnePerson:
		ids = seated(w.d)
	}
	if err := w.know(ctx, q, ids...); err != nil {
		return nil, err
	}
	people := make([]Person, len(ids))
	for i, id := range ids {
		people[i] = w.people[id]
	}
	slices.SortStableFunc(people, func(a, b Person) int {
		return strings.Compare(string(i18n.SortKey(a.Name())), string(i18n.SortKey(b.Name())))
	})
	return people, nil
}

// Shown is a letter as one reader will get it, with how many get it and how many
// of them have no address.
type Shown struct {
	To        Person
	Subject   string
	Body      string
	Readers   []Person
	Addresses int
}

// Preview is the letter as the person will read it, or the first reader when
// the person is none of them. The faults are those of Send.
func Preview(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64, n New, personID int64, site Site) (Shown, error) {
	w, readers, err := prepare(ctx, q, viewer, roundID, &n, site, 0)
	if err != nil {
		return Shown{}, err
	}
	s := Shown{To: readers[0], Readers: readers}
	for _, p := range readers {
		if p.ID == personID {
			s.To = p
		}
		if p.Email != "" {
			s.Addresses++
		}
	}
	s.Subject, s.Body = w.words(n, s.To)
	return s, nil
}

// prepare checks the letter; fault.Invalid of the field audience when nobody
// would get it.
func prepare(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64, n *New, site Site, now clock.Instant) (*writer, []Person, error) {
	d, err := managed(ctx, q, viewer, roundID)
	if err != nil {
		return nil, nil, err
	}
	if err := n.check(); err != nil {
		return nil, nil, err
	}
	w, err := newWriter(ctx, q, d, site, now)
	if err != nil {
		return nil, nil, err
	}
	readers, err := w.readers(ctx, q, n.Audience)
	if err == nil && len(readers) == 0 {
		err = fault.Invalid("audience", "letter.nobody")
	}
	return w, readers, err
}

// words are the letter as the person reads it.
func (w *writer) words(n New, p Person) (subject, body string) {
	days := w.d.CourseDays
	if n.Audience == Trainers {
		days = w.daysOf(p.ID, true)
	}
	return fill(n.Subject, w.d, days, p, w.site), fill(n.Body, w.d, days, p, w.site) + "\n\n" + signed(p.lang(), w.d.Round) + "\n"
}

// Send sends the letter to the round's participants or trainers, as many as the
// answer says, for those who manage the round. What was sent with the key
// before is not sent again: fault.Conflict "letter.written_already".
func Send(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, n New, site Site, now clock.Instant) (int, error) {
	id, parts, err := put(ctx, tx, viewer, roundID, n, site, now)
	if err != nil {
		return 0, err
	}
	return len(parts), deal(ctx, tx, id, parts)
}

// Record keeps a letter as one that was sent then, and sends nothing: for data
// that are loaded with their history.
func Record(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, n New, site Site, at clock.Instant) error {
	id, parts, err := put(ctx, tx, viewer, roundID, n, site, at)
	if err != nil {
		return err
	}
	return keep(ctx, tx, id, parts, &at)
}

// put writes the letter, and gives what each reader is to get.
func put(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, n New, site Site, now clock.Instant) (int64, []part, error) {
	// Two who press at once wait for each other here.
	if _, err := db.Exec(ctx, tx, `UPDATE round SET letters_until = letters_until WHERE id = $1`, roundID); err != nil {
		return 0, nil, err
	}
	w, readers, err := prepare(ctx, tx, viewer, roundID, &n, site, now)
	if err != nil {
		return 0, nil, err
	}
	if n.Key == "" {
		return 0, nil, errors.New("write letter: it has no key")
	}
	id, err := insert(ctx, tx, roundID, letter{
		kind: Message, audience: n.Audience, subject: n.Subject, body: n.Body,
		key: "message-" + strconv.FormatInt(roundID, 10) + "-" + n.Key, by: viewer.ActorID(),
	}, now)
	if err != nil {
		return 0, nil, err
	}
	parts := make([]part, len(readers))
	for i, p := range readers {
		subject, body := w.words(n, p)
		parts[i] = part{person: p.ID, subject: subject, body: body}
	}
	return id, parts, nil
}
