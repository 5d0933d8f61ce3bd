package address

// Where trainers come from and why they go.
const (
	TrainerWishes = "/trainer-wishes" // that managers answer
	MyTeaching    = "/my/teaching"    // one's own wishes to teach
)

// CourseTeaching is where one says that one would like to teach the course.
func CourseTeaching(slug string) string { return Course(slug, "teaching") }

// MyTeachingRemoval takes such a wish back.
func MyTeachingRemoval(id int64) string { return MyTeaching + "/" + ID(id) + "/removal" }

// TrainerWish is a wish, with what is done to it: "answer" by a manager, "decision" by the region.
func TrainerWish(id int64, pages ...string) string { return Below(TrainerWishes+"/"+ID(id), pages...) }

// RegionCandidates are those who would like to teach and whose managers agree.
func RegionCandidates(slug string) string { return "/regions/" + slug + "/trainer-candidates" }

// RegionComings is how many trainers came and went in a year, and why.
func RegionComings(slug string) string { return "/regions/" + slug + "/trainer-comings" }

// TrainerEnd is where a membership of a team ends.
func TrainerEnd(id int64) string { return "/trainers/" + ID(id) + "/end" }
