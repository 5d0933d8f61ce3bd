package privacy_test

import (
	"testing"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/privacy"
)

// What people are given of themselves, and what an erasure tells, has a word for each
// table and column.
func TestEveryPlaceHasItsWords(t *testing.T) {
	for _, lang := range []*i18n.Lang{i18n.Swedish, i18n.English} {
		for _, p := range privacy.Places {
			keys := []string{"privacy.place_" + p.Table}
			for _, c := range p.Told {
				keys = append(keys, "privacy.column_"+c)
			}
			for _, key := range keys {
				if !lang.Has(key) {
					t.Errorf("%s: %s is missing", lang.Code(), key)
				}
			}
		}
	}
}
