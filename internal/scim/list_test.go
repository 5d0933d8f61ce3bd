package scim_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
)

// found are the numbers of those whom the filter finds, in their order.
func (w *world) found(filter string) string {
	w.Helper()
	r := w.send("GET", "/Users?filter="+url.QueryEscape(filter), "")
	if r.status != 200 {
		return r.at("scimType")
	}
	return w.who(r)
}

func (w *world) who(r reply) string {
	w.Helper()
	list, ok := r.body["Resources"].([]any)
	if !ok {
		w.Fatalf("no list: %s", r.text)
	}
	names := make([]string, len(list))
	for i := range list {
		names[i] = strings.TrimPrefix(r.at("Resources", i, "externalId"), "x")
	}
	return strings.Join(names, " ")
}

// How clients look people up, and everything that a filter can say.
func TestFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, body := range []string{
			`{"userName":"Anna@falun.example","externalId":"xA","name":{"givenName":"Anna","familyName":"Öberg"},"title":"Undersköterska","` + enterprise + `":{"department":"Norr","employeeNumber":"001"}}`,
			`{"userName":"bo@falun.example","externalId":"xB","name":{"givenName":"Bo","familyName":"Ek"},"` + enterprise + `":{"department":"Söder"}}`,
			`{"userName":"00c","externalId":"xC","name":{"givenName":"Li \"Lo\"","familyName":""},"title":"Chef","` + enterprise + `":{"employeeNumber":"00c"}}`,
			`{"userName":"d.id","externalId":"xD","name":{"givenName":"Dan","familyName":"Dal"},"emails":[{"value":"dan@falun.example","type":"work"}],"active":false}`,
		} {
			w.send("POST", "/Users", body).want(t, 201)
		}
		w.elsewhere("bo@borlange.example")
		id := w.send("GET", `/Users?filter=externalId%20eq%20%22xB%22`, "").at("Resources", 0, "id")
		for filter, want := range map[string]string{
			`userName eq "anna@falun.example"`:          "A",
			`USERNAME EQ "ANNA@FALUN.EXAMPLE"`:          "A",
			`userName eq "00C"`:                         "C",
			`userName eq "D.ID"`:                        "D",
			`userName eq "dan@falun.example"`:           "",
			`userName eq "bo@borlange.example"`:         "",
			`userName eq "nobody"`:                      "",
			`userName eq ""`:                            "",
			`externalId eq "xA"`:                        "A",
			`externalId eq "xa"`:                        "",
			`externalId eq "001"`:                       "",
			enterprise + `:employeeNumber eq "001"`:     "A",
			`emails.value eq "DAN@falun.example"`:       "D",
			`emails eq "dan@falun.example"`:             "D",
			`emails[value eq "dan@falun.example"]`:      "D",
			`emails[type eq "work" and value co "bo@"]`: "B",
			`emails[type eq "home"]`:                    "",
			`id eq "` + id + `"`:                        "B",
			`id eq "0` + id + `"`:                       "",
			`id eq "x"`:                                 "",
			`not (id eq "` + id + `")`:                  "D C A",
			`active eq true`:                            "B C A",
			`active eq "False"`:                         "D",
			`active ne true`:                            "D",
			`active eq true and not (userName sw "b")`:  "C A",
			`title pr`:                                  "C A",
			`not (title pr)`:                            "D B",
			`title eq null`:                             "D B",
			`title ne null`:                             "C A",
			`title ne "chef"`:                           "D B A",
			`title co "SKÖT"`:                           "A",
			`title sw "under"`:                          "A",
			`title ew "SKA"`:                            "A",
			`name.familyName gt "ek"`:                   "A",
			`name.familyName ge "ek"`:                   "B A",
			`name.familyName lt "ek"`:                   "D",
			`name.familyName le "EK"`:                   "D B",
			`name.givenName eq "Li \"Lo\""`:             "C",
			`name.givenName eq "Li \u0022Lo\u0022"`:     "C",
			enterprise + `:department eq "söder"`:       "B",
			enterprise + `:department pr and (title pr or active eq false)`: "A",
			`title pr and active eq true or userName eq "d.id"`:             "D C A",
			`groups.display eq "Norr"`:                                      "A",
			`meta.lastModified gt "2026-03-01T00:00:00Z"`:                   "D B C A",
			`meta.lastModified lt "2026-03-01T00:00:00Z"`:                   "",
			`meta.lastModified le "2026-03-02T08:00:00Z"`:                   "D B C A",
			`meta.lastModified lt "2026-03-02T08:00:00+00:00"`:              "",
			`meta.created ge "2026-03-02"`:                                  "D B C A",
			`schemas eq "` + enterprise + `"`:                               "D B C A",
			// What cannot be understood is never the whole list.
			`favourite eq "blue"`:                               "invalidFilter",
			`name.middleName eq "x"`:                            "invalidFilter",
			`urn:x:User:userName eq "x"`:                        "invalidFilter",
			`emails[favourite eq "x"]`:                          "invalidFilter",
			`userName[value eq "x"]`:                            "invalidFilter",
			`userName`:                                          "invalidFilter",
			`userName eq`:                                       "invalidFilter",
			`userName eq x`:                                     "invalidFilter",
			`userName eq "x`:                                    "invalidFilter",
			`userName like "x"`:                                 "invalidFilter",
			`userName eq "x" and`:                               "invalidFilter",
			`active gt true`:                                    "invalidFilter",
			`active eq "kanske"`:                                "invalidFilter",
			`userName eq true`:                                  "invalidFilter",
			`userName gt null`:                                  "invalidFilter",
			`meta.lastModified gt "igår"`:                       "invalidFilter",
			`userName eq "x"; DROP TABLE person`:                "invalidFilter",
			strings.Repeat("(", 50) + "title pr":                "invalidFilter",
			strings.Repeat("title pr or ", 59) + "title pr":     "invalidFilter",
			`title eq "` + strings.Repeat("x", 2000) + `"`:      "invalidFilter",
			`title pr` + strings.Repeat(` or title pr`, 28):     "C A",
			`((((((((((title pr))))))))))`:                      "C A",
			`userName eq "x' OR '1'='1"`:                        "",
			`name.givenName eq "Li ` + "\\\\" + `"Lo` + `"`:     "invalidFilter",
			`userName eq "bo@falun.example" or title eq "Ö"`:    "B",
			`userName eq "bo@falun.example" and active eq 1`:    "invalidFilter",
			`not (active eq true) or externalId eq "xA"`:        "D A",
			`not (userName eq "bo@falun.example")`:              "D C A",
			`not (meta.lastModified gt "2026-03-01") and id pr`: "",
		} {
			if got := w.found(filter); got != want {
				t.Errorf("%s finds %q, want %q", filter, got, want)
			}
		}
		if r := w.send("GET", `/Users?filter=userName eq "nobody"`, "").want(t, 200); r.at("totalResults") != "0" || r.at("itemsPerPage") != "0" {
			t.Error(r.text)
		}
		// Numbers that a file brought are known, too, and changes of names move lastModified.
		w.at = w.at.Add(24 * 3600e9)
		w.patch(id, `{"op":"replace","path":"title","value":"Chef"}`).want(t, 200)
		if got := w.found(`meta.lastModified gt "2026-03-02T23:00:00Z"`); got != "B" {
			t.Errorf("changed are %q", got)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			p := w.elsewhereID(w.send("GET", `/Users?filter=externalId%20eq%20%22xD%22`, "").at("Resources", 0, "id"))
			_, err := db.Exec(ctx, tx, `DELETE FROM scim_user WHERE person_id = $1`, p)
			return err
		}))
		if got := w.found(`userName eq "dan@falun.example" and externalId eq "xD"`); got != "D" {
			t.Errorf("who came by a file is %q", got)
		}
	})
}

