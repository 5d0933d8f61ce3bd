package nation

import (
	"crypto/rand"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/circular"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/markdown"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/letters"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Letters are what the nation has written to its regions, and a form to write more.
func Letters(v *visit.Visit) error {
	all, err := circular.List(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	fields, err := letterFields(v)
	if err != nil {
		return err
	}
	t := ui.Table{
		ID: "letters", Caption: v.T("letter.sent"),
		Columns: []ui.Column{
			{Label: v.T("letter.subject")}, {Label: v.T("letter.written"), Keep: true}, {Label: v.T("nation.regions"), Numeric: true},
			{Label: v.T("letter.got"), Numeric: true}, {Label: v.T("letter.state")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("nation.no_letters"), Text: v.T("nation.no_letters_help")},
	}
	for _, c := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(c.Subject, address.NationLetter(c.ID)), {Text: v.Lang.DayTime(c.MadeAt), Note: c.By}, v.NumberCell(c.Regions),
			ui.Text(v.T("letter.of", "Sent", c.Sent, "All", c.Recipients)), letterState(v, c),
		}})
	}
	write := ui.Form(address.Below(address.NationLetters, "preview"), v.T("letter.preview"), []ui.Hidden{{Name: "key", Value: typedLetter(v).Key}}, fields...)
	v.NameErrors(visit.Labelled(fields...))
	head := ui.PageHead{Title: v.T("nation.letters"), Lead: v.T("nation.letters_lead")}
	return v.Page(v.Frame(head.Title, v.OfficeCrumbs(head.Title)...),
		head.View(v.Lang), ui.Section("write", v.T("letter.write"), write.View(v.Lang)), v.Table(t))
}

func letterState(v *visit.Visit, c circular.Circular) ui.Cell {
	switch {
	case c.Bounced > 0:
		return ui.Status(v.T("letter.bounced", "Count", c.Bounced), ui.Negative)
	case c.Sent == c.Recipients:
		return ui.Status(v.T("letter.all_sent"), ui.Positive)
	}
	return ui.Status(v.T("letter.waits"), ui.Info)
}

// To whom a letter goes.
const (
	toAll    = "all"
	toChosen = "chosen"
)

func letterFields(v *visit.Visit) ([]ui.Field, error) {
	regions, err := organisation.Regions(v.Context(), v.Reader())
	if err != nil {
		return nil, err
	}
	to, chosen := v.FormValue("to"), v.Form["regions"]
	if region := v.FormValue("region"); !v.Sent && region != "" { // the way here led from a region
		to, chosen = toChosen, []string{region}
	}
	if to == "" {
		to = toAll
	}
	if chosen == nil {
		chosen = []string{}
	}
	boxes := ui.Field{Input: ui.CheckInput, Name: "regions", Label: v.T("nation.chosen_regions"), Hint: v.T("nation.chosen_regions_hint"), Values: chosen, Error: v.Wrong("regions"), Optional: true}
	for _, r := range regions {
		boxes.Options = append(boxes.Options, ui.Option{Value: visit.ID(r.ID), Label: r.Name})
	}
	return []ui.Field{
		{Name: "subject", Label: v.T("letter.subject"), Value: v.FormValue("subject"), Error: v.Wrong("subject")},
		{Input: ui.TextareaInput, Name: "body", Label: v.T("letter.body"), Hint: v.T("nation.body_hint"), Value: v.FormValue("body"), Error: v.Wrong("body")},
		{Input: ui.RadioInput, Name: "to", Label: v.T("letter.to"), Value: to, Options: []ui.Option{
			{Value: toAll, Label: v.T("nation.to_all")}, {Value: toChosen, Label: v.T("nation.to_chosen")},
		}},
		boxes,
	}, nil
}

// typedLetter is the letter of the form. A form that was opened anew has a key of its
// own, so that sending it twice is sending it once.
func typedLetter(v *visit.Visit) circular.New {
	n := circular.New{Subject: v.FormValue("subject"), Body: v.FormValue("body"), Everywhere: v.FormValue("to") == toAll, Key: v.FormValue("key")}
	for _, value := range v.Form["regions"] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil {
			n.RegionIDs = append(n.RegionIDs, id)
		}
	}
	if len(n.Key) < 10 || len(n.Key) > 40 {
		n.Key = rand.Text()
	}
	return n
}

