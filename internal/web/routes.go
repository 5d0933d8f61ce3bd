package web

import (
	"strings"

	"yrkesresan/internal/history"
	"yrkesresan/internal/sheet"

	"yrkesresan/internal/address"
	"yrkesresan/internal/api"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/catalogue"
	provider "yrkesresan/internal/federation"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/affiliation"
	"yrkesresan/internal/web/booking"
	"yrkesresan/internal/web/certificate"
	"yrkesresan/internal/web/entry"
	"yrkesresan/internal/web/federation"
	"yrkesresan/internal/web/figures"
	"yrkesresan/internal/web/finance"
	"yrkesresan/internal/web/groups"
	"yrkesresan/internal/web/handouts"
	webhistory "yrkesresan/internal/web/history"
	"yrkesresan/internal/web/home"
	"yrkesresan/internal/web/letters"
	"yrkesresan/internal/web/meals"
	"yrkesresan/internal/web/merging"
	"yrkesresan/internal/web/municipal"
	"yrkesresan/internal/web/nation"
	"yrkesresan/internal/web/newcourse"
	"yrkesresan/internal/web/persons"
	"yrkesresan/internal/web/plans"
	"yrkesresan/internal/web/privacy"
	"yrkesresan/internal/web/protection"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/review"
	"yrkesresan/internal/web/rollcall"
	"yrkesresan/internal/web/rounds"
	"yrkesresan/internal/web/scheduling"
	"yrkesresan/internal/web/setup"
	"yrkesresan/internal/web/signout"
	"yrkesresan/internal/web/staff"
	"yrkesresan/internal/web/stafffile"
	"yrkesresan/internal/web/study"
	"yrkesresan/internal/web/tablets"
	"yrkesresan/internal/web/together"
	"yrkesresan/internal/web/trainerpack"
	"yrkesresan/internal/web/trainers"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/waysin"
	"yrkesresan/internal/web/workshop"
)

