package workshop

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/improvement"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/production"
	reviewing "yrkesresan/internal/review"
	"yrkesresan/internal/trial"
	webimprovement "yrkesresan/internal/web/improvement"
	"yrkesresan/internal/web/review"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Publication shows what will be published: what changed since the edition that
// is out, what keeps it from being published, and who is under way.
func Publication(v *visit.Visit) error {
	w, err := inWorkshop(v)
	if err != nil {
		return err
	}
	if w.draft == nil {
		return w.nothingToPublish()
	}
	c := &w.draft.Content
	values := url.Values{"changes.sv": {c.Changes["sv"]}, "changes.en": {c.Changes["en"]}}
	if w.Sent {
		values, c.Changes = w.PostForm, wordsOf(w.PostForm, "changes")
	}
	editions, err := catalogue.Editions(w.Context(), w.Reader(), w.course.ID)
	if err != nil {
		return err
	}
	underWay, err := learning.UnderWay(w.Context(), w.Reader(), w.Viewer, w.course)
	if err != nil {
		return err
	}
	number, err := catalogue.NextNumber(w.Context(), w.Reader(), w.course.ID)
	if err != nil {
		return err
	}
	people := 0
	for _, n := range underWay {
		people += n
	}
	title := w.T("workshop.publish_title", "Number", number)
	f := w.frame(title)
	f.Reading = true
	changed, err := w.lastChange()
	if err != nil {
		return err
	}
	var own ui.Errors // of this form; the rest are the draft's
	var missing []missingLine
	if fields := fault.Of(catalogue.Ready(w.Context(), w.Reader(), *w.draft, w.course)); fields != nil {
		for _, field := range fields.Fields {
			switch {
			case field.Name != "changes":
				missing = append(missing, missingLine{w.T(field.Key, field.Args...), w.place(field.Name)})
			case w.Refused != nil:
				own = append(own, ui.FieldError{Field: "changes.sv", Text: w.T(field.Key, field.Args...)})
			}
		}
	}
	w.Errs = own
	parts := []templ.Component{ui.PageHead{Title: title, Lead: w.T("workshop.publish_lead") + " " + changed}.View(w.Lang)}
	if len(missing) > 0 {
		return w.Page(f, append(parts, ui.Notice{Tone: ui.Caution, Text: w.T("workshop.not_ready", "Count", len(missing))}.View(w.Lang), missingList(missing))...)
	}
	if w.draft.BasedOn == nil {
		parts = append(parts, ui.Paragraph(w.T("workshop.first_content", "Count", len(c.Tasks))))
	} else {
		comparison, changed, err := w.comparison(*w.draft.BasedOn, editions)
		if err != nil {
			return err
		}
		parts = append(parts, comparison)
		if !changed {
			return w.Page(f, append(parts, ui.Action{Label: w.T("workshop.to_draft"), Href: w.path(), Kind: ui.Secondary}.View(w.Lang))...)
		}
	}
	sentence := w.T("workshop.nobody_under_way")
	if people > 0 {
		sentence = w.T("workshop.people_under_way", "Count", people)
	}
	form := ui.Form(w.path("publication"), w.T("workshop.publish", "Number", number), w.version(),
		ui.Field{Input: ui.TextareaInput, Name: "changes.sv", Label: w.T("workshop.changes_sv"), Hint: w.T("workshop.changes_hint"), Value: values.Get("changes.sv"), Error: w.Wrong("changes.sv"), Optional: w.draft.BasedOn == nil},
		ui.Field{Input: ui.TextareaInput, Name: "changes.en", Label: w.T("workshop.changes_en"), Value: values.Get("changes.en"), Optional: true},
	)
	form.Cancel = w.path()
	reviewed, reason, err := w.reviewed(values.Get("reason"))
	if err != nil {
		return err
	}
	promised, err := webimprovement.BeforePublication(w.Visit, w.course)
	if err != nil {
		return err
	}
	parts, form.Fields = slices.Concat(parts, reviewed, promised), append(form.Fields, reason...)
	if thin := c.Thin(w.course); len(thin) > 0 {
		if w.Refused != nil && values.Get("anyway") == "" {
			w.Errs = append(w.Errs, ui.FieldError{Field: "anyway", Text: w.T("workshop.say_anyway")})
		}
		for _, lack := range thin {
			parts = append(parts, ui.Notice{
				Tone: ui.Caution, Text: w.T("workshop.thin_" + lack), Action: &ui.Action{Label: w.T("workshop.mend_" + lack), Href: w.path(lack)},
			}.View(w.Lang))
		}
		form.Fields = append(form.Fields, ui.Field{Input: ui.CheckInput, Name: "anyway", Label: w.T("workshop.publish_anyway"), Value: values.Get("anyway"), Error: w.Wrong("anyway")})
	}
	return w.Page(f, append(parts,
		ui.Section("learners", w.T("workshop.learners"), ui.Paragraph(sentence)),
		ui.Section("form", w.T("workshop.publish_heading"), ui.Paragraph(w.T("workshop.publish_frozen")), form.View(w.Lang)))...)
}

