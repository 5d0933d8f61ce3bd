// Package learning is how somebody learns, and what they have learnt: courses as
// they are taken, task by task, and completions of courses.
//
// Somebody takes a course in one edition (Study): the one that they have begun,
// else that of the round in which they have a seat, else the newest. How far they
// have come in a task is their Progress; each Touch of it is saved at once, and of
// two the later made stands. A quiz is done when it is handed in whole. A
// reflection is the learner's own until it is shared with the trainers. Deadlines
// are counted from the course days (Due). A course without course days is
// completed by its last required task.
//
// A completion says which person completed which course, in which edition, on
// which day, and where it comes from: a round's approval, a course given
// locally, the web, or an import. Somebody has completed a course at most once;
// a completion that was a mistake is revoked, not erased, and then the course
// can be completed again. It follows the person from employer to employer.
package learning
