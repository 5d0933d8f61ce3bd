package statistics

import "fmt"

// Tenths is a figure with one decimal, kept as whole tenths: 178 is 17.8.
type Tenths int64

// String writes the figure with a point and one decimal: "17.8".
func (t Tenths) String() string {
	if t < 0 {
		return "-" + (-t).String()
	}
	return fmt.Sprintf("%d.%d", t/10, t%10)
}

// MarshalJSON writes the figure as a number: 17.8.
func (t Tenths) MarshalJSON() ([]byte, error) { return []byte(t.String()), nil }

// Float is the figure as a number that a spreadsheet or a chart can take.
func (t Tenths) Float() float64 { return float64(t) / 10 }

// Share is part of whole in per cent, rounded half up; 0 of 0 is 0.0, as the
// annual report prints it.
func Share(part, whole int) Tenths { return ratio(100*part, whole) }

// Mean is sum divided by count, rounded half up; of nothing it is 0.0.
func Mean(sum, count int) Tenths { return ratio(sum, count) }

// ratio takes neither a negative part nor a negative whole.
func ratio(part, whole int) Tenths {
	if whole == 0 {
		return 0
	}
	return Tenths((20*part + whole) / (2 * whole))
}
