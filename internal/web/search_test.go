package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheSearchFindsWhatOneMaySee(t *testing.T) {
	s := newSite(t)
	body := s.as(national).get("/search?q=v").body
	at := -1
	for _, name := range []string{">Vadstena<", ">Vaggeryd<", ">Valdemarsvik<", ">Vallentuna<", ">Vansbro<"} {
		next := strings.Index(body, name)
		if next <= at {
			t.Errorf("%s stands at %d, after %d", name, next, at)
		}
		at = next
	}
	sees := s.id(`SELECT MAX(e.person_id) FROM employment AS e WHERE e.municipality_id = 2081 AND e.to_day IS NULL`)
	var name string
	if err := s.db.Reader().QueryRowContext(t.Context(), `SELECT family_name FROM person WHERE id = $1`, sees).Scan(&name); err != nil {
		t.Fatal(err)
	}
	link := `href="` + personAt(sees) + `"`
	v := s.as(municipal)
	v.get("/search?q="+name).shows(t, http.StatusOK, link, `<button class="button secondary">Sök</button>`)
	for _, who := range []string{employee, steering, national, manager} {
		s.as(who).get("/search?q="+name).hides(t, link)
	}
	v.get("/search?q=%25").shows(t, http.StatusOK, "Inget heter %")
}
