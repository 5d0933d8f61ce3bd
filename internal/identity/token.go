package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// Token is a key with which a machine acts in one role at one organisation. It
// belongs to the organisation, not to a person, and works until it is revoked.
// The key itself is told once, to whoever makes it; the database has its hash.
type Token struct {
	ID           int64
	Name         string // what it is for
	Role         access.Role
	Scope        TokenScope
	Organisation string
	MadeAt       clock.Instant
	MadeBy       string         // empty: the command line
	UsedAt       *clock.Instant // to the hour
	RevokedAt    *clock.Instant
}

// TokenScope is what a token opens.
type TokenScope string

// The scopes. A token opens one of them, so that the key of a personnel system cannot
// read courses, nor a statistician's key end an employment.
const (
	ForAPI  TokenScope = "api"
	ForSCIM TokenScope = "scim" // a municipality's staff, by RFC 7644
)

// tokenMark is what every key begins with, so that one that has leaked is
// recognised for what it is.
const tokenMark = "yrk_"

// useKept is how often a token's last use is written down at most.
const useKept = time.Hour

// maxTokenName is the longest name of a token, in characters.
const maxTokenName = 100

// MakeToken makes a token of the scope for the role at the organisation and returns its
// key. One for SCIM is a municipality's administrator's.
// Who may is said by access.MakeToken: fault.Forbidden for those who make none of
// the kind at all, fault.NotFound for an organisation out of their reach. A wrong
// name, or a role that is not held at such an organisation, is fault.Invalid.
func MakeToken(ctx context.Context, tx *db.Tx, viewer access.Viewer, scope TokenScope, name string, role access.Role, organisationID int64, now clock.Instant) (string, error) {
	reach := access.MakeToken(viewer, role)
	if reach.Empty() {
		return "", fault.Forbidden
	}
	org, err := organisation.ByID(ctx, tx, organisationID)
	if err != nil {
		return "", err
	}
	if !reach.Covers(org.Place()) {
		return "", fault.NotFound
	}
	name = strings.TrimSpace(name)
	var checks fault.Checks
	checks.Require(name != "", "name", "fault.name_missing")
	checks.Require(utf8.RuneCountInString(name) <= maxTokenName, "name", "fault.too_long", "Max", maxTokenName)
	checks.Require(heldAt(role, org), "organisation", "identity.role_elsewhere")
	checks.Require(scope == ForAPI || scope == ForSCIM && role == access.MunicipalAdmin, "scope", "identity.scope_elsewhere")
	if err := checks.Err(); err != nil {
		return "", err
	}
	key := tokenMark + newToken()
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO api_token (token_hash, name, scope, role, organisation_id, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, hash(key), name, scope, role, organisationID, now, viewer.ActorID()); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	return key, nil
}

// RevokeToken ends the token at once and for ever. One out of the viewer's reach
// is fault.NotFound, one that has been revoked a conflict.
func RevokeToken(ctx context.Context, tx *db.Tx, viewer access.Viewer, tokenID int64, now clock.Instant) error {
	scope := access.Tokens(viewer)
	if scope.Empty() {
		return fault.Forbidden
	}
	orgID, err := db.Row(ctx, tx, db.One[int64], `SELECT organisation_id FROM api_token WHERE id = $1`, tokenID)
	if err != nil {
		return err
	}
	org, err := organisation.ByID(ctx, tx, orgID)
	if err != nil {
		return err
	}
	if !scope.Covers(org.Place()) {
		return fault.NotFound
	}
	n, err := db.Exec(ctx, tx, `UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL`, tokenID, now)
	if err != nil {
		return fmt.Errorf("revoke a token: %w", err)
	}
	if n == 0 {
		return fault.Conflict("identity.token_revoked")
	}
	return nil
}

// Tokens are those in the viewer's reach, the newest first and the revoked last.
// fault.Forbidden for those who have none to see at all.
func Tokens(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Token, error) {
	scope := access.Tokens(viewer)
	if scope.Empty() {
		return nil, fault.Forbidden
	}
	condition, args := scope.Where(access.Columns{Region: "o.region_id", Municipality: "o.municipality_id"})
	var b db.Builder
	b.Add(`
		SELECT
			t.id,
			t.name,
			t.role,
			t.scope,
			o.name,
			t.made_at,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
			t.used_at,
			t.revoked_at
		FROM api_token AS t
		JOIN organisation AS o ON o.id = t.organisation_id
		LEFT JOIN person AS p ON p.id = t.made_by
		WHERE `+condition, args...).
		Add("ORDER BY t.revoked_at IS NOT NULL, t.id DESC")
	return db.Rows(ctx, q, func(t *Token) []any {
		return []any{&t.ID, &t.Name, &t.Role, &t.Scope, &t.Organisation, &t.MadeAt, &t.MadeBy, &t.UsedAt, &t.RevokedAt}
	}, b.String(), b.Args()...)
}

// ViewerOfToken is whom the key lets in: nobody by person, with one role at one
// organisation. fault.NotFound when there is no such key of the scope or it was
// revoked. The use is written down, at most once an hour.
func ViewerOfToken(ctx context.Context, d *db.DB, scope TokenScope, key string, now clock.Instant) (access.Viewer, error) {
	type row struct {
		id   int64
		name string
		used *clock.Instant
		g    access.Grant
	}
	if !strings.HasPrefix(key, tokenMark) {
		return access.Viewer{}, fault.NotFound
	}
	t, err := db.Row(ctx, d.Reader(), func(r *row) []any {
		return []any{&r.id, &r.name, &r.used, &r.g.Role, &r.g.Level, &r.g.OrganisationID, &r.g.RegionID, &r.g.MunicipalityID, &r.g.Name, &r.g.District}
	}, `
		SELECT
			t.id,
			t.name,
			t.used_at,
			t.role,
			o.kind,
			o.id,
			COALESCE(o.region_id, 0),
			COALESCE(o.municipality_id, 0),
			o.name,
			`+organisation.IsDistrictSQL("o.id")+`
		FROM api_token AS t
		JOIN organisation AS o ON o.id = t.organisation_id
		WHERE t.token_hash = $1
		AND t.scope = $2
		AND t.revoked_at IS NULL`, hash(key), scope)
	if err != nil {
		if errors.Is(err, fault.NotFound) {
			return access.Viewer{}, err
		}
		return access.Viewer{}, fmt.Errorf("read a token: %w", err)
	}
	if before := now.Add(-useKept); t.used == nil || *t.used <= before {
		// Of many at once the first writes; the others find it written.
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE api_token SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at <= $3)`, t.id, now, before)
			return err
		}); err != nil {
			return access.Viewer{}, fmt.Errorf("note the use of a token: %w", err)
		}
	}
	viewer := access.Viewer{Name: t.name, TokenID: t.id, Grants: []access.Grant{t.g}}
	if err := reach(ctx, d.Reader(), viewer.Grants, now.Day()); err != nil {
		return viewer, err
	}
	viewer.Nameless, err = nameless(ctx, d.Reader(), viewer.Grants, now.Day())
	return viewer, err
}
