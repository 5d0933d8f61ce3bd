package identity

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
)

// ByEmail is the person with the address; fault.NotFound when there is none. It
// asks no viewer: it is for ways in.
func ByEmail(ctx context.Context, q db.Querier, email string) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT id FROM person WHERE email = $1`, strings.ToLower(email))
}

// SetLanguage keeps the viewer's own language, "sv" or "en", for letters.
func SetLanguage(ctx context.Context, tx *db.Tx, viewer access.Viewer, code string) error {
	_, err := db.Exec(ctx, tx, `UPDATE person SET language = $2 WHERE id = $1`, viewer.PersonID, code)
	return err
}
