package federation

import (
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/identity"
)

// Kind is the language that a provider speaks.
type Kind string

// The kinds.
const (
	OIDC Kind = "oidc"
	SAML Kind = "saml"
)

// Provider is where a municipality's people sign in.
type Provider struct {
	MunicipalityID  int64
	Kind            Kind
	Issuer          string // its own name: OIDC's issuer, SAML's entityID
	ClientID        string // what it calls us (OIDC)
	ClientSecret    string
	SecretLost      bool   // there is one, and the key that opens it is lost
	Metadata        string // what it says of itself (SAML), as XML
	MetadataAddress string // where that is read anew; empty when it came as a file
	MetadataSigners string // the certificates by which it is signed there, PEM; empty: none asked for
	SubjectFrom     string // the attribute that names a person for good; empty: NameID, or "sub"
	Vouches         bool   // the municipality answers for the addresses of its domains
	MakesAccounts   bool   // whoever is let in and not known is added
	OnAt            *clock.Instant
	Domains         []string // of e-mail addresses and scopes, in small letters
}

// On tells whether it is open to all, and not only to be tried.
func (p Provider) On() bool { return p.OnAt != nil }

// way is the way in, as troubles name it.
func (p Provider) way() string {
	if p.Kind == SAML {
		return identity.WaySAML
	}
	return identity.WayOIDC
}

// Owns tells whether the e-mail address or scoped name is of one of the provider's
// domains: exactly, and not of one below.
func (p Provider) Owns(address string) bool {
	domain := domainOf(address)
	return domain != "" && slices.Contains(p.Domains, domain)
}

// domainOf is the part after the last "@" in small letters; empty when there is none,
// or nothing before it.
func domainOf(address string) string {
	i := strings.LastIndexByte(address, '@')
	if i < 1 {
		return ""
	}
	return strings.ToLower(address[i+1:])
}

// Word is what is known of whether an e-mail address is the person's own.
type Word int

// The words.
const (
	Unsaid   Word = iota // the provider does not say
	Verified             // it has checked
	Denied               // it says that it has not
)

// Said is what a provider's answer says of a person, once its signature and all that
// surrounds it have been checked.
type Said struct {
	Subject     string // the lasting name; empty when there is none, or one that is new each time
	Scoped      []string
	Email       string // in small letters
	Word        Word
	GivenName   string
	FamilyName  string
	StaffNumber string
	Names       []string  // of the attributes that came, without what they held
	Ending      Ending    // how the provider's session can be ended
	Proved      time.Time // when they proved there who they are; zero when that is not told
}

// received is the names of what came, short enough to keep.
func (s Said) received() string { return strings.Join(s.Names, ", ") }

// refusal is why somebody is not let in, as the administrator is told. It is no fault:
// who comes in reads it in the words of identity.TroubleKey.
type refusal struct {
	cause  string // one of identity's causes
	detail string // names or codes, never values; see DetailKey
	person int64
}

func (r *refusal) Error() string { return "federation: " + r.cause + " " + r.detail }

func refuse(cause, detail string) *refusal { return &refusal{cause: cause, detail: detail} }

// The details of causes that have several: DetailKey is the message for each.
const (
	detailUnverified  = "unverified"  // not_allowed: nobody vouches for the address
	detailOffice      = "office"      // not_allowed: they hold a role outside the municipality
	detailOff         = "off"         // not_allowed: the provider was closed meanwhile
	detailUnsigned    = "unsigned"    // signature: nothing signed that we know the key of
	detailCertificate = "certificate" // signature: the certificate is too old, or not valid yet
	detailMalformed   = "malformed"   // signature: not what it should look like, or it might be read in two ways
	detailEncrypted   = "encrypted"   // signature: it is encrypted, and we publish no key for that
	detailAudience    = "audience"    // wrong_organisation: meant for another service
	detailDestination = "destination" // wrong_organisation: sent to another address than ours
	detailIssuer      = "issuer"      // wrong_organisation: another provider's
	detailDomain      = "domain"      // wrong_organisation: of a domain that is not theirs
	detailScope       = "scope"       // wrong_organisation: of a scope that their metadata does not have
	detailElsewhere   = "elsewhere"   // wrong_organisation: the person works elsewhere
	detailLinked      = "linked"      // ambiguous: the address is that of somebody who has another name at the provider
	detailNumber      = "number"      // ambiguous: the address is one person's, the staff number another's
	detailBrowser     = "browser"     // replay: another browser took it up than the one that began
	detailProvider    = "provider"    // cancelled: the provider let nobody in
	detailEarlier     = "earlier"     // expired: somebody signed in there before it was asked to ask anew
)

// details are all of them, for who shows them.
var details = []string{
	detailEarlier, detailUnverified, detailOffice, detailOff, detailUnsigned, detailCertificate, detailMalformed, detailEncrypted, detailAudience,
	detailDestination, detailIssuer, detailDomain, detailScope, detailElsewhere, detailLinked, detailNumber, detailBrowser, detailProvider,
}

// DetailKey is the message for an administrator about the detail of a trouble; empty
// when the detail is a list of names or a number.
func DetailKey(detail string) string {
	if slices.Contains(details, detail) {
		return "federation.detail." + detail
	}
	return ""
}

// speaksOfOwn is nil when all that the answer says is of the provider's own domains,
// and within the scopes that its metadata gives it (none: no bound but the domains).
// It is asked before anybody is looked up, whoever it is about.
func (p Provider) speaksOfOwn(s Said, scopes []string) *refusal {
	if s.Email != "" && !p.Owns(s.Email) {
		return refuse(identity.CauseWrongOrganisation, detailDomain)
	}
	for _, scoped := range s.Scoped {
		if !p.Owns(scoped) {
			return refuse(identity.CauseWrongOrganisation, detailDomain)
		}
		if len(scopes) > 0 && !slices.Contains(scopes, domainOf(scoped)) {
			return refuse(identity.CauseWrongOrganisation, detailScope)
		}
	}
	return nil
}

// proposes is nil when the answer's e-mail address may propose who somebody is: the
// provider has checked it, or the municipality answers for the domain. The domain is
// one of its own: speaksOfOwn has said so.
func (p Provider) proposes(s Said) *refusal {
	switch {
	case s.Email == "":
		return refuse(identity.CauseAttributeMissing, missing("mail", s))
	case s.Word == Denied, s.Word == Unsaid && !p.Vouches:
		return refuse(identity.CauseNotAllowed, detailUnverified)
	}
	return nil
}

// missing names what did not come, and in brackets what did.
func missing(what string, s Said) string {
	if len(s.Names) == 0 {
		return what
	}
	return what + " (" + s.received() + ")"
}
