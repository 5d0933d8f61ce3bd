// Package federation is how a municipality's people sign in with the account that
// they have at work: by OpenID Connect or SAML 2.0, one provider for each
// municipality, which its administrator sets up.
//
// A sign-in under way is a state that we keep: it knows who was asked, by which
// browser, and where the person wants to go. The provider's answer is good for that
// state alone, once (Federation.AnswerSAML, AnswerOIDC), and only the browser that
// began takes it up (Federation.Finish). Between the two stand the rules of Provider:
// of whom a municipality's provider may speak at all, before anybody is looked up,
// and who that is. Why somebody did not come in is an identity.Trouble.
//
// The libraries crewjam/saml and go-oidc check what is signed. What they let pass and
// we do not is refused before: see strict.
package federation
