package identity

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// The code beside a link is for whoever opens the letter elsewhere than where they
// began. It holds in the browsers that asked for the letter and in no other, so
// that who reads it over a shoulder, or asks in somebody's name, gains nothing. Of
// wrong ones each browser has five, and an address thirty a day whatever the network
// and however often a letter is asked for: a hundred million codes are too many to
// try. The link works all the same, so nobody is locked out.
const (
	codeDigits        = 8
	guessesPerCode    = 5
	guessesPerAddress = 30
	guessWindow       = 24 * time.Hour
)

// Grouped is a code as people read it: "1234 5678".
func Grouped(code string) string {
	if len(code) != codeDigits {
		return code
	}
	return code[:codeDigits/2] + " " + code[codeDigits/2:]
}

// codeOf is the code that stands beside the link with the token. It is made of the
// token, so that the link's page can show it and the database keeps neither.
func codeOf(token string) string {
	sum := sha256.Sum256([]byte("code " + token))
	return fmt.Sprintf("%0*d", codeDigits, binary.BigEndian.Uint64(sum[:])%1e8)
}

func codeHash(letter int64, code string) []byte { return hash(fmt.Sprintf("code %d %s", letter, code)) }

// digits is what was typed as a code, without what stands between its figures.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
}

// Browser is the secret by which a browser is known while it waits for a letter: the
// one that its cookie holds, or a new one when it holds none.
func Browser(cookie string) string {
	if len(cookie) == len(newToken()) && !strings.ContainsFunc(cookie, func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", r)
	}) {
		return cookie
	}
	return newToken()
}

