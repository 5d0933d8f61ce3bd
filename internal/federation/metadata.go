package federation

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/crewjam/saml"
	"github.com/crewjam/saml/samlsp"

	"yrkesresan/internal/fault"
)

// mostMetadataElements bounds an aggregate: a provider has some fifty elements, of which
// few stand in each other.
const (
	mostMetadataElements = 400_000
	mostMetadataDepth    = 30
)

// readMetadata is the provider that the metadata describes: the one whose entityID is
// named, or the only one. With signers the whole must be signed by one of them, and
// only what the signature covers is read. What is wrong is fault.Invalid of the field
// metadata.
func readMetadata(text []byte, entityID string, signers []*x509.Certificate, loopback bool, now time.Time) (*saml.EntityDescriptor, error) {
	wrong := func(key string, args ...any) error { return fault.Invalid("metadata", key, args...) }
	if int64(len(text)) > MostMetadata || !plain(text) {
		return nil, wrong("federation.metadata_unreadable")
	}
	if len(signers) > 0 {
		signed, err := saml.VerifyMetadataSignature(text, signers)
		if err != nil {
			return nil, wrong("federation.metadata_unsigned")
		}
		text = signed
	}
	entity, err := samlsp.ParseMetadata(text)
	if entityID != "" {
		entity, err = samlsp.ParseMetadataByEntityID(text, entityID)
		if err != nil {
			return nil, wrong("federation.metadata_without", "Entity", entityID)
		}
	}
	if err != nil {
		if bytes.Contains(text, []byte("EntitiesDescriptor")) {
			return nil, wrong("federation.metadata_several")
		}
		return nil, wrong("federation.metadata_unreadable")
	}
	return entity, usable(entity, loopback, now)
}

// usable is nil when people can sign in by the description.
func usable(entity *saml.EntityDescriptor, loopback bool, now time.Time) error {
	wrong := func(key string, args ...any) error { return fault.Invalid("metadata", key, args...) }
	if entity.EntityID == "" || len(entity.IDPSSODescriptors) == 0 {
		return wrong("federation.metadata_no_provider")
	}
	if !entity.ValidUntil.IsZero() && !now.Before(entity.ValidUntil) {
		return wrong("federation.metadata_expired", "Day", entity.ValidUntil.Format(time.DateOnly))
	}
	if len(signingCertificates(entity)) == 0 {
		return wrong("federation.metadata_no_key")
	}
	if !fetchable(redirectAddress(entity), loopback) {
		return wrong("federation.metadata_no_redirect")
	}
	return nil
}

// plain tells whether the XML has no document type and is of a size that can be read.
func plain(text []byte) bool {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	elements, depth := 0, 0
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return elements > 0
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.Directive:
			return false
		case xml.StartElement:
			elements++
			if depth++; depth > mostMetadataDepth || elements > mostMetadataElements {
				return false
			}
		case xml.EndElement:
			depth--
		}
	}
}

// redirectAddress is where the provider takes our question in the address; empty when
// it does not.
func redirectAddress(entity *saml.EntityDescriptor) string {
	for _, d := range entity.IDPSSODescriptors {
		for _, service := range d.SingleSignOnServices {
			if service.Binding == saml.HTTPRedirectBinding {
				return service.Location
			}
		}
	}
	return ""
}

// signingCertificates are those by whose keys the provider may sign, several while it
// goes from one to the next.
func signingCertificates(entity *saml.EntityDescriptor) (all []*x509.Certificate) {
	for _, d := range entity.IDPSSODescriptors {
		for _, k := range d.KeyDescriptors {
			if k.Use != "" && k.Use != "signing" {
				continue
			}
			for _, c := range k.KeyInfo.X509Data.X509Certificates {
				der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(c.Data), ""))
				if err != nil {
					continue
				}
				if certificate, err := x509.ParseCertificate(der); err == nil {
					all = append(all, certificate)
				}
			}
		}
	}
	return all
}

// scopesOf are the scopes that the metadata gives the provider, in small letters. One
// that is a pattern fits nothing: it would be read by rules of its own.
func scopesOf(entity *saml.EntityDescriptor) (scopes []string) {
	add := func(e *saml.Extensions) {
		if e == nil {
			return
		}
		for _, s := range e.ShibbolethScopes {
			scope := strings.ToLower(strings.TrimSpace(s.Value))
			if s.Regexp {
				scope = "pattern " + scope
			}
			scopes = append(scopes, scope)
		}
	}
	add(entity.Extensions)
	for _, d := range entity.IDPSSODescriptors {
		add(d.Extensions)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// readSigners are the certificates of the text, PEM or the bare base64 of one; none
// for an empty text.
func readSigners(text string) (all []*x509.Certificate, err error) {
	wrong := fault.Invalid("signers", "federation.signers_unreadable")
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	rest := []byte(text)
	for {
		block, more := pem.Decode(rest)
		if block == nil {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, wrong
		}
		all, rest = append(all, certificate), more
	}
	if len(all) == 0 {
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return nil, wrong
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, wrong
		}
		all = append(all, certificate)
	}
	return all, nil
}

// fetchable tells whether the address is one that we ask or lead to: https, with a host.
func fetchable(address string, loopback bool) bool {
	at, err := url.Parse(address)
	return err == nil && at.Host != "" && at.User == nil && at.Fragment == "" && (at.Scheme == "https" || loopback && at.Scheme == "http")
}
