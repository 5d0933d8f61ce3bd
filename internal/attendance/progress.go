package attendance

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/seat"
)

// SaveProgress saves a change of the viewer's own task in the course, with what
// follows from it for a round: who has a seat begins in the round's edition, and
// the last task may be all that a local round has waited for. The faults are those
// of learning.Save.
func SaveProgress(ctx context.Context, tx *db.Tx, viewer access.Viewer, course, task string, touch func(*catalogue.Task) learning.Touch, now clock.Instant) (learning.Saved, error) {
	saved, err := learning.Save(ctx, tx, viewer, learning.Work{
		Course: course, Task: task, Touch: touch,
		Seat: func(c catalogue.Course) (int64, bool, error) {
			if c.Days == 0 {
				return 0, false, nil
			}
			own, err := seat.SeatIn(ctx, tx, viewer, c.ID)
			return own.Edition(), own != nil, err
		},
	}, now)
	if err == nil && saved.Changed && saved.DoneAt != nil && saved.Course.Days > 0 {
		err = Fulfil(ctx, tx, viewer.PersonID, saved.Course.ID, now)
	}
	return saved, err
}
