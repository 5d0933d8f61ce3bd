package workshop

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/trainerpack"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// packParts are the lists of a trainer pack, as its addresses call them.
var packParts = []string{"run-sheet", "exercises", "slides", "films"}

// packList is one of the lists of a pack: how long it is, what its rows are
// called, and what one can do with them.
type packList struct {
	titles []catalogue.Words
	notes  []string
	swap   func(i, by int)
	remove func(i int)
}

func (w *workshop) packList(c *catalogue.Content, part string) (l packList) {
	p := &c.Pack
	switch part {
	case "run-sheet":
		for _, item := range p.RunSheet {
			l.titles = append(l.titles, item.Title)
			l.notes = append(l.notes, w.T("workshop.item_when", "Day", item.Day, "Starts", strings.Replace(item.Starts, ":", ".", 1), "Minutes", item.Minutes))
		}
		l.swap = func(i, by int) { p.RunSheet = swap(p.RunSheet, i, by) }
		l.remove = func(i int) { p.RunSheet = without(p.RunSheet, i) }
	case "exercises":
		for _, e := range p.Exercises {
			l.titles = append(l.titles, e.Title)
			l.notes = append(l.notes, trainerpack.MinutesText(w.Visit, e.Minutes))
		}
		l.swap = func(i, by int) { p.Exercises = swap(p.Exercises, i, by) }
		l.remove = func(i int) { p.Exercises = without(p.Exercises, i) }
	case "slides":
		for _, s := range p.Slides {
			l.titles = append(l.titles, s.Title)
			l.notes = append(l.notes, s.Media)
		}
		l.swap = func(i, by int) { p.Slides = swap(p.Slides, i, by) }
		l.remove = func(i int) { p.Slides = without(p.Slides, i) }
	case "films":
		for _, f := range p.Films {
			l.titles = append(l.titles, f.Title)
			l.notes = append(l.notes, f.Media)
		}
		l.swap = func(i, by int) { p.Films = swap(p.Films, i, by) }
		l.remove = func(i int) { p.Films = without(p.Films, i) }
	}
	return l
}

// DraftPack is the draft's trainer pack to work in.
func DraftPack(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	title := w.T("workshop.pack")
	instructions := w.T("workshop.instructions_missing")
	if w.draft.Content.Pack.Instructions.In("sv") != "" {
		instructions = w.T("workshop.instructions_there")
	}
	parts := []templ.Component{
		ui.PageHead{Title: title, Lead: w.T("workshop.pack_lead"), Others: []ui.Action{{Label: w.T("workshop.see_pack"), Href: w.path("preview-pack"), Kind: ui.Secondary}}}.View(v.Lang),
		ui.Summary{{Term: w.T("workshop.instructions"), Value: instructions, Change: w.path("pack", "instructions", "1")}}.View(v.Lang),
	}
	for _, part := range packParts {
		list := w.packList(&w.draft.Content, part)
		t := ui.Table{
			ID: part, Caption: w.T("workshop.part_of." + part), QuietTitle: true, Dense: true,
			Columns: []ui.Column{{Label: w.T("workshop.what")}, {Label: w.T("workshop.note_of." + part)}, {Label: w.T("workshop.languages")}, {Label: w.T("workshop.order"), Action: true}},
			Empty:   ui.Empty{Title: w.T("workshop.none_of." + part), Text: w.T("workshop.none_help." + part)},
		}
		for i, title := range list.titles {
			n := strconv.Itoa(i + 1)
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
				ui.Link(w.Words(title), w.path("pack", part, n)), ui.Text(list.notes[i]), ui.Text(w.languages(title)),
				{Slot: moves(w, w.path("pack", part, n, "position"), w.Words(title), i > 0, i < len(list.titles)-1)},
			}})
		}
		parts = append(parts, ui.Section(part+"-heading", w.T("workshop.part_of."+part), t.View(v.Lang),
			ui.Action{Label: w.T("workshop.add_to." + part), Href: w.path("pack", part, "new"), Kind: ui.Secondary}.View(v.Lang)))
	}
	return v.Page(w.frame(title), parts...)
}

// packItemInDraft is the part of the pack in the address and the place in it,
// from 0; -1 for a new one.
func packItemInDraft(v *visit.Visit) (w *workshop, part string, i int, err error) {
	if w, err = inDraft(v); err != nil {
		return nil, "", 0, err
	}
	part = v.PathValue("part")
	if part == "instructions" && v.PathValue("item") == "1" {
		return w, part, 0, nil
	}
	if !slices.Contains(packParts, part) {
		return nil, "", 0, fault.NotFound
	}
	if v.PathValue("item") == "new" {
		return w, part, -1, nil
	}
	n, err := strconv.Atoi(v.PathValue("item"))
	if err != nil || n < 1 || n > len(w.packList(&w.draft.Content, part).titles) {
		return nil, "", 0, fault.NotFound
	}
	return w, part, n - 1, nil
}

func DraftPackItem(v *visit.Visit) error {
	w, part, i, err := packItemInDraft(v)
	if err != nil {
		return err
	}
	return w.show(w.packItem(part, i))
}

