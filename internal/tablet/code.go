package tablet

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/vault"
)

// CodeDigits is how long a code is. Of wrong ones somebody has guessesAtOnce, and as many again
// after pause; after guessesInAll since the last that was right the code is gone, and they
// choose another when they have signed in otherwise.
const (
	CodeDigits    = 6
	guessesAtOnce = 5
	guessesInAll  = 20
	pause         = 15 * time.Minute

	// DemoCode is everybody's code in the demo.
	DemoCode = "482915"
)

// What Argon2id is given (OWASP, Password Storage: 19 MiB, two passes, one lane). The code
// is short, so what it makes is sealed beside that.
const (
	passes   = 2
	memory   = 19 * 1024 // KiB
	lanes    = 1
	saltSize = 16
	hashSize = 32
)

func codeAt(personID int64) vault.Place {
	return vault.Place{Table: "tablet_code", Column: "code_hash", Row: vault.Row(personID)}
}

// digits is what was typed as a code, without what stands between its figures.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
}

// simple tells whether a code is among those that are guessed first: one figure alone, or
// figures in their order up or down.
func simple(code string) bool {
	for _, step := range []int{-1, 0, 1} {
		same := true
		for i := 1; i < len(code); i++ {
			same = same && int(code[i])-int(code[i-1]) == step
		}
		if same {
			return true
		}
	}
	return false
}

// check is what is wrong with a code that somebody chooses and types twice.
func check(code, again string) error {
	var checks fault.Checks
	switch {
	case len(digits(code)) != CodeDigits || len(strings.TrimSpace(code)) > 2*CodeDigits:
		checks.Require(false, "code", "tablet.code_length", "Digits", CodeDigits)
	case simple(digits(code)):
		checks.Require(false, "code", "tablet.code_simple")
	default:
		checks.Require(digits(again) == digits(code), "again", "tablet.code_differs")
	}
	return checks.Err()
}

func stretched(code string, salt []byte) []byte {
	return argon2.IDKey([]byte(code), salt, passes, memory, lanes, hashSize)
}

// SetCode lets the viewer use the code on the tablets of their units, in place of the one
// before. fault.Invalid ("code", "again"); vault.ErrNoKeys.
func SetCode(ctx context.Context, d *db.DB, viewer access.Viewer, code, again string, now clock.Instant) error {
	if viewer.PersonID == 0 {
		return fault.Forbidden
	}
	if err := check(code, again); err != nil {
		return err
	}
	made := stretch(digits(code))
	return d.Write(ctx, func(tx *db.Tx) error {
		if err := put(ctx, tx, viewer, made, now); err != nil {
			return err
		}
		return identity.Tell(ctx, tx, viewer.PersonID, identity.TabletCode, now)
	})
}

// stretch is what is kept of the code: a new salt, and what Argon2id makes of both.
func stretch(code string) []byte {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails: see crypto/rand
	return slices.Concat(salt, stretched(code, salt))
}

func put(ctx context.Context, tx *db.Tx, viewer access.Viewer, made []byte, now clock.Instant) error {
	sealed, err := db.Keys(tx).Seal(codeAt(viewer.PersonID), base64.RawStdEncoding.EncodeToString(made))
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `
			INSERT INTO tablet_code (person_id, code_hash, made_at)
			VALUES ($1, $2, $3)
			ON CONFLICT (person_id) DO UPDATE SET code_hash = excluded.code_hash, made_at = excluded.made_at, guesses = 0, wait_until = NULL`,
		viewer.PersonID, sealed, now); err != nil {
		return fmt.Errorf("choose a code for tablets: %w", err)
	}
	return audit.Changed(ctx, tx, viewer, audit.Sessions, viewer.PersonID)
}

// SetDemoCode lets each of them use DemoCode.
func SetDemoCode(ctx context.Context, tx *db.Tx, now clock.Instant, people ...int64) error {
	made := stretch(DemoCode)
	for _, id := range people {
		if err := put(ctx, tx, access.Viewer{PersonID: id}, made, now); err != nil {
			return err
		}
	}
	return nil
}