// reviewed is what was said of the draft, and the question why it is published over it.
func (w *workshop) reviewed(reason string) (told []templ.Component, fields []ui.Field, err error) {
	told, asks, err := review.Before(w.Visit, w.course, w.draft.Version)
	if err != nil || asks == 0 {
		return told, nil, err
	}
	if w.Refused != nil && strings.TrimSpace(reason) == "" {
		w.Errs = append(w.Errs, ui.FieldError{Field: "reason", Text: w.T("review.reason_missing", "Count", asks)})
	}
	return told, []ui.Field{{Input: ui.TextareaInput, Name: "reason", Label: w.T("review.reason"), Hint: w.T("review.reason_hint"), Value: reason, Error: w.Wrong("reason")}}, nil
}

// nothingToPublish leads those who come back, or press twice, to the edition that
// they have just published.
func (w *workshop) nothingToPublish() error { return w.Redirect(w.path(), "notice.no_draft") }

// missingLine is something that keeps a draft from being published, and where
// it is mended.
type missingLine struct{ Text, Href string }

// place is the page of the place that a fault of Content.Check names.
func (w *workshop) place(name string) string {
	parts := strings.Split(name, ".")
	switch {
	case parts[0] == "tasks" && len(parts) >= 2:
		if n := numberOf(parts[1]); n >= 1 && n <= len(w.draft.Content.Tasks) {
			key := w.draft.Content.Tasks[n-1].Key
			if len(parts) == 4 {
				return w.path("tasks", key, "questions", parts[3])
			}
			return w.path("tasks", key)
		}
	case parts[0] == "pack" && len(parts) == 3:
		return w.path("pack", strings.ReplaceAll(parts[1], "_", "-"), parts[2])
	case parts[0] == "pack":
		return w.path("pack", "instructions", "1")
	case parts[0] == "media":
		return w.path("media")
	case parts[0] == "changes":
		return w.path("publication")
	case parts[0] == "about" || parts[0] == "rules":
		return w.path("about")
	}
	return w.path()
}

// numberOf is the number in a place; 0 when it is none.
func numberOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// comparison is what the draft changes in the edition that it began as, and
// whether it changes anything.
func (w *workshop) comparison(basedOn int64, editions []catalogue.Edition) (templ.Component, bool, error) {
	old, err := catalogue.ContentOf(w.Context(), w.Reader(), basedOn)
	if err != nil {
		return nil, false, err
	}
	number := 0
	for _, e := range editions {
		if e.ID == basedOn {
			number = e.Number
		}
	}
	c := w.draft.Content.Compare(old)
	t := ui.Table{
		ID: "comparison", Caption: w.T("workshop.compared", "Number", number), Dense: true,
		Columns: []ui.Column{{Label: w.T("workshop.what")}, {Label: w.T("workshop.how")}},
		Empty:   ui.Empty{Title: w.T("workshop.nothing_changed"), Text: w.T("workshop.nothing_changed_help")},
	}
	for _, change := range c.Tasks {
		var how []string
		for _, part := range change.Parts {
			how = append(how, w.T("workshop.part."+part))
		}
		tone := map[catalogue.Difference]ui.Tone{catalogue.Added: ui.Positive, catalogue.Removed: ui.Negative, catalogue.Changed: ui.Info}[change.What]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(w.Words(change.Task.Title)),
			{Tag: &ui.Tag{Word: w.T("workshop.difference." + string(change.What)), Tone: tone}, Note: strings.Join(how, ", ")},
		}})
	}
	for _, each := range []struct {
		changed bool
		what    string
	}{{c.About, w.T("workshop.about")}, {c.Rules, w.T("workshop.rules")}, {c.Pack, w.T("workshop.pack")}} {
		if each.changed {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(each.what), ui.Status(w.T("workshop.difference.changed"), ui.Info)}})
		}
	}
	return w.Table(t), !c.None(), nil
}

// Publish makes the draft the newest edition.
func Publish(v *visit.Visit) error {
	w, err := inWorkshop(v)
	if err != nil {
		return err
	}
	if w.draft == nil {
		return w.nothingToPublish()
	}
	var e catalogue.Edition
	err = v.Write(func(tx *db.Tx) error {
		c := w.draft.Content
		c.Changes = wordsOf(v.PostForm, "changes")
		if len(c.Thin(w.course)) > 0 && v.FormValue("anyway") == "" && catalogue.Ready(v.Context(), tx, catalogue.Draft{Content: c}, w.course) == nil {
			return fault.Invalid("anyway", "workshop.say_anyway")
		}
		version, err := catalogue.SaveDraft(v.Context(), tx, v.Viewer, w.course.ID, v.Number("version", -1), &c, v.Now)
		if err == nil {
			e, err = catalogue.Publish(v.Context(), tx, v.Viewer, w.course.ID, version, v.Now)
		}
		if err == nil {
			err = reviewing.Close(v.Context(), tx, v.Viewer, e, v.PostForm.Get("reason"), v.Now)
		}
		if err == nil {
			err = trial.Close(v.Context(), tx, v.Viewer, e.CourseID, e, v.Now)
		}
		if err == nil {
			err = production.Published(v.Context(), tx, v.Viewer, e, v.Now)
		}
		if err == nil {
			err = improvement.Published(v.Context(), tx, v.Viewer, e, v.Server.Site, v.Now)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.Redirect(w.path(), "notice.edition_published", v.Lang.Number(int64(e.Number)))
}
