// Package audit keeps what was read and changed about a person: by whom or by which
// token, on whose behalf, when, and of what kind the fact was.
//
// An entry holds identities and kinds, never names or values, so that erasing somebody
// leaves the audit as it is, and so that whoever reads it learns no more than that
// something was done. Entries are only added: the database refuses to change or remove one.
// A job seals them in batches, each seal a hash of the one before it and the entries since,
// so that a change made behind the database's back is found (Verify).
//
// Changes are written by the functions that make them, in their transaction (Changed). Reads
// are written by the kernels of the doors, for the routes that say so (Recorder).
package audit
