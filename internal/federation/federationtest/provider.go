// Package federationtest is a SAML provider inside a test: it signs what it is told,
// also what no provider should say, so that every kind of forged answer can be tried.
package federationtest

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"yrkesresan/internal/db"
	"yrkesresan/internal/vault"
)

// Provider is one of them.
type Provider struct {
	EntityID string
	SSO      string   // where it is asked
	Scopes   []string // that its metadata gives it
	Keys     []Key    // it signs with the first, and its metadata names all
	Ends     []End    // where it takes what is said of signing out
}

// End is one of these, by its binding; Answers is where answers go, when that is elsewhere.
type End struct{ Binding, Location, Answers string }

// The bindings.
const (
	Redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	Post     = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
)

// Key is one with its certificate.
type Key struct {
	Private     *rsa.PrivateKey
	Certificate []byte // DER
}

// GetKeyPair is for goxmldsig.
func (k Key) GetKeyPair() (*rsa.PrivateKey, []byte, error) { return k.Private, k.Certificate, nil }

// made are keys that the tests of a package share: making one takes longer than most
// tests. One test uses fewer than there are.
var (
	made  [8]*rsa.PrivateKey
	given int
	mu    sync.Mutex
)

// NewKey is a key whose certificate holds from a day before to a year after the time.
// One test's keys differ from each other.
func NewKey(t testing.TB, now time.Time) Key {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	at := given % len(made)
	given++
	if made[at] == nil {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		made[at] = private
	}
	private := made[at]
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "idp.example.org"},
		NotBefore: now.UTC().AddDate(0, 0, -1), NotAfter: now.UTC().AddDate(1, 0, 0),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	return Key{private, certificate}
}

var ours, oursCertificate []byte

// LendOurKey gives the database a key to sign questions with that other tests of the
// package had before, once there is one.
func LendOurKey(t testing.TB, d *db.DB) {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	if ours == nil {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "yrkesresan.example.org"}, NotBefore: now, NotAfter: now.AddDate(20, 0, 0)}
		if oursCertificate, err = x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private); err != nil {
			t.Fatal(err)
		}
		if ours, err = x509.MarshalPKCS8PrivateKey(private); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		sealed, err := d.Keys.Seal(vault.Place{Table: "federation_key", Column: "private_key", Row: vault.Row(1)}, string(ours))
		if err != nil {
			return err
		}
		_, err = db.Exec(t.Context(), tx, `INSERT INTO federation_key (id, private_key, certificate, made_at) VALUES (1, $1, $2, 1)`, []byte(sealed), oursCertificate)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Metadata is what the provider says of itself.
func (p Provider) Metadata() string {
	var keys, scopes, ends strings.Builder
	for _, e := range p.Ends {
		fmt.Fprintf(&ends, `<md:SingleLogoutService Binding="%s" Location="%s"`, e.Binding, e.Location)
		if e.Answers != "" {
			fmt.Fprintf(&ends, ` ResponseLocation="%s"`, e.Answers)
		}
		ends.WriteString(`/>`)
	}
	for _, k := range p.Keys {
		fmt.Fprintf(&keys, `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
			base64.StdEncoding.EncodeToString(k.Certificate))
	}
	if len(p.Scopes) > 0 {
		scopes.WriteString(`<md:Extensions>`)
		for _, s := range p.Scopes {
			fmt.Fprintf(&scopes, `<shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" regexp="false">%s</shibmd:Scope>`, s)
		}
		scopes.WriteString(`</md:Extensions>`)
	}
	return fmt.Sprintf(`<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">`+
		`<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">%s%s%s`+
		`<md:SingleSignOnService Binding="`+Redirect+`" Location="%s"/>`+
		`</md:IDPSSODescriptor></md:EntityDescriptor>`, p.EntityID, &scopes, &keys, &ends, p.SSO)
}

// Aggregate is a federation's metadata: so many other organisations, and the given.
func Aggregate(others int, given ...Provider) string {
	var b strings.Builder
	b.WriteString(`<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="aggregate-1">`)
	for i := range others {
		other := Provider{EntityID: fmt.Sprintf("https://idp-%d.example.org", i), SSO: fmt.Sprintf("https://idp-%d.example.org/sso", i)}
		if len(given) > 0 {
			other.Keys = given[0].Keys[:1]
		}
		b.WriteString(other.Metadata())
	}
	for _, p := range given {
		b.WriteString(p.Metadata())
	}
	b.WriteString(`</md:EntitiesDescriptor>`)
	return b.String()
}

