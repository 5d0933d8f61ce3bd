package finance

import (
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// DayMoney opens the amounts of a course day: who was counted and who was not,
// how the pot was split and why something of it was kept.
func DayMoney(v *visit.Visit) error {
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	a, err := economy.DayAccountOf(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	region := v.Server.Country[a.RegionID]
	reconstructed, err := Reconstructed(v, region.ID, a.Date.Year())
	if err != nil {
		return err
	}
	head := ui.PageHead{
		Title: v.T("money.of_day.title", "Day", v.Lang.ShortDay(a.Date)),
		Lead:  v.T("money.of_day.lead", "Course", a.Course, "Round", a.Round, "Day", a.Ordinal),
		Others: []ui.Action{
			{Label: v.T("money.of_day.to_round"), Href: visit.RoundPath(a.RoundID), Kind: ui.Secondary},
		},
	}
	if a.Whole {
		head.Others = append(head.Others, ui.Action{
			Label: v.T("money.basis.to_pot"), Href: visit.InYear(visit.RegionPath(region, "pot"), a.Date.Year()), Kind: ui.Secondary,
		})
	}
	f := v.Frame(head.Title, v.CrumbsOf(region)...)
	parts := []templ.Component{head.View(v.Lang), reconstructed, obstacles(v, a)}
	own := ""
	if !a.Whole {
		own = v.T("money.of_day.own_only")
	}
	figures := ui.Figures{sum(v, v.T("money.charge"), a.Charged, ui.Figure{Note: own, Href: "#participants"})}
	if a.Tariff != nil {
		figures = append(figures,
			sum(v, v.T("money.pot.pot"), a.Pot.Pot, ui.Figure{Href: "#trainers"}),
			sum(v, v.T("money.pot.paid"), a.Pot.Paid, ui.Figure{Href: "#trainers"}),
			keptFigure(v, a))
	}
	history, err := exemptionHistory(v, id)
	if err != nil {
		return err
	}
	parts = append(parts, figures.View(v.Lang), countFigures(v, a.Counts).View(v.Lang), dayTariff(v, a), dayTrainers(v, a), dayCharges(v, a),
		dayParticipants(v, a), exemptForm(v, a), history)
	return v.Page(f, parts...)
}

func keptFigure(v *visit.Visit, a economy.DayAccount) ui.Figure {
	kept := sum(v, v.T("money.pot.kept"), a.Pot.Kept, ui.Figure{})
	if a.Pot.Reason != economy.KeptNothing {
		kept.Note = v.T(a.Pot.Reason.Key())
	}
	return kept
}

// obstacles says why the day's money is not final.
func obstacles(v *visit.Visit, a economy.DayAccount) templ.Component {
	var notices []templ.Component
	for _, o := range a.Obstacles {
		d := a.Day
		d.Obstacles = []economy.Obstacle{o}
		n := ui.Notice{Tone: ui.Caution, Title: v.T("money.of_day.not_final"), Text: v.T(o.Key()) + "."}
		settles := access.Settle(v.Viewer).Covers(access.Place{RegionID: a.RegionID}) // others can only read what is missing
		if remedy := remedyFor(v, v.Server.Country[a.RegionID], d); settles && remedy.Href != "" && o != economy.TrainerUnemployed {
			n.Action = &ui.Action{Label: remedy.Text, Href: remedy.Href}
		}
		notices = append(notices, n.View(v.Lang))
	}
	return templ.Join(notices...)
}

// dayTariff is the rule that the amounts follow from.
func dayTariff(v *visit.Visit, a economy.DayAccount) templ.Component {
	if a.Tariff == nil {
		return templ.NopComponent
	}
	t, billed := a.Tariff, 0
	for _, c := range a.Charges {
		billed += c.Billed
	}
	facts := ui.Summary{
		{Term: v.T("money.tariff.kind"), Value: tariffKind(v, t.Kind)},
		{Term: v.T("money.tariff.from"), Value: v.Lang.Day(t.From)},
		{Term: v.T("money.fee"), Value: v.T("money.of_day.fee", "Fee", t.Fee, "Billed", billed, "Charged", a.Charged)},
		{Term: v.T("money.tariff.pot"), Value: v.T("money.of_day.pot", "Part", t.PerParticipant, "PotBearing", a.PotBearing, "Pot", a.Pot.Pot)},
		{Term: v.T("money.tariff.weights"), Value: v.T("money.tariff.weights_are", "Lead", weight(v, t.LeadWeight), "Trainer", weight(v, t.TrainerWeight))},
		{Term: v.T("money.tariff.rss"), Value: v.T("money.tariff.rss." + string(t.RSS))},
	}
	return ui.Section("tariff", v.T("money.of_day.tariff"), facts.View(v.Lang))
}

func dayTrainers(v *visit.Visit, a economy.DayAccount) templ.Component {
	t := ui.Table{
		ID: "trainers", Caption: v.T("money.of_day.trainers"), Note: v.T("money.of_day.trainers_help"),
		Columns: []ui.Column{
			{Label: v.T("money.of_day.trainer")}, {Label: v.T("money.of_day.employer")}, {Label: v.T("money.of_day.role")},
			{Label: v.T("money.of_day.weight"), Numeric: true}, {Label: v.T("money.share"), Numeric: true}, {Label: v.T("money.pot.kept"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("money.of_day.no_trainers"), Text: v.T("money.of_day.no_trainers_help")},
	}
	if a.Tariff == nil { // there is no split: who was there
		for _, tr := range a.Pot.Trainers {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
				ui.Text(trainerName(v, tr)), ui.Text(tr.Organisation.Name), ui.Text(v.T(tr.Role.Key())), ui.Text(""), ui.Text(""), ui.Text(""),
			}})
		}
		return v.Table(t)
	}
	for _, s := range a.Pot.Shares {
		kept := v.AmountCell(s.Kept)
		if s.RSS {
			kept.Note = v.T("money.of_day.rss." + string(a.Tariff.RSS))
		}
		share := v.AmountCell(s.Amount)
		if !s.RSS && access.MunicipalMoney(v.Viewer).Covers(v.Server.Country[s.Organisation.ID].Place()) {
			share.Href, share.About = municipalityPath(v, s.Organisation.ID, a.Date.Year()), s.Organisation.Name
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(trainerName(v, s.PotTrainer)), ui.Text(s.Organisation.Name), ui.Text(v.T(s.Role.Key())), ui.Text(weight(v, s.Weight)), share, kept,
		}})
	}
	t.Total = []ui.Cell{ui.Text(v.T("ui.total")), ui.Text(""), ui.Text(""), ui.Text(""), v.AmountCell(a.Pot.Paid), v.AmountCell(a.Pot.Kept)}
	return v.Table(t)
}

