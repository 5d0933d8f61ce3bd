// Package report makes documents of figures: a region's annual report as
// tables, JSON, text and spreadsheet.
//
// The tables stand in the order of the annual report 2025 of Dalarna. Every
// number in them has a key (Cell.Key), the same in every language:
//
//	accounts.<journey>.<municipality|Totalt>.<column of the JSON>
//	completions.<journey>.<municipality|Totalt>.<course>         and ….share
//	courses.<course|total>.rounds, .course_days, .approved
//	course_days.count, .participant_days, .mean, .min, .max
//	variable_fee.charged
//	pot.days, pot.paid, pot.kept, pot.total.trainer_days
//	pot.<municipality>.trainers, .lead_trainers, .trainer_days, .amount
//	manager_survey.<number of the question>.<answer>             and ….total
//	evaluations.<name of the course>.<1 to 5, best first|total>
//	trainers.<ended|refused>.<reason|unsaid|total>
//	study_time.<vt|ht>.hours, .people, .had, .prepared           and .<municipality|own>.…
//	step_experience.<step>.<good|neither|bad|no_opinion|total>
//
// Journeys, courses and answers stand in keys as their slugs. By these keys a
// printed report (SavePrinted) is compared with the computed one, and what
// differs becomes the list of corrections: nothing in the code knows which
// printed sums are wrong. Values are in the smallest unit: pieces, öre, or
// tenths for per cent and means.
package report
