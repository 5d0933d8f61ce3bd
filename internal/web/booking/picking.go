package booking

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/standing"
)

// picking is a choice among those whom the visitor leads or administers.
type picking struct {
	*visit.Visit
	address ui.Address
	filter  people.Filter
	rows    []people.ListRow
	total   int
	search  ui.Filter
	facts   learning.Facts
	course  int64
	ticks   bool             // whoever is to be signed up is chosen from the start
	others  []people.ListRow // ticked on another page of the list, or in another choice of it
}

// turn is the page that a button of the form leads to; what is ticked goes along.
const turn = "turn"

const (
	pickedPerPage = 50
	// mostTicked is how many may be ticked at once; the routes of the forms say so, too.
	// All who are ticked on arrival stand on one page.
	mostTicked = 500
)

// pick reads those of the region, or of all when it is 0, whom the address
// narrows down to: those who lack the course unless it says otherwise. One is not
// among those whom one leads, and so only then.
func pick(v *visit.Visit, path string, courseID, regionID int64) (*picking, error) {
	c := &picking{Visit: v, course: courseID, filter: people.Filter{
		RegionID: regionID, JourneyID: v.NumberID("journey"), UnitID: v.NumberID("unit"), MunicipalityID: v.NumberID("municipality"), Name: strings.TrimSpace(v.FormValue("q")),
		Letter: v.FormValue("letter"), Page: max(1, v.Number(turn, v.Number("page", 1))), PerPage: pickedPerPage,
	}}
	shown := v.FormValue("lacks")
	lacks := shown != "0" && shown != withAccount
	if c.ticks = v.FormValue("tick") == "1" && lacks; c.ticks {
		c.filter.PerPage = mostTicked
	}
	switch {
	case lacks:
		c.filter.Also = learning.LacksSQL(courseID, v.Today).Add("AND e.person_id <> ?", v.Viewer.PersonID)
	case shown == withAccount:
		c.filter.AccountForID = courseID
	}
	// After a refused try the address is that of the form.
	c.address = ui.Address{Path: path, Query: map[string][]string{}}
	for _, name := range []string{"q", "lacks", "municipality", "unit", "letter", "journey", "tick"} {
		c.address.Query.Set(name, v.FormValue(name))
	}
	var err error
	if c.rows, c.total, err = people.List(v.Context(), v.Reader(), v.Viewer, c.filter, v.Today); err != nil {
		return nil, err
	}
	if !people.More(c.total, c.filter.Page, c.filter.PerPage) {
		c.filter.Page = ui.LastPage(c.filter.Page, c.total, c.filter.PerPage)
	}
	if c.others, err = c.elsewhere(regionID); err != nil {
		return nil, err
	}
	if len(c.rows) > 0 {
		in, ids := db.In("e.person_id", c.ids())
		if c.facts, err = learning.FactsOf(v.Context(), v.Reader(), learning.Reading{Where: in, Args: ids, CourseID: courseID}, v.Today); err != nil {
			return nil, err
		}
	}
	c.search = ui.Filter{
		Label: v.T("signup.people_filter"), Action: path, Result: c.found(lacks),
		Fields: []ui.Field{{Name: "q", Label: v.T("signup.people_name"), Value: c.filter.Name}},
	}
	municipalities, err := v.MunicipalitiesToSee()
	if err != nil {
		return nil, err
	}
	municipality := c.filter.MunicipalityID
	if len(municipalities) > 1 {
		c.search.Fields = append(c.search.Fields, ui.Field{
			Input: ui.SelectInput, Name: "municipality", Label: v.T("people.municipality"), Value: visit.IDOrNone(municipality), Options: visit.PlaceOptions(v.T("people.all"), municipalities),
		})
	} else if len(municipalities) == 1 {
		municipality = municipalities[0].ID
	}
	units, err := v.UnitsToSee(municipality)
	if err != nil {
		return nil, err
	}
	if len(units) > 0 {
		c.search.Fields = append(c.search.Fields, ui.Field{
			Input: ui.SelectInput, Name: "unit", Label: v.T("people.unit"), Value: visit.IDOrNone(c.filter.UnitID), Options: visit.PlaceOptions(v.T("people.all"), units),
		})
	}
	c.search.Fields = append(c.search.Fields, ui.Field{
		Input: ui.SelectInput, Name: "lacks", Label: v.T("signup.people_show"), Value: v.FormValue("lacks"), Options: []ui.Option{
			{Value: "", Label: v.T("signup.people_lacking")}, {Value: withAccount, Label: v.T("signup.people_with_account")}, {Value: "0", Label: v.T("signup.people_all")},
		},
	}, v.LetterField(c.filter.Letter))
	if c.filter.Name != "" || !lacks || c.filter.Letter != "" || c.filter.UnitID+c.filter.MunicipalityID+c.filter.JourneyID != 0 {
		c.search.Clear = path
	}
	return c, nil
}

// withAccount shows those with an account in a journey of the course, be it
// completed or not.
const withAccount = "account"