func SavePackItem(v *visit.Visit) error {
	w, part, i, err := packItemInDraft(v)
	if err != nil {
		return err
	}
	return w.save(w.packItem(part, i))
}

func MovePackItem(v *visit.Visit) error {
	w, part, i, err := packItemInDraft(v)
	if err != nil {
		return err
	}
	if part == "instructions" {
		return fault.NotFound
	}
	return w.change(w.path("pack")+"#"+part+"-heading", "", func(c *catalogue.Content) { w.packList(c, part).swap(i, step(v)) })
}

func RemovePackItem(v *visit.Visit) error {
	w, part, i, err := packItemInDraft(v)
	if err != nil {
		return err
	}
	if part == "instructions" {
		return fault.NotFound
	}
	return w.change(w.path("pack"), "notice.pack_item_removed", func(c *catalogue.Content) { w.packList(c, part).remove(i) })
}

// packItem is the form of a part of the pack.
func (w *workshop) packItem(part string, i int) piece {
	p := piece{
		title: w.T("workshop.item_of." + part), back: w.path("pack"), notice: "notice.pack_saved",
		action: w.path("pack", part, strconv.Itoa(i+1)), crumbs: []ui.Crumb{{Label: w.T("workshop.pack"), Href: w.path("pack")}},
	}
	if i < 0 {
		p.action, p.fresh = w.path("pack", part, "new"), true
	}
	switch part {
	case "instructions":
		w.instructions(&p)
	case "run-sheet":
		w.runSheetItem(&p, i)
	case "exercises":
		w.exercise(&p, i)
	case "slides":
		w.slides(&p, i)
	case "films":
		w.helpFilm(&p, i)
	}
	if i >= 0 && part != "instructions" {
		p.more = func(f *pieceForm) []templ.Component {
			return []templ.Component{ui.Action{Label: f.T("workshop.remove_item"), Href: w.path("pack", part, strconv.Itoa(i+1), "removal"), Post: true, Kind: ui.Secondary, Hidden: w.version()}.View(f.Lang)}
		}
	}
	return p
}

// at is the i-th of a list, or the empty value for -1; false when it has gone.
func at[T any](all []T, i int) (each T, there bool) {
	if i < 0 {
		return each, true
	}
	if i >= len(all) {
		return each, false
	}
	return all[i], true
}

// put is the list with the value as its i-th, or last for -1.
func put[T any](all []T, i int, each T) []T {
	all = slices.Clone(all)
	if i < 0 {
		return append(all, each)
	}
	all[i] = each
	return all
}

func (w *workshop) instructions(p *piece) {
	p.lead = w.T("workshop.instructions_lead")
	p.values = func(c *catalogue.Content) (url.Values, bool) {
		in := url.Values{}
		setWords(in, "text", c.Pack.Instructions)
		return in, true
	}
	p.form = func(f *pieceForm) []templ.Component {
		return []templ.Component{f.pair(ui.TextareaInput, "text", w.T("workshop.instructions"), "", true)}
	}
	p.apply = func(c *catalogue.Content, in url.Values, _ *fault.Checks) { c.Pack.Instructions = wordsOf(in, "text") }
}

func (w *workshop) runSheetItem(p *piece, i int) {
	p.values = func(c *catalogue.Content) (url.Values, bool) {
		item, there := at(c.Pack.RunSheet, i)
		if i < 0 { // goes on where the last row ends
			item.Day, item.Starts = 1, "09:00"
			if n := len(c.Pack.RunSheet); n > 0 {
				last := c.Pack.RunSheet[n-1]
				item.Day, item.Starts = last.Day, last.Ends()
			}
		}
		in := url.Values{
			"day": {inFigures(item.Day)}, "starts": {item.Starts}, "minutes": {inFigures(item.Minutes)},
			"kind": {string(cmp.Or(item.Kind, catalogue.TalkRow))}, "task": {item.Task}, "media": {item.Media},
		}
		setWords(in, "title", item.Title)
		setWords(in, "text", item.Text)
		setWords(in, "screen", item.Screen)
		return in, there
	}
	p.form = func(f *pieceForm) []templ.Component {
		return []templ.Component{
			f.pair("", "title", w.T("workshop.what_happens"), "", false),
			f.field(ui.Field{Input: ui.RadioInput, Name: "kind", Label: w.T("workshop.item_kind"), Options: trainerpack.ItemKinds(w.Visit)}),
			sideBySide([]templ.Component{
				f.field(ui.Field{Input: ui.NumberInput, Name: "day", Label: w.T("workshop.which_day"), Short: true}),
				f.field(ui.Field{Input: ui.TimeInput, Name: "starts", Label: w.T("workshop.starts")}),
				f.field(ui.Field{Input: ui.NumberInput, Name: "minutes", Label: w.T("workshop.takes"), Unit: w.T("workshop.minutes_unit"), Short: true}),
			}),
			f.pair(ui.TextareaInput, "text", w.T("workshop.item_text"), w.T("workshop.item_text_hint"), true),
			f.pair(ui.TextareaInput, "screen", w.T("workshop.item_screen"), w.T("workshop.item_screen_hint"), true),
			f.field(ui.Field{Input: ui.SelectInput, Name: "task", Label: w.T("workshop.item_task"), Hint: w.T("workshop.item_task_hint"), Options: trainerpack.ItemTasks(w.Visit, &w.draft.Content), Optional: true}),
			f.file("media", w.T("workshop.item_media"), catalogue.ScreenKinds, true),
		}
	}
	p.apply = func(c *catalogue.Content, in url.Values, checks *fault.Checks) {
		item := catalogue.Item{
			Day: number(in, "day", max(w.course.Days, 1), checks), Starts: strings.TrimSpace(in.Get("starts")), Minutes: number(in, "minutes", 600, checks),
			Title: wordsOf(in, "title"), Text: wordsOf(in, "text"), Screen: wordsOf(in, "screen"),
			Kind: catalogue.ItemKind(cmp.Or(in.Get("kind"), string(catalogue.TalkRow))), Task: in.Get("task"), Media: needsKind(c, in, "media", catalogue.ScreenKinds, checks),
		}
		needsTitle(item.Title, checks)
		checks.Require(slices.Contains(catalogue.ItemKinds, item.Kind), "kind", "workshop.item_kind_missing")
		checks.Require(item.Task == "" || c.Task(item.Task) != nil, "task", "workshop.item_task_gone")
		checks.Require(item.Day > 0, "day", "workshop.day_missing")
		checks.Require(item.Minutes > 0, "minutes", "workshop.minutes_missing")
		checks.Require(item.Ends() != "", "starts", "workshop.starts_wrong")
		c.Pack.RunSheet = put(c.Pack.RunSheet, i, item)
	}
}

