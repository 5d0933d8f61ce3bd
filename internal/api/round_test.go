package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
)

const planJSON = `{
	"course": "kurs", "region": "dalarna", "label": "Våren", "capacity": 22, "minimum": 8,
	"signup_from": "2025-03-01", "signup_until": "2025-04-01", "decide_on": "2025-04-02",
	"days": [
		{"day": "2025-04-10", "starts": "09:00", "ends": "16:00", "place": "Sal Runn", "trainers": [{"person": %d, "role": "lead_trainer"}]},
		{"day": "2025-04-11", "starts": "09:00", "ends": "16:00"}
	]
}`

func TestARoundGoesFromPlanToCancellation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1)
		key := w.token(access.Regional, dalarna)
		made := w.send("POST", "/api/v1/rounds", key, fmt.Sprintf(planJSON, w.trainer))
		r := into[api.Round](t, made, 201)
		path := fmt.Sprintf("/api/v1/rounds/%d", r.ID)
		if made.header.Get("Location") != path || made.header.Get("ETag") != `"1"` {
			t.Errorf("headers of the made round: %v", made.header)
		}
		if r.Course != "kurs" || *r.Region != "dalarna" || r.Status != "planned" || r.Capacity != 22 || r.Enrolled != 0 || r.CourseDays != 2 ||
			r.FirstDay.String() != "2025-04-10" || r.DecideOn.String() != "2025-04-02" {
			t.Errorf("the made round is %+v", r)
		}
		days := into[[]api.Day](t, w.send("GET", path+"/days", key, nil), 200)
		if len(days) != 2 || days[0].Place != "Sal Runn" || days[0].Trainers[0].Person != w.trainer || len(days[1].Trainers) != 0 {
			t.Errorf("its days are %+v", days)
		}
		if one := into[api.Day](t, w.send("GET", fmt.Sprintf("/api/v1/days/%d", days[1].ID), key, nil), 200); one.Day.String() != "2025-04-11" || one.Round != r.ID {
			t.Errorf("its second day is %+v", one)
		}

		if r := into[api.Round](t, w.send("POST", path+"/publication", key, nil), 200); r.Status != "open" || r.PublishedAt == nil {
			t.Errorf("published it is %+v", r)
		}
		if got := wrong(t, w.send("POST", path+"/publication", key, nil)); got != "round.already_published" {
			t.Errorf("published twice: %s", got)
		}

		// Two who change the same round: the second is told.
		changed := w.send("PATCH", path, key, `{"capacity": 24, "label": " Va\u030aren\r\n\u202e", "note": "Ta med\r\ndator\u001b", "decide_on": null}`, "If-Match", `"1"`)
		if r := into[api.Round](t, changed, 200); r.Capacity != 24 || r.Note != "Ta med\ndator" || r.DecideOn != nil || r.Label != "Våren" || r.Version != 2 || changed.header.Get("ETag") != `"2"` {
			t.Errorf("changed it is %+v", r)
		}
		for _, each := range []struct {
			name, body, ifMatch string
			status              int
			want                string
		}{
			{"an old version in the header", `{"capacity": 30}`, `"1"`, 412, "round.changed_meanwhile"},
			{"an old version in the body", `{"capacity": 30, "version": 1}`, "", 409, "round.changed_meanwhile"},
			{"no version", `{"capacity": 30}`, "", 428, "api.version_missing"},
			{"a header that is no version", `{"capacity": 30}`, "latest", 412, "round.changed_meanwhile"},
			{"a capacity of nothing", `{"capacity": 0, "minimum": 0, "version": 2}`, "", 422, "fault.invalid body.capacity=round.capacity_wrong"},
			{"a day of another round", `{"version": 2, "days": [{"id": 99999, "day": "2025-04-10", "starts": "09:00", "ends": "10:00"}]}`, "", 422, "fault.invalid body.days=api.no_such_day"},
			{"no day left", `{"version": 2, "days": []}`, "", 422, "fault.invalid body.days=round.days_missing"},
		} {
			headers := []string{}
			if each.ifMatch != "" {
				headers = []string{"If-Match", each.ifMatch}
			}
			a := w.send("PATCH", path, key, each.body, headers...)
			if got := wrong(t, a); a.status != each.status || got != each.want {
				t.Errorf("%s: %d %s, want %d %s", each.name, a.status, got, each.status, each.want)
			}
		}
		body := fmt.Sprintf(`{"days": [{"id": %d, "day": "2025-04-12", "starts": "10:00", "ends": "16:00"}, {"day": "2025-04-13", "starts": "09:00", "ends": "12:00"}]}`, days[0].ID)
		if r := into[api.Round](t, w.send("PATCH", path, key, body, "If-Match", "*"), 200); r.LastDay.String() != "2025-04-13" || r.Version != 3 || r.Capacity != 24 {
			t.Errorf("with other days it is %+v", r)
		}
		if after := into[[]api.Day](t, w.send("GET", path+"/days", key, nil), 200); len(after) != 2 || after[0].ID != days[0].ID || after[1].Day.String() != "2025-04-13" {
			t.Errorf("its days are %+v", after)
		}

		if r := into[api.Round](t, w.send("POST", path+"/confirmation", key, nil), 200); r.Status != "confirmed" {
			t.Errorf("confirmed it is %+v", r)
		}
		if got := wrong(t, w.send("POST", path+"/cancellation", key, `{"reason": " "}`)); got != "fault.invalid body.reason=round.reason_missing" {
			t.Errorf("cancelled without a reason: %s", got)
		}
		if r := into[api.Round](t, w.send("POST", path+"/cancellation", key, `{"reason": "För få"}`), 200); r.Status != "cancelled" || r.CancelReason != "För få" {
			t.Errorf("cancelled it is %+v", r)
		}
	})
}