// elsewhere are those who are ticked and not on this page.
func (c *picking) elsewhere(regionID int64) ([]people.ListRow, error) {
	here := c.ids()
	var ids []int64
	for _, value := range c.Form["person"] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil && !slices.Contains(here, id) && len(ids) < mostTicked {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	in, args := db.In("e.person_id", ids)
	var among db.Builder
	among.Add(in, args...)
	rows, _, err := people.List(c.Context(), c.Reader(), c.Viewer, people.Filter{RegionID: regionID, Also: &among, PerPage: mostTicked}, c.Today)
	return rows, err
}

// form is the choice as a whole: what narrows the list, the list, who is ticked
// though not in it, and the button.
func (c *picking) form(action, button string, t ui.Table, locked map[int64]string, after ...templ.Component) templ.Component {
	c.others = slices.DeleteFunc(c.others, func(r people.ListRow) bool { return locked[r.ID] != "" })
	if len(t.Rows)+len(c.others) == 0 {
		button, after = "", nil
	}
	return around(action, button, append([]templ.Component{
		carried(c.hidden()), narrowing(c), landing(ui.FieldID("person"), t.View(c.Lang)), tickedElsewhere(c),
	}, after...)...)
}

// found says how many there are; of those who lack the course also how many of
// them are booked or wait, when all are on the page.
func (c *picking) found(lacks bool) string {
	if people.More(c.total, c.filter.Page, c.filter.PerPage) {
		return c.T("people.many", "Most", c.total-1)
	}
	if !lacks {
		return c.T("signup.people_found", "Count", c.total)
	}
	l := learning.Lacking{}
	for _, r := range c.rows {
		l.Count(c.facts.Stand(r.ID, c.course, true))
	}
	if l.All < c.total {
		l = learning.Lacking{All: c.total}
	}
	words := c.T("signup.people_lack", "Count", l.All)
	if of := standing.LackWords(c.Visit, l); of != "" {
		words += ", " + of
	}
	return words
}

// standing says what of a seat, a queue or a leave is worth knowing of somebody,
// beside the note.
func (c *picking) standing(personID int64, note string) string {
	s := c.facts.Stand(personID, c.course, true)
	var words []string
	switch {
	case s.Done != nil:
		words = append(words, c.T("staff.completed", "Day", c.Lang.TinyDay(*s.Done)))
	case s.Booked():
		words = append(words, standing.SeatWord(c.Visit, *s.NextDay))
	case s.Waits():
		words = append(words, c.T("staff.waits"))
	}
	if s.Away != nil {
		words = append(words, standing.OnLeave(c.Visit, s))
	}
	if note != "" {
		words = append(words, note)
	}
	return strings.Join(words, " · ")
}

// hidden is what of the choice stands in no field, so that a refused try comes
// back to the same people.
func (c *picking) hidden() (all []ui.Hidden) {
	if c.ticks {
		all = append(all, ui.Hidden{Name: "tick", Value: "1"})
	}
	if c.filter.JourneyID != 0 {
		all = append(all, ui.Hidden{Name: "journey", Value: visit.ID(c.filter.JourneyID)})
	}
	return append(all, ui.Hidden{Name: "page", Value: strconv.Itoa(c.filter.Page)})
}

func (c *picking) ids() []int64 {
	ids := make([]int64, len(c.rows))
	for i, r := range c.rows {
		ids[i] = r.ID
	}
	return ids
}

// table lists them to be ticked; locked tells why somebody cannot be, note what
// is worth knowing of the others.
func (c *picking) table(caption string, locked map[int64]string, note func(personID int64) string) ui.Table {
	t := ui.Table{
		ID: "people", Caption: caption, Dense: true, Pick: "person", Address: c.address,
		Columns: []ui.Column{{Label: c.T("people.name")}, {Label: c.T("signup.people_note")}},
		Empty: ui.Empty{
			Picture: ui.PictureSearch, Title: c.T("signup.people_none"), Text: c.T("signup.people_none_help"),
			Action: &ui.Action{Label: c.T("signup.people_all"), Href: c.address.Path + "?lacks=0", Kind: ui.Secondary},
		},
	}
	if c.total > c.filter.PerPage {
		t.Pager = &ui.Pager{Address: c.address, Page: c.filter.Page, PerPage: c.filter.PerPage, Rows: c.total, Turn: turn}
		if t.Pager.More = people.More(c.total, c.filter.Page, c.filter.PerPage); t.Pager.More {
			t.Pager.Rows--
		}
	}
	units := slices.ContainsFunc(c.rows, func(r people.ListRow) bool {
		return r.Unit != c.rows[0].Unit || r.Municipality != c.rows[0].Municipality
	})
	if units {
		t.Columns = slices.Insert(t.Columns, 1, ui.Column{Label: c.T("people.unit")})
	}
	for _, r := range c.rows {
		why, fixed := locked[r.ID]
		if !fixed {
			why = c.standing(r.ID, note(r.ID))
		}
		unit := ui.Text(r.Unit)
		if r.Unit == "" {
			unit.Text = r.Municipality
		} else if !access.ManageRounds(c.Viewer).Empty() {
			unit.Note = r.Municipality
		}
		cells := []ui.Cell{ui.Text(r.Name()), ui.Text(why)}
		if units {
			cells = slices.Insert(cells, 1, unit)
		}
		picked := slices.Contains(c.Form["person"], visit.ID(r.ID)) || c.ticks && !c.Sent && c.FormValue(turn) == "" && c.facts.Stand(r.ID, c.course, true).ToSignUp()
		t.Rows = append(t.Rows, ui.Row{Pick: visit.ID(r.ID), Locked: fixed, Picked: picked && !fixed, Cells: cells})
	}
	return t
}
