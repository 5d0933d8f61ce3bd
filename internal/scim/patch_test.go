package scim_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
)

// Each way in which real clients name what they change.
func TestPathsOfRealClients(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.send("POST", "/Users", anna).want(t, 201).at("id")
		for _, c := range []struct {
			operations string
			at         []any
			want       string // the value, or the kind of the error
		}{
			{`{"op":"remove","path":"emails"}`, []any{"emails"}, ""},
			{`{"op":"replace","path":"emails[type eq \"work\"].value","value":"a1@falun.example"}`, []any{"emails", 0, "value"}, "a1@falun.example"},
			{`{"op":"remove","path":"emails[type eq \"work\"]"}`, []any{"emails"}, ""},
			{`{"op":"Add","path":"emails[type eq \"work\"].value","value":"a2@falun.example"}`, []any{"emails", 0, "value"}, "a2@falun.example"},
			{`{"op":"add","path":"emails","value":[{"value":"a3@falun.example","type":"work"}]}`, []any{"emails", 0, "value"}, "a3@falun.example"},
			{`{"op":"replace","path":"emails","value":"a4@falun.example"}`, []any{"emails", 0, "value"}, "a4@falun.example"},
			{`{"op":"replace","value":{"emails[type eq \"work\"].value":"a5@falun.example"}}`, []any{"emails", 0, "value"}, "a5@falun.example"},
			{`{"op":"replace","path":"emails.value","value":"a6@falun.example"}`, []any{"emails", 0, "value"}, "a6@falun.example"},
			{`{"op":"replace","path":"emails[type eq \"work\" and primary eq true]","value":{"value":"a7@falun.example","type":"work"}}`, []any{"emails", 0, "value"}, "a7@falun.example"},
			{`{"op":"remove","path":"emails","value":[{"value":"other@falun.example"}]}`, []any{"emails", 0, "value"}, "a7@falun.example"},
			{`{"op":"remove","path":"emails[value eq \"other@falun.example\"]"}`, []any{"emails", 0, "value"}, "a7@falun.example"},
			{`{"op":"add","path":"emails[type eq \"home\"].value","value":"a8@falun.example"}`, nil, "invalidValue"},
			{`{"op":"replace","path":"emails[value sw \"z\"].value","value":"a8@falun.example"}`, nil, "noTarget"},
			{`{"op":"replace","path":"emails","value":[{"value":"a8@falun.example"},{"value":"a9@falun.example"}]}`, nil, "invalidValue"},
			{`{"op":"replace","path":"emails[type eq \"work\"].value","value":"no address"}`, nil, "invalidValue"},

			{`{"op":"replace","value":{"name.givenName":"Åsa","name.familyName":"Öberg"}}`, []any{"displayName"}, "Åsa Öberg"},
			{`{"op":"replace","path":"name","value":{"familyName":"Ek"}}`, []any{"displayName"}, "Åsa Ek"},
			{`{"op":"add","path":"name.familyName","value":"Al"}`, []any{"name", "formatted"}, "Åsa Al"},
			{`{"op":"remove","path":"name.familyName","value":"Ask"}`, []any{"displayName"}, "Åsa"},
			{`{"op":"remove","path":"name"}`, nil, "invalidValue"},
			{`{"op":"replace","value":{"name":{"givenName":"Anna","familyName":"Berg"},"displayName":"Berg, Anna"}}`, []any{"displayName"}, "Anna Berg"},

			{`{"op":"add","path":"title","value":"Chef"}`, []any{"title"}, "Chef"},
			{`{"op":"remove","path":"title","value":"Rektor"}`, []any{"title"}, ""},
			{`{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:title","value":"Kurator"}`, []any{"title"}, "Kurator"},
			{`{"op":"replace","path":"title","value":""}`, []any{"title"}, ""},

			{`{"op":"replace","path":"` + enterprise + `:department","value":"Söder"}`, []any{enterprise, "department"}, "Söder"},
			{`{"op":"add","value":{"` + enterprise + `:department":"Norr"}}`, []any{enterprise, "department"}, "Norr"},
			{`{"op":"replace","value":{"` + enterprise + `":{"department":"Väster"}}}`, []any{enterprise, "department"}, "Väster"},
			{`{"op":"replace","path":"` + enterprise + `","value":{"Department":"norr"}}`, []any{enterprise, "department"}, "Norr"},
			{`{"op":"remove","path":"` + enterprise + `:department"}`, []any{enterprise, "department"}, ""},
			{`{"op":"replace","path":"` + enterprise + `:employeeNumber","value":7}`, []any{enterprise, "employeeNumber"}, "7"},
			{`{"op":"remove","path":"` + enterprise + `"}`, []any{enterprise}, ""},
			{`{"op":"replace","path":"externalId","value":"e9"}`, []any{"externalId"}, "e9"},
			{`{"op":"replace","value":{"id":"1","schemas":["x"],"title":"Chef"}}`, []any{"title"}, "Chef"},

			// What cannot be kept is refused whole.
			{`{"op":"replace","path":"title","value":"Rektor"},{"op":"add","path":"` + enterprise + `:manager","value":"26"}`, nil, "invalidPath"},
			{`{"op":"replace","value":{"title":"Rektor","` + enterprise + `:manager":"26"}}`, nil, "invalidPath"},
			{`{"op":"replace","value":{"title":"Rektor","` + enterprise + `":{"manager":{"value":"26"}}}}`, nil, "invalidPath"},
			{`{"op":"add","path":"phoneNumbers[type eq \"work\"].value","value":"0701740605"}`, nil, "invalidPath"},
			{`{"op":"add","path":"name.middleName","value":"X"}`, nil, "invalidPath"},
			{`{"op":"add","path":"name","value":{"middleName":"X"}}`, nil, "invalidValue"},
			{`{"op":"replace","path":"id","value":"7"}`, nil, "mutability"},
			{`{"op":"add","path":"groups","value":[{"value":"7"}]}`, nil, "mutability"},
			{`{"op":"remove","path":"active"}`, nil, "mutability"},
			{`{"op":"remove"}`, nil, "noTarget"},
			{`{"op":"move","path":"title"}`, nil, "invalidSyntax"},
			{`{"op":"replace","path":"title[","value":"x"}`, nil, "invalidPath"},
			{`{"op":"replace","path":"title[value eq \"x\"]","value":"x"}`, nil, "invalidPath"},
			{`{"op":"replace","path":"title","value":{"a":"b","c":"d"}}`, nil, "invalidValue"},
			{`{"op":"replace","value":"x"}`, nil, "invalidValue"},
			{`{"op":"remove","path":"userName"}`, nil, "invalidValue"},
		} {
			before := w.send("GET", "/Users/"+id, "").text
			r := w.patch(id, c.operations)
			if c.at != nil {
				if r.status != 200 || r.at(c.at...) != c.want {
					t.Errorf("%s: %d, want %q: %s", c.operations, r.status, c.want, r.text)
				}
				continue
			}
			r.refused(t, 400, c.want)
			if after := w.send("GET", "/Users/"+id, "").text; after != before {
				t.Errorf("%s was refused, and changed\n%s to\n%s", c.operations, before, after)
			}
		}
		w.patch(id, strings.TrimSuffix(strings.Repeat(`{"op":"add","path":"title","value":"x"},`, 201), ",")).refused(t, 400, "invalidSyntax")
		w.patch(id, ``).refused(t, 400, "invalidSyntax")
		w.send("POST", "/Users", strings.Replace(anna, `"employeeNumber"`, `"manager":{"value":"26"},"employeeNumber"`, 1)).refused(t, 400, "invalidValue")
		w.send("PUT", "/Users/"+id, strings.Replace(anna, `"title"`, `"nickName":"Anki","title"`, 1)).refused(t, 400, "invalidValue")

		// The name that one signs in with and the address are one thing until they are told apart.
		other := w.add(1)
		if r := w.patch(other, `{"op":"replace","path":"userName","value":"New@falun.example"}`); r.at("emails", 0, "value") != "new@falun.example" {
			t.Error(r.text)
		}
		if r := w.patch(other, `{"op":"replace","path":"userName","value":"new.name"}`); r.at("emails", 0, "value") != "new@falun.example" || r.at("userName") != "new.name" {
			t.Error(r.text)
		}
		w.patch(id, `{"op":"replace","path":"userName","value":"NEW.NAME"}`).refused(t, 409, "uniqueness")
		w.patch(id, `{"op":"replace","path":"externalId","value":"x1"}`).refused(t, 409, "uniqueness")
		w.patch(id, `{"op":"replace","path":"emails","value":"new@falun.example"}`).refused(t, 409, "uniqueness")
		// Who has left is neither moved nor promoted.
		w.patch(other, `{"op":"replace","path":"active","value":false}`).want(t, 200)
		w.patch(other, `{"op":"replace","path":"title","value":"Chef"}`).refused(t, 400, "mutability")
		w.patch(other, `{"op":"replace","path":"`+enterprise+`:department","value":"Norr"}`).refused(t, 400, "mutability")
		w.patch(other, `{"op":"replace","path":"name.givenName","value":"Pär"}`).want(t, 200)
	})
}
