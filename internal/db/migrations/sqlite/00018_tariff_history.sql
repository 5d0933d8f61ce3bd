-- +goose Up

-- When a tariff was decided, and why when it corrects rounds that were published
-- before it (reason). One that was wrong is taken back and keeps its row. A later
-- one from the same day has the next version. Those from before had no history:
-- they count as always known, as they have counted.
CREATE TABLE tariff_new (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    from_day TEXT NOT NULL,
    fee_ore INTEGER NOT NULL CHECK (fee_ore >= 0),
    pot_ore INTEGER NOT NULL CHECK (pot_ore >= 0 AND pot_ore <= fee_ore),
    lead_weight INTEGER NOT NULL CHECK (lead_weight > 0),
    trainer_weight INTEGER NOT NULL CHECK (trainer_weight > 0),
    rss_rule TEXT NOT NULL CHECK (rss_rule IN ('kept', 'shared')),
    version INTEGER NOT NULL DEFAULT 1,
    made_at INTEGER NOT NULL DEFAULT 0,
    made_by INTEGER REFERENCES person (id),
    reason TEXT NOT NULL DEFAULT '',
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES person (id),
    withdrawn_reason TEXT NOT NULL DEFAULT '',
    UNIQUE (region_id, kind, from_day, version)
);
INSERT INTO tariff_new (id, region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule)
SELECT id, region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule FROM tariff;
DROP TABLE tariff;
ALTER TABLE tariff_new RENAME TO tariff;

-- +goose Down

CREATE TABLE tariff_old (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    from_day TEXT NOT NULL,
    fee_ore INTEGER NOT NULL CHECK (fee_ore >= 0),
    pot_ore INTEGER NOT NULL CHECK (pot_ore >= 0 AND pot_ore <= fee_ore),
    lead_weight INTEGER NOT NULL CHECK (lead_weight > 0),
    trainer_weight INTEGER NOT NULL CHECK (trainer_weight > 0),
    rss_rule TEXT NOT NULL CHECK (rss_rule IN ('kept', 'shared')),
    UNIQUE (region_id, kind, from_day)
);
INSERT INTO tariff_old (id, region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule)
SELECT id, region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule
FROM tariff AS t
WHERE t.withdrawn_at IS NULL
AND NOT EXISTS (
    SELECT 1 FROM tariff AS later
    WHERE later.region_id = t.region_id AND later.kind = t.kind AND later.from_day = t.from_day
    AND later.withdrawn_at IS NULL AND later.version > t.version
);
DROP TABLE tariff;
ALTER TABLE tariff_old RENAME TO tariff;
