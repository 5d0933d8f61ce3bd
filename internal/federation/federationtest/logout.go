package federationtest

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// Logout is what a provider asks or answers about signing out.
type Logout struct {
	ID          string
	Answers     string // the name of our question; empty: the provider asks
	Issuer      string // empty: the provider's own
	Destination string
	At          time.Time
	Until       time.Time // zero: it does not say
	Name        string
	Sessions    []string
	Status      string // of an answer, after "…:status:"; empty: Success
	Inside      string // what else stands in it
}

// Logout is it as XML, unsigned.
func (p Provider) Logout(l Logout) string {
	kind, inside := "LogoutRequest", `<saml:NameID Format="`+Persistent+`">`+l.Name+`</saml:NameID>`
	more := ""
	if l.Answers != "" {
		kind, more = "LogoutResponse", fmt.Sprintf(` InResponseTo="%s"`, l.Answers)
		inside = fmt.Sprintf(`<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:%s"/></samlp:Status>`, cmp.Or(l.Status, "Success"))
	}
	if !l.Until.IsZero() {
		more += fmt.Sprintf(` NotOnOrAfter="%s"`, l.Until.UTC().Format(time.RFC3339))
	}
	for _, s := range l.Sessions {
		inside += `<samlp:SessionIndex>` + s + `</samlp:SessionIndex>`
	}
	return fmt.Sprintf(`<samlp:%[1]s xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="%[2]s" Version="2.0" IssueInstant="%[3]s" Destination="%[4]s"%[5]s>`+
		`<saml:Issuer>%[6]s</saml:Issuer>%[7]s%[8]s</samlp:%[1]s>`,
		kind, l.ID, l.At.UTC().Format(time.RFC3339), l.Destination, more, cmp.Or(l.Issuer, p.EntityID), l.Inside, inside)
}

// Query is the message in an address, as HTTP-Redirect has it, signed by the provider's
// first key; without a key it is not signed. parameter is SAMLRequest or SAMLResponse.
func (p Provider) Query(t testing.TB, parameter, text, relayState string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write([]byte(text))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	query := parameter + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(b.Bytes()))
	if relayState != "" {
		query += "&RelayState=" + url.QueryEscape(relayState)
	}
	if len(p.Keys) == 0 {
		return query
	}
	query += "&SigAlg=" + url.QueryEscape(rsaSHA256)
	sum := sha256.Sum256([]byte(query))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.Keys[0].Private, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature))
}

const rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

// SignedBy tells whether the address is signed with the key, as HTTP-Redirect has it.
func SignedBy(key *rsa.PublicKey, address string) bool {
	_, query, _ := strings.Cut(address, "?")
	at := strings.Index(query, "SAML") // the provider's own fields stand before
	signed, signature, found := strings.Cut(query[max(at, 0):], "&Signature=")
	if !found || !strings.Contains(signed, "&SigAlg="+url.QueryEscape(rsaSHA256)) {
		return false
	}
	text, err := url.QueryUnescape(signature)
	if err != nil {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	sum := sha256.Sum256([]byte(signed))
	return err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw) == nil
}

// Unpacked is the XML of an address's parameter.
func Unpacked(t testing.TB, address, parameter string) string {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := base64.StdEncoding.DecodeString(at.Query().Get(parameter))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(flate.NewReader(bytes.NewReader(packed))); err != nil {
		t.Fatalf("%s of %s: %v", parameter, address, err)
	}
	return b.String()
}

// OurKey is the public half of the key that LendOurKey has lent.
func OurKey(t testing.TB) *rsa.PublicKey {
	t.Helper()
	certificate, err := x509.ParseCertificate(oursCertificate)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		t.Fatalf("our key is a %T", certificate.PublicKey)
	}
	return key
}

// Verified is the XML of a form's field, once its signature is found to be by our key.
func Verified(t testing.TB, field string) string {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(field)
	if err != nil {
		t.Fatal(err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(text); err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(oursCertificate)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{certificate}}).Validate(doc.Root()); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return string(text)
}

// OurCertificate is that of the key that LendOurKey has lent, as DER.
func OurCertificate() []byte { return oursCertificate }
