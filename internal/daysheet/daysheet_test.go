package daysheet_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"yrkesresan/internal/daysheet"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/money"
	"yrkesresan/internal/text/texttest"
	"yrkesresan/internal/trainer"
)

var authority = economy.Terms{Fee: money.Kronor(650), PerParticipant: money.Kronor(400), LeadWeight: 150, TrainerWeight: 100, RSS: economy.RSSKept}

func from(organisation string, role trainer.Role) economy.PotTrainer {
	return economy.PotTrainer{Organisation: economy.Ref{Name: organisation}, RSS: organisation == "RSS", Role: role}
}

func day(participants int, trainers ...economy.PotTrainer) economy.PotDay {
	return economy.PotDay{Ref: economy.Ref{Name: "1"}, Course: "Utsatthet och våld", Participants: participants, Trainers: trainers}
}

var update = flag.Bool("update", false, "write golden files anew")

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func readRecords(t *testing.T, name string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(readTestdata(t, name))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var records []map[string]string
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, cell := range row {
			record[rows[0][i]] = cell
		}
		records = append(records, record)
	}
	return records
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The year 2025 in Dalarna: the amounts per municipality are printed (S1:294–301), the days behind
// them are a reconstruction.
func TestThePotOf2025(t *testing.T) {
	const sheet = "course-days-2025-reconstruction.csv"
	days, err := daysheet.Read(bytes.NewReader(readTestdata(t, sheet)))
	if err != nil {
		t.Fatal(err)
	}
	pot, err := authority.SplitDays(days)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("108 000 kr are paid and 13 200 kept on 17 days with 303 participant-days", func(t *testing.T) {
		participants := 0
		for _, d := range pot.Days {
			participants += d.Participants
		}
		if len(pot.Days) != 17 || participants != 303 || pot.Paid != money.Kronor(108000) || pot.Kept != money.Kronor(13200) {
			t.Errorf("%d days, %d participant-days, %v paid, %v kept", len(pot.Days), participants, pot.Paid, pot.Kept)
		}
	})
	t.Run("every municipality gets what is printed", func(t *testing.T) {
		var want []economy.MunicipalPot
		for _, r := range readRecords(t, "trainer-pot-2025.csv") {
			if r["municipality"] != "Totalt" {
				trainers := number(t, r["trainers"])
				want = append(want, economy.MunicipalPot{
					Municipality: economy.Ref{Name: r["municipality"]},
					Trainers:     &trainers,
					TrainerDays:  number(t, r["trainer_days"]),
					Amount:       money.Kronor(int64(number(t, r["amount_sek"]))),
				})
			}
		}
		if diff := cmp.Diff(want, pot.Municipalities); diff != "" {
			t.Errorf("(-printed +computed)\n%s", diff)
		}
	})
	t.Run("every trainer day has the amount of its row", func(t *testing.T) {
		var shares []economy.Share
		for _, d := range pot.Days {
			shares = append(shares, d.Shares...)
		}
		records := readRecords(t, sheet)
		if len(shares) != len(records) {
			t.Fatalf("%d shares of %d rows", len(shares), len(records))
		}
		for i, r := range records {
			want := money.Kronor(int64(number(t, r["amount_sek"])))
			if s := shares[i]; s.Amount+s.Kept != want || s.RSS && s.Amount != 0 {
				t.Errorf("row %d: %v paid and %v kept, want %v", i+2, s.Amount, s.Kept, want)
			}
		}
	})
	t.Run("it is printed as agreed", func(t *testing.T) {
		got, err := json.MarshalIndent(pot.Result(), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		if *update {
			if err := os.WriteFile(filepath.Join("testdata", "pot-2025.golden.json"), got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(readTestdata(t, "pot-2025.golden.json")), string(got)); diff != "" {
			t.Errorf("(-golden +got)\n%s", diff)
		}
	})
}

func TestAPotIsPrintedWithoutNull(t *testing.T) {
	for _, c := range []struct {
		name string
		days []economy.PotDay
		want string
	}{
		{"no days", nil, `{"paid_ore":0,"kept_ore":0,"municipalities":[],"days":[]}`},
		{"a day without trainers", []economy.PotDay{day(1)},
			`{"paid_ore":0,"kept_ore":40000,"municipalities":[],"days":[{"day":"1","participants":1,"pot_ore":40000,"kept_ore":40000,"shares":[]}]}`},
		{"except the number of trainers when nobody is named", []economy.PotDay{day(1, from("RSS", trainer.Lead), from("Mora", trainer.Assistant))},
			`{"paid_ore":16000,"kept_ore":24000,"municipalities":[{"municipality":"Mora","trainers":null,"trainer_days":1,"amount_ore":16000}],` +
				`"days":[{"day":"1","participants":1,"pot_ore":40000,"kept_ore":24000,"shares":[` +
				`{"organisation":"RSS","role":"lead_trainer","weight":1.5,"amount_ore":0},{"organisation":"Mora","role":"trainer","weight":1,"amount_ore":16000}]}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			pot, err := authority.SplitDays(c.days)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(pot.Result())
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

const header = "day,course,participants,trainer_org,role\n"

func TestASheetIsReadInEveryFormItComesIn(t *testing.T) {
	named := func(organisation string, role trainer.Role, person string) economy.PotTrainer {
		trainer := from(organisation, role)
		trainer.Person.Name = person
		return trainer
	}
	plain := []economy.PotDay{
		{Ref: economy.Ref{Name: "1"}, Course: "LVU", Participants: 20, Trainers: []economy.PotTrainer{from("Borlänge", trainer.Lead), from("RSS", trainer.Assistant)}},
		{Ref: economy.Ref{Name: "2 dec"}, Course: "LVU", Participants: 0, Trainers: []economy.PotTrainer{from("Falun", trainer.Assistant)}},
	}
	semicolons := "day;course;participants;trainer_org;role\r\n1;LVU;20;Borlänge;lead_trainer\r\n1;LVU;20;RSS;trainer\r\n2 dec;LVU;0;Falun;trainer\r\n"
	tabs := strings.ReplaceAll(semicolons, ";", "\t")
	for _, c := range []struct {
		name, sheet string
		want        []economy.PotDay
	}{
		{"with tabs", tabs, plain},
		{"from Excel as Unicode text, which is tabs in UTF-16", utf16Text(t, tabs), plain},
		{"from Excel as CSV, which is Windows-1252", strings.ReplaceAll(semicolons, "ä", "\xe4"), plain},
		{"with a line that says what parts the cells", "sep=;\r\n" + semicolons, plain},
		{"with such a line in quotes, for tabs", "\ufeff\"SEP=\t\"\n" + tabs, plain},
		{"with numbers as a column with decimals shows them", strings.NewReplacer(";20;", ";20,0;", ";0;", ";0.00;").Replace(semicolons), plain},
		{"from an old Mac", strings.ReplaceAll(semicolons, "\r\n", "\r"), plain},
		{"with commas", header + "1,LVU,20,Borlänge,lead_trainer\n1,LVU,20,RSS,trainer\n2 dec,LVU,0,Falun,trainer\n", plain},
		{"from Swedish Excel, with byte order mark, semicolons and CRLF",
			"\uFEFFday;course;participants;trainer_org;role\r\n1;LVU;20;Borlänge;lead_trainer\r\n1;LVU;20;RSS;trainer\r\n2 dec;LVU;0;Falun;trainer\r\n", plain},
		{"with columns in another order and others beside",
			"note,role,trainer_org,participants,course,day,amount\n\"a, b\",lead_trainer,Borlänge,20,LVU,1,\n,trainer,RSS,20,LVU,1,5\n,trainer,Falun,0,LVU,2 dec,\n", plain},
		{"with semicolons and a comma in the header of another column",
			"day;course;participants;trainer_org;role;\"note, if any\"\n1;LVU;20;Borlänge;lead_trainer;\n1;LVU;20;RSS;trainer;\n2 dec;LVU;0;Falun;trainer;\n", plain},
		{"with capitals and spaces around", "Day, Course ,PARTICIPANTS,trainer_org,role\n 1 ,LVU, 20,Borlänge\u00a0,Lead_Trainer\n1,LVU,20,rss,TRAINER \n2  dec,LVU,0,Falun,trainer\n", plain},
		{"with the rows of a day apart", header + "1,LVU,20,Borlänge,lead_trainer\n2 dec,LVU,0,Falun,trainer\n1,LVU,20,RSS,trainer\n", plain},
		{"with blank rows and no line end at the end", header + "\n1,LVU,20,Borlänge,lead_trainer\n,,,,\n1,LVU,20,RSS,trainer\n2 dec,LVU,0,Falun,trainer", plain},
		{"with å in two characters, as some systems write it", header + "1,LVU,20,Borla\u0308nge,lead_trainer\n1,LVU,20,RSS,trainer\n2 dec,LVU,0,Falun,trainer\n", plain},
		{"with names, where two of one organisation may teach together and two organisations may have people of the same name",
			"day,course,participants,trainer_org,role,trainer\n1,LVU,20,Falun,trainer,Anna\n1,LVU,20,Falun,trainer,Bo\n1,LVU,20,Mora,lead_trainer,anna\n",
			[]economy.PotDay{{Ref: economy.Ref{Name: "1"}, Course: "LVU", Participants: 20, Trainers: []economy.PotTrainer{
				named("Falun", trainer.Assistant, "Anna"), named("Falun", trainer.Assistant, "Bo"), named("Mora", trainer.Lead, "anna")}}}},
		{"without names, where two of one organisation in the same role are two trainers", header + "1,LVU,20,Falun,trainer\n1,LVU,20,Falun,trainer\n",
			[]economy.PotDay{{Ref: economy.Ref{Name: "1"}, Course: "LVU", Participants: 20, Trainers: []economy.PotTrainer{
				from("Falun", trainer.Assistant), from("Falun", trainer.Assistant)}}}},
		{"with a course in other capitals on another day", header + "1,LVU,20,Falun,trainer\n2,Lvu,20,Falun,trainer\n",
			[]economy.PotDay{
				{Ref: economy.Ref{Name: "1"}, Course: "LVU", Participants: 20, Trainers: []economy.PotTrainer{from("Falun", trainer.Assistant)}},
				{Ref: economy.Ref{Name: "2"}, Course: "Lvu", Participants: 20, Trainers: []economy.PotTrainer{from("Falun", trainer.Assistant)}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := daysheet.Read(strings.NewReader(c.sheet))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// utf16Text is the text as Windows writes it, with its mark.
func utf16Text(t *testing.T, s string) string {
	t.Helper()
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAWrongSheetIsRefusedWhole(t *testing.T) {
	const good = "1,LVU,20,Falun,trainer\n"
	const number = "a whole number from 0 to 10000"
	const encodings = "text in UTF-8, UTF-16 or Windows-1252 (in Excel, save as “CSV UTF-8”)"
	for _, c := range []struct {
		name, sheet string
		want        []string
	}{
		{"an empty file", "", []string{
			"line 1, header: expected the columns day, course, participants, trainer_org, role, got an empty file"}},
		{"a header alone", header, []string{
			"line 2, column day: expected at least one row below the header, got the end of the file"}},
		{"missing columns", "day,course,trainer_org\n1,LVU,Falun\n", []string{
			`line 1, column participants: expected a column of this name, got only "day, course, trainer_org"`,
			`line 1, column role: expected a column of this name, got only "day, course, trainer_org"`}},
		{"a column twice", "day,course,participants,trainer_org,role,Day\n1,LVU,20,Falun,trainer,2\n", []string{
			"line 1, column day: expected one column of this name, got another as column 6"}},
		{"empty cells", header + ",LVU,20,Falun,trainer\n1, ,20,Falun,trainer\n1,LVU,,Falun,trainer\n1,LVU,20,,trainer\n1,LVU,20,Falun,\n", []string{
			"line 2, column day: expected printable text of at most 200 characters, got an empty cell",
			`line 3, column course: expected printable text of at most 200 characters, got " "`,
			"line 4, column participants: expected " + number + ", got an empty cell",
			"line 5, column trainer_org: expected printable text of at most 200 characters, got an empty cell",
			"line 6, column role: expected lead_trainer or trainer, got an empty cell"}},
		{"participants that are no number of people", header +
			"1,LVU,19.5,Falun,trainer\n2,LVU,-1,Falun,trainer\n3,LVU,+1,Falun,trainer\n4,LVU,10001,Falun,trainer\n5,LVU,99999999999999999999,Falun,trainer\n6,LVU,1e3,Falun,trainer\n7,LVU,tjugo,Falun,trainer\n8,LVU,-0,Falun,trainer\n", []string{
			"line 2, column participants: expected " + number + `, got "19.5"`,
			"line 3, column participants: expected " + number + `, got "-1"`,
			"line 4, column participants: expected " + number + `, got "+1"`,
			"line 5, column participants: expected " + number + `, got "10001"`,
			"line 6, column participants: expected " + number + `, got "99999999999999999999"`,
			"line 7, column participants: expected " + number + `, got "1e3"`,
			"line 8, column participants: expected " + number + `, got "tjugo"`,
			"line 9, column participants: expected " + number + `, got "-0"`}},
		{"several things wrong on one row", header + ",LVU,x,Falun,kock\n", []string{
			"line 2, column day: expected printable text of at most 200 characters, got an empty cell",
			"line 2, column participants: expected " + number + `, got "x"`,
			`line 2, column role: expected lead_trainer or trainer, got "kock"`}},
		{"a day whose rows disagree", header + good + "1,SoL,21,Mora,trainer\n", []string{
			`line 3, column course: expected "LVU" as on line 2 for the same day, got "SoL"`,
			`line 3, column participants: expected 20 as on line 2 for the same day, got "21"`}},
		{"a trainer twice a day", "day,course,participants,trainer_org,role,trainer\n1,LVU,20,Falun,trainer,F1\n1,LVU,20,Falun,lead_trainer,F1\n", []string{
			`line 3, column trainer: expected a trainer once a day, who is on line 2 already, got "F1"`}},
		{"a nameless trainer where there is a column for names", "day,course,participants,trainer_org,role,trainer\n1,LVU,20,Falun,trainer,\n", []string{
			"line 2, column trainer: expected printable text of at most 200 characters, got an empty cell"}},
		{"rows that are too short or too long", header + "1,LVU,20,Falun\n1,LVU,20,Falun,trainer,extra\n", []string{
			"line 2, column role: expected 5 cells as in the header, got 4",
			"line 3, column 6: expected 5 cells as in the header, got 6"}},
		{"a municipality spelled in two ways", header + good + "2,LVU,20,FALUN,trainer\n", []string{
			`line 3, column trainer_org: expected "Falun" spelled as on line 2, got "FALUN"`}},
		{"a day spelled in two ways", header + "Dag 1,LVU,20,Falun,trainer\ndag 1,LVU,20,Mora,trainer\n", []string{
			`line 3, column day: expected "Dag 1" spelled as on line 2, got "dag 1"`}},
		{"an RSS by its name, which would be paid as a municipality", header + "1,LVU,20,RSS Dalarna,trainer\n", []string{
			`line 2, column trainer_org: expected a municipality, or RSS and nothing more, got "RSS Dalarna"`}},
		{"a file in another way of writing", header + "1,LVU,20,Borl\x81nge,trainer\n", []string{
			"line 1, whole file: expected " + encodings + ", got bytes that are none of them"}},
		{"a workbook", "PK\x03\x04", []string{
			"line 1, whole file: expected text (in the spreadsheet, save as “CSV UTF-8”), got a workbook"}},
		{"a NUL byte, even in a column that is ignored", "day,course,participants,trainer_org,role,note\n1,LVU,20,Falun,trainer,a\x00b\n", []string{
			"line 2, whole file: expected " + encodings + ", got bytes that are none of them"}},
		{"a line that names what parts the cells, and a wrong row", "sep=;\n" + strings.ReplaceAll(header+"1,LVU,14,5,Falun,trainer\n", ",", ";"), []string{
			"line 3, column 6: expected 5 cells as in the header, got 6"}},
		{"half a participant", "day;course;participants;trainer_org;role\n1;LVU;14,5;Falun;trainer\n2;LVU;14,;Falun;trainer\n3;LVU;,0;Falun;trainer\n", []string{
			"line 2, column participants: expected " + number + `, got "14,5"`,
			"line 3, column participants: expected " + number + `, got "14,"`,
			"line 4, column participants: expected " + number + `, got ",0"`}},
		{"an invisible character in a name", header + "1,LVU,20,Fa\u200blun,trainer\n", []string{
			`line 2, column trainer_org: expected printable text of at most 200 characters, got "Fa\u200blun"`}},
		{"a quote that never closes", header + good + "2,\"LVU,20,Falun,trainer\n3,LVU,20,Falun,trainer\n", []string{
			`line 3, the row that begins here: expected quotes only around a whole cell, and doubled inside one, got extraneous or missing " in quoted-field`}},
		{"a quote inside a cell, after another thing wrong", header + "1,LVU,x,Falun,trainer\n2,L\"VU,20,Falun,trainer\n", []string{
			"line 2, column participants: expected " + number + `, got "x"`,
			`line 3, character 4: expected quotes only around a whole cell, and doubled inside one, got bare " in non-quoted-field`}},
		{"a wrong cell below a cell of two lines", header + "1,\"L\nVU\",20,Falun,trainer\n2,LVU,x,Falun,trainer\n", []string{
			"line 4, column participants: expected " + number + `, got "x"`}},
		{"a name longer than any name", header + "1," + strings.Repeat("å", 201) + ",20,Falun,trainer\n", []string{
			"line 2, column course: expected printable text of at most 200 characters, got \"" + strings.Repeat("å", 60) + "…\""}},
		{"a long wrong cell is shortened", header + "1,LVU," + strings.Repeat("9", 100) + ",Falun,trainer\n", []string{
			"line 2, column participants: expected " + number + ", got \"" + strings.Repeat("9", 60) + "…\""}},
		{"a file over 10 MiB", header + strings.Repeat(" ", daysheet.MaxBytes), []string{
			"line 2, whole file: expected at most 10 MiB, got more"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			days, err := daysheet.Read(strings.NewReader(c.sheet))
			var refused *daysheet.Error
			if !errors.As(err, &refused) || days != nil {
				t.Fatalf("got %+v, %v", days, err)
			}
			var got []string
			for _, cell := range refused.Cells {
				got = append(got, cell.Error())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if want := "the sheet of course days was refused\n" + strings.Join(c.want, "\n"); err.Error() != want {
				t.Errorf("the message is\n%s", err)
			}
		})
	}
}

func TestAHopelessSheetIsNotReadToItsEnd(t *testing.T) {
	for name, sheet := range map[string]string{
		"many wrong rows":     header + strings.Repeat("1,LVU,x,Falun,trainer\n", daysheet.MaxErrors+1),
		"a wide wrong header": strings.Repeat("day,", daysheet.MaxErrors+1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := daysheet.Read(strings.NewReader(sheet))
			var refused *daysheet.Error
			if !errors.As(err, &refused) || len(refused.Cells) != daysheet.MaxErrors {
				t.Fatal(err)
			}
			if lines := strings.Split(err.Error(), "\n"); len(lines) != 52 || lines[51] != "… and more" {
				t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
			}
		})
	}
}

func TestAReadingErrorIsNotTheSheetsFault(t *testing.T) {
	_, err := daysheet.Read(iotest.ErrReader(io.ErrUnexpectedEOF))
	var refused *daysheet.Error
	if !errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
}

// write is the sheet that ReadDays reads back as days.
func write(t interface{ Fatal(...any) }, days []economy.PotDay, comma rune) []byte {
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	out.Comma = comma
	columns := []string{"day", "course", "participants", "trainer_org", "role"}
	if days[0].Trainers[0].Person.Name != "" {
		columns = append(columns, "trainer")
	}
	rows := [][]string{columns}
	for _, d := range days {
		for _, tr := range d.Trainers {
			row := []string{d.Name, d.Course, strconv.Itoa(d.Participants), tr.Organisation.Name, string(tr.Role), tr.Person.Name}
			rows = append(rows, row[:len(columns)])
		}
	}
	if err := out.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestASheetReadsBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := drawDays(t)
		named := rapid.Bool().Draw(t, "named")
		for i := range days {
			days[i].Name = strconv.Itoa(i)
			if len(days[i].Trainers) == 0 {
				days[i].Trainers = []economy.PotTrainer{from("Mora", trainer.Assistant)}
			}
			for j := range days[i].Trainers {
				if named {
					days[i].Trainers[j].Person.Name = strconv.Itoa(j)
				}
			}
		}
		got, err := daysheet.Read(bytes.NewReader(write(t, days, rapid.SampledFrom([]rune{',', ';'}).Draw(t, "comma"))))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(days, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(readTestdata(f, "course-days-2025-reconstruction.csv"))
	f.Add([]byte("\uFEFFday;course;participants;trainer_org;role;trainer\r\n1;LVU;20;RSS;trainer;S1\r\n"))
	f.Add([]byte(header + "1,\"L\nVU\",x,Borl\xe4nge,\n,,,,\n1,2,3\n"))
	f.Add([]byte(header + "1,\"LVU"))
	f.Add([]byte(strings.Repeat("day,", 50_000)))
	f.Add([]byte("sep=;\n" + strings.Repeat("\"", 50_000)))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		var days []economy.PotDay
		var err error
		texttest.Within(t, 10*time.Second, 512<<20, func() { days, err = daysheet.Read(bytes.NewReader(sheet)) })
		if err != nil {
			var refused *daysheet.Error
			if !errors.As(err, &refused) || len(refused.Cells) == 0 || days != nil {
				t.Fatalf("%v, %v", days, err)
			}
			for _, c := range refused.Cells {
				if c.Line < 1 || c.Line > bytes.Count(sheet, []byte("\n"))+bytes.Count(sheet, []byte("\r"))+2 || c.Column == "" || c.Expected == "" || c.Got == "" {
					t.Fatalf("%+v", c)
				}
			}
			return
		}
		pot, err := authority.SplitDays(days)
		if err != nil {
			t.Fatal(err)
		}
		var pots money.Ore
		for _, d := range pot.Days {
			pots += d.Pot
		}
		if len(days) == 0 || pot.Paid < 0 || pot.Kept < 0 || pot.Paid+pot.Kept != pots {
			t.Fatalf("%d days, pots %v, paid %v, kept %v", len(days), pots, pot.Paid, pot.Kept)
		}
		again, err := daysheet.Read(bytes.NewReader(write(t, days, ';')))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(days, again); diff != "" {
			t.Fatalf("read back otherwise:\n%s", diff)
		}
	})
}

func drawDays(t *rapid.T) []economy.PotDay {
	one := rapid.Custom(func(t *rapid.T) economy.PotTrainer {
		return from(rapid.SampledFrom([]string{"Falun", "Mora", "Borlänge", "RSS"}).Draw(t, "organisation"),
			rapid.SampledFrom([]trainer.Role{trainer.Lead, trainer.Assistant}).Draw(t, "role"))
	})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) economy.PotDay {
		return day(rapid.IntRange(0, 40).Draw(t, "participants"), rapid.SliceOfN(one, 0, 5).Draw(t, "trainers")...)
	}), 1, 5).Draw(t, "days")
}
