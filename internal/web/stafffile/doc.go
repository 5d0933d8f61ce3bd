// Package stafffile is the pages on which a municipality's staff is read from the file
// of its personnel system: the file, what it would do, and what it has done.
package stafffile
