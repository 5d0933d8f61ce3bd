package learning

import (
	"context"
	"crypto/rand"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// Certificate says that somebody has completed a course, or all courses of a
// step. Its code is printed on it; whoever holds it can check it by the code.
type Certificate struct {
	ID       int64
	Code     string // 16 characters; FormatCode makes them readable
	PersonID int64
	Name     string
	Course   string // of a course, empty for a step
	Slug     string
	Edition  int    // 0 when it is not known
	Journey  string // of a step, empty for a course
	Step     string
	On       clock.Day
	Revoked  bool // the completion was a mistake and has been taken back
}

const codeLength = 16 // of 32 characters each: 80 bits, which nobody guesses

// FormatCode is the code in groups of four, as it is printed.
func FormatCode(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i += 4 {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(code[i:min(i+4, len(code))])
	}
	return b.String()
}

// ReadCode is the code that somebody has typed: in any case, with or without
// hyphens and spaces, and with the digits that look like letters. Empty when it
// cannot be a code.
func ReadCode(typed string) string {
	code := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z', r >= '2' && r <= '7':
			return r
		case r == '0':
			return 'O'
		case r == '1':
			return 'I'
		case r == '8':
			return 'B'
		case r == '-', r == '–', r == ' ':
			return -1
		}
		return '?'
	}, strings.ToUpper(typed))
	if len(code) != codeLength || strings.Contains(code, "?") {
		return ""
	}
	return code
}

// Certify gives the certificate of a completion, made the first time that it is
// asked for. The viewer is the person, or may see them; fault.NotFound for
// others and when the completion has been taken back.
func Certify(ctx context.Context, tx *db.Tx, viewer access.Viewer, completionID int64, now clock.Instant) (Certificate, error) {
	person, err := db.Row(ctx, tx, db.One[int64], `SELECT person_id FROM completion WHERE id = $1 AND revoked_at IS NULL`, completionID)
	if err != nil {
		return Certificate{}, err
	}
	return certify(ctx, tx, viewer, person, "completion_id", completionID, now)
}

// CertifyStep gives the certificate of a step that somebody has levelled up
// from, in the same way.
func CertifyStep(ctx context.Context, tx *db.Tx, viewer access.Viewer, levelUpID int64, now clock.Instant) (Certificate, error) {
	person, err := db.Row(ctx, tx, db.One[int64],
		`SELECT a.person_id FROM level_up AS l JOIN account AS a ON a.id = l.account_id WHERE l.id = $1`, levelUpID)
	if err != nil {
		return Certificate{}, err
	}
	return certify(ctx, tx, viewer, person, "level_up_id", levelUpID, now)
}

func certify(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, column string, id int64, now clock.Instant) (Certificate, error) {
	holder, err := people.Get(ctx, tx, viewer, personID, now.Day())
	if err != nil {
		return Certificate{}, err
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO certificate (code, person_id, `+column+`, issued_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (`+column+`) DO NOTHING`, rand.Text()[:codeLength], personID, id, now); err != nil {
		return Certificate{}, err
	}
	c, err := certificate(ctx, tx, "c."+column+" = $1", id)
	c.Name = holder.Name() // on their own paper, protected or not
	return c, err
}

// CheckCertificate is the certificate with the code, as somebody typed it, for
// anybody who holds it: it tells no more than the paper does. fault.NotFound
// when there is none.
func CheckCertificate(ctx context.Context, q db.Querier, typed string) (Certificate, error) {
	code := ReadCode(typed)
	if code == "" {
		return Certificate{}, fault.NotFound
	}
	return certificate(ctx, q, "c.code = $1", code)
}

func certificate(ctx context.Context, q db.Querier, condition string, arg any) (Certificate, error) {
	return db.Row(ctx, q, func(c *Certificate) []any {
		return []any{&c.ID, &c.Code, &c.PersonID, &c.Name, &c.Course, &c.Slug, &c.Edition, &c.Journey, &c.Step, &c.On, &c.Revoked}
	}, `
		SELECT
			c.id,
			c.code,
			c.person_id,
			CASE WHEN p.id IN (SELECT person_id FROM protected_person) THEN '' ELSE TRIM(p.given_name || ' ' || p.family_name) END,
			CASE WHEN co.id IS NULL THEN '' ELSE `+catalogue.TitleSQL("co")+` END,
			COALESCE(co.slug, ''),
			COALESCE(e.number, 0),
			COALESCE(j.name, ''),
			COALESCE(s.name, ''),
			COALESCE(d.completed_on, l.answered_on),
			d.revoked_at IS NOT NULL
		FROM certificate AS c
		JOIN person AS p ON p.id = c.person_id
		LEFT JOIN completion AS d ON d.id = c.completion_id
		LEFT JOIN course AS co ON co.id = d.course_id
		LEFT JOIN edition AS e ON e.id = d.edition_id
		LEFT JOIN level_up AS l ON l.id = c.level_up_id
		LEFT JOIN step AS s ON s.id = l.from_step_id
		LEFT JOIN journey AS j ON j.id = s.journey_id
		WHERE `+condition, arg)
}
