package signout

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/beevik/etree"
	"github.com/crewjam/saml"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/federation/message"
	"yrkesresan/internal/identity"
)

// Way is how a browser is led to a provider: to the address, or with a form that holds the
// fields.
type Way struct {
	Address string
	Fields  [][2]string // name and value; none: the address alone
}

// bindings are how SAML's messages about signing out travel, in the order in which we
// choose.
var bindings = []string{saml.HTTPRedirectBinding, saml.HTTPPostBinding}

// endsAt is where the provider takes our question or, with answers, our answer; without a
// location when it does not, or where we lead nobody.
func (e *Exit) endsAt(sp *saml.ServiceProvider, answers bool) saml.Endpoint {
	for _, binding := range bindings {
		for _, d := range sp.IDPMetadata.IDPSSODescriptors {
			for _, at := range d.SingleLogoutServices {
				if answers && at.ResponseLocation != "" {
					at.Location = at.ResponseLocation
				}
				if at.Binding == binding && e.Work.Leads(at.Location) {
					return at
				}
			}
		}
	}
	return saml.Endpoint{}
}

// posted is a message that is signed in itself, as a form.
func posted(at saml.Endpoint, field string, signed *etree.Element, relayState string) (Way, error) {
	doc := etree.NewDocument()
	doc.SetRoot(signed)
	text, err := doc.WriteToBytes()
	if err != nil {
		return Way{}, err
	}
	way := Way{Address: at.Location, Fields: [][2]string{{field, base64.StdEncoding.EncodeToString(text)}}}
	if relayState != "" {
		way.Fields = append(way.Fields, [2]string{"RelayState", relayState})
	}
	return way, nil
}

