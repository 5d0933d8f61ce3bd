// Package planning is a round before and beside its days: the plan and what it
// clashes with, its changes, who holds which day, and the decisions to publish,
// confirm or cancel.
//
// Clashes advise and whoever plans decides. Of two who change the same plan the
// second is told (the round's version). Trainers are asked day by day and answer;
// who has declined holds the day no more. A local round is planned, published and
// filled in one (PlanLocal).
package planning
