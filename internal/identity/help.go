package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
)

// SendLink lets a letter with a new link be sent to the person, without waiting for a
// minute between letters. Its code holds nowhere: nobody has asked in a browser. Who may is
// said by access.HelpIn; fault.Conflict when they have no address.
func SendLink(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, now clock.Instant) error {
	if err := Within(ctx, tx, access.HelpIn(viewer), personID, now.Day()); err != nil {
		return err
	}
	email, err := db.Row(ctx, tx, db.One[string], `SELECT COALESCE(email, '') FROM person WHERE id = $1`, personID)
	if err != nil {
		return err
	}
	if email == "" {
		return fault.Conflict("identity.has_no_address")
	}
	letter, err := await(ctx, tx, now, email, newToken(), "/", true)
	if err != nil {
		return err
	}
	return jobs.Add(ctx, tx, linkLetter{Email: email, Next: "/", Until: now.Add(LinkLife), Letter: letter})
}

// PaperLife is how long a code on paper holds.
const PaperLife = 7 * 24 * time.Hour

const paperLetters = 12 // of 26: a thousand times the tries of all networks in its week find none

// PaperCode is a code that lets the person in once within a week, for who has no e-mail:
// whoever makes it hands it over (one that the product makes, by its command, counts as their own). It ends the one before. Whoever has it can sign in as
// them, so who may is said by access.HelpIn and MayReaddress.
func PaperCode(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, now clock.Instant) (string, error) {
	if err := Within(ctx, tx, access.HelpIn(viewer), personID, now.Day()); err != nil {
		return "", err
	}
	if err := MayReaddress(ctx, tx, viewer, personID, now.Day()); err != nil {
		return "", err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE sign_in_link SET used_at = $2 WHERE person_id = $1 AND made_by IS NOT NULL AND used_at IS NULL`, personID, now); err != nil {
		return "", fmt.Errorf("end the code on paper before: %w", err)
	}
	var b [paperLetters]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	for i := range b {
		b[i] = readable[int(b[i])%len(readable)]
	}
	code := string(b[:])
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO sign_in_link (token_hash, person_id, next_path, made_at, expires_at, made_by)
		VALUES ($1, $2, '/', $3, $4, COALESCE(CAST($5 AS BIGINT), CAST($2 AS BIGINT)))`, hash(code), personID, now, now.Add(PaperLife), viewer.ActorID()); err != nil {
		return "", fmt.Errorf("make a code on paper: %w", err)
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:], nil
}

// UsePaper signs in with a code on paper. Faults are those of UseLink, ErrNetworkBusy, and
// fault.Invalid ("code") for what is no such code.
func UsePaper(ctx context.Context, d *db.DB, now clock.Instant, typed, remoteAddr string) (Link, error) {
	code := strings.Map(func(r rune) rune {
		if !strings.ContainsRune(readable, r) {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(code) != paperLetters {
		return Link{}, fault.Invalid("code", "identity.paper_missing")
	}
	if err := CountTry(ctx, d, now, remoteAddr); err != nil {
		return Link{}, err
	}
	link, err := UseLink(ctx, d, now, code)
	if errors.Is(err, fault.NotFound) {
		return Link{}, fault.Invalid("code", "identity.paper_wrong")
	}
	return link, err
}
