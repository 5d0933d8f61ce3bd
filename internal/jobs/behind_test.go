package jobs_test

import (
	"context"
	"errors"
	"testing"

	"yrkesresan/internal/jobs"
)

func TestWorkBehindHasItsRoomAndItsEnd(t *testing.T) {
	b := jobs.NewBehind(t.Context(), 1)
	left, after, ended := make(chan struct{}), make(chan error), make(chan error, 1)
	request, leave := context.WithCancel(t.Context())
	if err := b.Go(request, func(ctx context.Context) {
		<-left
		after <- ctx.Err()
		<-ctx.Done()
		ended <- ctx.Err()
	}); err != nil {
		t.Fatal(err)
	}
	leave()
	if err := b.Go(request, func(context.Context) { t.Error("there was no room") }); !errors.Is(err, context.Canceled) {
		t.Errorf("without room: %v", err)
	}
	close(left)
	if err := <-after; err != nil { // who asked is gone: the work goes on
		t.Errorf("the work ended with the request: %v", err)
	}
	b.End()
	if err := b.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("at the end: %v", err)
	}
	if err := b.Go(t.Context(), func(context.Context) { t.Error("work began after the end") }); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

func TestWorkThatDoesNotEndIsNotWaitedForForEver(t *testing.T) {
	b := jobs.NewBehind(t.Context(), 1)
	hold := make(chan struct{})
	if err := b.Go(t.Context(), func(context.Context) { <-hold }); err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	b.End()
	if err := b.Wait(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("stopping in a hurry: %v", err)
	}
	close(hold)
	if err := b.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}
