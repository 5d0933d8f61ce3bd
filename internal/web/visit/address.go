package visit

import (
	"net/url"
	"strconv"
	"strings"

	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
)

// Every address that a page names stands here, or in package address if a letter
// names it, too; routes.go has the patterns that they
// match. A function takes the thing whose page it is, and the pages below it:
// RoundPath(4, "edit") is "/rounds/4/edit". What follows a question mark belongs to
// the page that asks.

// Pages that there is one of.
const (
	SignInPath          = address.SignIn
	LinkSentPath        = SignInPath + "/sent" // with the field for the code
	DemoPath            = "/demo"              // the demo's picker of persons
	HelpPath            = "/help"
	SearchPath          = "/search"
	TokensPath          = "/tokens"
	RoundsPath          = address.Rounds
	CoursesPath         = address.Courses
	CheckInPage         = "/check-in" // where the code of the screen is typed
	CertificatesPath    = "/certificates"
	MaterialsPath       = address.Materials
	FiguresPath         = "/figures" // of the nation
	PeoplePath          = "/people"
	NewPersonPath       = PeoplePath + "/new"
	StaffPath           = "/my/staff" // a manager's
	RequestsPath        = address.Requests
	MyJourneyPath       = "/my/journey"
	MyPagePath          = ui.MyPagePath
	MainEmploymentPath  = MyPagePath + "/employment"
	RemarksPath         = MyPagePath + "/remarks" // what one says is wrong
	OfflinePath         = "/offline"              // kept by the browser's worker, sw.js
	MyDaysPath          = address.MyDays
	ConfirmationPath    = MyDaysPath + "/confirmation"
	AbsencesPath        = "/my/absences"
	CalendarPath        = "/my/calendar"
	SessionsPath        = ui.SessionsPath
	MyLogPath           = MyPagePath + "/log"    // who has seen one's data
	MySightPath         = MyPagePath + "/access" // who may see what of one
	MyDataPath          = MyPagePath + "/data"   // all of it
	MySupportPath       = address.MySupport
	SupportPath         = address.Support
	LeaveSupportPath    = SupportPath + "/end"
	AuditPath           = "/audit"
	RetentionPath       = "/retention"
	WorkshopsPath       = "/workshop" // its list of courses
	NewCoursePath       = WorkshopsPath + "/new"
	LinkAgainPath       = SignInPath + "/link/again"
	ConfirmPath         = "/session/confirm" // where one signs in anew
	PaperPath           = address.PaperSignIn
	SignInsPath         = "/sign-ins" // why somebody cannot sign in
	PasskeySignInPath   = SignInPath + "/passkey"
	PasskeyOfferPath    = PasskeySignInPath + "/options"
	PasskeysPath        = "/my/passkeys"
	NewPasskeyPath      = PasskeysPath + "/new"
	NewPasskeyOfferPath = PasskeysPath + "/options"
)

// Patterns of the forms that bring files.
const (
	UploadPath           = "/courses/{course}/material"
	WorkshopMediaPath    = "/workshop/{course}/media"
	WorkshopTaskPath     = "/workshop/{course}/tasks/{task}"
	WorkshopNewTaskPath  = "/workshop/{course}/tasks"
	WorkshopPackItemPath = "/workshop/{course}/pack/{part}/{item}"
	WorkshopImportPath   = "/workshop/import"
)

// SignInTo leads back to an address of ours after signing in.
func SignInTo(next string) string { return SignInPath + "?next=" + url.QueryEscape(next) }

// ConfirmTo leads back to an address of ours after signing in anew.
func ConfirmTo(next string) string { return ConfirmPath + "?next=" + url.QueryEscape(next) }

// SignInToTask leads back to the page of a task from that page, or from where its form
// is shown again.
func SignInToTask(path string) string { return SignInTo(strings.TrimSuffix(path, "/progress")) }

// ID writes an identity, in an address or as a form's value.
func ID(id int64) string { return strconv.FormatInt(id, 10) }

