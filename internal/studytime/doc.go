// Package studytime is time to learn during working hours. An employer sets it aside before and
// after a course day, for those who have a seat, and before a day for who teaches it; the person
// says afterwards whether they got it. Managers must give time for preparation and follow-up
// (annual report 2025, S1:58), and trainers end because they find none (S1:213–215).
//
// A time hangs on its course day. When the day is cancelled or moves to the wrong side of it, when
// the seat is given up, or the employment ends before, the time no longer holds: it stays to be
// read, with the reason, and asks nobody anything. What was answered before stays answered.
//
// How much of the time came to be is told as sums of a term that is over, and each sum is of five
// people at least (Atoms). The hours of each person are read by those who plan their time, and are
// what a project with outside money accounts for (S1:164).
package studytime
