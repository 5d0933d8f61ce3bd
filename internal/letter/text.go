package letter

import (
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/address"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/round"
)

// Site is where the product is found and who its letters are from.
type Site struct {
	Base string // "https://yrkesresan.example.org"
	From calendar.Party
}

// page is the address of a page of the product.
func (s Site) page(path string) string { return s.Base + path }

// Person is somebody to write to.
type Person struct {
	ID       int64
	Given    string
	Family   string
	Email    string // empty: none is known
	Language string // "sv" or "en"
}

// Name is the whole name.
func (p Person) Name() string { return p.Given + " " + p.Family }

func (p Person) lang() *i18n.Lang { return i18n.For(p.Language) }

// about is what a letter of the product may have to say beside the round.
type about struct {
	reason   string
	name     string         // of who wants the seat
	position int            // in the queue
	until    *clock.Instant // to answer
	days     []round.Day    // those that concern the reader; nil: all
	material []item
	due      *clock.Day // when tasks are to be done
	prepare  bool       // there are tasks to do before the first day
}

// item is a piece of material and where it is found.
type item struct{ title, address string }

// write is the product's letter of the kind to the person.
func write(kind Kind, d round.Detail, p Person, a about, site Site) (subject, body string) {
	l := p.lang()
	days := a.days
	if days == nil {
		days = d.CourseDays
	}
	args := []any{
		"Course", d.Course, "Days", l.Days(d.FirstDay, d.LastDay), "Name", a.name, "Position", a.position, "Until", "",
		"Day", l.Days(d.FirstDay, d.LastDay),
	}
	if a.until != nil {
		args[9] = l.DayTime(*a.until)
	}
	if len(days) > 0 {
		args[11] = l.ShortDay(days[0].Day)
	}
	if a.due != nil {
		args[11] = l.ShortDay(*a.due)
	}
	paragraphs := []string{
		l.T("letter.hello", "Name", p.Given),
		l.T("letter.lead."+string(kind), args...),
	}
	add := func(s string) { paragraphs = append(paragraphs, s) }
	if a.reason != "" {
		add(l.T("letter.reason", "Reason", a.reason))
	}
	if len(a.material) > 0 {
		var list []string
		for _, m := range a.material {
			list = append(list, m.title+"\n"+m.address)
		}
		add(strings.Join(list, "\n\n"))
	}
	switch kind {
	case Refused, Lapsed, NoSeat, Withdrawn, Replaced, Moved, Unapproved, Cancelled, TrainerCancelled, PlanDeleted, TrainerLeft, FollowUpDue:
		// The days are no longer the reader's: the first lines name them.
	default:
		for _, day := range days {
			add(dayText(l, day, len(d.CourseDays)))
		}
	}
	if kind == Seat && a.prepare {
		add(l.T("letter.prepare", "Link", site.page(address.Course(d.CourseSlug))))
	}
	if kind == Seat {
		add(l.T("letter.no_password"))
	}
	if kind == Seat || kind == Confirmed || kind == Changed {
		add(l.T("letter.withdraw", "Day", withdrawUntil(d.Round)))
	}
	if kind == Seat && !d.Local() { // nothing is ordered for a local round
		// Also for who was signed up by somebody else, who is not asked about it.
		add(l.T("letter.needs", "Link", site.page(address.Round(d.ID, "needs"))))
	}
	switch kind {
	case Approval:
		add(l.T("letter.answer", "Link", site.page(address.Requests)))
	case Offer, OfferReminder:
		add(l.T("letter.answer", "Link", site.page(address.Round(d.ID))))
	case PreparationDue, FollowUpDue:
		add(l.T("letter.to_tasks", "Link", site.page(address.Course(d.CourseSlug))))
	case TrainerAsked:
		if len(days) > 1 {
			add(l.T("letter.answer_all"))
		}
		add(l.T("letter.answer", "Link", site.page(address.MyDays)))
	default:
		add(l.T("letter.more", "Link", site.page(roundPage(d.Round))))
	}
	add(signed(l, d.Round))
	return l.T("letter.subject."+string(kind), args...), strings.Join(paragraphs, "\n\n") + "\n"
}

