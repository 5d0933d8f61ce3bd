package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/report"
	"yrkesresan/internal/round"
	"yrkesresan/internal/survey"
	"yrkesresan/internal/trainer"
)

// ErrOthers says that a database holds people who are not the demo's: it is not
// mixed with them.
var ErrOthers = errors.New("load the demo: the database holds people already; give the demo a database of its own")

// Load fills a migrated database with the demo as it stands at the moment (not
// before July 2026: its history reaches until then), in one transaction. A
// database that holds the demo stays as it is; one that holds other people is
// refused with ErrOthers. The files of the demo's courses are kept in the store,
// also when it has lost those of a demo that was loaded before.
func Load(ctx context.Context, d *db.DB, store *file.Store, now clock.Instant) error {
	packages, err := receiveCourses(store)
	if err != nil {
		return err
	}
	if err := errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
		return err
	}
	loaded := false
	err = d.Write(ctx, func(tx *db.Tx) error {
		var err error
		if loaded, err = isLoaded(ctx, tx); err != nil {
			return err
		}
		if loaded { // perhaps before this could be told
			return reconstructed(ctx, tx)
		}
		p, err := newPlan(now.Day())
		if err != nil {
			return err
		}
		l := loader{ctx: ctx, tx: tx, plan: p, now: now, packages: packages}
		return l.load()
	})
	if err != nil || loaded {
		return err
	}
	return d.Analyze(ctx)
}

