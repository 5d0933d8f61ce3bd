// Package clock holds the product's two notions of time: an Instant, when
// something happened, and a Day, the civil date it counts for.
//
// Rules take time as an argument; only the commands and this package read the
// machine's clock.
package clock

import (
	"database/sql/driver"
	"fmt"
	"time"
	_ "time/tzdata" // a server without a zone database still keeps Swedish time
)

// Stockholm is the zone that every day of the product is counted in.
var Stockholm = mustZone("Europe/Stockholm")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// Clock tells the time. Production uses System; tests use Fixed.
type Clock func() Instant

// System is the machine's clock.
func System() Instant { return At(time.Now()) }

// Fixed is a clock that stands still.
func Fixed(t Instant) Clock { return func() Instant { return t } }

// Today is the Swedish day that the clock shows.
func (c Clock) Today() Day { return c().Day() }

// Instant is a moment as microseconds since 1970-01-01 UTC, the form in which
// both engines store it: PostgreSQL's timestamp would drop the offset silently.
type Instant int64

// At turns a time into an Instant; what is finer than a microsecond is cut.
func At(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Time is the moment in Swedish time.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).In(Stockholm) }

// Day is the Swedish day on which the moment falls.
func (i Instant) Day() Day { return DayOf(i.Time()) }

// Add moves the moment by d.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Microseconds()) }

// OldestKept is how long a device may have kept something and still tell when it
// was made: what a clock says of more is no time but a fault of the clock.
const OldestKept = 90 * 24 * time.Hour

// MadeAt is when something was made on a device that sent it now. made and sent are
// milliseconds of the device's own clock: how long ago it was is told by their
// difference, so that a clock that is wrong does no harm. What lies ahead, or
// longer back than OldestKept, is taken to be made now.
func MadeAt(now Instant, made, sent int64) Instant {
	ago := sent - made
	if sent < made || ago < 0 || ago > OldestKept.Milliseconds() {
		return now
	}
	return now.Add(-time.Duration(ago) * time.Millisecond)
}

// Day is a civil date, counted in days since 1970-01-01. It has no zone and no
// hour. In the database it is an ISO date (TEXT in SQLite, DATE in PostgreSQL).
type Day int32

// Date is the day year-month-day; values outside their range are normalised as
// time.Date does.
func Date(year int, month time.Month, day int) Day {
	// Unix days are whole in UTC and int32 holds some six million years.
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400) //nolint:gosec // see above
}

// DayOf is the date that t shows in its own zone.
func DayOf(t time.Time) Day { return Date(t.Date()) }

// ParseDay reads an ISO date such as "2025-12-31".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("read day %q: want YYYY-MM-DD", s)
	}
	return DayOf(t), nil
}

// YearEnd is the last day of the year.
func YearEnd(year int) Day { return Date(year, time.December, 31) }

// YearStart is the first day of the year.
func YearStart(year int) Day { return Date(year, time.January, 1) }

// Time is midnight UTC of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Date is the day's year, month and day of the month.
func (d Day) Date() (int, time.Month, int) { return d.Time().Date() }

// Year is the day's year.
func (d Day) Year() int { return d.Time().Year() }

// Weekday is the day's day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// AddDate moves the day by years, months and days as time.Time does.
func (d Day) AddDate(years, months, days int) Day {
	return DayOf(d.Time().AddDate(years, months, days))
}

// Start is the moment at which the day begins in Sweden.
func (d Day) Start() Instant { return d.At(0, 0) }

// At is the moment on the day when Swedish clocks show hour:minute.
func (d Day) At(hour, minute int) Instant {
	y, m, day := d.Date()
	return At(time.Date(y, m, day, hour, minute, 0, 0, Stockholm))
}

// Skips tells whether Swedish clocks never show hour:minute on the day: they go
// from 02:00 to 03:00 on the last Sunday of March.
func (d Day) Skips(hour, minute int) bool {
	shown := d.At(hour, minute).Time()
	return shown.Hour() != hour || shown.Minute() != minute
}

// String is the ISO form, "2025-12-31".
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// MarshalText gives the ISO form.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form.
func (d *Day) UnmarshalText(text []byte) error {
	day, err := ParseDay(string(text))
	if err == nil {
		*d = day
	}
	return err
}

// Value stores the day as an ISO date.
func (d Day) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads what either engine gives for a date.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return d.scanText(v)
	case []byte:
		return d.scanText(string(v))
	case time.Time:
		*d = DayOf(v)
		return nil
	}
	return fmt.Errorf("read day from %T", src)
}

func (d *Day) scanText(s string) error {
	if len(s) > len(time.DateOnly) {
		s = s[:len(time.DateOnly)]
	}
	return d.UnmarshalText([]byte(s))
}

// Period is a stretch of days, both ends included; no Until means it still runs.
type Period struct {
	From  Day
	Until *Day
}

// Holds tells whether the period covers the day.
func (p Period) Holds(day Day) bool { return p.From <= day && (p.Until == nil || day <= *p.Until) }
