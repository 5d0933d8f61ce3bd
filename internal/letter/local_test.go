package letter_test

import (
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

func TestALocalSeatIsWrittenAboutByTheMunicipality(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.plan(5)
		n.RegionID, n.MunicipalityID, n.Days = 0, falun, n.Days[:1]
		n.SignupFrom, n.SignupUntil, n.Label = 0, 0, ""
		w.write(func(tx *db.Tx) error {
			id, err := planning.PlanLocal(ctx, tx, system, n, []int64{w.asa}, now)
			if err != nil {
				return err
			}
			return letter.After(ctx, tx, id, now)
		})
		w.work(now)
		got := w.next(2)
		if l := got["ulla@example.org"]; len(l) != 1 || l[0].Calendar == "" {
			t.Errorf("who leads is written %v", l)
		}
		if l := got["asa@example.org"]; len(l) == 0 {
			t.Error("Åsa gets no letter")
		} else if l := l[0]; !strings.Contains(l.Text, "Yrkesresan, Falun") || strings.Contains(l.Text, "/needs") || l.Calendar == "" {
			t.Errorf("Åsa is written:\n%s", l.Text)
		}
	})
}

func TestATrainerMeetingReachesThoseWhoLeadLocally(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.plan(5)
		n.RegionID, n.MunicipalityID, n.Days = 0, falun, n.Days[:1]
		n.SignupFrom, n.SignupUntil, n.Label = 0, 0, ""
		n.Days[0].Trainers = []planning.NewTrainer{{PersonID: w.asa, Role: trainer.Lead}, {PersonID: w.bo, Role: trainer.Assistant}}
		held := n.Days[0].Day
		w.write(func(tx *db.Tx) error {
			if _, err := planning.PlanLocal(ctx, tx, system, n, nil, now); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, `UPDATE day_trainer SET answer = 'declined' WHERE person_id = $1`, w.bo)
			if err != nil {
				return err
			}
			off := n
			off.Days = slices.Clone(n.Days)
			off.Days[0].Trainers = []planning.NewTrainer{{PersonID: w.carol, Role: trainer.Lead}}
			cancelled, err := planning.PlanLocal(ctx, tx, system, off, nil, now)
			if err != nil {
				return err
			}
			return planning.Cancel(ctx, tx, system, cancelled, round.NoRoom, "Lokalen är stängd.", now)
		})
		plan := func(on clock.Day, who trainer.Invited) (id int64, err error) {
			err = w.d.Write(ctx, func(tx *db.Tx) (err error) {
				if id, err = trainer.PlanMeeting(ctx, tx, dalarnas, trainer.NewMeeting{
					RegionID: dalarna, Title: "Träff", Day: on, Starts: "13:00", Ends: "15:00", Place: "Falun", Invited: who,
				}, today); err != nil {
					return err
				}
				return letter.AfterMeeting(ctx, tx, id, site, now)
			})
			return id, err
		}
		locally := trainer.Invited{Local: []int64{w.course}}

		// Nobody is in the team, and none is chosen.
		for name, c := range map[string]struct {
			on   clock.Day
			who  trainer.Invited
			want string
		}{
			"nobody is meant":                       {first, trainer.Invited{}, "trainer.meeting_nobody"},
			"a team without members":                {first, trainer.Invited{Courses: []int64{w.course}}, "trainer.meeting_empty_teams"},
			"a day more than 400 after the one led": {held + 401, locally, "trainer.meeting_empty_teams"},
		} {
			_, err := plan(c.on, c.who)
			if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Key != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := plan(held+400, locally); err != nil {
			t.Errorf("400 days after the one led: %v", err)
		}
		courses, err := trainer.LocalCourses(ctx, w.d.Reader(), dalarnas, dalarna, held)
		must(t, err)
		if len(courses) != 1 || courses[0].ID != w.course || courses[0].Leaders != 1 {
			t.Errorf("to choose among: %+v", courses)
		}

		id, err := plan(first+1, locally)
		must(t, err)
		asa := access.Viewer{PersonID: w.asa, Trainer: true}
		must(t, w.d.Write(ctx, func(tx *db.Tx) error { return trainer.AnswerMeeting(ctx, tx, asa, id, trainer.Accepted, today) }))
		m, err := trainer.MeetingByID(ctx, w.d.Reader(), dalarnas, id)
		must(t, err)
		if len(m.Guests) != 1 || m.Guests[0].PersonID != w.asa || m.Guests[0].Municipality != "Falun" || m.Guests[0].Answer != trainer.Accepted {
			t.Errorf("its guests: %+v", m.Guests)
		}
		mine, err := trainer.MyMeetings(ctx, w.d.Reader(), asa, today)
		must(t, err)
		if len(mine) != 2 {
			t.Errorf("she finds %d meetings on her page", len(mine))
		}
		letters, err := letter.MeetingLetters(ctx, w.d.Reader(), dalarnas, id)
		must(t, err)
		if len(letters) != 1 || letters[0].Kind != letter.MeetingInvited || !letters[0].Calendar {
			t.Errorf("she is written %+v", letters)
		}
	})
}
