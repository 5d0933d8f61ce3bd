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
	open   bool // for those who are not signed in, too
}

// Routes are all routes of the pages, for the tests that walk them.
func (s *Server) Routes() []Route { return s.routes() }

// routes is every page and form of the product. Each has its line in the table
// of expectations, testdata/access.txt.
func (s *Server) routes() []Route {
	routes := []Route{
		// Ways in and out
		{"GET", "/sign-in", (*Server).signIn, true},
		{"POST", "/sign-in", (*Server).requestLink, true},
		{"GET", identity.LinkPath, (*Server).openLink, true},
		{"POST", identity.LinkPath, (*Server).useLink, true},
		{"POST", "/session/role", (*Server).switchOffice, false},
		{"POST", "/session/end", (*Server).signOut, true},
		{"POST", "/language", (*Server).setLanguage, true},

		// Everybody's
		{"GET", "/{$}", (*Server).start, false},
		{"GET", "/help", (*Server).help, true},
		{"GET", "/search", (*Server).search, false},

		// Rounds, their days and participants
		{"GET", "/rounds", (*Server).rounds, false},
		{"GET", "/rounds/{round}", (*Server).round, false},
		{"GET", "/rounds/new", (*Server).newRound, false},
		{"POST", "/rounds", (*Server).planRound, false},
		{"GET", "/rounds/{round}/edit", (*Server).editRound, false},
		{"POST", "/rounds/{round}/edit", (*Server).changePlan, false},
		{"GET", "/rounds/{round}/copy", (*Server).copyRound, false},
		{"POST", "/rounds/{round}/copy", (*Server).planCopy, false},
		{"GET", "/rounds/{round}/catering", (*Server).catering, false},
		{"POST", "/rounds/{round}/catering", (*Server).saveCatering, false},
		{"GET", "/rounds/{round}/needs", (*Server).needs, false},
		{"POST", "/rounds/{round}/needs", (*Server).tellNeeds, false},
		{"GET", "/municipalities/{municipality}/rounds", (*Server).occasions, false},
		{"POST", "/municipalities/{municipality}/rounds", (*Server).planOccasion, false},
		{"GET", "/municipalities/{municipality}/rounds/new", (*Server).newOccasion, false},
		{"GET", "/regions/{region}/plan", (*Server).yearPlan, false},
		{"GET", "/regions/{region}/rounds/new", (*Server).newRound, false},
		{"POST", "/regions/{region}/rounds", (*Server).planRound, false},
		{"GET", "/regions/{region}/rooms", (*Server).rooms, false},
		{"POST", "/regions/{region}/rooms", (*Server).addRoom, false},
		{"GET", "/rooms/{room}", (*Server).room, false},
		{"POST", "/rooms/{room}", (*Server).changeRoom, false},
		{"POST", "/rounds/{round}/publication", (*Server).publishRound, false},
		{"POST", "/rounds/{round}/confirmation", (*Server).confirmRound, false},
		{"POST", "/rounds/{round}/cancellation", (*Server).cancelRound, false},
		{"POST", "/rounds/{round}/approvals", (*Server).approve, false},
		{"GET", "/enrolments/{enrolment}/unapproval", (*Server).askUnapprove, false},
		{"POST", "/enrolments/{enrolment}/unapproval", (*Server).unapprove, false},

		// Sign-up: seats, the queue, the manager's word, seats set aside, wishes
		{"GET", "/rounds/{round}/signup", (*Server).signupOthers, false},
		{"POST", "/rounds/{round}/enrolments", (*Server).enrol, false},
		{"POST", "/rounds/{round}/quotas", (*Server).setAsideSeats, false},
		{"POST", "/rounds/{round}/quotas/{municipality}/release", (*Server).releaseSeats, false},
		{"GET", "/enrolments/{enrolment}", (*Server).seat, false},
		{"POST", "/enrolments/{enrolment}/withdrawal", (*Server).withdrawSeat, false},
		{"POST", "/enrolments/{enrolment}/replacement", (*Server).replaceSeat, false},
		{"POST", "/enrolments/{enrolment}/move", (*Server).moveSeat, false},
		{"POST", "/queue/{entry}/acceptance", (*Server).acceptSeat, false},
		{"POST", "/queue/{entry}/departure", (*Server).leaveQueue, false},
		{"POST", "/queue/{entry}/approval", (*Server).allowRequest, false},
		{"POST", "/queue/{entry}/refusal", (*Server).refuseRequest, false},
		{"GET", "/my/requests", (*Server).managerRequests, false},
		{"GET", "/courses/{course}/interests", (*Server).wishes, false},
		{"POST", "/courses/{course}/interests", (*Server).wishCourse, false},
		{"POST", "/interests/{interest}/removal", (*Server).unwishCourse, false},
		{"GET", "/regions/{region}/demand", (*Server).demand, false},
		{"POST", "/municipalities/{municipality}/sign-up", (*Server).setSignup, false},

		// Attendance
		{"GET", "/rounds/{round}/letters", (*Server).letters, false},
		{"POST", "/rounds/{round}/letters", (*Server).sendLetter, false},
		{"POST", "/rounds/{round}/letters/preview", (*Server).previewLetter, false},
		{"GET", "/rounds/{round}/letters/{letter}", (*Server).letterPage, false},
		{"POST", "/rounds/{round}/letters/{letter}/resending", (*Server).sendLetterAgain, false},
		{"POST", "/rounds/{round}/material-day", (*Server).setMaterialDay, false},
		{"GET", "/days/{day}/attendance", (*Server).attendance, false},
		{"POST", "/days/{day}/attendance", (*Server).saveAttendance, false},
		{"POST", "/days/{day}/everybody", (*Server).markEverybody, false},
		{"POST", "/days/{day}/own-word", (*Server).sayOwnWord, false},
		{"POST", "/days/{day}/own-word/removal", (*Server).takeBackOwnWord, false},
		{"GET", "/days/{day}/marks", (*Server).marks, false},
		{"POST", "/days/{day}/marks", (*Server).saveMarks, true},
		{"GET", "/days/{day}/screen", (*Server).screen, false},
		{"GET", "/days/{day}/code.svg", (*Server).codePicture, false},
		{"GET", "/check-in", (*Server).checkIn, false},
		{"POST", "/check-in", (*Server).checkInTyped, false},
		{"GET", "/check-in/{day}/{code}", (*Server).scan, true},
		{"POST", "/check-in/{day}", (*Server).checkInScanned, false},

		// One's own
		{"GET", myJourneyPath, (*Server).myJourney, false},
		{"GET", "/my/courses", (*Server).oldCourses, false},
		{"GET", myJourneyPath + "/{account}/level-up", (*Server).levelUp, false},
		{"POST", myJourneyPath + "/{account}/level-up", (*Server).answerGate, false},

		// Certificates: whoever holds one can check it
		{"GET", "/certificates", (*Server).checkCertificate, true},
		{"GET", "/certificates/{code}", (*Server).certificate, true},
		{"GET", "/completions/{completion}/certificate", (*Server).courseCertificate, false},
		{"GET", "/level-ups/{levelup}/certificate", (*Server).stepCertificate, false},

		{"GET", "/my/evaluations/{course}", (*Server).evaluation, false},
		{"POST", "/my/evaluations/{course}", (*Server).evaluate, false},
		{"GET", "/my/days", (*Server).myDays, false},
		{"GET", "/my/days/{day}", (*Server).myDay, false},
		{"POST", "/my/days/{day}/answer", (*Server).answerDay, false},
		{"GET", "/my/days/confirmation", (*Server).myConfirmation, false},
		{"POST", "/my/absences", (*Server).addAbsence, false},
		{"POST", "/my/absences/{absence}/removal", (*Server).removeAbsence, false},

		// A course as its learners take it
		{"GET", "/courses/{course}", (*Server).coursePage, false},
		{"GET", "/courses/{course}/tasks/{task}", (*Server).taskPage, false},
		{"POST", "/courses/{course}/tasks/{task}/progress", (*Server).saveProgress, true},

		// Trainers: teams, who holds which day, meetings
		{"GET", "/regions/{region}/trainers", (*Server).team, false},
		{"POST", "/regions/{region}/trainers", (*Server).recruit, false},
		{"POST", "/trainers/{trainer}/readiness", (*Server).readyTrainer, false},
		{"POST", "/trainers/{trainer}/end", (*Server).endTrainer, false},
		{"GET", "/days/{day}/trainers", (*Server).staffing, false},
		{"POST", "/days/{day}/trainers", (*Server).askTrainer, false},
		{"POST", "/days/{day}/trainers/replacement", (*Server).replaceTrainer, false},
		{"POST", "/days/{day}/trainers/removal", (*Server).removeTrainer, false},
		{"GET", "/regions/{region}/trainer-meetings", (*Server).meetings, false},
		{"POST", "/regions/{region}/trainer-meetings", (*Server).planMeeting, false},
		{"GET", "/trainer-meetings/{meeting}", (*Server).meeting, false},
		{"GET", "/trainer-meetings/{meeting}/plan", (*Server).meetingForm, false},
		{"POST", "/trainer-meetings/{meeting}/plan", (*Server).replanMeeting, false},
		{"POST", "/trainer-meetings/{meeting}/guests", (*Server).inviteToMeeting, false},
		{"POST", "/trainer-meetings/{meeting}/resending", (*Server).sendMeetingAgain, false},
		{"POST", "/trainer-meetings/{meeting}/answer", (*Server).answerMeeting, false},
		{"POST", "/trainer-meetings/{meeting}/attendance", (*Server).markMeeting, false},
		{"POST", "/trainer-meetings/{meeting}/cancellation", (*Server).cancelMeeting, false},
		{"GET", "/people/{person}/trainer-days", (*Server).trainerDays, false},

		{"GET", "/my/calendar", (*Server).myCalendar, false},
		{"POST", "/my/calendar", (*Server).makeCalendar, false},
		{"POST", "/my/calendar/{feed}/revocation", (*Server).revokeCalendar, false},
		{"GET", "/calendar/{feed}", (*Server).readCalendar, true},

		// The workshop, in which courses are written, and what is read of an edition
		{"GET", "/workshop", (*Server).workshopList, false},
		{"POST", "/workshop", (*Server).makeCourse, false},
		{"GET", "/workshop/new", (*Server).newCourse, false},
		{"GET", workshopImportPath, (*Server).importForm, false},
		{"POST", workshopImportPath, (*Server).importCourse, false},
		{"GET", "/workshop/{course}", (*Server).workshopCourse, false},
		{"POST", "/workshop/{course}/draft", (*Server).startDraft, false},
		{"POST", "/workshop/{course}/draft/removal", (*Server).dropDraft, false},
		{"GET", "/workshop/{course}/about", (*Server).draftAbout, false},
		{"POST", "/workshop/{course}/about", (*Server).saveDraftAbout, false},
		{"GET", "/workshop/{course}/tasks/new", (*Server).newTask, false},
		{"POST", workshopNewTaskPath, (*Server).addTask, false},
		{"GET", workshopTaskPath, (*Server).draftTask, false},
		{"POST", workshopTaskPath, (*Server).saveDraftTask, false},
		{"POST", "/workshop/{course}/tasks/{task}/position", (*Server).moveTask, false},
		{"POST", "/workshop/{course}/tasks/{task}/copy", (*Server).copyTask, false},
		{"POST", "/workshop/{course}/tasks/{task}/removal", (*Server).removeTask, false},
		{"GET", "/workshop/{course}/tasks/{task}/questions/{question}", (*Server).draftQuestion, false},
		{"POST", "/workshop/{course}/tasks/{task}/questions/{question}", (*Server).saveDraftQuestion, false},
		{"POST", "/workshop/{course}/tasks/{task}/questions/{question}/position", (*Server).moveQuestion, false},
		{"POST", "/workshop/{course}/tasks/{task}/questions/{question}/removal", (*Server).removeQuestion, false},
		{"GET", "/workshop/{course}/pack", (*Server).draftPack, false},
		{"GET", workshopPackItemPath, (*Server).draftPackItem, false},
		{"POST", workshopPackItemPath, (*Server).savePackItem, false},
		{"POST", "/workshop/{course}/pack/{part}/{item}/position", (*Server).movePackItem, false},
		{"POST", "/workshop/{course}/pack/{part}/{item}/removal", (*Server).removePackItem, false},
		{"GET", workshopMediaPath, (*Server).draftFiles, false},
		{"POST", workshopMediaPath, (*Server).addDraftFile, false},
		{"GET", "/workshop/{course}/media/{name}", (*Server).draftMedia, false},
		{"POST", "/workshop/{course}/media/{name}/removal", (*Server).removeDraftFile, false},
		{"GET", "/workshop/{course}/translation", (*Server).draftTranslation, false},
		{"GET", "/workshop/{course}/preview", (*Server).preview, false},
		{"GET", "/workshop/{course}/preview/{task}", (*Server).previewTask, false},
		{"GET", "/workshop/{course}/preview-pack", (*Server).previewPack, false},
		{"GET", "/workshop/{course}/publication", (*Server).publication, false},
		{"POST", "/workshop/{course}/publication", (*Server).publish, false},
		{"GET", "/workshop/{course}/course.zip", (*Server).exportDraft, false},
		{"GET", "/workshop/{course}/editions/{number}", (*Server).frozenEdition, false},
		{"GET", "/workshop/{course}/editions/{number}/tasks/{task}", (*Server).frozenTask, false},
		{"GET", "/workshop/{course}/editions/{number}/course.zip", (*Server).exportEdition, false},
		{"GET", "/editions/{edition}/media/{name}", (*Server).editionMedia, false},
		{"GET", "/editions/{edition}/pack", (*Server).pack, false},

		// Material of courses
		{"GET", "/material", (*Server).allMaterial, false},
		{"GET", "/material/{material}", (*Server).openMaterial, false},
		{"POST", "/material/{material}/removal", (*Server).removeMaterial, false},
		{"POST", "/material/{material}/up", (*Server).raiseMaterial, false},
		{"GET", uploadPath, (*Server).courseMaterial, false},
		{"POST", uploadPath, (*Server).addMaterial, false},

		// Money
		{"GET", "/regions/{region}/pot", (*Server).pot, false},
		{"GET", "/regions/{region}/invoice-basis", (*Server).invoiceBasis, false},
		{"GET", "/regions/{region}/invoice-basis.csv", (*Server).invoiceBasisCSV, false},
		{"POST", "/regions/{region}/settlements", (*Server).settle, false},
		{"POST", "/regions/{region}/corrections", (*Server).correct, false},
		{"GET", "/regions/{region}/tariffs", (*Server).tariffs, false},
		{"POST", "/regions/{region}/tariffs", (*Server).addTariff, false},
		{"GET", "/municipalities/{municipality}/money", (*Server).municipalityMoney, false},
		{"GET", "/days/{day}/money", (*Server).dayMoney, false},
		{"POST", "/days/{day}/exemptions", (*Server).exempt, false},
		{"POST", "/days/{day}/exemptions/removal", (*Server).unexempt, false},

		// Figures
		{"GET", "/figures", (*Server).figures, false},
		{"GET", "/regions/{region}/figures", (*Server).regionFigures, false},
		{"GET", "/regions/{region}/annual-report", (*Server).annualReport, false},
		{"GET", "/regions/{region}/annual-report.xlsx", (*Server).annualReportXLSX, false},
		{"GET", "/regions/{region}/annual-report.json", (*Server).annualReportJSON, false},
		{"GET", "/regions/{region}/annual-report.txt", (*Server).annualReportText, false},

		// People, staff, municipalities
		{"GET", "/people", (*Server).people, false},
		{"POST", "/people", (*Server).addPerson, false},
		{"GET", "/people/new", (*Server).newPerson, false},
		{"GET", "/people/{person}", (*Server).person, false},
		{"POST", "/people/{person}/employments", (*Server).employ, false},
		{"POST", "/people/{person}/departure", (*Server).leave, false},
		{"POST", "/people/{person}/accounts", (*Server).openAccount, false},
		{"POST", "/people/{person}/completions", (*Server).completeCourse, false},
		{"POST", "/people/{person}/grants", (*Server).grantRole, false},
		{"POST", "/accounts/{account}/step", (*Server).setStep, false},
		{"POST", "/accounts/{account}/roles", (*Server).setRoles, false},
		{"POST", "/accounts/{account}/closure", (*Server).closeAccount, false},
		{"POST", "/completions/{completion}/revocation", (*Server).revokeCompletion, false},
		{"POST", "/grants/{grant}/end", (*Server).endGrant, false},
		{"GET", "/my/staff", (*Server).myStaff, false},
		{"GET", "/my/staff.csv", (*Server).myStaffCSV, false},
		{"POST", "/people/{person}/terms", (*Server).setTerms, false},
		{"POST", "/people/{person}/leave", (*Server).tellLeave, false},
		{"POST", "/leave/{leave}/end", (*Server).endLeave, false},
		{"GET", "/my/staff.xlsx", (*Server).myStaffXLSX, false},
		{"GET", "/tokens", (*Server).tokens, false},
		{"POST", "/tokens", (*Server).makeToken, false},
		{"GET", "/tokens/{token}/revocation", (*Server).askRevokeToken, false},
		{"POST", "/tokens/{token}/revocation", (*Server).revokeToken, false},
		{"GET", api.Docs, (*Server).apiDocs, true},
		{"GET", "/municipalities/{municipality}", (*Server).municipality, false},
		{"POST", "/municipalities/{municipality}/units", (*Server).addUnit, false},

		// How far a municipality has come with its courses, and its plans for them
		{"GET", "/municipalities/{municipality}/courses", (*Server).coverage, false},
		{"GET", "/municipalities/{municipality}/courses/{course}", (*Server).municipalCourse, false},
		{"POST", "/municipalities/{municipality}/courses/{course}/reminders", (*Server).remindCourse, false},
		{"GET", "/municipalities/{municipality}/staff", (*Server).municipalStaff, false},
		{"GET", "/municipalities/{municipality}/staff.csv", (*Server).municipalStaffCSV, false},
		{"GET", "/municipalities/{municipality}/staff.xlsx", (*Server).municipalStaffXLSX, false},
		{"GET", "/municipalities/{municipality}/plans", (*Server).plans, false},
		{"POST", "/municipalities/{municipality}/plans", (*Server).makeRollout, false},
		{"GET", "/municipalities/{municipality}/plans/new", (*Server).newRollout, false},
		{"GET", "/plans/{plan}", (*Server).rollout, false},
		{"GET", "/plans/{plan}/edit", (*Server).editRollout, false},
		{"POST", "/plans/{plan}/edit", (*Server).changeRollout, false},
		{"POST", "/plans/{plan}/end", (*Server).endRollout, false},
		{"GET", "/plans/{plan}/groups", (*Server).splitPlan, false},
		{"POST", "/plans/{plan}/groups", (*Server).makeGroups, false},
		{"GET", "/plans/{plan}/people", (*Server).planPeople, false},
		{"POST", "/plans/{plan}/people", (*Server).movePeople, false},
	}
	if s.Demo() {
		routes = append(routes,
			Route{"GET", "/demo", (*Server).picker, true},
			Route{"POST", "/demo", (*Server).pick, true},
		)
	}
	if s.Gallery {
		routes = append(routes, Route{"GET", "/dev/pages", (*Server).gallery, true})
	}
	return routes
}