func TestAShortPlanIsFilledInAsThePagesDo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1)
		a := w.send("POST", "/api/v1/rounds", w.token(access.Regional, dalarna),
			`{"course": "kurs", "region": "dalarna", "capacity": 22, "days": [{"day": "2025-09-10", "starts": "09:00", "ends": "16:00"}]}`)
		if a.status != 201 || !strings.Contains(string(a.body), `"label":"hösten 2025"`) || !strings.Contains(string(a.body), `"signup_until":"2025-08-20"`) {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}

func TestARefusedPlanSaysWhatIsWrongAndLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1)
		key := w.token(access.Regional, dalarna)
		good := fmt.Sprintf(planJSON, w.trainer)
		for _, each := range []struct {
			name, old, new string
			status         int
			want           string
		}{
			{"not JSON", `{`, `{{`, 400, "api.unreadable body=api.wrong_json"},
			{"not an object", good, `[]`, 422, "fault.invalid body=api.want_object"},
			{"null", good, `null`, 422, "fault.invalid body=api.want_object"},
			{"not UTF-8", `Våren`, "V\xe5ren", 400, "api.unreadable body=api.wrong_json"},
			{"the character NUL", `Våren`, `V\u0000`, 400, "api.unreadable body=api.wrong_text"},
			{"an unknown field", `"label"`, `"colour": "blue", "label"`, 422, "fault.invalid body.colour=api.unknown_field"},
			{"a missing field", `"course": "kurs",`, ``, 422, "fault.invalid body=api.missing"},
			{"a word for a number", `"capacity": 22`, `"capacity": "22"`, 422, "fault.invalid body.capacity=api.want_number"},
			{"half a seat", `"capacity": 22`, `"capacity": 2.5`, 422, "fault.invalid body.capacity=api.want_number"},
			{"a number beyond all numbers", `"capacity": 22`, `"capacity": 1e400`, 400, "api.unreadable body=api.wrong_json"},
			{"more seats than an integer holds", `"capacity": 22`, `"capacity": 1e30`, 422, "fault.invalid body=api.wrong_json"},
			{"seats below zero", `"capacity": 22`, `"capacity": -1`, 422, "fault.invalid body.capacity=round.capacity_wrong body.minimum=round.minimum_wrong"},
			{"a day that is none", `"2025-04-11"`, `"2025-02-30"`, 422, "fault.invalid body.days[1].day=fault.day"},
			{"a moment for a day", `"2025-04-11"`, `"2025-04-11T09:00:00Z"`, 422, "fault.invalid body.days[1].day=fault.day"},
			{"a day long ago", `"2025-04-11"`, `"0000-01-01"`, 422, "fault.invalid body.days[1].day=fault.day"},
			{"days backwards", `"2025-04-11"`, `"2025-04-09"`, 422, "fault.invalid body.days[1].day=round.days_backwards"},
			{"a time that is none", `"starts": "09:00", "ends": "16:00"}`, `"starts": "9", "ends": "24:00"}`, 422,
				"fault.invalid body.days[1].starts=round.time_wrong body.days[1].ends=round.time_wrong"},
			{"sign-up backwards", `"signup_until": "2025-04-01"`, `"signup_until": "2025-02-01"`, 422, "fault.invalid body.signup_until=round.signup_backwards"},
			{"an unknown course", `"kurs"`, `"rymdfart"`, 422, "fault.invalid body.course=api.no_such_course"},
			{"an unknown region", `"dalarna"`, `"mars"`, 422, "fault.invalid body.region=api.no_such_region"},
			{"a region with a character NUL", `"dalarna"`, `"dala\u0000"`, 400, "api.unreadable body=api.wrong_text"},
			{"another's region", `"dalarna"`, `"uppsala"`, 404, "api.not_found"},
			{"the nation", `"dalarna"`, `null`, 404, "api.not_found"},
			{"an unknown trainer", fmt.Sprintf(`"person": %d`, w.trainer), `"person": 99999`, 422, "fault.invalid body.days=api.no_such_trainer"},
			{"an unknown role", `"lead_trainer"`, `"boss"`, 422, "fault.invalid body.days[0].trainers[0].role=api.want_one_of"},
			{"an unknown room", `"place": "Sal Runn"`, `"room": 99999`, 422, "fault.invalid body.days[0].room=round.room_unknown"},
			{"a huge body", `"Våren"`, `"` + strings.Repeat("v", 300<<10) + `"`, 413, "api.too_large"},
		} {
			body := strings.Replace(good, each.old, each.new, 1)
			if body == good {
				t.Fatalf("%s: changes nothing", each.name)
			}
			a := w.send("POST", "/api/v1/rounds", key, body)
			if got := wrong(t, a); a.status != each.status || got != each.want {
				t.Errorf("%s: %d %s, want %d %s", each.name, a.status, got, each.status, each.want)
			}
		}
		if a := w.send("POST", "/api/v1/rounds", key, good, "Content-Type", "text/csv"); a.status != 415 || wrong(t, a) != "api.not_json" {
			t.Errorf("another kind of body: %d %s", a.status, a.body)
		}
		if a := w.send("POST", "/api/v1/rounds", key, nil); a.status != 400 || wrong(t, a) != "api.unreadable" {
			t.Errorf("no body: %d %s", a.status, a.body)
		}
		if n := into[[]api.Round](t, w.send("GET", "/api/v1/rounds", key, nil), 200); len(n) != 0 {
			t.Errorf("a refused plan was saved: %+v", n)
		}
		english := w.send("POST", "/api/v1/rounds", key, `[]`, "Accept-Language", "en-GB, sv;q=0.5")
		if p := into[api.Problem](t, english, 422); p.Errors[0].Detail != "Give an object." {
			t.Errorf("in English: %+v", p)
		}
	})
}

