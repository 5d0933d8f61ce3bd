package people

import (
	"context"
	"slices"
	"strings"

	"yrkesresan/internal/db"
	"yrkesresan/internal/text"
)

// KeepWords keeps the words by which the person is found. Whoever writes a name or an
// e-mail address calls it in the same transaction.
func KeepWords(ctx context.Context, tx *db.Tx, personID int64) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM person_word WHERE person_id = $1`, personID); err != nil {
		return err
	}
	_, err := keepWords(ctx, tx, "id = $1", personID)
	return err
}

// fewWords is how many people get their words at a time: a writer waits that long.
const fewWords = 2000

// KeepAllWords gives words to those who have none, who were written by an older version
// or in bulk.
func KeepAllWords(ctx context.Context, d *db.DB) error {
	for after := int64(0); ; {
		var highest int64
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			highest, err = keepWords(ctx, tx, `id > $1 AND merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM person_word WHERE person_id = person.id)`, after)
			return err
		})
		if err != nil || highest == 0 {
			return err
		}
		after = highest
	}
}

// keepWords writes the words of the first people under the condition and tells the
// highest identity of them; 0 when there is nobody.
func keepWords(ctx context.Context, tx *db.Tx, condition string, arg int64) (highest int64, err error) {
	people, err := db.Rows(ctx, tx, func(p *Person) []any { return []any{&p.ID, &p.GivenName, &p.FamilyName, &p.Email} }, `
		SELECT
			id,
			given_name,
			family_name,
			COALESCE(email, '')
		FROM person
		WHERE `+condition+`
		AND id NOT IN (SELECT person_id FROM protected_person)
		ORDER BY id
		LIMIT $2`, arg, fewWords)
	if err != nil || len(people) == 0 {
		return 0, err
	}
	return people[len(people)-1].ID, KeepWordsOf(ctx, tx, people)
}

// KeepWordsOf is KeepWords for many who have none yet.
func KeepWordsOf(ctx context.Context, tx *db.Tx, people []Person) error {
	var rows [][]any
	for _, p := range people {
		for _, word := range text.Words(p.Name() + " " + p.Email) {
			rows = append(rows, []any{word, p.ID})
		}
	}
	slices.SortFunc(rows, func(a, b []any) int { // as the index stands
		return strings.Compare(a[0].(string), b[0].(string)) //nolint:forcetypeassert // made above
	})
	return db.Insert(ctx, tx, "person_word", []string{"word", "person_id"}, rows)
}

// common is from how many hits on a list is walked in its own order rather than sorted.
const common = 2000

// last sorts after every letter.
const last = "\U0010FFFF"

// Hits is a query for the people whom the words find, all of them each: by the
// beginning of a word, and with slips by words that are one slip away. There is at
// least one word.
func Hits(words text.Sought, slips bool) *db.Builder {
	var b db.Builder
	for i, word := range words {
		if i > 0 {
			b.Add("INTERSECT")
		}
		const begun = "SELECT person_id FROM person_word WHERE word >= ? AND word < ?"
		near := text.Slips(word)
		if !slips || len(near) == 0 {
			b.Add("SELECT DISTINCT"+strings.TrimPrefix(begun, "SELECT"), word, word+last)
			continue
		}
		in, args := db.In("word", near)
		b.Add("SELECT DISTINCT person_id FROM ("+begun+" UNION ALL SELECT person_id FROM person_word WHERE "+in+") AS near",
			append([]any{word, word + last}, args...)...)
	}
	return &b
}
