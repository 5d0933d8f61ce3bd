package workshop

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/web/study"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// DraftFiles are the draft's files, with where they are used.
func DraftFiles(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	c := &w.draft.Content
	files, err := file.ByIDs(w.Context(), w.Reader(), slices.Collect(maps.Values(c.Media)))
	if err != nil {
		return err
	}
	for i := range w.Errs { // the one field of the form
		w.Errs[i].Field = "new" + fileSuffix
	}
	title := w.T("workshop.media")
	t := ui.Table{
		ID: "files", Caption: title, Dense: true,
		Columns: []ui.Column{{Label: w.T("workshop.file")}, {Label: w.T("workshop.uploaded_as")}, {Label: w.T("workshop.size"), Numeric: true}, {Label: w.T("workshop.used")}, {Label: w.T("workshop.remove"), Action: true}},
		Empty:   ui.Empty{Title: w.T("workshop.no_files"), Text: w.T("workshop.no_files_help")},
	}
	tasks, pack := c.MediaOfTasks(), c.MediaOfPack()
	for _, name := range slices.Sorted(maps.Keys(c.Media)) {
		f := files[c.Media[name]]
		var used []string
		if tasks[name] {
			used = append(used, w.T("workshop.used_in_tasks"))
		}
		if pack[name] {
			used = append(used, w.T("workshop.used_in_pack"))
		}
		row := ui.Row{Cells: []ui.Cell{ui.Link(name, w.path("media", name)), ui.Text(f.Name), ui.Text(w.FileSize(f.Size)), ui.Text(strings.Join(used, ", ")), {Slot: templ.NopComponent}}}
		if used == nil {
			row.Cells[3] = ui.Status(w.T("workshop.unused"), ui.Plain)
			row.Cells[4].Slot = ui.Action{Label: w.T("workshop.remove"), About: name, Href: w.path("media", name, "removal"), Post: true, Kind: ui.Secondary, Small: true, Hidden: w.version()}.View(w.Lang)
		}
		t.Rows = append(t.Rows, row)
	}
	f := w.frame(title)
	ask := ui.Form(w.path("media"), w.T("workshop.upload_do"), nil, ui.Field{
		Input: ui.FileInput, Name: "new" + fileSuffix, Label: w.T("workshop.file"), Accept: file.Endings, Error: w.Wrong("new" + fileSuffix),
		Hint: w.T("workshop.files_hint", "Max", file.MaxSize>>20, "Film", file.MaxFilm>>20),
	})
	return w.Page(f,
		ui.PageHead{Title: title, Lead: w.T("workshop.media_lead")}.View(w.Lang),
		w.Table(t), ui.Section("add", w.T("workshop.upload_title"), ui.Upload(ask, w.Lang), ui.Fold(w.T("workshop.pictures"), ui.Paragraph(w.T("workshop.pictures_help")))))
}

