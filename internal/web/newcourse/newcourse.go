// Package newcourse is how a course comes into the workshop: empty, as a copy of an
// edition, or from the file of one that was written elsewhere.
package newcourse

import (
	"net/url"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Form asks for a new course, empty or as a copy of an edition.
func Form(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	edition, original, err := copied(v)
	if err != nil {
		return err
	}
	values := url.Values{"days": {"1"}, "delivery": {string(catalogue.Municipal)}, "audience": {v.T("workshop.all")}}
	title, lead := v.T("workshop.new"), v.T("workshop.new_lead")
	var hidden []ui.Hidden
	if edition.ID != 0 {
		title, lead = v.T("workshop.copy_title", "Course", original.Title()), v.T("workshop.copy_lead", "Number", edition.Number)
		hidden = []ui.Hidden{{Name: "copy", Value: visit.ID(edition.ID)}}
		head, err := catalogue.HeadOf(v.Context(), v.Reader(), original, v.Today)
		if err != nil {
			return err
		}
		values = url.Values{
			"name": {head.Name + " " + v.T("workshop.copy_suffix")}, "slug": {head.Slug + "-2"}, "audience": {head.Audience}, "days": {strconv.Itoa(head.Days)},
			"delivery": {string(head.Delivery)}, "tariff_kind": {head.TariffKind}, "journeys": head.Journeys,
		}
	}
	if v.Sent {
		values = v.PostForm
	}
	journeys, err := journeyOptions(v)
	if err != nil {
		return err
	}
	kinds, err := catalogue.TariffKinds(v.Context(), v.Reader())
	if err != nil {
		return err
	}
	tariffs := []ui.Option{{Label: v.T("workshop.no_tariff")}}
	for _, k := range kinds {
		tariffs = append(tariffs, ui.Option{Value: k, Label: v.T("money.tariff.kind." + k)})
	}
	var deliveries []ui.Option
	for _, d := range []catalogue.Delivery{catalogue.Municipal, catalogue.Workplace, catalogue.Regional, catalogue.National, catalogue.Web} {
		deliveries = append(deliveries, ui.Option{Value: string(d), Label: v.T("workshop.delivery." + string(d))})
	}
	fields := []ui.Field{
		{Name: "name", Label: v.T("workshop.name")},
		{Name: "short_name", Label: v.T("workshop.short_name"), Hint: v.T("workshop.short_name_hint"), Optional: true},
		{Name: "slug", Label: v.T("workshop.slug"), Hint: v.T("workshop.slug_hint")},
		{Name: "audience", Label: v.T("workshop.audience"), Hint: v.T("workshop.audience_hint")},
		{Input: ui.RadioInput, Name: "delivery", Label: v.T("workshop.delivery"), Options: deliveries},
		{Input: ui.NumberInput, Name: "days", Label: v.T("workshop.course_days"), Hint: v.T("workshop.course_days_hint"), Short: true},
		{Input: ui.CheckInput, Name: "journeys", Label: v.T("workshop.journeys"), Options: journeys, Values: values["journeys"]},
		{Input: ui.SelectInput, Name: "tariff_kind", Label: v.T("workshop.tariff_kind"), Options: tariffs, Optional: true},
	}
	for i := range fields {
		fields[i].Value, fields[i].Error = values.Get(fields[i].Name), v.Wrong(fields[i].Name)
	}
	form := ui.Form(visit.WorkshopsPath, v.T("workshop.make"), hidden, fields...)
	form.Cancel = visit.WorkshopsPath
	f := v.Frame(title, ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: title})
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: lead}.View(v.Lang), form.View(v.Lang))
}

// copied is the edition that a new course is to be a copy of; 0 for none.
func copied(v *visit.Visit) (catalogue.Edition, catalogue.Course, error) {
	id := v.NumberID("copy")
	if id == 0 {
		return catalogue.Edition{}, catalogue.Course{}, nil
	}
	e, err := catalogue.EditionByID(v.Context(), v.Reader(), id)
	if err != nil {
		return e, catalogue.Course{}, err
	}
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), e.CourseID)
	return e, course, err
}

// journeyOptions are the places that a course can have: each step of each
// journey, and the journey without a step.
func journeyOptions(v *visit.Visit) (all []ui.Option, err error) {
	journeys, err := catalogue.Journeys(v.Context(), v.Reader())
	if err != nil {
		return nil, err
	}
	for _, j := range journeys {
		steps, err := catalogue.Steps(v.Context(), v.Reader(), j.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range steps {
			all = append(all, ui.Option{Value: j.Slug + "/" + s.Slug, Label: j.Name + ": " + s.Name})
		}
		all = append(all, ui.Option{Value: j.Slug, Label: v.T("workshop.no_step", "Journey", j.Name)})
	}
	return all, nil
}

// Make makes it, with a draft to write in.
func Make(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	edition, _, err := copied(v)
	if err != nil {
		return err
	}
	var content catalogue.Content
	if edition.ID != 0 {
		c, err := catalogue.ContentOf(v.Context(), v.Reader(), edition.ID)
		if err != nil {
			return err
		}
		content = catalogue.CopyOf(c)
	}
	head := catalogue.Head{
		Slug: v.PostForm.Get("slug"), Name: v.PostForm.Get("name"), ShortName: v.PostForm.Get("short_name"), Audience: v.PostForm.Get("audience"),
		Days: v.Number("days", -1), Delivery: catalogue.Delivery(v.PostForm.Get("delivery")), TariffKind: v.PostForm.Get("tariff_kind"), Journeys: v.PostForm["journeys"],
	}
	var course catalogue.Course
	err = v.Write(func(tx *db.Tx) error {
		var err error
		if course, err = catalogue.Create(v.Context(), tx, v.Viewer, head, v.Today); err != nil {
			return err
		}
		_, err = catalogue.SaveDraft(v.Context(), tx, v.Viewer, course.ID, 0, &content, v.Now)
		return err
	})
	if err != nil {
		return err
	}
	return v.Redirect(visit.WorkshopPath(course), "notice.course_made")
}
