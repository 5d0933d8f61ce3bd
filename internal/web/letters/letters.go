package letters

import (
	"cmp"
	"crypto/rand"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/material"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// List are what the round's people have been written, and a form to write
// more.
func List(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	all, err := letter.Letters(v.Context(), v.Reader(), v.Viewer, d.ID)
	if err != nil {
		return err
	}
	sending, err := material.SendingOf(v.Context(), v.Reader(), d.ID, d.FirstDay)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("letter.title"), Lead: v.T("letter.lead")}
	f := v.Frame(head.Title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)})...)
	t := ui.Table{
		ID: "letters", Caption: v.T("letter.sent"),
		Columns: []ui.Column{
			{Label: v.T("letter.subject")}, {Label: v.T("letter.to")}, {Label: v.T("letter.written"), Keep: true},
			{Label: v.T("letter.got"), Numeric: true}, {Label: v.T("letter.state")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("letter.none"), Text: v.T("letter.none_help")},
	}
	for _, l := range all {
		by := l.By
		if by == "" {
			by = v.T("letter.by_product")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: letterTitle(v, d, l), Href: visit.LettersPath(d.ID, visit.ID(l.ID))}, ui.Text(cmp.Or(l.To, v.T(l.Audience.Key()))),
			{Text: v.Lang.DayTime(l.MadeAt), Note: by},
			ui.Text(v.T("letter.of", "Sent", l.Sent, "All", l.Recipients)), letterState(v, l),
		}})
	}
	parts := []templ.Component{head.View(v.Lang)}
	if d.CancelledAt == nil || d.Seats+d.Waiting+d.Offered > 0 {
		write := ui.Form(visit.LettersPath(d.ID, "preview"), v.T("letter.preview"), []ui.Hidden{{Name: "key", Value: typedLetter(v).Key}}, letterFields(v, d)...)
		v.NameErrors(visit.Labelled(write.Fields...))
		parts = append(parts, ui.Section("write", v.T("letter.write"), ui.Paragraph(v.T("letter.placeholders", "List", placeholderList())), write.View(v.Lang)))
	}
	parts = append(parts, v.Table(t))
	if d.CancelledAt == nil {
		help := v.T("letter.material_help")
		if d.FirstDay <= v.Today {
			help = v.T("letter.material_over")
		}
		choose := ui.Form(visit.RoundPath(d.ID, "material-day"), v.T("letter.material_save"), nil, ui.Field{
			Input: ui.DateInput, Name: "send_on", Label: v.T("letter.send_on"), Value: v.Typed("send_on", sending.On.String()), Error: v.Wrong("send_on"),
		})
		choose.Kind = ui.Secondary
		parts = append(parts, ui.Section("material", v.T("letter.material"), ui.Paragraph(help), choose.View(v.Lang)))
	}
	return v.Page(f, parts...)
}

// typedLetter is the letter of the form. A form that was opened anew has a key
// of its own, so that sending it twice is sending it once.
func typedLetter(v *visit.Visit) letter.New {
	n := letter.New{
		Audience: letter.Audience(v.FormValue("audience")), Subject: v.FormValue("subject"), Body: v.FormValue("body"), Key: v.FormValue("key"),
	}
	if len(n.Key) < 10 || len(n.Key) > 40 {
		n.Key = rand.Text()
	}
	return n
}

func placeholderList() string {
	return "{" + strings.Join(letter.Placeholders, "} {") + "}"
}

// letterTitle is what somebody wrote as the subject, or what the product's
// letter is about.
func letterTitle(v *visit.Visit, d round.Detail, l letter.Letter) string {
	if l.Subject != "" {
		return letter.Title(v.Lang, l.Subject, d)
	}
	return v.T(l.Kind.Key())
}

func letterState(v *visit.Visit, l letter.Letter) ui.Cell {
	switch {
	case l.Bounced > 0:
		return ui.Status(v.T("letter.bounced", "Count", l.Bounced), ui.Negative)
	case l.Sent == l.Recipients:
		return ui.Status(v.T("letter.all_sent"), ui.Positive)
	}
	return ui.Status(v.T("letter.waits"), ui.Info)
}

