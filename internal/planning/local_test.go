package planning_test

import (
	"fmt"
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

func TestALocalRoundIsPlannedAndFilledInOneGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		id, err := v.PlanLocal(v.Chief, v.Occasion(), v.Homes...)
		roundtest.Must(t, err)
		got := v.Get(v.Chief, id)
		if got.RegionID != roundtest.Dalarna || got.MunicipalityID != roundtest.Falun || got.UnitID != v.North || got.Municipality != "Falun" || got.Unit != "Hemtjänst Norr" || !got.Local() {
			t.Errorf("it belongs to %+v in %d", got.Host, got.RegionID)
		}
		if got.Delivery != catalogue.Workplace || got.TariffKind != "" || got.Label != "Hemtjänst Norr" || got.Edition != 1 {
			t.Errorf("got %+v", got.Round)
		}
		if got.Status(roundtest.Today) != round.Confirmed || got.Seats != 3 || got.Capacity != 3 || got.SignupFrom != roundtest.Today || got.SignupUntil != roundtest.First {
			t.Errorf("it is %s with %d of %d seats, sign-up %s to %s", got.Status(roundtest.Today), got.Seats, got.Capacity, got.SignupFrom, got.SignupUntil)
		}
		for _, e := range got.Enrolments {
			if e.Unit != "Hemtjänst Norr" || e.Municipality != "Falun" {
				t.Errorf("%s works at %q, %q", e.Name, e.Unit, e.Municipality)
			}
		}
		in := v.Local(v.InMunicipality())
		if in.Delivery != catalogue.Municipal || in.Label != "Falun" || in.UnitID != 0 {
			t.Errorf("the municipality's is %+v", in.Round)
		}
	})
}

func TestWhoMayPlanALocalRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		unit, whole := v.Occasion(), v.InMunicipality()
		wrong := v.Occasion()
		wrong.MunicipalityID = roundtest.Borlange
		region := v.Occasion()
		region.UnitID, region.MunicipalityID = 0, roundtest.Dalarna
		elsewhere := v.Occasion()
		elsewhere.Days = slices.Clone(elsewhere.Days)
		elsewhere.Days[0].Trainers = []planning.NewTrainer{{PersonID: v.Others[0], Role: trainer.Lead}}
		for name, c := range map[string]struct {
			viewer  access.Viewer
			n       planning.New
			persons []int64
			want    string
		}{
			"the unit's manager":                         {v.Chief, unit, v.Homes, ""},
			"the unit's manager for the municipality":    {v.Chief, whole, nil, "fault.not_found"},
			"another unit's manager":                     {v.OtherChief, unit, nil, "fault.not_found"},
			"the municipality's administrator":           {v.Admin, whole, append(slices.Clone(v.Homes), v.Neighbour), ""},
			"the administrator for a unit":               {v.Admin, unit, v.Homes, ""},
			"another municipality's administrator":       {v.BorlangeAdmin, unit, nil, "fault.not_found"},
			"the region's administrator":                 {roundtest.Dalarnas, whole, v.Homes, ""},
			"another region's administrator":             {roundtest.Uppsalas, whole, nil, "fault.not_found"},
			"a producer":                                 {roundtest.Producers, unit, nil, "fault.forbidden"},
			"an employee":                                {v.Worker(v.Homes[0], v.North), unit, nil, "fault.forbidden"},
			"a unit of another municipality":             {roundtest.System, wrong, nil, "fault.not_found"},
			"a region for a municipality":                {roundtest.System, region, nil, "fault.not_found"},
			"a manager puts in somebody else's staff":    {v.Chief, unit, []int64{v.Homes[0], v.Neighbour}, "person round.persons_elsewhere"},
			"somebody of another municipality":           {roundtest.Dalarnas, whole, []int64{v.Others[0]}, "person round.persons_elsewhere"},
			"somebody twice":                             {v.Admin, whole, []int64{v.Homes[0], v.Homes[0]}, "person round.persons_elsewhere"},
			"somebody who does not exist":                {v.Admin, whole, []int64{99999}, "person round.persons_elsewhere"},
			"a leader from elsewhere and in no team":     {v.Admin, elsewhere, nil, "days.0.trainers round.leader_elsewhere"},
			"a regional round asks for nothing that new": {roundtest.Dalarnas, v.Plan(), nil, "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := v.PlanLocal(c.viewer, c.n, c.persons...); roundtest.Key(err) != c.want {
					t.Errorf("got %s, want %s", roundtest.Key(err), c.want)
				}
			})
		}
		v.Team(v.Others[0])
		if _, err := v.PlanLocal(v.Admin, elsewhere); err != nil {
			t.Errorf("a trainer of the region's teams cannot lead: %v", err)
		}
	})
}

