package address

// CourseTrial is where somebody who tries a course says what they think of it.
func CourseTrial(slug string) string { return Course(slug, "trial") }

// TaskTrial is where they say what they think of a task.
func TaskTrial(slug, key string) string { return Course(slug, "tasks", key, "trial") }

// RoundTrial lets a round be given in the edition that is tried.
func RoundTrial(id int64) string { return "/rounds/" + ID(id) + "/trial" }