func TestListsArePagedSortedAndCut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for n := range 7 {
			w.add(n)
		}
		for query, want := range map[string]string{
			"":                      "0 1 2 3 4 5 6",
			"count=3":               "0 1 2",
			"count=3&startIndex=3":  "2 3 4",
			"count=3&startIndex=7":  "6",
			"count=3&startIndex=8":  "",
			"startIndex=-5&count=2": "0 1",
			"count=-1":              "",
			"count=0":               "",
			"count=99999":           "0 1 2 3 4 5 6",
			"sortBy=userName&sortOrder=descending&count=2":        "6 5",
			"sortBy=name.familyName&sortOrder=DESCENDING&count=2": "6 5",
			"sortBy=externalId&startIndex=2&count=2":              "1 2",
			"sortBy=title":                                        "0 1 2 3 4 5 6",
			"filter=name.familyName+gt+%22Nr002%22&count=2":       "3 4",
			"filter=name.familyName+gt+%22Nr002%22&startIndex=3":  "5 6",
			"filter=active+eq+true&startIndex=6":                  "5 6",
			"filter=active+eq+true&sortBy=userName&startIndex=7":  "6",
			"filter=active+eq+true&sortOrder=descending&count=2":  "6 5",
			"aadOptscim062020=true&filter=externalId+eq+%22x3%22": "3",
			"filter=displayName+co+%22nr00%22&sortBy=id&count=1":  "0",
		} {
			r := w.send("GET", "/Users?"+query, "").want(t, 200)
			if got := w.who(r); got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
			if total := r.at("totalResults"); !strings.Contains(query, "filter") && total != "7" {
				t.Errorf("%s: %s in all", query, total)
			}
		}
		search := w.send("POST", "/Users/.search", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"name.familyName ge \"Nr005\"","attributes":["userName","externalId"],"startIndex":2,"count":5}`).want(t, 200)
		if w.who(search) != "6" || search.at("totalResults") != "2" || search.at("Resources", 0, "name") != "" {
			t.Error(search.text)
		}
		id := search.at("Resources", 0, "id")
		for query, want := range map[string]string{
			"attributes=userName":                                  "id schemas userName",
			"attributes=name.familyName,emails.value,favourite":    "emails id name schemas",
			"attributes=" + enterprise + ":department,USERNAME":    "id schemas userName",
			"excludedAttributes=meta,emails,id,schemas,name":       "active displayName externalId id schemas userName",
			"excludedAttributes=name.givenName,meta,emails,active": "displayName externalId id name schemas userName",
		} {
			r := w.send("GET", "/Users/"+id+"?"+query, "").want(t, 200)
			if got := keys(r.body); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		r := w.send("GET", "/Users/"+id+"?attributes=name.familyName,name.givenName,emails.value", "")
		if r.at("name") != "map[familyName:Nr006 givenName:Per]" || r.at("emails", 0) != "map[value:p6@falun.example]" {
			t.Error(r.text)
		}
		w.send("GET", "/Users?sortBy=favourite", "").refused(t, 400, "invalidPath")
		w.send("GET", "/Users?count=many", "").refused(t, 400, "invalidValue")
	})
}

func keys(m map[string]any) string {
	var all []string
	for _, name := range []string{"active", "displayName", "emails", "externalId", "groups", "id", "meta", "name", "schemas", "title", "userName"} {
		if _, ok := m[name]; ok {
			all = append(all, name)
		}
	}
	return strings.Join(all, " ")
}

func TestWhatTheServerCanIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.send("GET", "/ServiceProviderConfig", "").want(t, 200)
		if c.at("patch", "supported") != "true" || c.at("etag", "supported") != "true" || c.at("bulk", "maxOperations") != "100" {
			t.Error(c.text)
		}
		for path, n := range map[string]string{"/Schemas": "4", "/ResourceTypes": "2"} {
			if got := w.send("GET", path, "").want(t, 200).at("totalResults"); got != n {
				t.Errorf("%s has %s", path, got)
			}
			w.send("GET", path+"?filter=id+pr", "").refused(t, 403, "")
		}
		w.send("GET", "/Schemas/"+enterprise, "").want(t, 200)
		w.send("GET", "/ResourceTypes/User", "").want(t, 200)
		w.send("GET", "/ResourceTypes/Car", "").refused(t, 404, "")
		w.send("GET", "/Me", "").refused(t, 404, "")
		w.send("POST", "/Users", "{", "Content-Type", "application/json").refused(t, 400, "invalidSyntax")
		w.send("POST", "/Users", anna, "Content-Type", "text/plain").refused(t, 415, "")
		w.send("POST", "/Users", strings.Repeat("[", 13)+strings.Repeat("]", 13)).refused(t, 400, "invalidSyntax")
		w.send("POST", "/Users", `{"userName":"`+strings.Repeat("a", 1<<20)+`"}`).refused(t, 413, "")
		w.send("POST", "/Users", `{"userName":"a","USERNAME":"b","name":{"givenName":"A"}}`).refused(t, 400, "invalidSyntax")
		w.send("POST", "/Users", `{"userName":"a@falun.example"}`).refused(t, 400, "invalidValue")
		w.send("POST", "/Users", fmt.Sprintf(`{"userName":"a@falun.example","name":{"givenName":"%s"}}`, strings.Repeat("å", 101))).refused(t, 400, "invalidValue")
		w.send("POST", "/Users", fmt.Sprintf(`{"userName":"a@falun.example","title":"%s","name":{"givenName":"A"}}`, strings.Repeat("å", 101))).refused(t, 400, "invalidValue")
		w.send("POST", "/Users", fmt.Sprintf(`{"userName":"a@falun.example","title":"%s","name":{"givenName":"A"}}`, strings.Repeat("å", 100))).want(t, 201)
	})
}
