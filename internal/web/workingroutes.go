package web

import (
	"yrkesresan/internal/address"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/web/comings"
	"yrkesresan/internal/web/learntime"
	"yrkesresan/internal/web/visit"
)

// working are the routes of time to learn, and of trainers who come and go: a part of Routes.
func working() []visit.Route {
	get, post := visit.Get, visit.Post
	routes := []visit.Route{
		get("/trainers/{trainer}/end", comings.End).Reads(audit.Team),
		post("/trainers/{trainer}/end", comings.EndMembership).Again(comings.End).Reads(audit.Team),
		get("/regions/{region}/trainer-candidates", comings.Candidates).Reads(audit.Person),
		get("/regions/{region}/trainer-comings", comings.Year),
		get(address.TrainerWishes, comings.Wishes).Reads(audit.Person),
		post(address.TrainerWishes+"/{wish}/answer", comings.Answer).Again(comings.Wishes),
		post(address.TrainerWishes+"/{wish}/decision", comings.Decide),
		get(address.MyTeaching, comings.Mine),
		post(address.MyTeaching+"/{wish}/removal", comings.Withdraw),
		get("/courses/{course}/teaching", comings.Offer),
		post("/courses/{course}/teaching", comings.Wish).Again(comings.Offer).Lines("words"),
		get(address.StudyTime, learntime.Days),
		get(address.StudyTime+"/days/{day}", learntime.Sheet).Reads(audit.StudyTime),
		post(address.StudyTime+"/days/{day}", learntime.Set).Again(learntime.Sheet).Choices(500),
		post(address.StudyTime+"/times/{time}/removal", learntime.TakeBack),
		get(address.StudyTimeHours(), learntime.Hours).Reads(audit.StudyTime),
		get(address.MyStudyTime, learntime.Mine),
		post(address.MyStudyTime+"/{time}/answer", learntime.Answer).Again(learntime.Mine),
		post(address.MyStudyTime+"/days/{day}/answer", learntime.Prepared).Again(learntime.Mine),
		get("/regions/{region}/study-time", learntime.Region),
		get("/municipalities/{municipality}/study-time", learntime.Municipality),
		get("/regions/{region}/learning-projects", learntime.Projects),
		post("/regions/{region}/learning-projects", learntime.MakeProject).Again(learntime.Projects),
		get("/learning-projects/{project}", learntime.Project),
		post("/learning-projects/{project}", learntime.Grant).Again(learntime.Project),
	}
	for _, kind := range visit.FileKinds {
		routes = append(routes, visit.File(address.StudyTimeHours(), kind, learntime.Hours).Reads(audit.StudyTime))
		for path, do := range map[string]visit.Handler{
			"/regions/{region}/trainer-comings":         comings.Year,
			"/regions/{region}/study-time":              learntime.Region,
			"/municipalities/{municipality}/study-time": learntime.Municipality,
			"/regions/{region}/learning-projects":       learntime.Projects,
			"/learning-projects/{project}/shares":       learntime.Project,
		} {
			routes = append(routes, visit.File(path, kind, do))
		}
	}
	return routes
}
