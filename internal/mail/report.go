package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strings"

	"yrkesresan/internal/text"
)

// Report is what a mail server sends back that took a letter and could not
// deliver it (RFC 3464).
type Report struct {
	Letter    string // the letter's name, as Name gives it; empty when the report does not say
	Recipient string // whose address it is about; empty when the report does not say
	Status    string // why, as in "5.1.1" (RFC 3463)
	Failed    bool   // it never will be delivered; otherwise it is late, or was
}

// ErrNoReport is that a message is no report about a letter.
var ErrNoReport = errors.New("the message is no delivery report")

// What is read of a message that came back.
const (
	maxReport = 10 << 20
	mostInner = 5   // messages and lists of parts inside each other
	mostParts = 100 // of all of them
)

// ReadReport reads a message that came back. ErrNoReport for any other, an
// out-of-office answer say.
//
// Mail servers write reports that the standards, and the library that holds them,
// refuse: lines that are folded wrongly, a space before a colon, a report among
// other parts, or without the letter that it is about. What says how the delivery
// went is read whatever stands beside it.
func ReadReport(r io.Reader) (Report, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxReport))
	if err != nil {
		return Report{}, fmt.Errorf("read a report: %w", err)
	}
	raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	message := readPart(bytes.TrimLeft(raw, "\n"))
	kind, params := message.kind()
	if of, said := params["report-type"]; kind == "multipart/report" && said && !strings.EqualFold(of, "delivery-status") {
		return Report{}, ErrNoReport
	}
	reading := reading{parts: mostParts}
	reading.walk(message, mostInner)
	report := reading.report
	for _, named := range []string{reading.original, reading.said, message.header.get("In-Reply-To"), message.header.get("References")} {
		if report.Letter == "" {
			report.Letter = letterOf(named)
		}
	}
	if report.Status == "" || report.Letter == "" && report.Recipient == "" {
		return Report{}, ErrNoReport
	}
	return report, nil
}

// letterOf is the name of the letter with the message id, the last of several.
func letterOf(ids string) string {
	all := strings.Fields(ids)
	if len(all) == 0 {
		return ""
	}
	name, _, _ := strings.Cut(strings.Trim(all[len(all)-1], "<>"), "@")
	return name
}

// reading is a message while it is read.
type reading struct {
	report         Report
	original, said string // the letter's message id, as it came back and as the report says
	parts          int    // that may still be read
}

func (r *reading) walk(p part, inner int) {
	if r.parts--; r.parts < 0 {
		return
	}
	switch kind, params := p.kind(); {
	case strings.HasPrefix(kind, "multipart/") && inner > 0:
		for _, each := range between(p.body, params["boundary"]) {
			r.walk(readPart(each), inner-1)
		}
	case kind == "message/delivery-status", kind == "message/global-delivery-status":
		r.recipients(p.decoded())
	case kind == "message/rfc822", kind == "message/global", kind == "text/rfc822-headers", kind == "message/global-headers":
		if id := readPart(bytes.TrimLeft(p.decoded(), "\n")).header.get("Message-Id"); id != "" && r.original == "" {
			r.original = id
		}
	}
}

