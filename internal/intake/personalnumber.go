package intake

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// Who works is between these ages, both of them included: by that a number without a century
// is read.
const (
	youngest = 15
	oldest   = 80
)

// identityNumber is somebody's Swedish personal identity number (personnummer), or the
// co-ordination number (samordningsnummer) of who has none, in twelve digits. It is kept nowhere.
type identityNumber struct {
	digits       string
	coordination bool
}

// readNumber reads a personal identity number as people and systems write it (Skatteverket,
// SKV 704 and 707): twelve digits, or ten with "-" or, from the year in which somebody becomes
// a hundred, "+" before the last four. Ten digits alone are read when one century alone makes
// somebody of working age; otherwise unsure asks. wrong says what is not right, and holds
// nothing of the number.
func readNumber(cell string, today clock.Day) (n identityNumber, unsure, wrong *Problem) {
	compact := strings.ToUpper(strings.NewReplacer(" ", "", "–", "-", "−", "-").Replace(cell))
	sign := ""
	if at := len(compact) - 5; at > 0 && (compact[at] == '-' || compact[at] == '+') {
		sign = compact[at : at+1]
		compact = compact[:at] + compact[at+1:]
	}
	if len(compact) != 10 && len(compact) != 12 {
		return n, nil, problem(PersonalNumber, "intake.number_form")
	}
	born, last := compact[:len(compact)-4], compact[len(compact)-4:]
	switch {
	case !areDigits(born), strings.Trim(last, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return n, nil, problem(PersonalNumber, "intake.number_form")
	case !areDigits(last), len(born) == 8 && (born[:2] < "18" || born[:2] > "20"):
		// Regions make reserve numbers with letters at the end or centuries that are no one's.
		return n, nil, problem(PersonalNumber, "intake.number_reserve")
	case len(born) == 8 && sign == "+":
		return n, nil, problem(PersonalNumber, "intake.number_form")
	case !checks(born[len(born)-6:]+last) || last[:3] == "000":
		return n, nil, problem(PersonalNumber, "intake.number_check")
	}
	if len(born) == 8 {
		n, ok := dated(born, last, today)
		if !ok {
			return n, nil, problem(PersonalNumber, "intake.number_day")
		}
		return n, nil, nil
	}
	year, _, _ := today.Date()
	var fitting, working []identityNumber
	for _, century := range []string{"18", "19", "20"} {
		n, ok := dated(century+born, last, today)
		if !ok {
			continue
		}
		turns := year - number(century+born[:2])
		switch {
		case sign == "-" && turns < 100, sign == "+" && turns >= 100 && turns < 200, sign == "":
			fitting = append(fitting, n)
		}
		if age := n.age(today); age >= youngest && age <= oldest {
			working = append(working, n)
		}
	}
	switch {
	case len(fitting) == 0:
		return n, nil, problem(PersonalNumber, "intake.number_day")
	case sign != "":
		return fitting[0], nil, nil
	case len(working) == 1:
		return working[0], nil, nil
	}
	return n, problem(PersonalNumber, "intake.number_century"), nil
}

// dated is the number when its date is one, and not to come. Sixty are added to the day of a
// co-ordination number.
func dated(born, last string, today clock.Day) (identityNumber, bool) {
	n := identityNumber{digits: born + last}
	day := number(born[6:])
	if day > 60 {
		n.coordination, day = true, day-60
	}
	year, month := number(born[:4]), number(born[4:6])
	if month < 1 || month > 12 || day < 1 || day > lastOf(year, month) {
		return n, false
	}
	return n, n.born() <= today
}

// lastOf is how many days the month has.
func lastOf(year, month int) int { return clock.Date(year, time.Month(month)+1, 0).Time().Day() }

// born is the day of birth.
func (n identityNumber) born() clock.Day {
	day := number(n.digits[6:8])
	if n.coordination {
		day -= 60
	}
	return clock.Date(number(n.digits[:4]), time.Month(number(n.digits[4:6])), day)
}

// age is how many birthdays there have been.
func (n identityNumber) age(today clock.Day) int {
	year, month, day := today.Date()
	y, m, d := n.born().Date()
	age := year - y
	if month < m || month == m && day < d {
		age--
	}
	return age
}

func areDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// number is the value of digits.
func number(digits string) (n int) {
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

// checks tells whether the last of ten digits is the check digit of the others: every other is
// doubled, and the digits of all are added to a multiple of ten (Luhn).
func checks(ten string) bool {
	sum := 0
	for i, d := range ten {
		v := int(d - '0')
		if i%2 == 0 {
			v *= 2
		}
		sum += v/10 + v%10
	}
	return sum%10 == 0
}

// mark is what is kept of a number.
type mark struct {
	mark         []byte
	coordination bool
}

func (k *known) has(m []byte) bool {
	return slices.ContainsFunc(k.marks, func(have mark) bool { return bytes.Equal(have.mark, m) })
}

// byNumber finds by the mark who was found by nothing else, and says what speaks against who
// was: the number is somebody else's, or they have another. Who somebody else is, is not told:
// they may work in another municipality.
func byNumber(l Line, who *known, column Column, marked []*known) (*known, Column, *Problem) {
	switch {
	case len(l.Mark) == 0:
		return who, column, nil
	case who == nil && len(marked) == 0:
		return nil, column, nil
	case who == nil:
		here := slices.DeleteFunc(slices.Clone(marked), func(k *known) bool { return k.employment == 0 })
		if len(here) == 1 {
			return here[0], PersonalNumber, nil
		}
		if len(marked) > 1 {
			return nil, column, problem(PersonalNumber, "intake.number_of_several")
		}
		return marked[0], PersonalNumber, nil
	case who.has(l.Mark):
		return who, column, nil
	case len(marked) > 0:
		return nil, column, problem(PersonalNumber, "intake.number_of_another")
	case slices.ContainsFunc(who.marks, func(m mark) bool { return !m.coordination }), len(who.marks) > 0 && l.Coordination:
		return nil, column, problem(PersonalNumber, "intake.number_other")
	case len(who.marks) > 0:
		return who, column, problem(PersonalNumber, numberAfter)
	}
	return who, column, nil
}

// numberAfter is a personal number of somebody who has a co-ordination number: a person says
// that it is theirs (Link). The row's person is who it is.
const numberAfter = "intake.number_after"

// among are those of the people who are there.
func among(everybody map[int64]*known, ids []int64) (all []*known) {
	for _, id := range ids {
		if k := everybody[id]; k != nil {
			all = append(all, k)
		}
	}
	return all
}

// marked are the people whose number has the mark, by the mark: several, when one person
// stands there more than once.
func (f *frame) marked(ctx context.Context, q db.Querier, steps []step) (map[string][]int64, error) {
	var marks [][]byte
	for _, s := range steps {
		if len(s.Mark) > 0 {
			marks = append(marks, s.Mark)
		}
	}
	if len(marks) == 0 {
		return nil, nil
	}
	type row struct {
		mark   []byte
		person int64
	}
	in, args := db.In("mark", marks)
	var b db.Builder
	b.Add("SELECT mark, person_id FROM personal_number WHERE "+in+" ORDER BY person_id", args...)
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.mark, &r.person} }, b.String(), b.Args()...)
	found := map[string][]int64{}
	for _, r := range rows {
		found[string(r.mark)] = append(found[string(r.mark)], r.person)
	}
	return found, err
}

