package mail_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
)

const from = "Yrkesresan på prov <no-reply@example.org>"

var (
	noon = clock.Date(2025, 12, 2).At(12, 0)
	now  = clock.Fixed(noon)
)

// safe is a buffer that a log may be written to while it is read.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func open(t *testing.T, server string) *mail.Sender {
	t.Helper()
	s, err := mail.Open(server, from, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start runs the letters of d through the mail server and returns the log.
func start(t *testing.T, d *db.DB, s *mail.Sender) *safe {
	t.Helper()
	ctx := context.Background()
	if err := jobs.Migrate(ctx, d); err != nil {
		t.Fatal(err)
	}
	var log safe
	q, err := jobs.Open(ctx, d, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	s.Handle(q, slog.New(slog.NewTextHandler(&log, nil)))
	if err := q.Start(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &log
}

func send(t *testing.T, d *db.DB, letters ...mail.Letter) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, letter := range letters {
			if err := mail.Send(context.Background(), tx, letter); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := mailtest.Open(t)
		start(t, d, open(t, server.Address()))
		text := "Hej Åsa!\n\nKursdagen i Älvdalen är bekräftad: en rad som är betydligt längre än de sjuttiosex tecken som ryms i brevets egna rader.\n.\nHälsningar"
		send(t, d, mail.Letter{
			To: "asa@example.org", Subject: "Kursdag på Öland – bekräftad", Text: text,
			HTML: "<p>Hej Åsa!</p>", Key: "round-1-person-2",
		})
		got := server.Next(t)
		for _, each := range []struct{ what, got, want string }{
			{"envelope sender", got.From, "no-reply@example.org"},
			{"envelope recipient", got.To, "asa@example.org"},
			{"subject", got.Subject, "Kursdag på Öland – bekräftad"},
			{"text", got.Text, text},
			{"HTML", got.HTML, "<p>Hej Åsa!</p>"},
			{"date", got.Header.Get("Date"), "Tue, 02 Dec 2025 12:00:00 +0100"},
			{"auto-submitted", got.Header.Get("Auto-Submitted"), "auto-generated"},
		} {
			if each.got != each.want {
				t.Errorf("%s is %q, want %q", each.what, each.got, each.want)
			}
		}
		if sender, err := got.Header.AddressList("From"); err != nil || sender[0].Name != "Yrkesresan på prov" {
			t.Errorf("from %v (%v)", sender, err)
		}
		if id := got.Header.Get("Message-ID"); !strings.HasPrefix(id, "<") || !strings.HasSuffix(id, "@example.org>") {
			t.Errorf("message id %q", id)
		}
	})
}

func TestLettersWithTheSameKeyAreSentOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := mailtest.Open(t)
		start(t, d, open(t, server.Address()))
		letter := mail.Letter{To: "a@example.org", Subject: "One", Text: "Text", Key: "k"}
		send(t, d, letter, letter)
		server.Next(t)
		send(t, d, letter, mail.Letter{To: "b@example.org", Subject: "Two", Text: "Text"}, mail.Letter{To: "b@example.org", Subject: "Two", Text: "Text"})
		for range 2 {
			if got := server.Next(t); got.Subject != "Two" {
				t.Errorf("the letter %q was sent again", got.Subject)
			}
		}
		if n := server.Waiting(); n != 0 {
			t.Errorf("%d letters too many", n)
		}
	})
}

func TestALetterIsTriedAgainWithTheSameMessageID(t *testing.T) {
	server := mailtest.Open(t)
	var tries atomic.Int32
	ids := make(chan string, 2)
	server.Refuse = func(letter string) string {
		for line := range strings.Lines(letter) {
			if id, ok := strings.CutPrefix(line, "Message-ID:"); ok {
				ids <- strings.TrimSpace(id)
			}
		}
		if tries.Add(1) == 1 {
			return "451 4.3.0 come back later"
		}
		return ""
	}
	d := dbtest.Open(t, dbtest.SQLite(t))
	start(t, d, open(t, server.Address()))
	send(t, d, mail.Letter{To: "a@example.org", Subject: "Again", Text: "Text"})
	server.Next(t)
	if first, second := <-ids, <-ids; first != second || first == "" {
		t.Errorf("message ids %q and %q", first, second)
	}
}

