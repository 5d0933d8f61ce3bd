package i18n

import (
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/money"
)

const (
	space  = "\u00a0" // no-break: a figure never parts from its unit
	minus  = "\u2212"
	enDash = "\u2013"
)

type format struct {
	thousands, decimal string
	percent            string
	weekdays           [7]string // from Sunday
	months             [12]string
	shortMonths        [12]string
}

var swedishFormat = format{
	thousands: space, decimal: ",", percent: space + "%",
	weekdays: [7]string{"sön", "mån", "tis", "ons", "tors", "fre", "lör"},
	months: [12]string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti",
		"september", "oktober", "november", "december"},
	shortMonths: [12]string{"jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"},
}

var englishFormat = format{
	thousands: ",", decimal: ".", percent: "%",
	weekdays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"},
	shortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// Number writes a whole number: "196 950", "196,950".
func (l *Lang) Number(n int64) string {
	return signed(n < 0, l.group(strings.TrimPrefix(strconv.FormatInt(n, 10), "-")))
}

// Decimal writes x rounded to as many decimals: "17,8".
func (l *Lang) Decimal(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	s, negative := strings.CutPrefix(s, "-")
	whole, part, _ := strings.Cut(s, ".")
	if strings.Trim(s, "0.") == "" {
		negative = false // no "−0,0"
	}
	out := l.group(whole)
	if part != "" {
		out += l.format.decimal + part
	}
	return signed(negative, out)
}

// ReadFigure reads what Number, Decimal, Percent and Money have written; unit is "%", the
// currency, or empty. Anything else is not ok.
func (l *Lang) ReadFigure(s string) (x float64, unit string, ok bool) {
	s, negative := strings.CutPrefix(s, minus)
	for _, u := range []string{strings.TrimPrefix(l.format.percent, space), "kr", "SEK"} {
		if text, found := strings.CutSuffix(s, u); found {
			s, unit = strings.TrimSuffix(text, space), u
		} else if text, found := strings.CutPrefix(s, u+space); found {
			s, unit = text, u
		}
	}
	if s == "" || strings.Trim(s, "0123456789"+l.format.thousands+l.format.decimal) != "" {
		return 0, "", false
	}
	x, err := strconv.ParseFloat(strings.Replace(strings.ReplaceAll(s, l.format.thousands, ""), l.format.decimal, ".", 1), 64)
	if negative {
		x = -x
	}
	return x, unit, err == nil
}

// Percent writes a percentage with as many decimals: Percent(89.56, 1) is "89,6 %".
func (l *Lang) Percent(percent float64, decimals int) string {
	return l.Decimal(percent, decimals) + l.format.percent
}

// Money writes an amount; its öre only when it is not whole: "196 950 kr",
// "1 234,50 kr", "SEK 196,950".
func (l *Lang) Money(amount money.Ore) string {
	ore := uint64(amount) //nolint:gosec // two's complement, so that the smallest amount has a magnitude too
	if amount < 0 {
		ore = -ore
	}
	figure := l.group(strconv.FormatUint(ore/100, 10))
	if rest := ore % 100; rest != 0 {
		figure += l.format.decimal + string([]byte{byte('0' + rest/10), byte('0' + rest%10)})
	}
	if l.code == "en" {
		return signed(amount < 0, "SEK"+space+figure)
	}
	return signed(amount < 0, figure) + space + "kr"
}

// Day writes "2 december 2025".
func (l *Lang) Day(d clock.Day) string {
	y, m, day := d.Date()
	return strconv.Itoa(day) + space + l.month(m) + " " + strconv.Itoa(y)
}

// ShortDay writes the day with its weekday: "tis 2 december 2025".
func (l *Lang) ShortDay(d clock.Day) string { return l.weekday(d) + " " + l.Day(d) }

// TinyDay writes "2 dec 2025", for narrow columns.
func (l *Lang) TinyDay(d clock.Day) string {
	y, m, day := d.Date()
	return strconv.Itoa(day) + space + l.format.shortMonths[m-1] + space + strconv.Itoa(y)
}

// DayTime writes "tis 2 december 2025 kl. 9.05", "Tue 2 December 2025, 09:05".
func (l *Lang) DayTime(t clock.Instant) string {
	at := t.Time()
	day := l.ShortDay(clock.DayOf(at))
	if l.code == "en" {
		return day + ", " + l.hour(at.Hour(), at.Minute())
	}
	return day + " kl." + space + l.hour(at.Hour(), at.Minute())
}

// DayHours writes a day with its hours, each given in minutes after midnight:
// "tis 2 december 2025 kl. 9–16", "Tue 2 December 2025, 09:00–16:00".
func (l *Lang) DayHours(d clock.Day, start, end int) string {
	if l.code == "en" {
		return l.ShortDay(d) + ", " + l.Hours(start, end)
	}
	return l.ShortDay(d) + " " + l.Hours(start, end)
}

// Hours writes a span within a day, in minutes after midnight: "kl. 9–16",
// "09:00–16:00".
func (l *Lang) Hours(start, end int) string {
	s := l.hour(start/60, start%60) + enDash + l.hour(end/60, end%60)
	if l.code == "en" {
		return s
	}
	return "kl." + space + s
}

// Clock writes a time of day, in minutes after midnight: "9.30", "09:30".
func (l *Lang) Clock(minutes int) string { return l.hour(minutes/60, minutes%60) }

// Days writes a range as short as it can be read: "2–5 december 2025",
// "30 november – 2 december 2025", and one day as itself.
func (l *Lang) Days(from, to clock.Day) string {
	if from == to {
		return l.Day(from)
	}
	y1, m1, d1 := from.Date()
	y2, m2, d2 := to.Date()
	switch {
	case y1 != y2:
		return l.Day(from) + " " + enDash + " " + l.Day(to)
	case m1 != m2:
		return strconv.Itoa(d1) + space + l.month(m1) + " " + enDash + " " + l.Day(to)
	}
	return strconv.Itoa(d1) + enDash + strconv.Itoa(d2) + space + l.month(m2) + " " + strconv.Itoa(y2)
}

// Range writes two numbers with an en dash: "11–22".
func (l *Lang) Range(from, to int64) string { return l.Number(from) + enDash + l.Number(to) }

// Month writes "december 2025".
func (l *Lang) Month(d clock.Day) string {
	y, m, _ := d.Date()
	return l.month(m) + " " + strconv.Itoa(y)
}

func (l *Lang) month(m time.Month) string { return l.format.months[m-1] }

func (l *Lang) weekday(d clock.Day) string { return l.format.weekdays[d.Weekday()] }

func (l *Lang) hour(hour, minute int) string {
	two := func(n int) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }
	if l.code == "en" {
		return two(hour) + ":" + two(minute)
	}
	if minute == 0 {
		return strconv.Itoa(hour)
	}
	return strconv.Itoa(hour) + "." + two(minute)
}

func signed(negative bool, s string) string {
	if negative {
		return minus + s
	}
	return s
}

// group sets the thousands apart in a string of digits.
func (l *Lang) group(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	first := len(digits) % 3
	b.WriteString(digits[:first])
	for i := first; i < len(digits); i += 3 {
		if i > 0 {
			b.WriteString(l.format.thousands)
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}
