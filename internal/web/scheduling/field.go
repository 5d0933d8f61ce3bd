package scheduling

import (
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// fewTrainers is how many trainers a day's form has room for; one more than are
// chosen, and no fewer than the largest team.
const fewTrainers = 3

// trainerRows is how many trainers the day's form has room for.
func (p *PlanForm) trainerRows(i int) int {
	chosen := 0
	for k := range 20 {
		if p.values.Get(dayField(i, "trainer."+strconv.Itoa(k))) != "" {
			chosen = k + 1
		}
	}
	if p.host.Local() {
		return max(1, chosen)
	}
	return max(fewTrainers, chosen+1)
}

// tariff is what a participant costs on the first course day, today while it is
// not typed; empty for national rounds.
func (p *PlanForm) tariff() (string, error) {
	kind := p.course.TariffKind
	if p.edited != nil {
		kind = p.edited.TariffKind
	}
	switch {
	case p.region.ID == 0 || p.host.Local():
		return "", nil
	case kind == "":
		return p.T("plan.free"), nil
	}
	first, err := clock.ParseDay(strings.TrimSpace(p.values.Get(dayField(0, "day"))))
	if err != nil {
		first = p.Today
	}
	var published *clock.Instant // a round keeps the terms that it was published with
	if p.edited != nil {
		published = p.edited.PublishedAt
	}
	tariff, err := economy.TariffOn(p.Context(), p.Reader(), p.region.ID, kind, first, published)
	if fault.Of(err) != nil {
		return p.T("plan.no_tariff"), nil //nolint:nilerr // that there is none is what is said
	}
	return p.T("plan.tariff", "Fee", tariff.Fee, "Pot", tariff.PerParticipant), err
}

// field is a question of the form with what was typed and what is wrong.
func (p *PlanForm) field(f ui.Field) ui.Field {
	f.Value, f.Error = p.values.Get(f.Name), p.errs.For(f.Name)
	return f
}

func (p *PlanForm) about() []ui.Field {
	fields := []ui.Field{
		{Name: "label", Label: p.T("plan.label"), Hint: p.T("plan.label_hint"), Optional: true},
		{Input: ui.NumberInput, Name: "capacity", Label: p.T("plan.capacity"), Short: true},
		{Input: ui.NumberInput, Name: "minimum", Label: p.T("plan.minimum"), Hint: p.T("plan.minimum_hint"), Short: true},
		{
			Input: ui.SelectInput, Name: "step", Label: p.T("plan.step"), Hint: p.T("plan.step_hint"), Optional: true,
			Options: append([]ui.Option{{Label: p.T("plan.step_all")}}, p.steps...),
		},
	}
	return p.filled(fields)
}

func (p *PlanForm) signup() []ui.Field {
	return p.filled([]ui.Field{
		{Input: ui.DateInput, Name: "signup_from", Label: p.T("plan.signup_from"), Hint: p.T("plan.signup_from_hint"), Optional: true},
		{Input: ui.DateInput, Name: "signup_until", Label: p.T("plan.signup_until"), Hint: p.T("plan.signup_until_hint"), Optional: true},
		{Input: ui.DateInput, Name: "decide_on", Label: p.T("plan.decide_on"), Hint: p.T("plan.decide_on_hint"), Optional: true},
		{Input: ui.DateInput, Name: "withdraw_until", Label: p.T("plan.withdraw_until"), Hint: p.T("plan.withdraw_until_hint"), Optional: true},
		{Input: ui.NumberInput, Name: "accept_hours", Label: p.T("plan.accept_hours"), Hint: p.T("plan.accept_hours_hint"), Unit: p.T("plan.hours"), Short: true},
	})
}

func (p *PlanForm) filled(fields []ui.Field) []ui.Field {
	for i := range fields {
		fields[i] = p.field(fields[i])
	}
	return fields
}

func (p *PlanForm) note() ui.Field {
	return p.field(ui.Field{Input: ui.TextareaInput, Name: "note", Label: p.T("plan.note"), Hint: p.T("plan.note_hint"), Optional: true})
}

// dayFields are when and where a day is.
func (p *PlanForm) dayFields(i int) []ui.Field {
	fields := []ui.Field{
		{Input: ui.DateInput, Name: dayField(i, "day"), Label: p.T("plan.day")},
		{Input: ui.TimeInput, Name: dayField(i, "starts"), Label: p.T("plan.starts")},
		{Input: ui.TimeInput, Name: dayField(i, "ends"), Label: p.T("plan.ends")},
	}
	if p.region.ID != 0 {
		rooms := []ui.Option{{Label: p.T("plan.no_room")}}
		for _, r := range p.rooms {
			if r.ClosedOn != nil && *r.ClosedOn <= p.Today && visit.ID(r.ID) != p.values.Get(dayField(i, "room")) {
				continue
			}
			rooms = append(rooms, ui.Option{Value: visit.ID(r.ID), Label: p.T("plan.room_option", "Name", r.Name, "Count", r.Seats)})
		}
		room := ui.Field{Input: ui.SelectInput, Name: dayField(i, "room"), Label: p.T("plan.room"), Options: rooms}
		if p.host.Local() {
			room.Label = p.T("local.room")
			place := ui.Field{Name: dayField(i, "place"), Label: p.T("round.place"), Suggest: p.places}
			return p.filled(append(fields, place, room, ui.Field{Name: dayField(i, "link"), Label: p.T("plan.link"), Optional: true}))
		}
		fields = append(fields, room)
	}
	return p.filled(append(fields,
		ui.Field{Name: dayField(i, "place"), Label: p.T("plan.place"), Optional: true},
		ui.Field{Name: dayField(i, "link"), Label: p.T("plan.link"), Optional: true},
	))
}

// trainerFields are who holds a day, in pairs of person and role.
func (p *PlanForm) trainerFields(i int) [][2]ui.Field {
	if p.host.Local() {
		return p.leaderFields(i)
	}
	people := []ui.Option{{Label: p.T("plan.nobody")}}
	for _, c := range p.candidates {
		where := c.Municipality
		if where == "" {
			where = "RSS"
		}
		switch {
		case !c.InTeam:
			where += ", " + p.T("plan.other_team")
		case !c.Ready:
			where += ", " + p.T("plan.not_ready")
		}
		people = append(people, ui.Option{Value: visit.ID(c.PersonID), Label: c.Name + " (" + where + ")"})
	}
	roles := []ui.Option{
		{Value: string(trainer.Assistant), Label: p.T(trainer.Assistant.Key())}, {Value: string(trainer.Lead), Label: p.T(trainer.Lead.Key())},
	}
	var rows [][2]ui.Field
	for k := range p.trainerRows(i) {
		n := strconv.Itoa(k)
		rows = append(rows, [2]ui.Field{
			p.field(ui.Field{Input: ui.SelectInput, Name: dayField(i, "trainer."+n), Label: p.T("plan.trainer_n", "N", k+1), Options: people}),
			p.field(ui.Field{Input: ui.SelectInput, Name: dayField(i, "role."+n), Label: p.T("plan.role_n", "N", k+1), Options: roles}),
		})
	}
	return rows
}

// isHeld tells whether the day's attendance is saved, so that it stays.
func (p *PlanForm) isHeld(i int) bool {
	return p.edited != nil && slices.ContainsFunc(p.edited.CourseDays, func(d round.Day) bool {
		return d.HeldAt != nil && visit.ID(d.ID) == p.values.Get(dayField(i, "id"))
	})
}
