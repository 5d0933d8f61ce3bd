package mail_test

import (
	"errors"
	"strings"
	"testing"

	"yrkesresan/internal/mail"
)

// returned is a message as Postfix sends it back (RFC 3464, appendix E).
const returned = `From: MAILER-DAEMON@mx.example.org
To: yrkesresan@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="A/mx.example.org"

--A/mx.example.org
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--A/mx.example.org
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 5 Oct 2026 12:00:00 +0200 (CEST)

Final-Recipient: rfc822; asa@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <asa@example.org>: no such user

--A/mx.example.org
Content-Type: text/rfc822-headers

From: Yrkesresan <yrkesresan@example.org>
Message-ID: <JGwDMPQEsn_w6NNp6rS7OO_0@example.org>
Subject: Hej
--A/mx.example.org--
`

func TestAReportOfWhatCameBack(t *testing.T) {
	const name = "JGwDMPQEsn_w6NNp6rS7OO_0"
	replace := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(returned) }
	for _, c := range []struct {
		name, message string
		want          mail.Report
		none          bool
	}{
		{"nobody is there", returned, mail.Report{Letter: name, Status: "5.1.1", Failed: true}, false},
		{"with line ends as they travel", strings.ReplaceAll(returned, "\n", "\r\n"), mail.Report{Letter: name, Status: "5.1.1", Failed: true}, false},
		{"the whole letter came back", replace("text/rfc822-headers", "message/rfc822", "Subject: Hej\n", "Subject: Hej\n\nHej!\n"), mail.Report{Letter: name, Status: "5.1.1", Failed: true}, false},
		{"it is only late", replace("Action: failed", "Action: delayed", "Status: 5.1.1", "Status: 4.4.1 (no answer)"), mail.Report{Letter: name, Status: "4.4.1"}, false},
		{"somebody is out of office", "From: a@example.org\nContent-Type: text/plain\n\nTillbaka på måndag.\n", mail.Report{}, true},
		{"a receipt that was read", replace("delivery-status;", "disposition-notification;"), mail.Report{}, true},
		{"a report that does not say about what", replace("Message-ID:", "X-ID:"), mail.Report{}, true},
		{"a report that breaks off", returned[:700], mail.Report{}, true},
		{"nothing", "", mail.Report{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := mail.ReadReport(strings.NewReader(c.message))
			if got != c.want || c.none != errors.Is(err, mail.ErrNoReport) || err != nil && !c.none {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// The name of a letter does not change: reports about letters that were sent
// before a new version are found after it.
func TestTheNameOfALetter(t *testing.T) {
	if got := mail.Name("round-letter-17-person-4-part-1"); got != "xw8csC1gz8rHQcyFWl6wFdSF" {
		t.Errorf("it is called %q", got)
	}
}
