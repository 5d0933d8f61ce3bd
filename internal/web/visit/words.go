package visit

import (
	"strconv"

	"yrkesresan/internal/cost"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/web/ui"
)

// FileSize is a size in words.
func (v *Visit) FileSize(size int64) string {
	if size >= 1<<20 {
		return v.T("material.megabytes", "Size", v.Lang.Decimal(float64(size)/(1<<20), 1))
	}
	return v.T("material.kilobytes", "Size", (size+1023)/1024)
}

func OnWhen(b bool) string {
	if b {
		return "on"
	}
	return ""
}

// Minutes is a time of day such as "09:30" in minutes after midnight.
func Minutes(s string) int {
	h, m, err := 0, 0, error(nil)
	if len(s) == len("09:30") {
		if h, err = strconv.Atoi(s[:2]); err == nil {
			m, err = strconv.Atoi(s[3:])
		}
	}
	if err != nil {
		return 0
	}
	return 60*h + m
}

// Hours is "09:00" and "16:00" as the language writes it.
func Hours(v *Visit, starts, ends string) string {
	return v.Lang.Hours(Minutes(starts), Minutes(ends))
}

// Words is a text in the visitor's language.
func (v *Visit) Words(w catalogue.Words) string { return w.In(v.Lang.Code()) }

// CostFigure is what days cost, with how many of them it is made of. Where none is
// known there is no amount to say: it would be taken for nothing.
func (v *Visit) CostFigure(label string, s cost.Sum) ui.Figure {
	f := ui.Figure{Label: label, Value: v.T("cost.unknown"), Note: v.T("cost.known_of", "Known", s.Known, "Count", s.Days)}
	if s.Known > 0 || s.Amount > 0 {
		f.Value = v.Lang.Money(s.Amount)
	}
	return f
}
