// Package mail sends the product's letters over SMTP. A letter is a job: it
// rides the transaction that has a reason for it, and is tried again until the
// mail server has taken it.
package mail

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/jobs"
)

// Letter is a letter to one person. Text is always there; HTML is the same in
// another form, for those who like it.
//
// Key names the occasion, as in "round-17-confirmed-person-4": of letters with
// the same key only the first is sent (for a day at least), and however often
// it is tried it has the same Message-ID. A letter without a key is an occasion
// of its own.
type Letter struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html,omitempty"`
	Key     string `json:"key" river:"unique"`

	// Calendar is an iCalendar object with one entry, for the recipient's
	// calendar to take in by itself (RFC 6047); empty for none. CalendarMethod is
	// its METHOD, REQUEST or CANCEL.
	Calendar       string `json:"calendar,omitempty"`
	CalendarMethod string `json:"calendar_method,omitempty"`
}

// Queue is where letters wait. Without a mail server it stands still.
const Queue = "letters"

// Kind names the job.
func (Letter) Kind() string { return "mail_letter" }

// Queue keeps letters apart from other work.
func (Letter) Queue() string { return Queue }

// Send lets the letter be sent once tx is committed. What it says stands in the
// database until a day after it was sent: a secret is better made by the job
// that delivers it (see Deliver).
func Send(ctx context.Context, tx *db.Tx, letter Letter) error {
	if _, err := netmail.ParseAddress(letter.To); err != nil {
		return fmt.Errorf("send letter: %q is no address", letter.To)
	}
	if letter.Key == "" {
		letter.Key = rand.Text()
	}
	return jobs.AddOnce(ctx, tx, letter)
}

// Sender hands letters over to a mail server, or to none.
type Sender struct {
	host    string
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	options []gomail.Option
	from    *netmail.Address
	now     clock.Clock
}

// timeout bounds one conversation with the mail server.
const timeout = 20 * time.Second

// Open reads where letters go and from whom. server is smtp://user:password@host:port
// (encrypted when the server can, port 587 unless said) or smtps://… (always
// encrypted, port 465); empty means that there is none. from is an address,
// "Yrkesresan <no-reply@example.org>". Nothing is connected yet.
func Open(server, from string, now clock.Clock) (*Sender, error) {
	if server == "" {
		return &Sender{}, nil
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail: %q is no address to send from", from)
	}
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		// The address may hold a password: it is not repeated.
		return nil, errors.New("mail: want smtp://user:password@host:port or smtps://user:password@host:port as mail server")
	}
	s := &Sender{host: u.Hostname(), from: sender, now: now, dial: new(net.Dialer).DialContext}
	port := 587
	if u.Scheme == "smtps" {
		port = 465
		s.dial = (&tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12}}).DialContext
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("mail: the mail server's port is no number")
		}
	}
	s.options = []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(timeout), gomail.WithTLSPolicy(gomail.TLSOpportunistic)}
	if u.User != nil {
		password, _ := u.User.Password()
		// The strongest way that the server knows; a password is never sent
		// in the clear over a network.
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if _, err := gomail.NewClient(s.host, s.options...); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return s, nil
}

// Ready tells whether there is a mail server.
func (s *Sender) Ready() bool { return s.host != "" }

// Handle lets the queue send letters. Without a mail server they are kept, and
// the log says so.
func (s *Sender) Handle(q *jobs.Queue, log *slog.Logger) {
	if !s.Ready() {
		log.Warn("no mail server is set: letters are kept and not sent, and nobody can sign in by e-mail")
		return
	}
	jobs.Handle(q, s.Deliver)
}

// Deliver hands the letter over now: for jobs only, since it takes as long as
// the mail server does. A letter that was refused for good is an error that
// ends the job. The errors say nothing of what the letter says.
func (s *Sender) Deliver(ctx context.Context, letter Letter) error {
	message, err := s.message(letter)
	if err != nil {
		return jobs.GiveUp(err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// The library looks at ctx while it connects only, and forgets to close
	// what it cannot log in to: ctx closes the line.
	dial := func(dialing context.Context, network, address string) (net.Conn, error) {
		line, err := s.dial(dialing, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = line.Close() })
		}
		return line, err
	}
	client, err := gomail.NewClient(s.host, append(slices.Clone(s.options), gomail.WithDialContextFunc(dial))...)
	if err != nil {
		return fmt.Errorf("send letter: %w", err)
	}
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("send letter: reach the mail server: %w", err)
	}
	err = client.SendWithSMTPClient(conversation, message)
	// The letter is taken or refused by now: a bad farewell changes neither.
	_ = client.CloseWithSMTPClient(conversation)
	if err != nil {
		return refusal(err)
	}
	return nil
}

// refusal tells why a letter was not taken, without the server's own words:
// filters like to quote what they dislike, and that may be a sign-in link.
func refusal(err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		var network net.Error
		if errors.As(err, &network) && network.Timeout() {
			return errors.New("send letter: the mail server took too long")
		}
		return errors.New("send letter: the conversation with the mail server broke off")
	}
	why := &Refusal{
		Answer: strings.TrimSpace(fmt.Sprintf("%d %s", refused.ErrorCode(), refused.EnhancedStatusCode())),
		Final:  refused.ErrorCode() >= 500 && refused.ErrorCode() < 600,
		reason: refused.Reason.String(),
	}
	if why.Final {
		return jobs.GiveUp(why)
	}
	return why
}

// Refusal is that a letter was not taken. Answer is the mail server's code, as
// in "550 5.1.1", and empty when the address is none; Final tells that no later
// try can succeed.
type Refusal struct {
	Answer string
	Final  bool
	reason string
}

func (r *Refusal) Error() string {
	if r.Answer == "" {
		return "send letter: " + r.reason
	}
	return "send letter: " + r.reason + ": the mail server answered " + r.Answer
}

func (s *Sender) message(letter Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	if err := m.To(letter.To); err != nil {
		return nil, &Refusal{Final: true, reason: "the address cannot be written to"}
	}
	m.Subject(letter.Subject)
	m.SetDateWithValue(s.now().Time())
	m.SetMessageIDWithValue(s.messageID(letter.Key))
	// Nobody's out-of-office answers a machine (RFC 3834, § 5).
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, letter.Text)
	if letter.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, letter.HTML)
	}
	if letter.Calendar != "" {
		// The alternative is what calendars take in; the attachment is for those
		// that do not, and is not called text/calendar, so that nobody does twice.
		m.AddAlternativeString(gomail.ContentType("text/calendar; method="+letter.CalendarMethod), letter.Calendar)
		if err := m.AttachReader("kurs.ics", strings.NewReader(letter.Calendar), gomail.WithFileContentType("application/ics")); err != nil {
			return nil, fmt.Errorf("send letter: attach the calendar entry: %w", err)
		}
	}
	return m, nil
}

// messageID is the same for the same key, so that a mail server that meets a
// letter twice can tell.
func (s *Sender) messageID(key string) string {
	if key == "" {
		key = rand.Text()
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	return Name(key) + "@" + domain
}

// Name is what the letter with the key is called in its Message-ID, before the
// sign @.
func Name(key string) string {
	hash := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(hash[:18])
}
