// Package affiliation is which municipalities have joined the programme, and whether a
// municipality lets its region see the names of its people. Both are facts of a
// municipality with their days, in one table: what is said from a day on holds until
// something else is said from a later day. What nobody has said anything about holds: the
// sources tell how many have joined (279 of 290 in May 2026, S1:47) and not which.
//
// The national owner says who has joined, for the agreements are its own; whoever keeps
// agreements writes them here with Say. Whether names are seen is the municipality's
// decision, as the controller of its staff's data, and the region's where the municipality
// has no administrator. What follows from it is decided by package access alone: see
// access.Viewer.Nameless.
package affiliation