func letterFields(v *visit.Visit, d round.Detail) []ui.Field {
	audience := v.FormValue("audience")
	if audience == "" {
		audience = string(letter.Participants)
	}
	to := []ui.Option{
		{Value: string(letter.Participants), Label: v.T("letter.participants", "Count", d.Seats)},
		{Value: string(letter.Trainers), Label: v.T("letter.trainers")},
	}
	if d.Waiting+d.Offered > 0 {
		to = append(to, ui.Option{Value: string(letter.InQueue), Label: v.T("letter.in_queue")})
	}
	return []ui.Field{
		{Input: ui.RadioInput, Name: "audience", Label: v.T("letter.to"), Value: audience, Error: v.Wrong("audience"), Options: to},
		{Name: "subject", Label: v.T("letter.subject"), Value: v.FormValue("subject"), Error: v.Wrong("subject")},
		{Input: ui.TextareaInput, Name: "body", Label: v.T("letter.body"), Hint: v.T("letter.body_hint"), Value: v.FormValue("body"), Error: v.Wrong("body")},
	}
}

// Preview takes the letter to be looked at before it is sent.
func Preview(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	if _, err := letter.Preview(v.Context(), v.Reader(), v.Viewer, d.ID, typedLetter(v), v.NumberID("person"), v.Server.Site); err != nil {
		return err
	}
	return v.Again()
}

// LetterPreview shows the letter as one named reader will get it; one that was not
// accepted stands where it was written.
func LetterPreview(v *visit.Visit) error {
	if !v.Sent || v.Refused != nil {
		return List(v)
	}
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	n := typedLetter(v)
	shown, err := letter.Preview(v.Context(), v.Reader(), v.Viewer, d.ID, n, v.NumberID("person"), v.Server.Site)
	if err != nil {
		return err
	}
	typed := []ui.Hidden{
		{Name: "key", Value: n.Key}, {Name: "audience", Value: string(n.Audience)}, {Name: "subject", Value: n.Subject}, {Name: "body", Value: n.Body},
	}
	options := make([]ui.Option, len(shown.Readers))
	for i, p := range shown.Readers {
		options[i] = ui.Option{Value: visit.ID(p.ID), Label: p.Name()}
	}
	title := v.T("letter.preview_title")
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)}, ui.Crumb{Label: v.T("letter.title"), Href: visit.LettersPath(d.ID)})...)
	f.Reading = true
	lead := v.T("letter.reach", "Count", len(shown.Readers))
	var notice templ.Component = templ.NopComponent
	if missing := len(shown.Readers) - shown.Addresses; missing > 0 {
		notice = ui.Notice{Tone: ui.Caution, Text: v.T("letter.without_address", "Count", missing)}.View(v.Lang)
	}
	another := ui.Form(visit.LettersPath(d.ID, "preview"), v.T("letter.preview_other"), typed, ui.Field{
		Input: ui.SelectInput, Name: "person", Label: v.T("letter.preview_for"), Value: visit.ID(shown.To.ID), Options: options,
	})
	another.Kind = ui.Secondary
	send := ui.Form(visit.LettersPath(d.ID), v.T("letter.send", "Count", len(shown.Readers)), typed)
	send.Cancel = visit.LettersPath(d.ID)
	return v.Page(f,
		ui.PageHead{Title: title, Lead: lead}.View(v.Lang), notice,
		ui.Section("letter", v.T("letter.as_read", "Name", shown.To.Name()), ui.LetterText(shown.Subject, shown.Body)),
		send.View(v.Lang),
		ui.Section("other", v.T("letter.see_other"), another.View(v.Lang)),
		ui.Fold(v.T("letter.change"), rewrite(v, d, n)),
	)
}

// rewrite is the form with what was typed, to change it.
func rewrite(v *visit.Visit, d round.Detail, n letter.New) templ.Component {
	again := ui.Form(visit.LettersPath(d.ID, "preview"), v.T("letter.preview"), []ui.Hidden{{Name: "key", Value: n.Key}}, letterFields(v, d)...)
	again.Kind = ui.Secondary
	return again.View(v.Lang)
}

// Send sends the letter that was previewed.
func Send(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	count := 0
	err = v.Write(func(tx *db.Tx) error {
		count, err = letter.Send(v.Context(), tx, v.Viewer, d.ID, typedLetter(v), v.Server.Site, v.Now)
		return err
	})
	if f := fault.Of(err); f != nil && f.Key == "letter.written_already" {
		return v.Redirect(visit.LettersPath(d.ID), "notice.letter_sent_once")
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.LettersPath(d.ID), "notice.letter_sent", "Recipients", v.Lang.Number(int64(count)))
}

