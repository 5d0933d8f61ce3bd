package federation

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"yrkesresan/internal/identity"
)

// Bounds of a SAML response, before anything of it is checked: it is sent by who is
// not signed in. Real ones have some ten KiB and a hundred elements.
const (
	mostResponse   = 192 << 10 // bytes
	mostElements   = 2000
	mostDepth      = 30
	mostAttributes = 30
)

// Names of elements, by namespace.
const (
	protocolSpace  = "urn:oasis:names:tc:SAML:2.0:protocol"
	assertionSpace = "urn:oasis:names:tc:SAML:2.0:assertion"
	signatureSpace = "http://www.w3.org/2000/09/xmldsig#"
)

// decodeResponse is the XML of the form's field SAMLResponse.
func decodeResponse(field string) ([]byte, *refusal) {
	field = strings.Join(strings.Fields(field), "")
	if len(field) > base64.StdEncoding.EncodedLen(mostResponse) {
		return nil, refuse(identity.CauseSignature, detailMalformed)
	}
	text, err := base64.StdEncoding.DecodeString(field)
	if err != nil || len(text) == 0 {
		return nil, refuse(identity.CauseSignature, detailMalformed)
	}
	return text, strict(text)
}

// strict refuses a response that could be read in two ways, though its signature may
// hold: what is signed and what is read must be the same text. Comments and CDATA
// split a text in two for some readers, and leave the signature as it is; a second
// assertion, or one elsewhere than in the response itself, can be read in place of the
// signed one, and so can an element that shares the signed one's ID. Neither real
// providers nor the signature need any of them.
func strict(text []byte) *refusal {
	malformed := refuse(identity.CauseSignature, detailMalformed)
	if bytes.Contains(text, []byte("<![CDATA[")) {
		return malformed
	}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	r := reading{ids: map[string]bool{}, signatures: map[string]int{}}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || !r.takes(token) {
			return malformed
		}
	}
	switch {
	case r.encrypted:
		return refuse(identity.CauseSignature, detailEncrypted)
	case r.elements == 0:
		return malformed
	case r.assertions > 0 && len(r.signatures) == 0:
		return refuse(identity.CauseSignature, detailUnsigned)
	}
	return nil // without an assertion: the provider says why it let nobody in
}

// reading is how far a response has been read.
type reading struct {
	path                 []xml.Name // of the element that is open
	ids                  map[string]bool
	signatures           map[string]int // by what they sign
	elements, assertions int
	encrypted            bool
}

// takes tells whether what comes next may stand there.
func (r *reading) takes(token xml.Token) bool {
	switch token := token.(type) {
	case xml.Comment, xml.Directive:
		return false
	case xml.ProcInst:
		return token.Target == "xml" && r.elements == 0
	case xml.StartElement:
		return r.opens(token) && r.stands(token.Name)
	case xml.EndElement:
		r.path = r.path[:len(r.path)-1]
	}
	return true
}

// opens tells whether an element is within the bounds, and has an ID of its own.
func (r *reading) opens(e xml.StartElement) bool {
	if r.elements++; r.elements > mostElements || len(r.path) >= mostDepth || len(e.Attr) > mostAttributes {
		return false
	}
	if r.elements > 1 && len(r.path) == 0 {
		return false // a second root
	}
	for _, a := range e.Attr {
		if !strings.EqualFold(a.Name.Local, "id") {
			continue
		}
		if r.ids[a.Value] {
			return false
		}
		r.ids[a.Value] = true
	}
	r.path = append(r.path, e.Name)
	return true
}

// stands tells whether the element that has just been opened may stand where it does.
func (r *reading) stands(name xml.Name) bool {
	switch {
	case len(r.path) == 1:
		return name == xml.Name{Space: protocolSpace, Local: "Response"}
	case name.Local == "Assertion":
		r.assertions++
		return r.assertions == 1 && len(r.path) == 2 && name.Space == assertionSpace
	case name.Local == "EncryptedAssertion":
		r.encrypted = true
	case name == xml.Name{Space: signatureSpace, Local: "Signature"}:
		signed := r.path[len(r.path)-2].Local
		r.signatures[signed]++
		return r.signatures[signed] == 1 && len(r.path) <= 3 && (signed == "Response" || signed == "Assertion")
	}
	return true
}
