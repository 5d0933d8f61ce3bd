package scim_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/people"
)

func TestSomebodyIsAddedReadAndReplaced(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made := w.send("POST", "/Users", anna).want(t, 201)
		id := made.at("id")
		for path, want := range map[string]string{
			"userName": "Anna.Berg@falun.example", "externalId": "4f1c-1", "displayName": "Anna Berg", "title": "Undersköterska", "active": "true",
		} {
			if got := made.at(path); got != want && !strings.EqualFold(got, want) {
				t.Errorf("%s is %q", path, got)
			}
		}
		if made.at(enterprise, "employeeNumber") != "00042" || made.at(enterprise, "department") != "Hemtjänst Norr" || made.at("emails", 0, "value") != "anna.berg@falun.example" ||
			made.at("groups", 0, "display") != "Hemtjänst Norr" {
			t.Error(made.text)
		}
		if got := made.header.Get("Location"); got != "https://yrkesresan.example.org/scim/v2/Users/"+id || got != made.at("meta", "location") {
			t.Errorf("she is at %q", got)
		}
		if n := w.count(`SELECT COUNT(*) FROM role_grant`); n != 0 {
			t.Errorf("%d roles were given", n)
		}
		read := w.send("GET", "/Users/"+id, "").want(t, 200)
		if read.text != made.text {
			t.Errorf("made %s\nread %s", made.text, read.text)
		}
		// What a client reads and sends back changes nothing.
		if again := w.send("PUT", "/Users/"+id, read.text).want(t, 200); again.at("meta", "version") != read.at("meta", "version") {
			t.Errorf("%s\n%s", read.text, again.text)
		}
		put := w.send("PUT", "/Users/"+id, `{"userName":"anna.ek@falun.example","name":{"givenName":"Anna","familyName":"Ek"},"emails":[{"value":"anna.ek@falun.example"}]}`).want(t, 200)
		if put.at("title") != "" || put.at("externalId") != "" || put.at(enterprise, "department") != "Hemtjänst Norr" || put.at("name", "familyName") != "Ek" || put.at("active") != "true" {
			t.Error(put.text)
		}
		w.send("GET", "/Users/0"+id, "").refused(t, 404, "")
		w.send("PUT", "/Users/"+id, `{"name":{"givenName":"Anna"}}`).refused(t, 400, "invalidValue")
	})
}

// A value that says "has left" in any way that real clients say it.
func TestLeaversAreUnderstood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for n, c := range []struct{ operation, active string }{
			{`{"op":"Replace","path":"active","value":"False"}`, "false"},
			{`{"op":"Add","path":"active","value":"False"}`, "false"},
			{`{"op":"replace","value":{"active":false}}`, "false"},
			{`{"op":"replace","path":"active","value":"nej"}`, "refused"},
			{`{"op":"REPLACE","path":"Active","value":"True"}`, "true"},
			{`{"op":"replace","value":{"Active":"false"}}`, "false"},
			{`{"op":"replace","path":"active","value":[{"value":"False"}]}`, "false"},
			{`{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}`, "false"},
			{`{"op":"replace","path":"active","value":0}`, "refused"},
			{`{"op":"replace","path":"active","value":null}`, "refused"},
			{`{"op":"replace","path":"title","value":"Chef"},{"op":"replace","path":"active","value":"kanske"}`, "refused"},
		} {
			id := w.add(n)
			if n%2 == 1 { // others came long ago
				must(t, d.Write(ctx, func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `UPDATE employment SET from_day = $2 WHERE person_id = $1`, id, today-400)
					return err
				}))
			}
			before := w.send("GET", "/Users/"+id, "").want(t, 200).text
			got := w.patch(id, c.operation)
			if c.active == "refused" {
				got.refused(t, 400, "invalidValue")
				if after := w.send("GET", "/Users/"+id, "").text; after != before {
					t.Errorf("%s changed\n%s to\n%s", c.operation, before, after)
				}
				continue
			}
			if got.want(t, 200).at("active") != c.active {
				t.Errorf("%s: %s", c.operation, got.text)
			}
			ended := w.count(`SELECT COUNT(*) FROM employment WHERE person_id = $1 AND to_day = $2`, id, today)
			if (ended == 1) != (c.active == "false") {
				t.Errorf("%s: %d employments end today", c.operation, ended)
			}
			// Said twice it is as said once.
			if again := w.patch(id, c.operation).want(t, 200); again.at("active") != c.active {
				t.Errorf("again %s: %s", c.operation, again.text)
			}
		}
		if n := w.send("GET", "/Users?filter=active eq false&count=0", "").at("totalResults"); n != "6" {
			t.Errorf("%s are inactive", n)
		}
	})
}