// Preview takes the letter to be looked at before it is sent.
func Preview(v *visit.Visit) error {
	if _, err := circular.Preview(v.Context(), v.Reader(), v.Viewer, typedLetter(v), v.Today); err != nil {
		return err
	}
	return v.Again()
}

// LetterPreview shows the letter with whom it reaches; one that was not accepted stands
// where it was written.
func LetterPreview(v *visit.Visit) error {
	if !v.Sent || v.Refused != nil {
		return Letters(v)
	}
	n := typedLetter(v)
	reach, err := circular.Preview(v.Context(), v.Reader(), v.Viewer, n, v.Today)
	if err != nil {
		return err
	}
	typed := []ui.Hidden{{Name: "key", Value: n.Key}, {Name: "subject", Value: n.Subject}, {Name: "body", Value: n.Body}}
	if n.Everywhere {
		typed = append(typed, ui.Hidden{Name: "to", Value: toAll})
	} else {
		typed = append(typed, ui.Hidden{Name: "to", Value: toChosen})
		for _, id := range n.RegionIDs {
			typed = append(typed, ui.Hidden{Name: "regions", Value: visit.ID(id)})
		}
	}
	fields, err := letterFields(v)
	if err != nil {
		return err
	}
	title := v.T("letter.preview_title")
	f := v.Frame(title, v.CrumbsOf(organisation.Organisation{}, ui.Crumb{Label: v.T("nation.letters"), Href: address.NationLetters}, ui.Crumb{Label: title})...)
	f.Reading = true
	var names []string
	for _, r := range reach.Addressless() {
		names = append(names, r.Name())
	}
	send := ui.Form(address.NationLetters, v.T("letter.send", "Count", reach.Letters()), typed)
	send.Cancel = address.NationLetters
	again := ui.Form(address.Below(address.NationLetters, "preview"), v.T("letter.preview"), []ui.Hidden{{Name: "key", Value: n.Key}}, fields...)
	again.Kind = ui.Secondary
	return v.Page(f,
		ui.PageHead{Title: title, Lead: v.T("nation.reach", "Count", reach.Letters(), "Regions", len(reach.Regions))}.View(v.Lang),
		notice(v, len(names), "nation.addressless", names), notice(v, len(reach.Without), "nation.not_reached", regionNames(reach.Without)),
		shown(n.Subject, n.Body), send.View(v.Lang),
		ui.Fold(v.T("nation.receivers"), ui.Lines(readerNames(v, reach))),
		ui.Fold(v.T("letter.change"), again.View(v.Lang)),
	)
}

// notice tells of names that want attention; nothing without any.
func notice(v *visit.Visit, count int, key string, names []string) templ.Component {
	if count == 0 {
		return templ.NopComponent
	}
	return ui.Notice{Tone: ui.Caution, Title: v.T(key, "Count", count), Text: v.T("nation.names", "Names", strings.Join(names, ", "))}.View(v.Lang)
}

func regionNames(regions []organisation.Organisation) (names []string) {
	for _, r := range regions {
		names = append(names, r.Name)
	}
	return names
}

func readerNames(v *visit.Visit, reach circular.Reach) (lines []string) {
	for _, r := range reach.Readers {
		var of []string
		for _, id := range r.RegionIDs {
			of = append(of, v.Server.Country[id].Name)
		}
		lines = append(lines, r.Name()+", "+strings.Join(of, ", "))
	}
	return lines
}

// shown is a letter as its readers see it in the product.
func shown(subject, body string) templ.Component {
	return ui.Section("letter", subject, ui.Markup(markdown.HTML(body, 3, "", nil)))
}

// Send sends the letter that was previewed.
func Send(v *visit.Visit) error {
	count := 0
	err := v.Write(func(tx *db.Tx) (err error) {
		count, err = circular.Send(v.Context(), tx, v.Viewer, typedLetter(v), v.Server.Site, v.Now)
		return err
	})
	if f := fault.Of(err); f != nil && f.Key == "letter.written_already" {
		return v.Redirect(address.NationLetters, "notice.letter_sent_once")
	}
	if err != nil {
		return err
	}
	return v.Redirect(address.NationLetters, "notice.letter_sent", "Recipients", v.Lang.Number(int64(count)))
}

