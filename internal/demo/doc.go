// Package demo is the invented data set: people who never lived, in places that
// exist, whose records add up to what was really printed.
//
// It is made in two steps. A plan is pure: it reads the tables of data/ and a
// day, and gives every person, account, completion, answer, round and seat. Load
// then carries the plan out through the domain's own calls, as the people in it
// would have done. What is invented stands in a package each: the population,
// the courses' contents, the lessons, the rounds, their trainers, what the
// municipalities do themselves, and the surveys.
//
// What must add up, exactly and as of 2025-12-31: accounts per municipality,
// role and step in Barn och unga and Funktionshinder utförare, completions of
// BAS 1 to 4, the courses of 2025, their 17 course days with 303 participant-days,
// what was charged for them and what the trainer pot paid. The course days of
// 2025 are a reconstruction: one set of days under which the printed sums hold,
// and nobody knows whether the true one (data/README.md). As of 2026-05-12 the
// course evaluations add up, nationally: people elsewhere are among those who
// answered.
//
// Everything that happens in 2026 and later is invented freely. Spring 2026
// holds what 2025 hides: a no-show who is billed, somebody who attended and is
// not, a day with RSS trainers only, the managers' course with a tariff of its
// own, and somebody who changed municipality between two days of a round. The
// coming term is laid out around the day of loading, so that there is always
// something to do.
package demo