// trainerName is who the trainer is. Beside the employer the alias of somebody whose identity
// is protected would tell where they work.
func trainerName(v *visit.Visit, t economy.PotTrainer) string {
	if t.Person.Name == "" {
		return v.T("money.of_day.hidden_name")
	}
	return t.Person.Name
}

func dayCharges(v *visit.Visit, a economy.DayAccount) templ.Component {
	t := ui.Table{
		ID: "charges", Caption: v.T("money.of_day.charges"), Note: v.T("money.excl_vat"),
		Columns: []ui.Column{
			{Label: v.T("money.municipality")}, {Label: v.T("money.billed"), Numeric: true}, {Label: v.T("money.attended"), Numeric: true},
			{Label: v.T("money.amount"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("money.of_day.no_charges"), Text: v.T("money.of_day.no_charges_help")},
	}
	billed, attended := 0, 0
	for _, c := range a.Charges {
		billed += c.Billed
		attended += c.Attended
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(c.Municipality.Name), v.NumberCell(c.Billed), v.NumberCell(c.Attended),
			{Text: v.Lang.Money(c.Amount), Href: municipalityPath(v, c.Municipality.ID, a.Date.Year()), About: c.Municipality.Name},
		}})
	}
	t.Total = []ui.Cell{ui.Text(v.T("ui.total")), v.NumberCell(billed), v.NumberCell(attended), v.AmountCell(a.Charged)}
	return v.Table(t)
}

