package letter

import (
	"context"
	"errors"
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/organisation"
)

// Personal is a letter to one person that is about no round. Kind says to whoever
// reads the table why it was written.
type Personal struct {
	PersonID      int64
	Kind          string
	Subject, Body string
}

// PutPersonal writes the letter and lets it be sent; it gives the letter's identity.
// Who may write it is for the caller to ask: it asks no viewer, and keeps by as the
// one who wrote it.
func PutPersonal(ctx context.Context, tx *db.Tx, p Personal, by *int64, now clock.Instant) (int64, error) {
	id, err := keepPersonal(ctx, tx, p, by, now, nil)
	if err != nil {
		return 0, err
	}
	return id, jobs.Add(ctx, tx, personJob{Letter: id})
}

// WritePersonal is PutPersonal of a letter of the kind in the person's language, with the greetings
// after the words, which are told what to call them. It asks no viewer, as PutPersonal.
func WritePersonal(ctx context.Context, tx *db.Tx, personID int64, kind string, by *int64, now clock.Instant, words func(l *i18n.Lang, name string) (subject, body string)) error {
	p, err := db.Row(ctx, tx, func(p *Person) []any { return []any{&p.Given, &p.Family, &p.Language} }, `SELECT given_name, family_name, language FROM person WHERE id = $1`, personID)
	if err != nil {
		return err
	}
	l := p.lang()
	name := p.Given
	if name == "" {
		name = p.Family // some have one name only
	}
	subject, body := words(l, name)
	_, err = PutPersonal(ctx, tx, Personal{PersonID: personID, Kind: kind, Subject: subject, Body: body + "\n\n" + l.T("letter.greetings", "Sender", l.T("circular.sender"))}, by, now)
	return err
}

// RecordPersonal keeps a letter as one that was sent then, and sends nothing: for
// data that are loaded with their history.
func RecordPersonal(ctx context.Context, tx *db.Tx, p Personal, by *int64, at clock.Instant) (int64, error) {
	return keepPersonal(ctx, tx, p, by, at, &at)
}

func keepPersonal(ctx context.Context, tx *db.Tx, p Personal, by *int64, made clock.Instant, sent *clock.Instant) (int64, error) {
	return db.Row(ctx, tx, db.One[int64], `
		INSERT INTO person_letter (person_id, kind, subject, body, made_at, made_by, sent_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`, p.PersonID, p.Kind, p.Subject, p.Body, made, by, sent)
}

// SendPersonalAgain gives the letter back to the post if it bounced, and tells
// whether it did. It asks no viewer.
func SendPersonalAgain(ctx context.Context, tx *db.Tx, letterID int64) (bool, error) {
	n, err := again(ctx, tx, func(j *personJob) []any { return []any{&j.Letter} }, `
		UPDATE person_letter
		SET failed_at = NULL, failure = ''
		WHERE id = $1 AND failed_at IS NOT NULL
		RETURNING id`, letterID)
	return n > 0, err
}

// RoleGiven writes to somebody who was given a role: which, where, from when, and
// how they sign in. reached tells whether they have an address to write to. Whoever
// gave the role calls it in the same transaction.
func RoleGiven(ctx context.Context, tx *db.Tx, viewer access.Viewer, grantID int64, site Site, now clock.Instant) (reached bool, err error) {
	type given struct {
		Person
		role     access.Role
		district bool // the place is a district
		place    string
		from     clock.Day
		until    *clock.Day
	}
	g, err := db.Row(ctx, tx, func(g *given) []any {
		return []any{&g.ID, &g.Given, &g.Family, &g.Email, &g.Language, &g.role, &g.district, &g.place, &g.from, &g.until}
	}, `
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			COALESCE(p.email, ''),
			p.language,
			g.role,
			`+organisation.IsDistrictSQL("o.id")+`,
			o.name,
			g.from_day,
			g.to_day
		FROM role_grant AS g
		JOIN person AS p ON p.id = g.person_id
		JOIN organisation AS o ON o.id = g.organisation_id
		WHERE g.id = $1`, grantID)
	if err != nil || g.Email == "" {
		return false, err
	}
	l := g.lang()
	by := viewer.Name
	if by == "" {
		by = "Yrkesresan"
	}
	called := g.Given
	if called == "" {
		called = g.Family // some have one name only
	}
	when := l.T("letter.role_from", "From", g.from)
	if g.until != nil {
		when = l.T("letter.role_within", "From", g.from, "Until", *g.until)
	}
	_, err = PutPersonal(ctx, tx, Personal{
		PersonID: g.ID, Kind: "role",
		Subject: l.T("letter.role_subject", "Role", l.T(g.role.KeyAt(g.district)), "Place", g.place),
		Body: l.T("letter.role_body", "Name", called, "Role", l.T(g.role.KeyAt(g.district)), "Place", g.place, "When", when, "By", by,
			"Link", site.page(address.SignIn), "Address", g.Email),
	}, viewer.ActorID(), now)
	return true, err
}

// personJob hands a letter to one person to the mail server.
type personJob struct {
	Letter int64 `json:"letter"`
}

func (personJob) Kind() string { return "letter_person" }

// Queue is that of all letters.
func (personJob) Queue() string { return mail.Queue }

func (j personJob) key() string { return fmt.Sprintf("person-letter-%d", j.Letter) }

func (j personJob) read(ctx context.Context, q db.Querier) (piece, error) {
	p, err := db.Row(ctx, q, (*piece).columns, `
		SELECT
			l.subject,
			l.body,
			'',
			COALESCE(p.email, ''),
			l.sent_at IS NOT NULL OR l.failed_at IS NOT NULL
		FROM person_letter AS l
		JOIN person AS p ON p.id = l.person_id
		WHERE l.id = $1`, j.Letter)
	if errors.Is(err, fault.NotFound) {
		return piece{done: true}, nil
	}
	p.key = j.key()
	return p, err
}

func (j personJob) note(ctx context.Context, tx *db.Tx, sent, failed *clock.Instant, failure string) error {
	_, err := db.Exec(ctx, tx, `UPDATE person_letter SET sent_at = $2, failed_at = $3, failure = $4 WHERE id = $1`, j.Letter, sent, failed, failure)
	return err
}