func TestTheListIsFilteredAndPaged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		key := w.token(access.Regional, dalarna)
		for range 3 {
			w.round(dalarna, 5)
		}
		w.round(uppsala, 5)
		list := func(query string) []api.Round {
			return into[[]api.Round](t, w.send("GET", "/api/v1/rounds"+query, key, nil), 200)
		}
		for _, each := range []struct {
			query string
			want  int
		}{
			{"", 3},
			{"?region=dalarna", 3},
			{"?region=uppsala", 0},
			{"?region=national", 0},
			{"?region=dalarna&year=2025&course=kurs&status=confirmed", 0},
			{"?year=2025&course=kurs&status=open", 3},
			{"?year=2024", 0},
			{"?page=2&limit=2", 1},
			{"?page=3&limit=2", 0},
		} {
			if got := list(each.query); len(got) != each.want {
				t.Errorf("%s: %d rounds, want %d", each.query, len(got), each.want)
			}
		}
		// What others rely on: these names.
		var raw []map[string]any
		must(t, json.Unmarshal(w.send("GET", "/api/v1/rounds?region=dalarna", key, nil).body, &raw))
		for _, name := range []string{"id", "course", "capacity", "enrolled", "waiting", "status"} {
			if _, ok := raw[0][name]; !ok {
				t.Errorf("a round in the list lacks %s", name)
			}
		}
		a := w.send("GET", "/api/v1/rounds?page=2&limit=1&year=2025", key, nil)
		want := `</api/v1/rounds?limit=1&page=1&year=2025>; rel="prev", </api/v1/rounds?limit=1&page=3&year=2025>; rel="next"`
		if a.header.Get("Total-Count") != "3" || a.header.Get("Link") != want {
			t.Errorf("headers of a page: %v", a.header)
		}
		for query, want := range map[string]string{
			"?region=mars":    "fault.invalid query.region=api.no_such_region",
			"?region=%00":     "fault.invalid query.region=api.wrong_text",
			"?course=nej":     "fault.invalid query.course=api.no_such_course",
			"?year=lol":       "fault.invalid query.year=api.want_number",
			"?status=lost":    "fault.invalid query.status=api.want_one_of",
			"?page=0":         "fault.invalid query.page=api.at_least",
			"?limit=100000":   "fault.invalid query.limit=api.at_most",
			"?colour=blue":    "fault.invalid query.colour=api.unknown_parameter",
			"?page=999999999": "fault.invalid query.page=api.at_most",
		} {
			if a := w.send("GET", "/api/v1/rounds"+query, key, nil); a.status != 422 || wrong(t, a) != want {
				t.Errorf("%s: %d %s, want %s", query, a.status, a.body, want)
			}
		}
	})
}

