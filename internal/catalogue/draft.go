package catalogue

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/file"
	"yrkesresan/internal/organisation"
)

// Phases are the phases in their order, the others the kinds in
// the order in which they are offered.
var (
	Phases        = []Phase{Preparation, During, FollowUp}
	TaskKinds     = []TaskKind{TextTask, FilmTask, PodcastTask, DocumentTask, LinkTask, QuizTask, ReflectionTask, DiscussionTask}
	QuestionKinds = []QuestionKind{OneOf, Several, InOrder, Matching, FreeText}
	ItemKinds     = []ItemKind{TalkRow, FilmRow, ExerciseRow, QuestionRow, OwnRow, PauseRow}
)

// Task is the content's task with the key; nil when there is none.
func (c *Content) Task(key string) *Task {
	for i := range c.Tasks {
		if c.Tasks[i].Key == key {
			return &c.Tasks[i]
		}
	}
	return nil
}

// InPhase are the content's tasks of the phase, in their order.
func (c *Content) InPhase(p Phase) (all []Task) {
	for _, t := range c.Tasks {
		if t.Phase == p {
			all = append(all, t)
		}
	}
	return all
}

// Add puts the task last in its phase, under a key made of its title.
func (c *Content) Add(t Task) (key string) {
	t.Key = unlike(limit(organisation.Slug(t.Title.In("sv")), 50), "uppgift", func(k string) bool { return c.Task(k) != nil })
	c.Tasks = append(c.Tasks, t)
	c.Sort()
	return t.Key
}

// Copy puts a copy of the task after it, called name, and gives the copy's key;
// empty when there is no such task.
func (c *Content) Copy(key string, name func(title string) string) string {
	i := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Key == key })
	if i < 0 {
		return ""
	}
	t := c.Tasks[i]
	title := make(Words, len(t.Title))
	for language, s := range t.Title {
		title[language] = name(s)
	}
	t.Title, t.Questions = title, slices.Clone(t.Questions)
	t.Key = unlike(limit(key, 50), "uppgift", func(k string) bool { return c.Task(k) != nil })
	c.Tasks = slices.Insert(slices.Clone(c.Tasks), i+1, t)
	return t.Key
}

// Remove takes the task away.
func (c *Content) Remove(key string) {
	c.Tasks = slices.DeleteFunc(slices.Clone(c.Tasks), func(t Task) bool { return t.Key == key })
}

// Move lets the task change places with the one before it (-1) or after it (1)
// in its phase; at the end it stays.
func (c *Content) Move(key string, by int) {
	i := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Key == key })
	if i < 0 {
		return
	}
	for j := i + by; j >= 0 && j < len(c.Tasks); j += by {
		if c.Tasks[j].Phase == c.Tasks[i].Phase {
			c.Tasks = slices.Clone(c.Tasks)
			c.Tasks[i], c.Tasks[j] = c.Tasks[j], c.Tasks[i]
			return
		}
	}
}

// Sort puts the tasks into the order of their phases, and leaves them as they
// are within one.
func (c *Content) Sort() {
	slices.SortStableFunc(c.Tasks, func(a, b Task) int { return slices.Index(Phases, a.Phase) - slices.Index(Phases, b.Phase) })
}

// MediaNameFor is what a file that was uploaded as name is called among the
// content's media: in the letters that names have there, and unlike the others.
func (c *Content) MediaNameFor(name string) string {
	name = file.Clean(name)
	ending := strings.ToLower(path.Ext(name))
	return unlike(limit(organisation.Slug(strings.TrimSuffix(name, path.Ext(name))), 60), "fil", func(stem string) bool {
		return c.Media[stem+ending] != 0
	}) + ending
}

// unlike is the name, or fallback when it is empty, with a number after it when
// it is taken.
func unlike(name, fallback string, taken func(string) bool) string {
	if name == "" {
		name = fallback
	}
	for n, each := 2, name; ; n++ {
		if !taken(each) {
			return each
		}
		each = name + "-" + strconv.Itoa(n)
	}
}

