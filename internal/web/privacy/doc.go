// Package privacy has the pages about what is kept of people: who has seen it and who may,
// all of it as one document, erasing somebody, the audit as files, what the rules of
// retention have done, and seeing the pages as somebody with their consent.
package privacy