func TestWhatIsNotThereIsAProblemToo(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, dbtest.SQLite(t)), 1)
	key := w.token(access.Regional, dalarna)
	for _, each := range []struct {
		method, path, token string
		status              int
		want                string
	}{
		{"GET", "/api/v1/rounds", "", 401, "api.token_missing"},
		{"GET", "/api/v1/rounds", "yrk_guess", 401, "api.token_wrong"},
		{"GET", "/api/v1/rounds", "guess", 401, "api.token_wrong"},
		{"POST", "/api/v1/rounds", "", 401, "api.token_missing"},
		{"GET", "/api/v1/rounds/1", key, 404, "api.not_found"},
		{"GET", "/api/v1/rounds/-1", key, 404, "api.not_found"},
		{"GET", "/api/v1/rounds/abc", key, 404, "api.not_found"},
		{"GET", "/api/v1/rounds/99999999999999999999", key, 404, "api.not_found"},
		{"GET", "/api/v1/days/1/attendance", key, 404, "api.not_found"},
		{"DELETE", "/api/v1/enrolments/1", key, 404, "api.not_found"},
		{"DELETE", "/api/v1/queue/1", key, 404, "api.not_found"},
		{"GET", "/api/v1/people?municipality=9999", key, 422, "fault.invalid query.municipality=api.no_such_municipality"},
		{"GET", "/api/v1/people?municipality=0360", key, 404, "api.not_found"},
		{"GET", "/api/v1/planets", key, 404, "api.no_such_address"},
		{"GET", "/api/v1/", "", 404, "api.no_such_address"},
		{"DELETE", "/api/v1/rounds", key, 405, "api.no_such_method"},
		{"OPTIONS", "/api/v1/rounds", key, 405, "api.no_such_method"},
	} {
		a := w.send(each.method, each.path, each.token, nil)
		if got := wrong(t, a); a.status != each.status || got != each.want {
			t.Errorf("%s %s: %d %s, want %d %s", each.method, each.path, a.status, got, each.status, each.want)
		}
		if a.status == http.StatusUnauthorized && !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer ") {
			t.Errorf("%s does not say how to be let in", each.path)
		}
		if a.header.Get("Access-Control-Allow-Origin") != "" || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s lets other sites in, or sets a cookie", each.path)
		}
	}
	if allow := w.send("DELETE", "/api/v1/rounds", key, nil).header.Get("Allow"); allow != "GET, HEAD, POST" {
		t.Errorf("allowed: %s", allow)
	}
	// An operator reads people, but is nobody who plans rounds.
	if got := wrong(t, w.send("POST", "/api/v1/rounds", w.token(access.Operator, organisation.NationID), fmt.Sprintf(planJSON, w.trainer))); got != "api.forbidden" {
		t.Errorf("an operator plans: %s", got)
	}
}

// The largest body is read, and one byte more is not.
func TestABodyHasASize(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, dbtest.SQLite(t)), 1)
	key := w.token(access.Regional, dalarna)
	for size, want := range map[int]int{256 << 10: http.StatusUnprocessableEntity, 256<<10 + 1: http.StatusRequestEntityTooLarge} {
		body := `{"reason":"` + strings.Repeat("a", size-len(`{"reason":""}`)) + `"}`
		if a := w.send("POST", "/api/v1/rounds", key, body); a.status != want {
			t.Errorf("%d bytes: %d %s", size, a.status, a.body[:min(len(a.body), 200)])
		}
	}
}

