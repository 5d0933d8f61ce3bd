// Package history reads in what a region did before it had the product, from files of three
// kinds: courses that people have completed, days of rounds with how many came, and answers to
// evaluations as sums. What is read in is a fact of its own, with the file that it came from: no
// seat is made of it, nobody is written to, and nothing is charged.
//
// A file is read into an import (Stage), row by row, each row with what would be done for it:
// that is what a preview shows. It is applied in short transactions (Run) and can be taken back.
// Of people a row keeps the number alone, never what the file called them.
package history