// limit cuts a slug.
func limit(slug string, most int) string {
	var b strings.Builder // without two hyphens after each other
	for _, r := range slug {
		if r != '-' || !strings.HasSuffix(b.String(), "-") {
			b.WriteRune(r)
		}
	}
	slug = b.String()
	if len(slug) > most {
		slug = slug[:most]
	}
	return strings.Trim(slug, "-")
}

// Passage is one text of a content: where it stands (as in Check), which part of
// the thing there it is ("title", "text", …), and the words.
type Passage struct {
	Place string
	Part  string
	Words Words
}

// Passages are all texts of the content that somebody has written something in,
// in their order: what there is to translate.
func (c *Content) Passages() []Passage {
	var all []Passage
	add := func(place, part string, w Words) {
		for _, s := range w {
			if strings.TrimSpace(s) != "" {
				all = append(all, Passage{place, part, w})
				return
			}
		}
	}
	add("about", "about", c.About)
	add("changes", "changes", c.Changes)
	for i, t := range c.Tasks {
		place := fmt.Sprintf("tasks.%d", i+1)
		add(place, "title", t.Title)
		add(place, "text", t.Text)
		add(place, "transcript", t.Transcript)
		for n, q := range t.Questions {
			of := fmt.Sprintf("%s.questions.%d", place, n+1)
			add(of, "question", q.Text)
			for _, o := range q.Options {
				add(of, "option", o.Text)
				add(of, "match", o.Match)
			}
			add(of, "explanation", q.Explanation)
			add(of, "model_answer", q.ModelAnswer)
		}
	}
	add("pack.instructions", "instructions", c.Pack.Instructions)
	for i, item := range c.Pack.RunSheet {
		place := fmt.Sprintf("pack.run_sheet.%d", i+1)
		add(place, "title", item.Title)
		add(place, "text", item.Text)
		add(place, "screen", item.Screen)
	}
	for i, e := range c.Pack.Exercises {
		place := fmt.Sprintf("pack.exercises.%d", i+1)
		add(place, "title", e.Title)
		add(place, "text", e.Text)
	}
	for i, s := range c.Pack.Slides {
		place := fmt.Sprintf("pack.slides.%d", i+1)
		add(place, "title", s.Title)
		add(place, "notes", s.Notes)
	}
	for i, f := range c.Pack.Films {
		place := fmt.Sprintf("pack.films.%d", i+1)
		add(place, "title", f.Title)
		add(place, "transcript", f.Transcript)
	}
	return all
}

// Lacks tells whether the text is not written in the language.
func (p Passage) Lacks(language string) bool { return strings.TrimSpace(p.Words[language]) == "" }

// Ends is when the row of a run sheet ends, as "10:30"; empty when it begins at
// no time of day.
func (i Item) Ends() string {
	var hours, minutes int
	if !timePattern.MatchString(i.Starts) {
		return ""
	}
	if _, err := fmt.Sscanf(i.Starts, "%d:%d", &hours, &minutes); err != nil {
		return ""
	}
	end := hours*60 + minutes + i.Minutes
	return fmt.Sprintf("%02d:%02d", end/60%24, end%60)
}

// Thin is what is missing of what the course may, but seldom should, go without.
func (c *Content) Thin(course Course) (lacks []string) {
	if strings.TrimSpace(c.About.In("sv")) == "" {
		lacks = append(lacks, "about")
	}
	if course.Days > 0 && c.Pack.Empty() {
		lacks = append(lacks, "pack")
	}
	return lacks
}

// Empty tells whether the pack holds nothing.
func (p Pack) Empty() bool {
	return p.Instructions.In("sv") == "" && len(p.RunSheet)+len(p.Exercises)+len(p.Slides)+len(p.Films) == 0
}
