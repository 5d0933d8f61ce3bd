package economy

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
)

// LineKind is what a settled line is of.
type LineKind string

// The kinds: what a municipality pays for a course day, and its share of the day's trainer pot.
const (
	ChargeLine LineKind = "charge" // Quantity is billed participant-days
	ShareLine  LineKind = "share"  // Quantity is trainer days
)

// Line is one municipality's charge or share for one course day, or a correction of it, which may
// be negative.
type Line struct {
	Kind         LineKind
	Municipality Ref
	Day          DayRef
	Quantity     int
	Amount       money.Ore
}

// Settlement is a year as it was frozen, by whom and when, with the corrections that came after.
// Neither is ever edited.
type Settlement struct {
	ID          int64
	Region      Ref
	At          clock.Instant
	By          Ref
	Lines       []Line // by municipality in Swedish order and date, charges first
	Corrections []Correction
}

// Correction is what was added to a settlement at one time, by whom and why.
type Correction struct {
	ID     int64
	At     clock.Instant
	By     Ref
	Reason string
	Lines  []Line
}

// All are the settled lines with those of the corrections, as they were made.
func (s Settlement) All() []Line {
	all := slices.Clone(s.Lines)
	for _, c := range s.Corrections {
		all = append(all, c.Lines...)
	}
	return all
}

// Charged and Paid are what was settled and corrected in all.
func (s Settlement) Charged() money.Ore { return sumLines(s.All(), ChargeLine) }

// Paid is the shares of the trainer pot, settled and corrected.
func (s Settlement) Paid() money.Ore { return sumLines(s.All(), ShareLine) }

func sumLines(all []Line, kind LineKind) money.Ore {
	var sum money.Ore
	for _, l := range all {
		if l.Kind == kind {
			sum += l.Amount
		}
	}
	return sum
}

// of is the settlement with one municipality's lines alone, and without the corrections that have
// none of them.
func (s Settlement) of(municipalityID int64) Settlement {
	other := func(l Line) bool { return l.Municipality.ID != municipalityID }
	s.Lines = slices.DeleteFunc(slices.Clone(s.Lines), other)
	var own []Correction
	for _, c := range s.Corrections {
		if c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), other); len(c.Lines) > 0 {
			own = append(own, c)
		}
	}
	s.Corrections = own
	return s
}

// Difference is where the facts have come to say something else than what was settled and corrected.
type Difference struct {
	Kind            LineKind
	Municipality    Ref
	Day             DayRef
	SettledQuantity int
	SettledAmount   money.Ore
	LiveQuantity    int
	LiveAmount      money.Ore
}

// Quantity is what a correction has to add.
func (d Difference) Quantity() int { return d.LiveQuantity - d.SettledQuantity }

// Amount is what a correction has to add.
func (d Difference) Amount() money.Ore { return d.LiveAmount - d.SettledAmount }

// lines are what the days come to.
func lines(days []Day) []Line {
	var all []Line
	for _, d := range days {
		for _, c := range d.Charges {
			if c.Billed > 0 && d.Tariff != nil {
				all = append(all, Line{Kind: ChargeLine, Municipality: c.Municipality, Day: d.DayRef, Quantity: c.Billed, Amount: c.Amount})
			}
		}
		at := map[int64]int{}
		for _, s := range d.Pot.Shares {
			if s.RSS {
				continue
			}
			if _, met := at[s.Organisation.ID]; !met {
				at[s.Organisation.ID] = len(all)
				all = append(all, Line{Kind: ShareLine, Municipality: s.Organisation, Day: d.DayRef})
			}
			l := &all[at[s.Organisation.ID]]
			l.Quantity++
			l.Amount += s.Amount
		}
	}
	sortLines(all)
	return all
}

func sortLines(all []Line) {
	keys := map[int64][]byte{}
	for _, l := range all {
		if keys[l.Municipality.ID] == nil {
			keys[l.Municipality.ID] = i18n.SortKey(l.Municipality.Name)
		}
	}
	slices.SortStableFunc(all, func(a, b Line) int {
		return cmp.Or(
			cmp.Compare(a.Kind, b.Kind),
			bytes.Compare(keys[a.Municipality.ID], keys[b.Municipality.ID]),
			cmp.Compare(a.Day.Date, b.Day.Date),
			cmp.Compare(a.Day.ID, b.Day.ID),
		)
	})
}

