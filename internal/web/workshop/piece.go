package workshop

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"mime/multipart"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// piece is a part of a draft that has a form of its own: a task, a question, a
// row of the run sheet. All that stands in its form is values, so that what was
// typed comes back as it was. The form carries a stamp of the values as they
// were when it was opened: two producers can write in one draft at the same
// time, and only the second of two in the same piece is told.
type piece struct {
	title, lead string
	crumbs      []ui.Crumb
	action      string // where the form is sent
	back        string // where one goes then, and to cancel
	notice      string
	fresh       bool // it is not in the draft yet

	values func(c *catalogue.Content) (url.Values, bool) // false when it has gone from the draft
	form   func(f *pieceForm) []templ.Component
	apply  func(c *catalogue.Content, in url.Values, checks *fault.Checks) // what a form says, into the draft
	after  func(c *catalogue.Content) string                               // where one goes then, nil for back
	more   func(f *pieceForm) []templ.Component                            // beneath the form
}

// pieceForm is the form as it is shown.
type pieceForm struct {
	*workshop
	piece
	in     url.Values
	seen   string
	labels map[string]string // of the fields, by name
	stale  []visit.Difference
}

// stamp tells values apart.
func stamp(values url.Values) string {
	sum := sha256.Sum256([]byte(values.Encode()))
	return hex.EncodeToString(sum[:8])
}

// show answers with the piece's form, as it stands in the draft or as it was sent.
func (w *workshop) show(p piece) error {
	values, there := p.values(&w.draft.Content)
	if !there {
		return fault.NotFound
	}
	f := pieceForm{workshop: w, piece: p, in: values, seen: stamp(values)}
	if w.Sent {
		f.in, f.seen = w.PostForm, w.PostForm.Get("seen")
	}
	if w.RefusedAs(errPieceChanged) {
		f.compare(values)
	}
	return f.page()
}

// save puts what was sent into the draft.
func (w *workshop) save(p piece) error {
	files, err := receiveForm(w.Visit)
	if err != nil {
		return err
	}
	if w.PostForm.Get("do") == "more" { // rows were asked for
		return w.Again()
	}
	if files.refused != nil {
		return files.refused
	}
	var after string
	if err := w.Write(func(tx *db.Tx) error {
		draft, err := catalogue.DraftOf(w.Context(), tx, w.Viewer, w.course.ID)
		if err != nil {
			return err
		}
		now, there := p.values(&draft.Content)
		if !there {
			return errPieceGone
		}
		if !p.fresh && stamp(now) != w.PostForm.Get("seen") {
			return errPieceChanged
		}
		in, err := w.keepFiles(tx, &draft.Content, files)
		if err != nil {
			return err
		}
		var checks fault.Checks
		p.apply(&draft.Content, in, &checks)
		if err := checks.Err(); err != nil {
			return err
		}
		_, err = catalogue.SaveDraft(w.Context(), tx, w.Viewer, w.course.ID, draft.Version, &draft.Content, w.Now)
		if after = p.back; p.after != nil {
			after = p.after(&draft.Content)
		}
		return err
	}); err != nil {
		return err
	}
	return w.Redirect(after, p.notice)
}

// keepFiles puts the files that came with a form into the draft, and gives what the
// form says, with their names where they were asked for.
func (w *workshop) keepFiles(tx *db.Tx, c *catalogue.Content, files uploaded) (url.Values, error) {
	in := maps.Clone(w.PostForm)
	for field, each := range files.received {
		name := c.MediaNameFor(each.Name())
		id, err := file.Add(w.Context(), tx, each, w.Viewer.ActorID(), w.Now)
		if err != nil {
			return nil, err
		}
		if c.Media == nil {
			c.Media = map[string]int64{}
		}
		c.Media[name] = id
		in.Set(strings.TrimSuffix(field, fileSuffix), name)
	}
	return in, nil
}

var (
	errPieceChanged = fault.Conflict("workshop.piece_changed")
	errPieceGone    = fault.Conflict("workshop.piece_gone")
)

