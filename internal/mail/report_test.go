package mail_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/mail"
	"yrkesresan/internal/text/texttest"
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
	const name, who = "JGwDMPQEsn_w6NNp6rS7OO_0", "asa@example.org"
	failed := mail.Report{Letter: name, Recipient: who, Status: "5.1.1", Failed: true}
	encoded := base64.StdEncoding.EncodeToString([]byte(returned[strings.Index(returned, "Reporting-MTA"):strings.Index(returned, "\n\n--A/mx.example.org\nContent-Type: text/rfc822-headers")]))
	replace := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(returned) }
	for _, c := range []struct {
		name, message string
		want          mail.Report
		none          bool
	}{
		{"nobody is there", returned, mail.Report{Letter: name, Recipient: who, Status: "5.1.1", Failed: true}, false},
		{"with line ends as they travel", strings.ReplaceAll(returned, "\n", "\r\n"), mail.Report{Letter: name, Recipient: who, Status: "5.1.1", Failed: true}, false},
		{"the whole letter came back", replace("text/rfc822-headers", "message/rfc822", "Subject: Hej\n", "Subject: Hej\n\nHej!\n"), mail.Report{Letter: name, Recipient: who, Status: "5.1.1", Failed: true}, false},
		{"it is only late", replace("Action: failed", "Action: delayed", "Status: 5.1.1", "Status: 4.4.1 (no answer)"), mail.Report{Letter: name, Recipient: who, Status: "4.4.1"}, false},
		{"somebody is out of office", "From: a@example.org\nContent-Type: text/plain\n\nTillbaka på måndag.\n", mail.Report{}, true},
		{"a receipt that was read", replace("delivery-status;", "disposition-notification;"), mail.Report{}, true},
		{"a report that does not say about what", replace("Message-ID:", "X-ID:", "Final-Recipient:", "X-Recipient:"), mail.Report{}, true},
		{"a report about an address, without the letter", replace("Message-ID:", "X-ID:"), mail.Report{Recipient: who, Status: "5.1.1", Failed: true}, false},
		{"the letter is named among the fields alone", replace("Message-ID:", "X-ID:", "Arrival-Date:", "X-Original-Message-ID: <"+name+"@example.org>\nArrival-Date:"), failed, false},
		{"the letter is what it answers", replace("Message-ID:", "X-ID:", "Auto-Submitted:", "In-Reply-To:\n <"+name+"@example.org>\nAuto-Submitted:"), failed, false},
		{"the first part is folded wrongly", replace("Content-Type: text/plain; charset=us-ascii", "Content-Type: text/plain;\ncharset=us-ascii\nContent-Description Notification"), failed, false},
		{"a space stands before the colon", replace("Action: failed", "Action : failed", "Status:", "Status :", "Content-Type: message", "Content-Type : message"), failed, false},
		{"the action says more", replace("Action: failed", "Action: failed (bad destination mailbox)"), failed, false},
		{"the report is a part among others", replace("multipart/report; report-type=delivery-status;", "multipart/mixed;"), failed, false},
		{"the report is a part of a part", "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nHej\n--x\n" + returned[strings.Index(returned, "Content-Type: multipart"):] + "--x--\n", failed, false},
		{"the kind of the report is not said", replace("report-type=delivery-status;\n\t", ""), failed, false},
		{"the boundary is folded to the margin", replace("\n\tboundary", "\nboundary"), failed, false},
		{"the status is in the words of the server", replace("Status: 5.1.1\n", ""), failed, false},
		{"there is no status", replace("Status: 5.1.1\n", "", "550 5.1.1", "550"), mail.Report{Letter: name, Recipient: who, Status: "5.0.0", Failed: true}, false},
		{"it travelled in another dress", replace(returned[strings.Index(returned, "Content-Type: message/delivery"):strings.Index(returned, "--A/mx.example.org\nContent-Type: text/rfc822-headers")], "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"+encoded+"\n\n"), failed, false},
		{"the end is missing", strings.TrimSuffix(returned, "--A/mx.example.org--\n"), failed, false},
		{"a report that breaks off before it says why", returned[:strings.Index(returned, "Action:")], mail.Report{}, true},
		{"a report that breaks off after it", returned[:strings.Index(returned, "--A/mx.example.org\nContent-Type: text/rfc822-headers")], mail.Report{Recipient: who, Status: "5.1.1", Failed: true}, false},
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

func FuzzAReportIsReadWithinBounds(f *testing.F) {
	f.Add(returned, "", 0)
	f.Add("Content-Type: multipart/mixed; boundary=a\n\n", "--a\nContent-Type: multipart/mixed; boundary=a\n\n", 100_000)
	f.Add("Content-Type: multipart/mixed; boundary=a\n\n", "--a\n\n", 1_000_000)
	f.Add("Content-Type: message/delivery-status\n\n", "Status: 5.1.1\n\n", 500_000)
	f.Add("A: ", " a\n", 2_000_000)
	f.Add("", "A:\n", 2_000_000)
	f.Fuzz(func(t *testing.T, head, again string, times int) {
		message := head + strings.Repeat(again, min(max(times, 0), 8<<20/max(1, len(again))))
		texttest.Within(t, 20*time.Second, 2<<30, func() {
			if _, err := mail.ReadReport(strings.NewReader(message)); err != nil && !errors.Is(err, mail.ErrNoReport) {
				t.Error(err)
			}
		})
	})
}
