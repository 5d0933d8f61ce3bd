package privacy

import (
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/visit"
)

// auditDays are the first and the last day that are asked for: the last month unless told.
func auditDays(v *visit.Visit) (from, until clock.Day) {
	until = v.Day("until", v.Today)
	return min(v.Day("from", until-30), until), until
}

// nameOf is what somebody is called, for who may see them.
func nameOf(v *visit.Visit, personID int64) (string, error) {
	d, err := people.Get(v.Context(), v.Reader(), v.Viewer, personID, v.Today)
	return strings.TrimSpace(d.Name()), err
}