// AddDraftFile takes a file into the draft.
func AddDraftFile(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	files, err := receiveForm(v)
	if err == nil {
		err = files.refused
	}
	each, there := files.received["new"+fileSuffix]
	if err == nil && !there {
		err = fault.Invalid("new"+fileSuffix, "workshop.file_missing")
	}
	if err == nil {
		err = v.Write(func(tx *db.Tx) error {
			draft, err := catalogue.DraftOf(v.Context(), tx, v.Viewer, w.course.ID)
			if err != nil {
				return err
			}
			c := &draft.Content
			if c.Media == nil {
				c.Media = map[string]int64{}
			}
			if c.Media[c.MediaNameFor(each.Name())], err = file.Add(v.Context(), tx, each, v.Viewer.ActorID(), v.Now); err != nil {
				return err
			}
			_, err = catalogue.SaveDraft(v.Context(), tx, v.Viewer, w.course.ID, draft.Version, c, v.Now)
			return err
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(w.path("media"), "notice.file_added")
}

// RemoveDraftFile takes a file that nothing uses out of the draft. Editions keep
// theirs.
func RemoveDraftFile(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	name := v.PathValue("name")
	if w.draft.Content.Media[name] == 0 {
		return fault.NotFound
	}
	if c := &w.draft.Content; c.MediaOfTasks()[name] || c.MediaOfPack()[name] {
		return fault.Conflict("workshop.file_in_use")
	}
	return w.change(w.path("media"), "notice.file_removed", func(c *catalogue.Content) {
		c.Media = maps.Clone(c.Media)
		delete(c.Media, name)
		if c.Alt = maps.Clone(c.Alt); c.Alt != nil {
			delete(c.Alt, name)
		}
	})
}

// translation is the texts of one thing, beside each other.
type translation struct {
	place, Title, Href string
	Passages           []catalogue.Passage
}

// DraftTranslation is every text of the draft in each language, beside each
// other; with ?only=lacking those that lack one.
func DraftTranslation(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	only := v.URL.Query().Get("only") == "lacking"
	var all []translation
	count, lacking := 0, 0
	for _, p := range w.draft.Content.Passages() {
		lacks := false
		for _, language := range catalogue.Languages {
			lacks = lacks || p.Lacks(language)
		}
		count++
		if lacks {
			lacking++
		} else if only {
			continue
		}
		if n := len(all); n == 0 || all[n-1].place != p.Place {
			all = append(all, translation{place: p.Place, Title: w.placeInWords(p), Href: w.place(p.Place)})
		}
		all[len(all)-1].Passages = append(all[len(all)-1].Passages, p)
	}
	title := w.T("workshop.translation")
	head := ui.PageHead{Title: title, Lead: w.T("workshop.translation_lead")}
	address := v.Address()
	tabs := ui.Tabs{Label: w.T("workshop.translation"), Items: []ui.Tab{
		{Label: w.T("workshop.all_texts"), Count: v.Lang.Number(int64(count)), Href: address.With("only", ""), Current: !only},
		{Label: w.T("workshop.lacking_texts"), Count: v.Lang.Number(int64(lacking)), Href: address.With("only", "lacking"), Current: only},
	}}
	parts := []templ.Component{head.View(v.Lang), tabs.View(v.Lang)}
	if len(all) == 0 {
		empty := ui.Empty{Title: w.T("workshop.nothing_lacking"), Text: w.T("workshop.nothing_lacking_help")}
		if count == 0 {
			empty = ui.Empty{Title: w.T("workshop.no_texts"), Text: w.T("workshop.no_texts_help")}
		}
		parts = append(parts, empty.View(v.Lang))
	}
	return v.Page(w.frame(title), append(parts, translations(w, all))...)
}

// placeInWords is what the place of a text is called: the task or thing it
// belongs to.
func (w *workshop) placeInWords(p catalogue.Passage) string {
	parts := strings.Split(p.Place, ".")
	n := numberOf(parts[len(parts)-1])
	c := &w.draft.Content
	switch {
	case parts[0] == "tasks":
		title := w.Words(c.Tasks[numberOf(parts[1])-1].Title)
		if len(parts) == 4 {
			title += ", " + w.T("workshop.question_n", "Number", n)
		}
		return title
	case parts[0] == "pack" && len(parts) == 3:
		part := strings.ReplaceAll(parts[1], "_", "-")
		return w.T("workshop.part_of."+part) + ": " + w.Words(w.packList(c, part).titles[n-1])
	case parts[0] == "pack":
		return w.T("workshop.pack") + ": " + w.T("workshop.instructions")
	}
	return w.T("workshop." + parts[0])
}

// DraftMedia is a file of a draft, for those who write it.
func DraftMedia(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	draft, err := catalogue.DraftOf(v.Context(), v.Reader(), v.Viewer, course.ID)
	if err != nil {
		return err
	}
	return study.ServeContentFile(v, &draft.Content, v.PathValue("name"))
}
