package identity

import (
	"context"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// CountStart counts that somebody at the network begins to sign in elsewhere, with
// their account at work; ErrNetworkBusy when the network does so too often.
func CountStart(ctx context.Context, tx *db.Tx, now clock.Instant, remoteAddr string) error {
	return try(ctx, tx, now, hash("start "+network(remoteAddr)), tryWindow, triesPerNetwork, ErrNetworkBusy)
}
