package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"yrkesresan/internal/text"
)

// What is read of a file, so that a wrong one costs little.
const (
	MaxBytes   = 128 << 20 // a country's staff as CSV is a third of it
	MaxRows    = 500_000
	maxBook    = 32 << 20 // an XLSX, packed
	maxUnfold  = 512 << 20
	maxInHand  = 16 << 20 // of an unpacked part; what is larger goes through a file
	maxColumns = 200
	maxCell    = 2000 // bytes
)

// The reasons why a file cannot be read at all.
var (
	ErrTooLarge   = errors.New("the file is larger than what is read")
	ErrUnreadable = errors.New("the file is neither text nor a workbook that can be read")
	ErrOldBook    = errors.New("the file is a workbook of the old kind (.xls)")
	ErrLocked     = errors.New("the workbook has a password")
	ErrEmpty      = errors.New("the file has no rows")
	ErrQuote      = errors.New("a quotation mark is not closed: the file ends in the middle of a cell")
)

// Row is one row: Line is its number in the file as an editor or a spreadsheet shows
// it, from 1.
type Row struct {
	Line  int
	Cells []string
}

// Empty tells whether nothing stands in the row.
func (r Row) Empty() bool {
	for _, cell := range r.Cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// Rows walks a file. Encoding and Separator are what was found, for people to check:
// "UTF-8", "UTF-16", "Windows-1252" or "XLSX", and the separator of a CSV.
type Rows struct {
	Encoding  string
	Separator rune
	next      func() (Row, error)
	close     func() error
	read      int
}

// Next is the next row that has something in it; io.EOF after the last. ErrTooLarge
// when there are more rows, or more in a row, than what is read.
func (r *Rows) Next() (Row, error) {
	for {
		row, err := r.next()
		if err != nil {
			return row, err
		}
		if row.Empty() {
			continue
		}
		if r.read++; r.read > MaxRows || len(row.Cells) > maxColumns {
			return row, ErrTooLarge
		}
		for i, cell := range row.Cells {
			if len(cell) > maxCell {
				cell = cell[:maxCell] // too long for every column, whichever it is
			}
			row.Cells[i] = text.Line(plain(cell))
		}
		return row, nil
	}
}

// Close gives back what the walk held.
func (r *Rows) Close() error { return r.close() }

// plain undoes what our own files do to a text that a spreadsheet would take for a
// formula: an apostrophe before it.
func plain(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@\t\r\n", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}

// File is what is read: a file on disk, or bytes in hand.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}

// Open begins a walk through the file. known tells, of a cell of the first row, whether
// it is a heading that the caller knows: that decides which separator is meant.
func Open(f File, known func(heading string) bool) (*Rows, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("measure the file: %w", err)
	}
	head := make([]byte, min(size, 64<<10))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	switch {
	case size > MaxBytes:
		return nil, ErrTooLarge
	case bytes.HasPrefix(head, []byte("PK")):
		return book(f, size)
	case bytes.HasPrefix(head, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return nil, ErrOldBook // or a locked one of the new kind: both have to be saved anew
	}
	return separated(f, size, head, known)
}

// separated walks a CSV.
func separated(f File, size int64, head []byte, known func(string) bool) (*Rows, error) {
	r := &Rows{Encoding: "UTF-8", close: func() error { return nil }}
	from := func(at int64) io.Reader { return bufio.NewReaderSize(io.NewSectionReader(f, at, size-at), 256<<10) }
	var in io.Reader
	switch kind, skip := text.Kind(head); {
	case kind != nil:
		in, r.Encoding = transform.NewReader(from(skip), kind.NewDecoder()), "UTF-16"
	case skip > 0 || isUTF8(from(0)):
		in = from(skip)
	default:
		in, r.Encoding = transform.NewReader(from(0), charmap.Windows1252.NewDecoder()), "Windows-1252"
	}
	if !bytes.ContainsRune(head, '\n') {
		in = transform.NewReader(in, runes.Map(func(r rune) rune {
			if r == '\r' { // some ended their lines so
				return '\n'
			}
			return r
		}))
	}
	lines := bufio.NewReaderSize(transform.NewReader(in, encoding.UTF8Validator), 256<<10)
	first, err := lines.Peek(16 << 10)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, ErrUnreadable
	}
	if bytes.IndexByte(first, 0) >= 0 {
		return nil, ErrUnreadable
	}
	before := 0
	heading := firstLine(string(first))
	if said, ok := Said(heading); ok {
		r.Separator, before = said, 1
		if _, err := lines.Discard(min(len(heading)+1, lines.Buffered())); err != nil {
			return nil, ErrUnreadable
		}
	} else {
		r.Separator = Separator(heading, known)
	}
	cells := csv.NewReader(lines)
	cells.Comma, cells.FieldsPerRecord, cells.ReuseRecord = r.Separator, -1, true
	r.next = func() (Row, error) {
		record, err := cells.Read()
		var wrong *csv.ParseError
		switch {
		case errors.As(err, &wrong) && errors.Is(err, csv.ErrQuote):
			return Row{Line: wrong.StartLine + before}, ErrQuote
		case err != nil && !errors.Is(err, io.EOF):
			return Row{}, ErrUnreadable
		case err != nil:
			return Row{}, io.EOF
		}
		line, _ := cells.FieldPos(0)
		return Row{Line: line + before, Cells: record}, nil
	}
	return r, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

const separators = ",;\t"

// Said is the separator of a line by which a spreadsheet says what stands between the
// cells of the file: sep=;
func Said(line string) (rune, bool) {
	line = strings.Trim(strings.TrimRight(line, "\r\n"), `"`)
	said, ok := strings.CutPrefix(strings.ToLower(line), "sep=")
	if !ok || len(said) != 1 || !strings.Contains(separators, said) {
		return 0, false
	}
	return rune(said[0]), true
}

// Separator is the one under which the heading names most that is known; where that
// does not decide, the one that makes most cells. Swedish spreadsheets write semicolons,
// and tabs in what they call Unicode text.
func Separator(heading string, known func(string) bool) rune {
	best, most, widest := ',', -1, 0
	for _, sep := range separators {
		cells, err := newReader(heading, sep).Read()
		if err != nil {
			continue
		}
		n := 0
		for _, cell := range cells {
			if known(strings.TrimSpace(cell)) {
				n++
			}
		}
		if n > most || n == most && len(cells) > widest {
			best, most, widest = sep, n, len(cells)
		}
	}
	return best
}

func newReader(s string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord = comma, -1
	return r
}

// isUTF8 reads all: one wrong byte in the last name of a list decides.
func isUTF8(r io.Reader) bool {
	buf := make([]byte, 256<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		part := buf[:kept+n]
		whole := part
		if err == nil { // a letter may go on in what is read next
			for cut := 1; cut < utf8.UTFMax && cut <= len(part); cut++ {
				if b := part[len(part)-cut]; utf8.RuneStart(b) {
					if !utf8.FullRune(part[len(part)-cut:]) {
						whole = part[:len(part)-cut]
					}
					break
				}
			}
		}
		if !utf8.Valid(whole) {
			return false
		}
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		kept = copy(buf, part[len(whole):])
	}
}

// book walks the first sheet of a workbook that has rows.
func book(f File, size int64) (*Rows, error) {
	if size > maxBook {
		return nil, ErrTooLarge
	}
	// Days are written as the product reads them, whatever the workbook shows.
	options := excelize.Options{
		UnzipSizeLimit: maxUnfold, UnzipXMLSizeLimit: maxInHand,
		ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd",
	}
	b, err := excelize.OpenReader(io.NewSectionReader(f, 0, size), options)
	switch {
	case errors.Is(err, excelize.ErrWorkbookPassword), errors.Is(err, excelize.ErrWorkbookFileFormat):
		return nil, ErrLocked
	case err != nil && strings.Contains(err.Error(), "unzip size exceeds"):
		return nil, ErrTooLarge
	case err != nil:
		return nil, ErrUnreadable
	}
	for _, name := range b.GetSheetList() {
		rows, err := b.Rows(name)
		if err != nil {
			continue // a chart
		}
		line := 0
		r := &Rows{Encoding: "XLSX", close: func() error { return errors.Join(rows.Close(), b.Close()) }}
		r.next = func() (Row, error) {
			if !rows.Next() {
				if rows.Error() != nil {
					return Row{}, ErrUnreadable
				}
				return Row{}, io.EOF
			}
			line++
			cells, err := rows.Columns()
			if err != nil {
				return Row{Line: line}, ErrUnreadable
			}
			return Row{Line: line, Cells: cells}, nil
		}
		first, err := r.Next()
		if errors.Is(err, io.EOF) {
			if err := rows.Close(); err != nil {
				return nil, ErrUnreadable
			}
			continue
		}
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		inner := r.next
		r.read = 0
		r.next = func() (Row, error) { // the first row is given once more
			r.next = inner
			return first, nil
		}
		return r, nil
	}
	return nil, errors.Join(ErrEmpty, b.Close())
}