// Ask is the way to the provider, to sign out there, too. Each time it is another
// question, of which the last may be answered. fault.NotFound when there is no such
// sign-out, or it is over, or the provider has no page for it. It asks no viewer: nobody
// is signed in any more.
func (e *Exit) Ask(ctx context.Context, token string, now clock.Instant) (Way, error) {
	l, err := e.open(ctx, token, now)
	if err != nil {
		return Way{}, err
	}
	if l.answered != nil || !l.same() {
		return Way{}, fault.NotFound
	}
	var way Way
	var request string
	if l.provider.Kind == federation.OIDC {
		way, request, err = e.askOIDC(ctx, l, token)
	} else {
		way, request, err = e.askSAML(ctx, l, token, now)
	}
	if err != nil {
		return Way{}, err
	}
	err = e.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE work_sign_out SET request_id = $2 WHERE token_hash = $1 AND answered_at IS NULL`, hash("sign-out", token), request)
		return err
	})
	if err != nil {
		return Way{}, fmt.Errorf("ask a provider to sign somebody out: %w", err)
	}
	return way, nil
}

func (e *Exit) askSAML(ctx context.Context, l leaving, token string, now clock.Instant) (Way, string, error) {
	sp, err := e.Work.Service(ctx, l.provider, now)
	if err != nil {
		return Way{}, "", err
	}
	at := e.endsAt(sp, false)
	if at.Location == "" || l.ending.Name.Value == "" {
		return Way{}, "", fault.NotFound
	}
	until := now.Add(Life).Time().UTC()
	question, err := sp.MakeLogoutRequest(at.Location, l.ending.Name.Value, saml.WithSessionIndex(l.ending.Session), func(r *saml.LogoutRequest) {
		r.NameID, r.NotOnOrAfter = &l.ending.Name, &until
	})
	if err != nil {
		return Way{}, "", err
	}
	if at.Binding == saml.HTTPPostBinding {
		way, err := posted(at, "SAMLRequest", question.Element(), token)
		return way, question.ID, err
	}
	to, err := sp.RedirectLogoutRequestURL(question, token)
	if err != nil {
		return Way{}, "", err
	}
	return Way{Address: to.String()}, question.ID, nil
}

// Message is what a browser has brought from a SAML provider: of an address its query, of
// a form its fields.
type Message struct {
	Query  string     // HTTP-Redirect, as it came: that is what is signed
	Form   url.Values // HTTP-POST
	Remote string     // the network that brings it
}

func (m Message) field(name string) string {
	if m.Form != nil {
		return m.Form.Get(name)
	}
	query, err := url.ParseQuery(m.Query)
	if err != nil {
		return ""
	}
	return query.Get(name)
}

// Asks tells whether the provider asks, and does not answer.
func (m Message) Asks() bool { return m.field("SAMLRequest") != "" }

// Token is that of the sign-out that the message answers.
func (m Message) Token() string { return m.field("RelayState") }

// mostRelayed is the longest RelayState that a provider gets back, in bytes; SAML's bound
// is eighty, which not all keep.
const mostRelayed = 1000

// relayed is what the provider wants to have back.
func (m Message) relayed() string {
	if state := m.field("RelayState"); len(state) <= mostRelayed {
		return state
	}
	return ""
}

// text is the message's XML, which is not believed yet.
func (m Message) text(field string, kind message.Kind) ([]byte, error) {
	if m.Form != nil {
		return message.Posted(m.field(field), kind)
	}
	return message.Redirected(m.field(field), kind)
}

// request is the message as the library reads it. Of a form it is given nothing but what
// our reading has been given: no signature beside it.
func (m Message) request(field string) *http.Request {
	if m.Form != nil {
		bare := strings.Join(strings.Fields(m.field(field)), "") // in lines, as some send it
		return &http.Request{Method: http.MethodPost, URL: &url.URL{}, PostForm: url.Values{field: {bare}}, Form: url.Values{}}
	}
	return &http.Request{Method: http.MethodGet, URL: &url.URL{RawQuery: m.Query}}
}

// Answer takes the provider's answer to our question, once. What it says is what Told
// tells afterwards; ErrUntaken when it is no answer to any. It asks no viewer: whoever
// brings it is unknown.
func (e *Exit) Answer(ctx context.Context, m Message, now clock.Instant) error {
	token := m.Token()
	l, err := e.open(ctx, token, now)
	if errors.Is(err, fault.NotFound) || err == nil && (l.request == "" || l.provider.Kind != federation.SAML || l.answered == nil && !l.same()) {
		return e.untaken(ctx, m.Remote, now)
	}
	if err != nil {
		return err
	}
	first, err := e.claim(ctx, token, now)
	if err != nil {
		return err
	}
	if !first {
		return e.untaken(ctx, m.Remote, now, refused{l.provider, federation.Replayed()})
	}
	outcome, why := e.answered(ctx, m, l, now)
	if err := e.conclude(ctx, token, outcome); err != nil || why == nil {
		return err
	}
	if err := e.untaken(ctx, m.Remote, now, refused{l.provider, why}); !errors.Is(err, ErrUntaken) && !errors.Is(err, identity.ErrNetworkBusy) {
		return err
	}
	return nil // the person is told on the page
}

// answered is what the answer says, or why it is not taken.
func (e *Exit) answered(ctx context.Context, m Message, l leaving, now clock.Instant) (o Outcome, why error) {
	text, err := m.text("SAMLResponse", message.LogoutResponse)
	if err != nil {
		return Failed, federation.Untaken(err, nil, now)
	}
	read := func(p federation.Provider) (*saml.LogoutResponse, error) {
		sp, err := e.Work.Service(ctx, p, now)
		if err != nil {
			return nil, err
		}
		answer, err := sp.ParseLogoutResponse(m.request("SAMLResponse"), []string{l.request})
		if err != nil {
			return nil, federation.Untaken(err, text, now)
		}
		return answer, nil
	}
	answer, err := read(l.provider)
	if err != nil && federation.NewKeyMayHelp(err) {
		if renewed, changed := e.Work.Renewed(ctx, l.provider, now); changed {
			answer, err = read(renewed)
		}
	}
	switch {
	case err != nil:
		return Failed, err
	case answer.Status.StatusCode.StatusCode != nil && answer.Status.StatusCode.StatusCode.Value == saml.StatusPartialLogout:
		return Partly, nil
	}
	return Out, nil
}

// Request takes a provider's request to end sessions, once, and is the way back with our
// answer; without an address when the provider's metadata has none for it. ErrUntaken when
// nothing is ended. It asks no viewer: whoever brings it is unknown, and the signature says
// who asks.
func (e *Exit) Request(ctx context.Context, m Message, now clock.Instant) (Way, error) {
	text, err := m.text("SAMLRequest", message.LogoutRequest)
	if err != nil {
		return Way{}, e.untaken(ctx, m.Remote, now)
	}
	// Several municipalities may have the same provider, or say so: each with its own keys,
	// and each for its own people.
	all, err := e.Work.Named(ctx, federation.SAML, message.Issuer(text))
	if err != nil {
		return Way{}, err
	}
	var no []refused
	var way *Way
	for _, p := range all {
		sp, request, err := e.requested(ctx, m, text, p, now)
		if err == nil {
			err = e.end(ctx, p, request.ID, request.NameID.Value, indexes(request), now)
		}
		if err != nil && !federation.Refused(err) {
			return Way{}, err // nobody is told that all is ended when it may not be
		}
		if err != nil {
			no = append(no, refused{p, err})
		} else if way == nil {
			if way, err = e.agree(sp, request, m.relayed()); err != nil {
				return Way{}, err
			}
		}
	}
	if way == nil {
		return Way{}, e.untaken(ctx, m.Remote, now, no...)
	}
	return *way, nil
}

// requested is the request, when it is the provider's, for us, of this time and signed, and
// us as that provider sees us.
func (e *Exit) requested(ctx context.Context, m Message, text []byte, p federation.Provider, now clock.Instant) (*saml.ServiceProvider, *saml.LogoutRequest, error) {
	read := func(p federation.Provider) (*saml.ServiceProvider, *saml.LogoutRequest, error) {
		sp, err := e.Work.Service(ctx, p, now)
		if err != nil {
			return nil, nil, err
		}
		request, err := sp.ValidateLogoutRequest(m.request("SAMLRequest"))
		if err != nil {
			return nil, nil, federation.Untaken(err, text, now)
		}
		return sp, request, nil
	}
	sp, request, err := read(p)
	if err != nil && federation.NewKeyMayHelp(err) {
		if renewed, changed := e.Work.Renewed(ctx, p, now); changed {
			return read(renewed)
		}
	}
	return sp, request, err
}

// indexes are the names of the sessions that the request is about; none: all of the
// person's.
func indexes(r *saml.LogoutRequest) (all []string) {
	for _, s := range r.AllSessionIndexes() {
		all = append(all, s.Value)
	}
	return all
}

// agree is the way back with our answer. Who had no session of ours is out, too.
func (e *Exit) agree(sp *saml.ServiceProvider, r *saml.LogoutRequest, relayState string) (*Way, error) {
	at := e.endsAt(sp, true)
	if at.Location == "" {
		return &Way{}, nil
	}
	if at.Binding == saml.HTTPPostBinding {
		answer, err := sp.MakeLogoutResponse(at.Location, r.ID)
		if err != nil {
			return nil, err
		}
		way, err := posted(at, "SAMLResponse", answer.Element(), relayState)
		return &way, err
	}
	// The library knows one address for questions and answers.
	sp.IDPMetadata = &saml.EntityDescriptor{EntityID: sp.IDPMetadata.EntityID, IDPSSODescriptors: []saml.IDPSSODescriptor{
		{SSODescriptor: saml.SSODescriptor{SingleLogoutServices: []saml.Endpoint{at}}},
	}}
	to, err := sp.MakeRedirectLogoutResponse(r.ID, relayState)
	if err != nil {
		return nil, err
	}
	return &Way{Address: to.String()}, nil
}
