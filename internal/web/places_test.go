package web_test

import "yrkesresan/internal/db"

// evaluable is the address of a course that the role's persona has completed
// and not evaluated, or of one that nobody has.
func evaluable(s *site, role string) string {
	s.t.Helper()
	slugs, err := db.Rows(s.t.Context(), s.db.Reader(), db.One[string], `
		SELECT c.slug
		FROM completion AS d
		JOIN course AS c ON c.id = d.course_id
		JOIN person AS p ON p.id = d.person_id
		WHERE p.email = $1
		AND d.revoked_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM response AS r JOIN survey AS v ON v.id = r.survey_id WHERE r.person_id = p.id AND v.course_id = c.id)
		ORDER BY c.slug`, emailOf(role))
	if err != nil {
		s.t.Fatal(err)
	}
	return append(slugs, "bas-5")[0]
}

func emailOf(role string) string {
	for _, r := range roles {
		if r.name == role {
			return r.email
		}
	}
	return ""
}