// await lets the browser wait for a letter to the address: a new one, or the one that
// is on its way. It returns the letter.
func await(ctx context.Context, tx *db.Tx, now clock.Instant, email, browser, next string, anew bool) (int64, error) {
	address := TriedAddress(email)
	var letter int64
	var err error
	if anew {
		letter, err = db.Row(ctx, tx, db.One[int64], `
			INSERT INTO sign_in_letter (address_hash, asked_at, expires_at)
			VALUES ($1, $2, $3)
			RETURNING id`, address, now, now.Add(LinkLife))
	} else {
		letter, err = db.Row(ctx, tx, db.One[int64], `
			SELECT id
			FROM sign_in_letter
			WHERE address_hash = $1
			ORDER BY asked_at DESC, id DESC
			LIMIT 1`, address)
	}
	if errors.Is(err, fault.NotFound) {
		return 0, nil // asked before codes were sent, or long ago
	}
	if err != nil {
		return 0, fmt.Errorf("wait for a letter: %w", err)
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO sign_in_waiting (browser_hash, letter_id, next_path)
		VALUES ($1, $2, $3)
		ON CONFLICT (browser_hash, letter_id) DO UPDATE SET next_path = excluded.next_path`, hash(browser), letter, next); err != nil {
		return 0, fmt.Errorf("wait for a letter: %w", err)
	}
	return letter, nil
}

// putCode gives the letter its code, and whose it is.
func putCode(ctx context.Context, tx *db.Tx, letter, personID int64, code string) error {
	if _, err := db.Exec(ctx, tx, `UPDATE sign_in_letter SET person_id = $2, code_hash = $3 WHERE id = $1`, letter, personID, codeHash(letter, code)); err != nil {
		return fmt.Errorf("make a code to sign in: %w", err)
	}
	return nil
}

// endCodes ends all codes of the person.
func endCodes(ctx context.Context, tx *db.Tx, personID int64, now clock.Instant) error {
	if _, err := db.Exec(ctx, tx, `UPDATE sign_in_letter SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL`, personID, now); err != nil {
		return fmt.Errorf("end codes to sign in: %w", err)
	}
	return nil
}

// CodeFor is the code beside the link, for a browser that has not asked for it; empty
// in the one that has, and when there is none or it holds no longer.
func CodeFor(ctx context.Context, q db.Querier, now clock.Instant, link Link, token, browser string) (string, error) {
	elsewhere, err := db.Row(ctx, q, db.One[bool], `
		SELECT EXISTS (SELECT 1 FROM sign_in_letter WHERE id = $1 AND expires_at > $2 AND ended_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM sign_in_waiting WHERE letter_id = $1 AND browser_hash = $3)`, link.letter, now, hash(browser))
	if err != nil || !elsewhere {
		return "", err
	}
	return codeOf(token), nil
}

// waited is a letter that a browser waits for.
type waited struct {
	letter  int64
	address []byte
	code    []byte // its hash; nil when nobody was sent one
	person  int64
	next    string
}

// UseCode signs in the browser that asked for a letter, by the code in it. A code
// that is not right is fault.Invalid ("code"); one that is too late or typed in
// another browser fault.Conflict "identity.code_gone"; too many wrong ones are
// fault.TooMany "identity.code_too_many". All are the same for an address that
// nobody has. Of many who try at once, one gets in.
func UseCode(ctx context.Context, d *db.DB, now clock.Instant, browser, typed string) (Link, error) {
	code := digits(typed)
	if len(code) != codeDigits {
		return Link{}, fault.Invalid("code", "identity.code_missing")
	}
	var link Link
	var refusal error
	err := d.Write(ctx, func(tx *db.Tx) error {
		link, refusal = Link{}, nil
		all, err := guess(ctx, tx, now, browser)
		if err != nil {
			return err
		}
		cause, about := CauseTooMany, waited{}
		for _, w := range all {
			subject := hash("guess " + hex.EncodeToString(w.address))
			err := try(ctx, tx, now, subject, guessWindow, guessesPerAddress, fault.TooMany)
			if errors.Is(err, fault.TooMany) {
				about = w
				continue
			}
			if err != nil {
				return err
			}
			if subtle.ConstantTimeCompare(w.code, codeHash(w.letter, code)) == 1 {
				if _, err := db.Exec(ctx, tx, `UPDATE sign_in_attempt SET tries = tries - 1 WHERE subject_hash = $1`, subject); err != nil {
					return fmt.Errorf("use a code: %w", err)
				}
				link, err = comeIn(ctx, tx, now, w)
				return err
			}
			cause, about = CauseWrongCode, w
		}
		if len(all) == 0 {
			if about, cause, err = gone(ctx, tx, now, browser); err != nil {
				return err
			}
		}
		reference, err := recordTried(ctx, tx, Trouble{Way: WayCode, Cause: cause, Person: about.person}, about.address, now)
		switch cause {
		case CauseWrongCode:
			refusal = fault.Invalid("code", "identity.code_wrong")
		case CauseTooMany:
			refusal = &fault.Error{Kind: fault.KindTooMany, Key: "identity.code_too_many", Args: []any{"Reference", reference}}
		default:
			refusal = fault.Conflict("identity.code_gone", "Reference", reference)
		}
		return err
	})
	if err == nil {
		err = refusal
	}
	return link, err
}

// guess counts a guess at each code that the browser may type, and returns those that
// it has guesses left for, what was asked for last first.
func guess(ctx context.Context, tx *db.Tx, now clock.Instant, browser string) ([]waited, error) {
	letters, err := db.Rows(ctx, tx, db.One[int64], `
		UPDATE sign_in_waiting
		SET guesses = guesses + 1
		WHERE browser_hash = $1
		AND guesses < $2
		AND letter_id IN (SELECT id FROM sign_in_letter WHERE expires_at > $3 AND ended_at IS NULL)
		RETURNING letter_id`, hash(browser), guessesPerCode, now)
	if err != nil {
		return nil, fmt.Errorf("count guesses at a code: %w", err)
	}
	slices.Sort(letters)
	slices.Reverse(letters)
	all := make([]waited, len(letters))
	for i, id := range letters {
		if all[i], err = waitedFor(ctx, tx, browser, id); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func waitedFor(ctx context.Context, q db.Querier, browser string, letter int64) (waited, error) {
	return db.Row(ctx, q, func(w *waited) []any {
		return []any{&w.letter, &w.address, &w.code, &w.person, &w.next}
	}, `
		SELECT
			l.id,
			l.address_hash,
			l.code_hash,
			COALESCE(l.person_id, 0),
			w.next_path
		FROM sign_in_waiting AS w
		JOIN sign_in_letter AS l ON l.id = w.letter_id
		WHERE w.browser_hash = $1
		AND w.letter_id = $2`, hash(browser), letter)
}

// gone tells why the browser has no code to guess at, and of which letter: its guesses
// are used up, its codes have ended, or it never asked.
func gone(ctx context.Context, tx *db.Tx, now clock.Instant, browser string) (waited, string, error) {
	type row struct {
		letter int64
		holds  bool
		ended  bool
	}
	last, err := db.Row(ctx, tx, func(r *row) []any { return []any{&r.letter, &r.holds, &r.ended} }, `
		SELECT l.id, l.expires_at > $2 AND l.ended_at IS NULL, l.ended_at IS NOT NULL
		FROM sign_in_waiting AS w
		JOIN sign_in_letter AS l ON l.id = w.letter_id
		WHERE w.browser_hash = $1
		ORDER BY l.id DESC
		LIMIT 1`, hash(browser), now)
	if errors.Is(err, fault.NotFound) {
		return waited{}, CauseExpired, nil
	}
	if err != nil {
		return waited{}, "", fmt.Errorf("find the code that ended: %w", err)
	}
	about, err := waitedFor(ctx, tx, browser, last.letter)
	switch {
	case last.holds:
		return about, CauseTooMany, err
	case last.ended:
		return about, CauseUsed, err
	}
	return about, CauseExpired, err
}

// comeIn ends the person's codes and links, of which this code was one.
func comeIn(ctx context.Context, tx *db.Tx, now clock.Instant, w waited) (Link, error) {
	ended, err := db.Exec(ctx, tx, `UPDATE sign_in_letter SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, w.letter, now)
	if err != nil {
		return Link{}, fmt.Errorf("use a code: %w", err)
	}
	if ended == 0 { // another was first, since we looked
		return Link{}, fault.Conflict("identity.link_used")
	}
	if err := errors.Join(endCodes(ctx, tx, w.person, now), cameIn(ctx, tx, w.person, now)); err != nil {
		return Link{}, err
	}
	link, err := db.Row(ctx, tx, func(l *Link) []any { return []any{&l.PersonID, &l.Name, &l.Language} },
		`SELECT id, TRIM(given_name || ' ' || family_name), language FROM person WHERE id = $1`, w.person)
	if err != nil {
		return Link{}, fmt.Errorf("use a code: %w", err)
	}
	link.Next = w.next
	return link, nil
}

// AskAgain lets a new letter be sent to whom a link was sent that does not work any
// more, without the address being typed or told; fault.NotFound for a link that
// nobody was sent. What fails otherwise is as in RequestLink.
func AskAgain(ctx context.Context, d *db.DB, now clock.Instant, token, browser, remoteAddr string) (sent bool, err error) {
	link, err := PeekLink(ctx, d.Reader(), now, token)
	if fault.Of(err) == nil && err != nil || link.PersonID == 0 {
		return false, err
	}
	if err != nil {
		if err := d.Write(ctx, func(tx *db.Tx) error { return linkTrouble(ctx, tx, link, err, now) }); err != nil {
			return false, err
		}
	}
	email, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT COALESCE(email, '') FROM person WHERE id = $1`, link.PersonID)
	if err != nil || email == "" {
		return false, err
	}
	return RequestLink(ctx, d, now, email, browser, remoteAddr, link.Next)
}
