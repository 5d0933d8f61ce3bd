// Package learning is what somebody has learnt: completions of courses.
//
// A completion says which person completed which course, in which edition, on
// which day, and where it comes from: a round's approval, a course given
// locally, the web, or an import. Somebody has completed a course at most once;
// a completion that was a mistake is revoked, not erased, and then the course
// can be completed again. It follows the person from employer to employer.
package learning