// differences compares a settlement with the lines as they would be now.
func differences(s Settlement, live []Line) []Difference {
	type key struct {
		kind              LineKind
		municipality, day int64
	}
	sums := map[key]*Difference{}
	var order []Line
	of := func(l Line) *Difference {
		k := key{l.Kind, l.Municipality.ID, l.Day.ID}
		if sums[k] == nil {
			sums[k] = &Difference{Kind: l.Kind, Municipality: l.Municipality, Day: l.Day}
			order = append(order, l)
		}
		return sums[k]
	}
	for _, l := range s.All() {
		d := of(l)
		d.SettledQuantity += l.Quantity
		d.SettledAmount += l.Amount
	}
	for _, l := range live {
		d := of(l)
		d.LiveQuantity += l.Quantity
		d.LiveAmount += l.Amount
	}
	sortLines(order)
	var all []Difference
	for _, l := range order {
		if d := of(l); d.Quantity() != 0 || d.Amount() != 0 {
			all = append(all, *d)
		}
	}
	return all
}

// settlementOf is the region's settlement of the year with its corrections, nil before.
func settlementOf(ctx context.Context, q db.Querier, regionID int64, year int) (*Settlement, error) {
	s, err := db.Row(ctx, q, func(s *Settlement) []any {
		return []any{&s.ID, &s.Region.ID, &s.Region.Name, &s.At, &s.By.ID, &s.By.Name}
	}, `
		SELECT
			s.id,
			s.region_id,
			o.name,
			s.settled_at,
			s.settled_by,
			TRIM(p.given_name || ' ' || p.family_name)
		FROM settlement AS s
		JOIN organisation AS o ON o.id = s.region_id
		JOIN person AS p ON p.id = s.settled_by
		WHERE s.region_id = $1
		AND s.year = $2`, regionID, year)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s.Corrections, err = db.Rows(ctx, q, func(c *Correction) []any {
		return []any{&c.ID, &c.At, &c.By.ID, &c.By.Name, &c.Reason}
	}, `
		SELECT
			c.id,
			c.made_at,
			c.made_by,
			TRIM(p.given_name || ' ' || p.family_name),
			c.reason
		FROM correction AS c
		JOIN person AS p ON p.id = c.made_by
		WHERE c.settlement_id = $1
		ORDER BY c.id`, s.ID)
	if err != nil {
		return nil, err
	}
	type row struct {
		Line
		correctionID int64
	}
	rows, err := db.Rows(ctx, q, func(l *row) []any {
		return []any{
			&l.Kind, &l.Municipality.ID, &l.Municipality.Name, &l.Day.ID, &l.Day.Date, &l.Day.Ordinal,
			&l.Day.Course, &l.Day.Round, &l.Quantity, &l.Amount, &l.correctionID,
		}
	}, `
		SELECT
			l.kind,
			l.municipality_id,
			m.name,
			cd.id,
			cd.day,
			cd.ordinal,
			c.name,
			r.label,
			l.quantity,
			l.amount_ore,
			COALESCE(l.correction_id, 0)
		FROM settlement_line AS l
		JOIN organisation AS m ON m.id = l.municipality_id
		JOIN course_day AS cd ON cd.id = l.course_day_id
		JOIN round AS r ON r.id = cd.round_id
		JOIN course AS c ON c.id = r.course_id
		WHERE l.settlement_id = $1
		ORDER BY l.kind, m.sort_key, cd.day, cd.id, l.id`, s.ID)
	if err != nil {
		return nil, err
	}
	for _, l := range rows {
		at := slices.IndexFunc(s.Corrections, func(c Correction) bool { return c.ID == l.correctionID })
		if at < 0 {
			s.Lines = append(s.Lines, l.Line)
		} else {
			s.Corrections[at].Lines = append(s.Corrections[at].Lines, l.Line)
		}
	}
	return &s, nil
}

// Settled is a settled year of a region.
type Settled struct {
	Year int
	At   clock.Instant
}

// SettledYears are the region's settled years, the newest first. That a year is settled is no
// secret, so the call takes no viewer.
func SettledYears(ctx context.Context, q db.Querier, regionID int64) ([]Settled, error) {
	return db.Rows(ctx, q, func(s *Settled) []any { return []any{&s.Year, &s.At} }, `
		SELECT
			year,
			settled_at
		FROM settlement
		WHERE region_id = $1
		ORDER BY year DESC`, regionID)
}

