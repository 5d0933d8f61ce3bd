package scim_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/scim/resource"
)

func (w *world) members(group string) string {
	w.Helper()
	r := w.send("GET", "/Groups/"+group, "").want(w, 200)
	list, _ := r.body["members"].([]any)
	all := make([]string, len(list))
	for i := range list {
		all[i] = strings.TrimPrefix(r.at("members", i, "display"), "Per Nr00")
	}
	return strings.Join(all, " ")
}

func TestUnitsAreGroups(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var ids []string
		for n := range 4 {
			ids = append(ids, w.add(n))
		}
		made := w.send("POST", "/Groups", `{"displayName":"Båten","members":[{"value":"`+ids[0]+`"},{"value":"`+ids[1]+`"}]}`).want(t, 201)
		boat := made.at("id")
		if made.header.Get("Location") != "https://yrkesresan.example.org/scim/v2/Groups/"+boat || w.members(boat) != "0 1" {
			t.Error(made.text)
		}
		w.send("POST", "/Groups", `{"displayName":"båten"}`).refused(t, 409, "uniqueness")
		w.send("POST", "/Groups", `{}`).refused(t, 400, "invalidValue")
		patch := func(operations string) reply {
			return w.send("PATCH", "/Groups/"+boat, `{"Operations":[`+operations+`]}`)
		}
		theirs := fmt.Sprint(w.elsewhere("bo@borlange.example"))
		for _, c := range []struct{ operations, want string }{
			{`{"op":"Add","path":"members","value":[{"value":"` + ids[2] + `"}]}`, "0 1 2"},
			{`{"op":"Add","path":"members","value":[{"value":"` + ids[2] + `"}]}`, "0 1 2"},
			{`{"op":"Remove","path":"members[value eq \"` + ids[0] + `\"]"}`, "1 2"},
			{`{"op":"Remove","path":"members","value":[{"value":"` + ids[1] + `"}]}`, "2"},
			{`{"op":"add","value":{"members":[{"value":"` + ids[3] + `"}]}}`, "2 3"},
			{`{"op":"replace","path":"members","value":[{"value":"` + ids[0] + `"}]}`, "0"},
			{`{"op":"replace","path":"displayName","value":"Skeppet"}`, "0"},
			{`{"op":"add","path":"members","value":[{"value":"` + theirs + `"}]}`, "invalidValue"},
			{`{"op":"add","path":"members","value":[{"value":"999999"}]}`, "invalidValue"},
			{`{"op":"add","path":"members","value":[{"value":"` + boat + `","type":"Group"}]}`, "invalidValue"},
			{`{"op":"replace","path":"displayName","value":""}`, "invalidValue"},
			{`{"op":"add","path":"owners","value":[{"value":"1"}]}`, "invalidPath"},
		} {
			before := w.members(boat)
			if r := patch(c.operations); strings.HasPrefix(c.want, "invalid") {
				r.refused(t, 400, c.want)
				c.want = before
			} else if r.status != 200 {
				t.Errorf("%s: %s", c.operations, r.text)
			}
			if got := w.members(boat); got != c.want {
				t.Errorf("%s leaves %q, want %q", c.operations, got, c.want)
			}
		}
		if u := w.send("GET", "/Users/"+ids[0], ""); u.at(enterprise, "department") != "Skeppet" || u.at("groups", 0, "value") != boat {
			t.Error(u.text)
		}
		if u := w.send("GET", "/Users/"+ids[1], ""); u.at(enterprise) != "" || u.at("active") != "true" {
			t.Error(u.text)
		}
		for filter, n := range map[string]string{
			`displayName eq "skeppet"`: "1", `members.value eq "` + ids[0] + `"`: "1", `members[value eq "` + ids[1] + `"]`: "0", `displayName sw "b"`: "0", `id eq "` + boat + `"`: "1",
		} {
			if r := w.send("GET", "/Groups?excludedAttributes=members&filter="+strings.ReplaceAll(filter, `"`, "%22"), ""); r.at("totalResults") != n || r.at("Resources", 0, "members") != "" {
				t.Errorf("%s: %s", filter, r.text)
			}
		}
		w.send("GET", `/Groups?filter=owners pr`, "").refused(t, 400, "invalidFilter")
		tag := w.send("GET", "/Groups/"+boat, "").header.Get("ETag")
		w.send("GET", "/Groups/"+boat, "", "If-None-Match", tag).want(t, 304)
		w.send("PUT", "/Groups/"+boat, `{"displayName":"Båten"}`, "If-Match", `W/"x"`).refused(t, 412, "")
		w.send("PUT", "/Groups/"+boat, `{"displayName":"Båten"}`, "If-Match", tag).want(t, 200)
		if got := w.members(boat); got != "0" {
			t.Errorf("a client that says nothing of the members leaves %q", got)
		}
		// A unit with people in it is not closed; whoever ended today is no longer in it.
		w.send("DELETE", "/Groups/"+boat, "").refused(t, 409, "")
		w.patch(ids[0], `{"op":"replace","path":"active","value":false}`).want(t, 200)
		if got := w.members(boat); got != "" {
			t.Errorf("members are %q", got)
		}
		w.send("DELETE", "/Groups/"+boat, "").want(t, 204)
		w.send("GET", "/Groups/"+boat, "").refused(t, 404, "")
	})
}

func TestManyOperationsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		user := func(id, name string) string {
			return `{"method":"POST","path":"/Users","bulkId":"` + id + `","data":{"userName":"` + name + `@falun.example","externalId":"` + name + `","name":{"givenName":"Per","familyName":"` + name + `"}}}`
		}
		bulk := func(more, operations string) reply {
			return w.send("POST", "/Bulk", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],`+more+`"Operations":[`+operations+`]}`)
		}
		r := bulk("", user("a", "anna")+","+user("b", "anna")+`,
			{"method":"post","path":"/Groups","bulkId":"g","data":{"displayName":"Norr","members":[{"value":"bulkId:a"}]}},
			{"method":"PATCH","path":"/Users/bulkId:a","data":{"Operations":[{"op":"replace","path":"title","value":"Chef"}]}},
			{"method":"PATCH","path":"/Users/bulkId:x","data":{}},
			{"method":"GET","path":"/Users/1"},{"method":"POST","path":"/Bulk","bulkId":"c","data":{}},{"method":"PATCH","path":"/Users","data":{}},{"method":"POST","path":"/Users","data":{}},
			{"method":"DELETE","path":"/Users/bulkId:a","version":"W/\"x\""},{"method":"DELETE","path":"/Users/bulkId:a"}`).want(t, 200)
		var got []string
		for i := range 11 {
			got = append(got, r.at("Operations", i, "status")+r.at("Operations", i, "response", "scimType"))
		}
		want := "201 409uniqueness 201 200 400invalidValue 400invalidSyntax 400invalidSyntax 400invalidSyntax 400invalidSyntax 412 204"
		if strings.Join(got, " ") != want {
			t.Errorf("got  %s\nwant %s\n%s", strings.Join(got, " "), want, r.text)
		}
		if !strings.HasPrefix(r.at("Operations", 0, "location"), "https://yrkesresan.example.org/scim/v2/Users/") || r.at("Operations", 0, "bulkId") != "a" || r.at("Operations", 0, "version") == "" {
			t.Error(r.text)
		}
		r = bulk(`"failOnErrors":1,`, user("a", "bo")+","+user("b", "bo")+","+user("c", "carin")).want(t, 200)
		if r.at("Operations", 1, "status") != "409" || r.at("Operations", 2) != "" {
			t.Error(r.text)
		}
		bulk("", strings.TrimSuffix(strings.Repeat(`{"method":"DELETE","path":"/Users/1"},`, 101), ",")).refused(t, 413, "")
	})
}

// Who may do what is written by hand in testdata/access.txt, for people to read. An
// operation without its line fails.
func TestEveryOperationAnswersEveryTokenAsExpected(t *testing.T) {
	text, err := os.ReadFile("testdata/access.txt")
	must(t, err)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		revoked := w.token(identity.ForSCIM, falun)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			id, err := db.Row(ctx, tx, db.One[int64], `SELECT MAX(id) FROM api_token`)
			if err != nil {
				return err
			}
			return identity.RevokeToken(ctx, tx, access.System(), id, w.at)
		}))
		tokens := map[string]string{"own": w.falun, "neighbour": w.borlange, "api": w.token(identity.ForAPI, falun), "revoked": revoked, "none": ""}
		columns := []string{"own", "neighbour", "api", "revoked", "none"}
		tried := map[string]bool{}
		person, group := 0, 0
		for n, line := range strings.Split(string(text), "\n") {
			words := strings.Fields(line)
			if len(words) == 0 || words[0] == "#" || words[0] == "METHOD" {
				continue
			}
			if len(words) != 2+len(columns) {
				t.Fatalf("line %d has %d words", n+1, len(words))
			}
			tried[words[0]+" "+words[1]] = true
			for i, column := range columns {
				path, body := words[1], ""
				switch {
				case strings.HasPrefix(path, "/Users/{id}"):
					person++
					path = strings.Replace(path, "{id}", w.add(person), 1)
				case strings.HasPrefix(path, "/Groups/{id}"):
					group++
					path = "/Groups/" + w.send("POST", "/Groups", fmt.Sprintf(`{"displayName":"Enhet %d"}`, group)).want(t, 201).at("id")
				default:
					path = strings.Replace(path, "{id}", map[bool]string{true: resource.UserSchema, false: "User"}[strings.HasPrefix(path, "/Schemas")], 1)
				}
				if words[0] != "GET" && words[0] != "DELETE" {
					body = `{}`
				}
				if words[0] == "PATCH" {
					body = `{"Operations":[{"op":"remove","path":"members"}]}`
					if strings.HasPrefix(path, "/Users") {
						body = `{"Operations":[{"op":"remove","path":"title"}]}`
					}
				}
				if words[0] == "PUT" {
					body = fmt.Sprintf(`{"userName":"put%d@falun.example","name":{"givenName":"P"}}`, person)
					if strings.HasPrefix(path, "/Groups") {
						body = fmt.Sprintf(`{"displayName":"Annan %d"}`, group)
					}
				}
				if got := w.sendAs(tokens[column], words[0], path, body); fmt.Sprint(got.status) != words[2+i] {
					t.Errorf("line %d: %s %s as %s: %d, want %s: %s", n+1, words[0], words[1], column, got.status, words[2+i], got.text)
				}
			}
		}
		for _, route := range w.server.Routes() {
			if !tried[route] {
				t.Errorf("%s has no line in testdata/access.txt", route)
			}
		}
		// Lists hold one's own.
		for _, path := range []string{"/Users", "/Groups"} {
			if w.sendAs(w.borlange, "GET", path, "").at("totalResults") != "0" || w.send("GET", path, "").at("totalResults") == "0" {
				t.Errorf("%s tells of another municipality", path)
			}
		}
	})
}
