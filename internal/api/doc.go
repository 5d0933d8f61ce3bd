// Package api is the door for machines: the REST API below /api/v1.
//
// It calls the same domain as the pages with the same rules: a token (package
// identity) is a Viewer with one role at one organisation, and what the viewer
// may not know of does not exist. The API only reads requests, calls, and writes
// answers.
//
// Answers are JSON. Everything that goes wrong is an RFC 9457 problem in the
// language that the caller accepts, with a code that stays the same and, for
// what was sent, each place that is wrong. A request either does all it asks
// for or nothing.
//
// There are no cookies, so no other site can act through somebody's browser,
// and no CORS: scripts of other sites are not let in.
package api
