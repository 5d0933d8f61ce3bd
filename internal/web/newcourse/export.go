package newcourse

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/visit"
)

// ExportDraft hands over the draft of the course in the address as one file.
func ExportDraft(v *visit.Visit) error {
	course, err := courseInAddress(v)
	if err != nil {
		return err
	}
	d, err := catalogue.DraftOf(v.Context(), v.Reader(), v.Viewer, course.ID)
	if err != nil {
		return err
	}
	return export(v, course, &d.Content, "utkast")
}

// ExportEdition hands over an edition of it as one file.
func ExportEdition(v *visit.Visit) error {
	course, err := courseInAddress(v)
	if err != nil {
		return err
	}
	editions, err := catalogue.Editions(v.Context(), v.Reader(), course.ID)
	if err != nil {
		return err
	}
	for _, e := range editions {
		if number := visit.ID(int64(e.Number)); number == v.PathValue("number") {
			c, err := catalogue.ContentOf(v.Context(), v.Reader(), e.ID)
			if err != nil {
				return err
			}
			return export(v, course, c, number)
		}
	}
	return fault.NotFound
}

// courseInAddress is the course, for those who make courses.
func courseInAddress(v *visit.Visit) (catalogue.Course, error) {
	if !access.ManageCourses(v.Viewer) {
		return catalogue.Course{}, fault.Forbidden
	}
	return catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
}

func export(v *visit.Visit, course catalogue.Course, c *catalogue.Content, which string) error {
	head, err := catalogue.HeadOf(v.Context(), v.Reader(), course, v.Today)
	if err != nil {
		return err
	}
	v.TakeTime()
	h := v.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+course.Slug+"-"+which+`.zip"`)
	return catalogue.Export(v.Context(), v.Reader(), v.Server.Files, head, c, v.W)
}
