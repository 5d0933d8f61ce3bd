package journey

import (
	"slices"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
)

// Stage is a part of the way through a journey: a step with its courses in their
// order. Of a journey without steps, or for somebody who has none in it, there is one
// stage, whose Step is empty.
type Stage struct {
	Step     catalogue.Step
	State    State
	PassedOn *clock.Day // when its gate was gone through; nil when somebody began after it
	Courses  []Course
}

// State is where a stage lies, seen from where somebody is.
type State string

// The states, in the order of the way.
const (
	Behind State = "behind"
	Here   State = "here"
	Ahead  State = "ahead"
)

// Done is how many of the stage's courses are completed.
func (s Stage) Done() (n int) {
	for _, c := range s.Courses {
		if c.CompletedOn != nil {
			n++
		}
	}
	return n
}

// Stages are the way through the journey of the step: steps are all of the journey in
// their order, passed the gates that somebody has gone through. Loose are the courses
// of the journey that belong to no step.
func (w Way) Stages(at Step, steps []catalogue.Step, passed []learning.Passed) (stages []Stage, loose []Course) {
	if at.StepID == 0 {
		steps = nil
	}
	state := Behind
	for _, step := range steps {
		stage := Stage{Step: step, State: state}
		if step.ID == at.StepID {
			stage.State, state = Here, Ahead
		}
		for _, p := range passed {
			if p.AccountID == at.AccountID && p.Step == step.Name && stage.State == Behind {
				stage.PassedOn = &p.On
			}
		}
		stages = append(stages, stage)
	}
	if state == Behind { // no step of theirs
		stages = []Stage{{State: Here}}
	}
	for _, id := range at.All {
		c := w.Known[id]
		belongs := false
		for i := range stages {
			if stages[i].Step.ID == 0 || slices.Contains(c.StepIDs, stages[i].Step.ID) {
				stages[i].Courses = append(stages[i].Courses, c)
				belongs = true
			}
		}
		if !belongs {
			loose = append(loose, c)
		}
	}
	return stages, loose
}