// DropCode takes the viewer's code away.
func DropCode(ctx context.Context, tx *db.Tx, viewer access.Viewer) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM tablet_code WHERE person_id = $1`, viewer.PersonID); err != nil {
		return fmt.Errorf("drop a code for tablets: %w", err)
	}
	return audit.Changed(ctx, tx, viewer, audit.Sessions, viewer.PersonID)
}

// CodeMade is when the viewer chose their code; nil while they have none.
func CodeMade(ctx context.Context, q db.Querier, viewer access.Viewer) (*clock.Instant, error) {
	at, err := db.Row(ctx, q, db.One[clock.Instant], `SELECT made_at FROM tablet_code WHERE person_id = $1`, viewer.PersonID)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &at, err
}

// Open tells whether the typed code lets the person in on the tablet. fault.NotFound for who is
// not on its list. fault.Invalid ("code") says what to do about one that is wrong, or missing;
// fault.TooMany after some wrong ones. Each wrong one is kept for who helps the person, and
// counted before it is compared, so that many at once gain nothing.
func Open(ctx context.Context, d *db.DB, t Tablet, personID int64, typed string, now clock.Instant) error {
	who, err := OnList(ctx, d.Reader(), t, personID, now.Day())
	if err != nil {
		return err
	}
	if !who.Coded {
		return fault.Invalid("code", "tablet.no_code")
	}
	if len(digits(typed)) != CodeDigits {
		return fault.Invalid("code", "tablet.code_length", "Digits", CodeDigits)
	}
	var sealed string
	var waits bool
	if err := d.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `
			UPDATE tablet_code SET
				guesses = guesses + 1,
				wait_until = CASE WHEN (guesses + 1) % CAST($2 AS BIGINT) = 0 THEN CAST($3 AS BIGINT) ELSE NULL END
			WHERE person_id = $1 AND (wait_until IS NULL OR wait_until <= $4)`, personID, guessesAtOnce, now.Add(pause), now)
		if err != nil || n == 0 {
			waits = n == 0
			return err
		}
		sealed, err = db.Row(ctx, tx, db.One[string], `SELECT code_hash FROM tablet_code WHERE person_id = $1`, personID)
		return err
	}); err != nil {
		return fmt.Errorf("count a guess: %w", err)
	}
	if waits {
		return refuse(ctx, d, personID, identity.CauseTooMany, &fault.Error{Kind: fault.KindTooMany, Key: "tablet.waits", Args: []any{"Minutes", int(pause.Minutes())}}, now)
	}
	kept, err := db.Keys(d.Reader()).Open(codeAt(personID), sealed)
	if errors.Is(err, vault.ErrUnreadable) {
		return fault.Invalid("code", "tablet.no_code")
	}
	if err != nil {
		return err
	}
	made, err := base64.RawStdEncoding.DecodeString(kept)
	if err != nil || len(made) != saltSize+hashSize {
		return fault.Invalid("code", "tablet.no_code")
	}
	if subtle.ConstantTimeCompare(made[saltSize:], stretched(digits(typed), made[:saltSize])) == 0 {
		return refuse(ctx, d, personID, identity.CauseWrongCode, fault.Invalid("code", "tablet.code_wrong"), now)
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE tablet_code SET guesses = 0, wait_until = NULL WHERE person_id = $1`, personID); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE tablet SET used_at = $2 WHERE id = $1`, t.ID, now)
		return err
	})
}

// refuse keeps why somebody was not let in, and ends a code that was guessed at too often.
func refuse(ctx context.Context, d *db.DB, personID int64, cause string, refusal *fault.Error, now clock.Instant) error {
	if err := d.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM tablet_code WHERE person_id = $1 AND guesses >= $2`, personID, guessesInAll); err != nil {
			return err
		}
		_, err := identity.Record(ctx, tx, identity.Trouble{Way: identity.WayTablet, Cause: cause, Person: personID}, now)
		return err
	}); err != nil {
		return err
	}
	return refusal
}
