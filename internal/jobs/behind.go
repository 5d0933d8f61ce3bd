package jobs

import (
	"context"
	"sync"
)

// Behind does work that goes on after a page has been answered, in this program alone: what
// is on its way when the program is killed is lost, so whoever does it leaves nothing half
// done. It is for what must not be kept for a later try, as a file that holds personal
// identity numbers. The zero value does not work; see NewBehind.
type Behind struct {
	ctx   context.Context //nolint:containedctx // it is the program's, and ends all of the work
	end   context.CancelFunc
	slots chan struct{}
	wg    sync.WaitGroup
}

// NewBehind does at most so many works at once. Their context has what ctx has, and ends
// with End, not with ctx.
func NewBehind(ctx context.Context, atOnce int) *Behind {
	b := &Behind{slots: make(chan struct{}, atOnce)}
	b.ctx, b.end = context.WithCancel(context.WithoutCancel(ctx))
	return b
}

// Go does the work. It waits until there is room, for as long as ctx lasts; whether the
// work has begun is the answer's.
func (b *Behind) Go(ctx context.Context, work func(ctx context.Context)) error {
	if b.ctx.Err() != nil {
		return b.ctx.Err() // also when there is room
	}
	select {
	case b.slots <- struct{}{}:
	case <-b.ctx.Done():
		return b.ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
	b.wg.Go(func() {
		defer func() { <-b.slots }()
		work(b.ctx)
	})
	return nil
}

// End breaks off what goes on, and lets nothing begin any more.
func (b *Behind) End() { b.end() }

// Wait waits, for as long as ctx lasts, until what was broken off has put its things away.
func (b *Behind) Wait(ctx context.Context) error {
	ended := make(chan struct{})
	go func() { b.wg.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
