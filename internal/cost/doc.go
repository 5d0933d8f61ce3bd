// Package cost is what course days cost the region that gives them: the room,
// refreshments and lunch, excluding VAT.
//
// What is not written is not known, which is not the same as nothing: every sum says
// of how many days it is made. Only those who administer the region's money see or
// write it (access.Costs). Nothing is changed: each writing is a fact with its day
// and its writer, and the last one of a kind holds.
package cost
