package federation

import (
	"errors"
	"io"
	"mime/multipart"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// latestTroubles is how many failed attempts are listed.
const latestTroubles = 50

// setUp is a municipality's sign-in as its administrator sees it.
type setUp struct {
	*visit.Visit
	m        organisation.Organisation
	provider federation.Provider // without a kind when there is none yet
	linked   int
	troubles []federation.Trouble
	trial    *federation.Report // what came of the last try, when one was just made
}

// mine is the municipality in the address, for those who set up its sign-in.
func mine(v *visit.Visit) (organisation.Organisation, error) {
	m, err := v.Municipality()
	if err == nil {
		err = access.Federate(v.Viewer).Allow(m.Place())
	}
	return m, err
}

// SetUp is how a municipality's people sign in with their account at work.
func SetUp(v *visit.Visit) error {
	m, err := mine(v)
	if err != nil {
		return err
	}
	p := setUp{Visit: v, m: m}
	if err := p.read(); err != nil {
		return err
	}
	title := v.T("federation.setup.title")
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: title})...)
	return v.Page(f, ui.Parts(
		p.head(title), p.result(),
		ui.Section("settings", v.T("federation.setup.settings"), p.kinds(), p.form()),
		ui.Section("addresses", v.T("federation.setup.addresses"), ui.Paragraph(v.T("federation.setup.addresses_help")), p.addresses().View(v.Lang)),
		v.Table(p.attempts()),
	)...)
}

func (p *setUp) read() (err error) {
	ctx, q := p.Context(), p.Reader()
	if p.provider, err = federation.Of(ctx, q, p.Viewer, p.m); err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if p.linked, err = federation.Linked(ctx, q, p.Viewer, p.m); err != nil {
		return err
	}
	if p.troubles, err = federation.Troubles(ctx, q, p.Viewer, p.m, latestTroubles); err != nil {
		return err
	}
	if token := p.URL.Query().Get("trial"); token != "" {
		report, err := federation.Tried(ctx, q, p.Viewer, p.m, token)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			p.trial = &report
		}
	}
	return nil
}

// head says whether the way in is open, and what can be done about it.
func (p *setUp) head(title string) templ.Component {
	head := ui.PageHead{Title: title, Lead: p.T("federation.setup.lead", "Municipality", p.m.Name)}
	if p.provider.Kind == "" {
		head.Tag = &ui.Tag{Word: p.T("federation.setup.none"), Tone: ui.Plain}
		return head.View(p.Lang)
	}
	try := ui.Action{Label: p.T("federation.setup.try"), Href: address.WorkSetUp(p.m.Slug, "trial"), Kind: ui.Secondary}
	if p.provider.On() {
		head.Tag = &ui.Tag{Word: p.T("federation.setup.open_since", "Day", p.provider.OnAt.Day(), "Count", p.linked), Tone: ui.Positive}
		head.Others = []ui.Action{try, {Label: p.T("federation.setup.close"), Href: address.WorkSetUp(p.m.Slug, "closing"), Post: true, Kind: ui.Secondary}}
		return head.View(p.Lang)
	}
	head.Tag = &ui.Tag{Word: p.T("federation.setup.closed"), Tone: ui.Caution}
	head.Others = []ui.Action{try, {Label: p.T("federation.setup.open"), Href: address.WorkSetUp(p.m.Slug, "opening"), Post: true, Kind: ui.Secondary}}
	return head.View(p.Lang)
}

// result is what came when the administrator tried, and what is missing.
func (p *setUp) result() templ.Component {
	r := p.trial
	if r == nil {
		return nil
	}
	notice := ui.Notice{Tone: ui.Positive, Title: p.T("federation.trial.well"), Text: p.T("federation.trial.found")}
	switch {
	case r.Cause != "":
		notice = ui.Notice{Tone: ui.Caution, Title: p.T("federation.trial.not_in"), Text: p.why(r.Cause, r.Detail)}
	case r.Adds:
		notice.Text = p.T("federation.trial.adds")
	case !r.Found:
		notice.Text = p.T("federation.trial.somebody")
	}
	came := func(ok bool) string {
		if ok {
			return p.T("federation.trial.came")
		}
		return p.T("federation.trial.missing")
	}
	email := came(r.Email)
	switch {
	case r.Email && !r.Own:
		email = p.T("federation.trial.foreign")
	case r.Email && r.Checked:
		email = p.T("federation.trial.checked")
	}
	facts := ui.Summary{
		{Term: p.T("federation.trial.lasting"), Value: came(r.Lasting)}, {Term: p.T("federation.trial.email"), Value: email},
		{Term: p.T("federation.trial.given"), Value: came(r.Given)}, {Term: p.T("federation.trial.family"), Value: came(r.Family)},
		{Term: p.T("federation.trial.names"), Value: orNone(p, strings.Join(r.Names, ", "))},
	}
	return ui.Section("trial", p.T("federation.trial.title", "At", p.Lang.DayTime(r.Happened)), notice.View(p.Lang), facts.View(p.Lang))
}

