package text

// MostDepth and MostParts bound a TOML file of ours: a course nests four deep, and
// the longest has a few thousand values.
const (
	MostDepth = 16
	MostParts = 100_000
)

// TOMLBounds reads a TOML file far enough to say whether a parser can read it in
// little time and memory, without calling itself: how deep arrays, tables and
// dotted keys lie in each other, and how many parts there are. It gives the line on
// which a bound is passed, and 0 for a file within them; what is no TOML at all is
// the parser's to say.
func TOMLBounds(source string) (line int, deep bool) {
	s := tomlScan{source: source, line: 1}
	for s.at < len(source) {
		if s.step(); s.deep || s.parts > MostParts {
			return s.line, s.deep
		}
	}
	return 0, false
}

type tomlScan struct {
	source   string
	at, line int
	open     int // brackets and braces that are not closed
	dots     int // of the key that is read
	parts    int
	deep     bool
}

func (s *tomlScan) step() {
	switch c := s.source[s.at]; c {
	case '\n':
		s.line++
		s.dots = 0
	case '#':
		s.to('\n')
		return
	case '"', '\'':
		s.quoted(c)
		return
	case '[', '{':
		s.open++
		s.parts++
		s.dots = 0
	case ']', '}':
		s.open = max(0, s.open-1)
		s.dots = 0
	case ',', '=':
		s.parts++
		s.dots = 0
	case '.':
		s.dots++
		s.parts++
	}
	s.deep = s.open > MostDepth || s.dots > MostDepth
	s.at++
}

// to goes on to the next such byte, or to the end.
func (s *tomlScan) to(c byte) {
	for s.at < len(s.source) && s.source[s.at] != c {
		s.at++
	}
}

// quoted passes a string: of one line, or of several within three quotes.
func (s *tomlScan) quoted(quote byte) {
	three := string([]byte{quote, quote, quote})
	long := hasAt(s.source, s.at, three)
	if s.at++; long {
		s.at += 2
	}
	for s.at < len(s.source) {
		switch c := s.source[s.at]; {
		case c == '\\' && quote == '"' && s.at+1 < len(s.source) && s.source[s.at+1] != '\n':
			s.at += 2
			continue
		case c == '\n' && !long:
			return // it has no end: the parser says so
		case c == '\n':
			s.line++
		case c == quote && !long:
			s.at++
			return
		case c == quote && hasAt(s.source, s.at, three):
			for s.at < len(s.source) && s.source[s.at] == quote { // it may end with quotes of its own
				s.at++
			}
			return
		}
		s.at++
	}
}

func hasAt(s string, at int, what string) bool {
	return len(s)-at >= len(what) && s[at:at+len(what)] == what
}
