package visit

import (
	"yrkesresan/internal/cost"
	"yrkesresan/internal/web/ui"
)

// CostFigure is what days cost, with how many of them it is made of. Where none is
// known there is no amount to say: it would be taken for nothing.
func (v *Visit) CostFigure(label string, s cost.Sum) ui.Figure {
	f := ui.Figure{Label: label, Value: v.T("cost.unknown"), Note: v.T("cost.known_of", "Known", s.Known, "Count", s.Days)}
	if s.Known > 0 || s.Amount > 0 {
		f.Value = v.Lang.Money(s.Amount)
	}
	return f
}
