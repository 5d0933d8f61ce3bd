package booking

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const (
	requestsPerPage = 30
	mostAnswered    = 50
	mostNamed       = 8 // in a receipt; of more only the number is said
)

// weighed is a request with what a manager has to know about it.
type weighed struct {
	seat.Request
	advice    seat.Advice
	meanwhile []round.Meanwhile
	missing   []round.Missing
}

// weigh reads what there is to know about each of the requests.
func weigh(v *visit.Visit, all []seat.Request) ([]weighed, error) {
	ctx, q := v.Context(), v.Reader()
	ids, persons := make([]int64, len(all)), map[int64][]int64{}
	for i, r := range all {
		ids[i] = r.ID
		persons[r.RoundID] = append(persons[r.RoundID], r.PersonID)
	}
	missing, err := round.MissingWith(ctx, q, v.Viewer, ids)
	if err != nil {
		return nil, err
	}
	advice, meanwhile := map[int64]map[int64]seat.Advice{}, map[int64]map[int64][]round.Meanwhile{}
	weighs := make([]weighed, len(all))
	for i, r := range all {
		if _, read := advice[r.RoundID]; !read {
			if advice[r.RoundID], err = seat.AdviceFor(ctx, q, round.Round{ID: r.RoundID, CourseID: r.CourseID, StepID: r.StepID}, persons[r.RoundID], v.Today); err != nil {
				return nil, err
			}
			if meanwhile[r.RoundID], err = round.Meanwhiles(ctx, q, v.Viewer, r.RoundID, persons[r.RoundID]); err != nil {
				return nil, err
			}
		}
		weighs[i] = weighed{r, advice[r.RoundID][r.PersonID], meanwhile[r.RoundID][r.PersonID], missing[r.ID]}
	}
	return weighs, nil
}

// cautions are what speaks against a yes, or is good to know before it, in words.
func (r weighed) cautions(v *visit.Visit) (all []string) {
	if r.advice.Any() {
		all = append(all, adviceWords(v, r.advice))
	}
	if words := meanwhileWords(v, r.meanwhile); words != "" {
		all = append(all, v.T("signup.meanwhile_same", "Words", words))
	}
	for i := 0; i < len(r.missing); {
		var names []string
		day := r.missing[i].Day
		for ; i < len(r.missing) && r.missing[i].Day == day; i++ {
			name := r.missing[i].Name
			if r.missing[i].Leave {
				name += " (" + v.T("signup.missing_leave") + ")"
			}
			names = append(names, name)
		}
		all = append(all, v.T("signup.missing", "Day", v.Lang.ShortDay(day), "Names", listed(v, names)))
	}
	return all
}

// listed are names in a row, or how many there are when they are many.
func listed(v *visit.Visit, names []string) string {
	if len(names) > mostNamed {
		return v.T("signup.people_found", "Count", len(names))
	}
	return strings.Join(names, ", ")
}

func (r weighed) seats(v *visit.Visit) string {
	if r.Free <= 0 {
		return v.T("signup.request_full", "Count", r.Waiting)
	}
	return v.T("signup.request_free", "Count", r.Free)
}

// view is one request with its two answers.
func (r weighed) view(v *visit.Visit) templ.Component {
	field := "reason_" + visit.ID(r.ID)
	reason := ui.Field{Input: ui.TextareaInput, Name: field, Label: v.T("signup.refuse_reason"), Hint: v.T("signup.refuse_hint"), Value: v.Typed(field, ""), Error: v.Wrong(field)}
	facts := ui.Summary{
		{Term: v.T("people.name"), Slot: ui.LinkTo(r.Name, visit.PersonPath(r.PersonID))},
		{Term: v.T("signup.request_round"), Slot: ui.LinkTo(r.Label, visit.RoundPath(r.RoundID))},
		{Term: v.T("round.when"), Value: v.Lang.Days(r.FirstDay, r.LastDay)},
		{Term: v.T("round.seats"), Value: r.seats(v)},
		{Term: v.T("signup.asked"), Value: v.Lang.DayTime(r.JoinedAt)},
	}
	if words := r.cautions(v); len(words) > 0 {
		facts = append(facts, ui.Fact{Term: v.T("signup.people_note"), Slot: ui.Lines(words)})
	}
	return ui.Section("request-"+visit.ID(r.ID), v.T("signup.request", "Name", r.Name, "Course", r.Course),
		facts.View(v.Lang),
		ui.Choices(
			ui.Action{Label: v.T("signup.allow_do"), About: r.Name, Href: visit.EntryPath(r.ID, "approval"), Post: true}.View(v.Lang),
			ui.WithReason(v.Lang, ui.Confirm{
				ID: "refuse-" + visit.ID(r.ID), Opener: ui.Action{Label: v.T("signup.refuse_do"), About: r.Name}, Title: v.T("signup.refuse_title", "Name", r.Name), Text: v.T("signup.refuse_text"),
				Action: ui.Action{Label: v.T("signup.refuse_do"), Href: visit.EntryPath(r.ID, "refusal"), Kind: ui.Danger},
			}, reason, reason.Error != ""),
		))
}