func orNone(p *setUp, text string) string {
	if text == "" {
		return p.T("federation.trial.nothing")
	}
	return text
}

// why is why an attempt let nobody in, for who mends it.
func (p *setUp) why(cause, detail string) string {
	if rest, out := federation.OfSignOut(detail); out {
		return p.T("federation.setup.at_sign_out") + " " + p.why(cause, rest)
	}
	if key := federation.DetailKey(detail); key != "" {
		return p.T(key)
	}
	// What is missing, and in brackets what came: each in a sentence of its own.
	lacks, came, _ := strings.Cut(strings.TrimSuffix(detail, ")"), " (")
	if cause == identity.CauseUnknownPerson {
		came = detail
	}
	text := p.T(identity.CauseKey(cause), "Detail", lacks)
	if came != "" {
		text += " " + p.T("federation.setup.received", "Names", came)
	}
	return text
}

// kind is the language whose form is shown.
func (p *setUp) kind() federation.Kind {
	for _, said := range []string{p.Typed("kind", ""), p.URL.Query().Get("kind"), string(p.provider.Kind)} {
		if k := federation.Kind(said); k == federation.OIDC || k == federation.SAML {
			return k
		}
	}
	return federation.OIDC
}

func (p *setUp) kinds() templ.Component {
	tabs := ui.Tabs{Label: p.T("federation.setup.kind")}
	for _, k := range []federation.Kind{federation.OIDC, federation.SAML} {
		tabs.Items = append(tabs.Items, ui.Tab{
			Label: p.T("federation.kind." + string(k)), Href: address.WorkSetUp(p.m.Slug) + "?kind=" + string(k), Current: k == p.kind(),
		})
	}
	return tabs.View(p.Lang)
}

func (p *setUp) form() templ.Component {
	was := p.provider
	if was.Kind != p.kind() {
		was = federation.Provider{Domains: was.Domains, Vouches: was.Kind == "" || was.Vouches, MakesAccounts: was.MakesAccounts}
	}
	field := func(name, usual string, more ui.Field) ui.Field {
		more.Name, more.Label, more.Value, more.Error = name, p.T("federation.field."+name), p.Typed(name, usual), p.Wrong(name)
		if p.Lang.Has("federation.field." + name + "_hint") {
			more.Hint = p.T("federation.field." + name + "_hint")
		}
		return more
	}
	box := func(name string, usual bool) ui.Field {
		value := visit.OnWhen(usual)
		if p.Sent {
			value = p.PostForm.Get(name)
		}
		f := field(name, "", ui.Field{Input: ui.CheckInput, Optional: true})
		f.Value = value
		return f
	}
	var fields []ui.Field
	if p.kind() == federation.OIDC {
		secret := field("client_secret", "", ui.Field{Autocomplete: "off", Optional: was.ClientSecret != ""})
		secret.Value = ""
		switch {
		case was.SecretLost:
			secret.Hint = p.T("federation.field.client_secret_lost")
		case was.ClientSecret != "":
			secret.Hint = p.T("federation.field.client_secret_kept")
		}
		fields = []ui.Field{field("issuer", was.Issuer, ui.Field{Autocomplete: "off"}), field("client_id", was.ClientID, ui.Field{Autocomplete: "off"}), secret}
	} else {
		fields = []ui.Field{
			field("address", was.MetadataAddress, ui.Field{Autocomplete: "off", Optional: true}),
			field("metadata", "", ui.Field{Input: ui.FileInput, Accept: ".xml", Optional: true}),
			field("entity", was.Issuer, ui.Field{Autocomplete: "off", Optional: true}),
			field("signers", was.MetadataSigners, ui.Field{Input: ui.TextareaInput, Optional: true}),
			field("subject", was.SubjectFrom, ui.Field{Autocomplete: "off", Optional: true}),
		}
	}
	fields = append(fields, field("domains", strings.Join(was.Domains, "\n"), ui.Field{Input: ui.TextareaInput}), box("vouches", was.Vouches), box("makes_accounts", was.MakesAccounts))
	view := ui.Form(address.WorkSetUp(p.m.Slug), p.T("federation.setup.save"), []ui.Hidden{{Name: "kind", Value: string(p.kind())}}, fields...)
	if p.kind() == federation.SAML {
		return ui.Upload(view, p.Lang)
	}
	return view.View(p.Lang)
}

