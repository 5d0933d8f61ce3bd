package visit

import (
	"net/url"
	"strconv"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
)

func CertificatePath(code string) string { return "/certificates/" + learning.FormatCode(code) }

// Where somebody's certificate is found before its code is known.
func CourseCertificatePath(completionID int64) string {
	return "/completions/" + ID(completionID) + "/certificate"
}

func StepCertificatePath(levelUpID int64) string {
	return "/level-ups/" + ID(levelUpID) + "/certificate"
}

func CheckInPath(dayID int64) string { return "/check-in/" + strconv.FormatInt(dayID, 10) }

func CoursePath(slug string) string { return "/courses/" + url.PathEscape(slug) }

func TaskPath(slug, key string) string { return CoursePath(slug) + "/tasks/" + url.PathEscape(key) }

func MunicipalityPath(m organisation.Organisation, page string) string {
	return "/municipalities/" + m.Slug + "/" + page
}

func EvaluationPath(courseSlug string) string { return "/my/evaluations/" + courseSlug }

func WishesPath(courseSlug string) string { return "/courses/" + courseSlug + "/interests" }

const MyJourneyPath = "/my/journey"

func LettersPath(id int64) string { return RoundPath(id) + "/letters" }

func LevelUpPath(accountID int64) string {
	return MyJourneyPath + "/" + ID(accountID) + "/level-up"
}

// Where somebody says of themselves that they were there on a local day, takes it
// back, and where it is said of everybody.
func OwnWordPath(dayID int64) string   { return DayPath(dayID, "own-word") }
func EverybodyPath(dayID int64) string { return DayPath(dayID, "everybody") }

// OccasionsPath is where a municipality's own occasions are.
func OccasionsPath(m organisation.Organisation) string { return MunicipalityPath(m, "rounds") }

func MaterialPath(slug string) string { return "/courses/" + url.PathEscape(slug) + "/material" }

func MeetingPath(id int64) string { return "/trainer-meetings/" + ID(id) }

func RegionPath(r organisation.Organisation, page string) string {
	return "/regions/" + r.Slug + "/" + page
}

func InYear(path string, year int) string { return path + "?year=" + strconv.Itoa(year) }

func DayPath(id int64, page string) string { return "/days/" + strconv.FormatInt(id, 10) + "/" + page }

func DayMoneyPath(id int64) string { return DayPath(id, "money") }

func MyDayPath(id int64) string { return "/my/days/" + ID(id) }

func PersonPath(id int64) string { return "/people/" + strconv.FormatInt(id, 10) }

// IDOrNone is an identity as a form's value; empty for none.
func IDOrNone(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// NewRoundPath is where a round of the region is planned; the zero region is
// the nation.
func NewRoundPath(region organisation.Organisation) string {
	if region.ID == 0 {
		return "/rounds/new"
	}
	return RegionPath(region, "rounds/new")
}

func EntryPath(id int64, noun string) string { return "/queue/" + ID(id) + "/" + noun }

func PlanPath(id int64, page string) string { return "/plans/" + ID(id) + page }

func RoomPath(id int64) string { return "/rooms/" + ID(id) }

func ID(id int64) string { return strconv.FormatInt(id, 10) }

func RoundPath(id int64) string { return "/rounds/" + strconv.FormatInt(id, 10) }

// UploadPath is where material is uploaded.
const UploadPath = "/courses/{course}/material"

func SeatPath(id int64, noun string) string { return "/enrolments/" + ID(id) + "/" + noun }

func TokenPath(id int64) string { return "/tokens/" + IDOrNone(id) + "/revocation" }

// The workshop's forms that bring files.
const (
	WorkshopMediaPath    = "/workshop/{course}/media"
	WorkshopTaskPath     = "/workshop/{course}/tasks/{task}"
	WorkshopNewTaskPath  = "/workshop/{course}/tasks"
	WorkshopPackItemPath = "/workshop/{course}/pack/{part}/{item}"
	WorkshopImportPath   = "/workshop/import"
)

func WorkshopPath(course catalogue.Course, more ...string) string {
	path := "/workshop/" + course.Slug
	for _, m := range more {
		path += "/" + url.PathEscape(m)
	}
	return path
}

// PackPath is the trainer pack of an edition.
func PackPath(editionID int64) string { return "/editions/" + ID(editionID) + "/pack" }