// ManagerRequests are the sign-ups that wait for the visitor's word as a manager,
// and those that they have answered lately.
func ManagerRequests(v *visit.Visit) error {
	if access.Staff(v.Viewer).Empty() {
		return fault.Forbidden
	}
	all, err := seat.Requests(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	shown, pager := visit.Paged(v, all, requestsPerPage)
	waiting, err := weigh(v, shown)
	if err != nil {
		return err
	}
	answered, err := seat.AnsweredBy(v.Context(), v.Reader(), v.Viewer, v.Today, mostAnswered)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("signup.requests"), v.OfficeCrumbs(v.T("signup.requests"))...)
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("signup.requests"), Lead: v.T("signup.requests_lead")}.View(v.Lang),
	}
	if len(waiting) == 0 {
		parts = append(parts, ui.Empty{
			Picture: ui.PicturePeople, Title: v.T("signup.no_requests"), Text: v.T("signup.no_requests_help"),
			Action: &ui.Action{Label: v.T("staff.to_rounds"), Href: visit.RoundsPath, Kind: ui.Secondary},
		}.View(v.Lang))
	}
	if len(waiting) > 1 {
		parts = append(parts, several(v, waiting))
	}
	for _, r := range waiting {
		parts = append(parts, r.view(v))
	}
	if pager != nil {
		parts = append(parts, pager.View(v.Lang))
	}
	if len(answered) > 0 {
		parts = append(parts, answers(v, answered))
	}
	return v.Page(f, parts...)
}

// several is how more than one is allowed at once. Nobody is ticked from the start.
func several(v *visit.Visit, waiting []weighed) templ.Component {
	who := ui.Field{Input: ui.CheckInput, Name: "entry", Label: v.T("signup.allow_whom"), Values: v.PostForm["entry"], Error: v.Wrong("entry")}
	for _, r := range waiting {
		hint := append([]string{v.Lang.Days(r.FirstDay, r.LastDay) + ", " + r.seats(v) + "."}, r.cautions(v)...)
		who.Options = append(who.Options, ui.Option{Value: visit.ID(r.ID), Label: v.T("signup.request", "Name", r.Name, "Course", r.Course), Hint: strings.Join(hint, " ")})
	}
	form := ui.Form(visit.RequestsPath, v.T("signup.allow_several_do"), nil, who).View(v.Lang)
	if who.Error != "" {
		return ui.Section("several", v.T("signup.allow_several"), form)
	}
	return ui.Fold(v.T("signup.allow_several"), form)
}

// answers are what the visitor has answered lately, each with the way to take it
// back.
func answers(v *visit.Visit, answered []seat.Answered) templ.Component {
	t := ui.Table{
		ID: "answered", Caption: v.T("signup.answered"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("people.name")}, {Label: v.T("round.course")}, {Label: v.T("signup.answer")}, {Label: v.T("signup.undo"), Action: true}},
	}
	for _, a := range answered {
		course := ui.Link(a.Course, visit.RoundPath(a.RoundID))
		course.Note = a.Label
		undo := ui.Confirm{Opener: ui.Action{Label: v.T("signup.undo"), About: a.Name, Kind: ui.Secondary, Small: true}, ID: "undo-" + visit.ID(a.EntryID)}
		var answer, href string
		switch {
		case a.EnrolmentID != 0:
			answer, href = "seat", visit.SeatPath(a.EnrolmentID, "withdrawal")
		case a.Refused:
			answer, href = "no", visit.EntryPath(a.EntryID, "reconsideration")
		case a.Waits:
			answer, href = "line", visit.EntryPath(a.EntryID, "departure")
		default:
			answer = "left"
		}
		act := ui.Cell{Slot: templ.NopComponent}
		if href != "" {
			undo.Title, undo.Text = v.T("signup.undo_title_"+answer, "Name", a.Name), v.T("signup.undo_text_"+answer, "Name", a.Name, "Course", a.Course)
			undo.Action = ui.Action{Label: v.T("signup.undo_do_" + answer), Href: href, Post: true}
			act.Slot = undo.View(v.Lang)
		}
		said := ui.Text(v.T("signup.answer_" + answer))
		said.Note = v.Lang.DayTime(a.At)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(a.Name, visit.PersonPath(a.PersonID)), course, said, act}})
	}
	return ui.Section("answers", v.T("signup.answered"), t.View(v.Lang))
}

