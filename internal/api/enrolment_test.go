package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/organisation"
)

func TestSomebodyIsSignedUpWaitsAndMovesUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 4)
		key := w.token(access.Regional, dalarna)
		path := fmt.Sprintf("/api/v1/rounds/%d", w.round(dalarna, 2))
		signUp := func(person int64) answer {
			return w.send("POST", path+"/enrolments", key, map[string]any{"person": person})
		}
		// What others rely on: the words and the place in the queue.
		var raw []map[string]any
		for _, p := range w.staff {
			raw = append(raw, into[map[string]any](t, signUp(p), 201))
		}
		for i, want := range []string{`"enrolled" null`, `"enrolled" null`, `"waiting" 1`, `"waiting" 2`} {
			status, _ := json.Marshal(raw[i]["status"])
			position, _ := json.Marshal(raw[i]["position"])
			if got := string(status) + " " + string(position); got != want {
				t.Errorf("number %d: %s, want %s", i+1, got, want)
			}
		}
		for person, want := range map[int64]string{w.staff[0]: "round.already_enrolled", w.staff[3]: "round.already_waiting"} {
			if a := signUp(person); a.status != 409 || wrong(t, a) != want {
				t.Errorf("signed up again: %d %s, want %s", a.status, a.body, want)
			}
		}
		for _, person := range []int64{w.away, 99999} {
			if a := signUp(person); a.status != 422 || wrong(t, a) != "fault.invalid body.person=api.no_such_person" {
				t.Errorf("somebody out of reach: %d %s", a.status, a.body)
			}
		}
		for body, want := range map[string]string{
			`{}`:                     "fault.invalid body=api.missing",
			`{"person": "7"}`:        "fault.invalid body.person=api.want_number",
			`{"person": -7}`:         "fault.invalid body.person=api.at_least",
			`{"person": 7.5}`:        "fault.invalid body.person=api.want_number",
			`{"person": null}`:       "fault.invalid body.person=api.want_number",
			`{"person": 1, "x": {}}`: "fault.invalid body.x=api.unknown_field",
		} {
			if a := w.send("POST", path+"/enrolments", key, body); wrong(t, a) != want || a.status != 422 {
				t.Errorf("%s: %d %s, want %s", body, a.status, a.body, want)
			}
		}
		if a := w.send("POST", "/api/v1/rounds/99999/enrolments", key, `{"person": 1}`); a.status != 404 {
			t.Errorf("a round that is none: %d", a.status)
		}

		list := into[[]api.Enrolment](t, w.send("GET", path+"/enrolments", key, nil), 200)
		if len(list) != 4 || list[0].Status != "enrolled" || *list[2].Position != 1 || list[2].ID != nil || list[3].Person != w.staff[3] {
			t.Fatalf("the list is %+v", list)
		}
		seat := fmt.Sprintf("/api/v1/enrolments/%.0f", raw[0]["enrolment"])
		if a := w.send("DELETE", seat, key, nil); a.status != 204 || len(a.body) != 0 {
			t.Fatalf("withdrawn: %d %s", a.status, a.body)
		}
		if a := w.send("DELETE", seat, key, nil); a.status != 409 || wrong(t, a) != "round.already_withdrawn" {
			t.Errorf("withdrawn twice: %d %s", a.status, a.body)
		}
		last := fmt.Sprintf("/api/v1/queue/%.0f", raw[3]["queue"])
		if a := w.send("DELETE", last, key, nil); a.status != 204 {
			t.Errorf("left the queue: %d %s", a.status, a.body)
		}
		if a := w.send("DELETE", last, key, nil); a.status != 409 {
			t.Errorf("left the queue twice: %d %s", a.status, a.body)
		}
	})
}

func TestFiveHundredAtOnceTakeTwentyTwoSeats(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 500)
		key := w.token(access.Regional, dalarna)
		id := w.round(dalarna, 22)
		path := fmt.Sprintf("/api/v1/rounds/%d", id)

		answers := make([]answer, len(w.staff))
		var all sync.WaitGroup
		for i, p := range w.staff {
			all.Go(func() { answers[i] = w.send("POST", path+"/enrolments", key, map[string]any{"person": p}) })
		}
		all.Wait()

		enrolled := 0
		at := map[int]int64{} // position → entry
		for _, a := range answers {
			switch o := into[api.SignedUp](t, a, 201); o.Status {
			case "enrolled":
				enrolled++
			case "waiting":
				at[*o.Position] = *o.Queue
			default:
				t.Errorf("%+v", o)
			}
		}
		if enrolled != 22 || len(at) != 478 {
			t.Fatalf("%d have a seat and %d a place of their own in the queue", enrolled, len(at))
		}
		// Entries are numbered as they are made, each while the round is locked:
		// that is the order in which they were committed.
		for position := 2; position <= 478; position++ {
			if at[position] <= at[position-1] {
				t.Errorf("position %d is entry %d, the one before it %d", position, at[position], at[position-1])
			}
		}
		r := into[api.Round](t, w.send("GET", path, key, nil), 200)
		if r.Enrolled != 22 || r.Waiting != 478 {
			t.Errorf("the round counts %d and %d", r.Enrolled, r.Waiting)
		}
	})
}

func TestPeopleAreListedWhereTheTokenReaches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 5)
		key := w.token(access.Regional, dalarna)
		list := func(key, query string) (ids []int64) {
			t.Helper()
			for _, p := range into[[]api.Person](t, w.send("GET", "/api/v1/people"+query, key, nil), 200) {
				ids = append(ids, p.ID)
			}
			return ids
		}
		for _, query := range []string{"?municipality=2080&limit=500", "?municipality=falun"} {
			if got := list(key, query); !slices.Equal(got, w.staff) {
				t.Errorf("%s: %v, want %v", query, got, w.staff)
			}
		}
		if got := list(key, "?municipality=2080&limit=2&page=3"); !slices.Equal(got, w.staff[4:]) {
			t.Errorf("the last page: %v", got)
		}
		if got := list(key, "?municipality=2080&limit=2&page=4"); len(got) != 0 {
			t.Errorf("after the last page: %v", got)
		}
		if got := list(key, ""); !slices.Equal(got, append(slices.Clone(w.staff), w.trainer)) {
			t.Errorf("the region: %v", got)
		}
		if got := list(w.token(access.MunicipalAdmin, falun), ""); !slices.Equal(got, w.staff) {
			t.Errorf("the municipality: %v", got)
		}
		for _, key := range []string{w.token(access.Steering, dalarna), w.token(access.Producer, organisation.NationID)} {
			if a := w.send("GET", "/api/v1/people", key, nil); a.status != 403 {
				t.Errorf("without an office over people: %d %s", a.status, a.body)
			}
		}
	})
}