// roundPage is where one reads more about the round: its page, or one's own days when
// it was a plan that came to nothing.
func roundPage(r round.Round) string {
	if r.CancelledAt != nil && r.PublishedAt == nil {
		return address.MyDays
	}
	return address.Round(r.ID)
}

// signed is the farewell: from the region, from the municipality that gives a
// local round, or from Yrkesresan for a national one.
func signed(l *i18n.Lang, r round.Round) string {
	from := "Yrkesresan"
	switch {
	case r.Local():
		from += ", " + r.Municipality
	case r.Region != "":
		from += ", " + r.Region
	}
	return l.T("letter.greetings", "Sender", from)
}

// withdrawUntil is the last day to give the seat back.
func withdrawUntil(r round.Round) clock.Day {
	if r.WithdrawUntil != nil {
		return *r.WithdrawUntil
	}
	return r.FirstDay - 1
}

// dayText is a course day in a few lines.
func dayText(l *i18n.Lang, d round.Day, of int) string {
	lines := []string{when(l, d.Day, d.Starts, d.Ends)}
	if of > 1 {
		lines[0] = l.T("letter.day", "Number", d.Ordinal, "When", lines[0])
	}
	if d.Place != "" {
		lines = append(lines, l.T("letter.place", "Place", d.Place))
	}
	if d.Link != "" {
		lines = append(lines, l.T("letter.link", "Link", d.Link))
	}
	return strings.Join(lines, "\n")
}

func when(l *i18n.Lang, day clock.Day, starts, ends string) string {
	return l.DayHours(day, minutes(starts), minutes(ends))
}

// minutes is "09:30" in minutes after midnight.
func minutes(hour string) int {
	h, m, _ := strings.Cut(hour, ":")
	hours, _ := strconv.Atoi(h) // the plan took nothing else
	rest, _ := strconv.Atoi(m)
	return hours*60 + rest
}

// entryText is the e-mail that carries a further entry, and says nothing else.
func entryText(d round.Detail, e calendar.Entry, p Person, site Site) (subject, body string) {
	l := p.lang()
	key, about := "letter.entry", "letter.entry_subject"
	if e.Cancelled {
		key, about = "letter.entry_cancelled", "letter.entry_subject_cancelled"
	}
	at := when(l, e.Day, e.Starts, e.Ends)
	return l.T(about, "Course", d.Course, "When", at), strings.Join([]string{
		l.T("letter.hello", "Name", p.Given),
		l.T(key, "Course", d.Course, "When", at),
		l.T("letter.more", "Link", site.page(roundPage(d.Round))),
		signed(l, d.Round),
	}, "\n\n") + "\n"
}

// invitation is the entry as the calendar object of a letter.
func invitation(d round.Detail, e calendar.Entry, p Person, site Site, now clock.Instant) string {
	l := p.lang()
	summary := d.Course
	if i := slices.IndexFunc(d.CourseDays, func(day round.Day) bool { return day.ID == e.CourseDayID }); i >= 0 && len(d.CourseDays) > 1 {
		summary = l.T("letter.summary", "Course", d.Course, "Number", i+1, "Of", len(d.CourseDays))
	}
	link := site.page(roundPage(d.Round))
	description := l.T("letter.more", "Link", link)
	if e.Link != "" {
		description = l.T("letter.link", "Link", e.Link) + "\n" + description
	}
	text, _ := calendar.Invitation(calendar.Item{
		UID: calendar.UIDOf(e.CourseDayID, e.PersonID), Sequence: e.Sequence, Changed: now,
		Day: e.Day, Starts: e.Starts, Ends: e.Ends, Summary: summary, Description: description,
		Place: e.Place, Link: e.Link, Page: link, Cancelled: e.Cancelled,
	}, site.From, calendar.Party{Name: p.Name(), Email: p.Email})
	return text
}
