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
	ids := map[string]bool{}
	var path []xml.Name
	elements, assertions, encrypted := 0, 0, false
	signatures := map[string]int{} // by the path of their parent
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return malformed
		}
		switch token := token.(type) {
		case xml.Comment, xml.Directive:
			return malformed
		case xml.ProcInst:
			if token.Target != "xml" || elements > 0 {
				return malformed
			}
		case xml.StartElement:
			if elements++; elements > mostElements || len(path) >= mostDepth || len(token.Attr) > mostAttributes {
				return malformed
			}
			if elements > 1 && len(path) == 0 {
				return malformed // a second root
			}
			for _, a := range token.Attr {
				if strings.EqualFold(a.Name.Local, "id") {
					if ids[a.Value] {
						return malformed
					}
					ids[a.Value] = true
				}
			}
			path = append(path, token.Name)
			switch {
			case len(path) == 1:
				if token.Name != (xml.Name{Space: protocolSpace, Local: "Response"}) {
					return malformed
				}
			case token.Name.Local == "Assertion":
				if assertions++; assertions > 1 || len(path) != 2 || token.Name.Space != assertionSpace {
					return malformed
				}
			case token.Name.Local == "EncryptedAssertion":
				encrypted = true
			case token.Name.Local == "Signature" && token.Name.Space == signatureSpace:
				at := path[len(path)-2].Local
				if signatures[at]++; signatures[at] > 1 || len(path) > 3 || at != "Response" && at != "Assertion" {
					return malformed
				}
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
	switch {
	case encrypted:
		return refuse(identity.CauseSignature, detailEncrypted)
	case elements == 0:
		return malformed
	case assertions > 0 && len(signatures) == 0:
		return refuse(identity.CauseSignature, detailUnsigned)
	}
	return nil // without an assertion: the provider says why it let nobody in
}
