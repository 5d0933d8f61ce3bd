package workshop

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/web/visit"
)

// ExportDraft hands over the draft as one file.
func ExportDraft(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	return w.export(&w.draft.Content, "utkast", v.Now)
}

// ExportEdition hands over an edition as one file.
func ExportEdition(v *visit.Visit) error {
	w, e, err := editionInWorkshop(v)
	if err != nil {
		return err
	}
	c, err := catalogue.ContentOf(v.Context(), v.Reader(), e.ID)
	if err != nil {
		return err
	}
	return w.export(c, visit.ID(int64(e.Number)), v.Now)
}

func (w *workshop) export(c *catalogue.Content, which string, now clock.Instant) error {
	head, err := catalogue.HeadOf(w.Context(), w.Reader(), w.course, now.Day())
	if err != nil {
		return err
	}
	w.TakeTime()
	h := w.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+w.course.Slug+"-"+which+`.zip"`)
	return catalogue.Export(w.Context(), w.Reader(), w.Server.Files, head, c, w.W)
}
