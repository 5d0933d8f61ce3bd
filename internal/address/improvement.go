package address

// Wishes are the subjects that people want courses about, in numbers; MyWishes one's own.
const (
	Wishes   = "/wishes"
	MyWishes = "/my/wishes"
)

// MyWish is one of one's own.
func MyWish(id int64, pages ...string) string { return Below(MyWishes+"/"+ID(id), pages...) }

// Feedback is something that was said of a course, for those who make it.
func Feedback(id int64) string { return "/feedback/" + ID(id) }

// Foundations are what courses build on.
const Foundations = "/foundations"

// Foundation is one of them.
func Foundation(id int64, pages ...string) string { return Below(Foundations+"/"+ID(id), pages...) }

// FoundationTask is what a change of one asks of a course.
func FoundationTask(changeID int64, course string, pages ...string) string {
	return Below("/foundation-changes/"+ID(changeID)+"/"+course, pages...)
}
