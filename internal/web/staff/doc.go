// Package staff is a manager's own staff against the courses of a journey.
package staff
