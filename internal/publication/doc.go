// Package publication is which answers to surveys are shown, and since when.
//
// Answers are not shown as they come in: they are published, on fixed days. What
// a page, a report or a file shows of a question, whatever its day, are the
// answers of the last publication before it. A publication adds answers to the
// figure of the country and to those of the regions, or leaves a figure as it was
// and lets the rest wait for the next (Advance). What it has added is kept: it is
// the same whichever day one asks, and nothing that happens later changes it.
//
// An answer belongs to the region where the person was employed on the day of the
// answer (domain.md, "Surveys"). Why this keeps every answer among five is told
// in docs/decisions/small-groups.md.
package publication
