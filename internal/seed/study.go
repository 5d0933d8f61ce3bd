package seed

import (
	"encoding/json"
	"strconv"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
)

// lesson is an edition with its tasks, whose identities follow each other from
// first on.
type lesson struct {
	edition int64
	first   int64
	course  *course
	content *catalogue.Content
}

// study is somebody's way through a lesson: so many of its tasks are done, and
// the next one is begun.
type study struct {
	person *person
	lesson *lesson
	at     clock.Instant
	done   int
}

// lessons gives every edition that is out a content of ten tasks, none of which
// needs a file.
func (p *plan) lessons() {
	next := int64(1)
	for _, c := range p.courses {
		for _, e := range c.editions {
			if e.PublishedOn > p.today {
				continue
			}
			l := &lesson{edition: e.ID, first: next, course: c, content: content(c)}
			p.lessonsOf[e.ID] = l
			p.allLessons = append(p.allLessons, l)
			next += int64(len(l.content.Tasks))
		}
	}
}

// words are about as many as a task has.
const words = "Du möter människor som behöver stöd på olika sätt. Läs texten i lugn och ro och tänk på någon som du själv möter i ditt arbete.\n\n" +
	"**Tänk på** att fråga först, att ge tid att svara och att berätta vad som händer sedan. Det tar inte längre tid, och det blir lugnare för alla.\n\n" +
	"- Vad är viktigt för personen?\n- Vad vet du, och vad tror du?\n- Vem mer behöver veta?\n"

func content(c *course) *catalogue.Content {
	sv := func(text string) catalogue.Words { return catalogue.Words{"sv": text} }
	question := func(n int) catalogue.Question {
		return catalogue.Question{
			Kind: catalogue.OneOf, Text: sv("Vad gör du först? (" + strconv.Itoa(n) + ")"), Explanation: sv("Att fråga först är nästan alltid bäst."),
			Options: []catalogue.Option{{Text: sv("Frågar personen"), Right: true}, {Text: sv("Frågar en kollega")}, {Text: sv("Väntar")}},
		}
	}
	kinds := []catalogue.TaskKind{
		catalogue.TextTask, catalogue.TextTask, catalogue.QuizTask, catalogue.ReflectionTask, catalogue.DiscussionTask,
		catalogue.TextTask, catalogue.TextTask, catalogue.LinkTask, catalogue.QuizTask, catalogue.ReflectionTask,
	}
	content := &catalogue.Content{About: sv(words), Changes: sv("Nytt innehåll"), Rules: catalogue.Rules{PreparationDays: 7, FollowUpDays: 30}}
	for i, kind := range kinds {
		t := catalogue.Task{Key: "uppgift-" + strconv.Itoa(i+1), Kind: kind, Title: sv("Uppgift " + strconv.Itoa(i+1)), Text: sv(words), Minutes: 5, Phase: catalogue.During}
		if c.Days > 0 && i < 4 {
			t.Phase = catalogue.Preparation
		} else if c.Days > 0 && i > 4 {
			t.Phase = catalogue.FollowUp
		}
		switch kind {
		case catalogue.QuizTask:
			t.Questions = []catalogue.Question{question(1), question(2), question(3)}
		case catalogue.LinkTask:
			t.URL = "https://example.org/"
		default:
		}
		content.Tasks = append(content.Tasks, t)
	}
	return content
}

// take lets half of those who have a seat in a round to come have begun its
// preparation, and two in seven of the others be under way in a course of their
// journey. Whoever completed a web course lately did its tasks.
func (p *plan) take() {
	taken := map[*person]uint64{}
	begin := func(who *person, c *course, edition *int64, from clock.Day, done int) {
		if edition == nil || taken[who]&(1<<c.bit) != 0 {
			return
		}
		taken[who] |= 1 << c.bit
		p.studies = append(p.studies, study{who, p.lessonsOf[*edition], p.between(from, p.today-1).At(12, 0), done})
	}
	for _, c := range p.completions {
		if c.source == learning.Web && c.on > p.today-30 {
			begin(c.person, c.course, c.course.edition(c.on), c.on, 10)
			p.studies[len(p.studies)-1].at = c.on.At(12, 0)
		}
		taken[c.person] |= 1 << c.course.bit
	}
	for _, s := range p.seatsAhead() {
		if !p.chance(500) {
			continue
		}
		if edition := s.round.course.edition(s.round.first()); edition != nil && p.lessonsOf[*edition] != nil {
			begin(s.person, s.round.course, edition, p.today-20, 1+p.IntN(4))
		}
	}
	courses := make([][]*course, len(p.journeys))
	for i, j := range p.journeys {
		for _, c := range p.courses {
			if c.in(j) && c.published < p.today {
				courses[i] = append(courses[i], c)
			}
		}
	}
	for _, who := range p.people {
		if who.journey < 0 || who.left != nil || len(courses[who.journey]) == 0 || !p.chance(286) {
			continue
		}
		c := pick(p, courses[who.journey])
		begin(who, c, c.edition(p.today-1), max(who.opened, c.published, p.today-90), p.IntN(6))
	}
	sortBy(p.studies, func(s study) int64 { return s.person.id<<10 + int64(s.lesson.course.bit) })
}

// seatAhead is a seat in a round to come.
type seatAhead struct {
	*seat
	round *round
}

func (p *plan) seatsAhead() (all []seatAhead) {
	for _, g := range p.rounds {
		if g.cancelled != nil || g.first() <= p.today {
			continue
		}
		for _, s := range g.seats {
			if s.withdrawn == nil {
				all = append(all, seatAhead{s, g})
			}
		}
	}
	return all
}

func (p *plan) writeStudies(w *writer) error {
	w.into("edition_content", "edition_id", "content", "published_at")
	for _, l := range p.allLessons {
		text, err := json.Marshal(l.content)
		if err != nil {
			return err
		}
		w.row(l.edition, string(text), l.course.published.At(9, 0))
	}
	w.into("task", "id", "edition_id", "key", "phase", "kind", "ordinal", "required")
	for _, l := range p.allLessons {
		for i, t := range l.content.Tasks {
			w.row(l.first+int64(i), l.edition, t.Key, t.Phase, t.Kind, i+1, true)
		}
	}
	w.into("study", "person_id", "course_id", "edition_id", "started_at")
	for _, s := range p.studies {
		w.row(s.person.id, s.lesson.course.ID, s.lesson.edition, s.at)
	}
	w.into("progress", "person_id", "task_id", "opened_at", "changed_at", "done_at", "answer")
	for _, s := range p.studies {
		for i := range min(s.done+1, len(s.lesson.content.Tasks)) {
			done := &s.at
			if i == s.done {
				done = nil
			}
			answer := ""
			if s.lesson.content.Tasks[i].Kind == catalogue.ReflectionTask {
				answer = "Jag tänker på hur ofta jag skyndar mig."
			}
			w.row(s.person.id, s.lesson.first+int64(i), s.at, s.at, done, answer)
		}
	}
	w.flush()
	return w.err
}