// Routes is every page and form of the product. Each has its line in the table of
// expectations, testdata/access.txt. A form's line names what shows it again when it
// is refused, and what it may bring in files.
func Routes(s *visit.Server) []visit.Route {
	get, post := visit.Get, visit.Post
	const film = file.MaxFilm + 2*file.MaxCaptions // with what is said in it, in two languages
	routes := []visit.Route{
		// Ways in and out
		get("/sign-in", entry.SignIn).Open(),
		post("/sign-in", entry.RequestLink).Open().Again(entry.SignIn),
		get(visit.LinkSentPath, entry.LinkSent).Open(),
		post(visit.LinkSentPath, entry.UseCode).Open().Again(entry.LinkSent),
		get(identity.LinkPath, entry.OpenLink).Open(),
		post(identity.LinkPath, entry.UseLink).Open(),
		get(address.WorkSignIn, federation.Which).Open(),
		post(address.WorkSignIn, federation.Find).Open().Again(federation.Which),
		get(address.WorkSignIn+"/{municipality}", federation.Begin).Open(),
		get(address.WorkDone, federation.Done).Open(),
		get(address.OIDCAnswer+"/{municipality}", federation.AnswerOIDC).Open(),
		post(address.SAMLAnswer, federation.AnswerSAML).Open(),
		get(address.SAMLMetadata, federation.Metadata).Open(),
		get(address.SignedOut, signout.Page).Open(),
		get(address.WorkSignOut, signout.Ask).Open(),
		get(address.SAMLSignOut, signout.SAML).Open(),
		post(address.SAMLSignOut, signout.SAML).Open(),
		get(address.OIDCSignOut+"/{municipality}", signout.Back).Open(),
		post(address.OIDCSignOut+"/{municipality}", signout.Token).Open(),
		post(visit.LinkAgainPath, entry.AskAgain).Open(),
		get(visit.PaperPath, entry.Paper).Open(),
		post(visit.PaperPath, entry.UsePaper).Open().Again(entry.Paper),
		post(visit.PasskeyOfferPath, entry.OfferPasskey).Open(),
		post(visit.PasskeySignInPath, entry.UsePasskey).Open(),
		get(visit.ConfirmPath, entry.Confirm),
		post(visit.ConfirmPath, entry.AskConfirm),
		post("/session/role", entry.SwitchOffice),
		post("/session/end", entry.SignOut).Open(),
		get(visit.MyPagePath, home.MyPage),
		post(visit.MainEmploymentPath, home.ChooseMain).Again(home.MyPage),
		post(visit.RemarksPath, home.SayWrong).Again(home.MyPage).Lines("text"),
		get(visit.SessionsPath, entry.Sessions).Alone(),
		post("/my/sessions/{session}/end", entry.EndSession),
		post("/my/sessions/end", entry.EndSessions),
		get(visit.NewPasskeyPath, entry.NewPasskey).Fresh(),
		post(visit.NewPasskeyOfferPath, entry.OfferNewPasskey).Fresh(),
		post(visit.PasskeysPath, entry.AddPasskey).Fresh(),
		post("/my/passkeys/{passkey}/removal", entry.RemovePasskey).Fresh(),
		get(address.TabletSignIn, tablets.Who).Open(),
		get(address.TabletSignIn+"/{person}", tablets.Code).Open(),
		post(address.TabletSignIn+"/{person}", tablets.SignIn).Open().Again(tablets.Code),
		get(address.TabletCode, tablets.Own).Fresh(),
		post(address.TabletCode, tablets.Choose).Again(tablets.Own).Fresh(),
		post(address.TabletCodeGone, tablets.Drop).Fresh(),
		get(address.Tablets, tablets.Show),
		post(address.Tablets, tablets.Make).Again(tablets.Show).Fresh(),
		get(address.Tablets+"/{tablet}/removal", tablets.AskRemove),
		post(address.Tablets+"/{tablet}/removal", tablets.Remove),
		post("/language", entry.SetLanguage).Open(),

		// Everybody's
		get("/{$}", home.Start),
		get("/help", home.Help).Open(),
		get("/search", home.Search),

		// Rounds, their days and participants
		get("/rounds", rounds.List),
		get("/rounds/{round}", rounds.Show),
		get("/rounds/new", scheduling.New),
		post("/rounds", scheduling.Plan).Again(scheduling.New).Lines("note"),
		get("/rounds/{round}/edit", scheduling.Edit),
		post("/rounds/{round}/edit", scheduling.Change).Again(scheduling.Edit).Lines("note"),
		get("/rounds/{round}/copy", scheduling.Copy),
		post("/rounds/{round}/copy", scheduling.PlanCopy).Again(scheduling.Copy).Lines("note"),
		get("/rounds/{round}/catering", meals.Catering).Reads(audit.Needs),
		post("/rounds/{round}/catering", meals.SaveCatering).Again(meals.Catering).Reads(audit.Needs),
		get("/rounds/{round}/costs", rounds.Costs),
		post("/rounds/{round}/costs", rounds.SaveCosts).Again(rounds.Costs),
		get("/rounds/{round}/needs", meals.Needs),
		post("/rounds/{round}/needs", meals.TellNeeds).Again(meals.Needs).Lines("access"),
		get("/municipalities/{municipality}/rounds", rounds.Occasions),
		post("/municipalities/{municipality}/rounds", scheduling.PlanOccasion).Again(scheduling.NewOccasion).Lines("note").Choices(500),
		get("/municipalities/{municipality}/rounds/new", scheduling.NewOccasion),
		get("/regions/{region}/unadministered", municipal.Unadministered),
		get("/regions/{region}/setup", setup.Show),
		post("/regions/{region}/setup/letter", setup.SendLetter).Again(setup.Show),
		get("/regions/{region}/history", webhistory.Figures),
		get("/regions/{region}/history/imports", webhistory.List),
		post("/regions/{region}/history/imports", webhistory.Upload).Again(webhistory.List).Files(webhistory.MaxBytes),
		get("/regions/{region}/history/completions.csv", webhistory.Sample(history.Completions)),
		get("/regions/{region}/history/rounds.csv", webhistory.Sample(history.Rounds)),
		get("/regions/{region}/history/evaluations.csv", webhistory.Sample(history.Evaluations)),
		get("/history/{history}", webhistory.Show),
		post("/history/{history}/approval", webhistory.Approve).Again(webhistory.Show).Fresh(),
		post("/history/{history}/reversal", webhistory.Undo).Again(webhistory.Show).Fresh(),
		post("/history/{history}/continuation", webhistory.Continue).Again(webhistory.Show),
		post("/history/{history}/removal", webhistory.Remove).Again(webhistory.Show),
		get("/regions/{region}/affiliation", affiliation.Region),
		get("/municipalities/{municipality}/affiliation", affiliation.Municipality),
		post("/municipalities/{municipality}/affiliation/joined", affiliation.SayJoined).Again(affiliation.Municipality),
		post("/municipalities/{municipality}/affiliation/names", affiliation.SayNames).Again(affiliation.Municipality),
		get("/regions/{region}/groups", groups.List),
		post("/regions/{region}/groups", groups.Make).Again(groups.New).Lines("project"),
		get("/regions/{region}/groups/new", groups.New),
		get("/regions/{region}/groups/{group}", groups.Show),
		get("/regions/{region}/groups/{group}/edit", groups.Edit),
		post("/regions/{region}/groups/{group}/edit", groups.Change).Again(groups.Edit).Lines("project"),
		get("/regions/{region}/groups/{group}/members", groups.Members),
		post("/regions/{region}/groups/{group}/members", groups.Join).Again(groups.Members),
		post("/regions/{region}/groups/{group}/members/end", groups.Leave).Again(groups.Members),
		get("/regions/{region}/groups/{group}/officers", groups.Officers),
		post("/regions/{region}/groups/{group}/officers", groups.Give).Again(groups.Officers).Fresh(),
		post("/regions/{region}/groups/{group}/officers/end", groups.EndOffice).Again(groups.Officers).Fresh(),
		get("/regions/{region}/groups/{group}/plan", groups.Plan),
		get("/regions/{region}/groups/{group}/plan/{course}", groups.CoursePlan),
		post("/regions/{region}/groups/{group}/plan/{course}", groups.SetNeeds).Again(groups.CoursePlan),
		get("/regions/{region}/groups/{group}/shares", groups.Shares),
		post("/regions/{region}/groups/{group}/shares", groups.SetShares).Again(groups.Shares),
		get("/regions/{region}/groups/{group}/figures", groups.Figures),
		get("/regions/{region}/plan", scheduling.YearPlan),
		get("/regions/{region}/rounds/new", scheduling.New),
		post("/regions/{region}/rounds", scheduling.Plan).Again(scheduling.New).Lines("note"),
		get("/regions/{region}/deliveries", scheduling.Deliveries),
		post("/regions/{region}/deliveries", scheduling.Deliver).Again(scheduling.Deliveries),
		get("/regions/{region}/rooms", scheduling.Rooms),
		post("/regions/{region}/rooms", scheduling.AddRoom).Again(scheduling.Rooms),
		get("/rooms/{room}", scheduling.Room),
		post("/rooms/{room}", scheduling.ChangeRoom).Again(scheduling.Room),
		post("/rounds/{round}/publication", rounds.Publish).Again(rounds.Show),
		post("/rounds/{round}/confirmation", rounds.Confirm).Again(rounds.Show),
		post("/rounds/{round}/cancellation", rounds.Cancel).Again(rounds.Show).Lines("reason"),
		post("/rounds/{round}/deletion", rounds.Delete).Again(rounds.Show),
		post("/rounds/{round}/approvals", rounds.Approve).Again(rounds.Show).Choices(1000),
		get("/enrolments/{enrolment}/unapproval", rounds.AskUnapprove).Reads(audit.Seat),
		post("/enrolments/{enrolment}/unapproval", rounds.Unapprove).Again(rounds.AskUnapprove).Lines("reason").Reads(audit.Seat),

		// Sign-up: seats, the queue, the manager's word, seats set aside, wishes
		get("/rounds/{round}/signup", booking.SignupOthers),
		post("/rounds/{round}/enrolments", booking.Enrol).Again(rounds.EnrolAgain).Lines("access").Choices(500),
		post("/rounds/{round}/quotas", booking.SetAsideSeats).Again(rounds.Show),
		post("/rounds/{round}/quotas/{municipality}/release", booking.ReleaseSeats).Again(rounds.Show),
		get("/enrolments/{enrolment}", booking.Seat).Reads(audit.Seat),
		post("/enrolments/{enrolment}/sender", booking.SentBy).Again(booking.Seat).Reads(audit.Seat),
		post("/enrolments/{enrolment}/withdrawal", booking.WithdrawSeat).Again(booking.Seat).Reads(audit.Seat),
		post("/enrolments/{enrolment}/replacement", booking.ReplaceSeat).Again(booking.Seat).Reads(audit.Seat),
		post("/enrolments/{enrolment}/move", booking.MoveSeat).Again(booking.Seat).Reads(audit.Seat),
		post("/queue/{entry}/acceptance", booking.AcceptSeat).Again(rounds.RoundOfEntry),
		post("/queue/{entry}/departure", booking.LeaveQueue).Again(rounds.RoundOfEntry),
		post("/queue/{entry}/approval", booking.AllowRequest).Again(booking.ManagerRequests),
		post("/queue/{entry}/refusal", booking.RefuseRequest).Again(booking.ManagerRequests).Lines("reason_*"),
		post("/queue/{entry}/reconsideration", booking.ReconsiderRequest).Again(booking.ManagerRequests),
		get("/my/requests", booking.ManagerRequests),
		post("/my/requests", booking.AllowRequests).Again(booking.ManagerRequests),
		get("/courses/{course}/interests", booking.Wishes),
		post("/courses/{course}/interests", booking.WishCourse).Again(booking.Wishes).Choices(500),
		post("/interests/{interest}/removal", booking.UnwishCourse),
		get("/regions/{region}/demand", scheduling.Demand),
		post("/municipalities/{municipality}/welcome", municipal.SetWelcome).Again(municipal.Show),
		post("/municipalities/{municipality}/keepers", municipal.SetKeepers).Again(municipal.Show),
		post("/municipalities/{municipality}/sign-up", municipal.SetSignup).Again(municipal.Show),

		// Attendance
		get("/rounds/{round}/letters", letters.List),
		post("/rounds/{round}/letters", letters.Send).Again(letters.List).Lines("body"),
		post("/rounds/{round}/letters/preview", letters.Preview).Again(letters.LetterPreview).Lines("body"),
		get("/rounds/{round}/letters/{letter}", letters.Show),
		post("/rounds/{round}/letters/{letter}/resending", letters.SendAgain).Again(letters.Show),
		post("/rounds/{round}/material-day", letters.SetMaterialDay).Again(letters.List),
		get("/days/{day}/attendance", rollcall.List),
		post("/days/{day}/attendance", rollcall.Save).Again(rollcall.List),
		post("/days/{day}/everybody", rollcall.MarkEverybody).Again(rounds.RoundOfDay),
		post("/days/{day}/own-words", rollcall.ConfirmOwnWords).Again(rounds.RoundOfDay),
		post("/days/{day}/own-word", rollcall.SayOwnWord).Again(rounds.RoundOfDay),
		post("/days/{day}/own-word/removal", rollcall.TakeBackOwnWord).Again(rounds.RoundOfDay),
		get("/days/{day}/marks", rollcall.Marks),
		post("/days/{day}/marks", rollcall.SaveMarks).Open(),
		get("/days/{day}/paper", rollcall.Paper),
		get("/days/{day}/screen", rollcall.Screen).Alone(),
		get("/days/{day}/code.svg", rollcall.CodePicture).Alone(),
		get("/days/{day}/together", together.Screen).Alone(),
		post("/days/{day}/together", together.Move).Again(together.SteeredFrom),
		post("/days/{day}/together/tasks", together.Tasks).Again(together.SteeredFrom),
		get("/days/{day}/together/remote", together.Remote).Alone(),
		get("/days/{day}/together/state", together.HeldState).Alone(),
		get("/days/{day}/room", together.Room),
		get("/days/{day}/room/state", together.RoomState),
		get("/check-in", rollcall.CheckIn),
		post("/check-in", rollcall.CheckInTyped).Again(rollcall.CheckIn),
		get("/check-in/{day}/{code}", rollcall.Scan).Open(),
		post("/check-in/{day}", rollcall.CheckInScanned).Again(rollcall.ScanRefused),

		// One's own
		get(visit.MyJourneyPath, study.MyJourney),
		get("/my/courses", study.OldCourses),
		get(visit.OfflinePath, study.Offline),
		get(visit.MyJourneyPath+"/{account}/level-up", study.LevelUp),
		post(visit.MyJourneyPath+"/{account}/level-up", study.AnswerGate).Again(study.LevelUp).Lines("text"),

		// Certificates: whoever holds one can check it
		get("/certificates", certificate.Check).Open(),
		get("/certificates/{code}", certificate.Show).Open(),
		get("/certificates/{code}/"+certificate.PDF, certificate.File).Open(),
		get("/completions/{completion}/certificate", certificate.OfCourse).Reads(audit.Certificate),
		get("/level-ups/{levelup}/certificate", certificate.OfStep).Reads(audit.Certificate),

		get("/my/evaluations/{course}", study.Evaluation),
		post("/my/evaluations/{course}", study.Evaluate).Again(study.Evaluation).Lines("text"),
		get("/my/days", trainers.MyDays),
		get("/my/days/{day}", trainers.MyDay),
		post("/my/days/{day}/answer", trainers.AnswerDay).Again(trainers.MyDay),
		post("/my/rounds/{round}/answer", trainers.AnswerRound).Again(trainers.MyDays),
		get("/my/days/confirmation", trainers.MyConfirmation),
		post("/my/absences", trainers.AddAbsence).Again(trainers.MyDays),
		post("/my/absences/{absence}/removal", trainers.RemoveAbsence).Again(trainers.MyDays),

		// A course as its learners take it
		get("/courses/{course}", study.CoursePage),
		get("/courses/{course}/tasks/{task}", study.TaskPage),
		post("/courses/{course}/tasks/{task}/progress", study.SaveProgress).Open().Again(study.TaskPage).Lines("answer", "q*"),

		// Trainers: teams, who holds which day, meetings
		get("/regions/{region}/trainers", trainers.Team).Reads(audit.Team),
		post("/regions/{region}/trainers", trainers.Recruit).Again(trainers.Team).Reads(audit.Team),
		post("/trainers/{trainer}/readiness", trainers.ReadyTrainer).Again(trainers.TeamOfTrainer).Reads(audit.Team),
		get("/rounds/{round}/trainers", trainers.Asking),
		post("/rounds/{round}/trainers", trainers.AskForDays).Again(trainers.Asking).Choices(1000),
		get("/days/{day}/trainers", trainers.Staffing),
		post("/days/{day}/trainers", trainers.AskTrainer).Again(trainers.Staffing),
		post("/days/{day}/trainers/replacement", trainers.ReplaceTrainer).Again(trainers.Staffing),
		post("/days/{day}/trainers/payee", trainers.PayEmployer).Again(trainers.Staffing),
		post("/days/{day}/trainers/removal", trainers.RemoveTrainer).Again(trainers.Staffing),
		get("/regions/{region}/trainer-meetings", trainers.Meetings),
		post("/regions/{region}/trainer-meetings", trainers.PlanMeeting).Again(trainers.Meetings).Lines("agenda"),
		get("/trainer-meetings/{meeting}", trainers.Meeting),
		get("/trainer-meetings/{meeting}/plan", trainers.MeetingForm),
		post("/trainer-meetings/{meeting}/plan", trainers.ReplanMeeting).Again(trainers.MeetingForm).Lines("agenda"),
		post("/trainer-meetings/{meeting}/guests", trainers.InviteToMeeting).Again(trainers.Meeting),
		post("/trainer-meetings/{meeting}/resending", trainers.SendMeetingAgain).Again(trainers.Meeting),
		post("/trainer-meetings/{meeting}/answer", trainers.AnswerMeeting).Again(trainers.Meeting),
		post("/trainer-meetings/{meeting}/attendance", trainers.MarkMeeting).Again(trainers.Meeting).Choices(500),
		post("/trainer-meetings/{meeting}/cancellation", trainers.CancelMeeting).Again(trainers.Meeting),
		get("/people/{person}/trainer-days", trainers.TrainerDays).Reads(audit.TrainerDays),

		get("/my/calendar", trainers.MyCalendar),
		post("/my/calendar", trainers.MakeCalendar).Again(trainers.MyCalendar),
		post("/my/calendar/{feed}/revocation", trainers.RevokeCalendar).Again(trainers.MyCalendar),
		get("/calendar/{feed}", trainers.ReadCalendar).Open(),

		// The workshop, in which courses are written, and what is read of an edition
		get("/workshop", workshop.List),
		post("/workshop", newcourse.Make).Again(newcourse.Form),
		get("/workshop/new", newcourse.Form),
		get(visit.WorkshopImportPath, newcourse.ImportForm),
		post(visit.WorkshopImportPath, newcourse.Import).Again(newcourse.ImportForm).Files(catalogue.MaxArchive),
		get("/workshop/{course}", workshop.Course),
		post("/workshop/{course}/draft", workshop.StartDraft).Again(workshop.Course),
		post("/workshop/{course}/draft/removal", workshop.DropDraft).Again(workshop.Course),
		get("/workshop/{course}/about", workshop.DraftAbout),
		post("/workshop/{course}/about", workshop.SaveDraftAbout).Again(workshop.DraftAbout).Lines("about.*"),
		get("/workshop/{course}/tasks/new", workshop.NewTask),
		post(visit.WorkshopNewTaskPath, workshop.AddTask).Again(workshop.NewTask).Files(film).Lines("text.*", "transcript.*"),
		get(visit.WorkshopTaskPath, workshop.DraftTask),
		post(visit.WorkshopTaskPath, workshop.SaveDraftTask).Again(workshop.DraftTask).Files(film).Lines("text.*", "transcript.*"),
		post("/workshop/{course}/tasks/{task}/position", workshop.MoveTask).Again(workshop.Course),
		post("/workshop/{course}/tasks/{task}/copy", workshop.CopyTask).Again(workshop.Course),
		post("/workshop/{course}/tasks/{task}/removal", workshop.RemoveTask).Again(workshop.Course),
		get("/workshop/{course}/tasks/{task}/questions/{question}", workshop.DraftQuestion),
		post("/workshop/{course}/tasks/{task}/questions/{question}", workshop.SaveDraftQuestion).Again(workshop.DraftQuestion).Lines("text.*", "model_answer.*", "explanation.*"),
		post("/workshop/{course}/tasks/{task}/questions/{question}/position", workshop.MoveQuestion).Again(workshop.DraftTask),
		post("/workshop/{course}/tasks/{task}/questions/{question}/removal", workshop.RemoveQuestion).Again(workshop.DraftTask),
		get("/workshop/{course}/pack", workshop.DraftPack),
		get(visit.WorkshopPackItemPath, workshop.DraftPackItem),
		post(visit.WorkshopPackItemPath, workshop.SavePackItem).Again(workshop.DraftPackItem).Files(film).Lines("text.*", "notes.*", "transcript.*", "screen.*"),
		post("/workshop/{course}/pack/{part}/{item}/position", workshop.MovePackItem).Again(workshop.DraftPack),
		post("/workshop/{course}/pack/{part}/{item}/removal", workshop.RemovePackItem).Again(workshop.DraftPack),
		get(visit.WorkshopMediaPath, workshop.DraftFiles),
		post(visit.WorkshopMediaPath, workshop.AddDraftFile).Again(workshop.DraftFiles).Files(file.MaxFilm),
		get("/workshop/{course}/media/{name}", workshop.DraftMedia),
		post("/workshop/{course}/media/{name}/removal", workshop.RemoveDraftFile).Again(workshop.DraftFiles),
		get("/workshop/{course}/translation", workshop.DraftTranslation),
		get("/workshop/{course}/preview", workshop.Preview),
		get("/workshop/{course}/preview/{task}", workshop.PreviewTask),
		get("/workshop/{course}/preview-pack", workshop.PreviewPack),
		get("/workshop/{course}/publication", workshop.Publication),
		post("/workshop/{course}/publication", workshop.Publish).Again(workshop.Publication).Lines("changes.*", "reason"),
		get("/workshop/{course}/review", review.Manage),
		post("/workshop/{course}/reviewers", review.Ask).Again(review.Manage),
		post("/workshop/{course}/reviewers/{reviewer}/removal", review.End).Again(review.Manage),
		get("/workshop/{course}/comments/{comment}", review.Comment),
		post("/workshop/{course}/comments/{comment}", review.Settle).Again(review.Comment).Lines("answer"),
		get(address.Reviews, review.Mine),
		get(address.Reviews+"/{course}", review.Read),
		get(address.Reviews+"/{course}/media/{name}", review.Media),
		get(address.Reviews+"/{course}/places/{place}", review.Place),
		post(address.Reviews+"/{course}/places/{place}", review.Say).Again(review.Place).Lines("text"),
		post(address.Reviews+"/{course}/verdict", review.Decide).Again(review.Read).Lines("note"),
		get("/workshop/{course}/course.zip", newcourse.ExportDraft),
		get("/workshop/{course}/editions/{number}", workshop.FrozenEdition),
		get("/workshop/{course}/editions/{number}/tasks/{task}", workshop.FrozenTask),
		get("/workshop/{course}/editions/{number}/course.zip", newcourse.ExportEdition),
		get("/workshop/{course}/editions/{number}/withdrawal", retirement.Edition),
		post("/workshop/{course}/editions/{number}/withdrawal", retirement.Withdraw).Again(retirement.Edition).Lines("reason"),
		post("/workshop/{course}/editions/{number}/reinstatement", retirement.Reinstate).Again(retirement.Edition),
		get("/workshop/{course}/retirement", retirement.Course),
		post("/workshop/{course}/retirement", retirement.Retire).Again(retirement.Course).Lines("reason"),
		post("/workshop/{course}/retirement/removal", retirement.TakeUp).Again(retirement.Course),
		get("/editions/{edition}/media/{name}", study.EditionMedia),
		get("/editions/{edition}/pack", trainerpack.Show),

		// Material of courses
		get("/material", handouts.All),
		get("/material/{material}", handouts.Open),
		post("/material/{material}/removal", handouts.Remove),
		post("/material/{material}/return", handouts.Return),
		post("/material/{material}/up", handouts.Raise),
		get(visit.UploadPath, handouts.OfCourse),
		post(visit.UploadPath, handouts.Add).Again(handouts.OfCourse).Files(file.MaxFilm),

		// Money
		get("/regions/{region}/pot", finance.Pot),
		get("/regions/{region}/invoice-basis", finance.InvoiceBasis),
		get("/regions/{region}/invoice-basis.csv", finance.InvoiceBasisCSV),
		post("/regions/{region}/settlements", finance.Settle).Again(finance.InvoiceBasis),
		post("/regions/{region}/corrections", finance.Correct).Again(finance.InvoiceBasis).Lines("reason"),
		get("/regions/{region}/tariffs", finance.Tariffs),
		post("/regions/{region}/tariffs", finance.AddTariff).Again(finance.Tariffs).Lines("reason"),
		post("/regions/{region}/tariffs/withdrawal", finance.WithdrawTariff).Again(finance.Tariffs).Lines("reason"),
		get(address.NationTariffs, finance.Tariffs),
		post(address.NationTariffs, finance.AddTariff).Again(finance.Tariffs).Lines("reason"),
		post("/nation/tariffs/withdrawal", finance.WithdrawTariff).Again(finance.Tariffs).Lines("reason"),
		get("/municipalities/{municipality}/money", finance.MunicipalityMoney),
		get("/days/{day}/money", finance.DayMoney),
		post("/days/{day}/exemptions", finance.Exempt).Again(finance.DayMoney),
		post("/days/{day}/exemptions/removal", finance.Unexempt).Again(finance.DayMoney),

		// Figures
		get("/figures", figures.National),
		get("/regions/{region}/figures", figures.Regional),
		get("/regions/{region}/annual-report", figures.AnnualReport),
		get("/regions/{region}/annual-report.xlsx", figures.AnnualReportXLSX),
		get("/regions/{region}/annual-report.json", figures.AnnualReportJSON),
		get("/regions/{region}/annual-report.txt", figures.AnnualReportText),

		// People, staff, municipalities
		get("/people", persons.List),
		post("/people", persons.Add).Again(persons.New),
		get("/people/new", persons.New),
		get("/people/{person}", persons.Show).Reads(audit.Person),
		post("/people/{person}/employments", persons.Employ).Again(persons.WithForm(persons.MoveForm)).Reads(audit.Person),
		post("/people/{person}/second-employment", persons.EmployToo).Again(persons.WithForm(persons.TooForm)).Reads(audit.Person),
		post("/people/{person}/departure", persons.Leave).Again(persons.WithForm(persons.LeaveForm)).Reads(audit.Person),
		post("/people/{person}/correction", persons.Correct).Again(persons.WithForm(persons.NameForm)).Reads(audit.Person).Fresh(),
		post("/people/{person}/removal", persons.Remove).Again(persons.WithForm(persons.RemoveForm)).Reads(audit.Person),
		post("/people/{person}/accounts", persons.OpenAccount).Again(persons.WithForm(persons.OpenForm)).Reads(audit.Person),
		post("/people/{person}/completions", persons.CompleteCourse).Again(persons.WithForm(persons.CompletionForm)).Reads(audit.Person),
		post("/people/{person}/sessions/end", persons.EndSessions),
		get(visit.SignInsPath, waysin.Find),
		get("/people/{person}/sign-in", waysin.Show).Reads(audit.Sessions),
		post("/people/{person}/sign-in/letter", waysin.SendLetter).Again(waysin.Show).Reads(audit.Sessions),
		post("/people/{person}/sign-in/paper", waysin.MakePaper).Again(waysin.Show).Fresh().Reads(audit.Sessions),
		post("/people/{person}/passkeys/{passkey}/removal", waysin.RemovePasskey).Fresh().Reads(audit.Sessions),
		post("/remarks/{remark}/end", persons.FinishRemark).Again(persons.WithForm("")).Reads(audit.Person),
		post("/people/{person}/grants", persons.GrantRole).Again(persons.WithForm(persons.GrantForm)).Reads(audit.Person).Fresh(),
		post("/accounts/{account}/step", persons.SetStep).Again(persons.WithForm(persons.StepForm)).Reads(audit.Person),
		post("/accounts/{account}/roles", persons.SetRoles).Again(persons.WithForm(persons.RolesForm)).Reads(audit.Person),
		post("/accounts/{account}/closure", persons.CloseAccount).Again(persons.WithForm(persons.CloseForm)).Reads(audit.Person),
		post("/accounts/{account}/reopening", persons.ReopenAccount).Again(persons.WithForm(persons.ReopenForm)).Reads(audit.Person),
		post("/completions/{completion}/revocation", persons.RevokeCompletion).Again(persons.WithForm(persons.RevokeForm)).Reads(audit.Person),
		post("/grants/{grant}/end", persons.EndGrant).Again(persons.WithForm(persons.EndForm)).Reads(audit.Person).Fresh(),
		get("/people/{person}/access", privacy.Sights).Reads(audit.Sight),
		get("/municipalities/{municipality}/protected", protection.Show),
		post("/municipalities/{municipality}/protected/guards", protection.Name).Again(protection.Show).Fresh(),
		post("/municipalities/{municipality}/protected/guards/{guard}/end", protection.EndGuard).Again(protection.Show).Fresh(),
		post("/municipalities/{municipality}/protected/looks", protection.Look).Again(protection.Show).Fresh(),
		post("/municipalities/{municipality}/protected/looks/end", protection.Close),
		get("/people/{person}/protection", protection.Person).Reads(audit.Protected),
		post("/people/{person}/protection", protection.Mark).Again(protection.Person).Fresh().Reads(audit.Protected),
		post("/people/{person}/protection/end", protection.Unmark).Again(protection.Person).Fresh().Reads(audit.Protected),
		get("/people/{person}/erasure", privacy.Erasure).Reads(audit.Erasure),
		post("/people/{person}/erasure", privacy.Erase).Again(privacy.Erasure).Reads(audit.Erasure),
		get("/people/{person}/merger", merging.Ask).Reads(audit.Merger),
		post("/people/{person}/merger", merging.Merge).Again(merging.Ask).Reads(audit.Merger).Fresh(),
		get("/people/{person}/split", merging.AskSplit).Reads(audit.Merger),
		post("/people/{person}/split", merging.Split).Again(merging.AskSplit).Reads(audit.Merger).Fresh(),
		get("/people/{person}/support", privacy.AskForm).Reads(audit.Support),
		post("/people/{person}/support", privacy.Ask).Again(privacy.AskForm).Reads(audit.Support),

		// What is kept of oneself, who sees it, and whoever helps
		get(visit.MyLogPath, privacy.Log),
		get(visit.MySightPath, privacy.MySights),
		get(visit.MyDataPath, privacy.MyData).Alone(),
		get(visit.MyDataPath+".json", privacy.MyDataFile).Alone(),
		get(visit.MySupportPath, privacy.MySupport),
		post(visit.MySupportPath+"/{view}/consent", privacy.Consent).Again(privacy.MySupport),
		post(visit.MySupportPath+"/{view}/end", privacy.EndMine).Again(privacy.MySupport),
		get(visit.SupportPath, privacy.Asked),
		post(visit.SupportPath+"/{view}/entry", privacy.Enter),
		post(visit.SupportPath+"/{view}/end", privacy.Withdraw).Again(privacy.Asked),
		post(visit.LeaveSupportPath, privacy.Leave),
		get(visit.AuditPath, privacy.AuditOf),
		get(visit.AuditPath+".json", privacy.AuditFile),
		get("/municipalities/{municipality}/audit", privacy.AuditOf),
		get("/municipalities/{municipality}/audit.json", privacy.AuditFile),
		get(visit.RetentionPath, privacy.Retention),
		get("/my/staff", staff.Show),
		get("/my/staff.csv", staff.CSV).Reads(audit.Person),
		post("/people/{person}/terms", persons.SetTerms).Again(persons.WithForm(persons.TermsForm)).Reads(audit.Person),
		post("/people/{person}/leave", persons.TellLeave).Again(persons.WithForm(persons.AwayForm)).Reads(audit.Person),
		post("/leave/{leave}/end", persons.EndLeave).Again(persons.WithForm("")).Reads(audit.Person),
		get("/my/staff.xlsx", staff.XLSX).Reads(audit.Person),

		// The nation: who holds an office, the regions, letters to them
		get(address.Officers, nation.People),
		post(address.Officers, nation.Add).Again(nation.New).Fresh(),
		get(address.NewOfficer, nation.New),
		get("/nation/people/{person}", nation.Person).Reads(audit.Person),
		post("/nation/people/{person}/grants", nation.Give).Again(nation.Person).Reads(audit.Person).Fresh(),
		post("/nation/people/{person}/address", nation.Readdress).Again(nation.Person).Reads(audit.Person).Fresh(),
		post("/nation/grants/{grant}/end", nation.End).Again(nation.PersonOfGrant).Reads(audit.Person).Fresh(),
		get(address.NationRegions, nation.Regions),
		get("/nation/regions/{region}", nation.Region),
		get(address.NationAffiliation, affiliation.Nation),
		post("/nation/regions/{region}/administrators", nation.AddAdministrator).Again(nation.Region).Fresh(),
		get(address.NationLetters, nation.Letters),
		post(address.NationLetters, nation.Send).Again(nation.Letters).Lines("body"),
		post("/nation/letters/preview", nation.Preview).Again(nation.LetterPreview).Lines("body"),
		get("/nation/letters/{circular}", nation.Letter),
		post("/nation/letters/{circular}/resending", nation.SendAgain).Again(nation.Letter),
		get(address.Circulars, nation.Inbox),
		get("/letters/{circular}", nation.Read),

		get("/tokens", entry.Tokens).Alone(),
		post("/tokens", entry.MakeToken).Again(entry.Tokens).Fresh(),
		get("/tokens/{token}/revocation", entry.AskRevokeToken).Fresh(),
		post("/tokens/{token}/revocation", entry.RevokeToken).Fresh(),
		get(api.Docs, home.APIDocs).Open(),
		get("/municipalities/{municipality}", municipal.Show),
		get("/municipalities/{municipality}/summary", municipal.Summary),
		get("/municipalities/{municipality}/sign-in", federation.SetUp),
		post("/municipalities/{municipality}/sign-in", federation.Save).Again(federation.SetUp).Lines("domains", "signers").Files(provider.MostMetadata),
		get("/municipalities/{municipality}/sign-in/trial", federation.Try),
		post("/municipalities/{municipality}/sign-in/opening", federation.Open).Again(federation.SetUp),
		post("/municipalities/{municipality}/sign-in/closing", federation.Close).Again(federation.SetUp),
		post("/municipalities/{municipality}/sign-in/links/{person}/removal", federation.Unlink).Again(federation.SetUp).Reads(audit.Sessions),
		get("/municipalities/{municipality}/imports", stafffile.List),
		post("/municipalities/{municipality}/imports", stafffile.Upload).Again(stafffile.List).Files(sheet.MaxBytes),
		get("/municipalities/{municipality}/imports/sample.csv", stafffile.Sample),
		post("/municipalities/{municipality}/imports/headings", stafffile.Mean).Again(stafffile.List),
		get("/imports/{import}", stafffile.Show),
		post("/imports/{import}/approval", stafffile.Approve).Again(stafffile.Show).Fresh(),
		post("/imports/{import}/numbers", stafffile.Link).Again(stafffile.Show).Fresh(),
		post("/imports/{import}/decisions", stafffile.Decide).Again(stafffile.Show).Fresh(),
		post("/imports/{import}/removal", stafffile.Remove).Again(stafffile.Show),
		get("/imports/{import}/undo", stafffile.AskUndo),
		post("/imports/{import}/reversal", stafffile.Undo).Again(stafffile.Show).Fresh(),
		get("/municipalities/{municipality}/units", municipal.Units),
		post("/municipalities/{municipality}/units", municipal.AddUnit).Again(municipal.Units),
		get("/municipalities/{municipality}/districts", municipal.Districts),
		post("/municipalities/{municipality}/districts", municipal.AddDistrict).Again(municipal.Districts),
		get("/districts/{district}", municipal.District),
		get("/units/{unit}", municipal.Unit),
		post("/units/{unit}/district", municipal.SetDistrict).Again(municipal.Unit),
		post("/units/{unit}/members", municipal.PutUnits).Again(municipal.Unit).Choices(1000),
		post("/units/{unit}/name", municipal.RenameUnit).Again(municipal.Unit),
		post("/units/{unit}/provider", municipal.SetProvider).Again(municipal.Unit),
		post("/units/{unit}/closing", municipal.CloseUnit).Again(municipal.Unit),
		post("/units/{unit}/reopening", municipal.ReopenUnit).Again(municipal.Unit),

		// How far a municipality has come with its courses, and its plans for them
		get("/municipalities/{municipality}/courses", municipal.Coverage),
		get("/municipalities/{municipality}/courses/{course}", municipal.Course),
		post("/municipalities/{municipality}/courses/{course}/reminders", municipal.RemindCourse).Again(municipal.Course),
		get("/municipalities/{municipality}/staff", municipal.Staff),
		get("/municipalities/{municipality}/staff.csv", municipal.StaffCSV).Reads(audit.Person),
		get("/municipalities/{municipality}/staff.xlsx", municipal.StaffXLSX).Reads(audit.Person),
		get("/municipalities/{municipality}/plans", plans.List),
		post("/municipalities/{municipality}/plans", plans.Make).Again(plans.New),
		get("/municipalities/{municipality}/plans/new", plans.New),
		get("/plans/{plan}", plans.Show),
		get("/plans/{plan}/edit", plans.Edit),
		post("/plans/{plan}/edit", plans.Change).Again(plans.Edit),
		post("/plans/{plan}/end", plans.End).Again(plans.Show),
		get("/plans/{plan}/groups", plans.Split),
		post("/plans/{plan}/groups", plans.MakeGroups).Again(plans.Split),
		get("/plans/{plan}/people", plans.People),
		post("/plans/{plan}/people", plans.MovePeople).Again(plans.People).Choices(500),
	}
	routes = append(routes, courseRoutes()...)
	// Tables that one can take out: a page's own handler makes the file, so it shows what the page does.
	for _, page := range []struct {
		path string
		do   visit.Handler
	}{
		{visit.AuditPath, privacy.AuditOf},
		{"/municipalities/{municipality}/audit", privacy.AuditOf},
		{"/regions/{region}/demand", scheduling.Demand},
		{"/regions/{region}/pot", finance.Pot},
		{"/regions/{region}/figures", figures.Regional},
		{"/figures", figures.National},
		{address.Officers, nation.People},
		{address.NationRegions, nation.Regions},
		{address.NationAffiliation, affiliation.Nation},
		{"/regions/{region}/affiliation", affiliation.Region},
		{"/regions/{region}/groups", groups.List},
		{"/regions/{region}/groups/{group}/plan", groups.Plan},
		{"/regions/{region}/groups/{group}/shares", groups.Shares},
		{"/regions/{region}/groups/{group}/figures", groups.Figures},
		{"/municipalities/{municipality}/figures", municipal.Show},
		{"/municipalities/{municipality}/units", municipal.Units},
		{"/municipalities/{municipality}/districts", municipal.Districts},
		{"/districts/{district}/figures", municipal.District},
		{"/imports/{import}/rows", stafffile.Show},
		{"/regions/{region}/history", webhistory.Figures},
		{"/history/{history}/rows", webhistory.Show},
	} {
		for _, kind := range visit.FileKinds {
			routes = append(routes, visit.File(page.path, kind, page.do))
		}
	}
	for _, kind := range visit.FileKinds { // people in a file, each of whom can read who took it out
		routes = append(routes, visit.File("/regions/{region}/trainers", kind, trainers.Team).Reads(audit.Team),
			visit.File("/people", kind, persons.List).Reads(audit.Person),
			visit.File("/rounds/{round}/participants", kind, rounds.Show).Reads(audit.Seat))
	}
	routes = append(routes, working()...)
	if s.Demo() {
		routes = append(routes,
			get("/demo", entry.Picker).Open(),
			post("/demo", entry.Pick).Open(),
		)
	}
	if s.Gallery {
		routes = append(routes, get("/dev/pages", entry.Gallery).Open())
	}
	for i, r := range routes { // who was merged leads to who remains
		if strings.Contains(r.Path, "{person}") {
			routes[i] = r.Through(merging.Forward)
		}
	}
	return routes
}
