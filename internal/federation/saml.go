package federation

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crewjam/saml"
	dsig "github.com/russellhaering/goxmldsig"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/text"
)

// The names by which attributes come, the first being the one that we ask for: those
// of Swedish federations (by OID), those of Microsoft's products, and bare ones.
var (
	mailNames   = []string{"urn:oid:0.9.2342.19200300.100.1.3", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "mail", "email"}
	givenNames  = []string{"urn:oid:2.5.4.42", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "givenName", "given_name"}
	familyNames = []string{"urn:oid:2.5.4.4", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "sn", "surname", "family_name"}
	staffNames  = []string{"urn:oid:2.16.840.1.113730.3.1.3", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/employeeid", "employeeNumber", "employeeid"}
	// Values with a scope: who says them must own it.
	scopedNames = []string{
		"urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName", "urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "eduPersonScopedAffiliation",
		"urn:oid:1.3.6.1.4.1.5923.1.1.1.13", "eduPersonUniqueId",
		"urn:oasis:names:tc:SAML:attribute:subject-id", "urn:oasis:names:tc:SAML:attribute:pairwise-id",
		"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
	}
)

const persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

// service is us, as the provider sees us.
func (f *Federation) service(k key, entity *saml.EntityDescriptor, p Provider, now clock.Instant) *saml.ServiceProvider {
	at := func(path string) url.URL {
		u, err := url.Parse(f.Base + path)
		if err != nil {
			return url.URL{}
		}
		return *u
	}
	sp := &saml.ServiceProvider{
		EntityID: f.EntityID(), Key: k.private, Certificate: k.certificate, MetadataURL: at(address.SAMLMetadata), AcsURL: at(address.SAMLAnswer),
		SloURL: at(address.SAMLSignOut), LogoutBindings: []string{saml.HTTPRedirectBinding, saml.HTTPPostBinding},
		IDPMetadata: entity, SignatureMethod: dsig.RSASHA256SignatureMethod, AuthnNameIDFormat: saml.PersistentNameIDFormat,
		AssertionConsumerServiceBindings: []string{saml.HTTPPostBinding}, MetadataOmitValidUntil: true,
		Clock:                    dsig.NewFakeClockAt(now.Time().UTC()), // the time is an argument
		RejectExpiredIDPMetadata: true, RejectSHA1Signatures: true, RejectUnknownConditions: true,
	}
	if p.SubjectFrom != "" {
		sp.AuthnNameIDFormat = saml.UnspecifiedNameIDFormat
	}
	return sp
}

// EntityID is what SAML providers call us: where our metadata is.
func (f *Federation) EntityID() string { return f.Base + address.SAMLMetadata }

// OurMetadata is what SAML providers read of us.
func (f *Federation) OurMetadata(ctx context.Context) ([]byte, error) {
	k, err := f.keys(ctx)
	if err != nil {
		return nil, err
	}
	entity := f.service(k, nil, Provider{}, f.Clock()).Metadata()
	for i := range entity.SPSSODescriptors {
		d := &entity.SPSSODescriptors[i]
		// No key to encrypt to: what comes over TLS to the browser and from there to us is
		// enough, and what is not encrypted can be refused before anything is done with it.
		d.KeyDescriptors = slices.DeleteFunc(d.KeyDescriptors, func(k saml.KeyDescriptor) bool { return k.Use == "encryption" })
		required := true
		asked := saml.AttributeConsumingService{Index: 1, ServiceNames: []saml.LocalizedName{{Lang: "sv", Value: "Yrkesresan"}, {Lang: "en", Value: "Yrkesresan"}}}
		for friendly, names := range map[string][]string{"mail": mailNames, "givenName": givenNames, "sn": familyNames} {
			asked.RequestedAttributes = append(asked.RequestedAttributes, saml.RequestedAttribute{
				Attribute: saml.Attribute{FriendlyName: friendly, Name: names[0], NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"}, IsRequired: &required,
			})
		}
		slices.SortFunc(asked.RequestedAttributes, func(a, b saml.RequestedAttribute) int { return strings.Compare(a.FriendlyName, b.FriendlyName) })
		d.AttributeConsumingServices = []saml.AttributeConsumingService{asked}
	}
	out, err := xml.MarshalIndent(entity, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}

// askSAML is the address at which the provider is asked, and the name of the question.
func (f *Federation) askSAML(ctx context.Context, p Provider, state string, anew bool, now clock.Instant) (at, request string, err error) {
	k, err := f.keys(ctx)
	if err != nil {
		return "", "", err
	}
	entity, err := samlEntity(p.Metadata)
	if err != nil {
		return "", "", err
	}
	sp := f.service(k, entity, p, now)
	if anew {
		sp.ForceAuthn = &anew
	}
	question, err := sp.MakeAuthenticationRequest(redirectAddress(entity), saml.HTTPRedirectBinding, saml.HTTPPostBinding)
	if err != nil {
		return "", "", err
	}
	to, err := question.Redirect(state, sp)
	if err != nil {
		return "", "", err
	}
	return to.String(), question.ID, nil
}

func samlEntity(metadata string) (*saml.EntityDescriptor, error) {
	entity := &saml.EntityDescriptor{}
	if err := xml.Unmarshal([]byte(metadata), entity); err != nil {
		return nil, err
	}
	return entity, nil
}

// readSAML is what the response says of whom, when it is an answer to the question,
// from the provider, for us, whole, signed and of this time. asked is when we asked.
func (f *Federation) readSAML(ctx context.Context, p Provider, response []byte, request string, asked, now clock.Instant) (Said, []string, error) {
	k, err := f.keys(ctx)
	if err != nil {
		return Said{}, nil, err
	}
	entity, err := samlEntity(p.Metadata)
	if err != nil {
		return Said{}, nil, err
	}
	sp := f.service(k, entity, p, now)
	assertion, err := sp.ParseXMLResponse(response, []string{request}, sp.AcsURL)
	if err != nil {
		return Said{}, nil, refusedAs(err, issuedAt(response), asked.Time(), now.Time())
	}
	return p.heard(assertion), scopesOf(entity), nil
}

// refusedAs is why the library did not take a response.
func refusedAs(err error, issued, asked, now time.Time) *refusal {
	var status saml.ErrBadStatus
	switch {
	case errors.As(err, &status):
		return refuse(identity.CauseCancelled, detailProvider)
	case errors.Is(err, saml.ErrCertificateNotValidNow):
		return refuse(identity.CauseSignature, detailCertificate)
	case errors.Is(err, saml.ErrUntrustedCertificate):
		return refuse(identity.CauseUnknownKey, "")
	case errors.Is(err, saml.ErrInvalidSignature):
		return refuse(identity.CauseSignature, detailUnsigned)
	case errors.Is(err, saml.ErrIssuerMismatch):
		return refuse(identity.CauseWrongOrganisation, detailIssuer)
	case errors.Is(err, saml.ErrAudienceMismatch):
		return refuse(identity.CauseWrongOrganisation, detailAudience)
	case errors.Is(err, saml.ErrDestinationMismatch):
		return refuse(identity.CauseWrongOrganisation, detailDestination)
	case errors.Is(err, saml.ErrRequestIDMismatch):
		return refuse(identity.CauseReplay, "")
	case errors.Is(err, saml.ErrNotYetValid), errors.Is(err, saml.ErrExpired):
		return offBy(issued, asked, now)
	}
	return refuse(identity.CauseSignature, detailMalformed)
}

// offBy is why an answer is not of this time. One that was made before it was asked
// for, or is from the future, comes from a clock that is wrong: the detail says by how
// many seconds. Any other has come too late.
func offBy(issued, asked, now time.Time) *refusal {
	switch {
	case issued.IsZero():
		return refuse(identity.CauseExpired, "")
	case issued.After(now):
		return refuse(identity.CauseClock, strconv.Itoa(int(issued.Sub(now)/time.Second)))
	case issued.Before(asked.Add(-time.Second)):
		return refuse(identity.CauseClock, strconv.Itoa(int(asked.Sub(issued)/time.Second)))
	}
	return refuse(identity.CauseExpired, "")
}

// issuedAt is when the response says that it was made. It is asked only to explain a
// refusal.
func issuedAt(response []byte) time.Time {
	decoder := xml.NewDecoder(bytes.NewReader(response))
	for {
		token, err := decoder.Token()
		if err != nil {
			return time.Time{}
		}
		if start, ok := token.(xml.StartElement); ok {
			for _, a := range start.Attr {
				if a.Name.Local == "IssueInstant" {
					at, err := time.Parse(time.RFC3339Nano, a.Value)
					if err != nil {
						return time.Time{}
					}
					return at
				}
			}
			return time.Time{}
		}
	}
}

// heard is what the assertion says.
func (p Provider) heard(a *saml.Assertion) Said {
	values := map[string][]string{}
	s := Said{Ending: Ending{Issuer: p.Issuer}}
	for _, statement := range a.AttributeStatements {
		for _, attribute := range statement.Attributes {
			name := text.Line(attribute.Name)
			if attribute.FriendlyName != "" {
				s.Names = append(s.Names, text.Line(attribute.FriendlyName))
			} else {
				s.Names = append(s.Names, name)
			}
			for _, v := range attribute.Values {
				if value := strings.TrimSpace(v.Value); value != "" {
					values[name] = append(values[name], value)
				}
			}
		}
	}
	one := func(names ...string) string {
		for _, name := range names {
			all := slices.Compact(slices.Sorted(slices.Values(values[name])))
			if len(all) == 1 {
				return all[0]
			}
		}
		return "" // none, or several of which nobody says which
	}
	s.Email = strings.ToLower(one(mailNames...))
	s.GivenName, s.FamilyName = text.Line(one(givenNames...)), text.Line(one(familyNames...))
	s.StaffNumber = one(staffNames...)
	for _, name := range scopedNames {
		s.Scoped = append(s.Scoped, values[name]...)
	}
	if id := a.Subject.NameID; id != nil {
		s.Names = append(s.Names, "NameID")
		s.Ending.Name = *id
		if p.SubjectFrom == "" && id.Format == persistent {
			s.Subject = id.Value
		}
	}
	if p.SubjectFrom != "" {
		s.Subject = one(p.SubjectFrom)
		if strings.Contains(s.Subject, "@") && !slices.Contains(s.Scoped, s.Subject) {
			s.Scoped = append(s.Scoped, s.Subject)
		}
	}
	for _, statement := range a.AuthnStatements {
		s.Ending.Session, s.Proved = statement.SessionIndex, statement.AuthnInstant
	}
	slices.Sort(s.Names)
	s.Names = slices.Compact(s.Names)
	return s
}
