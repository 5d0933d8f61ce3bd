package web_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"yrkesresan/internal/web"
)

// onlyAgain are the addresses where only forms are sent, each with the page that
// shows its form again when it is refused. Such an address can be opened as any
// page, so it must show no more than the page does.
var onlyAgain = map[string]string{
	"/regions/{region}/rounds":                                      "/regions/{region}/rounds/new",
	"/rounds/{round}/publication":                                   "/rounds/{round}",
	"/rounds/{round}/confirmation":                                  "/rounds/{round}",
	"/rounds/{round}/cancellation":                                  "/rounds/{round}",
	"/rounds/{round}/approvals":                                     "/rounds/{round}",
	"/rounds/{round}/enrolments":                                    "/rounds/{round}",
	"/rounds/{round}/quotas":                                        "/rounds/{round}",
	"/rounds/{round}/quotas/{municipality}/release":                 "/rounds/{round}",
	"/rounds/{round}/letters/preview":                               "/rounds/{round}/letters",
	"/rounds/{round}/material-day":                                  "/rounds/{round}/letters",
	"/enrolments/{enrolment}/sender":                                "/enrolments/{enrolment}",
	"/my/page/employment":                                           "/my/page",
	"/municipalities/{municipality}/protected/guards":               "/municipalities/{municipality}/protected",
	"/municipalities/{municipality}/protected/guards/{guard}/end":   "/municipalities/{municipality}/protected",
	"/municipalities/{municipality}/protected/looks":                "/municipalities/{municipality}/protected",
	"/people/{person}/protection/end":                               "/people/{person}/protection",
	"/people/{person}/second-employment":                            "/people/{person}",
	"/municipalities/{municipality}/keepers":                        "/municipalities/{municipality}",
	"/municipalities/{municipality}/welcome":                        "/municipalities/{municipality}",
	"/days/{day}/trainers/payee":                                    "/days/{day}/trainers",
	"/enrolments/{enrolment}/withdrawal":                            "/enrolments/{enrolment}",
	"/enrolments/{enrolment}/replacement":                           "/enrolments/{enrolment}",
	"/enrolments/{enrolment}/move":                                  "/enrolments/{enrolment}",
	"/queue/{entry}/acceptance":                                     "/rounds/{round of the entry}",
	"/queue/{entry}/departure":                                      "/rounds/{round of the entry}",
	"/queue/{entry}/approval":                                       "/my/requests",
	"/queue/{entry}/refusal":                                        "/my/requests",
	"/municipalities/{municipality}/sign-up":                        "/municipalities/{municipality}",
	"/municipalities/{municipality}/imports/headings":               "/municipalities/{municipality}/imports",
	"/history/{history}/approval":                                   "/history/{history}",
	"/history/{history}/reversal":                                   "/history/{history}",
	"/history/{history}/continuation":                               "/history/{history}",
	"/history/{history}/removal":                                    "/history/{history}",
	"/trainer-wishes/{wish}/answer":                                 "/trainer-wishes",
	"/my/study-time/{time}/answer":                                  "/my/study-time",
	"/my/study-time/days/{day}/answer":                              "/my/study-time",
	"/courses/{course}/supplements/{change}":                        "/courses/{course}",
	"/foundations/{foundation}/look":                                "/foundations/{foundation}",
	"/foundations/{foundation}/changes":                             "/foundations/{foundation}",
	"/foundation-changes/{change}/{tasked}/supplement":              "/foundation-changes/{change}/{tasked}",
	"/reviews/{course}/verdict":                                     "/reviews/{course}",
	"/workshop/{course}/reviewers":                                  "/workshop/{course}/review",
	"/workshop/{course}/reviewers/{reviewer}/removal":               "/workshop/{course}/review",
	"/workshop/{course}/trial/people":                               "/workshop/{course}/trial",
	"/workshop/{course}/trial/people/{person}/removal":              "/workshop/{course}/trial",
	"/workshop/{course}/trial/removal":                              "/workshop/{course}/trial",
	"/courses/{course}/trial/removal":                               "/courses/{course}/trial",
	"/rounds/{round}/trial":                                         "/rounds/{round}",
	"/my/wishes/{wished}/removal":                                   "/my/wishes",
	"/plans/{plan}/meetings":                                        "/plans/{plan}",
	"/regions/{region}/groups/{group}/members/end":                  "/regions/{region}/groups/{group}/members",
	"/regions/{region}/groups/{group}/officers/end":                 "/regions/{region}/groups/{group}/officers",
	"/regions/{region}/setup/letter":                                "/regions/{region}/setup",
	"/imports/{import}/approval":                                    "/imports/{import}",
	"/imports/{import}/numbers":                                     "/imports/{import}",
	"/imports/{import}/decisions":                                   "/imports/{import}",
	"/imports/{import}/removal":                                     "/imports/{import}",
	"/imports/{import}/reversal":                                    "/imports/{import}",
	"/people/{person}/sign-in/letter":                               "/people/{person}/sign-in",
	"/people/{person}/sign-in/paper":                                "/people/{person}/sign-in",
	"/units/{unit}/district":                                        "/units/{unit}",
	"/units/{unit}/members":                                         "/units/{unit}",
	"/units/{unit}/name":                                            "/units/{unit}",
	"/units/{unit}/closing":                                         "/units/{unit}",
	"/units/{unit}/provider":                                        "/units/{unit}",
	"/municipalities/{municipality}/affiliation/joined":             "/municipalities/{municipality}/affiliation",
	"/municipalities/{municipality}/affiliation/names":              "/municipalities/{municipality}/affiliation",
	"/units/{unit}/reopening":                                       "/units/{unit}",
	"/days/{day}/together/tasks":                                    "/days/{day}/together",
	"/days/{day}/everybody":                                         "/rounds/{round}",
	"/days/{day}/own-word":                                          "/rounds/{round}",
	"/days/{day}/own-word/removal":                                  "/rounds/{round}",
	"/days/{day}/trainers/replacement":                              "/days/{day}/trainers",
	"/days/{day}/trainers/removal":                                  "/days/{day}/trainers",
	"/days/{day}/exemptions":                                        "/days/{day}/money",
	"/days/{day}/exemptions/removal":                                "/days/{day}/money",
	"/check-in/{day}":                                               "/check-in",
	"/my/days/{day}/answer":                                         "/my/days/{day}",
	"/my/absences":                                                  "/my/days",
	"/courses/{course}/tasks/{task}/progress":                       "/courses/{course}/tasks/{task}",
	"/trainers/{trainer}/readiness":                                 "/regions/{region of the trainer}/trainers",
	"/trainer-meetings/{meeting}/guests":                            "/trainer-meetings/{meeting}",
	"/trainer-meetings/{meeting}/answer":                            "/trainer-meetings/{meeting}",
	"/trainer-meetings/{meeting}/attendance":                        "/trainer-meetings/{meeting}",
	"/trainer-meetings/{meeting}/cancellation":                      "/trainer-meetings/{meeting}",
	"/workshop/{course}/tasks":                                      "/workshop/{course}/tasks/new",
	"/workshop/{course}/editions/{number}/reinstatement":            "/workshop/{course}/editions/{number}/withdrawal",
	"/workshop/{course}/retirement/removal":                         "/workshop/{course}/retirement",
	"/regions/{region}/settlements":                                 "/regions/{region}/invoice-basis",
	"/regions/{region}/corrections":                                 "/regions/{region}/invoice-basis",
	"/people/{person}/employments":                                  "/people/{person}",
	"/people/{person}/correction":                                   "/people/{person}",
	"/people/{person}/removal":                                      "/people/{person}",
	"/accounts/{account}/reopening":                                 "/people/{person}",
	"/people/{person}/departure":                                    "/people/{person}",
	"/people/{person}/accounts":                                     "/people/{person}",
	"/people/{person}/completions":                                  "/people/{person}",
	"/people/{person}/grants":                                       "/people/{person}",
	"/people/{person}/terms":                                        "/people/{person}",
	"/people/{person}/leave":                                        "/people/{person}",
	"/accounts/{account}/step":                                      "/people/{person}",
	"/accounts/{account}/roles":                                     "/people/{person}",
	"/accounts/{account}/closure":                                   "/people/{person}",
	"/completions/{completion}/revocation":                          "/people/{person}",
	"/rounds/{round}/letters/{letter}/resending":                    "/rounds/{round}/letters/{letter}",
	"/my/absences/{absence}/removal":                                "/my/days",
	"/trainer-meetings/{meeting}/resending":                         "/trainer-meetings/{meeting}",
	"/workshop/{course}/draft":                                      "/workshop/{course}",
	"/workshop/{course}/draft/removal":                              "/workshop/{course}",
	"/workshop/{course}/tasks/{task}/position":                      "/workshop/{course}",
	"/workshop/{course}/tasks/{task}/copy":                          "/workshop/{course}",
	"/workshop/{course}/tasks/{task}/removal":                       "/workshop/{course}",
	"/workshop/{course}/tasks/{task}/questions/{question}/position": "/workshop/{course}/tasks/{task}",
	"/workshop/{course}/tasks/{task}/questions/{question}/removal":  "/workshop/{course}/tasks/{task}",
	"/workshop/{course}/pack/{part}/{item}/position":                "/workshop/{course}/pack",
	"/workshop/{course}/pack/{part}/{item}/removal":                 "/workshop/{course}/pack",
	"/workshop/{course}/media/{name}/removal":                       "/workshop/{course}/media",
	"/municipalities/{municipality}/courses/{course}/reminders":     "/municipalities/{municipality}/courses/{course}",
	"/plans/{plan}/end":                                             "/plans/{plan}",
	"/my/calendar/{feed}/revocation":                                "/my/calendar",
	"/my/page/remarks":                                              "/my/page",
	"/remarks/{remark}/end":                                         "/people/{person of the remark}",
	"/leave/{leave}/end":                                            "/people/{person of the leave}",
	"/regions/{region}/tariffs/withdrawal":                          "/regions/{region}/tariffs",
	"/queue/{entry}/reconsideration":                                "/my/requests",
	"/grants/{grant}/end":                                           "/people/{person of the grant}",
	"/days/{day}/own-words":                                         "/rounds/{round}",
	"/rounds/{round}/deletion":                                      "/rounds/{round}",
	"/nation/people/{person}/grants":                                "/nation/people/{person}",
	"/nation/people/{person}/address":                               "/nation/people/{person}",
	"/nation/grants/{grant}/end":                                    "/nation/people/{person of the grant}",
	"/nation/regions/{region}/administrators":                       "/nation/regions/{region}",
	"/nation/letters/preview":                                       "/nation/letters",
	"/nation/letters/{circular}/resending":                          "/nation/letters/{circular}",
	"/nation/tariffs/withdrawal":                                    "/nation/tariffs",
	"/my/rounds/{round}/answer":                                     "/my/days",
	"/municipalities/{municipality}/sign-in/opening":                "/municipalities/{municipality}/sign-in",
	"/municipalities/{municipality}/sign-in/closing":                "/municipalities/{municipality}/sign-in",
	"/municipalities/{municipality}/sign-in/links/{person}/removal": "/municipalities/{municipality}/sign-in",
	"/my/page/support/{view}/consent":                               "/my/page/support",
	"/my/page/support/{view}/end":                                   "/my/page/support",
	"/support/{view}/end":                                           "/support",
}