// Answer is what the provider says of somebody.
type Answer struct {
	Request     string // the name of the question
	Issuer      string // empty: the provider's own
	Service     string // whom it is for: our entityID
	Recipient   string // where it is sent to
	Destination string // of the response; empty: as the recipient
	Subject     string
	Format      string // of the subject; empty: persistent
	For         string // whose name for the subject it is (SPNameQualifier)
	Session     string // the provider's name of the session; empty: one made of the assertion's
	Attributes  map[string]string
	At          time.Time
	Proved      time.Time // when the person proved who they are; empty: at At
	From, Until time.Time // empty: a minute before, five minutes after
}

// Persistent and Transient are formats of a NameID.
const (
	Persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	Transient  = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
)

// Assertion is it as XML, unsigned, under the ID.
func (p Provider) Assertion(a Answer, id string) string {
	if a.From.IsZero() {
		a.From = a.At.Add(-time.Minute)
	}
	if a.Until.IsZero() {
		a.Until = a.At.Add(5 * time.Minute)
	}
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	var attributes strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a.Attributes)) {
		fmt.Fprintf(&attributes, `<saml:Attribute Name="%s" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml:AttributeValue>%s</saml:AttributeValue></saml:Attribute>`, name, a.Attributes[name])
	}
	statement := ""
	if attributes.Len() > 0 {
		statement = `<saml:AttributeStatement>` + attributes.String() + `</saml:AttributeStatement>`
	}
	qualified := ""
	if a.For != "" {
		qualified = fmt.Sprintf(` SPNameQualifier="%s"`, a.For)
	}
	return fmt.Sprintf(`<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="%s" Version="2.0" IssueInstant="%s"><saml:Issuer>%s</saml:Issuer>`+
		`<saml:Subject><saml:NameID Format="%s"%s>%s</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`+
		`<saml:SubjectConfirmationData InResponseTo="%s" NotOnOrAfter="%s" Recipient="%s"/></saml:SubjectConfirmation></saml:Subject>`+
		`<saml:Conditions NotBefore="%s" NotOnOrAfter="%s"><saml:AudienceRestriction><saml:Audience>%s</saml:Audience></saml:AudienceRestriction></saml:Conditions>`+
		`<saml:AuthnStatement AuthnInstant="%s" SessionIndex="%s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>%s</saml:Assertion>`,
		id, at(a.At), cmp.Or(a.Issuer, p.EntityID), cmp.Or(a.Format, Persistent), qualified, a.Subject, a.Request, at(a.Until), a.Recipient, at(a.From), at(a.Until), a.Service, at(cmp.Or(a.Proved, a.At)), cmp.Or(a.Session, "s-"+id), statement)
}

// Response is the whole answer around what stands in it.
func (p Provider) Response(a Answer, id, inside string) string {
	return fmt.Sprintf(`<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="%s" Version="2.0" IssueInstant="%s" Destination="%s" InResponseTo="%s">`+
		`<saml:Issuer>%s</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>%s</samlp:Response>`,
		id, a.At.UTC().Format(time.RFC3339), cmp.Or(a.Destination, a.Recipient), a.Request, cmp.Or(a.Issuer, p.EntityID), inside)
}

// Sign signs the XML's root by the provider's first key, and puts the signature after
// its issuer or, in metadata, first.
func (p Provider) Sign(t testing.TB, text string) string {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(text); err != nil {
		t.Fatal(err)
	}
	signer := dsig.NewDefaultSigningContext(p.Keys[0])
	signer.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signature, err := signer.ConstructSignature(doc.Root(), true)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	if issuer := doc.Root().SelectElement("Issuer"); issuer != nil {
		at = issuer.Index() + 1
	}
	doc.Root().InsertChildAt(at, signature)
	out, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Form is an answer as the provider's page sends it: its assertion signed.
func (p Provider) Form(t testing.TB, a Answer) string {
	t.Helper()
	return Encode(p.Response(a, "r-1", p.Sign(t, p.Assertion(a, "a-1"))))
}

// Encode is the XML as the field SAMLResponse holds it.
func Encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
