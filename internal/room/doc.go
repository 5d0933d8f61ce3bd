// Package room is the rooms in which a region holds its course days: where they
// are, how many they seat, what stands in them, how one gets in, and what a day
// costs.
//
// A room is never deleted, for course days have been held in it: it is closed
// from a day on and can then no longer be booked. Rooms are for those who manage
// the region's rounds; for others there are none (fault.NotFound).
package room
