package room_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/room"
)

const (
	dalarna int64 = 20
	uppsala int64 = 3
)

var (
	ctx   = context.Background()
	today = clock.Date(2026, 11, 23)
)

func office(region int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: region, RegionID: region}}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// key is the message of each wrong field, or of the fault itself.
func key(err error) string {
	f := fault.Of(err)
	switch {
	case f == nil:
		return ""
	case len(f.Fields) > 0:
		return f.Fields[0].Name + " " + f.Fields[0].Key
	}
	return f.Key
}

func runn() room.Room {
	return room.Room{RegionID: dalarna, Name: "Sal Runn", Address: "Myntgatan 45, Falun", Seats: 30, Equipment: "Projektor", Accessibility: "Hiss", Cost: money.Kronor(1200)}
}

func TestARoomIsAddedChangedAndClosed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, organisation.Install(ctx, d))
		write := func(f func(tx *db.Tx) error) error { return d.Write(ctx, f) }
		add := func(viewer access.Viewer, r room.Room) (id int64, err error) {
			err = write(func(tx *db.Tx) (err error) {
				id, err = room.Add(ctx, tx, viewer, r)
				return err
			})
			return id, err
		}
		id, err := add(office(dalarna), runn())
		must(t, err)
		attic := runn()
		attic.Name = "Ängen"
		other, err := add(office(dalarna), attic)
		must(t, err)

		got, err := room.Get(ctx, d.Reader(), office(dalarna), id)
		must(t, err)
		want := runn()
		want.ID = id
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		got.ClosedOn, got.Seats = &today, 28
		must(t, write(func(tx *db.Tx) error { return room.Change(ctx, tx, office(dalarna), got) }))
		all, err := room.All(ctx, d.Reader(), office(dalarna), dalarna, today)
		must(t, err)
		if len(all) != 2 || all[0].ID != other || all[1].Seats != 28 || all[1].OpenOn(today) || !all[1].OpenOn(today-1) {
			t.Errorf("the rooms are %+v", all)
		}

		for name, c := range map[string]struct {
			change func(*room.Room)
			want   string
		}{
			"a name that is taken": {func(r *room.Room) { r.Name = " Ängen " }, "name room.name_taken"},
			"no name":              {func(r *room.Room) { r.Name = " " }, "name room.name_missing"},
			"no address":           {func(r *room.Room) { r.Address = "" }, "address room.address_missing"},
			"no seats":             {func(r *room.Room) { r.Seats = 0 }, "seats room.seats_wrong"},
			"a seat too many":      {func(r *room.Room) { r.Seats = 5001 }, "seats room.seats_wrong"},
			"less than nothing":    {func(r *room.Room) { r.Cost = -1 }, "cost room.cost_wrong"},
		} {
			r := got
			c.change(&r)
			if err := write(func(tx *db.Tx) error { return room.Change(ctx, tx, office(dalarna), r) }); key(err) != c.want {
				t.Errorf("changed to %s: %q, want %q", name, key(err), c.want)
			}
			if _, err := add(office(dalarna), r); key(err) != c.want {
				t.Errorf("added with %s: %q, want %q", name, key(err), c.want)
			}
		}
		for _, seats := range []int{1, 5000} {
			r := got
			r.Seats = seats
			must(t, write(func(tx *db.Tx) error { return room.Change(ctx, tx, office(dalarna), r) }))
		}
		_, addErr := add(office(uppsala), runn())
		_, getErr := room.Get(ctx, d.Reader(), office(uppsala), id)
		_, allErr := room.All(ctx, d.Reader(), office(uppsala), dalarna, today)
		_, yearErr := room.Year(ctx, d.Reader(), office(uppsala), dalarna, 2026)
		changeErr := write(func(tx *db.Tx) error { return room.Change(ctx, tx, office(uppsala), got) })
		for i, err := range []error{addErr, getErr, allErr, yearErr, changeErr} {
			if key(err) != "fault.not_found" {
				t.Errorf("%d: the neighbour got %v", i, err)
			}
		}
	})
}