// Settle freezes the region's year: its charges and shares become lines that nothing changes. The
// running year may be settled, since the shares are paid in December (S1:285). It fails on the field
// year for a year to come, a year with unfinished days and one without anything to settle;
// fault.Conflict when the year is settled already; fault.Forbidden when no person answers for it.
func Settle(ctx context.Context, tx *db.Tx, viewer access.Viewer, regionID int64, year int, now clock.Instant) error {
	region, err := regionOf(ctx, tx, access.Settle(viewer), regionID, year)
	if err != nil {
		return err
	}
	if viewer.ActorID() == nil {
		return fault.Forbidden
	}
	if year > now.Day().Year() {
		return fault.Invalid("year", "economy.year_to_come")
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO settlement (region_id, year, settled_at, settled_by)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, region.ID, year, now, viewer.ActorID())
	if db.IsUnique(err) {
		return fault.Conflict("economy.settled_already")
	}
	if err != nil {
		return err
	}
	y, err := yearOf(ctx, tx, region, year)
	if err != nil {
		return err
	}
	if err := y.settleable(); err != nil {
		return err
	}
	live := lines(y.Days)
	if len(live) == 0 {
		return fault.Invalid("year", "economy.nothing_to_settle")
	}
	return insertLines(ctx, tx, id, nil, live)
}

// settleable refuses a year with unfinished days, and names them.
func (y Year) settleable() error {
	const most = 10 // names; the year's page shows them all
	var names []string
	days := y.Unfinished()
	for i, d := range days {
		if i == most {
			names = append(names, "…")
			break
		}
		names = append(names, d.Pot.Name)
	}
	if len(names) == 0 {
		return nil
	}
	return fault.Invalid("year", "economy.unfinished_days", "Count", len(days), "Days", strings.Join(names, "; "))
}

// Correct adds the year's differences to its settlement as lines of their own, with the reason, so
// that settled and corrected lines together are what the facts say. It fails on the field reason
// without one, and on the field year when the year is not settled, when there is nothing to correct
// or when a day is unfinished.
func Correct(ctx context.Context, tx *db.Tx, viewer access.Viewer, regionID int64, year int, reason string, now clock.Instant) error {
	region, err := regionOf(ctx, tx, access.Settle(viewer), regionID, year)
	if err != nil {
		return err
	}
	if viewer.ActorID() == nil {
		return fault.Forbidden
	}
	if reason, err = reasoned(reason); err != nil {
		return err
	}
	// The settlement's row is the lock: of two corrections the second sees what the first added.
	locked, err := db.Exec(ctx, tx, `UPDATE settlement SET year = year WHERE region_id = $1 AND year = $2`, region.ID, year)
	if err != nil {
		return err
	}
	if locked == 0 {
		return fault.Invalid("year", "economy.not_settled")
	}
	y, err := yearOf(ctx, tx, region, year)
	if err != nil {
		return err
	}
	if err := y.settleable(); err != nil {
		return err
	}
	if len(y.Differences) == 0 {
		return fault.Invalid("year", "economy.nothing_to_correct")
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO correction (settlement_id, made_at, made_by, reason)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, y.Settlement.ID, now, viewer.ActorID(), reason)
	if err != nil {
		return err
	}
	added := make([]Line, len(y.Differences))
	for i, d := range y.Differences {
		added[i] = Line{Kind: d.Kind, Municipality: d.Municipality, Day: d.Day, Quantity: d.Quantity(), Amount: d.Amount()}
	}
	return insertLines(ctx, tx, y.Settlement.ID, &id, added)
}

func insertLines(ctx context.Context, tx *db.Tx, settlementID int64, correctionID *int64, all []Line) error {
	rows := make([][]any, len(all))
	for i, l := range all {
		rows[i] = []any{settlementID, correctionID, l.Kind, l.Municipality.ID, l.Day.ID, l.Quantity, l.Amount}
	}
	return db.Insert(ctx, tx, "settlement_line",
		[]string{"settlement_id", "correction_id", "kind", "municipality_id", "course_day_id", "quantity", "amount_ore"}, rows)
}

// reasoned is the reason without spaces around it, if there is one and it is not too long.
func reasoned(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	var checks fault.Checks
	checks.Require(reason != "", "reason", "economy.reason_missing")
	checks.Require(len(reason) <= 500, "reason", "economy.reason_long", "Max", 500)
	return reason, checks.Err()
}
