package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const aTrainer = "utbildare@example.org"

// askedDay is the day for which the trainer of the demo is asked.
func (s *site) askedDay() string {
	s.t.Helper()
	return strconv.FormatInt(s.id(`SELECT d.id FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id
		JOIN person AS p ON p.id = t.person_id WHERE p.email = $1 AND t.asked_at IS NOT NULL AND t.answer IS NULL`, aTrainer), 10)
}

func (s *site) personID(email string) string {
	s.t.Helper()
	return strconv.FormatInt(s.id(`SELECT id FROM person WHERE email = $1`, email), 10)
}

func TestATrainerAnswersOnTheirOwnPage(t *testing.T) {
	s := newSite(t)
	me, region := s.as(aTrainer), s.as(regional)
	day := s.askedDay()
	me.get("/").says(t, 200, "Du är tillfrågad som utbildare på Utsatthet", "Läs mer och svara")
	elsewhere := s.as(aTrainer)
	elsewhere.post("/session/role", url.Values{"role": {"employee"}}).leads(t, "/")
	elsewhere.get("/").says(t, 200, "Du är tillfrågad som utbildare på Utsatthet") // in whatever office one acts
	me.get("/my/days").says(t, 200, "Frågor att svara på", "Tacka ja", "Tacka nej", "Utbildarträff inför nästa termin", "Ledig vecka", "Del av en heltid")
	me.get("/my/days/"+day).says(t, 200, "Kan du vara utbildare den här dagen?", "Ni som håller dagen", "@example.org")
	me.get("/my/days/"+day).says(t, 200, "Deltagare</dt><dd>14</dd>")
	// Until then the number is enough: names are for those who hold the day.
	somebody := s.text(`SELECT MIN(TRIM(p.given_name || ' ' || p.family_name)) FROM enrolment AS n JOIN person AS p ON p.id = n.person_id
		JOIN course_day AS d ON d.round_id = n.round_id WHERE n.withdrawn_at IS NULL AND d.id = ` + day)
	for _, page := range []string{"/my/days/" + day, "/rounds/" + strconv.FormatInt(s.id(`SELECT round_id FROM course_day WHERE id = `+day), 10)} {
		if strings.Contains(me.get(page).body, somebody) {
			t.Errorf("%s: who is only asked reads the name of %s", page, somebody)
		}
	}
	me.get("/days/"+day+"/attendance").says(t, 404)
	region.get("/days/"+day+"/trainers").says(t, 200, "Tillfrågad")

	me.post("/my/days/"+day+"/answer", url.Values{"answer": {"maybe"}}).says(t, 422, "Svara ja eller nej.")
	me.post("/my/days/"+day+"/answer", url.Values{"answer": {"declined"}, "note": {strings.Repeat("å", 501)}}).says(t, 422, "ååå")
	me.post("/my/days/"+day+"/answer", url.Values{"answer": {"declined"}, "note": {"Jag har en förhandling."}}).leads(t, "/my/days")
	me.get("/my/days").says(t, 200, "Du har tackat nej till Utsatthet", "Har tackat nej")
	if a := me.get("/my/days/" + day); strings.Contains(a.body, "14 deltagare") || !strings.Contains(readable(a.body), "Ändra ditt svar") {
		t.Error("who declined sees the participants, or cannot come back")
	}
	region.get("/days/"+day+"/trainers").says(t, 200, "Har tackat nej", "Jag har en förhandling.")
	me.post("/my/days/"+day+"/answer", url.Values{"answer": {"accepted"}}).leads(t, "/my/days")
	region.get("/days/"+day+"/trainers").says(t, 200, "Har tackat ja")
	me.get("/my/days/"+day).says(t, 200, "14 deltagare", "Specialkost i kursomgången", somebody)
	me.post("/my/absences", url.Values{"from_day": {s.text(`SELECT day FROM course_day WHERE id = ` + day)}}).leads(t, "/my/days")
	region.get("/days/"+day+"/trainers").says(t, 200, "Den dagen: kan inte")
}

