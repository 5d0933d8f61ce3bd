-- +goose Up

-- What a round was cancelled for, which figures count; cancel_reason says it in
-- words. What was cancelled before one chose among causes is other.
ALTER TABLE round ADD COLUMN cancel_cause TEXT CHECK (cancel_cause IN ('too_few', 'no_trainer', 'no_room', 'other'));
UPDATE round SET cancel_cause = 'other' WHERE cancelled_at IS NOT NULL;

-- +goose Down

ALTER TABLE round DROP COLUMN cancel_cause;