// compare lists what stands saved beside what was typed, and lets the next save
// be of the piece as it stands now: knowingly.
func (f *pieceForm) compare(saved url.Values) {
	names := map[string]bool{}
	for name := range saved {
		names[name] = true
	}
	for name := range f.in {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if was, is := strings.TrimSpace(saved.Get(name)), f.in.Get(name); was != is {
			f.stale = append(f.stale, visit.Difference{What: name, Saved: was, Typed: is})
		}
	}
	f.seen = stamp(saved)
}

func (f *pieceForm) page() error {
	f.labels = map[string]string{}
	fields := f.form(f)
	frame := f.frame(f.title, f.crumbs...)
	f.nameErrors()
	var parts []templ.Component
	t := ui.Table{
		ID: "stale", Caption: f.T("workshop.stale"), Note: f.T("workshop.stale_note"),
		Columns: []ui.Column{{Label: f.T("plan.stale_what")}, {Label: f.T("plan.stale_saved")}, {Label: f.T("plan.stale_typed")}},
	}
	for _, d := range f.stale {
		if label := f.labels[d.What]; label != "" {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(label), ui.Text(d.Saved), ui.Text(d.Typed)}})
		}
	}
	if len(t.Rows) > 0 {
		parts = append(parts, t.View(f.Lang))
	}
	head := ui.PageHead{Title: f.title, Lead: f.lead}
	parts = append(parts, head.View(f.Lang), ui.Fold(f.T("workshop.markdown_question"), ui.Paragraph(f.T("workshop.markdown"))), pieceView(f, fields))
	if f.more != nil && f.Refused == nil {
		parts = append(parts, f.more(f)...)
	}
	return f.Page(frame, parts...)
}

// nameErrors names the fields by their labels, which are known when the form is made.
func (f *pieceForm) nameErrors() {
	f.NameErrors(func(wrong fault.Field) string {
		if visit.OfAnyField(wrong.Key) {
			return f.labels[wrong.Name]
		}
		return ""
	})
}

// field is a question of the form.
func (f *pieceForm) field(field ui.Field) templ.Component {
	f.labels[field.Name] = field.Label
	field.Value, field.Error = f.in.Get(field.Name), f.Wrong(field.Name)
	return field.View(f.Lang)
}

// pair is a text in each language, side by side.
func (f *pieceForm) pair(input ui.Input, name, label, hint string, optional bool) templ.Component {
	fields := make([]templ.Component, len(catalogue.Languages))
	for i, language := range catalogue.Languages {
		field := ui.Field{Input: input, Name: name + "." + language, Label: label + " – " + f.T("workshop.language."+language), Hint: hint, Optional: optional || i > 0}
		if i > 0 && !f.fresh && f.in.Get(name+"."+catalogue.Languages[0]) != "" && f.in.Get(field.Name) == "" {
			field.Label = f.T("workshop.lacks_in", "What", label, "Language", f.T("workshop.language."+language))
		}
		fields[i] = f.field(field)
	}
	return sideBySide(fields)
}

// fileSuffix ends the name of a field with a file; the field before it names one
// that is there.
const fileSuffix = "_file"

// file asks for a file of the draft: one that is there, or a new one.
// What must be there before the course is published is not called optional.
func (f *pieceForm) file(name, label string, kinds []string, optional bool) templ.Component {
	options := []ui.Option{{Label: f.T("workshop.no_file")}}
	for _, each := range slices.Sorted(maps.Keys(f.draft.Content.Media)) {
		if slices.Contains(kinds, path.Ext(each)) {
			options = append(options, ui.Option{Value: each, Label: each})
		}
	}
	most := int64(0)
	for _, kind := range kinds {
		most = max(most, file.Limit(kind))
	}
	upload := ui.Field{
		Input: ui.FileInput, Name: name + fileSuffix, Label: f.T("workshop.upload", "What", label), Accept: strings.Join(kinds, ","), Optional: optional,
		Hint: f.T("workshop.upload_hint", "Kinds", strings.Join(kinds, ", "), "Max", most>>20),
	}
	if len(options) == 1 {
		return f.field(upload)
	}
	choose := ui.Field{Input: ui.SelectInput, Name: name, Label: f.T("workshop.choose_file", "What", label), Hint: f.T("workshop.choose_hint"), Options: options, Optional: optional}
	return sideBySide([]templ.Component{f.field(choose), f.field(upload)})
}