func TestALocalPlanIsWarnedOfWhatStandsInTheWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		v.Local(v.Occasion())
		v.Published(v.Plan()) // the RSS and Borlänge's trainer are busy
		n := v.Occasion()
		n.Days = []planning.NewDay{{Day: roundtest.First, Starts: "14:00", Ends: "16:00", Trainers: []planning.NewTrainer{
			{PersonID: v.Chief.PersonID, Role: trainer.Lead}, {PersonID: v.Rss, Role: trainer.Assistant},
		}}}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   []string
		}{
			"the unit's manager":   {v.Chief, []string{"trainer Kurs, Hemtjänst Norr Falun", "trainer  Dalarna"}},
			"the region":           {roundtest.Dalarnas, []string{"trainer Kurs, Hemtjänst Norr Falun", "trainer Kurs, Omgång 1 Dalarna"}},
			"who plans none there": {v.OtherChief, nil},
		} {
			t.Run(name, func(t *testing.T) {
				found, err := planning.Clashes(roundtest.Ctx, d.Reader(), c.viewer, n, 0, roundtest.Today)
				roundtest.Must(t, err)
				var got []string
				for _, each := range found {
					got = append(got, fmt.Sprintf("%s %s %s", each.Kind, each.Round, each.Region))
				}
				slices.Sort(got)
				slices.Sort(c.want)
				if !slices.Equal(got, c.want) {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
	})
}

func TestALocalPlanIsChangedByThoseWhoPlanThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		got := v.Local(v.Occasion(), v.Homes...)
		n := planning.PlanOf(got)
		n.Days[0].Place, n.Capacity = "Stora salen", 12
		if err := v.Edit(v.OtherChief, got.ID, got.Version, n); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("another manager gets %v", err)
		}
		n.RegionID, n.UnitID, n.MunicipalityID, n.TariffKind = roundtest.Uppsala, 0, 0, "authority" // stay as they are
		roundtest.Must(t, v.Edit(v.Chief, got.ID, got.Version, n))
		now := v.Get(v.Chief, got.ID)
		if now.CourseDays[0].Place != "Stora salen" || now.Capacity != 12 || now.UnitID != v.North || now.TariffKind != "" || now.RegionID != roundtest.Dalarna {
			t.Errorf("got %+v", now.Round)
		}
		n = planning.PlanOf(now)
		n.Days[0].Trainers = append(n.Days[0].Trainers, planning.NewTrainer{PersonID: v.Others[0], Role: trainer.Assistant})
		if err := v.Edit(v.Chief, got.ID, now.Version, n); roundtest.Key(err) != "days.0.trainers round.leader_elsewhere" {
			t.Errorf("a leader from elsewhere gives %v", err)
		}
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, v.Chief, got.ID, round.OtherCause, "vattenläcka", roundtest.Today.At(13, 0))
		}))
	})
}

func TestThoseToLeadAreTheTeamAndTheManagers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		v.Team(v.Staff[0])
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, $3, $4)`,
				v.Chief.PersonID, v.North, roundtest.Today-10, roundtest.Now)
			if err != nil {
				return err
			}
			_, err = db.Exec(roundtest.Ctx, tx, `UPDATE trainer SET ready_on = $1`, roundtest.Today-5)
			return err
		}))
		got, err := planning.Leaders(roundtest.Ctx, d.Reader(), v.Chief, v.Course, access.Place{RegionID: roundtest.Dalarna, MunicipalityID: roundtest.Falun, UnitID: v.North}, roundtest.Today)
		roundtest.Must(t, err)
		var names []string
		for _, l := range got {
			names = append(names, l.Name)
		}
		if want := []string{"Test Falun00", "Test Chef"}; !slices.Equal(names, want) {
			t.Errorf("got %v, want %v", names, want)
		}
		if _, err := planning.Leaders(roundtest.Ctx, d.Reader(), v.Chief, v.Course, access.Place{RegionID: roundtest.Dalarna, MunicipalityID: roundtest.Falun}, roundtest.Today); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("a manager who plans nothing for the municipality gets %v", err)
		}
	})
}

func BenchmarkPlanTwoThousandPeople(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	v := roundtest.NewVillage(&testing.T{}, d)
	crowd := v.Crowd(2000)
	for b.Loop() {
		roundtest.Must(&testing.T{}, v.Write(func(tx *db.Tx) error {
			for group := range slices.Chunk(crowd, 15) {
				if _, err := planning.PlanLocal(roundtest.Ctx, tx, roundtest.System, v.InMunicipality(), group, roundtest.Now); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}
