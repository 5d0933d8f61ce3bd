// Package passkey is signing in with what a device or a security key holds: the keys
// of a person (W3C WebAuthn, level 3), adding and removing them, and the two
// ceremonies in the browser.
//
// A key belongs to the row in which it stands: whose it is, is its person_id, and the
// handle that the authenticator knows stays with the key. So two people who become one
// move their keys by that column alone. Losing all of them loses nobody: the letter is
// always a way in.
package passkey
