package stafffile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"yrkesresan/internal/address"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/reading"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const (
	soon  = 1500 * time.Millisecond // how long the page waits for the file to be read
	often = time.Second             // how often a reading tells how far it has come
)

// read begins to read the file and waits a moment for it to be done: most files are. The file
// is closed when it has been read.
func read(v *visit.Visit, o intake.Options, file *os.File) (id int64, err error) {
	d, clock := v.Server.DB, v.Server.Clock
	s, err := intake.Begin(v.Context(), d, v.Viewer, o, file, v.Now)
	if err != nil {
		return 0, errors.Join(err, file.Close())
	}
	outcome, answered := make(chan error), make(chan struct{})
	defer close(answered)
	var told time.Time
	begun := v.Server.Behind.Go(v.Context(), func(ctx context.Context) {
		defer file.Close()
		err := finish(ctx, v, s, func(rows int) {
			if now := clock(); now.Time().Sub(told) >= often {
				told = now.Time()
				_ = reading.Heard(ctx, d, s.ID, rows, now) // it is told again in a moment
			}
		})
		select {
		case outcome <- err: // the page tells it
		case <-answered:
			if err == nil {
				return
			}
			if refused := reading.Refuse(context.WithoutCancel(ctx), d, s.ID, err); refused != nil {
				v.Server.Log.Error("a file of staff is not read, and nobody is told", "import", s.ID, "error", errors.Join(err, refused))
			}
		}
	})
	if begun != nil {
		return 0, errors.Join(begun, s.Close(), file.Close(), intake.Discard(context.WithoutCancel(v.Context()), d, s.ID))
	}
	late := time.NewTimer(soon)
	defer late.Stop()
	select {
	case err = <-outcome:
		if err != nil {
			err = errors.Join(err, intake.Discard(context.WithoutCancel(v.Context()), d, s.ID))
		}
	case <-late.C:
	case <-v.Context().Done(): // who has left finds it in the list
	}
	return s.ID, err
}

// finish reads the file to its end. A parser that a file makes stumble is that file's trouble:
// nobody else's page is behind this one.
func finish(ctx context.Context, v *visit.Visit, s *intake.Staging, progress func(rows int)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			v.Server.Log.Error("a file of staff made its reader stumble", "import", s.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("read a file of staff: %v", p)
		}
	}()
	return s.Finish(ctx, progress)
}

// readingTag is a word for how the reading of a file goes.
func readingTag(v *visit.Visit, p reading.Progress) *ui.Tag {
	if p.GoesOn(v.Now) {
		return &ui.Tag{Word: v.T("intake.state.reading"), Tone: ui.Info}
	}
	return &ui.Tag{Word: v.T("intake.state.unread"), Tone: ui.Negative}
}

// showReading says how far the reading of the file has come, or why it ended.
func showReading(v *visit.Visit, i intake.Import, f ui.Frame) error {
	p, err := reading.Of(v.Context(), v.Reader(), i.ID)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: i.FileName, Tag: readingTag(v, p)}
	if p.GoesOn(v.Now) {
		f.Refresh = true
		head.Lead = v.T("intake.page.lead_reading")
		return v.Page(f, head.View(v.Lang),
			ui.Progress{Label: v.T("intake.page.progress_label"), Text: v.T("intake.page.rows_read", "Count", p.Rows)}.View(),
			ui.Notice{
				Tone: ui.Info, Text: v.T("intake.page.reading_goes_on"),
				Action: &ui.Action{Label: v.T("intake.page.look_again"), Href: address.StaffFile(i.ID)},
			}.View(v.Lang))
	}
	text := v.T("intake.page.reading_broken_off")
	if len(p.Why) > 0 {
		text = ""
		for _, f := range p.Why {
			text += v.T(f.Key, f.Args...) + " "
		}
		text += v.T("intake.page.send_again")
	}
	return v.Page(f, head.View(v.Lang),
		ui.Notice{
			Tone: ui.Negative, Text: text,
			Action: &ui.Action{Label: v.T("intake.page.new"), Href: visit.MunicipalityPath(v.Server.Country[i.MunicipalityID], "imports")},
		}.View(v.Lang),
		ui.Action{Label: v.T("intake.page.discard"), Href: address.StaffFile(i.ID, "removal"), Post: true, Kind: ui.Quiet}.View(v.Lang))
}