func (w *workshop) exercise(p *piece, i int) {
	p.values = func(c *catalogue.Content) (url.Values, bool) {
		e, there := at(c.Pack.Exercises, i)
		in := url.Values{"minutes": {inFigures(e.Minutes)}}
		setWords(in, "title", e.Title)
		setWords(in, "text", e.Text)
		return in, there
	}
	p.form = func(f *pieceForm) []templ.Component {
		return []templ.Component{
			f.pair("", "title", w.T("workshop.task_title"), "", false),
			f.pair(ui.TextareaInput, "text", w.T("workshop.exercise_text"), "", false),
			f.field(ui.Field{Input: ui.NumberInput, Name: "minutes", Label: w.T("workshop.takes"), Unit: w.T("workshop.minutes_unit"), Short: true, Optional: true}),
		}
	}
	p.apply = func(c *catalogue.Content, in url.Values, checks *fault.Checks) {
		e := catalogue.Exercise{Title: wordsOf(in, "title"), Text: wordsOf(in, "text"), Minutes: number(in, "minutes", 600, checks)}
		needsTitle(e.Title, checks)
		c.Pack.Exercises = put(c.Pack.Exercises, i, e)
	}
}

func (w *workshop) slides(p *piece, i int) {
	p.values = func(c *catalogue.Content) (url.Values, bool) {
		s, there := at(c.Pack.Slides, i)
		in := url.Values{"media": {s.Media}}
		setWords(in, "title", s.Title)
		setWords(in, "notes", s.Notes)
		return in, there
	}
	p.form = func(f *pieceForm) []templ.Component {
		return []templ.Component{
			f.pair("", "title", w.T("workshop.task_title"), "", false),
			f.file("media", w.T("workshop.file_of.slides"), catalogue.SlideKinds, false),
			f.pair(ui.TextareaInput, "notes", w.T("workshop.notes"), w.T("workshop.notes_hint"), true),
		}
	}
	p.apply = func(c *catalogue.Content, in url.Values, checks *fault.Checks) {
		s := catalogue.Slides{Title: wordsOf(in, "title"), Media: needsKind(c, in, "media", catalogue.SlideKinds, checks), Notes: wordsOf(in, "notes")}
		needsTitle(s.Title, checks)
		c.Pack.Slides = put(c.Pack.Slides, i, s)
	}
}

func (w *workshop) helpFilm(p *piece, i int) {
	p.values = func(c *catalogue.Content) (url.Values, bool) {
		f, there := at(c.Pack.Films, i)
		in := url.Values{"media": {f.Media}, "captions.sv": {f.Captions["sv"]}, "captions.en": {f.Captions["en"]}}
		setWords(in, "title", f.Title)
		setWords(in, "transcript", f.Transcript)
		return in, there
	}
	p.form = func(f *pieceForm) []templ.Component {
		return append([]templ.Component{f.pair("", "title", w.T("workshop.task_title"), "", false)}, f.film()...)
	}
	p.apply = func(c *catalogue.Content, in url.Values, checks *fault.Checks) {
		film := catalogue.HelpFilm{
			Title: wordsOf(in, "title"), Media: needsKind(c, in, "media", catalogue.MediaKinds[catalogue.FilmTask], checks),
			Captions: captionsOf(c, in, checks), Transcript: wordsOf(in, "transcript"),
		}
		needsTitle(film.Title, checks)
		c.Pack.Films = put(c.Pack.Films, i, film)
	}
}
