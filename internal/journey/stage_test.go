package journey_test

import (
	"fmt"
	"strings"
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/learning"
)

func TestStagesLieAlongTheWay(t *testing.T) {
	day := clock.Date(2026, 3, 12)
	steps := []catalogue.Step{{ID: 1, Name: "Ny"}, {ID: 2, Name: "Van"}, {ID: 3, Name: "Erfaren"}}
	course := func(id int64, done bool, steps ...int64) journey.Course {
		c := journey.Course{Course: catalogue.Course{ID: id}, StepIDs: steps}
		if done {
			c.CompletedOn = &day
		}
		return c
	}
	known := map[int64]journey.Course{1: course(1, true, 1), 2: course(2, false, 1, 2), 3: course(3, false, 3), 4: course(4, false)}
	at := func(step int64) journey.Step {
		return journey.Step{StepStanding: learning.StepStanding{Gate: learning.Gate{AccountID: 7, StepID: step}}, All: []int64{1, 2, 3, 4}}
	}
	passed := []learning.Passed{{AccountID: 8, Step: "Van", On: day + 9}, {AccountID: 7, Step: "Ny", On: day}}
	tests := []struct {
		name  string
		at    journey.Step
		steps []catalogue.Step
		want  string
	}{
		{"in the first step nothing is behind", at(1), steps, "Ny here [1 2] 1 done, Van ahead [2] 0 done, Erfaren ahead [3] 0 done; loose [4]"},
		{"a gate that was gone through has its day", at(2), steps, "Ny behind since 2026-03-12 [1 2] 1 done, Van here [2] 0 done, Erfaren ahead [3] 0 done; loose [4]"},
		{"who began later has gone through no gate of theirs", at(3), steps, "Ny behind since 2026-03-12 [1 2] 1 done, Van behind [2] 0 done, Erfaren here [3] 0 done; loose [4]"},
		{"without a step the whole journey is one stage", at(0), steps, " here [1 2 3 4] 1 done; loose []"},
		{"a journey without steps is one stage", at(0), nil, " here [1 2 3 4] 1 done; loose []"},
		{"a step that the journey does not have is no stage", at(9), steps, " here [1 2 3 4] 1 done; loose []"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			stages, loose := journey.Way{Known: known}.Stages(test.at, test.steps, passed)
			ids := func(all []journey.Course) (ids []int64) {
				for _, c := range all {
					ids = append(ids, c.ID)
				}
				return ids
			}
			var words []string
			for _, s := range stages {
				word := fmt.Sprintf("%s %s", s.Step.Name, s.State)
				if s.PassedOn != nil {
					word += " since " + s.PassedOn.String()
				}
				words = append(words, fmt.Sprintf("%s %v %d done", word, ids(s.Courses), s.Done()))
			}
			if got := fmt.Sprintf("%s; loose %v", strings.Join(words, ", "), ids(loose)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