func TestADaysTeamIsMended(t *testing.T) {
	s := newSite(t)
	region := s.as(regional)
	round, day := s.id(`SELECT d.round_id FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id WHERE t.answer = 'declined'`),
		s.id(`SELECT t.course_day_id FROM day_trainer AS t WHERE t.answer = 'declined'`)
	path := "/days/" + strconv.FormatInt(day, 10) + "/trainers"
	region.get("/").says(t, 200, "En utbildare har tackat nej till Samtal och delaktighet", path)
	region.get("/rounds/"+strconv.FormatInt(round, 10)).says(t, 200, "saknar utbildare", "har tackat nej.", "Ordna utbildare", path)
	region.get(path).says(t, 200, "En kursdag behöver minst två utbildare.", "Jag har redan bokat en annan utbildning den dagen.", "Fråga en utbildare", "redo, Ledig")

	other := strconv.FormatInt(s.id(`SELECT MIN(t.person_id) FROM trainer AS t JOIN organisation AS o ON o.id = t.region_id WHERE o.slug = 'dalarna'
		AND t.person_id NOT IN (SELECT person_id FROM day_trainer WHERE course_day_id = $1)`, day), 10)
	region.post(path, url.Values{"role": {"trainer"}}).says(t, 422, "Välj någon som är med i ett utbildarteam.")
	region.post(path, url.Values{"person": {s.personID(municipal)}, "role": {"trainer"}}).says(t, 422, "Välj någon som är med i ett utbildarteam.")
	region.post(path, url.Values{"person": {other}, "role": {"trainer"}}).leads(t, path)
	region.post(path, url.Values{"person": {other}, "role": {"trainer"}}).says(t, 409, "Personen är redan tillfrågad för kursdagen.")
	if a := region.get("/"); strings.Contains(a.body, "En utbildare har tackat nej") {
		t.Error("it is still to be mended")
	}

	lead := strconv.FormatInt(s.id(`SELECT person_id FROM day_trainer WHERE course_day_id = $1 AND role = 'lead_trainer'`, day), 10)
	region.get(path+"?replace="+lead).says(t, 200, "Vem håller dagen i stället?")
	third := strconv.FormatInt(s.id(`SELECT MAX(t.person_id) FROM trainer AS t JOIN organisation AS o ON o.id = t.region_id WHERE o.slug = 'dalarna'
		AND t.person_id NOT IN (SELECT person_id FROM day_trainer WHERE course_day_id = $1)`, day), 10)
	region.post(path+"/replacement", url.Values{"replace": {lead}}).says(t, 422, "Skriv varför.", "Välj någon som är med i ett utbildarteam.")
	region.post(path+"/replacement", url.Values{"replace": {lead}, "person": {third}}).says(t, 422, "Vem håller dagen i stället?", `value="`+third+`" selected`)
	region.post(path+"/replacement", url.Values{"replace": {lead}, "person": {third}, "reason": {"Sjuk"}, "agreed": {"on"}}).leads(t, path)
	region.get("/rounds/"+strconv.FormatInt(round, 10)).says(t, 200, "Utbildare togs bort", "Sjuk")
	region.post(path+"/removal", url.Values{"person": {other}}).leads(t, path)
	region.get(path).says(t, 200, "saknar utbildare")
}

func TestATrainerSaysWhenTheyCannotAndIsShownAsNotFree(t *testing.T) {
	s := newSite(t)
	me, region := s.as(aTrainer), s.as(regional)
	me.post("/my/absences", url.Values{"from_day": {"2027-02-10"}, "to_day": {"2027-02-01"}, "note": {"Fjällen"}}).
		says(t, 422, "Sista dagen måste vara samma dag som den första eller en senare.", `value="2027-02-01"`, `value="Fjällen"`)
	me.post("/my/absences", url.Values{"from_day": {"2027-02-10"}}).leads(t, "/my/days")
	me.get("/my/days").says(t, 200, "10 februari 2027")
	name := strings.Join(strings.Fields(region.get("/regions/dalarna/trainers?day=2027-02-10").body), " ")
	if !strings.Contains(name, "kan inte") || !strings.Contains(name, "Ledig") {
		t.Error("nobody is away, or nobody is free")
	}
	if strings.Contains(name, "Fjällen") {
		t.Error("the administrator reads the note")
	}
	id := s.id(`SELECT MAX(id) FROM trainer_absence`)
	me.post("/my/absences/"+strconv.FormatInt(id, 10)+"/removal", nil).leads(t, "/my/days")
}

