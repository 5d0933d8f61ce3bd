package lessons

import (
	"fmt"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/people"
)

// Twin makes somebody of Borlänge who is there twice: a second row with a new address, who has
// gone on with a course that the first has begun. An administrator may merge the two.
func Twin(w *world.World) error {
	type known struct {
		id, course, edition, unit int64
		people.NewPerson
	}
	who, err := db.Row(w.Ctx, w.Tx, func(k *known) []any {
		return []any{&k.id, &k.course, &k.edition, &k.unit, &k.GivenName, &k.FamilyName, &k.Email}
	}, `
		SELECT p.id, s.course_id, s.edition_id, e.organisation_id, p.given_name, p.family_name, p.email
		FROM study AS s
		JOIN person AS p ON p.id = s.person_id
		JOIN employment AS e ON e.person_id = p.id AND e.to_day IS NULL
		JOIN organisation AS m ON m.id = e.municipality_id
		JOIN organisation AS u ON u.id = e.organisation_id
		WHERE m.slug = 'borlange'
		AND u.kind = 'unit'
		AND p.email LIKE '%.%@%'
		AND (SELECT COUNT(*) FROM progress AS g WHERE g.person_id = p.id AND g.done_at IS NOT NULL) BETWEEN 2 AND 4
		AND NOT EXISTS (SELECT 1 FROM role_grant AS r WHERE r.person_id = p.id)
		AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = p.id AND c.course_id = s.course_id)
		ORDER BY p.id
		LIMIT 1`)
	if err != nil {
		return fmt.Errorf("find somebody to be there twice: %w", err)
	}
	name, _, _ := strings.Cut(who.Email, "@")
	who.Email = name + ".ny@example.org"
	from := w.Today - 60
	id, err := people.Add(w.Ctx, w.Tx, access.System(), who.NewPerson, who.unit, from, "", from.At(10, 5))
	if err != nil {
		return err
	}
	course, err := catalogue.CourseByID(w.Ctx, w.Tx, who.course)
	if err != nil {
		return err
	}
	content, err := catalogue.ContentOf(w.Ctx, w.Tx, who.edition)
	if err != nil {
		return err
	}
	done, err := db.Rows(w.Ctx, w.Tx, db.One[string], `
		SELECT t.key
		FROM progress AS p
		JOIN task AS t ON t.id = p.task_id
		WHERE p.person_id = $1
		AND t.edition_id = $2
		AND p.done_at IS NOT NULL
		ORDER BY t.ordinal`, who.id, who.edition)
	if err != nil {
		return err
	}
	// The last task of the first and the two after it.
	for i := max(0, len(done)-1); i < min(len(done)+2, len(content.Tasks)); i++ {
		if err := touch(w, course, &content.Tasks[i], w.Self(id), (w.Today-2).At(12, i), 0); err != nil {
			return err
		}
	}
	return nil
}