func FuzzNoBodyIsTroubleOfOurs(f *testing.F) {
	w := newWorld(f, dbtest.Open(f, dbtest.SQLite(f)), 1)
	key := w.token(access.Regional, dalarna)
	f.Add(fmt.Sprintf(planJSON, w.trainer))
	for _, seed := range []string{`{}`, `{"days":[{}]}`, `{"capacity":1e99}`, `{"region":{}}`, `{"days":[{"trainers":[null]}]}`, `{"decide_on":null}`, `"\ud800"`} {
		f.Add(seed)
	}
	f.Add(fmt.Sprintf(`{"marks": [{"person": %d, "mark": "present", "reason": "x"}], "trainers": [{"person": %d, "present": true}], "why": "y"}`, w.staff[0], w.trainer))
	f.Add(fmt.Sprintf(`{"person": %d}`, w.staff[0]))
	f.Add(`{"reason": "För få"}`)
	id := w.round(dalarna, 5)
	f.Fuzz(func(t *testing.T, body string) {
		w := &world{TB: t, url: w.url}
		for _, each := range []struct{ method, path string }{
			{"POST", "/rounds"}, {"PATCH", fmt.Sprintf("/rounds/%d", id)}, {"POST", fmt.Sprintf("/rounds/%d/enrolments", id)},
			{"PUT", "/days/1/attendance"}, {"POST", fmt.Sprintf("/rounds/%d/cancellation", id)},
		} {
			if a := w.send(each.method, "/api/v1"+each.path, key, body, "If-Match", "*"); a.status >= 500 {
				t.Errorf("%s %s: %d %s", each.method, each.path, a.status, a.body)
			}
		}
	})
}

func TestTheHistoryNamesTheKeyThatActed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1)
		made := w.send("POST", "/api/v1/rounds", w.token(access.Regional, dalarna), fmt.Sprintf(planJSON, w.trainer))
		r := into[api.Round](t, made, 201)
		must(t, d.Write(ctx, func(tx *db.Tx) error { return planning.Publish(ctx, tx, system, r.ID, now) }))
		events, err := round.History(ctx, d.Reader(), system, r.ID)
		must(t, err)
		if len(events) < 2 || events[0].Token != "" {
			t.Fatalf("the history is %+v", events)
		}
		for _, e := range events[1:] {
			if e.Token != "Test" || e.By != "" {
				t.Errorf("%s was done by %q with the key %q", e.Kind, e.By, e.Token)
			}
		}
	})
}

func TestAMunicipalityPlansItsOwnOccasionByItsKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		faluns := w.token(access.MunicipalAdmin, falun)
		day := (today + 20).String()
		plan := func(municipality string, people string) string {
			return fmt.Sprintf(`{"course":"kurs","region":null,"municipality":%q,"capacity":15,"people":[%s],"days":[{"day":%q,"starts":"13:00","ends":"15:00","place":"Köket"}]}`, municipality, people, day)
		}
		staff := fmt.Sprintf("%d,%d", w.staff[0], w.staff[1])
		got := into[api.Round](t, w.send("POST", api.Prefix+"/rounds", faluns, plan("falun", staff)), http.StatusCreated)
		if got.Municipality == nil || *got.Municipality != "falun" || got.Enrolled != 2 || got.Delivery != "municipal" || got.PublishedAt == nil || got.Label != "Falun" {
			t.Errorf("planned %+v", got)
		}
		for name, c := range map[string]struct {
			body string
			want int
		}{
			"another municipality":    {plan("borlange", ""), http.StatusNotFound},
			"none at all":             {plan("ingenstans", ""), http.StatusUnprocessableEntity},
			"somebody from elsewhere": {plan("falun", fmt.Sprint(w.away)), http.StatusUnprocessableEntity},
		} {
			if a := w.send("POST", api.Prefix+"/rounds", faluns, c.body); a.status != c.want {
				t.Errorf("%s gives %d: %s", name, a.status, a.body)
			}
		}
		for query, want := range map[string]int{"": 0, "?given=local": 1} {
			if all := into[[]api.Round](t, w.send("GET", api.Prefix+"/rounds"+query, faluns, nil), http.StatusOK); len(all) != want {
				t.Errorf("the list%s has %d", query, len(all))
			}
		}
	})
}
