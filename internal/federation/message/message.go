// Package message is what a SAML provider sends, before anything of it is believed: it is
// of a size that can be read, and can be read in one way only. Whoever sends it may be
// anybody.
package message

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Kind is what a message is: the name of its root.
type Kind string

// The kinds.
const (
	Response       Kind = "Response"
	LogoutRequest  Kind = "LogoutRequest"
	LogoutResponse Kind = "LogoutResponse"
)

// Why a message is not read.
var (
	ErrMalformed = errors.New("message: it is not what it should look like, or can be read in two ways")
	ErrEncrypted = errors.New("message: it is encrypted, and we publish no key for that")
	ErrUnsigned  = errors.New("message: nothing in it is signed")
)

// Bounds of a message, before anything of it is checked. Real ones have some ten KiB and
// a hundred elements.
const (
	most           = 192 << 10 // bytes
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

// Posted is the XML in a form's field (HTTP-POST), if it can be read.
func Posted(field string, kind Kind) ([]byte, error) {
	text, err := decode(strings.Join(strings.Fields(field), ""))
	if err != nil {
		return nil, err
	}
	return text, check(text, kind)
}

// Redirected is the XML in an address (HTTP-Redirect), if it can be read.
func Redirected(parameter string, kind Kind) ([]byte, error) {
	packed, err := decode(parameter)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), most+1))
	if err != nil || len(text) > most {
		return nil, ErrMalformed
	}
	return text, check(text, kind)
}

func decode(field string) ([]byte, error) {
	if len(field) > base64.StdEncoding.EncodedLen(most) {
		return nil, ErrMalformed
	}
	text, err := base64.StdEncoding.DecodeString(field)
	if err != nil || len(text) == 0 {
		return nil, ErrMalformed
	}
	return text, nil
}

// Issuer is who the message says that it comes from: whose keys are tried. It is believed
// only when the signature holds.
func Issuer(text []byte) string {
	var named struct {
		Issuer string `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
	}
	if err := xml.Unmarshal(text, &named); err != nil {
		return ""
	}
	return named.Issuer
}

// check refuses a message that could be read in two ways, though its signature may
// hold: what is signed and what is read must be the same text. Comments and CDATA
// split a text in two for some readers, and leave the signature as it is; a second
// assertion, or one elsewhere than in the response itself, can be read in place of the
// signed one, and so can an element that shares the signed one's ID. Neither real
// providers nor the signature need any of them.
func check(text []byte, kind Kind) error {
	if bytes.Contains(text, []byte("<![CDATA[")) {
		return ErrMalformed
	}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	r := reading{kind: kind, ids: map[string]bool{}, signatures: map[string]int{}, said: map[string]bool{}}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || !r.takes(token) {
			return ErrMalformed
		}
	}
	switch {
	case r.encrypted:
		return ErrEncrypted
	case r.elements == 0:
		return ErrMalformed
	case r.assertions > 0 && len(r.signatures) == 0:
		return ErrUnsigned
	}
	return nil // a response without an assertion says why the provider let nobody in
}

// reading is how far a message has been read.
type reading struct {
	kind                 Kind
	path                 []xml.Name // of the element that is open
	ids                  map[string]bool
	signatures           map[string]int // by what they sign
	elements, assertions int
	said                 map[string]bool // in a message about signing out: by whom and about whom
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
		return name == xml.Name{Space: protocolSpace, Local: string(r.kind)}
	case name.Local == "Assertion":
		r.assertions++
		return r.kind == Response && r.assertions == 1 && len(r.path) == 2 && name.Space == assertionSpace
	case name.Local == "EncryptedAssertion", name.Local == "EncryptedID" && r.kind != Response:
		r.encrypted = true
	case name == xml.Name{Space: signatureSpace, Local: "Signature"}:
		return r.signs(r.path[len(r.path)-2].Local)
	case r.kind != Response && name.Local == string(r.kind):
		return false // one inside another
	case r.kind != Response && (name.Local == "Issuer" || name.Local == "NameID"):
		again := r.said[name.Local]
		r.said[name.Local] = true
		return !again && len(r.path) == 2
	}
	return true
}

// signs tells whether a signature may stand in what it would sign: the message itself, or
// a response's assertion, each once.
func (r *reading) signs(signed string) bool {
	r.signatures[signed]++
	if r.signatures[signed] > 1 {
		return false
	}
	if r.kind == Response {
		return len(r.path) <= 3 && (signed == "Response" || signed == "Assertion")
	}
	return len(r.path) == 2
}
