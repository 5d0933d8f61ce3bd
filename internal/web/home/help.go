package home

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// topic is a question that the help answers: its messages are help.<name> and
// help.<name>_answer.
type topic struct {
	name  string
	roles string // whom it is for, by role; empty for everybody
	pages string // the pages that it is about, by the beginning of their patterns
}

func (t topic) question() string { return "help." + t.name }
func (t topic) answer() string   { return "help." + t.name + "_answer" }

func (t topic) isFor(role access.Role) bool {
	return t.roles == "" || slices.Contains(strings.Fields(t.roles), string(role))
}

// nearness is how much of the page's pattern the topic is about; 0 when it is about
// another page.
func (t topic) nearness(page string) int {
	most := 0
	for _, beginning := range strings.Fields(t.pages) {
		if beginning == page || strings.HasPrefix(page, strings.TrimSuffix(beginning, "/")+"/") {
			most = max(most, len(beginning))
		}
	}
	return most
}

// Whom topics are for, when they are for several.
const (
	learners  = "employee trainer"
	local     = "manager municipal_admin district_admin"
	arrangers = "regional producer national"
	offices   = local + " regional"
	figuring  = offices + " steering national_reader national producer operator"
)

// topics are the questions in their order.
var topics = []topic{
	{"sign_in", "", "/sign-in"},
	{"sign_out", "", "/sign-out /my/sessions"},
	{"tablet_code", "", "/tablet /my/tablet-code /my/sessions"},
	{"tablets", local, "/tablets"},
	{"my_courses", "", "/my/journey /{$}"},
	{"level_up", learners, "/my/journey/{account}/level-up"},
	{"certificates", "", "/certificates /completions /level-ups /my/journey"},
	{"take_course", learners, "/courses /my/journey"},
	{"reflections", learners, "/courses/{course}/tasks /my/evaluations"},
	{"setup", "regional operator", "/regions/{region}/setup"},
	{"history", "regional operator", "/regions/{region}/history /history"},
	{"sign_up", "", "/rounds /enrolments /courses/{course}/interests"},
	{"queue", "", "/rounds /queue"},
	{"requests", local, "/my/requests /my/staff /rounds/{round}/signup"},
	{"study_time", local + " regional steering", "/study-time /regions/{region}/study-time /municipalities/{municipality}/study-time"},
	{"my_study_time", learners, "/my/study-time"},
	{"projects", "municipal_admin regional", "/regions/{region}/learning-projects /learning-projects"},
	{"teaching", "", "/courses/{course}/teaching /my/teaching /trainer-wishes"},
	{"comings", "regional", "/regions/{region}/trainer-candidates /regions/{region}/trainer-comings /trainers/{trainer}/end"},
	{"trainers", "regional", "/days/{day}/trainers /regions/{region}/trainers /regions/{region}/trainer-meetings /trainer-meetings"},
	{"my_days", "trainer", "/my/days /my/absences"},
	{"attendance", "trainer " + offices, "/days/{day}/attendance"},
	{"together", "trainer " + offices, "/days/{day}/together /days/{day}/room"},
	{"check_in", "", "/check-in /days/{day}/screen"},
	{"offline", "trainer " + offices, "/days/{day}/attendance /offline"},
	{"phone", "", "/offline"},
	{"approval", "trainer regional", "/rounds/{round} /enrolments/{enrolment}/unapproval"},
	{"people", offices + " operator", "/people /municipalities/{municipality}"},
	{"planning", "regional", "/regions/{region}/plan /regions/{region}/deliveries /regions/{region}/rounds /regions/{region}/rooms /rooms /rounds/new /rounds/{round}/edit /rounds/{round}/copy /regions/{region}/demand"},
	{"files", offices + " operator", "/people /regions/{region}/pot /regions/{region}/trainers /regions/{region}/demand /regions/{region}/figures /figures"},
	{"staff_file", "municipal_admin regional operator", "/municipalities/{municipality}/imports /imports"},
	{"units", "municipal_admin regional operator", "/municipalities/{municipality}/units /units/{unit}"},
	{"districts", "municipal_admin district_admin regional operator", "/municipalities/{municipality}/districts /districts/{district}"},
	{"affiliation", "municipal_admin regional national steering", "/municipalities/{municipality}/affiliation /regions/{region}/affiliation /nation/affiliation"},
	{"groups", "municipal_admin regional steering", "/regions/{region}/groups"},
	{"coming", "", "/production"},
	{"launch", "municipal_admin regional producer national", "/plans/{plan} /regions/{region}/starts /workshop/{course}/launch"},
	{"edition_news", "regional", "/regions/{region}/news"},
	{"feedback", "", "/courses/{course}/feedback /my/wishes /workshop/{course}/feedback /feedback /wishes"},
	{"foundations", "producer national", "/foundations /foundation-changes"},
	{"coverage", offices, "/municipalities/{municipality}/courses /municipalities/{municipality}/staff"},
	{"rollout", "municipal_admin regional", "/municipalities/{municipality}/plans /plans"},
	{"occasions", offices, "/municipalities/{municipality}/rounds"},
	{"own_word", learners, "/days/{day}/own-word"},
	{"leave", offices, "/people/{person} /municipalities/{municipality}/staff"},
	{"needs", "", "/rounds/{round}/needs /rounds/{round}/catering"},
	{"letters", arrangers, "/rounds/{round}/letters"},
	{"calendar", learners, "/my/calendar"},
	{"material", "", "/material /courses/{course}/material"},
	{"pack", "trainer " + arrangers, "/editions /workshop/{course}/pack"},
	{"workshop", "producer national", "/workshop"},
	{"review", "", "/reviews /workshop/{course}/review /workshop/{course}/comments"},
	{"trial", "", "/courses/{course}/trial /courses/{course}/tasks/{task}/trial /workshop/{course}/trial"},
	{"retirement", "", "/workshop/{course}/retirement /workshop/{course}/editions"},
	{"figures", figuring, "/figures /regions/{region}/figures /regions/{region}/annual-report"},
	{"counts", figuring, "/regions/{region}/annual-report /regions/{region}/invoice-basis /regions/{region}/pot /municipalities/{municipality}/money /days/{day}/money"},
	{"pot", figuring, "/regions/{region}/pot /municipalities/{municipality}/money /days/{day}/money /regions/{region}/tariffs"},
	{"settlement", "regional steering", "/regions/{region}/invoice-basis"},
	{"corrections", "regional steering", "/regions/{region}/invoice-basis /days/{day}/money"},
	{"regions", "national", "/nation/regions /nation/people"},
	{"circulars", "national regional", "/nation/letters /letters"},
	{"national_tariffs", "national regional", "/nation/tariffs /regions/{region}/tariffs"},
	{"privacy", "", ""},
	{"contact", "", ""},
}

