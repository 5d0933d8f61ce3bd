package web_test

import (
	"context"
	"net/http"
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/letter"
)

// Who changes a list so that somebody loses a certificate is asked first; whoever
// loses it is told, with the reason, in a letter and on the page of the course.
func TestWhoLosesACertificateIsToldAndTheChangeIsAskedAbout(t *testing.T) {
	s := newSite(t)
	seat := s.id(`SELECT MIN(n.id) FROM enrolment AS n JOIN round AS r ON r.id = n.round_id
		WHERE r.unit_id = $1 AND n.approved_on IS NOT NULL AND n.approved_by IS NULL AND n.withdrawn_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM attendance AS a WHERE a.enrolment_id = n.id AND a.source = 'own')`, chiefsUnit(s))
	round := s.id(`SELECT round_id FROM enrolment WHERE id = $1`, seat)
	day := s.id(`SELECT MAX(id) FROM course_day WHERE round_id = $1`, round)
	person := s.id(`SELECT person_id FROM enrolment WHERE id = $1`, seat)
	v := s.as(chief)
	page := path("/days/%d/attendance", day)
	form := s.allThere(day)
	form.Set(path("mark_%d", seat), "absent")
	form.Set("why", "Namnen hade förväxlats")

	asked := v.post(page, form)
	asked.wants(t, http.StatusConflict, "förlorar sitt godkännande och intyg", `name="sure"`, "Namnen hade förväxlats", "De det gäller får ett brev")
	approved := func() int64 {
		return s.id(`SELECT COUNT(*) FROM enrolment WHERE id = $1 AND approved_on IS NOT NULL`, seat)
	}
	if approved() != 1 {
		t.Error("it is taken before anybody has said yes")
	}
	form.Set("sure", "on")
	if a := v.post(page, form); a.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	if approved() != 0 {
		t.Error("the approval is still there")
	}
	s.write(func(ctx context.Context, tx *db.Tx) error {
		return letter.Write(ctx, tx, round, s.server.Site, demoNow)
	})
	if n := s.id(`SELECT COUNT(*) FROM round_letter_recipient AS p JOIN round_letter AS l ON l.id = p.letter_id
		WHERE l.kind = 'unapproved' AND p.person_id = $1 AND p.body LIKE '%Namnen hade förväxlats%'`, person); n != 1 {
		t.Errorf("%d letters tell of it", n)
	}
	v.get(path("/rounds/%d", round)).wants(t, http.StatusOK, "Godkännandet togs tillbaka", "Namnen hade förväxlats")
}
