// Package lifetime is for how long what the catalogue holds is taken: which edition of
// a course stands on a day, and whether the course holds.
//
// A withdrawn edition is begun by nobody new; those who have begun it go on. A course
// without an edition that stands is as one that was never published: nobody is asked for
// it, and rounds that are there are held. A retired course is demanded of nobody from its
// first day without it: no new round begins then, nobody new signs up, and what has been
// promised is held. All of it is dated and can be undone, and no day that has been changes
// by it.
//
// The conditions (condition.go) are the one answer to both: every list of courses that
// somebody should take, and every choice of an edition, asks them. Their arguments are
// SQL: a column, or an argument as "$1".
package lifetime
