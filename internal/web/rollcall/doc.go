// Package rollcall is attendance: the day's list, with and without a network, check-in
// by code, and one's own word about a local day (domain package attendance).
package rollcall