// Whoever comes back is who they were, with what they have learnt and without the roles.
func TestARehiredPersonIsTheSamePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.send("POST", "/Users", anna).want(t, 201).at("id")
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			unit, err := db.Row(ctx, tx, db.One[int64], `SELECT organisation_id FROM employment WHERE person_id = $1`, id)
			if err != nil {
				return err
			}
			person, err := identity.ByEmail(ctx, tx, "anna.berg@falun.example")
			if err != nil {
				return err
			}
			if _, err = identity.Grant(ctx, tx, system, person, access.Manager, unit, today, w.at); err != nil {
				return err
			}
			course, err := catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 1, TariffKind: "authority"}, catalogue.Regional, today-500)
			if err != nil {
				return err
			}
			_, err = db.Exec(ctx, tx, `INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) VALUES ($1, $2, $3, 'import', $4)`, person, course, today, w.at)
			return err
		}))
		w.at = w.at.Add(10 * 24 * 3600e9)
		w.send("POST", "/Users", anna).refused(t, 409, "uniqueness")
		w.patch(id, `{"op":"replace","path":"active","value":false}`).want(t, 200)
		w.at = w.at.Add(30 * 24 * 3600e9)
		again := strings.ReplaceAll(anna, `"familyName":"Berg"`, `"familyName":"Lind"`)
		back := w.send("POST", "/Users", again).want(t, 201)
		if back.at("id") != id || back.at("active") != "true" || back.at("name", "familyName") != "Lind" {
			t.Error(back.text)
		}
		w.send("POST", "/Users", again).refused(t, 409, "uniqueness")
		for what, n := range map[string]int{
			"employments":  w.count(`SELECT COUNT(*) FROM employment WHERE person_id = $1`, id),
			"completions":  w.count(`SELECT COUNT(*) FROM completion WHERE person_id = $1`, id) + 1,
			"people":       w.count(`SELECT COUNT(*) FROM person`) + 1,
			"former names": w.count(`SELECT COUNT(*) FROM person_change WHERE person_id = $1`, id) + 1,
		} {
			if n != 2 {
				t.Errorf("%d %s", n, what)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM role_grant WHERE to_day IS NULL OR to_day >= $1`, w.at.Day()); n != 0 {
			t.Error("the role came back")
		}
		// On the day itself it is as if nobody had said that she leaves; only the roles ended.
		w.patch(id, `{"op":"replace","path":"active","value":false}`).want(t, 200)
		w.patch(id, `{"op":"replace","path":"active","value":true}`).want(t, 200)
		if n := w.count(`SELECT COUNT(*) FROM employment WHERE person_id = $1`, id); n != 2 {
			t.Errorf("%d employments after a slip", n)
		}
		// By the employee number alone, with another identity in the client.
		w.patch(id, `{"op":"replace","path":"active","value":false}`).want(t, 200)
		other := strings.ReplaceAll(strings.ReplaceAll(again, "4f1c-1", "new"), "Anna.Berg@", "anna.lind@")
		if back = w.send("POST", "/Users", other).want(t, 201); back.at("id") != id || back.at("externalId") != "new" || back.at("emails", 0, "value") != "anna.lind@falun.example" {
			t.Error(back.text)
		}
	})
}

// Nobody of another municipality is touched, told of or taken.
func TestPeopleOfAnotherMunicipalityStayTheirs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		theirs := fmt.Sprint(w.elsewhere("bo@borlange.example"))
		new := func(email, number string) string {
			return `{"userName":"` + email + `","externalId":"` + number + `","name":{"givenName":"Bo","familyName":"Ek"}}`
		}
		w.send("POST", "/Users", new("bo@borlange.example", "1")).refused(t, 409, "uniqueness")
		for _, method := range []string{"GET", "DELETE"} {
			w.send(method, "/Users/"+theirs, "").refused(t, 404, "")
		}
		w.send("PATCH", "/Users/"+theirs, `{"Operations":[{"op":"replace","path":"active","value":false}]}`).refused(t, 404, "")
		w.send("PUT", "/Users/"+theirs, new("bo@borlange.example", "1")).refused(t, 404, "")
		if n := w.send("GET", `/Users?filter=emails.value eq "bo@borlange.example"`, "").at("totalResults"); n != "0" {
			t.Errorf("%s are found", n)
		}
		mine := w.add(1)
		w.patch(mine, `{"op":"replace","path":"userName","value":"bo@borlange.example"}`).refused(t, 409, "uniqueness")

		// Who leaves there is still theirs; who moves here is ours, and gone there.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			n := w.elsewhereID(theirs)
			return people.Leave(ctx, tx, system, n, today-1)
		}))
		w.send("POST", "/Users", new("bo@borlange.example", "1")).refused(t, 409, "uniqueness")
		if got := w.sendAs(w.borlange, "GET", "/Users/"+theirs, "").want(t, 200).at("active"); got != "false" {
			t.Errorf("active is %s", got)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return people.Employ(ctx, tx, system, w.elsewhereID(theirs), falun, today, "")
		}))
		w.sendAs(w.borlange, "GET", "/Users/"+theirs, "").refused(t, 404, "")
		w.send("GET", "/Users/"+theirs, "").want(t, 200)
		// One number may be two people's in two municipalities.
		w.sendAs(w.borlange, "POST", "/Users", new("li@borlange.example", "x1")).want(t, 201)

		// A person who worked here, then there, and comes back is known by our number.
		w.patch(mine, `{"op":"replace","path":"active","value":false}`).want(t, 200)
		w.at = w.at.Add(5 * 24 * 3600e9)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return people.Employ(ctx, tx, system, w.elsewhereID(mine), borlange, today+2, "")
		}))
		w.send("POST", "/Users", new("p1@falun.example", "x1")).refused(t, 409, "uniqueness")
		must(t, d.Write(ctx, func(tx *db.Tx) error { return people.Leave(ctx, tx, system, w.elsewhereID(mine), today+4) }))
		if got := w.send("POST", "/Users", new("p1@falun.example", "x1")).want(t, 201).at("id"); got != mine {
			t.Errorf("%s comes back as %s", mine, got)
		}
	})
}

func (w *world) elsewhereID(id string) (n int64) {
	w.Helper()
	_, err := fmt.Sscan(id, &n)
	must(w, err)
	return n
}

// The address is the way in: whoever sets it can sign in as the person.
func TestTheAddressOfSomebodyInOfficeIsNotThePersonnelSystems(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.add(1)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := identity.Grant(ctx, tx, system, w.elsewhereID(id), access.MunicipalAdmin, falun, today, w.at)
			return err
		}))
		w.patch(id, `{"op":"replace","path":"emails[type eq \"work\"].value","value":"thief@falun.example"}`).refused(t, 409, "")
		w.patch(id, `{"op":"replace","path":"userName","value":"thief@falun.example"}`).refused(t, 409, "")
		w.patch(id, `{"op":"replace","path":"title","value":"Chef"}`).want(t, 200)
		w.patch(id, `{"op":"add","path":"roles","value":[{"value":"operator"}]}`).refused(t, 400, "invalidPath")
		w.send("POST", "/Users", `{"userName":"a@falun.example","name":{"givenName":"A"},"roles":["operator"]}`).refused(t, 400, "invalidValue")
	})
}

// Who was deleted is told of nobody until they are employed anew; nothing is erased.
func TestDeletedIsNotErased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.send("POST", "/Users", anna).want(t, 201).at("id")
		if a := w.send("DELETE", "/Users/"+id, "").want(t, 204); a.text != "" {
			t.Errorf("answered %s", a.text)
		}
		for _, method := range []string{"GET", "DELETE"} {
			w.send(method, "/Users/"+id, "").refused(t, 404, "")
		}
		w.patch(id, `{"op":"replace","path":"active","value":true}`).refused(t, 404, "")
		if n := w.send("GET", "/Users", "").at("totalResults"); n != "0" {
			t.Errorf("%s are told of", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM employment WHERE to_day = $1`, today); n != 1 {
			t.Error("the employment did not end")
		}
		w.at = w.at.Add(2 * 24 * 3600e9)
		if back := w.send("POST", "/Users", anna).want(t, 201); back.at("id") != id || back.at("active") != "true" {
			t.Error(back.text)
		}
		w.send("GET", "/Users/"+id, "").want(t, 200)
	})
}

func TestTagsTellVersionsApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made := w.send("POST", "/Users", anna).want(t, 201)
		id, tag := made.at("id"), made.header.Get("ETag")
		if tag == "" || tag != made.at("meta", "version") || !strings.HasPrefix(tag, `W/"`) {
			t.Fatalf("the tag is %s", tag)
		}
		w.send("GET", "/Users/"+id, "", "If-None-Match", tag).want(t, 304)
		w.send("GET", "/Users/"+id, "", "If-None-Match", `W/"other"`).want(t, 200)
		body := `{"Operations":[{"op":"replace","path":"title","value":"Chef"}]}`
		w.send("PATCH", "/Users/"+id, body, "If-Match", `W/"other"`).refused(t, 412, "")
		w.send("DELETE", "/Users/"+id, "", "If-Match", `W/"other"`).refused(t, 412, "")
		changed := w.send("PATCH", "/Users/"+id, body, "If-Match", tag).want(t, 200)
		if changed.header.Get("ETag") == tag {
			t.Error("another resource has the same tag")
		}
		w.send("PATCH", "/Users/"+id, body, "If-Match", tag).refused(t, 412, "")
		w.send("PUT", "/Users/"+id, anna, "If-Match", "*").want(t, 200)
		// A page changes it, too.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return people.SetTerms(ctx, tx, system, w.elsewhereID(id), people.Terms{Title: "Rektor"}, today)
		}))
		w.send("DELETE", "/Users/"+id, "", "If-Match", tag).refused(t, 412, "")
	})
}

// Of many who send the same person at once one makes them, and of many who let them come
// back one does.
func TestTwoWhoSendTheSamePersonMakeOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 2 {
			var all sync.WaitGroup
			statuses := make([]int, 8)
			for i := range statuses {
				all.Go(func() { statuses[i] = w.send("POST", "/Users", anna).status })
			}
			all.Wait()
			slices.Sort(statuses)
			if statuses[0] != 201 || statuses[1] != 409 || statuses[7] != 409 {
				t.Errorf("answered %v", statuses)
			}
			id := w.send("GET", "/Users?filter=externalId%20eq%20%224f1c-1%22", "").at("Resources", 0, "id")
			w.patch(id, `{"op":"replace","path":"active","value":false}`).want(t, 200)
			w.at = w.at.Add(2 * 24 * 3600e9)
		}
		if n := w.count(`SELECT COUNT(*) FROM person`); n != 1 {
			t.Errorf("%d people", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM employment`); n != 2 {
			t.Errorf("%d employments", n)
		}
	})
}