// addresses are what an IT department needs of us.
func (p *setUp) addresses() ui.Summary {
	base := p.Server.Site.Base
	if p.kind() == federation.OIDC {
		return ui.Summary{
			{Term: p.T("federation.address.redirect"), Value: base + address.Below(address.OIDCAnswer, p.m.Slug)},
			{Term: p.T("federation.address.signed_out"), Value: base + address.Below(address.OIDCSignOut, p.m.Slug)},
			{Term: p.T("federation.address.back_channel"), Value: base + address.Below(address.OIDCSignOut, p.m.Slug)},
			{Term: p.T("federation.address.scopes"), Value: "openid profile email"},
			{Term: p.T("federation.address.claims"), Value: "sub, email, email_verified, given_name, family_name"},
		}
	}
	return ui.Summary{
		{Term: p.T("federation.address.metadata"), Slot: ui.LinkTo(base+address.SAMLMetadata, address.SAMLMetadata)},
		{Term: p.T("federation.address.entity"), Value: p.Server.Work.EntityID()},
		{Term: p.T("federation.address.answer"), Value: base + address.SAMLAnswer},
		{Term: p.T("federation.address.logout"), Value: base + address.SAMLSignOut},
		{Term: p.T("federation.address.attributes"), Value: p.T("federation.address.attributes_list")},
	}
}

// attempts are those that let nobody in.
func (p *setUp) attempts() ui.Table {
	t := ui.Table{
		ID: "attempts", Caption: p.T("federation.attempts.title"), Note: p.T("federation.attempts.note"),
		Columns: []ui.Column{
			{Label: p.T("federation.attempts.at"), Keep: true}, {Label: p.T("federation.attempts.person")}, {Label: p.T("federation.attempts.why")}, {Label: p.T("federation.attempts.reference")}, {Label: p.T("federation.attempts.do")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: p.T("federation.attempts.none"), Text: p.T("federation.attempts.none_help")},
	}
	for _, a := range p.troubles {
		person, do := ui.Text(p.T("federation.attempts.nobody")), ui.Cell{}
		if a.PersonID != 0 {
			person = ui.Link(a.Name, visit.PersonPath(a.PersonID))
			if a.Linked() {
				do.Slot = ui.Action{
					Label: p.T("federation.attempts.unlink"), About: a.Name, Href: address.WorkSetUp(p.m.Slug, "links", visit.ID(a.PersonID), "removal"),
					Post: true, Small: true, Kind: ui.Secondary,
				}.View(p.Lang)
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(p.Lang.DayTime(a.At)), person, ui.Text(p.why(a.Cause, a.Detail)), ui.Text(a.Reference), do,
		}})
	}
	return t
}

// Save keeps the settings.
func Save(v *visit.Visit) error {
	m, err := mine(v)
	if err != nil {
		return err
	}
	v.TakeTime()
	var metadata []byte
	if err := v.ReadParts(func(field string, part *multipart.Part) error {
		if field != "metadata" || metadata != nil {
			return nil
		}
		if metadata, err = io.ReadAll(io.LimitReader(part, federation.MostMetadata+1)); err != nil {
			return v.UploadFault(err)
		}
		return nil
	}); err != nil {
		return err
	}
	said := func(name string) string { return strings.TrimSpace(v.PostForm.Get(name)) }
	if err := v.Server.Work.Save(v.Context(), v.Viewer, m, federation.Settings{
		Kind: federation.Kind(said("kind")), Issuer: said("issuer"), ClientID: said("client_id"), ClientSecret: said("client_secret"),
		Metadata: metadata, MetadataAddress: said("address"), EntityID: said("entity"), MetadataSigners: said("signers"), SubjectFrom: said("subject"),
		Domains: strings.FieldsFunc(said("domains"), func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' }),
		Vouches: said("vouches") != "", MakesAccounts: said("makes_accounts") != "",
	}, v.Now); err != nil {
		v.PostForm.Del("client_secret") // what is typed is kept to be shown again; this is not
		return err
	}
	return v.Redirect(address.WorkSetUp(m.Slug), "notice.federation_saved")
}

// Try lets the administrator sign in at the provider, to see what comes.
func Try(v *visit.Visit) error {
	m, err := mine(v)
	if err != nil {
		return err
	}
	return begin(v, m, v.Viewer.PersonID)
}

// Open opens the way in to all.
func Open(v *visit.Visit) error {
	m, err := mine(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return federation.TurnOn(v.Context(), tx, v.Viewer, m, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(address.WorkSetUp(m.Slug), "notice.federation_opened")
}

// Close closes it.
func Close(v *visit.Visit) error {
	m, err := mine(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return federation.TurnOff(v.Context(), tx, v.Viewer, m, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(address.WorkSetUp(m.Slug), "notice.federation_closed")
}

// Unlink forgets who somebody is at the provider, so that they are found anew.
func Unlink(v *visit.Visit) error {
	m, err := mine(v)
	if err != nil {
		return err
	}
	person, err := v.ID("person")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return federation.Unlink(v.Context(), tx, v.Viewer, m, person) }); err != nil {
		return err
	}
	return v.Redirect(address.WorkSetUp(m.Slug), "notice.federation_unlinked")
}
