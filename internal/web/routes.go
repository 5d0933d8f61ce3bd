package web

import (
	"yrkesresan/internal/api"
	"yrkesresan/internal/identity"
)

// Route is one address and what answers there.
type Route struct {
	Method string
	Path   string
	do     func(*Server, *Visit) error
	open   bool               // for those who are not signed in, too
	again  func(*Visit) error // what shows its refused form again; nil for the page of the error
}

// get is a page, post a form; both are for those who are signed in.
func get(path string, do func(*Server, *Visit) error) Route {
	return Route{Method: "GET", Path: path, do: do}
}
func post(path string, do func(*Server, *Visit) error) Route {
	return Route{Method: "POST", Path: path, do: do}
}

// Open lets in those who are not signed in, too.
func (r Route) Open() Route {
	r.open = true
	return r
}

// Again names the page on which a refused form is shown again.
func (r Route) Again(show func(*Server, *Visit) error) Route {
	r.again = func(v *Visit) error { return show(v.server, v) }
	return r
}

// Routes are all routes of the pages, for the tests that walk them.
func (s *Server) Routes() []Route { return s.routes() }

// routes is every page and form of the product. Each has its line in the table
// of expectations, testdata/access.txt.
func (s *Server) routes() []Route {
	routes := []Route{
		// Ways in and out
		get("/sign-in", (*Server).signIn).Open(),
		post("/sign-in", (*Server).requestLink).Open().Again((*Server).signIn),
		get(identity.LinkPath, (*Server).openLink).Open(),
		post(identity.LinkPath, (*Server).useLink).Open(),
		post("/session/role", (*Server).switchOffice),
		post("/session/end", (*Server).signOut).Open(),
		post("/language", (*Server).setLanguage).Open(),

		// Everybody's
		get("/{$}", (*Server).start),
		get("/help", (*Server).help).Open(),
		get("/search", (*Server).search),

		// Rounds, their days and participants
		get("/rounds", (*Server).rounds),
		get("/rounds/{round}", (*Server).round),
		get("/rounds/new", (*Server).newRound),
		post("/rounds", (*Server).planRound).Again((*Server).newRound),
		get("/rounds/{round}/edit", (*Server).editRound),
		post("/rounds/{round}/edit", (*Server).changePlan).Again((*Server).editRound),
		get("/rounds/{round}/copy", (*Server).copyRound),
		post("/rounds/{round}/copy", (*Server).planCopy).Again((*Server).copyRound),
		get("/rounds/{round}/catering", (*Server).catering),
		post("/rounds/{round}/catering", (*Server).saveCatering).Again((*Server).catering),
		get("/rounds/{round}/needs", (*Server).needs),
		post("/rounds/{round}/needs", (*Server).tellNeeds).Again((*Server).needs),
		get("/municipalities/{municipality}/rounds", (*Server).occasions),
		post("/municipalities/{municipality}/rounds", (*Server).planOccasion).Again((*Server).newOccasion),
		get("/municipalities/{municipality}/rounds/new", (*Server).newOccasion),
		get("/regions/{region}/plan", (*Server).yearPlan),
		get("/regions/{region}/rounds/new", (*Server).newRound),
		post("/regions/{region}/rounds", (*Server).planRound).Again((*Server).newRound),
		get("/regions/{region}/rooms", (*Server).rooms),
		post("/regions/{region}/rooms", (*Server).addRoom).Again((*Server).rooms),
		get("/rooms/{room}", (*Server).room),
		post("/rooms/{room}", (*Server).changeRoom).Again((*Server).room),
		post("/rounds/{round}/publication", (*Server).publishRound).Again((*Server).round),
		post("/rounds/{round}/confirmation", (*Server).confirmRound).Again((*Server).round),
		post("/rounds/{round}/cancellation", (*Server).cancelRound).Again((*Server).round),
		post("/rounds/{round}/approvals", (*Server).approve).Again((*Server).round),
		get("/enrolments/{enrolment}/unapproval", (*Server).askUnapprove),
		post("/enrolments/{enrolment}/unapproval", (*Server).unapprove).Again((*Server).askUnapprove),

		// Sign-up: seats, the queue, the manager's word, seats set aside, wishes
		get("/rounds/{round}/signup", (*Server).signupOthers),
		post("/rounds/{round}/enrolments", (*Server).enrol).Again((*Server).enrolAgain),
		post("/rounds/{round}/quotas", (*Server).setAsideSeats).Again((*Server).round),
		post("/rounds/{round}/quotas/{municipality}/release", (*Server).releaseSeats).Again((*Server).round),
		get("/enrolments/{enrolment}", (*Server).seat),
		post("/enrolments/{enrolment}/withdrawal", (*Server).withdrawSeat).Again((*Server).seat),
		post("/enrolments/{enrolment}/replacement", (*Server).replaceSeat).Again((*Server).seat),
		post("/enrolments/{enrolment}/move", (*Server).moveSeat).Again((*Server).seat),
		post("/queue/{entry}/acceptance", (*Server).acceptSeat).Again((*Server).roundOfEntry),
		post("/queue/{entry}/departure", (*Server).leaveQueue).Again((*Server).roundOfEntry),
		post("/queue/{entry}/approval", (*Server).allowRequest).Again((*Server).managerRequests),
		post("/queue/{entry}/refusal", (*Server).refuseRequest).Again((*Server).managerRequests),
		get("/my/requests", (*Server).managerRequests),
		get("/courses/{course}/interests", (*Server).wishes),
		post("/courses/{course}/interests", (*Server).wishCourse).Again((*Server).wishes),
		post("/interests/{interest}/removal", (*Server).unwishCourse),
		get("/regions/{region}/demand", (*Server).demand),
		post("/municipalities/{municipality}/sign-up", (*Server).setSignup).Again((*Server).municipality),

		// Attendance
		get("/rounds/{round}/letters", (*Server).letters),
		post("/rounds/{round}/letters", (*Server).sendLetter).Again((*Server).letters),
		post("/rounds/{round}/letters/preview", (*Server).previewLetter).Again((*Server).letterPreview),
		get("/rounds/{round}/letters/{letter}", (*Server).letterPage),
		post("/rounds/{round}/letters/{letter}/resending", (*Server).sendLetterAgain),
		post("/rounds/{round}/material-day", (*Server).setMaterialDay).Again((*Server).letters),
		get("/days/{day}/attendance", (*Server).attendance),
		post("/days/{day}/attendance", (*Server).saveAttendance).Again((*Server).attendance),
		post("/days/{day}/everybody", (*Server).markEverybody).Again((*Server).roundOfDay),
		post("/days/{day}/own-word", (*Server).sayOwnWord).Again((*Server).roundOfDay),
		post("/days/{day}/own-word/removal", (*Server).takeBackOwnWord).Again((*Server).roundOfDay),
		get("/days/{day}/marks", (*Server).marks),
		post("/days/{day}/marks", (*Server).saveMarks).Open(),
		get("/days/{day}/screen", (*Server).screen),
		get("/days/{day}/code.svg", (*Server).codePicture),
		get("/check-in", (*Server).checkIn),
		post("/check-in", (*Server).checkInTyped).Again((*Server).checkIn),
		get("/check-in/{day}/{code}", (*Server).scan).Open(),
		post("/check-in/{day}", (*Server).checkInScanned).Again((*Server).scanRefused),

		// One's own
		get(myJourneyPath, (*Server).myJourney),
		get("/my/courses", (*Server).oldCourses),
		get(myJourneyPath+"/{account}/level-up", (*Server).levelUp),
		post(myJourneyPath+"/{account}/level-up", (*Server).answerGate).Again((*Server).levelUp),

		// Certificates: whoever holds one can check it
		get("/certificates", (*Server).checkCertificate).Open(),
		get("/certificates/{code}", (*Server).certificate).Open(),
		get("/completions/{completion}/certificate", (*Server).courseCertificate),
		get("/level-ups/{levelup}/certificate", (*Server).stepCertificate),

		get("/my/evaluations/{course}", (*Server).evaluation),
		post("/my/evaluations/{course}", (*Server).evaluate).Again((*Server).evaluation),
		get("/my/days", (*Server).myDays),
		get("/my/days/{day}", (*Server).myDay),
		post("/my/days/{day}/answer", (*Server).answerDay).Again((*Server).myDay),
		get("/my/days/confirmation", (*Server).myConfirmation),
		post("/my/absences", (*Server).addAbsence).Again((*Server).myDays),
		post("/my/absences/{absence}/removal", (*Server).removeAbsence),

		// A course as its learners take it
		get("/courses/{course}", (*Server).coursePage),
		get("/courses/{course}/tasks/{task}", (*Server).taskPage),
		post("/courses/{course}/tasks/{task}/progress", (*Server).saveProgress).Open().Again((*Server).taskPage),

		// Trainers: teams, who holds which day, meetings
		get("/regions/{region}/trainers", (*Server).team),
		post("/regions/{region}/trainers", (*Server).recruit).Again((*Server).team),
		post("/trainers/{trainer}/readiness", (*Server).readyTrainer).Again((*Server).teamOfTrainer),
		post("/trainers/{trainer}/end", (*Server).endTrainer).Again((*Server).teamOfTrainer),
		get("/days/{day}/trainers", (*Server).staffing),
		post("/days/{day}/trainers", (*Server).askTrainer).Again((*Server).staffing),
		post("/days/{day}/trainers/replacement", (*Server).replaceTrainer).Again((*Server).staffing),
		post("/days/{day}/trainers/removal", (*Server).removeTrainer).Again((*Server).staffing),
		get("/regions/{region}/trainer-meetings", (*Server).meetings),
		post("/regions/{region}/trainer-meetings", (*Server).planMeeting).Again((*Server).meetings),
		get("/trainer-meetings/{meeting}", (*Server).meeting),
		get("/trainer-meetings/{meeting}/plan", (*Server).meetingForm),
		post("/trainer-meetings/{meeting}/plan", (*Server).replanMeeting).Again((*Server).meetingForm),
		post("/trainer-meetings/{meeting}/guests", (*Server).inviteToMeeting).Again((*Server).meeting),
		post("/trainer-meetings/{meeting}/resending", (*Server).sendMeetingAgain),
		post("/trainer-meetings/{meeting}/answer", (*Server).answerMeeting).Again((*Server).meeting),
		post("/trainer-meetings/{meeting}/attendance", (*Server).markMeeting).Again((*Server).meeting),
		post("/trainer-meetings/{meeting}/cancellation", (*Server).cancelMeeting).Again((*Server).meeting),
		get("/people/{person}/trainer-days", (*Server).trainerDays),

		get("/my/calendar", (*Server).myCalendar),
		post("/my/calendar", (*Server).makeCalendar),
		post("/my/calendar/{feed}/revocation", (*Server).revokeCalendar),
		get("/calendar/{feed}", (*Server).readCalendar).Open(),

		// The workshop, in which courses are written, and what is read of an edition
		get("/workshop", (*Server).workshopList),
		post("/workshop", (*Server).makeCourse).Again((*Server).newCourse),
		get("/workshop/new", (*Server).newCourse),
		get(workshopImportPath, (*Server).importForm),
		post(workshopImportPath, (*Server).importCourse).Again((*Server).importForm),
		get("/workshop/{course}", (*Server).workshopCourse),
		post("/workshop/{course}/draft", (*Server).startDraft),
		post("/workshop/{course}/draft/removal", (*Server).dropDraft),
		get("/workshop/{course}/about", (*Server).draftAbout),
		post("/workshop/{course}/about", (*Server).saveDraftAbout).Again((*Server).draftAbout),
		get("/workshop/{course}/tasks/new", (*Server).newTask),
		post(workshopNewTaskPath, (*Server).addTask).Again((*Server).newTask),
		get(workshopTaskPath, (*Server).draftTask),
		post(workshopTaskPath, (*Server).saveDraftTask).Again((*Server).draftTask),
		post("/workshop/{course}/tasks/{task}/position", (*Server).moveTask),
		post("/workshop/{course}/tasks/{task}/copy", (*Server).copyTask),
		post("/workshop/{course}/tasks/{task}/removal", (*Server).removeTask),
		get("/workshop/{course}/tasks/{task}/questions/{question}", (*Server).draftQuestion),
		post("/workshop/{course}/tasks/{task}/questions/{question}", (*Server).saveDraftQuestion).Again((*Server).draftQuestion),
		post("/workshop/{course}/tasks/{task}/questions/{question}/position", (*Server).moveQuestion),
		post("/workshop/{course}/tasks/{task}/questions/{question}/removal", (*Server).removeQuestion),
		get("/workshop/{course}/pack", (*Server).draftPack),
		get(workshopPackItemPath, (*Server).draftPackItem),
		post(workshopPackItemPath, (*Server).savePackItem).Again((*Server).draftPackItem),
		post("/workshop/{course}/pack/{part}/{item}/position", (*Server).movePackItem),
		post("/workshop/{course}/pack/{part}/{item}/removal", (*Server).removePackItem),
		get(workshopMediaPath, (*Server).draftFiles),
		post(workshopMediaPath, (*Server).addDraftFile).Again((*Server).draftFiles),
		get("/workshop/{course}/media/{name}", (*Server).draftMedia),
		post("/workshop/{course}/media/{name}/removal", (*Server).removeDraftFile),
		get("/workshop/{course}/translation", (*Server).draftTranslation),
		get("/workshop/{course}/preview", (*Server).preview),
		get("/workshop/{course}/preview/{task}", (*Server).previewTask),
		get("/workshop/{course}/preview-pack", (*Server).previewPack),
		get("/workshop/{course}/publication", (*Server).publication),
		post("/workshop/{course}/publication", (*Server).publish).Again((*Server).publication),
		get("/workshop/{course}/course.zip", (*Server).exportDraft),
		get("/workshop/{course}/editions/{number}", (*Server).frozenEdition),
		get("/workshop/{course}/editions/{number}/tasks/{task}", (*Server).frozenTask),
		get("/workshop/{course}/editions/{number}/course.zip", (*Server).exportEdition),
		get("/editions/{edition}/media/{name}", (*Server).editionMedia),
		get("/editions/{edition}/pack", (*Server).pack),

		// Material of courses
		get("/material", (*Server).allMaterial),
		get("/material/{material}", (*Server).openMaterial),
		post("/material/{material}/removal", (*Server).removeMaterial),
		post("/material/{material}/up", (*Server).raiseMaterial),
		get(uploadPath, (*Server).courseMaterial),
		post(uploadPath, (*Server).addMaterial).Again((*Server).courseMaterial),

		// Money
		get("/regions/{region}/pot", (*Server).pot),
		get("/regions/{region}/invoice-basis", (*Server).invoiceBasis),
		get("/regions/{region}/invoice-basis.csv", (*Server).invoiceBasisCSV),
		post("/regions/{region}/settlements", (*Server).settle).Again((*Server).invoiceBasis),
		post("/regions/{region}/corrections", (*Server).correct).Again((*Server).invoiceBasis),
		get("/regions/{region}/tariffs", (*Server).tariffs),
		post("/regions/{region}/tariffs", (*Server).addTariff).Again((*Server).tariffs),
		get("/municipalities/{municipality}/money", (*Server).municipalityMoney),
		get("/days/{day}/money", (*Server).dayMoney),
		post("/days/{day}/exemptions", (*Server).exempt).Again((*Server).dayMoney),
		post("/days/{day}/exemptions/removal", (*Server).unexempt).Again((*Server).dayMoney),

		// Figures
		get("/figures", (*Server).figures),
		get("/regions/{region}/figures", (*Server).regionFigures),
		get("/regions/{region}/annual-report", (*Server).annualReport),
		get("/regions/{region}/annual-report.xlsx", (*Server).annualReportXLSX),
		get("/regions/{region}/annual-report.json", (*Server).annualReportJSON),
		get("/regions/{region}/annual-report.txt", (*Server).annualReportText),

		// People, staff, municipalities
		get("/people", (*Server).people),
		post("/people", (*Server).addPerson).Again((*Server).newPerson),
		get("/people/new", (*Server).newPerson),
		get("/people/{person}", (*Server).person),
		post("/people/{person}/employments", (*Server).employ).Again(withForm(moveForm)),
		post("/people/{person}/departure", (*Server).leave).Again(withForm(leaveForm)),
		post("/people/{person}/accounts", (*Server).openAccount).Again(withForm(openForm)),
		post("/people/{person}/completions", (*Server).completeCourse).Again(withForm(completionForm)),
		post("/people/{person}/grants", (*Server).grantRole).Again(withForm(grantForm)),
		post("/accounts/{account}/step", (*Server).setStep).Again(withForm(stepForm)),
		post("/accounts/{account}/roles", (*Server).setRoles).Again(withForm(rolesForm)),
		post("/accounts/{account}/closure", (*Server).closeAccount).Again(withForm(closeForm)),
		post("/completions/{completion}/revocation", (*Server).revokeCompletion).Again(withForm(revokeForm)),
		post("/grants/{grant}/end", (*Server).endGrant).Again(withForm(endForm)),
		get("/my/staff", (*Server).myStaff),
		get("/my/staff.csv", (*Server).myStaffCSV),
		post("/people/{person}/terms", (*Server).setTerms).Again(withForm(termsForm)),
		post("/people/{person}/leave", (*Server).tellLeave).Again(withForm(awayForm)),
		post("/leave/{leave}/end", (*Server).endLeave),
		get("/my/staff.xlsx", (*Server).myStaffXLSX),
		get("/tokens", (*Server).tokens),
		post("/tokens", (*Server).makeToken).Again((*Server).tokens),
		get("/tokens/{token}/revocation", (*Server).askRevokeToken),
		post("/tokens/{token}/revocation", (*Server).revokeToken),
		get(api.Docs, (*Server).apiDocs).Open(),
		get("/municipalities/{municipality}", (*Server).municipality),
		post("/municipalities/{municipality}/units", (*Server).addUnit).Again((*Server).municipality),

		// How far a municipality has come with its courses, and its plans for them
		get("/municipalities/{municipality}/courses", (*Server).coverage),
		get("/municipalities/{municipality}/courses/{course}", (*Server).municipalCourse),
		post("/municipalities/{municipality}/courses/{course}/reminders", (*Server).remindCourse),
		get("/municipalities/{municipality}/staff", (*Server).municipalStaff),
		get("/municipalities/{municipality}/staff.csv", (*Server).municipalStaffCSV),
		get("/municipalities/{municipality}/staff.xlsx", (*Server).municipalStaffXLSX),
		get("/municipalities/{municipality}/plans", (*Server).plans),
		post("/municipalities/{municipality}/plans", (*Server).makeRollout).Again((*Server).newRollout),
		get("/municipalities/{municipality}/plans/new", (*Server).newRollout),
		get("/plans/{plan}", (*Server).rollout),
		get("/plans/{plan}/edit", (*Server).editRollout),
		post("/plans/{plan}/edit", (*Server).changeRollout).Again((*Server).editRollout),
		post("/plans/{plan}/end", (*Server).endRollout),
		get("/plans/{plan}/groups", (*Server).splitPlan),
		post("/plans/{plan}/groups", (*Server).makeGroups).Again((*Server).splitPlan),
		get("/plans/{plan}/people", (*Server).planPeople),
		post("/plans/{plan}/people", (*Server).movePeople).Again((*Server).planPeople),
	}
	if s.Demo() {
		routes = append(routes,
			get("/demo", (*Server).picker).Open(),
			post("/demo", (*Server).pick).Open(),
		)
	}
	if s.Gallery {
		routes = append(routes, get("/dev/pages", (*Server).gallery).Open())
	}
	return routes
}
