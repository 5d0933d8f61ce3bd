// Package signout is how a session that began at a municipality's provider (package
// federation) ends on both sides.
//
// Who signs out here is out at once, whatever the provider does. What it takes to sign out
// there is kept for a quarter of an hour as a sign-out (Exit.Leave), which is told to the
// browser by a token: the person reads where they are still signed in (Exit.Told) and is
// led there with a question that is signed (Exit.Ask), and the answer is good once
// (Exit.Answer, Exit.Back).
//
// A provider ends sessions by a request (Exit.Request: SAML, brought by a browser without
// any cookie of ours; Exit.Token: OpenID Connect, from its server). It ends those alone
// that began at that provider of that municipality: what it calls the person and the
// session is a mark that holds both.
package signout
