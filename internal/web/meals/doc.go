// Package meals is what is ordered for a course day, and what somebody needs in order
// to take part (domain package catering).
package meals