// dayParticipants is everybody with a mark: whether they are charged, counted
// for the pot, and why not. Who may not see a person sees the row without name.
func dayParticipants(v *visit.Visit, a economy.DayAccount) templ.Component {
	settles := maySettle(v, a.RegionID)
	t := ui.Table{
		ID: "participants", Caption: v.T("money.of_day.participants"), Note: v.T("money.of_day.participants_help"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.of_day.participant")}, {Label: v.T("money.municipality")}, {Label: v.T("money.of_day.mark")},
			{Label: v.T("money.of_day.is_billed")}, {Label: v.T("money.of_day.is_pot_bearing")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("money.of_day.nobody"), Text: v.T("money.of_day.nobody_help")},
	}
	if settles {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("money.of_day.change"), Action: true})
	}
	for _, p := range a.Participants {
		name := ui.Cell{Text: p.Name}
		if p.Name == "" {
			name.Text = v.T("money.of_day.hidden_name")
		} else if access.Staff(v.Viewer).Covers(v.Server.Country[p.Municipality.ID].Place()) {
			name.Href = visit.PersonPath(p.PersonID)
		}
		billed, potBearing := ui.Text(v.T("money.of_day.yes")), ui.Text(v.T("money.of_day.yes"))
		if !p.Billed {
			billed = ui.Cell{Text: v.T("money.of_day.no"), Note: v.T(p.NotBilled.Key())}
			if p.Exemption != "" {
				billed.Note += ": " + p.Exemption
			}
		}
		if !p.PotBearing {
			potBearing = ui.Text(v.T("money.of_day.no"))
			switch {
			case !p.Attended:
				potBearing.Note = v.T("money.of_day.was_away")
			case !p.Billed:
				potBearing.Note = v.T("money.of_day.not_charged")
			}
		}
		cells := []ui.Cell{name, ui.Text(p.Municipality.Name), ui.Text(v.T(round.Mark(p.Mark).Key())), billed, potBearing}
		if settles {
			remove := ui.Cell{Slot: templ.NopComponent}
			if p.NotBilled == economy.IsExempted {
				remove.Slot = ui.Action{
					Label: v.T("money.of_day.unexempt"), About: p.Name, Href: visit.DayPath(a.ID, "exemptions/removal"), Kind: ui.Secondary, Small: true, Post: true,
					Hidden: []ui.Hidden{{Name: "enrolment", Value: strconv.FormatInt(p.EnrolmentID, 10)}},
				}.View(v.Lang)
			}
			cells = append(cells, remove)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return v.Table(t)
}

// exemptForm frees somebody from the fee of the day, for those who close years.
func exemptForm(v *visit.Visit, a economy.DayAccount) templ.Component {
	if !maySettle(v, a.RegionID) {
		return templ.NopComponent
	}
	options := []ui.Option{{Value: "", Label: v.T("money.of_day.choose")}}
	for _, p := range a.Participants {
		if p.NotBilled != economy.IsExempted {
			options = append(options, ui.Option{Value: strconv.FormatInt(p.EnrolmentID, 10), Label: p.Name})
		}
	}
	if len(options) == 1 {
		return templ.NopComponent
	}
	exempt := ui.Form(visit.DayPath(a.ID, "exemptions"), v.T("money.of_day.exempt"), nil,
		ui.Field{
			Input: ui.SelectInput, Name: "enrolment", Label: v.T("money.of_day.participant"), Options: options,
			Value: v.FormValue("enrolment"), Error: v.Wrong("enrolment"),
		},
		ui.Field{Name: "reason", Label: v.T("money.basis.reason"), Hint: v.T("money.of_day.reason_hint"), Value: v.FormValue("reason"), Error: v.Wrong("reason")},
	)
	exempt.Kind = ui.Secondary
	return ui.Section("exempt", v.T("money.of_day.exempt_title"), ui.Paragraph(v.T("money.of_day.exempt_help")), exempt.View(v.Lang))
}

// exemptionHistory is who was freed from the fee of the day and who was charged
// after all, for those who close years.
func exemptionHistory(v *visit.Visit, dayID int64) (templ.Component, error) {
	all, err := economy.Exemptions(v.Context(), v.Reader(), v.Viewer, dayID)
	if err != nil || len(all) == 0 {
		return templ.NopComponent, err
	}
	t := ui.Table{
		ID: "exemptions", Caption: v.T("money.of_day.exemptions"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.of_day.participant")}, {Label: v.T("money.basis.reason")}, {Label: v.T("money.of_day.exempted")}, {Label: v.T("money.of_day.unexempted")},
		},
	}
	by := func(at clock.Instant, who string) ui.Cell { return ui.Cell{Text: v.Lang.DayTime(at), Note: who} }
	for _, x := range all {
		withdrawn := ui.Text("")
		if x.WithdrawnAt != nil {
			withdrawn = by(*x.WithdrawnAt, x.WithdrawnBy)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(x.Name), ui.Text(x.Reason), by(x.GrantedAt, x.GrantedBy), withdrawn}})
	}
	return ui.Fold(v.T("money.of_day.exemptions_count", "Count", len(all)), t.View(v.Lang)), nil
}

// Exempt frees a participant from the fee of the day.
func Exempt(v *visit.Visit) error {
	return changeExemption(v, "notice.exempted", func(tx *db.Tx, day, enrolment int64) error {
		return economy.Exempt(v.Context(), tx, v.Viewer, day, enrolment, v.FormValue("reason"), v.Now)
	})
}

// Unexempt charges for the participant after all.
func Unexempt(v *visit.Visit) error {
	return changeExemption(v, "notice.unexempted", func(tx *db.Tx, day, enrolment int64) error {
		return economy.Unexempt(v.Context(), tx, v.Viewer, day, enrolment, v.Now)
	})
}

func changeExemption(v *visit.Visit, notice string, change func(tx *db.Tx, day, enrolment int64) error) error {
	id, err := v.ID("day")
	if err != nil {
		return err
	}
	a, err := economy.DayAccountOf(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	if err := access.Settle(v.Viewer).Allow(access.Place{RegionID: a.RegionID}); err != nil {
		return err
	}
	enrolment := v.NumberID("enrolment")
	if enrolment == 0 {
		return fault.Invalid("enrolment", "money.of_day.choose_somebody")
	}
	err = v.Write(func(tx *db.Tx) error { return change(tx, id, enrolment) })
	if err != nil {
		return err
	}
	return v.Redirect(visit.DayMoneyPath(id)+"#participants", notice)
}
