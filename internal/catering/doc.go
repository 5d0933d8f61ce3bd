// Package catering is what is ordered for a course day: coffee (fika) in the
// morning and the afternoon, lunch for the trainers, and the special diets; and
// what a participant or trainer needs in order to take part.
//
// Diets can tell of somebody's health or faith. So a need is told by the person
// alone, for one round at a time; those who manage the round see it with the
// name, since they order; the round's trainers see how many need what, without
// names; nobody else sees anything. Thirty days after the round's last day the
// needs are deleted (Forget).
//
// Needs and what is ordered in words are sealed (package sealing): the database alone tells
// nobody of them.
package catering
