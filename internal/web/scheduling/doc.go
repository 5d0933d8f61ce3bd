// Package scheduling is planning: the year plan, the form of a round, rooms, demand, a
// municipality's own occasions (domain package planning).
package scheduling
