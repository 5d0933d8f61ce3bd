// Package mailtest is a mail server on the loopback address that keeps what it
// is given, for tests to read.
package mailtest

import (
	"bufio"
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// Password is every user's.
const Password = "pass word"

// Server is a mail server. It speaks as much of RFC 5321 as a client needs to
// hand over a letter.
type Server struct {
	// Refuse, when set, is asked for the answer to a letter: "" takes it.
	Refuse func(letter string) string
	// Login is the way to log in that the server offers. It knows "CRAM-MD5".
	Login string

	listener net.Listener
	mu       sync.Mutex
	logins   []string
	letters  chan Letter
	all      sync.WaitGroup
}

// Letter is one letter as it arrived.
type Letter struct {
	From, To string // of the envelope
	Header   mail.Header
	Subject  string // decoded
	Text     string // decoded
	HTML     string // decoded; empty when there is none

	Calendar       string // decoded; empty when there is none
	CalendarMethod string // of the part's Content-Type
	Attached       string // the same as it is attached
	Attachment     string // and its name
}

// Open starts a server that ends with the test.
func Open(t testing.TB) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Login: "CRAM-MD5", listener: listener, letters: make(chan Letter, 1000)}
	s.all.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			s.all.Go(func() {
				defer connection.Close()
				defer time.AfterFunc(time.Minute, func() { _ = connection.Close() }).Stop()
				s.serve(textproto.NewConn(connection))
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		s.all.Wait()
	})
	return s
}

// Host is the server's host and port.
func (s *Server) Host() string { return s.listener.Addr().String() }

// Address is the server as mail.Open wants it.
func (s *Server) Address() string { return "smtp://" + s.Host() }

// Logins are the users who proved that they know Password.
func (s *Server) Logins() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// Next waits for the next letter.
func (s *Server) Next(t testing.TB) Letter {
	t.Helper()
	select {
	case letter := <-s.letters:
		return letter
	case <-time.After(20 * time.Second):
		t.Fatal("waited 20 seconds for a letter")
		panic("unreachable")
	}
}

// Waiting is the number of letters that Next has not given out.
func (s *Server) Waiting() int { return len(s.letters) }

func (s *Server) serve(c *textproto.Conn) {
	say := func(line string) { _ = c.PrintfLine("%s", line) } // a caller that is gone sends no more either
	var from, to string
	say("220 mailtest")
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-mailtest")
			say("250-8BITMIME")
			say("250-ENHANCEDSTATUSCODES")
			say("250 AUTH " + s.Login)
		case "AUTH":
			if rest != "CRAM-MD5" {
				say("504 5.5.4 only CRAM-MD5")
				continue
			}
			const challenge = "<1@mailtest>"
			say("334 " + base64.StdEncoding.EncodeToString([]byte(challenge)))
			line, err := c.ReadLine()
			if err != nil {
				return
			}
			answer, _ := base64.StdEncoding.DecodeString(line)
			user, proof, _ := strings.Cut(string(answer), " ")
			mac := hmac.New(md5.New, []byte(Password))
			mac.Write([]byte(challenge))
			if proof != hex.EncodeToString(mac.Sum(nil)) {
				say("535 5.7.8 wrong password")
				continue
			}
			s.mu.Lock()
			s.logins = append(s.logins, user)
			s.mu.Unlock()
			say("235 2.7.0 welcome")
		case "MAIL":
			from = address(rest)
			say("250 2.1.0 ok")
		case "RCPT":
			to = address(rest)
			say("250 2.1.5 ok")
		case "DATA":
			say("354 go on")
			raw, err := io.ReadAll(c.DotReader())
			if err != nil {
				return
			}
			say(s.take(from, to, string(raw)))
		case "QUIT":
			say("221 2.0.0 bye")
			return
		default:
			say("250 2.0.0 ok")
		}
	}
}

func address(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}

// take is the server's answer to a letter.
func (s *Server) take(from, to, raw string) string {
	if s.Refuse != nil {
		if answer := s.Refuse(raw); answer != "" {
			return answer
		}
	}
	letter, err := read(raw)
	if err != nil {
		return "554 5.6.0 " + err.Error()
	}
	letter.From, letter.To = from, to
	s.letters <- letter
	return "250 2.0.0 taken"
}

func read(raw string) (Letter, error) {
	message, err := mail.ReadMessage(bufio.NewReader(strings.NewReader(raw)))
	if err != nil {
		return Letter{}, err
	}
	letter := Letter{Header: message.Header}
	if letter.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return Letter{}, err
	}
	return letter, letter.part(textproto.MIMEHeader(message.Header), message.Body)
}

func (l *Letter) part(header textproto.MIMEHeader, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := l.part(p.Header, p); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(strings.ReplaceAll(string(content), "\r\n", "\n"))
	if disposition, named, err := mime.ParseMediaType(header.Get("Content-Disposition")); err == nil && disposition == "attachment" {
		l.Attached, l.Attachment = string(content), named["filename"]
		return nil
	}
	switch {
	case !strings.EqualFold(params["charset"], "utf-8"):
		return fmt.Errorf("charset %s", params["charset"])
	case kind == "text/html":
		l.HTML = text
	case kind == "text/calendar":
		l.Calendar, l.CalendarMethod = string(content), params["method"]
	default:
		l.Text = text
	}
	return nil
}
