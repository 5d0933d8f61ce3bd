package api_test

import (
	"fmt"
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/api"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
)

// Whose facts another system reads is in the audit with its key, as it is of who reads a page.
func TestWhatAnotherSystemReadsIsWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		key := w.token(access.Regional, dalarna)
		path := fmt.Sprintf("/api/v1/rounds/%d", w.round(dalarna, 2))
		for _, person := range w.staff {
			w.send("POST", path+"/enrolments", key, map[string]any{"person": person})
		}
		dayID, err := db.Row(ctx, d.Reader(), db.One[int64], `SELECT MIN(id) FROM course_day`)
		must(t, err)
		type entry struct {
			kind, page string
			subject    int64
		}
		written := func() (all []entry) {
			t.Helper()
			all, err := db.Rows(ctx, d.Reader(), func(e *entry) []any { return []any{&e.kind, &e.page, &e.subject} },
				`SELECT kind, page, subject_id FROM audit_entry WHERE act = 'read' AND token_id IS NOT NULL ORDER BY id`)
			must(t, err)
			return all
		}
		for _, c := range []struct {
			path, kind, page string
			people           []int64
		}{
			{"/api/v1/people?municipality=2080", "person", "GET /api/v1/people", w.staff},
			{path + "/enrolments", "seat", "GET /api/v1/rounds/{round}/enrolments", w.staff},
			{fmt.Sprintf("/api/v1/days/%d/attendance", dayID), "attendance", "GET /api/v1/days/{day}/attendance", w.staff[:2]}, // who has a seat
			{path, "", "", nil}, // a round without names
			{"/api/v1/rounds", "", "", nil},
		} {
			before := len(written())
			if a := w.send("GET", c.path, key, nil); a.status != 200 {
				t.Fatalf("%s: %d %s", c.path, a.status, a.body)
			}
			var people []int64
			for _, e := range written()[before:] {
				if e.kind != c.kind || e.page != c.page {
					t.Errorf("%s is written as %+v", c.path, e)
				}
				people = append(people, e.subject)
			}
			if !slices.Equal(people, c.people) {
				t.Errorf("%s: %v are written, want %v", c.path, people, c.people)
			}
		}
		before := len(written())
		w.send("GET", path+"/enrolments", w.token(access.Regional, 21), nil) // out of reach
		if n := len(written()) - before; n != 0 {
			t.Errorf("%d are written of what was refused", n)
		}
	})
}

// A key of the region reads no names of a municipality that lets the region see none.
func TestAKeyOfTheRegionReadsNoNamesThatTheRegionMayNotSee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		key := w.token(access.Regional, dalarna)
		people := func() (ids []int64) {
			t.Helper()
			for _, p := range into[[]api.Person](t, w.send("GET", "/api/v1/people", key, nil), 200) {
				ids = append(ids, p.ID)
			}
			return ids
		}
		if got := people(); !slices.Equal(got, append(slices.Clone(w.staff), w.trainer)) {
			t.Errorf("before: %v", got)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return affiliation.Say(ctx, tx, system, falun, affiliation.Names, false, clock.Period{From: today}, now)
		}))
		if got := people(); !slices.Equal(got, []int64{w.trainer}) {
			t.Errorf("when the municipality keeps its names: %v", got)
		}
	})
}
