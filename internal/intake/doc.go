// Package intake reads a municipality's staff from a file that its personnel
// system gives: who has come, who has changed, who has left.
//
// A file is read into an import (Stage), row by row, each row with what would be
// done for it; that is what a preview shows. Only then it is applied (Step), in
// short transactions, so that nobody else waits long, by whoever calls Step: the
// command, the page's job, the job that goes on after the program was killed.
// Those who come are kept back (employment.import_id) until the last of them
// is there, and are then seen all at once.
package intake
