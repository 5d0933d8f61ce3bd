package trainer

import (
	"regexp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
)

var timeOfDay = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// CheckHours tells what is wrong with the hours of a course day or a meeting, each
// a time of day in Sweden as "09:00": the fields are called starts and ends with the
// prefix before. Nothing begins or ends in the hour that the clocks skip when summer
// time begins, and nothing lasts over midnight: what does is two days.
func CheckHours(checks *fault.Checks, prefix string, day clock.Day, starts, ends string) {
	good := true
	for i, text := range []string{starts, ends} {
		field := [...]string{"starts", "ends"}[i]
		shown := timeOfDay.MatchString(text)
		checks.Require(shown, prefix+field, "round.time_wrong")
		skipped := shown && day.Skips(minutes(text)/60, minutes(text)%60)
		checks.Require(!skipped, prefix+field, "round.time_skipped", "Time", text)
		good = good && shown && !skipped
	}
	checks.Require(!good || starts < ends, prefix+"ends", "round.ends_before_start")
}
