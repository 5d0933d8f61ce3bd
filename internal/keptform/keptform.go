// Package keptform is a form that was sent and not accepted: it is kept for a quarter of an hour,
// for whoever sent it, to be shown again with what was typed. What was typed is sealed.
package keptform

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/gob"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

// Life is how long a form that was not accepted is kept, to be shown again
// with what was typed.
const Life = 15 * time.Minute

// MaxOpen bounds, in bytes, what is kept for somebody who is not signed in.
const MaxOpen = 4 << 10

// Form is a form that was sent and is shown again: Route and Path are where
// it was sent, Values what was typed, Refused why it was not accepted, nil when
// nothing is wrong and it goes on.
type Form struct {
	Route   string
	Path    string
	Values  url.Values
	Refused *fault.Error
}

// errTooMuch is for the caller alone: what a stranger typed is too long to keep.
var errTooMuch = errors.New("the form is too long to be kept for a stranger")

// Keep keeps the form for a quarter of an hour, for whoever sent it, and
// returns the token under which it is found.
func Keep(ctx context.Context, tx *db.Tx, viewer access.Viewer, form Form, now clock.Instant) (string, error) {
	typed := form.Values.Encode()
	if viewer.PersonID == 0 && len(typed) > MaxOpen {
		return "", errTooMuch
	}
	var refused []byte
	if form.Refused != nil {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(storable(*form.Refused)); err != nil {
			return "", fmt.Errorf("keep why a form was refused: %w", err)
		}
		refused = b.Bytes()
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: see crypto/rand
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	sealed, err := db.Keys(tx).Seal(typedAt(hash(token)), typed)
	if err != nil {
		return "", err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO kept_form (token_hash, person_id, route, path, typed, refused, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		hash(token), viewer.ActorID(), form.Route, form.Path, sealed, refused, now.Add(Life))
	return token, err
}

func hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func typedAt(tokenHash []byte) vault.Place {
	return vault.Place{Table: "kept_form", Column: "typed", Row: vault.HashRow(tokenHash)}
}

// Forget deletes the forms that wait to be sent again and in which one of the words was
// typed, as a part of a field or the whole. They would last a quarter of an hour. It asks no viewer:
// who erases somebody may.
func Forget(ctx context.Context, tx *db.Tx, words []string) error {
	type row struct {
		hash  []byte
		typed string
	}
	rows, err := db.Rows(ctx, tx, func(r *row) []any { return []any{&r.hash, &r.typed} }, `SELECT token_hash, typed FROM kept_form`)
	if err != nil {
		return err
	}
	for _, r := range rows {
		typed, lost, err := sealing.Text(tx, typedAt(r.hash), r.typed)
		if err != nil {
			return err
		}
		typed = strings.ToLower(typed)
		if !lost && !slices.ContainsFunc(words, func(w string) bool { return w != "" && strings.Contains(typed, strings.ToLower(url.QueryEscape(w))) }) {
			continue
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM kept_form WHERE token_hash = $1`, r.hash); err != nil {
			return err
		}
	}
	return nil
}

// Find is the form under the token, for whoever sent it; fault.NotFound for
// others, and when its time is out.
func Find(ctx context.Context, q db.Querier, viewer access.Viewer, token string, now clock.Instant) (Form, error) {
	var typed string
	var refused []byte
	form, err := db.Row(ctx, q, func(f *Form) []any { return []any{&f.Route, &f.Path, &typed, &refused} }, `
		SELECT route, path, typed, refused
		FROM kept_form
		WHERE token_hash = $1
		AND COALESCE(person_id, 0) = $2
		AND expires_at > $3`, hash(token), viewer.PersonID, now)
	if err != nil {
		return Form{}, err
	}
	typed, lost, err := sealing.Text(q, typedAt(hash(token)), typed)
	if err != nil {
		return Form{}, err
	}
	if lost {
		return Form{}, fault.NotFound
	}
	if form.Values, err = url.ParseQuery(typed); err != nil {
		return Form{}, fmt.Errorf("read a kept form: %w", err)
	}
	if len(refused) > 0 {
		form.Refused = &fault.Error{}
		if err := gob.NewDecoder(bytes.NewReader(refused)).Decode(form.Refused); err != nil {
			return Form{}, fmt.Errorf("read why a form was refused: %w", err)
		}
	}
	return form, nil
}

func init() {
	gob.Register(clock.Day(0))
	gob.Register(clock.Instant(0))
	gob.Register(money.Ore(0))
}

// storable is the fault with values that can be kept: those that messages write
// in the visitor's way stay as they are, any other is kept as its text.
func storable(f fault.Error) fault.Error {
	keep := func(args []any) []any {
		kept := make([]any, len(args))
		for i, a := range args {
			switch a.(type) {
			case string, int, int32, int64, clock.Day, clock.Instant, money.Ore:
				kept[i] = a
			default:
				kept[i] = fmt.Sprint(a)
			}
		}
		return kept
	}
	f.Args = keep(f.Args)
	fields := make([]fault.Field, len(f.Fields))
	for i, field := range f.Fields {
		field.Args = keep(field.Args)
		fields[i] = field
	}
	f.Fields = fields
	return f
}