func TestATeamIsKeptOnItsPage(t *testing.T) {
	s := newSite(t)
	region := s.as(regional)
	path := "/regions/dalarna/trainers"
	region.get(path).says(t, 200, "Utbildare i Dalarna", "Redo att utbilda", "Rekryterad", "Del av en heltid", "hösten 2026", "Se dagar",
		"/people/"+s.personID(aTrainer)+"/trainer-days?year=2026")
	region.get(path+"?q=Zzz").says(t, 200, "Ingen i regionen heter ”Zzz”")
	person := s.employed("falun")
	family := url.QueryEscape(s.text(`SELECT family_name FROM person WHERE id = $1`, person))
	region.get(path+"?q="+family).says(t, 200, "Lägg till i teamet", "Välj kurs")
	region.post(path, url.Values{"q": {"A"}, "on": {"x"}}).says(t, 422, "Sök och välj en person.", "Välj en kurs.")
	form := url.Values{"person": {strconv.FormatInt(person, 10)}, "course": {s.course("bas-1")}, "on": {"2026-11-20"}}
	region.post(path, form).leads(t, path)
	form.Set("q", "A")
	region.post(path, form).says(t, 422, "Personen är redan med i utbildarteamet.")
	member := strconv.FormatInt(s.id(`SELECT id FROM trainer WHERE person_id = $1`, person), 10)
	region.post("/trainers/"+member+"/readiness", url.Values{"on": {"2026-11-01"}}).says(t, 422, "Personen var inte med i utbildarteamet den dagen.")
	region.post("/trainers/"+member+"/readiness", url.Values{"on": {"2026-11-23"}}).leads(t, path)
	region.post("/trainers/"+member+"/end", url.Values{"on": {"2026-11-23"}}).says(t, 422, "Välj den viktigaste orsaken.")
	region.post("/trainers/"+member+"/end", url.Values{"on": {"2026-11-23"}, "reason": {"other"}}).says(t, 422, "Skriv några ord om orsaken.")
	region.post("/trainers/"+member+"/end", url.Values{"on": {"2026-11-23"}, "reason": {"time"}}).leads(t, path)
	region.get(path+"?only="+s.course("bas-1")).says(t, 200, "till 23 november 2026. Hinner inte", "/trainers/"+member+"/end")
	region.get("/trainers/"+member+"/end").says(t, 200, "Ändra varför utbildaren slutar", `value="time" checked`, `value="2026-11-23"`)
	region.post("/trainers/"+member+"/end", url.Values{"on": {"2026-11-23"}, "reason": {"other"}, "word": {"Börjar studera"}}).leads(t, path)
	region.get(path+"?only="+s.course("bas-1")).says(t, 200, "till 23 november 2026. Något annat: Börjar studera")
	if read := s.id(`SELECT COUNT(*) FROM audit_entry WHERE act = 'read' AND kind = 'team' AND subject_id = $1`, person); read == 0 {
		t.Error("who reads why somebody ended is not written")
	}
	file := region.get(path + ".csv?only=" + s.course("bas-1")).body
	if !strings.Contains(file, "Något annat") || strings.Contains(file, "studera") {
		t.Error("the file has the words of their own, or not the reason")
	}

	// Who has ended stands among those, also of one course.
	s.change(`UPDATE trainer SET ready_on = NULL, ended_on = $2 WHERE id = $1`, member, demoNow.Day()-1)
	region.post("/trainers/"+member+"/end", url.Values{"on": {(demoNow.Day() - 1).String()}, "reason": {"time"}}).leads(t, path+"?ended=1")
	ended := region.get(path + "?ended=1&only=" + s.course("bas-1"))
	ended.says(t, 200, "/trainers/"+member+"/end")
	if strings.Contains(ended.body, "/readiness") {
		t.Error("who has not ended stands among those who have")
	}

	foreign := strconv.FormatInt(s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN organisation AS r ON r.id = e.region_id WHERE r.slug = 'gavleborg' AND e.to_day IS NULL`), 10)
	region.post(path, url.Values{"person": {foreign}, "course": {s.course("bas-1")}, "on": {"2026-11-20"}}).says(t, 422, "Sök och välj en person.")
}

func TestATrainerMeetingOnItsPages(t *testing.T) {
	s := newSite(t)
	me, region := s.as(aTrainer), s.as(regional)
	path := "/regions/dalarna/trainer-meetings"
	region.get(path).says(t, 200, "Utbildarträff inför nästa termin", "Genomförd", "Kommande", "Planera en träff")
	region.post(path, url.Values{"title": {"Träff"}, "day": {"2026-11-23"}, "starts": {"09:00"}, "ends": {"08:00"}}).
		says(t, 422, "Sluttiden måste vara efter starttiden samma dag.", "Ange en plats eller en länk.", "Välj vilka som ska bjudas in", `value="Träff"`)
	region.post(path, url.Values{
		"title": {"Extra träff"}, "day": {"2026-11-23"}, "starts": {"15:00"}, "ends": {"16:00"}, "link": {"https://example.org/mote"},
		"agenda": {"Första punkten\nAndra punkten"}, "courses": {s.course("handlaggning-med-barnet-i-centrum")},
	}).leads(t, path)
	meeting := "/trainer-meetings/" + strconv.FormatInt(s.id(`SELECT MAX(id) FROM trainer_meeting`), 10)
	me.get("/").says(t, 200, "Du är inbjuden till Extra träff")
	if a := me.get(meeting); a.status != 200 || strings.Contains(a.body, "Var där") {
		t.Errorf("a guest sees status %d or the others", a.status)
	}
	me.get(meeting).says(t, 200, "Andra punkten", "https://example.org/mote", "Kommer du?", "Har inte svarat")
	me.post(meeting+"/answer", url.Values{"answer": {"accepted"}}).leads(t, meeting)
	me.get(meeting).says(t, 200, "Kommer")
	region.get(meeting).says(t, 200, "1 kommer och 0 kommer inte", "Spara närvaron")
	region.post(meeting+"/guests", url.Values{}).says(t, 422, "Välj vilka som ska bjudas in")
	region.post(meeting+"/guests", url.Values{"courses": {s.course("samtal-och-delaktighet")}}).leads(t, meeting)
	if n := s.id(`SELECT COUNT(*) FROM trainer_meeting_letter WHERE meeting_id = $1 AND person_id = $2 AND kind = 'meeting_invited'`, meeting[len("/trainer-meetings/"):], s.personID(aTrainer)); n != 1 {
		t.Errorf("the trainer got %d invitations", n)
	}
	region.get(meeting).says(t, 200, "Brev om träffen", "Inbjudan: Extra träff", "Väntar på att skickas", "Ändra träffen")
	region.get(meeting+"/plan").says(t, 200, `value="Extra träff"`, `value="15:00"`)
	plan := url.Values{"title": {"Extra träff"}, "day": {"2026-11-23"}, "starts": {"15:00"}, "ends": {"14:00"}, "place": {"Sal Runn"}}
	region.post(meeting+"/plan", plan).says(t, 422, "Sluttiden måste vara efter starttiden samma dag.", `value="Sal Runn"`)
	plan.Set("ends", "17:00")
	region.post(meeting+"/plan", plan).leads(t, meeting)
	region.get(meeting).says(t, 200, "Ändrat: Extra träff", "Sal Runn", "0 kommer och 0 kommer inte")
	me.get("/").says(t, 200, "Du är inbjuden till Extra träff") // asked again
	region.post(meeting+"/attendance", url.Values{"came": {s.personID(aTrainer)}}).leads(t, meeting)
	me.get("/my/days/confirmation").says(t, 200, "Extra träff")
	region.post(meeting+"/cancellation", nil).leads(t, meeting)
	me.post(meeting+"/answer", url.Values{"answer": {"declined"}}).says(t, 409, "Träffen är över eller inställd.")
}

func TestTheConfirmationIsForThePersonAndTheirManagers(t *testing.T) {
	s := newSite(t)
	me, region := s.as(aTrainer), s.as(regional)
	me.get("/my/days/confirmation?year=2025").says(t, 200, "Dagar som utbildare 2025", "Genomförda kursdagar", "Timmar", "Arbetsgivare: Borlänge")
	region.get("/people/"+s.personID(aTrainer)+"/trainer-days").says(t, 200, "7 kursdagar som inte är genomförda", "Tillfrågad")
	me.get("/my/days/confirmation?year=2019").says(t, 200, "Inga kursdagar 2019")
	id := s.personID(aTrainer)
	path := "/people/" + id + "/trainer-days"
	region.get("/people/"+id).says(t, 200, "Dagar som utbildare", path)
	region.get(path+"?year=2025").says(t, 200, "Dagar som utbildare 2025")
	s.as(municipal).get(path).says(t, 200, "Dagar som utbildare 2026") // of Borlänge, too
	for _, other := range []string{manager, "medarbetare@example.org", "styrgrupp@example.org"} {
		if a := s.as(other).get(path); a.status != 404 {
			t.Errorf("%s: status %d", other, a.status)
		}
	}
}

// text is one text that a query finds.
func (s *site) text(query string, args ...any) string {
	s.t.Helper()
	var text string
	if err := s.db.Reader().QueryRowContext(s.t.Context(), query, args...).Scan(&text); err != nil {
		s.t.Fatalf("%v\n%s", err, query)
	}
	return text
}

func TestAllDaysAreAskedForOnOnePage(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	v.post("/regions/dalarna/rounds?course=samtal-och-delaktighet", filled(t, v)).wants(t, http.StatusSeeOther)
	id := s.id(`SELECT MAX(id) FROM round`)
	path := fmt.Sprintf("/rounds/%d", id)
	days := s.ids(`SELECT id FROM course_day WHERE round_id = $1 ORDER BY ordinal`, id)
	who := s.id(`SELECT MIN(person_id) FROM day_trainer WHERE person_id IN (SELECT t.person_id FROM trainer AS t JOIN course AS c ON c.id = t.course_id
		WHERE t.region_id = 20 AND c.slug = 'samtal-och-delaktighet' AND t.ended_on IS NULL)`)
	v.get(path).wants(t, http.StatusOK, path+"/trainers")
	page := v.get(path + "/trainers")
	page.wants(t, http.StatusOK, "Ingen håller kursdagarna än", fmt.Sprintf(`value="%d-%d"`, days[0], who))
	page.lacks(t, "Går själv")

	// Whoever has a seat elsewhere at the same hours: it stands beside the tick.
	v.post("/regions/dalarna/rounds?course=samtal-och-delaktighet", filled(t, v)).wants(t, http.StatusSeeOther)
	s.change(`INSERT INTO enrolment (round_id, person_id, enrolled_at) SELECT MAX(id), $1, 0 FROM round`, who)
	v.get(path+"/trainers").wants(t, http.StatusOK, "Går själv Samtal")

	none := v.post(path+"/trainers", url.Values{"role." + fmt.Sprint(who): {"lead_trainer"}})
	none.shows(t, http.StatusUnprocessableEntity, "Kryssa i vem du vill fråga")
	asked := v.post(path+"/trainers", url.Values{
		"ask": {fmt.Sprintf("%d-%d", days[0], who), fmt.Sprintf("%d-%d", days[1], who)}, "role." + fmt.Sprint(who): {"lead_trainer"},
	})
	asked.wants(t, http.StatusSeeOther)
	v.get(asked.location).wants(t, http.StatusOK, "2 frågor är ställda", "Tillfrågad")

	trainer := s.as(s.text(`SELECT email FROM person WHERE id = $1`, who))
	trainer.get("/my/days").wants(t, http.StatusOK, "2 dagar väntar på ditt svar", "Tacka ja till alla")
	yes := trainer.post(fmt.Sprintf("/my/rounds/%d/answer", id), url.Values{"answer": {"accepted"}})
	yes.wants(t, http.StatusSeeOther)
	trainer.get(yes.location).wants(t, http.StatusOK, "Du har tackat ja till 2 dagar.")
	if got := s.id(`SELECT COUNT(*) FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id WHERE d.round_id = $1 AND t.answer = 'accepted'`, id); got != 2 {
		t.Errorf("%d days are accepted", got)
	}
	v.get(path+"/trainers").wants(t, http.StatusOK, "Har tackat ja")
}
