package demo

import (
	"fmt"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
)

// before is what Dalarna did before it had the product: two rounds of a course in 2022 with some
// municipalities' sums, and what was answered. All of it is invented.
func before(w *world.World) error {
	courses, err := db.Rows(w.Ctx, w.Tx, db.One[int64], `SELECT id FROM course WHERE slug = 'handlaggning-med-barnet-i-centrum'`)
	if err != nil || len(courses) == 0 {
		return err
	}
	region, course, at := w.Regions[world.Dalarna], courses[0], (w.Today-390).At(14, 0)
	file := func(kind, name string, rows int) (int64, error) {
		return db.Row(w.Ctx, w.Tx, db.One[int64], `
			INSERT INTO history_import (region_id, kind, file_name, state, made_at, made_by, read_rows, added, unchanged, rejected, applied_at, applied_by)
			VALUES ($1, $2, $3, 'applied', $4, $5, $6, $6, 0, 0, $4, $5)
			RETURNING id`, region, kind, name, at, w.Regional[world.Dalarna].PersonID, rows)
	}
	type held struct {
		label, municipality    string
		day                    clock.Day
		participants, attended int
	}
	days := []held{
		{"Pilot 1", "falun", clock.Date(2022, 10, 4), 8, 8},
		{"Pilot 1", "borlange", clock.Date(2022, 10, 4), 7, 6},
		{"Pilot 1", "falun", clock.Date(2022, 10, 5), 8, 7},
		{"Pilot 1", "borlange", clock.Date(2022, 10, 5), 7, 7},
		{"Pilot 2", "mora", clock.Date(2022, 11, 15), 6, 6},
		{"Pilot 2", "ludvika", clock.Date(2022, 11, 15), 9, 8},
	}
	i, err := file("rounds", "kursdagar-2022.csv", len(days))
	if err != nil {
		return err
	}
	var facts, lines [][]any
	for n, d := range days {
		m, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT id FROM organisation WHERE kind = 'municipality' AND slug = $1`, d.municipality)
		if err != nil {
			return err
		}
		facts = append(facts, []any{i, region, course, d.label, d.day, "Falun", m, d.participants, d.attended})
		lines = append(lines, []any{i, n + 2, "add", fmt.Sprintf(`{"course_id":%d,"day":%q,"round":%q,"place":"Falun","municipality_id":%d,"participants":%d,"attended":%d}`,
			course, d.day.String(), d.label, m, d.participants, d.attended)})
	}
	if err := db.Insert(w.Ctx, w.Tx, "history_day", []string{"import_id", "region_id", "course_id", "label", "day", "place", "municipality_id", "participants", "attended"}, facts); err != nil {
		return err
	}
	answers := []struct {
		answer string
		n      int
	}{{"Mycket nöjd", 16}, {"Ganska nöjd", 9}, {"Varken eller", 2}}
	if i, err = file("evaluations", "utvarderingar-2022.csv", len(answers)); err != nil {
		return err
	}
	facts = nil
	for n, a := range answers {
		facts = append(facts, []any{i, region, course, 2022, "Hur nöjd är du med kursen?", a.answer, a.n, n + 2})
		lines = append(lines, []any{i, n + 2, "add", fmt.Sprintf(`{"course_id":%d,"year":2022,"question":"Hur nöjd är du med kursen?","answer":%q,"answers":%d}`, course, a.answer, a.n)})
	}
	if err := db.Insert(w.Ctx, w.Tx, "history_answer", []string{"import_id", "region_id", "course_id", "year", "question", "answer", "answers", "ordinal"}, facts); err != nil {
		return err
	}
	return db.Insert(w.Ctx, w.Tx, "history_row", []string{"import_id", "line", "act", "cells"}, lines)
}
