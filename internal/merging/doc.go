// Package merging makes one person of two rows that are the same human being, with their
// history whole, and takes it back when that was wrong.
//
// One of the two remains (kept), the other one is merged (gone). The row of who is gone
// stays: its number leads to who remains (people.Remaining), and what both have that can be
// there once only stays with it, such as the second completion of a course. All else becomes
// the remaining one's. What a merge does with each table stands in privacy.Places, so that a
// table about people that is not in the list fails its test.
//
// A merge is one transaction. Each row that it touches is written down (merger_row), and
// Split puts just these back, the last merge of somebody first: what has come since stays
// with who remains, what was changed since is left as it is, and told. A preview is the merge
// itself, rolled back.
//
// Who may: see access.MergePeople, for each employer of both. Whoever may sign in as the one
// can sign in as both afterwards, so it takes who may give each role that either holds, and
// nobody merges themselves. Nobody is in one place twice: two who were both present on the
// same course day are not one. A merge that would change a settled year is refused.
package merging
