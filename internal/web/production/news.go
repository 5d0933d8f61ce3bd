package production

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/production"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// News are the editions that came out lately, with what the region has decided about their letters.
func News(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	all, err := production.NewsOf(v.Context(), v.Reader(), v.Viewer, region, v.Today)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("production.news"), Lead: v.T("production.news_lead")}
	t := ui.Table{
		ID: "news", Caption: head.Title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("production.course")}, {Label: v.T("production.edition")}, {Label: v.T("production.out_since"), Keep: true}, {Label: v.T("production.letter")}},
		Empty:   ui.Empty{Picture: ui.PicturePath, Title: v.T("production.no_news"), Text: v.T("production.no_news_help")},
	}
	all, t.Pager = visit.Paged(v, all, v.PerPage(perPage))
	for _, n := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(n.Course, address.RegionNews(region.Slug, visit.ID(n.EditionID))), v.NumberCell(n.Number), ui.Text(v.Lang.Day(n.PublishedOn)), decided(v, n),
		}})
	}
	return v.Page(v.Frame(head.Title, v.CrumbsOf(region, ui.Crumb{Label: head.Title})...), head.View(v.Lang), v.Take(t, address.RegionNews(region.Slug)))
}

func decided(v *visit.Visit, n production.News) ui.Cell {
	switch {
	case n.Sends == nil:
		return ui.Status(v.T("production.undecided"), ui.Info)
	case *n.Sends:
		return ui.Cell{Tag: &ui.Tag{Word: v.T("production.sent"), Tone: ui.Positive}, Note: v.T("production.reached", "Count", n.Reached)}
	}
	return ui.Status(v.T("production.not_sent"), ui.Plain)
}

// found is the region and the edition in the address.
func found(v *visit.Visit) (organisation.Organisation, production.News, error) {
	region, err := v.Region()
	if err != nil {
		return region, production.News{}, err
	}
	id, err := v.ID("out")
	if err != nil {
		return region, production.News{}, err
	}
	n, err := production.NewsOfEdition(v.Context(), v.Reader(), v.Viewer, region, id, v.Today)
	return region, n, err
}

// Edition tells whom a letter on the edition reaches in numbers, and asks whether to send it.
func Edition(v *visit.Visit) error {
	region, n, err := found(v)
	if err != nil {
		return err
	}
	reach, err := production.ReachOf(v.Context(), v.Reader(), v.Viewer, region, n, v.Today)
	if err != nil {
		return err
	}
	title := v.T("production.news_of", "Course", n.Course)
	head := ui.PageHead{Title: title, Lead: v.T("production.news_of_lead", "Number", n.Number, "Day", n.PublishedOn), Others: []ui.Action{
		{Label: v.T("production.to_course"), Href: visit.CoursePath(n.Slug), Kind: ui.Secondary},
	}}
	var facts ui.Summary
	for _, as := range []production.As{production.Learner, production.Manager, production.Teacher} {
		facts = append(facts, ui.Fact{Term: v.T("production.reach_" + string(as)), Value: v.Lang.Number(int64(reach.By[as]))})
	}
	if reach.Addressless > 0 {
		facts = append(facts, ui.Fact{Term: v.T("production.addressless"), Value: v.Lang.Number(int64(reach.Addressless))})
	}
	parts := []templ.Component{head.View(v.Lang)}
	if n.Sends != nil {
		words, by := v.T("production.is_not_sent"), n.By
		if *n.Sends {
			words = v.T("production.is_sent", "Count", n.Reached)
		}
		if by == "" {
			by = v.T("workshop.by_product")
		}
		parts = append(parts, ui.Notice{Tone: ui.Info, Title: words, Text: v.T("production.decided_by", "Name", by, "When", v.Lang.DayTime(*n.DecidedAt))}.View(v.Lang))
		return v.Page(frame(v, region, title), parts...)
	}
	parts = append(parts, ui.Section("reach", v.T("production.reach"), ui.Paragraph(v.T("production.reach_help")), facts.View(v.Lang)))
	here := address.RegionNews(region.Slug, visit.ID(n.EditionID))
	choose := []ui.Action{{Label: v.T("production.send", "Count", reach.Letters()), Href: here, Post: true, Hidden: []ui.Hidden{{Name: "sends", Value: "yes"}}}}
	help := v.T("production.decide_help")
	if reach.Letters() == 0 {
		choose, help = nil, v.T("production.reaches_nobody")
		if reach.Addressless > 0 {
			help = v.T("production.reaches_no_address")
		}
	}
	choose = append(choose, ui.Action{Label: v.T("production.do_not_send"), Href: here, Kind: ui.Secondary, Post: true, Hidden: []ui.Hidden{{Name: "sends", Value: "no"}}})
	return v.Page(frame(v, region, title), append(parts, ui.Section("decide", v.T("production.decide"), ui.Paragraph(help), ui.Buttons(v.Lang, choose)))...)
}

func frame(v *visit.Visit, region organisation.Organisation, title string) ui.Frame {
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("production.news"), Href: address.RegionNews(region.Slug)}, ui.Crumb{Label: title})...)
	f.Reading = true
	return f
}

// Decide sends the letter, or says that none is sent.
func Decide(v *visit.Visit) error {
	region, n, err := found(v)
	if err != nil {
		return err
	}
	sends := v.FormValue("sends")
	if sends != "yes" && sends != "no" {
		return fault.Invalid("sends", "production.choose_sending")
	}
	if err := v.Write(func(tx *db.Tx) error {
		return production.Decide(v.Context(), tx, v.Viewer, region, n.EditionID, sends == "yes", v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.RegionNews(region.Slug), "notice.news_"+sends, "Course", n.Course)
}

// Todo are the editions whose letters the region has not decided about, the latest first.
func Todo(v *visit.Visit, region organisation.Organisation) (things []ui.NextThing, err error) {
	all, err := production.Undecided(v.Context(), v.Reader(), v.Viewer, region, v.Today)
	for _, n := range all[:min(len(all), visit.FewTodos)] {
		things = append(things, v.Next("edition_news", address.RegionNews(region.Slug, visit.ID(n.EditionID)), "Course", n.Course, "Number", n.Number))
	}
	return things, err
}

// LateTodo are the courses whose month has passed without them, and those that come no more because they are retired, for
// those who make courses.
func LateTodo(v *visit.Visit) (things []ui.NextThing, err error) {
	all, err := production.List(v.Context(), v.Reader(), v.Viewer)
	for _, p := range all {
		switch {
		case len(things) == visit.FewTodos:
			return things, err
		case p.Open() && p.RetiredFrom != nil && *p.RetiredFrom <= v.Today:
			things = append(things, v.Next("planned_retired", address.Planned(p.ID, "edit"), "Course", p.Name, "Day", *p.RetiredFrom))
		case p.Late(v.Today):
			things = append(things, v.Next("planned_late", address.Planned(p.ID, "edit"), "Course", p.Name, "Month", v.Lang.Month(*p.Month)))
		}
	}
	return things, err
}
