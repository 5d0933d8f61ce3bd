// Package text is how words that come from outside are made fit to keep: those
// that people type into forms, that other systems send, and that lie in files.
//
// What is kept is Unicode in form C without control characters, so that the same
// word is the same bytes whoever wrote it, a name cannot turn a line of a letter
// or a calendar into two, and both engines can store it. What a parser will call
// itself for again and again is bounded before the parser sees it.
package text
