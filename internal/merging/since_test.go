package merging_test

import (
	"fmt"
	"slices"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/merging"
	"yrkesresan/internal/people"
	"yrkesresan/internal/privacy"
	. "yrkesresan/internal/round/roundtest"
)

// TestWhatCameSinceStays: a split takes nothing that came after the merge, leaves what was
// changed since, and tells what is no more.
func TestWhatCameSinceStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		course, _ := webCourse(w)
		a, b := w.Staff[1], w.Staff[2]
		address(t, d, a, "a@example.org")
		address(t, d, b, "b@example.org")
		does(t, d, a, Now-3, "ett", "tva")
		does(t, d, b, Now-2, "tre")
		do(t, d, `INSERT INTO trainer (person_id, course_id, region_id, recruited_on) VALUES ($1, $3, 20, '2024-02-02'), ($2, $3, 20, '2024-01-01')`, a, b, w.Course)
		do(t, d, `INSERT INTO remark (person_id, organisation_id, text, written_at) VALUES ($1, 2080, 'Fel', 0)`, b)
		Must(t, merge(d, falun, a, b, "b@example.org"))

		// The course became whole by the merge, and its certificate was given out.
		whole := one[int64](t, d, `SELECT id FROM completion WHERE person_id = $1 AND course_id = $2`, a, course)
		var paper learning.Certificate
		Must(t, d.Write(Ctx, func(tx *db.Tx) (err error) {
			if paper, err = learning.Certify(Ctx, tx, falun, whole, Now); err != nil {
				return err
			}
			_, err = learning.Complete(Ctx, tx, System, learning.New{PersonID: a, CourseID: w.Course, On: Today, Source: learning.Import}, Now)
			return err
		}))
		do(t, d, `UPDATE trainer SET recruited_on = '2024-12-12' WHERE person_id = $1`, a)
		do(t, d, `DELETE FROM remark`)
		// The first address is somebody else's by now.
		address(t, d, w.Staff[5], "a@example.org")

		p, err := merging.PreviewSplit(Ctx, d, falun, a, Now)
		Must(t, err)
		for what, want := range map[string]string{fmt.Sprint(p.Changed): "[{completion 1} {trainer 1}]", fmt.Sprint(p.Lost): "[{remark 1}]", p.Email: "b@example.org", p.Kept.Email: ""} {
			if what != want {
				t.Errorf("the preview says %s, want %s", what, want)
			}
		}
		Must(t, merging.Split(Ctx, d, falun, a, site, Now))
		var days []clock.Day
		for _, c := range w.Completions(a) {
			days = append(days, c.On)
		}
		if !slices.Equal(days, []clock.Day{Today}) || len(w.Completions(b)) != 0 {
			t.Errorf("completed on %v, the other %v", days, w.Completions(b))
		}
		if c, err := learning.CheckCertificate(Ctx, d.Reader(), paper.Code); err != nil || !c.Revoked {
			t.Errorf("the certificate of what was never whole: %+v, %v", c, err)
		}
		for person, want := range map[int64]string{a: "2024-12-12", b: "2024-01-01"} {
			if got := one[string](t, d, `SELECT CAST(recruited_on AS TEXT) FROM trainer WHERE person_id = $1`, person); got != want {
				t.Errorf("person %d is in the team since %s, want %s", person, got, want)
			}
		}
	})
}

// TestMergesInARow: who was merged leads on to who remains at last, and they are split the
// last first.
func TestMergesInARow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		a, b, c, e := w.Staff[1], w.Staff[2], w.Staff[3], w.Staff[4]
		before := dump(t, d)
		Must(t, merge(d, falun, b, a, ""))
		Must(t, merge(d, falun, c, b, ""))
		Must(t, merge(d, falun, c, e, ""))
		for _, id := range []int64{a, b, c, e} {
			if remaining, err := people.Remaining(Ctx, d.Reader(), id); remaining != c || err != nil {
				t.Errorf("%d leads to %d, %v", id, remaining, err)
			}
		}
		if selves, err := people.Selves(Ctx, d.Reader(), c); err != nil || !slices.Equal(selves, []int64{c, a, b, e}) {
			t.Errorf("%v, %v", selves, err)
		}
		if remaining, err := people.Remaining(Ctx, d.Reader(), 99999); remaining != 99999 || err != nil {
			t.Errorf("nobody leads to %d, %v", remaining, err)
		}
		if err := merging.Split(Ctx, d, falun, b, site, Now); err == nil {
			t.Error("who is merged themselves is split")
		}
		for _, gone := range []int64{e, b} {
			all, err := merging.Of(Ctx, d.Reader(), falun, c, Today)
			if err != nil || all[0].Gone.ID != gone {
				t.Errorf("the last is %+v, %v", all, err)
			}
			Must(t, merging.Split(Ctx, d, falun, c, site, Now))
		}
		Must(t, merging.Split(Ctx, d, falun, b, site, Now))
		if got := Together(func() error { return merging.Split(Ctx, d, falun, b, site, Now) }, func() error { return merging.Split(Ctx, d, falun, c, site, Now) }); got["merging.none"] != 2 {
			t.Errorf("nobody is left to split: %v", got)
		}
		if diff := differ(before, dump(t, d)); len(diff) > 0 {
			t.Errorf("not as it was before: %v", diff)
		}

		// Of many who split at once one does.
		Must(t, merge(d, falun, a, b, ""))
		split := func() error { return merging.Split(Ctx, d, falun, a, site, Now) }
		if got := Together(split, split, split, split); got[""] != 1 || got["merging.none"] != 3 {
			t.Errorf("many split at once: %v", got)
		}
	})
}

// TestWhoIsMergedIsForgottenWithWhoRemains, not before: they have signed in only as the other.
func TestWhoIsMergedIsForgottenWithWhoRemains(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		a, b := w.Staff[1], w.Staff[2]
		do(t, d, `UPDATE person SET created_at = 0 WHERE id IN ($1, $2)`, a, b)
		do(t, d, `INSERT INTO last_sign_in (person_id, at) VALUES ($1, $2)`, b, Now)
		Must(t, merge(d, falun, a, b, ""))
		do(t, d, `UPDATE employment SET to_day = '2025-03-03' WHERE person_id = $1`, a)
		_, err := privacy.Retain(Ctx, d, (Today+1).At(3, 0))
		Must(t, err)
		for _, id := range []int64{a, b} {
			if erased, err := privacy.Erased(Ctx, d.Reader(), id); erased || err != nil {
				t.Errorf("person %d is forgotten too early: %v", id, err)
			}
		}
		_, err = privacy.Retain(Ctx, d, (Today.AddDate(5, 9, 0)+1).At(3, 0))
		Must(t, err)
		for _, id := range []int64{a, b} {
			if erased, err := privacy.Erased(Ctx, d.Reader(), id); !erased || err != nil {
				t.Errorf("person %d is not forgotten: %v", id, err)
			}
		}
	})
}