// Show is one letter: who got what, and when.
func Show(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	id, err := v.ID("letter")
	if err != nil {
		return err
	}
	l, all, err := letter.Get(v.Context(), v.Reader(), v.Viewer, d.ID, id)
	if err != nil {
		return err
	}
	title := letterTitle(v, d, l)
	by := l.By
	if by == "" {
		by = v.T("letter.by_product")
	}
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)}, ui.Crumb{Label: v.T("letter.title"), Href: visit.LettersPath(d.ID)})...)
	t := ui.Table{
		ID: "recipients", Caption: v.T("letter.recipients"),
		Columns: []ui.Column{{Label: v.T("letter.name")}, {Label: v.T("letter.text")}, {Label: v.T("letter.state")}},
	}
	for _, p := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ReaderCell(v, p), {Slot: ui.Fold(p.Subject, ui.LetterText(p.Subject, p.Body))}, PartState(v, p),
		}})
	}
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("letter.written_by", "Name", by, "When", v.Lang.DayTime(l.MadeAt))}.View(v.Lang),
		Bounces(v, l.Bounced, visit.LettersPath(d.ID, visit.ID(l.ID), "resending")), v.Table(t))
}

// Bounces tells how many were not reached, and lets them be written to again.
func Bounces(v *visit.Visit, persons int, again string) templ.Component {
	if persons == 0 {
		return templ.NopComponent
	}
	return templ.Join(
		ui.Notice{Tone: ui.Caution, Title: v.T("letter.not_reached", "Count", persons), Text: v.T("letter.not_reached_help")}.View(v.Lang),
		ui.Action{Label: v.T("letter.again"), Href: again, Post: true, Kind: ui.Secondary}.View(v.Lang))
}

// SendAgain sends what bounced once more.
func SendAgain(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	id, err := v.ID("letter")
	if err != nil {
		return err
	}
	if _, _, err := letter.Get(v.Context(), v.Reader(), v.Viewer, d.ID, id); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		_, err := letter.SendAgain(v.Context(), tx, v.Viewer, d.ID, id)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(visit.LettersPath(d.ID, visit.ID(id)), "notice.letter_again")
}

func PartState(v *visit.Visit, p letter.Part) ui.Cell {
	why := whyBounced(v, p.Failure)
	switch {
	case p.SentAt != nil:
		c := ui.Status(v.T("letter.sent_one"), ui.Positive)
		c.Note = v.Lang.DayTime(*p.SentAt)
		return c
	case p.FailedAt != nil:
		c := ui.Status(v.T("letter.bounced_one"), ui.Negative)
		c.Href = visit.CorrectPersonPath(p.PersonID)
		c.Note = v.T("letter.failed", "When", *p.FailedAt, "Why", why)
		return c
	case p.Failure != "":
		c := ui.Status(v.T("letter.delayed"), ui.Caution)
		c.Note = why
		return c
	}
	return ui.Status(v.T("letter.waits"), ui.Info)
}

// whyBounced is the failure in words, with the mail server's answer for those
// who ask about it: RFC 3463 says what its second number means.
func whyBounced(v *visit.Visit, failure string) string {
	if v.Lang.Has("letter.failure_" + failure) {
		return v.T("letter.failure_" + failure)
	}
	key := "letter.refused"
	if _, enhanced, ok := strings.Cut(failure, " "); ok {
		switch _, subject, _ := strings.Cut(enhanced, "."); {
		case strings.HasPrefix(subject, "1."):
			key = "letter.refused_address"
		case strings.HasPrefix(subject, "2.2"):
			key = "letter.refused_full"
		}
	}
	return v.T(key, "Answer", failure)
}

// SetMaterialDay sets when the round's material is sent.
func SetMaterialDay(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	var checks fault.Checks
	on := v.FormDay(&checks, "send_on")
	err = checks.Err()
	if err == nil {
		err = v.Write(func(tx *db.Tx) error { return material.SendOn(v.Context(), tx, d.ID, d.FirstDay, on) })
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.LettersPath(d.ID), "notice.material_day")
}

// ReaderCell is whom an e-mail is for; who was not reached is linked to, so that the
// address can be put right.
func ReaderCell(v *visit.Visit, p letter.Part) ui.Cell {
	if p.Bounced() && v.Viewer.Has(access.Regional, access.Operator) {
		return ui.Link(p.Name, visit.PersonPath(p.PersonID))
	}
	return ui.Text(p.Name)
}
