package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
	"yrkesresan/internal/web/visit"
)

const secretWord = "Paranötsöverkänslighet"

// secretly has somebody tell what is sealed, in every place that a page writes, and returns a
// round of theirs and a day that is on a screen.
func secretly(t *testing.T, w work) (round, day int64) {
	t.Helper()
	round = w.id(`SELECT MIN(n.round_id) FROM enrolment AS n JOIN person AS p ON p.id = n.person_id JOIN round AS r ON r.id = n.round_id
		WHERE p.email = $1 AND n.withdrawn_at IS NULL AND r.last_day >= '2026-11-23'`, employee)
	me, admin := w.as(employee), w.as(regional)
	needs, catering := path("/rounds/%d/needs", round), path("/rounds/%d/catering", round)
	if a := me.post(needs, url.Values{"diet": {"vegan"}, "other": {secretWord}, "access": {secretWord}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	me.post(needs, url.Values{"other": {secretWord + strings.Repeat("x", 400)}}).wants(t, http.StatusUnprocessableEntity, secretWord)
	order := admin.get(catering).fields()
	order.Set(fmt.Sprintf("note_%d", w.id(`SELECT MIN(id) FROM course_day WHERE round_id = $1`, round)), "Till Ek: "+secretWord)
	if a := admin.post(catering, order); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	day = w.today()
	w.as(teacher).get(path("/days/%d/screen", day)).wants(t, http.StatusOK, "Rikta kameran mot bilden")
	w.ask(w.nobody(), "/sign-in/work/borlange")
	w.comeIn(w.nobody())
	leaves := w.nobody()
	w.comeIn(leaves)
	leaves.post("/session/end", nil)
	return round, day
}

func TestEveryColumnThatIsSealedIsWrittenSealed(t *testing.T) {
	w := newWork(t)
	secretly(t, w)
	for _, c := range sealing.Columns {
		rows, err := db.Rows(t.Context(), w.db.Reader(), db.One[[]byte], `SELECT `+c.Name+` FROM `+c.Table+` WHERE LENGTH(`+c.Name+`) > 0`)
		if err != nil {
			t.Fatal(err)
		}
		// Of SAML there is neither, and the pages' OpenID Connect is tried in package federation.
		if len(rows) == 0 && c.Name != "client_secret" && c.Table != "federation_state" {
			t.Errorf("%s.%s: nothing was written", c.Table, c.Name)
		}
		for _, r := range rows {
			if key, ok := vault.KeyOf(string(r)); !ok || key != w.db.Keys.Primary() {
				t.Errorf("%s.%s is in clear: %q", c.Table, c.Name, r)
			}
		}
	}
	for _, c := range sealing.Columns {
		if n := w.id(`SELECT COUNT(*) FROM ` + c.Table + ` WHERE CAST(` + c.Name + ` AS TEXT) LIKE '%` + secretWord + `%'`); n > 0 {
			t.Errorf("%s.%s tells it", c.Table, c.Name)
		}
	}
}

func TestWithoutTheKeyPagesSayWhatCannotBeReadAndGoOn(t *testing.T) {
	w := newWork(t)
	round, day := secretly(t, w)
	kept := w.as(employee).post(path("/rounds/%d/needs", round), url.Values{"other": {strings.Repeat("x", 400)}})
	w.as(employee).get(visit.MyDataPath).wants(t, http.StatusOK, secretWord)

	keys, err := vault.New(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	w.db.Keys = keys

	me, admin := w.as(employee), w.as(regional)
	needs, catering := path("/rounds/%d/needs", round), path("/rounds/%d/catering", round)
	lost := me.get(needs)
	lost.wants(t, http.StatusOK, "Det du skrev kan inte läsas", "Fyll i på nytt")
	lost.lacks(t, "sealed:")
	page := admin.get(catering)
	page.wants(t, http.StatusOK, "Kan inte läsas. Fråga personen.", "Det som stod här kan inte läsas")
	page.lacks(t, "sealed:", secretWord)
	own := me.get(visit.MyDataPath)
	own.wants(t, http.StatusOK, "kan inte läsas")
	own.lacks(t, "sealed:", secretWord)
	me.get(visit.MyDataPath+".json").wants(t, http.StatusOK, "kan inte läsas")
	first := w.id(`SELECT MIN(id) FROM course_day WHERE round_id = $1`, round)
	admin.get(path("/days/%d/paper", first)).wants(t, http.StatusOK, "kan inte läsas")
	if kept.status != http.StatusUnprocessableEntity {
		t.Errorf("the form that was refused: %d", kept.status)
	}

	// Secrets of our own are made anew.
	w.as(teacher).get(path("/days/%d/screen", day)).wants(t, http.StatusOK, "Rikta kameran mot bilden")
	w.nobody().get(address.SAMLMetadata).wants(t, http.StatusOK, "EntityDescriptor")

	// Told anew, it is there.
	if a := me.post(needs, url.Values{"diet": {"halal"}, "other": {"Inga nötter"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	again := me.get(needs)
	again.wants(t, http.StatusOK, "Inga nötter")
	again.lacks(t, "Det du skrev kan inte läsas")
}
