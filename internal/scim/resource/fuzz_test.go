package resource_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"yrkesresan/internal/scim/resource"
	"yrkesresan/internal/text/texttest"
)

var somebody = resource.Doc{
	"id": "7", "userName": "anna@falun.example", "active": true, "name": resource.Doc{"givenName": "Anna", "familyName": "Berg"},
	"emails": []any{resource.Doc{"value": "anna@falun.example", "type": "work", "primary": true}},
	"meta":   resource.Doc{"lastModified": "2026-03-02T08:00:00Z"}, resource.EnterpriseSchema: resource.Doc{"department": "Norr"},
}

// A filter is refused or answers of everybody, within bounds, and its opposite answers
// otherwise.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		`userName eq "anna@falun.example"`, `not (title pr) and (active eq true or emails[type eq "work" and value co "@"])`, `name.familyName gt "A\"\u00e5"`,
		`meta.lastModified le "2026-03-02"`, resource.EnterpriseSchema + `:department sw "n"`, `((((((((((id pr))))))))))`, `a[b[c[`, "\"", `emails.value ne null`, `id eq -1.5e3`, `x.y.z pr`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		texttest.Within(t, 2*time.Second, 64<<20, func() {
			c, err := resource.Users.ParseFilter(s)
			if err != nil {
				var p *resource.Problem
				if !errors.As(err, &p) || p.Status != 400 || p.Kind != resource.InvalidFilter {
					t.Errorf("%q is refused with %v", s, err)
				}
				return
			}
			fits := c.Fits(resource.Copied(somebody))
			if opposite, err := resource.Users.ParseFilter("not (" + s + ")"); err == nil && opposite.Fits(somebody) == fits {
				t.Errorf("%q and its opposite both say %t", s, fits)
			}
		})
	})
}

// A PATCH is refused or leaves a document, within bounds.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{
		`{"Operations":[{"op":"add","path":"emails[type eq \"work\"].value","value":"a@b.example"}]}`, `{"Operations":[{"op":"Replace","value":{"name.givenName":"A","active":"False"}}]}`,
		`{"Operations":[{"op":"remove","path":"emails[value eq \"x\"]"},{"op":"remove","path":"name"}]}`, `{"operations":[{"op":"add","path":"emails","value":[[]]}]}`,
		`{"Operations":[{"op":"replace","path":"` + resource.EnterpriseSchema + `","value":{"department":null}}]}`, `[[[[[[[[[[[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		texttest.Within(t, 2*time.Second, 64<<20, func() {
			d, err := resource.Parse(body)
			if err != nil {
				return
			}
			all, err := resource.Users.Changes(d)
			if err != nil {
				return
			}
			after := resource.Copied(somebody)
			if err := resource.Users.Apply(after, all); err != nil {
				return
			}
			if after["id"] != "7" {
				t.Errorf("%s changes who it is", body)
			}
			if _, err := json.Marshal(after); err != nil {
				t.Error(err)
			}
		})
	})
}
