package rounds

import (
	"fmt"
	"slices"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/data"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// ReconstructionNote is the note of every round whose days are a reconstruction
// (data/README.md).
const ReconstructionNote = "Kursdagarna är en rekonstruktion: dagar, deltagare och utbildare är valda så att den tryckta årsrapportens summor stämmer. Ingen vet om det var just så."

// held is one round of course-days-2025-reconstruction.csv: which of its days,
// on which dates they are laid (invented), and how many were approved.
type held struct {
	course   string
	first    int // number of its first day in the table
	days     []clock.Day
	label    string
	capacity int
	approved int
	level    string // the step that most participants stand at
}

func d25(month time.Month, day int) clock.Day { return clock.Date(2025, month, day) }

var held2025 = []held{
	{"handlaggning-med-barnet-i-centrum", 1, []clock.Day{d25(2, 4), d25(2, 5), d25(3, 4), d25(3, 5)}, "våren 2025", 24, 18, "ny"},
	{"handlaggning-av-unga-lagovertradare", 5, []clock.Day{d25(3, 20)}, "våren 2025", 20, 16, ""},
	{"handlaggning-av-unga-lagovertradare", 6, []clock.Day{d25(10, 2)}, "hösten 2025", 20, 12, ""},
	{"samtal-och-delaktighet", 7, []clock.Day{d25(4, 8), d25(4, 29)}, "våren 2025", 26, 10, "ny"},
	{"samtal-och-delaktighet", 9, []clock.Day{d25(9, 16), d25(10, 7)}, "hösten 2025", 26, 16, "ny"},
	{"utsatthet-och-vald", 11, []clock.Day{d25(5, 6), d25(5, 20)}, "våren 2025", 24, 18, "ny"},
	{"utsatthet-och-vald", 13, []clock.Day{d25(10, 14), d25(11, 4)}, "hösten 2025", 24, 17, "ny"},
	{"arbeta-med-familjehem", 15, []clock.Day{d25(5, 13)}, "våren 2025", 20, 14, ""},
	{"handlaggning-av-lvu", 16, []clock.Day{d25(11, 11), d25(12, 2)}, "hösten 2025", 24, 20, ""},
}

// LayOut2025 lays out Dalarna's rounds of 2025: the reconstruction's, and the
// autumn round that was cancelled for too few.
func (plan *Plan) LayOut2025() error {
	rows, err := data.Table("course-days-2025-reconstruction.csv", false)
	if err != nil {
		return err
	}
	byDay := map[int][]data.Row{}
	for _, r := range rows {
		byDay[r.Number("day")] = append(byDay[r.Number("day")], r)
	}
	for _, h := range held2025 {
		var counts []int
		var teachers [][]Teacher
		for i := range h.days {
			var of []Teacher
			for _, r := range byDay[h.first+i] {
				who := plan.Cast.Trainers[r.Text("trainer")]
				if who == nil {
					return fmt.Errorf("day %d: nobody is trainer %s", h.first+i, r.Text("trainer"))
				}
				of = append(of, Teacher{who, trainer.Role(r.Text("role")), true})
			}
			counts = append(counts, byDay[h.first+i][0].Number("participants"))
			teachers = append(teachers, of)
		}
		if err := plan.reconstruct(h, counts, teachers); err != nil {
			return fmt.Errorf("%s, %s: %w", h.course, h.label, err)
		}
	}

	plan.offer(offering{
		course: "handlaggning-med-barnet-i-centrum", label: "hösten 2025", place: FalunRoom, capacity: 24, minimum: 10, seats: 5, level: "ny",
		days:      []clock.Day{d25(10, 21), d25(10, 22), d25(11, 18), d25(11, 19)},
		team:      []Teacher{{plan.Cast.Trainers["B1"], trainer.Lead, true}, {plan.Cast.Trainers["F2"], trainer.Assistant, true}},
		cancelled: "För få anmälda",
	})
	return nil
}

// reconstruct lays out one round so that each day has its number of
// participants and so many attended every day as were approved. The others
// missed a day and had said so.
func (plan *Plan) reconstruct(h held, counts []int, teachers [][]Teacher) error {
	full := slices.Min(counts)
	if full < h.approved {
		return fmt.Errorf("%d approved, %d attended the smallest day", h.approved, full)
	}
	if len(counts) > 1 {
		full = h.approved
	}
	patterns := slices.Repeat([][]bool{slices.Repeat([]bool{true}, len(counts))}, full)
	left := make([]int, len(counts))
	for i := range counts {
		left[i] = counts[i] - full
	}
	for slices.Max(left) > 0 {
		days := make([]bool, len(counts))
		missed := false
		for i := range left {
			// The last of them stays away when the others were all attended.
			if days[i] = left[i] > 0 && (missed || i < len(left)-1); days[i] {
				left[i]--
			} else {
				missed = true
			}
		}
		patterns = append(patterns, days)
	}

	r := &Round{
		Course: h.course, Region: world.Dalarna, Label: h.label, Capacity: h.capacity, Minimum: 10,
		Signup: population.Workday(h.days[0] - 84), Until: population.Workday(h.days[0] - 21), Note: ReconstructionNote,
	}
	r.Published = &r.Signup
	confirmed := population.Workday(r.Until + 1)
	r.Confirmed = &confirmed
	for i, day := range h.days {
		r.Days = append(r.Days, &Day{Day: day, Place: FalunRoom, Held: true, Trainers: teachers[i]})
	}
	approvedOn := population.Workday(h.days[len(h.days)-1] + 7)
	var cast []*population.Person
	if h.level == "ny" && slices.Contains([]string{"handlaggning-med-barnet-i-centrum", "utsatthet-och-vald"}, h.course) &&
		plan.Cast.Employee.Taken[h.course] == 0 {
		cast = append(cast, plan.Cast.Employee)
	}
	who, err := plan.pick(r, len(patterns), h.level, cast)
	if err != nil {
		return err
	}
	for i, p := range who {
		s := plan.sit(r, p)
		for _, came := range patterns[i] {
			if came {
				s.mark(plan.cameMark(), "")
			} else {
				s.mark(round.Excused, plan.excuse())
			}
		}
		if i < h.approved {
			s.Approved = &approvedOn
		}
	}
	plan.Rounds = append(plan.Rounds, r)
	return nil
}
