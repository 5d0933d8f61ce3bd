package organisation

import (
	"context"
	"embed"
	"fmt"
	"strconv"
	"strings"

	"yrkesresan/internal/db"
	"yrkesresan/internal/i18n"
)

//go:embed data/*.csv
var data embed.FS

// NationID is the organisation that all others are in.
const NationID int64 = 1

// Install puts the nation, the counties, the regions, the municipalities and
// their inhabitants into the database. What is there already stays as it is.
func Install(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		installed, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM organisation WHERE id = $1)`, NationID)
		if err != nil || installed {
			return err
		}
		if err := install(ctx, tx); err != nil {
			return fmt.Errorf("install the country's tables: %w", err)
		}
		return d.ResetIdentity(ctx, tx, "organisation")
	})
}

func install(ctx context.Context, tx *db.Tx) error {
	counties, err := db.Table(data, "data/counties.csv")
	if err != nil {
		return err
	}
	var rows [][]any
	for _, c := range counties {
		rows = append(rows, []any{c["code"], c["name"]})
	}
	if err := db.Insert(ctx, tx, "county", []string{"code", "name"}, rows); err != nil {
		return err
	}

	columns := []string{"id", "kind", "parent_id", "region_id", "municipality_id", "county_code", "code", "slug", "name", "sort_key"}
	rows = [][]any{{NationID, Nation, nil, nil, nil, nil, nil, "sverige", "Sverige", i18n.SortKey("Sverige")}}
	regions, err := db.Table(data, "data/regions.csv")
	if err != nil {
		return err
	}
	regionOfCounty, regionOfMunicipality := map[string]int64{}, map[string]int64{}
	for _, r := range regions {
		id, err := strconv.ParseInt(r["id"], 10, 64)
		if err != nil {
			return err
		}
		if r["county"] != "" {
			regionOfCounty[r["county"]] = id
		}
		for _, code := range strings.Fields(r["municipalities"]) {
			regionOfMunicipality[code] = id
		}
		rows = append(rows, []any{id, Region, NationID, id, nil, nil, nil, r["slug"], r["name"], i18n.SortKey(r["name"])})
	}
	municipalities, err := db.Table(data, "data/municipalities.csv")
	if err != nil {
		return err
	}
	var inhabitants [][]any
	for _, m := range municipalities {
		id, err := strconv.ParseInt(m["code"], 10, 64)
		if err != nil {
			return err
		}
		region, ok := regionOfMunicipality[m["code"]]
		if !ok {
			if region, ok = regionOfCounty[m["county_code"]]; !ok {
				return fmt.Errorf("municipality %s is in no region", m["name"])
			}
		}
		rows = append(rows, []any{id, Municipality, region, region, id, m["county_code"], m["code"], Slug(m["name"]), m["name"], i18n.SortKey(m["name"])})
		people, err := strconv.Atoi(m["population"])
		if err != nil {
			return err
		}
		inhabitants = append(inhabitants, []any{id, 2025, people})
	}
	if err := db.Insert(ctx, tx, "organisation", columns, rows); err != nil {
		return err
	}
	dalarna, err := db.Table(data, "data/dalarna-2024.csv")
	if err != nil {
		return err
	}
	for _, m := range dalarna {
		id, err := strconv.ParseInt(m["code"], 10, 64)
		if err != nil {
			return err
		}
		people, err := strconv.Atoi(m["population_2024_12_31"])
		if err != nil {
			return err
		}
		inhabitants = append(inhabitants, []any{id, 2024, people})
	}
	return db.Insert(ctx, tx, "inhabitants", []string{"municipality_id", "year", "people"}, inhabitants)
}

// Slug is the name as it stands in an address: "Malung-Sälen" → "malung-salen".
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == 'å', r == 'ä':
			b.WriteByte('a')
		case r == 'ö':
			b.WriteByte('o')
		case r == 'é':
			b.WriteByte('e')
		default:
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
