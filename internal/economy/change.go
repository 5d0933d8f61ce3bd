package economy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
)

// ChangedRound is a published round whose terms another tariff would change.
type ChangedRound struct {
	RoundID  int64
	Region   string
	Course   string
	Round    string
	FirstDay clock.Day // of the days changed
	Days     int       // changed, Held among them
	Held     int
	Seats    int        // taken now
	Before   *money.Ore // the fee of its first changed day; nil: none
	After    *money.Ore
	Charged  money.Ore // added to what the held days charge; may be negative
	Shared   money.Ore // added to what the municipalities get of the pot
	Expected money.Ore // added to what the coming days charge if all who have a seat now are charged
}

// Change is what a tariff would change in published rounds if it were added, or withdrawn.
type Change struct {
	Rounds  []ChangedRound // by their first changed day
	Days    int
	Held    int
	Seats   int
	Charged money.Ore
	Shared  money.Ore
	// Expected is added to what the coming days charge if all who have a seat now are charged.
	Expected money.Ore

	before   []Tariff
	added    Tariff
	heldFrom bool // a day from the tariff's first on has been held
}

// Key tells a change from another one: whoever says yes to it says yes to these numbers.
func (c Change) Key() string {
	return fmt.Sprintf("%d/%d/%d/%d/%d/%d", c.Days, c.Held, c.Seats, c.Charged, c.Shared, c.Expected)
}

// ChangeOf is what the tariff would change if it were added now; its errors are those of the fields
// in AddTariff, and those of maySet.
func ChangeOf(ctx context.Context, q db.Querier, viewer access.Viewer, t Tariff, now clock.Instant) (Change, error) {
	if err := maySet(viewer, t.RegionID); err != nil {
		return Change{}, err
	}
	t.Kind, t.Reason = strings.TrimSpace(t.Kind), strings.TrimSpace(t.Reason)
	if err := t.check(); err != nil {
		return Change{}, err
	}
	before, err := Tariffs(ctx, q, t.RegionID)
	if err != nil {
		return Change{}, err
	}
	t.Version, t.MadeAt, t.WithdrawnAt = 1, now, nil
	for _, other := range before {
		if other.RegionID == t.RegionID && other.Kind == t.Kind && other.From == t.From {
			t.Version = max(t.Version, other.Version+1)
		}
	}
	c, err := compare(ctx, q, t, func(before []Tariff) []Tariff { return append(slices.Clone(before), t) })
	c.before, c.added = before, t
	return c, err
}

// WithdrawalOf is what would change if the tariff of the region, or of the nation, were withdrawn, and
// that tariff; fault.NotFound when none such is in force, and the faults for who may not set it.
func WithdrawalOf(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, id int64) (Change, Tariff, error) {
	if err := maySet(viewer, regionID); err != nil {
		return Change{}, Tariff{}, err
	}
	before, err := Tariffs(ctx, q, regionID)
	if err != nil {
		return Change{}, Tariff{}, err
	}
	i := slices.IndexFunc(before, func(t Tariff) bool { return t.ID == id && t.RegionID == regionID && t.WithdrawnAt == nil })
	if i < 0 {
		return Change{}, Tariff{}, fault.NotFound
	}
	c, err := compare(ctx, q, before[i], func(before []Tariff) []Tariff {
		return slices.DeleteFunc(slices.Clone(before), func(t Tariff) bool { return t.ID == id })
	})
	return c, before[i], err
}

// compare looks at every planned day of the tariff's kind from its first day on, under the tariffs
// before and those that change makes of them: in its region, or for the nation's in all of them.
func compare(ctx context.Context, q db.Querier, t Tariff, change func([]Tariff) []Tariff) (Change, error) {
	var c Change
	regions, err := organisation.Regions(ctx, q)
	for _, region := range regions {
		if err == nil && (t.National() || region.ID == t.RegionID) {
			err = c.compareIn(ctx, q, region, t, change)
		}
	}
	return c, err
}

func (c *Change) compareIn(ctx context.Context, q db.Querier, region organisation.Organisation, t Tariff, change func([]Tariff) []Tariff) error {
	p := part{
		condition: "r.region_id = $1 AND r.tariff_kind = $2 AND cd.day >= $3",
		args:      []any{region.ID, t.Kind, t.From},
	}
	book, err := open(ctx, q, p)
	if err != nil || len(book.days) == 0 {
		return err
	}
	before, err := Tariffs(ctx, q, region.ID)
	if err != nil {
		return err
	}
	after := change(before)
	type count struct{ roundID, seats int64 }
	counts, err := db.Rows(ctx, q, func(c *count) []any { return []any{&c.roundID, &c.seats} }, `
		SELECT n.round_id, COUNT(*)
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		WHERE n.withdrawn_at IS NULL
		AND r.region_id = $1
		AND r.tariff_kind = $2
		AND r.last_day >= $3
		GROUP BY n.round_id`, p.args...)
	if err != nil {
		return err
	}
	seats := map[int64]int{}
	for _, each := range counts {
		seats[each.roundID] = int(each.seats)
	}
	at := map[int64]int{}
	for _, d := range book.days {
		// The nation's tariff says nothing of a day that has the region's own.
		c.heldFrom = c.heldFrom || d.Held && (!t.National() || d.Tariff == nil || d.Tariff.National())
		next := holding(after, d.Kind, d.Date, d.Published)
		if sameTerms(d.Tariff, next) {
			continue
		}
		i, met := at[d.RoundID]
		if !met {
			i = len(c.Rounds)
			at[d.RoundID] = i
			c.Rounds = append(c.Rounds, ChangedRound{
				RoundID: d.RoundID, Region: region.Name, Course: d.Course, Round: d.Round, FirstDay: d.Date, Seats: seats[d.RoundID], Before: fee(d.Tariff), After: fee(next),
			})
			c.Seats += seats[d.RoundID]
		}
		r := &c.Rounds[i]
		r.Days++
		c.Days++
		if d.Held {
			r.Held++
			c.Held++
		} else if d.Billed == 0 { // nobody is marked yet
			expected := (feeOf(next) - feeOf(d.Tariff)) * money.Ore(r.Seats)
			r.Expected += expected
			c.Expected += expected
		}
		was := d
		if err := d.price(next); err != nil {
			return err
		}
		r.Charged += d.Charged - was.Charged
		r.Shared += d.Pot.Paid - was.Pot.Paid
		c.Charged += d.Charged - was.Charged
		c.Shared += d.Pot.Paid - was.Pot.Paid
	}
	return nil
}

func sameTerms(a, b *Tariff) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Terms == b.Terms
}

// feeOf is the fee, nothing without a tariff.
func feeOf(t *Tariff) money.Ore {
	if t == nil {
		return 0
	}
	return t.Fee
}

func fee(t *Tariff) *money.Ore {
	if t == nil {
		return nil
	}
	return &t.Fee
}
