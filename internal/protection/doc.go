// Package protection keeps people whose identity is protected ("skyddade personuppgifter")
// hidden from everybody but themselves and the few whom their municipality has named.
//
// It hides by what is stored, not by what each list leaves out. While somebody is marked,
// person holds an alias, and what they are called stands in protected_person, which only
// people.Get reads; no query finds where they work but those over employment itself, since
// the view employed leaves them out; and no access.Scope covers them but their own and that
// of those named who have opened the record, with a reason (access.Place.Protected). So a
// page that knows nothing of all this shows the alias, without a workplace.
//
// A municipality names its guards: the first by its administrators, further ones by those
// named. A guard gives a reason, and for an hour sees who is marked and what everybody else
// would see of others. Every look is written into the audit of each of them.
package protection
