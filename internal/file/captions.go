package file

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/text"
)

// captions is the ending of WebVTT, the only captions that browsers show; subRip is
// that of the kind that most programs write, which is kept as WebVTT.
const (
	captions = ".vtt"
	subRip   = ".srt"
)

// timing is the line of a cue that says when it is shown, with settings after it
// (WebVTT § 4.1, "WebVTT cue timings"). Programs write commas, hours of one figure
// and no space as well.
var timing = regexp.MustCompile(`^(?:([0-9]{1,6}):)?([0-5]?[0-9]):([0-5]?[0-9])[.,]([0-9]{1,3})[ \t]*-->[ \t]*(?:([0-9]{1,6}):)?([0-5]?[0-9]):([0-5]?[0-9])[.,]([0-9]{1,3})([ \t].*)?$`)

// What SubRip has in its words that WebVTT has not: fonts, and where a line stands.
var (
	subRipMarks = regexp.MustCompile(`(?i)</?font[^>]*>|\{\\[^}]*\}`)
	noMark      = regexp.MustCompile(`(?i)<(/?[biu]>)?`)
)

// captionsOf are the captions that were sent as WebVTT. Such as are empty or too long
// are left as they are: they are refused as any file is.
func captionsOf(content io.Reader) (io.Reader, error) {
	all, err := io.ReadAll(io.LimitReader(content, MaxCaptions+1))
	if err != nil || len(all) == 0 || len(all) > MaxCaptions {
		return io.MultiReader(bytes.NewReader(all), content), nil //nolint:nilerr // whoever reads on meets it again
	}
	made, err := readCaptions(all)
	return bytes.NewReader(made), err
}

// readCaptions makes WebVTT of captions as programs save them: UTF-8, UTF-16 and
// Latin-1, SubRip and WebVTT with SubRip's times. What browsers understand stays as
// it is. A library for captions forgives much and says little; here what cannot be
// read is fault.Invalid of the field file with its line, since a browser that does
// not understand a cue shows nothing and says nothing.
func readCaptions(raw []byte) ([]byte, error) {
	source, err := text.Decode(raw)
	if err != nil {
		return nil, fault.Invalid("file", "file.captions_unreadable")
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source), "\n")
	signed := isSignature(lines[0])
	same := signed && utf8.Valid(raw)
	cues, words, timed, inCue := 0, false, false, false
	for i, line := range lines {
		switch trimmed := strings.TrimSpace(line); {
		case strings.Contains(line, "-->"):
			made, err := cueTimes(trimmed, i+1, signed)
			if err != nil {
				return nil, err
			}
			same = same && made == trimmed
			lines[i], timed, inCue, words = made, true, true, false
		case trimmed == "":
			inCue = false
		case inCue:
			if !signed {
				lines[i] = plainCue(line)
			}
			if !words {
				cues++
			}
			words = true
		}
	}
	switch {
	case !signed && !timed && strings.TrimSpace(source) != "":
		return nil, fault.Invalid("file", "file.type_mismatch")
	case cues == 0:
		return nil, fault.Invalid("file", "file.captions_empty")
	case same:
		return raw, nil
	}
	var out bytes.Buffer
	if !signed {
		out.WriteString("WEBVTT\n\n")
	}
	out.WriteString(strings.TrimSpace(strings.Join(lines, "\n")) + "\n")
	return out.Bytes(), nil
}

func isSignature(line string) bool {
	rest, ok := strings.CutPrefix(line, "WEBVTT")
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// cueTimes is a line of times as WebVTT has it. Settings are WebVTT's own: what
// SubRip says there is left out.
func cueTimes(line string, number int, settings bool) (string, error) {
	t := timing.FindStringSubmatch(line)
	if t == nil {
		return "", fault.Invalid("file", "file.captions_time", "Line", number)
	}
	from, begins := moment(t[1:5])
	to, ends := moment(t[5:9])
	if ends <= begins {
		return "", fault.Invalid("file", "file.captions_backwards", "Line", number)
	}
	if !settings {
		t[9] = ""
	}
	made := from + " --> " + to + t[9]
	if strings.Contains(strings.TrimPrefix(made, from+" -->"), "-->") {
		return "", fault.Invalid("file", "file.captions_time", "Line", number)
	}
	return made, nil
}

// moment is a time as WebVTT writes it, and in milliseconds. Hours that are not
// there stay away.
func moment(part []string) (written string, milliseconds int) {
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // figures alone, and few
		return n
	}
	thousandths := part[3] + "000"[len(part[3]):]
	written = fmt.Sprintf("%02d:%02d.%s", number(part[1]), number(part[2]), thousandths)
	if part[0] != "" {
		written = fmt.Sprintf("%02d:%s", number(part[0]), written)
	}
	return written, ((number(part[0])*60+number(part[1]))*60+number(part[2]))*1000 + number(thousandths)
}

// plainCue is a line of SubRip's words as WebVTT has it.
func plainCue(line string) string {
	line = strings.ReplaceAll(subRipMarks.ReplaceAllString(line, ""), "&", "&amp;")
	return noMark.ReplaceAllStringFunc(line, func(mark string) string {
		if mark == "<" {
			return "&lt;"
		}
		return strings.ToLower(mark)
	})
}
