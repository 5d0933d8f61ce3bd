package scim_test

import (
	"fmt"
	"strconv"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/merging"
)

// A personnel system that has somebody twice finds who remains by either identity and either
// number. What it says of the one that is gone ends nobody's employment.
func TestWhoIsMergedIsFoundByEitherNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first, second := w.add(1), w.add(2)
		other := w.add(3)
		number := func(id string) (n int64) {
			n, _ = strconv.ParseInt(id, 10, 64)
			return n
		}
		wish := merging.Wish{Kept: number(first), Gone: number(second)}
		must(t, merging.Merge(ctx, d, access.System(), wish, letter.Site{}, w.at))
		for _, filter := range []string{`externalId eq "x1"`, `externalId eq "x2"`, `userName eq "p1@falun.example"`, `id eq "` + second + `"`, `id eq "` + first + `"`} {
			if r := w.send("GET", "/Users?filter="+filter, "").want(t, 200); r.at("totalResults") != "1" || r.at("Resources", 0, "id") != first {
				t.Errorf("%s finds %s", filter, r.text)
			}
		}
		if r := w.send("GET", `/Users?filter=externalId eq "x3"`, "").want(t, 200); r.at("Resources", 0, "id") != other {
			t.Errorf("another is %s", r.text)
		}
		if r := w.send("GET", "/Users/"+second, "").want(t, 200); r.at("id") != first || r.at("active") != "true" {
			t.Errorf("the old identity leads to %s", r.text)
		}
		w.send("POST", "/Users", `{"userName":"n9@example.org","externalId":"x2","name":{"givenName":"A","familyName":"B"}}`).refused(t, 409, "uniqueness")
		w.patch(second, `{"op":"replace","path":"active","value":false}`).want(t, 409)
		w.send("DELETE", "/Users/"+second, "").want(t, 204)
		w.send("DELETE", "/Users/"+second, "").want(t, 404)
		w.send("GET", "/Users/"+second, "").want(t, 404)
		if r := w.send("GET", "/Users/"+first, "").want(t, 200); r.at("active") != "true" {
			t.Errorf("who remains: %s", r.text)
		}
		must(t, merging.Split(ctx, d, access.System(), number(first), letter.Site{}, w.at))
		if r := w.send("GET", `/Users?filter=externalId eq "x1"`, "").want(t, 200); r.at("Resources", 0, "id") != first {
			t.Errorf("after the split %s", fmt.Sprint(r.text))
		}
	})
}
