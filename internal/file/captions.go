package file

import (
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// captions is the ending of WebVTT, the only captions that browsers show.
const captions = ".vtt"

// timing is the line of a cue that says when it is shown, with settings after
// it (WebVTT § 4.1, "WebVTT cue timings").
var timing = regexp.MustCompile(`^((?:[0-9]{2,}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3})[ \t]+-->[ \t]+((?:[0-9]{2,}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3})([ \t].*)?$`)

// isCaptions tells whether the content is WebVTT that says something: the
// signature, then cues with a beginning before their end. A library for
// captions reads many kinds of them and forgives much; here one kind is taken,
// and a browser that does not understand a cue shows nothing and says nothing.
func isCaptions(content io.ReaderAt, size int64) (bool, error) {
	all, err := io.ReadAll(io.NewSectionReader(content, 0, size))
	if err != nil || !utf8.Valid(all) {
		return false, err
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(all), "\ufeff"))
	lines := strings.Split(text, "\n")
	if first := strings.TrimRight(lines[0], " \t"); first != "WEBVTT" && !strings.HasPrefix(first, "WEBVTT ") && !strings.HasPrefix(first, "WEBVTT\t") {
		return false, nil
	}
	cues := 0
	for i, line := range lines {
		if !strings.Contains(line, "-->") {
			continue
		}
		t := timing.FindStringSubmatch(strings.TrimSpace(line))
		if t == nil || !before(t[1], t[2]) {
			return false, nil
		}
		if i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
			cues++
		}
	}
	return cues > 0, nil
}

// before compares two times of cues, of which either may lack its hours.
func before(a, b string) bool {
	long := func(s string) string {
		if strings.Count(s, ":") == 1 {
			s = "00:" + s
		}
		return strings.Repeat("0", max(0, 16-len(s))) + s
	}
	return long(a) < long(b)
}