// statusIn finds the code of RFC 3463 in what a server says.
var statusIn = regexp.MustCompile(`\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// recipients reads the blocks of a delivery status: one about the message, then
// one for each recipient. A letter has one recipient; where a server says more, what
// has failed counts.
func (r *reading) recipients(status []byte) {
	for len(status) > 0 {
		block := readPart(status)
		status = bytes.TrimLeft(block.body, "\n")
		for _, name := range []string{"X-Original-Message-ID", "Original-Message-ID"} {
			if id := block.header.get(name); id != "" {
				r.said = id
			}
		}
		action, _, _ := strings.Cut(strings.ToLower(block.header.get("Action"))+" ", " ")
		code := statusIn.FindString(block.header.get("Status"))
		if code == "" {
			code = statusIn.FindString(block.header.get("Diagnostic-Code"))
		}
		if code == "" && action == "failed" {
			code = "5.0.0"
		}
		if code == "" || r.report.Failed {
			continue
		}
		r.report.Status = code
		r.report.Failed = action == "failed" || action == "" && code[0] == '5'
		r.report.Recipient = address(block.header.get("Original-Recipient"))
		if r.report.Recipient == "" {
			r.report.Recipient = address(block.header.get("Final-Recipient"))
		}
	}
}

// address is the address in "rfc822; asa@example.org"; empty for none.
func address(recipient string) string {
	if _, after, typed := strings.Cut(recipient, ";"); typed {
		recipient = after
	}
	found, err := netmail.ParseAddress(text.Line(recipient))
	if err != nil {
		return ""
	}
	return strings.ToLower(found.Address)
}

// header is the fields of a part by name in small letters, each where it stands
// first.
type header map[string]string

func (h header) get(name string) string { return h[strings.ToLower(name)] }

// part is a message, a part of one or a block of a report: fields, then an empty
// line, then the rest.
type part struct {
	header header
	body   []byte
}

var fieldOf = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]{0,99})[ \t]*:(.*)$`)

// readPart reads leniently: a line that begins no field goes on with the one before.
func readPart(raw []byte) part {
	p := part{header: header{}}
	last := ""
	var value strings.Builder
	end := func() {
		if _, met := p.header[last]; !met && last != "" {
			p.header[last] = strings.TrimSpace(value.String())
		}
		value.Reset()
	}
	for len(raw) > 0 {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		raw = rest
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
		if field := fieldOf.FindSubmatch(line); field != nil {
			end()
			last = strings.ToLower(string(field[1]))
			value.Write(field[2])
			continue
		}
		value.WriteString(" " + string(bytes.TrimSpace(line)))
	}
	end()
	p.body = raw
	return p
}

var boundaryIn = regexp.MustCompile(`(?i)boundary[ \t]*=[ \t]*(?:"([^"]{1,200})"|([^ \t;]{1,200}))`)

// kind is the media type with its parameters, also where the library does not take
// the latter.
func (p part) kind() (string, map[string]string) {
	said := p.header.get("Content-Type")
	kind, params, err := mime.ParseMediaType(said)
	if err == nil {
		return kind, params
	}
	kind, _, _ = strings.Cut(said, ";")
	params = map[string]string{}
	if b := boundaryIn.FindStringSubmatch(said); b != nil {
		params["boundary"] = b[1] + b[2]
	}
	return strings.ToLower(strings.TrimSpace(kind)), params
}

// decoded is the body as it was before it travelled; as far as it can be told.
func (p part) decoded() []byte {
	var decoder io.Reader
	switch strings.ToLower(p.header.get("Content-Transfer-Encoding")) {
	case "base64":
		decoder = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(p.body))
	case "quoted-printable":
		decoder = quotedprintable.NewReader(bytes.NewReader(p.body))
	default:
		return p.body
	}
	all, _ := io.ReadAll(decoder) // what came before the fault is read
	return bytes.ReplaceAll(all, []byte("\r\n"), []byte("\n"))
}

// between are the parts that the boundary parts; the last may break off.
func between(body []byte, boundary string) (parts [][]byte) {
	if boundary == "" {
		return nil
	}
	begin, open := 0, false
	for at := 0; at < len(body) && len(parts) < mostParts; {
		end := at + bytes.IndexByte(body[at:], '\n')
		if end < at {
			end = len(body)
		}
		line := string(bytes.TrimRight(body[at:end], " \t"))
		if line == "--"+boundary || line == "--"+boundary+"--" {
			if open {
				parts = append(parts, body[begin:at])
			}
			begin, open = min(end+1, len(body)), line == "--"+boundary
		}
		at = end + 1
	}
	if open && len(parts) < mostParts {
		parts = append(parts, body[begin:])
	}
	return parts
}
