// Package entry is the ways in and out: signing in by letter, the role that one acts
// in, the language, the demo's picker, and the keys of other systems.
package entry