func TestWhereAFormIsShownAgainNobodySeesMoreThanOnItsPage(t *testing.T) {
	s := newSite(t)
	pages, forms := map[string]bool{}, map[string]bool{}
	for _, r := range web.Routes(s.server) {
		switch {
		case r.Method == http.MethodGet:
			pages[r.Path] = true
		case r.ShowsAgain():
			forms[r.Path] = true
		}
	}
	maps.DeleteFunc(forms, func(path string, _ bool) bool { return pages[path] })
	for path := range forms {
		if onlyAgain[path] == "" {
			t.Errorf("%s can be opened: name the page that it shows", path)
		}
	}
	for path := range onlyAgain {
		if !forms[path] {
			t.Errorf("%s is a page of its own, or none", path)
		}
	}
	for _, role := range roles {
		places := placesOf(s, role.name)
		v := s.nobody()
		if role.email != "" {
			v = s.as(role.email)
		}
		shown := map[string]int{} // the status of each page
		for where, place := range places {
			if where == "-" {
				continue
			}
			place["round of the entry"] = s.text(`SELECT CAST(COALESCE(MIN(round_id), 0) AS TEXT) FROM queue_entry WHERE id = $1`, place["entry"])
			place["region of the trainer"] = s.text(`SELECT COALESCE(MIN(o.slug), '') FROM trainer AS t JOIN organisation AS o ON o.id = t.region_id WHERE t.id = $1`, place["trainer"])
			place["person of the leave"] = s.text(`SELECT CAST(COALESCE(MIN(person_id), 0) AS TEXT) FROM leave WHERE id = $1`, place["leave"])
			place["person of the remark"] = s.text(`SELECT CAST(COALESCE(MIN(person_id), 0) AS TEXT) FROM remark WHERE id = $1`, place["remark"])
			place["person of the grant"] = s.text(`SELECT CAST(COALESCE(MIN(person_id), 0) AS TEXT) FROM role_grant WHERE id = $1`, place["grant"])
			for form, page := range onlyAgain {
				form, page = place.fill(form), place.fill(page)
				if strings.Contains(form+page, "{") {
					t.Fatalf("%s and %s are not filled in", form, page)
				}
				if shown[page] == 0 {
					shown[page] = v.get(page).status
				}
				a := v.get(form)
				switch {
				case role.email == "" && (a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/sign-in")):
					t.Errorf("%s as nobody: status %d, to %q", form, a.status, a.location)
				case a.status == http.StatusOK && shown[page] != http.StatusOK:
					t.Errorf("%s as %s (%s) is shown; its page %s answers %d", form, role.name, where, page, shown[page])
				case a.status == http.StatusInternalServerError:
					t.Errorf("%s as %s (%s) fails", form, role.name, where)
				case a.status != shown[page] && a.status != http.StatusForbidden && a.status != http.StatusNotFound && a.status != http.StatusSeeOther:
					t.Errorf("%s as %s (%s): status %d, its page %d", form, role.name, where, a.status, shown[page])
				}
			}
		}
	}
}
