package calendar

import (
	"strconv"
	"strings"

	ics "github.com/arran4/golang-ical"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/text"
)

// Method is what an iCalendar object is for (RFC 5546, § 1.4).
type Method string

// The methods. A feed is published, an entry in a letter requested or cancelled.
const (
	Publish Method = "PUBLISH"
	Request Method = "REQUEST"
	Cancel  Method = "CANCEL"
)

// Item is one course day in one calendar.
type Item struct {
	UID          string
	Sequence     int
	Changed      clock.Instant // when this version was made
	Day          clock.Day
	Starts, Ends string // "09:00", Swedish time
	Summary      string
	Description  string
	Place        string
	Link         string // where one meets online
	Page         string // the day's page in the product, an address
	Cancelled    bool
	Open         bool // the guest has not said that they come
}

// Party is somebody with an address.
type Party struct{ Name, Email string }

// UIDOf is the name of the person's entry for the course day; person 0 is
// nobody's own, as in a region's feed.
func UIDOf(courseDayID, personID int64) string { return uid("course-day", courseDayID, personID) }

func uid(of string, id, person int64) string {
	uid := of + "-" + strconv.FormatInt(id, 10)
	if person != 0 {
		uid += "-person-" + strconv.FormatInt(person, 10)
	}
	return uid + "@yrkesresan"
}

// MeetingUID is the name of the person's entry for the trainer meeting; person 0
// is nobody's own.
func MeetingUID(meetingID, personID int64) string { return uid("trainer-meeting", meetingID, personID) }

// Invitation is the item as the iCalendar object of a letter, from the organiser
// to the guest: a request, or a cancellation when the item is cancelled.
func Invitation(item Item, organiser, guest Party) (entry string, method Method) {
	method = Request
	if item.Cancelled {
		method = Cancel
	}
	c := object(method)
	e := add(c, item)
	e.SetOrganizer(organiser.Email, ics.WithCN(plain(organiser.Name)))
	// A seat is taken already, and a meeting is answered to in the product: nobody
	// has to write back.
	status := ics.ParticipationStatusAccepted
	if item.Open {
		status = ics.ParticipationStatusNeedsAction
	}
	e.AddAttendee(guest.Email, ics.WithCN(plain(guest.Name)), status, ics.WithRSVP(false))
	return write(c), method
}

// Feed is the items as a calendar to subscribe to.
func Feed(name string, items []Item) string {
	c := object(Publish)
	c.SetXWRCalName(text.Line(name))
	c.SetName(text.Line(name))
	c.SetRefreshInterval("PT4H")
	c.SetXPublishedTTL("PT4H")
	for _, item := range items {
		add(c, item)
	}
	return write(c)
}

func write(c *ics.Calendar) string { return c.Serialize(ics.WithNewLineWindows) }

// plain is a name as a parameter may hold it: without what would end it.
func plain(name string) string { return strings.ReplaceAll(text.Line(name), `"`, "") }

func object(method Method) *ics.Calendar {
	c := ics.NewCalendar()
	c.SetProductId("-//Yrkesresan//Yrkesresan//SV")
	c.SetCalscale("GREGORIAN")
	c.SetMethod(ics.Method(method))
	zone := c.AddTimezone(zoneName)
	// Summer time in the European Union: directive 2000/84/EC.
	zone.Components = append(zone.Components,
		&ics.Daylight{ComponentBase: turn("19810329T020000", "+0100", "+0200", "CEST", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")},
		&ics.Standard{ComponentBase: turn("19961027T030000", "+0200", "+0100", "CET", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")})
	return c
}

const zoneName = "Europe/Stockholm"

func turn(since, from, to, name, rule string) ics.ComponentBase {
	var c ics.ComponentBase
	c.AddProperty(ics.ComponentPropertyDtStart, since)
	c.AddProperty("TZOFFSETFROM", from)
	c.AddProperty("TZOFFSETTO", to)
	c.AddProperty("TZNAME", name)
	c.AddProperty(ics.ComponentPropertyRrule, rule)
	return c
}

func add(c *ics.Calendar, item Item) *ics.VEvent {
	e := c.AddEvent(item.UID)
	e.SetDtStampTime(item.Changed.Time())
	e.SetLastModifiedAt(item.Changed.Time())
	e.SetSequence(item.Sequence)
	e.SetProperty(ics.ComponentPropertyDtStart, local(item.Day, item.Starts), ics.WithTZID(zoneName))
	e.SetProperty(ics.ComponentPropertyDtEnd, local(item.Day, item.Ends), ics.WithTZID(zoneName))
	// A line break that the library does not escape would begin a property of its
	// own, so that what was kept before its field was read as one line is made fit.
	e.SetSummary(text.Line(item.Summary))
	switch {
	case item.Place != "":
		e.SetLocation(text.Line(item.Place))
	case item.Link != "":
		e.SetLocation(text.Line(item.Link))
	}
	if item.Description != "" {
		e.SetDescription(text.Lines(item.Description))
	}
	if item.Page != "" {
		e.SetURL(text.Line(item.Page))
	}
	status := ics.ObjectStatusConfirmed
	if item.Cancelled {
		status = ics.ObjectStatusCancelled
	}
	e.SetStatus(status)
	return e
}

// local is a day and a "09:00" in the zone's own time.
func local(day clock.Day, hour string) string {
	return day.Time().Format("20060102") + "T" + strings.ReplaceAll(hour, ":", "") + "00"
}
