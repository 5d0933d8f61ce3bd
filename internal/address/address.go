// Package address has the addresses of the pages that letters, calendars and other
// parts of the domain name. All other addresses stand in web/visit/address.go, which
// takes these from here.
package address

import (
	"net/url"
	"strconv"
	"strings"
)

// Pages that there is one of.
const (
	SignIn      = "/sign-in"
	PaperSignIn = SignIn + "/paper" // where a code on paper is typed
	Rounds      = "/rounds"
	Courses     = "/courses"
	Materials   = "/material"
	Requests    = "/my/requests"     // that a manager answers
	MyDays      = "/my/days"         // a trainer's
	Reviews     = "/reviews"         // drafts that one is asked to read
	Circulars   = "/letters"         // what the nation has written to a region
	MySupport   = "/my/page/support" // who asks to see one's pages
	Support     = "/support"         // whose pages one has asked to see
	Uploaded    = "/f/"              // what is uploaded, at the files' own address
)

// ID is a number of the address.
func ID(id int64) string { return strconv.FormatInt(id, 10) }

// Below is the page with those below it.
func Below(page string, pages ...string) string {
	return strings.Join(append([]string{page}, pages...), "/")
}

// Round is the page of a round, or one below it.
func Round(id int64, pages ...string) string { return Below(Rounds+"/"+ID(id), pages...) }

// Course is the page of a course, or one below it.
func Course(slug string, pages ...string) string {
	return Below(Courses+"/"+url.PathEscape(slug), pages...)
}

// Material is a file or link of a course.
func Material(id int64, pages ...string) string { return Below(Materials+"/"+ID(id), pages...) }

// Person is somebody's page, or one below it.
func Person(id int64, pages ...string) string { return Below("/people/"+ID(id), pages...) }

// MySupportView is one's answer to a question of support's, SupportView the asker's side of it.
func MySupportView(id int64, pages ...string) string { return Below(MySupport+"/"+ID(id), pages...) }
func SupportView(id int64, pages ...string) string   { return Below(Support+"/"+ID(id), pages...) }

// Circular is a letter from the nation.
func Circular(id int64) string { return Circulars + "/" + ID(id) }

// Meeting is a trainer meeting.
func Meeting(id int64, pages ...string) string { return Below("/trainer-meetings/"+ID(id), pages...) }
