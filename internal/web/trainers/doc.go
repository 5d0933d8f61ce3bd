// Package trainers is the pages for and about trainers: the team, who holds which day,
// one's own days, meetings, calendars.
package trainers
