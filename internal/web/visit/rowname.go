package visit

import (
	"slices"
	"strings"

	"yrkesresan/internal/web/ui"
)

// NameRow begins what is wrong with the fields of a row with the row's name, which
// the summary above a form does not show otherwise; with the field's name, too,
// where two of the row would say the same. A form that has no rows is one without
// a name. What is said twice of one field is said once.
func (v *Visit) NameRow(row string, fields ...ui.Field) {
	labels, said := map[string]string{}, map[string]int{}
	for _, f := range fields {
		labels[f.Name] = f.Label
	}
	var errs ui.Errors
	for _, e := range v.Errs {
		if slices.Contains(errs, e) {
			continue
		}
		errs = append(errs, e)
		if _, ours := labels[e.Field]; ours {
			said[e.Text]++
		}
	}
	for i, e := range errs {
		label, ours := labels[e.Field]
		switch {
		case !ours:
		case said[e.Text] == 1 && row != "":
			errs[i].Text = row + ": " + e.Text
		case said[e.Text] > 1 && row == "":
			errs[i].Text = label + ": " + e.Text
		case said[e.Text] > 1:
			errs[i].Text = row + ", " + strings.ToLower(label) + ": " + e.Text
		}
	}
	v.Errs = errs
}
