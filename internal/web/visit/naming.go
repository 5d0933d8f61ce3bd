package visit

import (
	"slices"
	"strings"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/ui"
)

// NameErrors writes what a field is called before what is wrong with it, by the first
// that knows a name for it: so each line of the summary tells what it is about, and no
// two of a page with rows of the same fields are the same. What is said twice of one
// field is said once.
func (v *Visit) NameErrors(names ...func(fault.Field) string) {
	if v.Refused == nil {
		return
	}
	for i, field := range v.Refused.Fields {
		for _, name := range names {
			if called := name(field); called != "" {
				v.Errs[i].Text = v.T("fault.wrong_in", "Field", called, "Text", v.Errs[i].Text)
				break
			}
		}
	}
	var once ui.Errors
	for _, e := range v.Errs {
		if !slices.Contains(once, e) {
			once = append(once, e)
		}
	}
	v.Errs = once
}

// OfAnyField tells whether the message says nothing of the field that it is about.
func OfAnyField(key string) bool {
	switch key {
	case "round.text_too_long", "round.time_wrong", "workshop.number_wrong", "workshop.file_kind":
		return true
	}
	return strings.HasPrefix(key, "fault.") || strings.HasPrefix(key, "file.")
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

// Row names fields by the row that they stand in, and by their labels, too, where the
// message itself does not.
func Row(row string, fields ...ui.Field) func(fault.Field) string {
	label := Labelled(fields...)
	return func(wrong fault.Field) string {
		if !slices.ContainsFunc(fields, func(f ui.Field) bool { return f.Name == wrong.Name }) {
			return ""
		}
		if called := label(wrong); called != "" {
			return row + ", " + strings.ToLower(called)
		}
		return row
	}
}
