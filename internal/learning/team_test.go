package learning_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// staff is a manager's two units of Falun with people in Funktionshinder
// utförare, and one of another unit.
type staff struct {
	d                      *db.DB
	north, south, other    int64
	anna, bo, cecilia, dan int64
	journey                catalogue.Journey
	course                 map[string]int64
}

func newStaff(t *testing.T, d *db.DB) *staff {
	t.Helper()
	must(t, organisation.Install(ctx, d))
	must(t, catalogue.Install(ctx, d))
	s := &staff{d: d, course: map[string]int64{}}
	var err error
	s.journey, err = catalogue.JourneyBySlug(ctx, d.Reader(), "funktionshinder-utforare")
	must(t, err)
	courses, err := catalogue.Courses(ctx, d.Reader(), s.journey.ID)
	must(t, err)
	for _, c := range courses {
		s.course[c.Slug] = c.ID
	}
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		for _, u := range []struct {
			id   *int64
			name string
		}{{&s.north, "Norr"}, {&s.south, "Ängen"}, {&s.other, "Annan"}} {
			if *u.id, err = organisation.AddUnit(ctx, tx, system, falun, u.name); err != nil {
				return err
			}
		}
		for _, p := range []struct {
			id     *int64
			family string
			at     int64
			roles  []access.Role
		}{
			{&s.anna, "Ask", s.north, []access.Role{access.Employee}},
			{&s.bo, "Björk", s.south, []access.Role{access.Employee}},
			{&s.cecilia, "Cederkvist", s.south, []access.Role{access.Manager}},
			{&s.dan, "Dahl", s.north, nil},
		} {
			if *p.id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: p.family}, p.at, clock.Date(2025, 1, 1), "", now); err != nil {
				return err
			}
			if p.roles == nil {
				continue
			}
			if _, err := people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: *p.id, JourneyID: s.journey.ID, OpenedOn: clock.Date(2025, 1, 1), Roles: p.roles}); err != nil {
				return err
			}
		}
		outsider, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Utanför"}, s.other, clock.Date(2025, 1, 1), "", now)
		if err != nil {
			return err
		}
		_, err = people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: outsider, JourneyID: s.journey.ID, OpenedOn: clock.Date(2025, 1, 1), Roles: []access.Role{access.Employee}})
		return err
	}))
	for _, c := range []struct {
		person int64
		course string
	}{{s.anna, "bas-1"}, {s.anna, "bas-3"}, {s.bo, "bas-1"}} {
		_, err := register(d, system, c.person, s.course[c.course], clock.Date(2025, 3, 3))
		must(t, err)
	}
	return s
}

// boss leads the two units.
func (s *staff) boss() access.Viewer {
	var grants []access.Grant
	for _, u := range []int64{s.north, s.south} {
		grants = append(grants, access.Grant{Role: access.Manager, Level: access.Unit, OrganisationID: u, RegionID: 20, MunicipalityID: falun})
	}
	return access.Viewer{PersonID: 999, Grants: grants}
}

func (s *staff) team(t *testing.T, f learning.TeamFilter) (names []string, team learning.Team) {
	t.Helper()
	team, err := learning.TeamOf(ctx, s.d.Reader(), s.boss(), f, day)
	must(t, err)
	for _, m := range team.Members {
		names = append(names, m.FamilyName)
	}
	return names, team
}

func TestATeamShowsWhoHasCompletedWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStaff(t, d)
		names, team := s.team(t, learning.TeamFilter{})
		if diff := cmp.Diff([]string{"Ask", "Björk", "Cederkvist"}, names); diff != "" {
			t.Error(diff)
		}
		if team.Staff != 4 || team.Accounts != 3 || team.Journey.ID != s.journey.ID || len(team.Journeys) != 1 {
			t.Errorf("staff %d, accounts %d, journey %s of %d, want 4, 3 and the only one", team.Staff, team.Accounts, team.Journey.Slug, len(team.Journeys))
		}
		if len(team.Units) != 2 || team.Units[0].Name != "Norr" || team.Units[1].Name != "Ängen" {
			t.Errorf("units %v, want Norr before Ängen", team.Units)
		}
		for i, want := range []struct {
			slug        string
			meant, done int
		}{{"bas-1", 2, 2}, {"bas-2", 2, 0}, {"bas-3", 2, 1}, {"bas-4", 2, 0}} {
			if c := team.Courses[i]; c.Slug != want.slug || c.Meant != want.meant || c.Done != want.done {
				t.Errorf("course %d is %s with %d of %d, want %+v", i, c.Slug, c.Done, c.Meant, want)
			}
		}
		if len(team.Courses) != 4 {
			t.Errorf("%d courses, want the four published by the day", len(team.Courses))
		}
		if anna := team.Members[0]; anna.Lacking.All != 2 || anna.Stands[0].Done == nil || *anna.Stands[0].Done != clock.Date(2025, 3, 3) || anna.Stands[1].Done != nil {
			t.Errorf("Ask is %+v", anna)
		}

		for name, c := range map[string]struct {
			filter learning.TeamFilter
			want   []string
		}{
			"those who lack BAS 3":                  {learning.TeamFilter{LacksID: s.course["bas-3"]}, []string{"Björk"}},
			"nobody lacks BAS 1":                    {learning.TeamFilter{LacksID: s.course["bas-1"]}, nil},
			"one unit":                              {learning.TeamFilter{UnitID: s.south}, []string{"Björk", "Cederkvist"}},
			"from the end of the alphabet":          {learning.TeamFilter{Sort: "-name"}, []string{"Cederkvist", "Björk", "Ask"}},
			"those who lack most first, then names": {learning.TeamFilter{Sort: "-missing"}, []string{"Björk", "Ask", "Cederkvist"}},
			"those who lack least first":            {learning.TeamFilter{Sort: "missing"}, []string{"Cederkvist", "Ask", "Björk"}},
		} {
			t.Run(name, func(t *testing.T) {
				names, _ := s.team(t, c.filter)
				if diff := cmp.Diff(c.want, names); diff != "" {
					t.Error(diff)
				}
			})
		}

		for name, c := range map[string]struct {
			viewer access.Viewer
			filter learning.TeamFilter
			want   error
		}{
			"who leads nobody is told so":         {admin(falun), learning.TeamFilter{}, fault.Forbidden},
			"another's unit does not exist":       {s.boss(), learning.TeamFilter{UnitID: s.other}, fault.NotFound},
			"an unknown journey does not exist":   {s.boss(), learning.TeamFilter{JourneyID: 999}, fault.NotFound},
			"a unit of nowhere does not exist":    {s.boss(), learning.TeamFilter{UnitID: 999_999}, fault.NotFound},
			"somebody without any role is nobody": {access.Viewer{PersonID: s.anna}, learning.TeamFilter{}, fault.Forbidden},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := learning.TeamOf(ctx, d.Reader(), c.viewer, c.filter, day); !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
			})
		}
	})
}

func TestAManagerIsNotTheirOwnStaff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStaff(t, d)
		boss := s.boss()
		boss.PersonID = s.cecilia
		team, err := learning.TeamOf(ctx, d.Reader(), boss, learning.TeamFilter{}, day)
		must(t, err)
		if team.Staff != 3 || len(team.Members) != 2 {
			t.Errorf("staff %d with %d members, want 3 and 2", team.Staff, len(team.Members))
		}
	})
}

func TestTheLatestChangesAreForThoseWhoManageThePeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newStaff(t, d)
		m, err := organisation.ByID(ctx, d.Reader(), falun)
		must(t, err)
		march := clock.Date(2025, 3, 5)
		news, err := learning.Latest(ctx, d.Reader(), admin(falun), m, march, 4)
		must(t, err)
		if len(news) != 4 || news[3].Change != learning.AccountOpened {
			t.Fatalf("in March the news are %+v, want three completions and an account", news)
		}
		if few, err := learning.Latest(ctx, d.Reader(), admin(falun), m, clock.Date(2025, 5, 1), 4); err != nil || len(few) != 3 {
			t.Errorf("in May %d are left of what happened within ninety days, %v, want 3", len(few), err)
		}
		news = news[:3]
		type line struct {
			change  learning.Change
			name    string
			subject string
		}
		var got []line
		for _, n := range news {
			got = append(got, line{n.Change, n.Name, n.Subject})
		}
		want := []line{
			{learning.Completed, "Test Ask", "BAS 1 Introduktionskursen"}, {learning.Completed, "Test Ask", "BAS 3 Funktionsnedsättningar och vanliga konsekvenser"},
			{learning.Completed, "Test Björk", "BAS 1 Introduktionskursen"},
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(line{})); diff != "" {
			t.Error(diff)
		}
		for name, viewer := range map[string]access.Viewer{"the neighbour": admin(borlange), "nobody": {}} {
			if news, err := learning.Latest(ctx, d.Reader(), viewer, m, day, 4); err != nil || news != nil {
				t.Errorf("%s gets %v, %v", name, news, err)
			}
		}
	})
}

func TestWhatIsRegisteredByHandIsLocalOrOfTheWeb(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStaff(t, d)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			for slug, source := range map[string]learning.Source{"bas-2": learning.Web, "bas-4": learning.Round} {
				if _, err := learning.Register(ctx, tx, admin(falun), learning.New{PersonID: s.bo, CourseID: s.course[slug], On: day, Source: source}, now); err != nil {
					return err
				}
			}
			return nil
		}))
		all, err := learning.Completions(ctx, d.Reader(), admin(falun), s.bo, day)
		must(t, err)
		for _, c := range all {
			want := learning.Local
			if c.CourseID == s.course["bas-2"] {
				want = learning.Web
			}
			if c.Source != want {
				t.Errorf("%s comes from %s, want %s", c.Course, c.Source, want)
			}
			if person, err := learning.OfCompletion(ctx, d.Reader(), c.ID); err != nil || person != s.bo {
				t.Errorf("completion %d is %d's, %v", c.ID, person, err)
			}
		}
		if len(all) != 3 {
			t.Errorf("%d completions, want 3", len(all))
		}
	})
}
