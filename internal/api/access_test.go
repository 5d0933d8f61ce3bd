package api_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/seat"
)

// Who may do what is written by hand in testdata/access.txt, for people to
// read. This test tries every operation with every token; an operation without
// its lines fails.
func TestEveryOperationAnswersEveryTokenAsExpected(t *testing.T) {
	lines := map[string]bool{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		unit := w.unit()
		tokens := map[string]string{
			"none":     "",
			"regional": w.token(access.Regional, dalarna), "steering": w.token(access.Steering, dalarna),
			"mun_admin": w.token(access.MunicipalAdmin, falun), "district": w.token(access.DistrictAdmin, w.district(unit)), "manager": w.token(access.Manager, unit),
			"producer": w.token(access.Producer, organisation.NationID), "national": w.token(access.National, organisation.NationID),
			"reader": w.token(access.NationalReader, organisation.NationID), "operator": w.token(access.Operator, organisation.NationID),
		}
		places := map[string]*strings.Replacer{"-": strings.NewReplacer("+", "")}
		for where, region := range map[string]int64{"own": dalarna, "neighbour": uppsala, "national": 0} {
			places[where] = w.started(region)
		}
		text, err := os.ReadFile("testdata/access.txt")
		must(t, err)
		var columns []string
		for n, line := range strings.Split(string(text), "\n") {
			words := strings.Fields(line)
			switch {
			case len(words) == 0 || words[0] == "#":
				continue
			case words[0] == "METHOD":
				columns = words[3:]
				if len(columns) != len(tokens) {
					t.Fatalf("line %d: %d tokens, want %d", n+1, len(columns), len(tokens))
				}
				continue
			case len(words) != 3+len(columns):
				t.Fatalf("line %d has %d words", n+1, len(words))
			}
			method, path, where := words[0], words[1], words[2]
			lines[method+" /api/v1"+strings.TrimSuffix(path, "+")+" "+where] = true
			for i, column := range columns {
				want, err := strconv.Atoi(words[3+i])
				must(t, err)
				var body any
				if method != "GET" && method != "DELETE" {
					body = map[string]any{}
				}
				if strings.HasSuffix(path, "+") {
					body = map[string]any{
						"cancellation": map[string]any{"reason": ""}, "enrolments": map[string]any{"person": w.staff[0]}, "attendance": map[string]any{"marks": []any{}},
					}[strings.TrimSuffix(path[strings.LastIndex(path, "/")+1:], "+")]
				}
				a := w.send(method, "/api/v1"+places[where].Replace(path), tokens[column], body)
				if a.status != want {
					t.Errorf("line %d: %s %s, %s, as %s: %d, want %d: %s", n+1, method, path, where, column, a.status, want, a.body)
				}
			}
		}
	})
	w := newWorld(t, dbtest.Open(t, dbtest.SQLite(t)), 0)
	for path, item := range specified(t, w).Paths.Map() {
		for method := range item.Operations() {
			wheres := []string{"-"}
			if strings.Contains(path, "{") {
				wheres = []string{"own", "neighbour", "national"}
			}
			for _, where := range wheres {
				if !lines[method+" "+path+" "+where] {
					t.Errorf("%s %s, %s, has no line in testdata/access.txt", method, path, where)
				}
			}
		}
	}
}

// unit is a unit of Falun in which everybody of the staff works.
func (w *world) unit() (id int64) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		if id, err = organisation.AddUnit(ctx, tx, system, falun, "Enheten"); err != nil {
			return err
		}
		for _, p := range w.staff {
			if err := people.Employ(ctx, tx, system, p, id, today-100, ""); err != nil {
				return err
			}
		}
		return nil
	}))
	return id
}

// district is one of Falun that the unit belongs to.
func (w *world) district(unit int64) (id int64) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		if id, err = organisation.AddDistrict(ctx, tx, system, falun, "Stadsdelen", now); err != nil {
			return err
		}
		return organisation.SetDistrict(ctx, tx, system, unit, id, today-50, now)
	}))
	return id
}

// started is a confirmed round of the region, in which the first of the staff
// has a seat, the second has given one back and the third has left the queue.
func (w *world) started(regionID int64) *strings.Replacer {
	w.Helper()
	id := w.round(regionID, 1)
	var enrolment, entry int64
	must(w, w.d.Write(ctx, func(tx *db.Tx) error {
		gone, err := seat.SignUp(ctx, tx, system, id, w.staff[1], now)
		if err != nil {
			return err
		}
		enrolment = gone.EnrolmentID
		if err := seat.Withdraw(ctx, tx, system, enrolment, now); err != nil {
			return err
		}
		if _, err := seat.SignUp(ctx, tx, system, id, w.staff[0], now); err != nil {
			return err
		}
		left, err := seat.SignUp(ctx, tx, system, id, w.staff[2], now)
		if err != nil {
			return err
		}
		entry = left.EntryID
		if err := seat.Decline(ctx, tx, system, entry, now); err != nil {
			return err
		}
		return planning.Confirm(ctx, tx, system, id, now)
	}))
	day, err := db.Row(ctx, w.d.Reader(), db.One[int64], `SELECT MIN(id) FROM course_day WHERE round_id = $1`, id)
	must(w, err)
	return strings.NewReplacer("{round}", fmt.Sprint(id), "{day}", fmt.Sprint(day), "{enrolment}", fmt.Sprint(enrolment), "{entry}", fmt.Sprint(entry), "+", "")
}
