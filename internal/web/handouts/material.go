package handouts

import (
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/material"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/filehost"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// materialNote is what stands beside the title: the file's kind and size, or the
// link's site.
func materialNote(v *visit.Visit, m material.Material) string {
	if m.FileID == 0 {
		if u, err := url.Parse(m.URL); err == nil {
			return v.T("material.link_to", "Site", u.Hostname())
		}
		return ""
	}
	kind := strings.ToUpper(strings.TrimPrefix(m.FileName[strings.LastIndex(m.FileName, ".")+1:], "."))
	size := v.T("material.kilobytes", "Size", (m.Size+1023)/1024)
	if m.Size >= 1<<20 {
		size = v.T("material.megabytes", "Size", v.Lang.Decimal(float64(m.Size)/(1<<20), 1))
	}
	return kind + ", " + size
}

func MaterialLines(v *visit.Visit, all []material.Material, audience material.Audience) (lines []ui.MaterialLine) {
	for _, m := range all {
		if m.Audience == audience {
			lines = append(lines, ui.MaterialLine{Title: m.Title, Href: visit.MaterialPath(m.ID), Note: materialNote(v, m)})
		}
	}
	return lines
}

// PapersOf is the round's material that the visitor may read.
func PapersOf(v *visit.Visit, r round.Round) ([]material.Material, error) {
	if r.EditionID == nil || r.CancelledAt != nil {
		return nil, nil
	}
	return material.OfRound(v.Context(), v.Reader(), v.Viewer, *r.EditionID, r.RegionID)
}

// All are the courses, for those who keep their material.
func All(v *visit.Visit) error {
	counts, err := material.Counts(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("material.all_title"), Lead: v.T("material.all_lead")}
	t := ui.Table{
		ID: "courses", Caption: head.Title, QuietTitle: true,
		Columns: []ui.Column{{Label: v.T("material.course")}, {Label: v.T("material.pieces"), Numeric: true}},
		Empty:   ui.Empty{Title: v.T("material.no_courses"), Text: v.T("material.no_courses_help")},
	}
	for _, c := range counts {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(c.Course, visit.CourseMaterialPath(c.Slug)), ui.Text(v.Lang.Number(int64(c.Pieces)))}})
	}
	return v.Page(v.Frame(head.Title), head.View(v.Lang), v.Table(t))
}

