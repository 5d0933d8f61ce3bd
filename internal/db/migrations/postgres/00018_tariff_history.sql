-- +goose Up

-- When a tariff was decided, and why when it corrects rounds that were published
-- before it (reason). One that was wrong is taken back and keeps its row. A later
-- one from the same day has the next version. Those from before had no history:
-- they count as always known, as they have counted.
ALTER TABLE tariff
    ADD COLUMN version BIGINT NOT NULL DEFAULT 1,
    ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN made_by BIGINT REFERENCES person (id),
    ADD COLUMN reason TEXT NOT NULL DEFAULT '',
    ADD COLUMN withdrawn_at BIGINT,
    ADD COLUMN withdrawn_by BIGINT REFERENCES person (id),
    ADD COLUMN withdrawn_reason TEXT NOT NULL DEFAULT '',
    DROP CONSTRAINT tariff_region_id_kind_from_day_key,
    ADD UNIQUE (region_id, kind, from_day, version);

-- +goose Down

DELETE FROM tariff WHERE withdrawn_at IS NOT NULL;
DELETE FROM tariff AS t USING tariff AS later
WHERE later.region_id = t.region_id AND later.kind = t.kind AND later.from_day = t.from_day AND later.version > t.version;
ALTER TABLE tariff
    DROP CONSTRAINT tariff_region_id_kind_from_day_version_key,
    DROP COLUMN version,
    DROP COLUMN made_at,
    DROP COLUMN made_by,
    DROP COLUMN reason,
    DROP COLUMN withdrawn_at,
    DROP COLUMN withdrawn_by,
    DROP COLUMN withdrawn_reason,
    ADD UNIQUE (region_id, kind, from_day);
