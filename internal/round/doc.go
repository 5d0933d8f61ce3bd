// Package round is courses as they are given: rounds (kursomgångar) with their
// course days, seats, attendance and approval.
//
// A round belongs to a region, or to none when it is national. It is planned,
// published, open for sign-up, closed, confirmed or cancelled, held day by day,
// and its participants are approved one by one. Where it stands (Status) is
// never stored: it follows from dated facts and the day on which one asks.
//
// An enrolment is somebody's seat. Every change of a round first updates the
// round's own row: that is the lock on both engines, so that seats never exceed
// the capacity and two attendance lists are saved one after the other, each
// whole.
//
// Attendance is a mark per day and enrolment: present, late, excused or absent;
// present and late are attended. A mark is somebody's word, and Counts says whose
// counts: the participant's own, who checks in by a code on the screen in the
// room (CheckIn), a trainer's, who keeps the list (SaveAttendance, or SaveMarks
// for one touch at a time, which may have waited for a network), or a later
// correction, which has a reason. A day is held when the whole list has once been
// given by those who keep it; later changes are kept as events with the old mark
// and the new one.
// Approval asks for attendance on every day, or for a reason, and gives the
// completion (package learning) in the same transaction. To attend some days
// and not be approved is normal.
//
// A local round is one that a municipality, or a unit at the workplace, gives
// itself (Host). It is planned, changed and marked by those who plan there
// (access.PlanLocally), seen by those who work there (access.LocalRounds), carries
// no tariff, and counts among the rounds of no region. It is published and
// confirmed in one (PlanLocal). Its participants say themselves that they were
// there (Report), and nobody approves them: the course is completed by rule
// (fulfil), and the completion follows the attendance.
//
// Who sees a round: those who manage it; when it is published, those whose
// region it is, and everybody if it is national; and always its trainers and
// participants. Who sees a participant: those who manage the round, its
// trainers, and those who may see the person's data by where they were employed
// on the round's first day. The trainers are named to all who see the round.
package round
