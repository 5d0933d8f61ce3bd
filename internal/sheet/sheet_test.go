package sheet_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"yrkesresan/internal/sheet"
)

func known(heading string) bool { return heading == "namn" || heading == "ort" }

func read(file []byte) (lines []int, cells [][]string, found *sheet.Rows, err error) {
	rows, err := sheet.Open(bytes.NewReader(file), known)
	if err != nil {
		return nil, nil, nil, err
	}
	defer rows.Close()
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return lines, cells, rows, nil
		}
		if err != nil {
			return lines, cells, rows, err
		}
		lines, cells = append(lines, row.Line), append(cells, append([]string(nil), row.Cells...))
	}
}

func encoded(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	out, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The same table comes out of every way in which a spreadsheet saves it.
func TestOneTableInEveryWayOfWriting(t *testing.T) {
	const semicolons = "namn;ort\r\nÅsa Öberg;Mora\r\n\r\nÉmile;Älvdalen, Dalarna\r\n"
	const commas = "namn,ort\nÅsa Öberg,Mora\n\nÉmile,\"Älvdalen, Dalarna\"\n"
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	book := excelize.NewFile()
	for cell, value := range map[string]string{"A1": "namn", "B1": "ort", "A2": "Åsa Öberg", "B2": "Mora", "A4": "Émile", "B4": "Älvdalen, Dalarna"} {
		if err := book.SetCellStr("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"namn", "ort"}, {"Åsa Öberg", "Mora"}, {"Émile", "Älvdalen, Dalarna"}}
	for name, c := range map[string]struct {
		file     []byte
		encoding string
		lines    []int
	}{
		"commas":               {[]byte(commas), "UTF-8", []int{1, 2, 4}},
		"semicolons":           {[]byte(semicolons), "UTF-8", []int{1, 2, 4}},
		"tabs":                 {[]byte(strings.ReplaceAll(semicolons, ";", "\t")), "UTF-8", []int{1, 2, 4}},
		"with a mark":          {[]byte("\ufeff" + semicolons), "UTF-8", []int{1, 2, 4}},
		"composed otherwise":   {[]byte(norm.NFD.String(semicolons)), "UTF-8", []int{1, 2, 4}},
		"Windows-1252":         {encoded(t, charmap.Windows1252, semicolons), "Windows-1252", []int{1, 2, 4}},
		"UTF-16":               {encoded(t, utf16, semicolons), "UTF-16", []int{1, 2, 4}},
		"the separator said":   {[]byte("sep=;\r\n" + semicolons), "UTF-8", []int{2, 3, 5}},
		"lines ended with CR":  {[]byte(strings.ReplaceAll(semicolons, "\r\n", "\r")), "UTF-8", []int{1, 2, 4}},
		"a workbook":           {xlsx.Bytes(), "XLSX", []int{1, 2, 4}},
		"without a last break": {[]byte(strings.TrimSpace(commas)), "UTF-8", []int{1, 2, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			lines, cells, rows, err := read(c.file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, cells); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.lines, lines); diff != "" {
				t.Error(diff)
			}
			if rows.Encoding != c.encoding {
				t.Errorf("it was read as %s, want %s", rows.Encoding, c.encoding)
			}
		})
	}
}

// One letter far down in a long list tells Windows-1252 from UTF-8.
func TestTheWholeFileTellsHowItIsWritten(t *testing.T) {
	long := "namn,ort\n" + strings.Repeat("Anna,Mora\n", 60_000) + "Åsa,Mora\n"
	for name, file := range map[string][]byte{"UTF-8": []byte(long), "Windows-1252": encoded(t, charmap.Windows1252, long)} {
		_, cells, rows, err := read(file)
		if err != nil || rows.Encoding != name || cells[len(cells)-1][0] != "Åsa" {
			t.Errorf("%s is read as %s with %q at its end, %v", name, rows.Encoding, cells[len(cells)-1], err)
		}
	}
}

// What our own files write before a text that a spreadsheet would take for a formula is
// taken away, and nothing else is.
func TestTextsThatLookLikeFormulasComeBackAsTheyWere(t *testing.T) {
	_, cells, _, err := read([]byte("namn,ort\n'=1+1,'-Natt\n'+46701740605,00042\n'@vik,O'Brien\n"))
	want := [][]string{{"namn", "ort"}, {"=1+1", "-Natt"}, {"+46701740605", "00042"}, {"@vik", "O'Brien"}}
	if diff := cmp.Diff(want, cells); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestFilesThatCannotBeReadSayWhy(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"an old workbook":     {[]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, sheet.ErrOldBook},
		"a zip of other kind": {[]byte("PK\x03\x04 nothing"), sheet.ErrUnreadable},
		"with NUL":            {[]byte("namn,ort\nA\x00nna,Mora\n"), sheet.ErrUnreadable},
		"an open quote":       {[]byte("namn,ort\n\"Anna,Mora\nBo,Falun\n"), sheet.ErrQuote},
		"too many cells":      {[]byte(strings.Repeat(",a", 201)), sheet.ErrTooLarge},
		"most cells":          {[]byte(strings.Repeat(",a", 199)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, _, err := read(c.file); !errors.Is(err, c.want) {
				t.Errorf("it gives %v, want %v", err, c.want)
			}
		})
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("namn;ort\nÅsa;Mora\n"))
	f.Add([]byte("sep=,\r\nnamn,ort\r\n\"a\"\"b\",c"))
	f.Add([]byte{0xFF, 0xFE, 'n', 0, ';', 0})
	f.Fuzz(func(t *testing.T, file []byte) {
		lines, cells, _, err := read(file)
		if err == nil && len(lines) != len(cells) {
			t.Errorf("%d lines, %d rows", len(lines), len(cells))
		}
		for _, row := range cells {
			for _, cell := range row {
				if strings.ContainsAny(cell, "\x00\r\n") {
					t.Errorf("a cell of one line holds %q", cell)
				}
			}
		}
	})
}
