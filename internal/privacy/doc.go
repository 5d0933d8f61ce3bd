// Package privacy answers for what is kept about people as a whole: which places hold
// something about a person (Places), all of it as one document for themselves (Own), who may
// see what of them (Sights), erasing them (Erase), and what is forgotten by itself in time
// (Retain).
//
// Both the document and the erasure go by the list of places. A test fails when a migration
// adds a table or a column that is not in it.
//
// Who is erased stays as a row without a name, "Borttagen person": seats and course days that
// were charged or paid must add up for as long as the law on accounting asks, and figures of
// years that have been printed must stay what they were. The audit stays as it is; it holds
// numbers only.
package privacy
