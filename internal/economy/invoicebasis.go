package economy

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
)

// InvoiceBasis (faktureringsunderlag) is what each municipality is charged for a region's year, per
// course day, as `yrkesresan invoice-basis --format json` prints it: the settled lines and their
// corrections when the year is settled, otherwise the facts as they are. Others read the JSON: a
// field may be added, none renamed.
type InvoiceBasis struct {
	Region          string                     `json:"region"`
	Year            int                        `json:"year"`
	Settled         *InvoiceBasisAct           `json:"settled"` // null before
	ParticipantDays int                        `json:"participant_days"`
	Amount          money.Ore                  `json:"amount_ore"`
	Municipalities  []InvoiceBasisMunicipality `json:"municipalities"`
	Unfinished      []InvoiceBasisDay          `json:"unfinished"`      // days whose charge is not final
	Uncorrected     money.Ore                  `json:"uncorrected_ore"` // what a correction would add to Amount
}

// InvoiceBasisAct is who settled or corrected, when, and why (a correction).
type InvoiceBasisAct struct {
	At     string `json:"at"` // RFC 3339
	By     string `json:"by"`
	Reason string `json:"reason,omitempty"`
}

// day is when it was done in Sweden, which At, in UTC, may not have reached yet.
func (a InvoiceBasisAct) day() string {
	at, err := time.Parse(time.RFC3339, a.At)
	if err != nil {
		return a.At
	}
	return clock.At(at).Day().String()
}

// InvoiceBasisMunicipality is one municipality's lines and their sums.
type InvoiceBasisMunicipality struct {
	ID              int64              `json:"-"`
	Municipality    string             `json:"municipality"`
	ParticipantDays int                `json:"participant_days"`
	Amount          money.Ore          `json:"amount_ore"`
	Lines           []InvoiceBasisLine `json:"lines"`
}

// InvoiceBasisLine is one course day: Amount is Participants × Fee. A line with a Correction adds to
// an earlier one of the same day, may be negative and has no fee.
type InvoiceBasisLine struct {
	CourseDayID  int64            `json:"-"`
	Day          clock.Day        `json:"day"`
	Course       string           `json:"course"`
	Round        string           `json:"round"`
	DayNumber    int              `json:"day_number"` // in the round, from 1
	Participants int              `json:"participants"`
	Fee          *money.Ore       `json:"fee_ore"`
	Amount       money.Ore        `json:"amount_ore"`
	Correction   *InvoiceBasisAct `json:"correction"`
}

// InvoiceBasisDay is a day whose charge is not final, and why.
type InvoiceBasisDay struct {
	CourseDayID int64      `json:"-"`
	Day         clock.Day  `json:"day"`
	Course      string     `json:"course"`
	Round       string     `json:"round"`
	DayNumber   int        `json:"day_number"`
	Obstacles   []Obstacle `json:"obstacles"`
}

// InvoiceBasisOf is the invoice basis of the region's year; its errors are those of YearOf.
func InvoiceBasisOf(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, year int) (InvoiceBasis, error) {
	y, err := YearOf(ctx, q, viewer, regionID, year)
	if err != nil {
		return InvoiceBasis{}, err
	}
	return y.InvoiceBasis(), nil
}

// InvoiceBasis is the year's charges as they are sent out; its lists are never nil.
func (y Year) InvoiceBasis() InvoiceBasis {
	b := InvoiceBasis{Region: y.Region.Name, Year: y.Year, Municipalities: []InvoiceBasisMunicipality{}, Unfinished: []InvoiceBasisDay{}}
	at := map[int64]int{}
	for _, m := range y.Municipalities {
		at[m.Municipality.ID] = len(b.Municipalities)
		b.Municipalities = append(b.Municipalities, InvoiceBasisMunicipality{ID: m.Municipality.ID, Municipality: m.Municipality.Name})
	}
	add := func(all []Line, correction *InvoiceBasisAct) {
		for _, l := range all {
			if l.Kind != ChargeLine {
				continue
			}
			line := InvoiceBasisLine{
				CourseDayID: l.Day.ID, Day: l.Day.Date, Course: l.Day.Course, Round: l.Day.Round, DayNumber: l.Day.Ordinal,
				Participants: l.Quantity, Amount: l.Amount, Correction: correction,
			}
			if correction == nil {
				fee := l.Amount / money.Ore(l.Quantity) // exact: see lines
				line.Fee = &fee
			}
			m := &b.Municipalities[at[l.Municipality.ID]]
			m.Lines = append(m.Lines, line)
			m.ParticipantDays += l.Quantity
			m.Amount += l.Amount
			b.ParticipantDays += l.Quantity
			b.Amount += l.Amount
		}
	}
	if s := y.Settlement; s == nil {
		add(lines(y.Days), nil)
	} else {
		b.Settled = act(s.At, s.By, "")
		add(s.Lines, nil)
		for _, c := range s.Corrections {
			add(c.Lines, act(c.At, c.By, c.Reason))
		}
	}
	b.Municipalities = slices.DeleteFunc(b.Municipalities, func(m InvoiceBasisMunicipality) bool { return m.Lines == nil })
	for _, d := range y.Unfinished() {
		b.Unfinished = append(b.Unfinished, InvoiceBasisDay{
			CourseDayID: d.ID, Day: d.Date, Course: d.Course, Round: d.Round, DayNumber: d.Ordinal, Obstacles: d.Obstacles,
		})
	}
	for _, d := range y.Differences {
		if d.Kind == ChargeLine {
			b.Uncorrected += d.Amount()
		}
	}
	return b
}

func act(at clock.Instant, by Ref, reason string) *InvoiceBasisAct {
	return &InvoiceBasisAct{At: at.Time().Format(time.RFC3339), By: by.Name, Reason: reason}
}

// CSV writes one row per line for Swedish Excel: a byte order mark, semicolons, decimal commas, and
// no cell that a spreadsheet would take for a formula. The headings are in the language.
func (b InvoiceBasis) CSV(w io.Writer, l *i18n.Lang) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{{
		l.T("economy.csv.region"), l.T("economy.csv.year"), l.T("economy.csv.municipality"), l.T("economy.csv.day"),
		l.T("economy.csv.course"), l.T("economy.csv.round"), l.T("economy.csv.day_number"), l.T("economy.csv.participants"),
		l.T("economy.csv.fee"), l.T("economy.csv.amount"), l.T("economy.csv.correction"),
	}}
	for _, m := range b.Municipalities {
		for _, line := range m.Lines {
			fee, correction := "", ""
			if line.Fee != nil {
				fee = kronor(*line.Fee)
			}
			if c := line.Correction; c != nil {
				correction = c.day() + " " + c.By + ": " + c.Reason
			}
			rows = append(rows, []string{
				literally(b.Region), strconv.Itoa(b.Year), literally(m.Municipality), line.Day.String(),
				literally(line.Course), literally(line.Round), strconv.Itoa(line.DayNumber), strconv.Itoa(line.Participants),
				fee, kronor(line.Amount), literally(correction),
			})
		}
	}
	return out.WriteAll(rows)
}

// kronor is the amount with a decimal comma, "-650,00".
func kronor(amount money.Ore) string { return strings.Replace(amount.String(), ".", ",", 1) }

// literally is text that a spreadsheet takes as it stands: what would begin a formula there is put
// behind an apostrophe (OWASP, "CSV Injection").
func literally(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
