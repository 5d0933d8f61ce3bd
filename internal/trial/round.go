package trial

import (
	"context"
	"errors"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/round"
)

// InRound lets the round be given in the edition that is tried, or with no in that which is
// out, for those who manage the round. Who gets a seat takes part in the trial; who has one
// already gets a letter.
// fault.Conflict "trial.is_over" without a trial of the course, "trial.round_begun" from the
// round's first day.
func InRound(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, try bool, site letter.Site, now clock.Instant) error {
	d, err := round.LockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.FirstDay <= now.Day() {
		return fault.Conflict("trial.round_begun")
	}
	t, err := running(ctx, tx, d.CourseID)
	if err != nil {
		return err
	}
	edition := t.EditionID
	if !try {
		e, err := catalogue.EditionOn(ctx, tx, d.CourseID, d.FirstDay)
		if errors.Is(err, fault.NotFound) {
			return fault.Conflict("trial.nothing_else")
		}
		if err != nil {
			return err
		}
		edition = e.ID
	}
	n, err := db.Exec(ctx, tx, `UPDATE round SET edition_id = $2, version = version + 1 WHERE id = $1 AND edition_id IS DISTINCT FROM $2`, roundID, edition)
	if err != nil || n == 0 {
		return err
	}
	if err := changed(ctx, tx, viewer, roundID, now); err != nil || !try || site.Base == "" {
		return err
	}
	course, err := catalogue.CourseByID(ctx, tx, d.CourseID)
	if err != nil {
		return err
	}
	seated, err := db.Rows(ctx, tx, db.One[int64], `SELECT person_id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL ORDER BY id`, roundID)
	for _, person := range seated {
		if err == nil {
			err = t.write(ctx, tx, course, person, viewer, "trial.letter_round", site.Base+address.Round(roundID), now)
		}
	}
	return err
}

// OfRound is the trial of the edition in which the round is given, also when it is over, or else
// the course's that goes on; nil for none. It asks no viewer: a course is no secret.
func OfRound(ctx context.Context, q db.Querier, courseID int64, edition *int64) (*Trial, error) {
	t, err := db.Row(ctx, q, (*Trial).columns, `SELECT`+columns+tables+`
		WHERE t.course_id = $1
		AND (t.ended_at IS NULL OR t.edition_id = $2)
		ORDER BY CASE WHEN t.edition_id = $2 THEN 0 ELSE 1 END
		LIMIT 1`, courseID, edition)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &t, err
}

// ReadsMedia tells whether the viewer may read what learners meet in the edition: everybody of one
// that was published, of one on trial who takes it, holds a day of it, or makes courses.
func ReadsMedia(ctx context.Context, q db.Querier, viewer access.Viewer, editionID int64) (bool, error) {
	if access.ManageCourses(viewer) {
		return true, nil
	}
	return db.Row(ctx, q, db.One[bool], `
		SELECT EXISTS (SELECT 1 FROM edition WHERE id = $1 AND published_on IS NOT NULL)
		OR EXISTS (SELECT 1 FROM study WHERE person_id = $2 AND edition_id = $1)
		OR EXISTS (
			SELECT 1
			FROM round AS r
			WHERE r.edition_id = $1
			AND (
				EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id = $2 AND n.withdrawn_at IS NULL)
				OR EXISTS (
					SELECT 1
					FROM course_day AS d
					JOIN day_trainer AS h ON h.course_day_id = d.id
					WHERE d.round_id = r.id
					AND h.person_id = $2
					AND COALESCE(h.answer, '') <> 'declined'
				)
			)
		)`, editionID, viewer.PersonID)
}

// handBack lets the rounds that try the edition be given in the one that is out: those that have
// not begun, and in a trial that does not count those that are not over, so that who takes part
// completes the course.
func (t Trial) handBack(ctx context.Context, tx *db.Tx, viewer access.Viewer, now clock.Instant) error {
	from := "first_day > $2"
	if !t.Counts {
		from = "last_day >= $2"
	}
	newest := lifetime.NewestSQL("round.course_id", "(CASE WHEN round.first_day > $2 THEN round.first_day ELSE $2 END)")
	moved, err := db.Rows(ctx, tx, db.One[int64], `
		UPDATE round
		SET edition_id = `+newest+`, version = version + 1
		WHERE edition_id = $1
		AND `+from+`
		AND `+newest+` IS NOT NULL
		RETURNING id`, t.EditionID, now.Day())
	if err != nil {
		return err
	}
	for _, id := range moved {
		if err := changed(ctx, tx, viewer, id, now); err != nil {
			return err
		}
	}
	return nil
}

// changed writes down that the round is given in another edition.
func changed(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) error {
	events := round.NewLog(roundID, viewer, now)
	if err := events.Add(round.WasChanged, 0, 0, round.Words{Reason: "edition"}); err != nil {
		return err
	}
	return events.Write(ctx, tx)
}