func isLoaded(ctx context.Context, tx *db.Tx) (bool, error) {
	type count struct{ all, ours int }
	n, err := db.Row(ctx, tx, func(c *count) []any { return []any{&c.all, &c.ours} },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN email = $1 THEN 1 ELSE 0 END), 0) FROM person`, personas[0].email)
	switch {
	case err != nil:
		return false, err
	case n.ours > 0:
		return true, nil
	case n.all > 0:
		return false, ErrOthers
	}
	return false, nil
}

// loader carries a plan out within one transaction.
type loader struct {
	ctx  context.Context
	tx   *db.Tx
	plan *plan
	now  clock.Instant

	regions        map[string]int64
	municipalities map[string]int64 // by name, as far as they have been asked for
	courses        map[string]int64
	journeys       map[string]int64
	steps          map[string]int64 // by journey + "/" + step
	regional       map[string]access.Viewer
	producer       access.Viewer
	rooms          map[string]int64 // Dalarna's, by name
	coming         []comingRound
	packages       []catalogue.Package
}

func (l *loader) load() error {
	for _, part := range []struct {
		what string
		do   func() error
	}{
		{"catalogue", l.catalogue}, {"units", l.units}, {"people", l.people}, {"terms", l.terms}, {"courses", l.publishCourses}, {"tariffs", l.tariffs}, {"teams", l.teams}, {"team", l.joinTeam},
		{"rooms", l.addRooms}, {"rounds", l.rounds}, {"catering", l.catering}, {"trainers", l.trainers}, {"completions", l.completions}, {"sign-ups", l.signups}, {"learning", l.learning}, {"occasions", l.occasions}, {"surveys", l.surveys}, {"printed report", l.printed}, {"plans", l.rollouts}, {"letters", l.letters}, {"levels", l.levels},
		{"reconstruction", func() error { return reconstructed(l.ctx, l.tx) }},
	} {
		if err := part.do(); err != nil {
			return fmt.Errorf("load the demo's %s: %w", part.what, err)
		}
	}
	return nil
}

// catalogue adds the invented courses and Dalarna's own choices, and learns the
// identities of what is there.
func (l *loader) catalogue() error {
	l.regions, l.municipalities = map[string]int64{}, map[string]int64{}
	regions, err := organisation.Regions(l.ctx, l.tx)
	if err != nil {
		return err
	}
	for _, r := range regions {
		l.regions[r.Slug] = r.ID
	}
	l.journeys, l.steps = map[string]int64{}, map[string]int64{}
	journeys, err := catalogue.Journeys(l.ctx, l.tx)
	if err != nil {
		return err
	}
	for _, j := range journeys {
		l.journeys[j.Slug] = j.ID
		steps, err := catalogue.Steps(l.ctx, l.tx, j.ID)
		if err != nil {
			return err
		}
		for _, s := range steps {
			l.steps[j.Slug+"/"+s.Slug] = s.ID
		}
	}
	bas := l.steps[elder+"/bas"]
	for i, c := range elderCourses {
		id, err := catalogue.Add(l.ctx, l.tx, catalogue.Course{
			Slug: c.slug, Name: c.name, ShortName: c.short, Audience: "Alla", Days: 1,
		}, catalogue.Municipal, c.published)
		if err != nil {
			return err
		}
		if err := catalogue.AddToJourney(l.ctx, l.tx, id, l.journeys[elder], &bas, 101+i); err != nil {
			return err
		}
	}
	l.courses = map[string]int64{}
	courses, err := catalogue.AllCourses(l.ctx, l.tx)
	if err != nil {
		return err
	}
	for _, c := range courses {
		l.courses[c.Slug] = c.ID
	}
	// Three courses are national in Dalarna (annual report 2025, section 4.3).
	region := l.regions[dalarna]
	for _, slug := range []string{"kursledarutbildning-ett-hem-att-vaxa-i", "leda-ansokan-om-lvu", "lvu-for-18-20-ar"} {
		if err := catalogue.Deliver(l.ctx, l.tx, l.courses[slug], &region, catalogue.National, clock.Date(2024, 2, 1)); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) units() error {
	for _, u := range l.plan.units {
		municipality, err := l.municipality(u.municipality)
		if err != nil {
			return err
		}
		if u.id, err = organisation.AddUnit(l.ctx, l.tx, access.System(), municipality, u.name); err != nil {
			return fmt.Errorf("%s in %s: %w", u.name, u.municipality, err)
		}
	}
	return nil
}

func (l *loader) municipality(name string) (int64, error) {
	if id, known := l.municipalities[name]; known {
		return id, nil
	}
	m, err := organisation.BySlug(l.ctx, l.tx, organisation.Municipality, organisation.Slug(name))
	if err != nil {
		return 0, fmt.Errorf("municipality %s: %w", name, err)
	}
	l.municipalities[name] = m.ID
	return m.ID, nil
}

// organisation is the identity of the place.
func (l *loader) organisation(at place) (int64, error) {
	switch {
	case at.unit != nil:
		return at.unit.id, nil
	case at.municipality != "":
		return l.municipality(at.municipality)
	case at.region != "":
		return l.regions[at.region], nil
	}
	return organisation.NationID, nil
}

// people adds persons with employments, offices and accounts. Those who hold a
// region's office come first, and then open the accounts of their region.
func (l *loader) people() error {
	l.regional = map[string]access.Viewer{}
	all := slices.Clone(l.plan.people)
	slices.SortStableFunc(all, func(a, b *person) int { return cmp.Compare(a.rank(), b.rank()) })
	for _, p := range all {
		if err := l.person(p); err != nil {
			return fmt.Errorf("%s: %w", p.email, err)
		}
	}
	return nil
}

func (p *person) rank() int {
	for _, o := range p.offices {
		if o.role == access.Regional {
			return 0
		}
	}
	return 1
}

func (l *loader) person(p *person) error {
	viewer, known := l.regional[p.region]
	if !known {
		viewer = access.System()
	}
	at, err := l.organisation(p.at)
	if err != nil {
		return err
	}
	if p.id, err = people.Add(l.ctx, l.tx, viewer, people.NewPerson{GivenName: p.given, FamilyName: p.family, Email: p.email},
		at, p.from, p.title, p.from.At(9, 0)); err != nil {
		return err
	}
	for _, o := range p.offices {
		org, err := l.organisation(o.at)
		if err != nil {
			return err
		}
		if _, err := identity.Grant(l.ctx, l.tx, access.System(), p.id, o.role, org, o.from, o.from.At(9, 0)); err != nil {
			return err
		}
		// These act for others from here on.
		switch o.role {
		case access.Regional:
			l.regional[p.region], _, err = identity.Viewer(l.ctx, l.tx, p.id, o.from)
		case access.Producer:
			l.producer, _, err = identity.Viewer(l.ctx, l.tx, p.id, o.from)
		default:
		}
		if err != nil {
			return err
		}
	}
	for _, a := range p.accounts {
		account := people.NewAccount{PersonID: p.id, JourneyID: l.journeys[a.journey], OpenedOn: a.opened, Roles: a.roles, ProfessionSince: a.since()}
		if len(a.steps) > 0 {
			account.StepID = l.steps[a.journey+"/"+a.steps[0].slug]
		}
		id, err := people.OpenAccount(l.ctx, l.tx, viewer, account)
		if err != nil {
			return err
		}
		for _, s := range a.steps[min(1, len(a.steps)):] {
			if err := people.SetStep(l.ctx, l.tx, viewer, id, l.steps[a.journey+"/"+s.slug], s.from, "Mer än två år i yrket", s.from.At(9, 0)); err != nil {
				return err
			}
		}
	}
	for _, m := range p.moves {
		to, err := l.organisation(m.to)
		if err != nil {
			return err
		}
		if err := people.Employ(l.ctx, l.tx, viewer, p.id, to, m.from, p.title); err != nil {
			return err
		}
	}
	return nil
}

// tariffs are Dalarna's as decided (annual report 2025, section 3.2), and
// invented ones of its neighbours.
func (l *loader) tariffs() error {
	for _, t := range []struct {
		region, kind string
		from         clock.Day
		fee, pot     int64 // kronor
		lead         economy.Weight
		rss          economy.RSSRule
	}{
		{dalarna, "authority", clock.Date(2023, 1, 1), 650, 400, 150, economy.RSSKept},
		{dalarna, "manager", clock.Date(2026, 1, 1), 450, 200, 150, economy.RSSShared},
		{"uppsala", "authority", clock.Date(2023, 1, 1), 700, 420, 150, economy.RSSShared},
		{"uppsala", "authority", clock.Date(2026, 1, 1), 725, 430, 150, economy.RSSShared},
		{"gavleborg", "authority", clock.Date(2023, 1, 1), 600, 350, 125, economy.RSSKept},
	} {
		if _, err := economy.AddTariff(l.ctx, l.tx, l.regional[t.region], economy.Tariff{
			RegionID: l.regions[t.region], Kind: t.kind, From: t.from,
			Terms: economy.Terms{
				Fee: money.Kronor(t.fee), PerParticipant: money.Kronor(t.pot),
				LeadWeight: t.lead, TrainerWeight: 100, RSS: t.rss,
			},
		}); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) teams() error {
	for _, t := range l.plan.teams {
		viewer := l.regional[t.region]
		id, err := trainer.Recruit(l.ctx, l.tx, viewer, trainer.New{
			PersonID: t.who.id, CourseID: l.courses[t.course], RegionID: l.regions[t.region], On: t.recruited,
		})
		if err != nil {
			return fmt.Errorf("%s in %s: %w", t.who.email, t.course, err)
		}
		if t.ready != nil {
			if err := trainer.Ready(l.ctx, l.tx, viewer, id, *t.ready); err != nil {
				return fmt.Errorf("%s in %s: %w", t.who.email, t.course, err)
			}
		}
	}
	return nil
}

func (l *loader) rounds() error {
	for _, r := range l.plan.rounds {
		if err := l.round(r); err != nil {
			return fmt.Errorf("%s, %s: %w", r.course, r.label, err)
		}
	}
	return nil
}

// round lives through a round as far as it has come: each thing is done on its
// day by the one whose thing it is.
func (l *loader) round(r *roundPlan) error {
	viewer, regional := l.regional[r.region]
	if !regional {
		viewer = l.producer
	}
	n := round.New{
		CourseID: l.courses[r.course], RegionID: l.regions[r.region], Label: r.label, Capacity: r.capacity, Minimum: r.minimum,
		SignupFrom: r.signup, SignupUntil: r.until, Note: r.note,
	}
	for _, d := range r.days {
		day := round.NewDay{Day: d.day, Starts: "09:00", Ends: "16:00", Place: d.place}
		if d.day == l.now.Day() && !d.held {
			day.Starts, day.Ends = aroundNow(l.now)
		}
		if r.region == dalarna {
			day.RoomID = l.rooms[d.place]
		}
		for _, t := range d.trainers {
			day.Trainers = append(day.Trainers, round.NewTrainer{PersonID: t.who.id, Role: t.role})
		}
		n.Days = append(n.Days, day)
	}
	planned := l.plan.today - 6
	if r.published != nil {
		planned = *r.published - 20
	}
	id, err := round.Plan(l.ctx, l.tx, viewer, n, planned.At(10, 0))
	if err != nil || r.published == nil {
		return err
	}
	if err := round.Publish(l.ctx, l.tx, viewer, id, r.published.At(8, 0)); err != nil {
		return err
	}
	seats, err := l.enrol(r, id)
	if err != nil {
		return err
	}
	if r.cancelled == nil && r.region == dalarna && r.days[len(r.days)-1].day >= l.plan.today {
		l.coming = append(l.coming, comingRound{id, r})
	}
	if r.confirmed != nil {
		if err := round.Confirm(l.ctx, l.tx, viewer, id, r.confirmed.At(9, 0)); err != nil {
			return err
		}
	}
	if r.cancelled != nil {
		return round.Cancel(l.ctx, l.tx, viewer, id, round.TooFewSeats, r.cancelReason, r.cancelled.At(14, 0))
	}
	if !r.days[0].held {
		return nil
	}
	detail, err := round.Get(l.ctx, l.tx, viewer, id)
	if err != nil {
		return err
	}
	if err := l.prepare(r, detail); err != nil {
		return fmt.Errorf("preparation: %w", err)
	}
	for i, d := range r.days {
		if d.held {
			if err := l.attend(r, i, detail.CourseDays[i].ID, seats, viewer); err != nil {
				return fmt.Errorf("day %d: %w", i+1, err)
			}
		}
	}
	return l.approve(r, id, seats, viewer)
}

// aroundNow is the hours of a day that starts within the half hour, so that one
// can check in when the demo has been loaded, and for an hour after. Late at
// night it is what is left of the day.
func aroundNow(now clock.Instant) (starts, ends string) {
	const halfHour, midnight = 30, 24 * 60
	t := now.Time()
	start := min((t.Hour()*60+t.Minute())/halfHour*halfHour+halfHour, midnight-halfHour)
	end := min(start+7*60, midnight-1)
	return fmt.Sprintf("%02d:%02d", start/60, start%60), fmt.Sprintf("%02d:%02d", end/60, end%60)
}

// enrol lets everybody sign up themselves, in the order in which they did.
func (l *loader) enrol(r *roundPlan, id int64) (map[*seat]int64, error) {
	order := slices.Clone(r.seats)
	slices.SortStableFunc(order, func(a, b *seat) int { return cmp.Compare(a.on, b.on) })
	seats := map[*seat]int64{}
	for i, s := range order {
		self := access.Viewer{PersonID: s.who.id, Home: access.Place{RegionID: l.regions[s.who.region], PersonID: s.who.id}}
		at := s.on.At(8, 10).Add(time.Duration(i*17) * time.Minute)
		var err error
		if seats[s], err = round.Enrol(l.ctx, l.tx, self, id, s.who.id, at); err != nil {
			return nil, fmt.Errorf("%s: %w", s.who.email, err)
		}
	}
	return seats, nil
}

// attend saves a day's list as the trainer who was there does in the afternoon.
func (l *loader) attend(r *roundPlan, i int, dayID int64, seats map[*seat]int64, viewer access.Viewer) error {
	d, by := r.days[i], viewer
	var trainers []round.TrainerMarking
	for _, t := range d.trainers {
		trainers = append(trainers, round.TrainerMarking{PersonID: t.who.id, Present: t.present})
		if t.present && by.PersonID == viewer.PersonID {
			by = access.Viewer{PersonID: t.who.id, Trainer: true}
		}
	}
	marks := make([]round.Marking, len(r.seats))
	for n, s := range r.seats {
		marks[n] = round.Marking{EnrolmentID: seats[s], Mark: s.marks[i], Reason: s.reasons[i]}
	}
	first := slices.Clone(marks)
	// Of a recent day somebody was missed, who told the RSS the day after.
	missed := i == 0 && r.region == dalarna && d.day+1 < l.plan.today && d.day > l.plan.today-40 && marks[0].Mark == round.Present
	if missed {
		first[0].Mark = round.Absent
	}
	if err := round.SaveAttendance(l.ctx, l.tx, by, dayID, first, trainers, d.day.At(16, 10)); err != nil {
		return err
	}
	if missed {
		marks[0].Why = "Satt med i den andra gruppen hela dagen"
		if err := round.SaveAttendance(l.ctx, l.tx, viewer, dayID, marks, trainers, (d.day+1).At(9, 20)); err != nil {
			return err
		}
	}
	for _, s := range r.seats {
		if reason, exempt := s.exempt[i]; exempt {
			if err := economy.Exempt(l.ctx, l.tx, viewer, dayID, seats[s], reason, (d.day+1).At(9, 0)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) approve(r *roundPlan, id int64, seats map[*seat]int64, viewer access.Viewer) error {
	var approvals []round.Approval
	var on clock.Day
	for _, s := range r.seats {
		if s.approved != nil {
			approvals, on = append(approvals, round.Approval{EnrolmentID: seats[s]}), *s.approved
		}
	}
	if len(approvals) == 0 {
		return nil
	}
	return round.Approve(l.ctx, l.tx, viewer, id, approvals, on, on.At(11, 0))
}

// completions are of courses given locally, which people report themselves.
func (l *loader) completions() error {
	for _, p := range l.plan.people {
		for _, c := range p.completions {
			if _, err := learning.Complete(l.ctx, l.tx, access.Viewer{PersonID: p.id}, learning.New{
				PersonID: p.id, CourseID: l.courses[c.course], On: c.on, Source: learning.Local,
			}, c.on.At(15, 30)); err != nil {
				return fmt.Errorf("%s, %s: %w", p.email, c.course, err)
			}
		}
	}
	return nil
}

func (l *loader) surveys() error {
	for _, p := range l.plan.people {
		for _, r := range p.responses {
			if err := survey.Evaluate(l.ctx, l.tx, access.Viewer{PersonID: p.id}, p.id, l.courses[r.course],
				grades[r.grade], r.text, r.on); err != nil {
				return fmt.Errorf("%s on %s: %w", p.email, r.course, err)
			}
		}
	}
	results, err := managerSurvey()
	if err != nil {
		return err
	}
	return survey.PublishManagerSurvey(l.ctx, l.tx, l.regional[dalarna], l.regions[dalarna], l.journeys[bou], 2025, clock.YearEnd(2025), results)
}

// managerSurvey is the manager survey as published: the overall question and
// the four on knowledge.
func managerSurvey() ([]survey.Published, error) {
	overall := []survey.Option{
		{Slug: "very_good", Label: "Mycket bra", Satisfied: true}, {Slug: "fairly_good", Label: "Ganska bra", Satisfied: true},
	}
	knowledge := []survey.Option{
		{Slug: "very_much", Label: "Väldigt mycket", Satisfied: true}, {Slug: "yes_much", Label: "Ja, mycket", Satisfied: true},
		{Slug: "yes_some", Label: "Ja, en del"}, {Slug: "not_at_all", Label: "Nej, inte alls"},
		{Slug: "too_early", Label: "För tidigt att bedöma"}, {Slug: "do_not_know", Label: "Vet inte"},
	}
	first, err := table("manager-survey-2025-dalarna-overall.csv", false)
	if err != nil {
		return nil, err
	}
	others, err := table("manager-survey-2025-dalarna.csv", false)
	if err != nil {
		return nil, err
	}
	answers := first[0].number("answers")
	var all []survey.Published
	for _, r := range first {
		p := survey.Published{Question: survey.Question{Wording: r.text("question"), Options: overall}, Answers: answers}
		for _, o := range overall {
			p.PercentTenths = append(p.PercentTenths, 10*r.number(o.Slug+"_pct"))
		}
		all = append(all, p)
	}
	for _, r := range others {
		p := survey.Published{Question: survey.Question{Wording: r.text("question"), Options: knowledge}, Answers: answers}
		for _, o := range knowledge {
			p.PercentTenths = append(p.PercentTenths, 10*r.number(o.Slug))
		}
		all = append(all, p)
	}
	return all, nil
}

// printed keeps the annual report 2025 as it was printed, wrong sums and all.
func (l *loader) printed() error {
	file, err := data.Open("data/printed-2025.csv")
	if err != nil {
		return err
	}
	defer file.Close()
	figures, err := report.ReadPrinted(file)
	if err != nil {
		return err
	}
	return report.SavePrinted(l.ctx, l.tx, l.regional[dalarna], report.Printed{
		RegionID: l.regions[dalarna], Year: 2025, SignedOn: clock.Date(2026, 5, 12), EvaluationsOn: evaluationsOn, Figures: figures,
	})
}
