// Package circular is what the national owner writes to the administrators of regions.
//
// A circular has a subject and a text in Markdown, and is for all regions or for those
// chosen. Whoever administers one of them on the day gets a letter of their own: one,
// also with several regions, and nobody's address is shown to anybody. It can be read in
// the product by those who administer one of its regions, whenever they came to it.
//
// What each recipient got is a letter of package letter, which sends it and notes what
// came back. A region without anybody to write to stands among those that it is for, so
// that it is told who was not reached.
package circular
