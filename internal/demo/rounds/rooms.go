package rounds

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catering"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/money"
	"yrkesresan/internal/room"
	"yrkesresan/internal/round"
)

// AddRooms makes Dalarna's rooms, which are invented.
func (plan *Plan) AddRooms(w *world.World) error {
	plan.rooms = map[string]int64{}
	for _, r := range []room.Room{
		{
			Name: FalunRoom, Address: "RSS Dalarna, Myntgatan 45, Falun", Seats: 30, Cost: money.Kronor(1200),
			Equipment: "Projektor, högtalare, whiteboard", Accessibility: "Hiss, hörslinga, plats för rullstol",
		},
		{
			Name: bigRoom, Address: "RSS Dalarna, Myntgatan 45, Falun", Seats: 60, Cost: money.Kronor(2400),
			Equipment: "Projektor, två mikrofoner", Accessibility: "Hiss, hörslinga, plats för rullstol",
		},
		{
			Name: "Tunasalen", Address: "Röda vägen 50, Borlänge", Seats: 24, Cost: money.Kronor(900),
			Equipment: "Projektor", Accessibility: "Markplan",
		},
	} {
		r.RegionID = w.Regions[world.Dalarna]
		id, err := room.Add(w.Ctx, w.Tx, w.Regional[world.Dalarna], r)
		if err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
		plan.rooms[r.Name] = id
	}
	return nil
}

// needsOfMany are what one in five tells of.
var needsOfMany = []catering.Need{
	{Diets: []catering.Diet{catering.Vegetarian}},
	{Diets: []catering.Diet{catering.GlutenFree, catering.LactoseFree}},
	{Diets: []catering.Diet{catering.Vegan}},
	{Diets: []catering.Diet{catering.NutFree}, Access: "Hörslinga"},
	{Diets: []catering.Diet{catering.PorkFree}},
	{Other: "Inget med koriander"},
}

// Cater orders for the days to come, of which the nearest round's are placed,
// and lets some tell what they need.
func (plan *Plan) Cater(w *world.World) error {
	now := (w.Today - 1).At(15, 30)
	for n, c := range plan.Ahead {
		viewer := w.Regional[world.Dalarna]
		d, err := round.Get(w.Ctx, w.Tx, viewer, c.ID)
		if err != nil {
			return err
		}
		var orders []catering.Order
		ordered := map[int64]bool{}
		for i, day := range d.CourseDays {
			orders = append(orders, catering.Order{DayID: day.ID, Morning: true, Afternoon: true, TrainerLunch: true})
			ordered[day.ID] = n == 0 && i == 0 || day.Day == w.Today
		}
		if err := catering.Save(w.Ctx, w.Tx, viewer, d, orders, ordered, now); err != nil {
			return err
		}
		tells := d.CourseDays[0].Trainers
		who := make([]int64, 0, len(d.Enrolments)+len(tells))
		for _, t := range tells {
			who = append(who, t.PersonID)
		}
		for _, e := range d.Enrolments {
			who = append(who, e.PersonID)
		}
		for i, person := range who {
			if i%5 != 1 {
				continue
			}
			need := needsOfMany[(n+i/5)%len(needsOfMany)]
			if err := catering.Tell(w.Ctx, w.Tx, access.Viewer{PersonID: person}, c.ID, need, now); err != nil {
				return err
			}
		}
	}
	return nil
}
