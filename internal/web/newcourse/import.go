package newcourse

import (
	"fmt"
	"io"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/brought"
)

// ImportForm asks for the file of a course.
func ImportForm(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	for i := range v.Errs { // whatever is wrong is wrong with the file
		v.Errs[i].Field = "file"
	}
	title := v.T("workshop.import")
	f := v.Frame(title, ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: title})
	f.Reading = true
	ask := ui.Form(visit.WorkshopImportPath, v.T("workshop.import_do"), nil,
		ui.Field{Input: ui.FileInput, Name: "file", Label: v.T("workshop.import_file"), Hint: v.T("workshop.import_hint", "Max", catalogue.MaxArchive>>20), Accept: ".zip", Error: v.Wrong("file")})
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("workshop.import_lead")}.View(v.Lang), ui.Upload(ask, v.Lang),
		ui.Fold(v.T("workshop.import_format"), ui.Paragraph(v.T("workshop.import_format_help"))))
}

// Import reads a course from its file, as a draft.
func Import(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	v.TakeTime()
	p, err := receiveCourse(v)
	var course catalogue.Course
	if err == nil {
		err = v.Write(func(tx *db.Tx) error {
			var err error
			course, _, err = catalogue.Import(v.Context(), tx, v.Viewer, p, 0, v.Now)
			return err
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.WorkshopPath(course), "notice.course_imported")
}

// receiveCourse is the course in the uploaded archive.
func receiveCourse(v *visit.Visit) (p catalogue.Package, err error) {
	_, archive, err := brought.File(v, "workshop.import.none")
	if err != nil {
		return p, err
	}
	defer archive.Close()
	size, err := archive.Seek(0, io.SeekEnd)
	if err != nil {
		return p, fmt.Errorf("read the archive of a course: %w", err)
	}
	folder, err := catalogue.OpenArchive(archive, size)
	if err != nil {
		return p, err
	}
	return catalogue.Receive(v.Server.Files, folder)
}
