package study

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/ui"
)

// closed tells whether the course is closed to the visitor: it is retired, and they have
// nothing of it.
func (p *coursePage) closed() bool { return p.study.Closed(p.Today, p.seat != nil) }

// lifetime says that the visitor's edition is withdrawn, that no edition stands, or that
// the course ends, and what that means for them.
func (p *coursePage) lifetime() (templ.Component, error) {
	var parts []templ.Component
	say := func(title, text string) {
		parts = append(parts, ui.Notice{Tone: ui.Info, Title: title, Text: text}.View(p.Lang))
	}
	if w := p.study.Withdrawn; w != nil && (p.study.Begun || p.study.Completed != nil) {
		help := "lifetime.yours_withdrawn_help"
		if p.study.Completed != nil {
			help = "lifetime.yours_withdrawn_done"
		}
		say(p.T("lifetime.yours_withdrawn", "Number", p.study.Edition.Number), p.T(help, "Reason", retirement.Sentence(w.Reason)))
	}
	if p.study.Edition.ID == 0 && p.study.Completed == nil {
		withdrawn, err := lifetime.Withdrawals(p.Context(), p.Reader(), p.course.ID)
		if err != nil {
			return nil, err
		}
		help := "lifetime.none_stands_days"
		if p.study.Web() {
			help = "lifetime.none_stands_web"
		}
		if len(withdrawn) > 0 {
			say(p.T("lifetime.none_stands"), p.T(help))
		}
	}
	if r := p.study.Retired; r != nil {
		help := "lifetime.ends_help"
		switch {
		case p.study.Completed != nil:
			help = "lifetime.done_help"
		case p.study.Begun && p.study.Web():
			help = "lifetime.yours_ends_help"
		case p.seat != nil && !p.missed():
			help = "lifetime.seat_stays_help"
		case r.On(p.Today):
			help = "lifetime.closed_help"
		}
		say(retirement.Since(p.Visit, &r.From), p.T(help, "Reason", retirement.Sentence(r.Reason)))
	}
	return templ.Join(parts...), nil
}