// uploaded are the files that came with a form.
type uploaded struct {
	received map[string]file.Received
	refused  error // what is wrong with one of them, by its field
}

// receiveForm reads the form that was sent, part by part when it brings files.
// What was typed stands in PostForm afterwards.
func receiveForm(v *visit.Visit) (u uploaded, err error) {
	u.received = map[string]file.Received{}
	v.TakeTime()
	err = v.ReadParts(func(name string, part *multipart.Part) error {
		content, err := v.Server.Files.Receive(part.FileName(), part)
		if f := fault.Of(err); f != nil {
			u.refused = fault.Invalid(name, f.Fields[0].Key, f.Fields[0].Args...)
			return nil //nolint:nilerr // it is said when the rest of the form is read
		}
		u.received[name] = content
		return err
	})
	return u, err
}

// wordsOf is a text in each language, as a form says it.
func wordsOf(in url.Values, name string) catalogue.Words {
	w := catalogue.Words{}
	for _, language := range catalogue.Languages {
		if s := in.Get(name + "." + language); s != "" {
			w[language] = s
		}
	}
	if len(w) == 0 {
		return nil
	}
	return w
}

// setWords puts a text into a form.
func setWords(in url.Values, name string, w catalogue.Words) {
	for _, language := range catalogue.Languages {
		in.Set(name+"."+language, w[language])
	}
}

// number reads a whole number that may be left out.
func number(in url.Values, name string, most int, checks *fault.Checks) int {
	text := strings.TrimSpace(in.Get(name))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	checks.Require(err == nil && n >= 0 && n <= most, name, "workshop.number_wrong", "Max", most)
	return n
}

func inFigures(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// needsTitle notes a title that is missing in the first language.
func needsTitle(w catalogue.Words, checks *fault.Checks) {
	checks.Require(w[catalogue.Languages[0]] != "", "title."+catalogue.Languages[0], "workshop.title_missing")
}

// needsKind notes a file that is not of the kinds.
func needsKind(c *catalogue.Content, in url.Values, name string, kinds []string, checks *fault.Checks) string {
	media := in.Get(name)
	checks.Require(media == "" || c.Media[media] != 0 && slices.Contains(kinds, path.Ext(media)), name+fileSuffix, "workshop.file_kind", "Kinds", strings.Join(kinds, ", "))
	return media
}

// change carries out what a button does to the draft whose version the form
// carries, and goes back.
func (w *workshop) change(back, notice string, do func(c *catalogue.Content)) error {
	version := w.Number("version", -1)
	if version != w.draft.Version {
		return fault.Conflict("workshop.changed_meanwhile")
	}
	c := w.draft.Content
	do(&c)
	if err := w.Write(func(tx *db.Tx) error {
		_, err := catalogue.SaveDraft(w.Context(), tx, w.Viewer, w.course.ID, version, &c, w.Now)
		return err
	}); err != nil {
		return err
	}
	return w.Redirect(back, notice)
}

// step is which way a button moves something.
func step(v *visit.Visit) int {
	if v.PostForm.Get("do") == "down" {
		return 1
	}
	return -1
}

// swap lets the i-th of a list change places with its neighbour.
func swap[T any](all []T, i, by int) []T {
	j := i + by
	if i < 0 || i >= len(all) || j < 0 || j >= len(all) {
		return all
	}
	all = slices.Clone(all)
	all[i], all[j] = all[j], all[i]
	return all
}

// without is the list without its i-th.
func without[T any](all []T, i int) []T {
	if i < 0 || i >= len(all) {
		return all
	}
	return slices.Delete(slices.Clone(all), i, i+1)
}