// OfCourse is the material of a course, edition by edition.
func OfCourse(v *visit.Visit) error {
	course, editions, chosen, err := edition(v)
	if err != nil {
		return err
	}
	all, err := material.List(v.Context(), v.Reader(), v.Viewer, chosen.ID)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("material.course_title", "Course", course.Name), Lead: v.T("material.course_lead")}
	f := v.Frame(head.Title, ui.Crumb{Label: v.T("material.all_title"), Href: visit.MaterialsPath})
	parts := []templ.Component{head.View(v.Lang)}
	if len(editions) > 1 {
		var tabs ui.Tabs
		tabs.Label = v.T("material.editions")
		for _, e := range editions {
			tabs.Items = append(tabs.Items, ui.Tab{
				Label: v.T("material.edition", "Number", e.Number), Href: visit.CourseMaterialPath(course.Slug) + "?edition=" + visit.ID(int64(e.Number)), Current: e.ID == chosen.ID,
			})
		}
		parts = append(parts, tabs.View(v.Lang))
	}
	removed, err := material.Removed(v.Context(), v.Reader(), v.Viewer, chosen.ID)
	if err != nil {
		return err
	}
	of := []ui.Hidden{{Name: "edition", Value: visit.ID(int64(chosen.Number))}}
	for _, audience := range []material.Audience{material.Participants, material.Trainers} {
		t := ui.Table{
			ID: string(audience), Caption: v.T(audience.Key()),
			Columns: []ui.Column{{Label: v.T("material.title_label")}, {Label: v.T("material.what")}, {Label: v.T("material.rounds")}, {Label: v.T("material.order"), Action: true}, {Label: v.T("material.remove"), Action: true}},
			Empty:   ui.Empty{Title: v.T("material.none"), Text: v.T("material.none_help")},
		}
		before := int64(-1) // the region of the row above
		for _, m := range all {
			if m.Audience != audience {
				continue
			}
			up, remove := ui.Cell{Slot: templ.NopComponent}, ui.Cell{Slot: templ.NopComponent}
			if m.Manages(v.Viewer) {
				remove.Slot = ui.Action{Label: v.T("material.remove"), About: m.Title, Href: visit.MaterialPath(m.ID, "removal"), Post: true, Hidden: of, Kind: ui.Secondary, Small: true}.View(v.Lang)
				if before == m.RegionID { // the first has nowhere to go
					up.Slot = ui.Action{Label: v.T("material.up"), About: m.Title, Href: visit.MaterialPath(m.ID, "up"), Post: true, Hidden: of, Kind: ui.Secondary, Small: true}.View(v.Lang)
				}
			}
			before = m.RegionID
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
				ui.Link(m.Title, visit.MaterialPath(m.ID)), ui.Text(materialNote(v, m)), ui.Text(roundsOf(v, m)), up, remove,
			}})
		}
		parts = append(parts, v.Table(t))
	}
	if len(removed) > 0 {
		parts = append(parts, removedTable(v, removed, of))
	}
	add := ui.Form(visit.CourseMaterialPath(course.Slug)+"?edition="+visit.ID(int64(chosen.Number)), v.T("material.add"), nil,
		ui.Field{Input: ui.RadioInput, Name: "audience", Label: v.T("material.for"), Value: v.Typed("audience", string(material.Participants)), Error: v.Wrong("audience"), Options: []ui.Option{
			{Value: string(material.Participants), Label: v.T("material.audience.participants")},
			{Value: string(material.Trainers), Label: v.T("material.audience.trainers")},
		}},
		ui.Field{Name: "title", Label: v.T("material.title_label"), Value: v.Typed("title", ""), Error: v.Wrong("title")},
		ui.Field{Name: "url", Label: v.T("material.url"), Hint: v.T("material.url_hint"), Value: v.Typed("url", ""), Error: v.Wrong("url"), Optional: true},
		ui.Field{Input: ui.FileInput, Name: "file", Label: v.T("material.file"), Hint: v.T("material.file_hint", "Max", file.MaxSize>>20), Accept: file.Endings, Error: v.Wrong("file"), Optional: true},
	)
	region, err := keeps(v)
	if err != nil {
		return err
	}
	lead := v.T("material.add_nation")
	if region.ID != 0 {
		lead = v.T("material.add_region", "Region", region.Name)
	}
	parts = append(parts, ui.Section("add", v.T("material.add_title"), ui.Paragraph(lead), ui.Upload(add, v.Lang)))
	return v.Page(f, parts...)
}

// roundsOf is which rounds get the material.
func roundsOf(v *visit.Visit, m material.Material) string {
	if m.RegionID == 0 {
		return v.T("material.all_rounds")
	}
	return v.T("material.rounds_of", "Region", m.Region)
}

// keeps is the region whose material the visitor keeps; the empty one for those who
// keep the nation's.
func keeps(v *visit.Visit) (organisation.Organisation, error) {
	scope := access.ManageMaterial(v.Viewer)
	if scope.Everything || len(scope.Regions) == 0 {
		return organisation.Organisation{}, nil
	}
	return organisation.ByID(v.Context(), v.Reader(), scope.Regions[0])
}

// removedTable is what was taken away and can be brought back.
func removedTable(v *visit.Visit, removed []material.Material, of []ui.Hidden) templ.Component {
	t := ui.Table{
		ID: "removed", Caption: v.T("material.removed"), Note: v.T("material.removed_note"),
		Columns: []ui.Column{{Label: v.T("material.title_label")}, {Label: v.T("material.what")}, {Label: v.T("material.rounds")}, {Label: v.T("material.return"), Action: true}},
	}
	for _, m := range removed {
		back := ui.Action{Label: v.T("material.return"), About: m.Title, Href: visit.MaterialPath(m.ID, "return"), Post: true, Hidden: of, Kind: ui.Secondary, Small: true}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(m.Title), ui.Text(v.T(m.Audience.Key()) + ", " + materialNote(v, m)), ui.Text(roundsOf(v, m)), {Slot: back.View(v.Lang)},
		}})
	}
	return v.Table(t)
}

