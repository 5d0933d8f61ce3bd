package address

// StudyTime is where managers set time to learn; MyStudyTime is one's own.
const (
	StudyTime   = "/study-time"
	MyStudyTime = "/my/study-time"
)

// StudyTimeDay is the time around a course day.
func StudyTimeDay(id int64) string { return StudyTime + "/days/" + ID(id) }

// StudyTimeHours are the hours of each person.
func StudyTimeHours() string { return StudyTime + "/hours" }

// StudyTimeRemoval takes a time back.
func StudyTimeRemoval(id int64) string { return StudyTime + "/times/" + ID(id) + "/removal" }

// MyStudyTimeAnswer is where one says whether one got a time.
func MyStudyTimeAnswer(id int64) string { return MyStudyTime + "/" + ID(id) + "/answer" }

// MyPreparation is where a trainer says whether they prepared a course day at work.
func MyPreparation(dayID int64) string { return MyStudyTime + "/days/" + ID(dayID) + "/answer" }

// RegionStudyTime are the sums of a region.
func RegionStudyTime(slug string) string { return "/regions/" + slug + "/study-time" }

// MunicipalityStudyTime is RegionStudyTime for a municipality.
func MunicipalityStudyTime(slug string) string { return "/municipalities/" + slug + "/study-time" }

// RegionProjects are the projects with money from outside for time to learn.
func RegionProjects(slug string) string { return "/regions/" + slug + "/learning-projects" }

// LearningProject is one of them.
func LearningProject(id int64, pages ...string) string {
	return Below("/learning-projects/"+ID(id), pages...)
}
