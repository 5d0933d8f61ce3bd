package visit

import (
	"slices"
	"strings"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/ui"
)

// NameErrors writes what a field is called before what is wrong with it, where name
// knows: so each line of the summary tells what it is about, and no two of a page
// with rows of the same fields are the same.
func (v *Visit) NameErrors(name func(fault.Field) string) {
	if v.Refused == nil {
		return
	}
	for i, field := range v.Refused.Fields {
		if called := name(field); called != "" {
			v.Errs[i].Text = v.T("fault.wrong_in", "Field", called, "Text", v.Errs[i].Text)
		}
	}
}

// OfAnyField tells whether the message says nothing of the field that it is about.
func OfAnyField(key string) bool {
	switch key {
	case "fault.day", "fault.too_long", "round.text_too_long", "round.time_wrong", "workshop.number_wrong", "workshop.file_kind":
		return true
	}
	return strings.HasPrefix(key, "file.")
}

// Labelled names fields by their labels, where the message itself does not.
func Labelled(fields ...ui.Field) func(fault.Field) string {
	return func(wrong fault.Field) string {
		for _, f := range fields {
			if f.Name == wrong.Name && OfAnyField(wrong.Key) {
				return f.Label
			}
		}
		return ""
	}
}

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
