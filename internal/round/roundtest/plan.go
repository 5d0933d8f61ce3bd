package roundtest

import (
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/money"
	"yrkesresan/internal/planning"
	rooms "yrkesresan/internal/room"
	"yrkesresan/internal/round"
)

func (w *World) Edit(viewer access.Viewer, id int64, version int, n planning.New) error {
	return w.D.Write(Ctx, func(tx *db.Tx) error { return planning.Edit(Ctx, tx, viewer, id, version, n, Now) })
}

// Kinds are the events of the round after the first so many, the oldest first.
func (w *World) Kinds(id int64, after int) (all []round.Kind) {
	w.Helper()
	events, err := round.History(Ctx, w.D.Reader(), Dalarnas, id)
	Must(w.T, err)
	for _, e := range events {
		all = append(all, e.Kind)
	}
	slices.Sort(all)
	return all[min(after, len(all)):]
}

func (w *World) Room(name string, seats int) (id int64) {
	w.Helper()
	Must(w.T, w.D.Write(Ctx, func(tx *db.Tx) (err error) {
		id, err = rooms.Add(Ctx, tx, Dalarnas, rooms.Room{RegionID: Dalarna, Name: name, Address: "Falun", Seats: seats, Cost: money.Kronor(500)})
		return err
	}))
	return id
}
