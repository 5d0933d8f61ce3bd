package identity

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// ByEmail is the person with the address; fault.NotFound when there is none. It
// asks no viewer: it is for ways in.
func ByEmail(ctx context.Context, q db.Querier, email string) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT id FROM person WHERE email = $1`, strings.ToLower(email))
}

// Within is nil when the scope covers the person where they work on the day, or worked
// last: who has left still needs help with signing in. Otherwise it is what
// access.Scope.Allow says. It asks no viewer: the scope is theirs.
func Within(ctx context.Context, q db.Querier, scope access.Scope, personID int64, day clock.Day) error {
	switch {
	case scope.Empty():
		return fault.Forbidden
	case scope.Names(personID):
		return nil
	}
	return people.Within(ctx, q, scope, personID, day)
}

// SetLanguage keeps the viewer's own language, "sv" or "en", for letters.
func SetLanguage(ctx context.Context, tx *db.Tx, viewer access.Viewer, code string) error {
	_, err := db.Exec(ctx, tx, `UPDATE person SET language = $2 WHERE id = $1`, viewer.PersonID, code)
	return err
}

// MayReaddress is nil when the viewer may say at which address the person signs
// in. Whoever reads a person's letters can sign in as them, so it takes somebody
// who may give each role that the person holds or will hold; their own address is
// everybody's. fault.Conflict "identity.address_of_office" otherwise.
func MayReaddress(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) error {
	if viewer.PersonID == personID {
		return nil
	}
	held, err := Grants(ctx, q, viewer, personID, today)
	if err != nil {
		return err
	}
	for _, h := range held {
		if (h.Until == nil || *h.Until >= today) && !access.GrantRole(viewer, h.Role).Covers(h.Place()) {
			return fault.Conflict("identity.address_of_office")
		}
	}
	return nil
}
