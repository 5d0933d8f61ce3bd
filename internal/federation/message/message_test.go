package message

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/text/texttest"
)

func TestBoundsOfAMessage(t *testing.T) {
	wrap := func(inside string) string {
		return `<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol">` + inside + `</p:Response>`
	}
	attributes := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(" a" + strings.Repeat("x", i) + `="1"`)
		}
		return "<e" + b.String() + "/>"
	}
	for _, each := range []struct {
		name, text string
		ok         bool
	}{
		{"as many elements as may be", wrap(strings.Repeat("<e/>", mostElements-1)), true},
		{"one more", wrap(strings.Repeat("<e/>", mostElements)), false},
		{"as deep as may be", wrap(strings.Repeat("<e>", mostDepth-1) + strings.Repeat("</e>", mostDepth-1)), true},
		{"one deeper", wrap(strings.Repeat("<e>", mostDepth) + strings.Repeat("</e>", mostDepth)), false},
		{"as many attributes as may be", wrap(attributes(mostAttributes)), true},
		{"one more", wrap(attributes(mostAttributes + 1)), false},
		{"another root behind", wrap("") + wrap(""), false},
		{"a head", `<?xml version="1.0" encoding="UTF-8"?>` + wrap(""), true},
		{"a head inside", wrap(`<?xml version="1.0"?>`), false},
	} {
		if err := check([]byte(each.text), Response); (err == nil) != each.ok {
			t.Errorf("%s: %v", each.name, err)
		}
	}
	pad := func(n int) string {
		return base64.StdEncoding.EncodeToString([]byte(wrap(strings.Repeat(" ", n-len(wrap(""))))))
	}
	if _, err := Posted(pad(most), Response); err != nil {
		t.Errorf("of the largest size: %v", err)
	}
	if _, err := Posted(pad(most+3), Response); err == nil {
		t.Error("larger than that")
	}
}

// packed is the XML as an address holds it.
func packed(t testing.TB, text string) string {
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
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

const request = `<p:LogoutRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="r">`

// TestWhatMayStandInAMessageAboutSigningOut holds what is refused though its signature may
// hold.
func TestWhatMayStandInAMessageAboutSigningOut(t *testing.T) {
	const signature = `<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"/>`
	for _, each := range []struct {
		name, inside string
		want         error
	}{
		{"a name", `<a:Issuer>i</a:Issuer><a:NameID>n</a:NameID>`, nil},
		{"a signature", signature, nil},
		{"two", signature + signature, ErrMalformed},
		{"one deeper", `<a:Advice>` + signature + `</a:Advice>`, ErrMalformed},
		{"two names", `<a:NameID>n</a:NameID><a:NameID>m</a:NameID>`, ErrMalformed},
		{"a name deeper", `<a:Advice><a:NameID>n</a:NameID></a:Advice>`, ErrMalformed},
		{"two issuers", `<a:Issuer>i</a:Issuer><Issuer>j</Issuer>`, ErrMalformed},
		{"an assertion", `<a:Assertion/>`, ErrMalformed},
		{"a request inside", `<p:LogoutRequest/>`, ErrMalformed},
		{"a request that wraps the signed one", `<p:Extensions>` + request + signature + `</p:LogoutRequest></p:Extensions>`, ErrMalformed},
		{"the same ID again", `<a:NameID ID="r">n</a:NameID>`, ErrMalformed},
		{"a comment", `<a:NameID>n<!-- x -->m</a:NameID>`, ErrMalformed},
		{"a part that is not read as markup", `<a:NameID><![CDATA[n]]></a:NameID>`, ErrMalformed},
		{"a processing instruction", `<?x y?>`, ErrMalformed},
		{"a name that is encrypted", `<a:EncryptedID/>`, ErrEncrypted},
	} {
		text := request + each.inside + `</p:LogoutRequest>`
		if _, err := Posted(base64.StdEncoding.EncodeToString([]byte(text)), LogoutRequest); !errors.Is(err, each.want) {
			t.Errorf("%s: %v, want %v", each.name, err, each.want)
		}
		if _, err := Redirected(packed(t, text), LogoutRequest); !errors.Is(err, each.want) {
			t.Errorf("%s, in an address: %v, want %v", each.name, err, each.want)
		}
		if _, err := Posted(base64.StdEncoding.EncodeToString([]byte(text)), LogoutResponse); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s, taken for an answer: %v", each.name, err)
		}
	}
	if _, err := Redirected(packed(t, `<!DOCTYPE r [<!ENTITY e "n">]>`+request+`</p:LogoutRequest>`), LogoutRequest); !errors.Is(err, ErrMalformed) {
		t.Errorf("a document type: %v", err)
	}
}

// TestWhatIsPackedInAnAddressIsBounded holds that little text may not become much.
func TestWhatIsPackedInAnAddressIsBounded(t *testing.T) {
	padded := func(size int) string {
		whole := request + `</p:LogoutRequest>`
		return request + strings.Repeat(" ", size-len(whole)) + `</p:LogoutRequest>`
	}
	if _, err := Redirected(packed(t, padded(196608)), LogoutRequest); err != nil {
		t.Errorf("of the largest size: %v", err)
	}
	if _, err := Redirected(packed(t, padded(196609)), LogoutRequest); !errors.Is(err, ErrMalformed) {
		t.Errorf("a byte larger: %v", err)
	}
	for _, parameter := range []string{"", "<>", base64.StdEncoding.EncodeToString([]byte("not packed"))} {
		if _, err := Redirected(parameter, LogoutRequest); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", parameter, err)
		}
	}
}

func TestWhoAMessageSaysThatItIsFrom(t *testing.T) {
	for text, want := range map[string]string{
		request + `<a:Issuer>https://idp.example.org</a:Issuer></p:LogoutRequest>`: "https://idp.example.org",
		request + `</p:LogoutRequest>`:                                             "", request + `<Issuer>x</Issuer></p:LogoutRequest>`: "", `<`: "",
	} {
		if got := Issuer([]byte(text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// FuzzMessage holds that no message is trouble of ours, whatever it is.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(""), true)
	f.Add([]byte(request+`<a:Issuer>i</a:Issuer></p:LogoutRequest>`), false)
	f.Add([]byte(`<?xml version="1.0"?>`+request+`<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"/></p:LogoutRequest>`), true)
	f.Fuzz(func(t *testing.T, text []byte, packs bool) {
		if len(text) > most {
			return
		}
		read, field := Posted, base64.StdEncoding.EncodeToString(text)
		if packs {
			read, field = Redirected, packed(t, string(text))
		}
		texttest.Within(t, 5*time.Second, 256<<20, func() {
			for _, kind := range []Kind{Response, LogoutRequest, LogoutResponse} {
				if got, err := read(field, kind); err == nil {
					Issuer(got)
				}
			}
		})
	})
}