// answerRequest answers the entry in the address; the receipt names the person.
func answerRequest(v *visit.Visit, notice func() string, answer func(tx *db.Tx, id int64) error) error {
	id, err := v.ID("entry")
	if err != nil {
		return err
	}
	if err := answerEntry(v, id, answer); err != nil {
		return err
	}
	answered, err := seat.AnsweredBy(v.Context(), v.Reader(), v.Viewer, v.Today, mostAnswered)
	if err != nil {
		return err
	}
	name, course := v.T("signup.somebody"), v.T("signup.the_course")
	for _, a := range answered {
		if a.EntryID == id {
			name, course = a.Name, a.Course
		}
	}
	return v.Redirect(visit.RequestsPath, notice(), "Name", name, "Course", course)
}

func answerEntry(v *visit.Visit, id int64, answer func(tx *db.Tx, id int64) error) error {
	roundID, err := seat.OfEntry(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	return v.WriteRound(roundID, func(tx *db.Tx) error { return answer(tx, id) })
}

func AllowRequest(v *visit.Visit) error {
	var o seat.Outcome
	return answerRequest(v, func() string { return "notice.signup_allowed_" + string(o.Status) }, func(tx *db.Tx, id int64) (err error) {
		o, err = seat.Allow(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
}

// ReconsiderRequest says yes after a no.
func ReconsiderRequest(v *visit.Visit) error {
	var o seat.Outcome
	return answerRequest(v, func() string { return "notice.signup_allowed_" + string(o.Status) }, func(tx *db.Tx, id int64) (err error) {
		o, err = seat.Reconsider(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
}

func RefuseRequest(v *visit.Visit) error {
	return answerRequest(v, func() string { return "notice.signup_refused" }, func(tx *db.Tx, id int64) error {
		return seat.Refuse(v.Context(), tx, v.Viewer, id, v.FormValue("reason_"+visit.ID(id)), v.Now)
	})
}

// AllowRequests allows those of the requests that are ticked, each for itself, and
// says of each what came of it.
func AllowRequests(v *visit.Visit) error {
	if access.Staff(v.Viewer).Empty() {
		return fault.Forbidden
	}
	all, err := seat.Requests(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	ticked := v.Ticked("entry")
	if len(ticked) == 0 {
		return fault.Invalid("entry", "signup.nobody_chosen")
	}
	slices.SortFunc(ticked, cmp.Compare) // who asked first is allowed first
	names := map[string][]string{}
	for _, id := range ticked {
		name := v.T("signup.somebody")
		if i := slices.IndexFunc(all, func(r seat.Request) bool { return r.ID == id }); i >= 0 {
			name = all[i].Name
		}
		var o seat.Outcome
		err := answerEntry(v, id, func(tx *db.Tx, id int64) (err error) {
			o, err = seat.Allow(v.Context(), tx, v.Viewer, id, v.Now)
			return err
		})
		key := "signup.allowed_" + string(o.Status)
		if f := fault.Of(err); f != nil {
			key, name = "signup.allowed_not", name+" ("+v.T(f.Key, f.Args...)+")"
		} else if err != nil {
			return err
		}
		names[key] = append(names[key], name)
	}
	var words []string
	for _, key := range []string{"signup.allowed_" + string(seat.Enrolled), "signup.allowed_" + string(seat.Waiting), "signup.allowed_not"} {
		if len(names[key]) > 0 {
			words = append(words, v.T(key, "Names", listed(v, names[key])))
		}
	}
	return v.Redirect(visit.RequestsPath, "notice.signup_many", "Words", strings.Join(words, " "))
}