// readMarks gives the people the marks that they have, when a row has one. Those made with a
// key that is lost say nothing.
func (f *frame) readMarks(ctx context.Context, q db.Querier, steps []step, everybody map[int64]*known) error {
	at := slices.IndexFunc(steps, func(s step) bool { return len(s.Mark) > 0 })
	if at < 0 || len(everybody) == 0 {
		return nil
	}
	type row struct {
		person int64
		mark
	}
	ids := make([]int64, 0, len(everybody))
	for id := range everybody {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	in, args := db.In("person_id", ids)
	var b db.Builder
	b.Add("SELECT person_id, mark, coordination FROM personal_number WHERE key_id = ? AND "+in, append([]any{steps[at].MarkKey}, args...)...)
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.person, &r.mark.mark, &r.coordination} }, b.String(), b.Args()...)
	for _, r := range rows {
		everybody[r.person].marks = append(everybody[r.person].marks, r.mark)
	}
	return err
}

// keepMarks writes the marks of those who have none yet.
func (a *applying) keepMarks(ctx context.Context, tx *db.Tx, steps ...step) error {
	var rows [][]any
	for _, s := range steps {
		if len(s.Mark) > 0 && !s.person.has(s.Mark) {
			rows = append(rows, []any{s.person.ID, s.Mark, s.MarkKey, s.Coordination, a.now()})
		}
	}
	return db.Insert(ctx, tx, "personal_number", []string{"person_id", "mark", "key_id", "coordination", "told_at"}, rows)
}

// Asks tells whether the row waits for a person to say that the number is of who has a
// co-ordination number: see Link.
func (r ImportRow) Asks() bool { return r.Problem != nil && r.Problem.Key == numberAfter }

// Link says for the row of an import, which is not applied yet, that its personal number is of
// who has a co-ordination number: both are theirs from then on, and the row does what it says.
// fault.Conflict "intake.not_ready", or "intake.nothing_to_link" when the row asks no such thing.
func Link(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, line int, now clock.Instant) error {
	if _, err := db.Exec(ctx, tx, `UPDATE staff_import SET next_row = next_row WHERE id = $1`, id); err != nil {
		return err // of two at once one waits
	}
	i, err := ByID(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	if i.State != Ready {
		return fault.Conflict("intake.not_ready")
	}
	rows, err := RowsOf(ctx, tx, id, Hold, line, 1)
	if err != nil {
		return err
	}
	if len(rows) == 0 || rows[0].Line.Line != line || !rows[0].Asks() {
		return fault.Conflict("intake.nothing_to_link")
	}
	m, err := organisation.ByID(ctx, tx, i.MunicipalityID)
	if err != nil {
		return err
	}
	a := applying{Import: i, by: viewer, now: func() clock.Instant { return now }}
	a.frame = frame{municipality: m.ID, region: m.RegionID, journey: i.JourneyID, today: i.MadeAt.Day(), viewer: viewer}
	if err := a.readUnits(ctx, tx); err != nil {
		return err
	}
	steps := []step{{Line: rows[0].Line}}
	if err := a.plan(ctx, tx, steps); err != nil {
		return err
	}
	if s := steps[0]; s.person == nil || s.problem == nil || s.problem.Key != numberAfter { // something has changed since
		return fault.Conflict("intake.nothing_to_link")
	}
	if err := a.keepMarks(ctx, tx, steps...); err != nil {
		return err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.StaffFile, steps[0].person.ID); err != nil {
		return err
	}
	steps = []step{{Line: rows[0].Line}}
	if err := a.plan(ctx, tx, steps); err != nil {
		return err
	}
	if err := a.noted(ctx, tx, steps[0]); err != nil {
		return err
	}
	i.Held--
	*i.of(steps[0].act)++
	_, err = db.Exec(ctx, tx, `UPDATE staff_import SET added = $2, changed = $3, unchanged = $4, ended = $5, held = $6, rejected = $7 WHERE id = $1`,
		id, i.Added, i.Changed, i.Unchanged, i.Ended, i.Held, i.Rejected)
	return err
}
