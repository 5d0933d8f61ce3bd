package mail

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"net/textproto"
	"strings"
)

// Report is what a mail server sends back that took a letter and could not
// deliver it (RFC 3464).
type Report struct {
	Letter string // the letter's name, as Name gives it
	Status string // why, as in "5.1.1" (RFC 3463)
	Failed bool   // it never will be delivered; otherwise it is late, or was
}

// ErrNoReport is that a message is no report about a letter.
var ErrNoReport = errors.New("the message is no delivery report")

// maxReport is the largest report that is read.
const maxReport = 10 << 20

// ReadReport reads a message that came back. ErrNoReport for any other, an
// out-of-office answer say.
func ReadReport(r io.Reader) (Report, error) {
	message, err := netmail.ReadMessage(bufio.NewReader(io.LimitReader(r, maxReport)))
	if err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") {
		return Report{}, ErrNoReport
	}
	var report Report
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Report{}, fmt.Errorf("%w: %w", ErrNoReport, err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")) // none is none of those that matter
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			report.recipients(p)
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers":
			header, _ := textproto.NewReader(bufio.NewReader(p)).ReadMIMEHeader() // headers alone end without a blank line
			name, _, _ := strings.Cut(strings.Trim(header.Get("Message-Id"), "<> "), "@")
			report.Letter = name
		}
	}
	if report.Letter == "" || report.Status == "" {
		return Report{}, ErrNoReport
	}
	return report, nil
}

// recipients reads the blocks of a delivery status: one about the message, then
// one for each recipient. A letter has one recipient.
func (r *Report) recipients(part io.Reader) {
	blocks := textproto.NewReader(bufio.NewReader(part))
	for {
		block, err := blocks.ReadMIMEHeader()
		if status := block.Get("Status"); status != "" {
			r.Status, _, _ = strings.Cut(status, " ")
			r.Failed = strings.EqualFold(strings.TrimSpace(block.Get("Action")), "failed")
		}
		if err != nil {
			return
		}
	}
}