// IDOrNone is an identity as a form's value; empty for none.
func IDOrNone(id int64) string {
	if id == 0 {
		return ""
	}
	return ID(id)
}

// InYear is a page of the money or of figures in one year.
func InYear(path string, year int) string { return path + "?year=" + strconv.Itoa(year) }

func below(path string, pages []string) string {
	return strings.Join(append([]string{path}, pages...), "/")
}

// SessionsEndPath ends one's sessions: the one that is named, or all.
func SessionsEndPath(key ...string) string { return below(SessionsPath, append(key, "end")) }

// PasskeyPath is one of one's own passkeys.
func PasskeyPath(id int64, pages ...string) string { return below(PasskeysPath+"/"+ID(id), pages) }

// Rounds, their days and participants

func RoundPath(id int64, pages ...string) string { return address.Round(id, pages...) }

func LettersPath(roundID int64, pages ...string) string {
	return below(RoundPath(roundID, "letters"), pages)
}

func DayPath(id int64, pages ...string) string { return below("/days/"+ID(id), pages) }

func DayMoneyPath(id int64) string { return DayPath(id, "money") }

// OwnWordPath is where somebody says of themselves that they were there on a local
// day.
func OwnWordPath(dayID int64, pages ...string) string {
	return DayPath(dayID, append([]string{"own-word"}, pages...)...)
}

// EverybodyPath is where it is said of all participants of a local day.
func EverybodyPath(dayID int64) string { return DayPath(dayID, "everybody") }

// ConfirmOwnPath is where what participants said of themselves is confirmed.
func ConfirmOwnPath(dayID int64) string { return DayPath(dayID, "own-words") }

// CheckInPath is where a scanned code leads.
func CheckInPath(dayID int64, code ...string) string { return below(CheckInPage+"/"+ID(dayID), code) }

// SeatPath is a participant's seat.
func SeatPath(id int64, pages ...string) string { return below("/enrolments/"+ID(id), pages) }

// EntryPath is somebody's place in the queue of a round.
func EntryPath(id int64, pages ...string) string { return below("/queue/"+ID(id), pages) }

// UnwishPath takes back a wish for a round of a course.
func UnwishPath(interestID int64) string { return "/interests/" + ID(interestID) + "/removal" }

// RegionRoundsPath is where rounds of the region are planned; the zero region is
// the nation.
func RegionRoundsPath(region organisation.Organisation, pages ...string) string {
	if region.ID == 0 {
		return below(RoundsPath, pages)
	}
	return below(RegionPath(region, "rounds"), pages)
}

// NewRoundPath is the form that does so.
func NewRoundPath(region organisation.Organisation) string { return RegionRoundsPath(region, "new") }

func RoomPath(id int64) string { return "/rooms/" + ID(id) }

// Courses and what is learnt

func CoursePath(slug string, pages ...string) string { return address.Course(slug, pages...) }

func TaskPath(slug, key string, pages ...string) string {
	return below(CoursePath(slug, "tasks", url.PathEscape(key)), pages)
}

// WishesPath is where a round of the course is wished for.
func WishesPath(slug string) string { return CoursePath(slug, "interests") }

// CourseMaterialPath is the material of a course.
func CourseMaterialPath(slug string) string { return CoursePath(slug, "material") }

func MaterialPath(id int64, pages ...string) string { return address.Material(id, pages...) }

func EvaluationPath(slug string) string { return "/my/evaluations/" + slug }

func LevelUpPath(accountID int64) string { return MyJourneyPath + "/" + ID(accountID) + "/level-up" }

func CertificatePath(code string, pages ...string) string {
	return below(CertificatesPath+"/"+learning.FormatCode(code), pages)
}

// CourseCertificatePath is where somebody's certificate is found before its code is
// known.
func CourseCertificatePath(completionID int64) string {
	return CompletionPath(completionID, "certificate")
}

// StepCertificatePath is the same for a step of a journey.
func StepCertificatePath(levelUpID int64) string {
	return "/level-ups/" + ID(levelUpID) + "/certificate"
}

