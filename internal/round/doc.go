// Package round is courses as they are given: rounds (kursomgångar) with their
// course days. It holds the round's row, who sees it, its lock and its history;
// what happens to a round is in the packages above it: seat (sign-up), attendance
// (marks, approval) and planning (plan, publish, confirm, cancel).
//
// A round belongs to a region, or to none when it is national. It is planned,
// published, open for sign-up, closed, confirmed or cancelled, held day by day,
// and its participants are approved one by one. Where it stands (Status) is
// never stored: it follows from dated facts and the day on which one asks.
//
// An enrolment is somebody's seat. Every change of a round first updates the
// round's own row (Hold): that is the lock on both engines, so that seats never
// exceed the capacity and two attendance lists are saved one after the other,
// each whole. What changes is kept as events (Log).
//
// A mark is somebody's word about a day, and Counts says whose counts: the
// participant's own, a trainer's, or a later correction.
//
// A local round is one that a municipality, or a unit at the workplace, gives
// itself (Host). It is planned, changed and marked by those who plan there
// (access.PlanLocally), seen by those who work there (access.LocalRounds), carries
// no tariff, and counts among the rounds of no region.
//
// Who sees a round: those who manage it; when it is published, those whose
// region it is, and everybody if it is national; and always its trainers and
// participants. Who sees a participant: those who manage the round, its
// trainers, and those who may see the person's data by where they were employed
// on the round's first day. The trainers are named to all who see the round.
package round