// Help answers the common questions in plain words: first the one that was looked for
// or those about the page that one comes from, then those for the office that one acts
// in, then the others.
func Help(v *visit.Visit) error {
	f := v.Frame(v.T("help.title"))
	f.Reading, f.Help = true, ""
	parts := []templ.Component{ui.PageHead{Title: v.T("help.title"), Lead: v.T("help.lead")}.View(v.Lang)}
	rest := slices.Clone(topics)
	take := func(wanted func(topic) bool) (taken []topic) {
		rest = slices.DeleteFunc(rest, func(t topic) bool {
			if wanted(t) {
				taken = append(taken, t)
				return true
			}
			return false
		})
		return taken
	}
	asked := take(func(t topic) bool { return t.name == v.FormValue("topic") })
	if page := v.FormValue("page"); len(asked) == 0 && page != "" {
		nearest := 0
		for _, t := range topics {
			nearest = max(nearest, t.nearness(page))
		}
		asked = take(func(t topic) bool { return nearest > 0 && t.nearness(page) == nearest })
	}
	for _, t := range asked {
		parts = append(parts, ui.Section(t.name, v.T(t.question()), ui.Paragraph(v.T(t.answer()))))
	}
	if v.SignedIn() {
		role := v.Office().Role
		own := take(func(t topic) bool { return t.isFor(role) })
		parts = append(parts, ui.Section("role", v.T("help.for_role", "Role", strings.ToLower(v.T(role.Key()))), folds(v, own)...))
	}
	if len(rest) > 0 {
		title := v.T("help.others")
		if !v.SignedIn() {
			title = v.T("help.all")
		}
		parts = append(parts, ui.Section("others", title, folds(v, rest)...))
	}
	return v.Page(f, parts...)
}

func folds(v *visit.Visit, topics []topic) []templ.Component {
	all := make([]templ.Component, len(topics))
	for i, t := range topics {
		all[i] = ui.Fold(v.T(t.question()), ui.Paragraph(v.T(t.answer())))
	}
	return all
}