// edition is the course in the address with its editions and the chosen one, for
// those who keep material.
func edition(v *visit.Visit) (c catalogue.Course, all []catalogue.Edition, chosen catalogue.Edition, err error) {
	if access.ManageMaterial(v.Viewer).Empty() {
		return c, nil, chosen, fault.Forbidden
	}
	if c, err = catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course")); err != nil {
		return c, nil, chosen, err
	}
	if all, err = material.Editions(v.Context(), v.Reader(), c.ID); err != nil {
		return c, nil, chosen, err
	}
	for _, e := range all {
		if chosen.ID == 0 || e.Number == v.Number("edition", 0) {
			chosen = e
		}
	}
	if chosen.ID == 0 {
		err = fault.NotFound
	}
	return c, all, chosen, err
}

// Add takes a link or a file. The file is kept before the transaction
// that names it.
func Add(v *visit.Visit) error {
	course, _, chosen, err := edition(v)
	if err != nil {
		return err
	}
	v.TakeTime()
	region, err := keeps(v)
	if err != nil {
		return err
	}
	received, fileThere, err := upload(v)
	n := material.New{
		EditionID: chosen.ID, RegionID: region.ID, Audience: material.Audience(v.PostForm.Get("audience")), Title: v.PostForm.Get("title"), URL: v.PostForm.Get("url"),
	}
	if err == nil {
		err = n.Check(fileThere)
	}
	if err == nil {
		err = v.Write(func(tx *db.Tx) error {
			if fileThere {
				if n.FileID, err = file.Add(v.Context(), tx, received, v.Viewer.ActorID(), v.Now); err != nil {
					return err
				}
			}
			_, err := material.Add(v.Context(), tx, v.Viewer, n)
			return err
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.CourseMaterialPath(course.Slug)+"?edition="+visit.ID(int64(chosen.Number)), "notice.material_added")
}

// upload reads a form with at most one file part by part: nothing large is held
// in memory. What was typed stands in PostForm afterwards.
func upload(v *visit.Visit) (received file.Received, there bool, err error) {
	var failed error
	err = v.ReadParts(func(_ string, part *multipart.Part) error {
		there = true
		received, failed = v.Server.Files.Receive(part.FileName(), part)
		if failed != nil && fault.Of(failed) == nil {
			return failed
		}
		return nil
	})
	if err != nil {
		return received, false, err
	}
	return received, there, failed
}

// Open gives the file, or leads to the link, for those who may read it.
func Open(v *visit.Visit) error {
	id, err := v.ID("material")
	if err != nil {
		return err
	}
	m, err := material.Get(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	if m.FileID == 0 {
		http.Redirect(v.W, v.Request, m.URL, http.StatusSeeOther)
		return nil
	}
	return filehost.Send(v, m.FileID, "attachment")
}

// changeMaterial changes the material and goes back to its list. The form says
// of which edition, by its number.
func changeMaterial(v *visit.Visit, notice string, change func(tx *db.Tx, id int64) error) error {
	if access.ManageMaterial(v.Viewer).Empty() {
		return fault.Forbidden
	}
	id, err := v.ID("material")
	if err != nil {
		return err
	}
	m, err := material.Kept(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), m.CourseID)
	if err != nil {
		return err
	}
	edition := v.Number("edition", 0)
	if edition <= 0 {
		return fault.Invalid("edition", "material.edition_missing")
	}
	if err := v.Write(func(tx *db.Tx) error { return change(tx, m.ID) }); err != nil {
		return err
	}
	return v.Redirect(visit.CourseMaterialPath(course.Slug)+"?edition="+visit.ID(int64(edition)), notice)
}

// Remove takes the material away; Return undoes it.
func Remove(v *visit.Visit) error {
	return changeMaterial(v, "notice.material_removed", func(tx *db.Tx, id int64) error {
		return material.Remove(v.Context(), tx, v.Viewer, id, v.Now)
	})
}

// Return brings back what Remove took away.
func Return(v *visit.Visit) error {
	return changeMaterial(v, "notice.material_returned", func(tx *db.Tx, id int64) error {
		return material.Return(v.Context(), tx, v.Viewer, id)
	})
}

func Raise(v *visit.Visit) error {
	return changeMaterial(v, "notice.material_moved", func(tx *db.Tx, id int64) error {
		return material.MoveUp(v.Context(), tx, v.Viewer, id)
	})
}