// Letter is one of them: who got it, region by region.
func Letter(v *visit.Visit) error {
	if !access.WriteCirculars(v.Viewer) {
		return fault.Forbidden
	}
	id, err := v.ID("circular")
	if err != nil {
		return err
	}
	c, all, err := circular.Get(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	t := ui.Table{
		ID: "recipients", Caption: v.T("letter.recipients"),
		Columns: []ui.Column{{Label: v.T("nation.region")}, {Label: v.T("letter.name")}, {Label: v.T("letter.state")}},
	}
	var nobody []string
	for _, r := range all {
		row := []ui.Cell{ui.Link(r.Region, address.NationRegion(v.Server.Country[r.RegionID].Slug)), ui.Text(""), ui.Status(v.T("nation.nobody"), ui.Caution)}
		if r.PersonID != 0 {
			row[1], row[2] = ui.Link(r.Name, address.Officer(r.PersonID)), letters.PartState(v, r.Part)
			row[2].Href = "" // the address is not the nation's to correct
		} else {
			nobody = append(nobody, r.Region)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	f := v.Frame(c.Subject, v.CrumbsOf(organisation.Organisation{}, ui.Crumb{Label: v.T("nation.letters"), Href: address.NationLetters}, ui.Crumb{Label: c.Subject})...)
	return v.Page(f, ui.PageHead{Title: c.Subject, Lead: v.T("letter.written_by", "Name", c.By, "When", v.Lang.DayTime(c.MadeAt))}.View(v.Lang),
		bounces(v, c), notice(v, len(nobody), "nation.not_reached", nobody), shown(v.T("letter.text"), c.Body), v.Table(t))
}

func bounces(v *visit.Visit, c circular.Circular) templ.Component {
	if c.Bounced == 0 {
		return templ.NopComponent
	}
	return templ.Join(
		ui.Notice{Tone: ui.Caution, Title: v.T("letter.not_reached", "Count", c.Bounced), Text: v.T("nation.bounced_help")}.View(v.Lang),
		ui.Action{Label: v.T("letter.again"), Href: address.NationLetter(c.ID, "resending"), Post: true, Kind: ui.Secondary}.View(v.Lang))
}

// SendAgain sends what bounced once more.
func SendAgain(v *visit.Visit) error {
	if !access.WriteCirculars(v.Viewer) {
		return fault.Forbidden
	}
	id, err := v.ID("circular")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		_, err := circular.SendAgain(v.Context(), tx, v.Viewer, id)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(address.NationLetter(id), "notice.letter_again")
}

// Inbox is what the nation has written to the visitor's regions.
func Inbox(v *visit.Visit) error {
	all, err := circular.Inbox(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	title := v.T("nation.inbox")
	t := ui.Table{
		ID: "letters", Caption: title, QuietTitle: true,
		Columns: []ui.Column{{Label: v.T("letter.subject")}, {Label: v.T("letter.written"), Keep: true}, {Label: v.T("letter.state")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("nation.inbox_empty"), Text: v.T("nation.inbox_empty_help")},
	}
	for _, c := range all {
		state := ui.Status(v.T("nation.read"), ui.Plain)
		if c.Unread {
			state = ui.Status(v.T("nation.unread"), ui.Info)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(c.Subject, address.Circular(c.ID)), {Text: v.Lang.DayTime(c.MadeAt), Note: c.By}, state}})
	}
	return v.Page(v.Frame(title, v.OfficeCrumbs(title)...), ui.PageHead{Title: title, Lead: v.T("nation.inbox_lead")}.View(v.Lang), t.View(v.Lang))
}

// Read is one letter from the nation; opening it is having read it.
func Read(v *visit.Visit) error {
	if access.ReadCirculars(v.Viewer).Empty() {
		return fault.Forbidden
	}
	id, err := v.ID("circular")
	if err != nil {
		return err
	}
	c, err := circular.Read(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	if c.Unread {
		if err := v.Write(func(tx *db.Tx) error { return circular.MarkRead(v.Context(), tx, v.Viewer, id, v.Now) }); err != nil {
			return err
		}
	}
	f := v.Frame(c.Subject, v.CrumbsOf(organisation.Organisation{}, ui.Crumb{Label: v.T("nation.inbox"), Href: address.Circulars}, ui.Crumb{Label: c.Subject})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: c.Subject, Lead: v.T("letter.written_by", "Name", c.By, "When", v.Lang.DayTime(c.MadeAt))}.View(v.Lang), ui.Markup(markdown.HTML(c.Body, 2, "", nil)))
}
