// Package identity is how a person comes in and what they may do: sign-in links
// by e-mail, sessions, and the roles that are granted over time.
//
// A link signs one person in, once, within a quarter of an hour. Its token is
// made by the job that sends it and stands in the letter alone: the database
// has its hash. Asking for a link looks the same for an address that nobody
// has.
package identity
