// Package trainer is those who teach: the team of a course in a region, and the
// course days that somebody holds.
//
// A trainer (utbildare) is employed by a municipality or an RSS, is recruited
// to the team of a course, becomes ready to teach it, and some day ends. Lead
// trainer (kursledare) is not a kind of trainer but a role on one course day.
// Who holds which day is the round's to decide.
package trainer
