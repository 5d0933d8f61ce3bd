package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
)

// An administrator finds the demo's person who is there twice, reads what merging them does,
// merges them, comes to who remains by the old address, and splits them again.
func TestTwoRowsThatAreOnePersonAreMergedAndSplitOnThePages(t *testing.T) {
	s := newSite(t)
	second := s.id(`SELECT id FROM person WHERE email LIKE '%.ny@example.org'`)
	first := s.id(`SELECT MIN(p.id) FROM person AS p JOIN person AS q ON q.given_name = p.given_name AND q.family_name = p.family_name WHERE q.id = $1 AND p.id <> q.id`, second)
	kept, gone := "/people/"+strconv.FormatInt(first, 10), "/people/"+strconv.FormatInt(second, 10)
	v := s.as("kommunadministrator@example.org")
	v.get(kept).wants(t, http.StatusOK, "Slå ihop dubbletter", kept+"/merger")
	v.get(kept+"/sign-in").wants(t, http.StatusOK, "Finns personen två gånger?")
	v.get(kept+"/merger").wants(t, http.StatusOK, "Kan vara samma person", kept+"/merger?with="+strconv.FormatInt(second, 10))
	v.get(kept+"/merger?q=ingen+alls+heter+s%C3%A5").wants(t, http.StatusOK, "Ingen annan hittades")
	v.get(kept+"/merger?with="+strconv.FormatInt(second, 10)).wants(t, http.StatusOK, "Kurserna efteråt", "sparas vid sidan av", "E-postadress att logga in med", ".ny@example.org", "Slå ihop till en person")
	v.get(kept+"/merger?with="+strconv.FormatInt(first, 10)).wants(t, http.StatusOK, "Välj två olika personer")
	v.get(kept+"/split").wants(t, http.StatusOK, "Ingen är ihopslagen med personen")

	form := url.Values{"with": {strconv.FormatInt(second, 10)}, "email": {"annan@example.org"}}
	v.post(kept+"/merger", form).says(t, http.StatusUnprocessableEntity, "Välj en av de två adresserna")
	form.Set("email", s.text(`SELECT email FROM person WHERE id = `+strconv.FormatInt(second, 10)))
	v.post(kept+"/merger", form).leads(t, kept)
	v.get(kept).wants(t, http.StatusOK, "Nu är det en person", "Dela igen", form.Get("email"))
	v.get(gone).leads(t, kept)
	v.get(gone+"/sign-in?x=1").leads(t, kept+"/sign-in?x=1")
	v.post(gone+"/departure", url.Values{"day": {"2026-12-01"}}).leads(t, kept)
	v.get(kept).wants(t, http.StatusOK, "Inget sparades")
	v.get("/people?q="+url.QueryEscape(form.Get("email"))).wants(t, http.StatusOK, kept)
	s.as("utbildare@example.org").get(gone).wants(t, http.StatusNotFound)
	v.post(kept+"/merger", form).says(t, http.StatusConflict, "redan ihopslagen")

	v.get(kept+"/split").wants(t, http.StatusOK, "Två personer igen", "Kommer tillbaka", "Dela i två personer")
	v.post(kept+"/split", nil).leads(t, kept)
	v.get(kept).wants(t, http.StatusOK, "Nu är det två personer igen")
	v.get(gone).wants(t, http.StatusOK, form.Get("email"))
}