// A filter likes to quote the link that it dislikes; the log and the kept job
// must not pass it on.
func TestARefusedLetterLeaksNothing(t *testing.T) {
	const secret = "sUpErSeCrEt"
	for answer, state := range map[string]string{
		"550 5.7.1 your link https://example.org/?token=" + secret + " is spam": "cancelled",
		"451 4.7.1 your link https://example.org/?token=" + secret + " is grey": "available, retryable",
	} {
		t.Run(state, func(t *testing.T) {
			server := mailtest.Open(t)
			refused := make(chan struct{}, 10)
			server.Refuse = func(string) string { refused <- struct{}{}; return answer }
			d := dbtest.Open(t, dbtest.SQLite(t))
			log := start(t, d, open(t, server.Address()))
			send(t, d, mail.Letter{To: "a@example.org", Subject: "In", Text: "https://example.org/?token=" + secret})
			<-refused
			var kept struct{ state, errors string }
			for range 100 {
				var err error
				kept, err = db.Row(context.Background(), d.Reader(), func(k *struct{ state, errors string }) []any {
					return []any{&k.state, &k.errors}
				}, `SELECT state, COALESCE(json(errors), '') FROM river_job`)
				if err != nil {
					t.Fatal(err)
				}
				if kept.state != "running" {
					break
				}
				time.Sleep(50 * time.Millisecond)
			}
			if !strings.Contains(state, kept.state) {
				t.Errorf("the job is %s, want %s", kept.state, state)
			}
			if !strings.Contains(kept.errors, "the mail server answered "+answer[:9]) {
				t.Errorf("the job does not say why: %s", kept.errors)
			}
			if strings.Contains(kept.errors+log.String(), secret) {
				t.Errorf("the secret leaked:\n%s\n%s", kept.errors, log)
			}
		})
	}
}

func TestDeliver(t *testing.T) {
	ctx := context.Background()
	letter := mail.Letter{To: "a@example.org", Subject: "Hej", Text: "Text"}

	t.Run("gives name and password when there are any", func(t *testing.T) {
		server := mailtest.Open(t)
		if err := open(t, "smtp://user:pass%20word@"+server.Host()).Deliver(ctx, letter); err != nil {
			t.Fatal(err)
		}
		if got := server.Logins(); len(got) != 1 || got[0] != "user" {
			t.Errorf("logins %q", got)
		}
	})

	t.Run("never says the password in the clear", func(t *testing.T) {
		server := mailtest.Open(t)
		server.Login = "PLAIN LOGIN"
		err := open(t, "smtp://user:pass%20word@"+server.Host()).Deliver(ctx, letter)
		if err == nil || strings.Contains(err.Error(), mailtest.Password) || server.Waiting() != 0 {
			t.Errorf("got %v, want a refusal to log in", err)
		}
	})

	t.Run("keeps a line break in the subject from becoming a header", func(t *testing.T) {
		server := mailtest.Open(t)
		bad := letter
		bad.Subject = "Hej\r\nBcc: b@example.org"
		if err := open(t, server.Address()).Deliver(ctx, bad); err != nil {
			t.Fatal(err)
		}
		if got := server.Next(t); got.Header.Get("Bcc") != "" || got.To != "a@example.org" {
			t.Errorf("headers %v", got.Header)
		}
	})

	t.Run("says that there is no server at the address", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := listener.Addr().String()
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		err = open(t, "smtp://"+address).Deliver(ctx, letter)
		if err == nil || !strings.Contains(err.Error(), "reach the mail server") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("ends with its context", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0") // takes calls and says nothing
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		ended := make(chan error, 1)
		go func() { ended <- open(t, "smtp://"+listener.Addr().String()).Deliver(short, letter) }()
		select {
		case err := <-ended:
			if err == nil {
				t.Error("a silent server took a letter")
			}
		case <-time.After(10 * time.Second):
			t.Error("still waiting after 10 s")
		}
	})
}

func TestWithoutAMailServerLettersAreKeptAndTheLogSaysSo(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	s := open(t, "")
	if s.Ready() {
		t.Error("ready without a server")
	}
	log := start(t, d, s)
	if !strings.Contains(log.String(), "no mail server is set") {
		t.Errorf("the log says %q", log)
	}
	send(t, d, mail.Letter{To: "a@example.org", Subject: "Hej", Text: "Text"})
	n, err := db.Row(context.Background(), d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job WHERE state = 'available' AND queue = $1`, mail.Queue)
	if err != nil || n != 1 {
		t.Errorf("%d letters are kept (%v), want 1", n, err)
	}
}

func TestBadSettingsAndAddressesAreRefused(t *testing.T) {
	for _, server := range []string{"smtp://", "http://example.org", "example.org:25", "smtp://u:hemligt@example.org:x", "smtp://u:hemligt@ex ample"} {
		_, err := mail.Open(server, from, now)
		if err == nil {
			t.Errorf("%q is taken as a server", server)
		} else if strings.Contains(err.Error(), "hemligt") {
			t.Errorf("the password is repeated: %v", err)
		}
	}
	if _, err := mail.Open("smtp://localhost", "nobody", now); err == nil {
		t.Error("nobody is taken as a sender")
	}
	if err := mail.Send(context.Background(), nil, mail.Letter{To: "a@example.org\r\nb"}); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("a broken address gives %v", err)
	}
}
