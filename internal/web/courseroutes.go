package web

import (
	"yrkesresan/internal/address"
	"yrkesresan/internal/web/improvement"
	"yrkesresan/internal/web/plans"
	"yrkesresan/internal/web/production"
	"yrkesresan/internal/web/rounds"
	"yrkesresan/internal/web/study"
	"yrkesresan/internal/web/trial"
	"yrkesresan/internal/web/visit"
)

// courseRoutes are the pages of courses that come and that change: what is planned, told and recommended, and what
// people say of them.
func courseRoutes() []visit.Route {
	get, post := visit.Get, visit.Post
	routes := []visit.Route{
		get("/regions/{region}/news", production.News),
		get("/regions/{region}/news/{out}", production.Edition),
		post("/regions/{region}/news/{out}", production.Decide).Again(production.Edition),
		get("/regions/{region}/starts", production.Starts),
		get(address.Production, production.List),
		post(address.Production, production.Make).Again(production.New),
		get("/production/new", production.New),
		get("/production/{planned}", production.Show),
		get("/production/{planned}/edit", production.Edit),
		post("/production/{planned}/edit", production.Change).Again(production.Edit).Lines("reason"),
		get("/workshop/{course}/feedback", improvement.Register),
		post("/workshop/{course}/feedback", improvement.Enter).Again(improvement.Register).Lines("text"),
		get("/feedback/{feedback}", improvement.Feedback),
		post("/feedback/{feedback}", improvement.Decide).Again(improvement.Feedback).Lines("answer"),
		get(address.Wishes, improvement.Wishes),
		get(address.MyWishes, improvement.MyWishes),
		post(address.MyWishes, improvement.Wish).Again(improvement.MyWishes),
		post("/my/wishes/{wished}/removal", improvement.EndWish).Again(improvement.MyWishes),
		get("/courses/{course}/feedback", improvement.Say),
		post("/courses/{course}/feedback", improvement.Send).Again(improvement.Say).Lines("text"),
		get(address.Foundations, improvement.Foundations),
		post(address.Foundations, improvement.AddFoundation).Again(improvement.Foundations),
		get("/foundations/{foundation}", improvement.Foundation),
		post("/foundations/{foundation}", improvement.ChangeFoundation).Again(improvement.Foundation),
		post("/foundations/{foundation}/look", improvement.Look).Again(improvement.Foundation),
		post("/foundations/{foundation}/changes", improvement.TellChange).Again(improvement.Foundation).Lines("text"),
		get("/foundation-changes/{change}/{tasked}", improvement.Task),
		post("/foundation-changes/{change}/{tasked}", improvement.EndTask).Again(improvement.Task).Lines("reason"),
		post("/foundation-changes/{change}/{tasked}/supplement", improvement.Supply).Again(improvement.Task).Lines("supplement"),
		post("/courses/{course}/supplements/{change}", improvement.Read).Again(study.CoursePage),
		get("/workshop/{course}/launch", production.Advice),
		post("/workshop/{course}/launch", production.Advise).Again(production.Advice),
		get("/workshop/{course}/trial", trial.Manage),
		post("/workshop/{course}/trial", trial.Start).Again(trial.Manage),
		post("/workshop/{course}/trial/people", trial.Join).Again(trial.Manage).Lines("emails"),
		post("/workshop/{course}/trial/people/{person}/removal", trial.Remove).Again(trial.Manage),
		post("/workshop/{course}/trial/removal", trial.End).Again(trial.Manage),
		get("/courses/{course}/trial", trial.Take),
		post("/courses/{course}/trial", trial.Grade).Again(trial.Take).Lines("text"),
		post("/courses/{course}/trial/removal", trial.Leave).Again(trial.Take),
		get("/courses/{course}/tasks/{task}/trial", trial.Task),
		post("/courses/{course}/tasks/{task}/trial", trial.Say).Again(trial.Task).Lines("text"),
		post("/rounds/{round}/trial", trial.InRound).Again(rounds.Show),
		post("/plans/{plan}/meetings", production.Meet).Again(plans.Show),
	}
	for _, page := range []struct {
		path string
		do   visit.Handler
	}{
		{address.Production, production.List},
		{"/regions/{region}/news", production.News},
		{"/workshop/{course}/feedback", improvement.Register},
		{address.Wishes, improvement.Wishes},
		{address.Foundations, improvement.Foundations},
		{"/regions/{region}/starts", production.Starts},
	} {
		for _, kind := range visit.FileKinds {
			routes = append(routes, visit.File(page.path, kind, page.do))
		}
	}
	return routes
}
