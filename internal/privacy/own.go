package privacy

import (
	"context"
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

// Own is all that is kept about a person, for themselves.
type Own struct {
	Person  int64         `json:"person"`
	AsOf    clock.Instant `json:"-"`
	At      string        `json:"as_of"`
	Places  []OwnPlace    `json:"places"`
	Doings  []OwnDoing    `json:"doings"`
	Without []string      `json:"not_included"` // of what nothing is told beside secrets
}

// OwnPlace is what one place holds: Rows have a value for each of Columns, "" for none.
type OwnPlace struct {
	Place   string     `json:"place"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// OwnDoing is in how many rows about others the person stands as who did it.
type OwnDoing struct {
	Place string `json:"place"`
	As    string `json:"as"`
	Rows  int64  `json:"rows"`
}

// Unreadable stands for what was sealed with a key that is lost.
const Unreadable = "kan inte läsas / cannot be read"

// named says what a number of something leads to, so that the person reads a name.
var named = map[string]string{
	"organisation_id": `SELECT name FROM organisation WHERE id = `,
	"municipality_id": `SELECT name FROM organisation WHERE id = `,
	"region_id":       `SELECT name FROM organisation WHERE id = `,
	"journey_id":      `SELECT name FROM journey WHERE id = `,
	"step_id":         `SELECT name FROM step WHERE id = `,
	"from_step_id":    `SELECT name FROM step WHERE id = `,
	"to_step_id":      `SELECT name FROM step WHERE id = `,
	"course_id":       `SELECT name FROM course WHERE id = `,
	"edition_id":      `SELECT CAST(number AS TEXT) FROM edition WHERE id = `,
	"trial_id":        `SELECT c.name FROM trial AS x JOIN course AS c ON c.id = x.course_id WHERE x.id = `,
	"group_id":        `SELECT name FROM municipal_group WHERE id = `,
	"task_id":         `SELECT key FROM task WHERE id = `,
	"survey_id":       `SELECT title FROM survey WHERE id = `,
	"question_id":     `SELECT wording FROM question WHERE id = `,
	"option_id":       `SELECT label FROM answer_option WHERE id = `,
	"meeting_id":      `SELECT title FROM trainer_meeting WHERE id = `,
	"circular_id":     `SELECT subject FROM circular WHERE id = `,
	"round_id":        `SELECT c.name || ', ' || r.label FROM round AS r JOIN course AS c ON c.id = r.course_id WHERE r.id = `,
	"course_day_id":   `SELECT c.name || ', ' || CAST(y.day AS TEXT) FROM course_day AS y JOIN round AS r ON r.id = y.round_id JOIN course AS c ON c.id = r.course_id WHERE y.id = `,
}

// isInstant tells whether a column holds a moment.
func isInstant(column string) bool {
	return strings.HasSuffix(column, "_at") || slices.Contains([]string{"at", "until", "offer_until", "since"}, column)
}

// OwnOf is the viewer's own, with that of all who were merged into them, and says so in the audit. fault.Forbidden for who is nobody, and
// for whoever sees the pages as somebody.
func OwnOf(ctx context.Context, d *db.DB, viewer access.Viewer, now clock.Instant) (Own, error) {
	if viewer.PersonID == 0 || viewer.SeenBy != 0 {
		return Own{}, fault.Forbidden
	}
	o := Own{Person: viewer.PersonID, AsOf: now, At: now.Time().Format(time.RFC3339)}
	q := d.Reader()
	selves, err := people.Selves(ctx, q, viewer.PersonID)
	if err != nil {
		return o, err
	}
	for _, p := range Places {
		for _, c := range p.Doings {
			in, args := db.In(c, selves)
			var b db.Builder
			b.Add(`SELECT COUNT(*) FROM `+p.Table+` WHERE `+in, args...)
			n, err := db.Row(ctx, q, db.One[int64], b.String(), b.Args()...)
			if err != nil {
				return o, err
			}
			if n > 0 {
				o.Doings = append(o.Doings, OwnDoing{p.Table, c, n})
			}
		}
		if p.Whose == ofNobody {
			continue
		}
		if len(p.Told) == 0 {
			o.Without = append(o.Without, p.Table)
			continue
		}
		place := OwnPlace{Place: p.Table, Columns: p.Told}
		for _, id := range selves {
			rows, err := p.read(ctx, q, id)
			if err != nil {
				return o, err
			}
			place.Rows = append(place.Rows, rows...)
		}
		if len(place.Rows) > 0 {
			o.Places = append(o.Places, place)
		}
	}
	return o, d.Write(ctx, func(tx *db.Tx) error {
		return audit.Note(ctx, tx, viewer, audit.Exported, audit.OwnData, viewer.PersonID)
	})
}

// read is what the place holds about the person.
func (p Place) read(ctx context.Context, q db.Querier, personID int64) ([][]string, error) {
	var columns []string
	for _, c := range p.Told {
		column := "t." + c
		if of, ok := named[c]; ok {
			column = "(" + of + "t." + c + ")"
		}
		columns = append(columns, "COALESCE(CAST("+column+" AS TEXT), '')")
	}
	// What is sealed is opened by the numbers of its row, which come last.
	var keys []string
	for _, c := range p.Told {
		if s, ok := sealing.Of(p.Table, c); ok {
			keys = s.Key
		}
	}
	for _, k := range keys {
		columns = append(columns, "CAST(t."+k+" AS TEXT)")
	}
	rows, err := db.Rows(ctx, q, func(row *[]string) []any {
		*row = make([]string, len(columns))
		into := make([]any, len(columns))
		for i := range into {
			into[i] = &(*row)[i]
		}
		return into
	}, `SELECT `+strings.Join(columns, ", ")+` FROM `+p.Table+` AS t WHERE `+p.Whose, personID)
	if err != nil {
		return nil, err
	}
	for n, row := range rows {
		for i, c := range p.Told {
			if isInstant(c) && row[i] != "" {
				row[i] = instant(row[i])
			}
			if _, sealed := sealing.Of(p.Table, c); sealed {
				at := vault.Place{Table: p.Table, Column: c, Row: strings.Join(row[len(p.Told):], "/")}
				text, lost, err := sealing.Text(q, at, row[i])
				if err != nil {
					return nil, err
				}
				if row[i] = text; lost {
					row[i] = Unreadable
				}
			}
		}
		rows[n] = row[:len(p.Told)]
	}
	return rows, nil
}

// instant is a moment that was read as text, to the second.
func instant(text string) string {
	var n int64
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return text
		}
		n = n*10 + int64(digit-'0')
	}
	return clock.Instant(n).Time().Format(time.RFC3339)
}
