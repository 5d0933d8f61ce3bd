package address

// Signing in with the account at work.
const (
	WorkSignIn     = SignIn + "/work"          // which municipality's
	WorkDone       = SignIn + "/done"          // back from the provider, with the state
	SAMLAnswer     = SignIn + "/saml"          // a form that a provider's page sends, from another site than ours
	SAMLMetadata   = SignIn + "/saml/metadata" // what SAML providers read of us, and what they call us
	OIDCAnswer     = SignIn + "/oidc"          // with the municipality's name: another address for each provider
	Municipalities = "/municipalities"
)

// Signing out of the account at work.
const (
	SignOut     = "/sign-out"
	SignedOut   = SignOut + "/done" // where one is signed out, and where not yet
	WorkSignOut = SignOut + "/work" // to the provider, to sign out there, too
	SAMLSignOut = SignOut + "/saml" // what providers ask and answer about it, in an address or a form from another site
	OIDCSignOut = SignOut + "/oidc" // with the municipality's name: back from the provider, and where its server says that somebody has left
)

// WorkSignInAt begins a sign-in at the municipality's provider.
func WorkSignInAt(slug string) string { return Below(WorkSignIn, slug) }

// WorkSetUp is where a municipality's administrator sets up its sign-in.
func WorkSetUp(slug string, pages ...string) string {
	return Below(Municipalities+"/"+slug+"/sign-in", pages...)
}