// PackPath is the trainer pack of an edition.
func PackPath(editionID int64) string { return "/editions/" + ID(editionID) + "/pack" }

func WorkshopPath(course catalogue.Course, pages ...string) string {
	path := WorkshopsPath + "/" + course.Slug
	for _, p := range pages {
		path += "/" + url.PathEscape(p)
	}
	return path
}

// Trainers

func MyDayPath(id int64, pages ...string) string { return below(MyDaysPath+"/"+ID(id), pages) }

// MyRoundAnswerPath is a trainer's answer to all days of a round.
func MyRoundAnswerPath(roundID int64) string { return "/my/rounds/" + ID(roundID) + "/answer" }

func AbsencePath(id int64, pages ...string) string { return below(AbsencesPath+"/"+ID(id), pages) }

func FeedPath(id int64, pages ...string) string { return below(CalendarPath+"/"+ID(id), pages) }

// FeedFile is what a calendar program reads with the token of a feed.
func FeedFile(token string) string { return "/calendar/" + token + ".ics" }

func MeetingPath(id int64, pages ...string) string { return address.Meeting(id, pages...) }

// TrainerPath is one trainer's part in a team.
func TrainerPath(id int64, pages ...string) string { return below("/trainers/"+ID(id), pages) }

// People and where they work

func PersonPath(id int64, pages ...string) string { return address.Person(id, pages...) }

// PersonSignInPath is why somebody cannot sign in, for who helps them.
func PersonSignInPath(id int64, pages ...string) string {
	return PersonPath(id, append([]string{"sign-in"}, pages...)...)
}

// OthersPasskeyPath removes somebody's passkey.
func OthersPasskeyPath(person, id int64) string {
	return PersonPath(person, "passkeys", ID(id), "removal")
}

// RemarkPath is what somebody says is wrong with what is kept about them.
func RemarkPath(id int64, pages ...string) string { return below("/remarks/"+ID(id), pages) }

// CorrectPersonPath is the page of somebody with the form of their name and
// address open.
func CorrectPersonPath(id int64) string { return PersonPath(id) + "?form=name#" + ui.FormPlace }

// AccountPath is one account of a person: their part in one journey.
func AccountPath(id int64, pages ...string) string { return below("/accounts/"+ID(id), pages) }

func CompletionPath(id int64, pages ...string) string { return below("/completions/"+ID(id), pages) }

func GrantPath(id int64, pages ...string) string { return below("/grants/"+ID(id), pages) }

// LeavePath is somebody's time away from work.
func LeavePath(id int64, pages ...string) string { return below("/leave/"+ID(id), pages) }

func TokenPath(id int64) string { return TokensPath + "/" + ID(id) + "/revocation" }

// StaffFile is the manager's list as a file of the kind, "csv" or "xlsx".
func StaffFile(kind string) string { return StaffPath + "." + kind }

func MunicipalityPath(m organisation.Organisation, pages ...string) string {
	return below("/municipalities/"+m.Slug, pages)
}

// UnitsPath is where a municipality's units are.
func UnitsPath(m organisation.Organisation) string { return MunicipalityPath(m, "units") }

// DistrictPath is how far a district has come.
func DistrictPath(id int64, pages ...string) string { return below("/districts/"+ID(id), pages) }

func UnitPath(id int64, pages ...string) string { return below("/units/"+ID(id), pages) }

// OccasionsPath is where a municipality's own occasions are.
func OccasionsPath(m organisation.Organisation) string { return MunicipalityPath(m, "rounds") }

func NewOccasionPath(m organisation.Organisation) string { return MunicipalityPath(m, "rounds", "new") }

// CoveragePath is how far a municipality has come with a course.
func CoveragePath(m organisation.Organisation, courseSlug string, pages ...string) string {
	return below(MunicipalityPath(m, "courses", courseSlug), pages)
}

// PlanPath is a municipality's plan for a course.
func PlanPath(id int64, pages ...string) string { return below("/plans/"+ID(id), pages) }

func RegionPath(r organisation.Organisation, pages ...string) string {
	return below("/regions/"+r.Slug, pages)
}
