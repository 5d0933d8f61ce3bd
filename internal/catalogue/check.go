package catalogue

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/markdown"
)

// Languages are those that content may be written in. The first must be there.
var Languages = []string{"sv", "en"}

// MediaKinds are the endings of the files that a task's Media may be.
var MediaKinds = map[TaskKind][]string{
	FilmTask:     {".mp4"},
	PodcastTask:  {".mp3"},
	DocumentTask: {".pdf", ".docx", ".pptx", ".xlsx", ".txt"},
}

// What else a content's media may be.
var (
	SlideKinds   = []string{".pdf", ".pptx"}
	PictureKinds = []string{".png", ".jpg", ".jpeg"}
	ScreenKinds  = []string{".pdf", ".png", ".jpg", ".jpeg"} // what a browser shows to a room
	CaptionKinds = []string{".vtt", ".srt"}                  // which is kept as .vtt
)

const (
	maxTitle = 200
	maxText  = markdown.MaxText
	maxTasks = 200
)

var (
	keyPattern   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)
	mediaPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,99}\.[a-z0-9]{2,5}$`)
	timePattern  = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// MediaName tells whether a media file may be called so: small letters a to z,
// figures, dots, hyphens and underlines, so that the name is the same in an
// address, in a text and in an archive.
func MediaName(name string) bool { return mediaPattern.MatchString(name) }

// Check tells what keeps the content from being published as an edition of the
// course: fault.Invalid, whose fields are named after the place ("tasks.3",
// "pack.films.1", counted from 1) and say what is missing there.
func (c *Content) Check(course Course) error {
	k := checker{content: c}
	k.words("about", "", c.About, maxText, false)
	k.words("changes", "", c.Changes, 2_000, false)
	for _, gate := range []Gate{c.Rules.Preparation, c.Rules.FollowUp} {
		k.Require(gate == "" || gate == Advise || gate == Require, "rules", "workshop.check.gate")
	}
	k.Require(within(c.Rules.PreparationDays, 0, 365) && within(c.Rules.FollowUpDays, 0, 365), "rules", "workshop.check.rule_days")
	for _, n := range []int{c.Minutes.Preparation, c.Minutes.During, c.Minutes.FollowUp} {
		k.Require(within(n, 0, MaxMinutes), "rules", "workshop.check.phase_minutes", "Max", MaxMinutes)
	}
	k.Require(len(c.Tasks) > 0, "tasks", "workshop.check.no_tasks")
	k.Require(len(c.Tasks) <= maxTasks, "tasks", "workshop.check.too_many_tasks", "Max", maxTasks)
	keys := map[string]bool{}
	for i, t := range c.Tasks {
		k.at(fmt.Sprintf("tasks.%d", i+1), t.Title.In(Languages[0]))
		k.require(keyPattern.MatchString(t.Key), "key")
		k.require(!keys[t.Key], "key_twice")
		keys[t.Key] = true
		k.task(t)
	}
	k.pack(c.Pack, course)
	for name, w := range c.Alt {
		k.at("media", name)
		k.require(c.Media[name] != 0, "alt_missing")
		k.languages(w)
	}
	return k.Err()
}

func within(n, low, high int) bool { return low <= n && n <= high }

// checker collects what is wrong, with the place where it looks.
type checker struct {
	fault.Checks
	content     *Content
	place, name string // of the form, and in words
}

func (k *checker) at(place, name string) { k.place, k.name = place, name }

// require notes a fault at the place; its words may name the thing there.
func (k *checker) require(ok bool, key string, args ...any) {
	k.Require(ok, k.place, "workshop.check."+key, append([]any{"Name", k.name}, args...)...)
}

func (k *checker) languages(w Words) {
	for language := range w {
		k.require(slices.Contains(Languages, language), "language", "Language", language)
	}
}

// words checks a text at a place of its own.
func (k *checker) words(place, name string, w Words, longest int, required bool) {
	k.at(place, name)
	k.text(w, longest, required, "text_missing")
}

// text checks a text of the place, with its pictures and links.
func (k *checker) text(w Words, longest int, required bool, missing string) {
	k.languages(w)
	k.require(!required || strings.TrimSpace(w["sv"]) != "", missing)
	for _, source := range w {
		k.require(utf8.RuneCountInString(source) <= longest, "text_too_long", "Max", longest)
		k.require(markdown.Readable(source) || utf8.RuneCountInString(source) > maxText, "text_nested", "Max", markdown.MostNested, "Longest", markdown.LongestPart)
		shown, linked := markdown.Pictures(source)
		for _, p := range shown {
			k.media(p.Name, PictureKinds)
			k.require(p.Said || k.content.Alt[p.Name]["sv"] != "", "picture_words", "File", p.Name)
		}
		for _, name := range linked {
			k.media(name, nil)
		}
	}
}

func (k *checker) title(w Words) {
	k.languages(w)
	k.require(strings.TrimSpace(w["sv"]) != "", "title_missing")
	for _, s := range w {
		k.require(utf8.RuneCountInString(s) <= maxTitle, "title_too_long", "Max", maxTitle)
	}
}

// media checks that the file is there and of a kind that the place takes; nil
// takes every kind.
func (k *checker) media(name string, kinds []string) {
	if k.content.Media[name] == 0 {
		k.require(false, "media_missing", "File", name)
		return
	}
	k.require(kinds == nil || slices.Contains(kinds, path.Ext(name)), "media_kind", "File", name, "Kinds", strings.Join(kinds, ", "))
}

func (k *checker) minutes(n int) { k.require(within(n, 0, 600), "minutes") }

func (k *checker) task(t Task) {
	k.title(t.Title)
	k.minutes(t.Minutes)
	k.require(t.Phase == Preparation || t.Phase == During || t.Phase == FollowUp, "phase")
	k.text(t.Text, maxText, t.Kind == TextTask || t.Kind == ReflectionTask || t.Kind == DiscussionTask, "text_missing")
	switch t.Kind {
	case TextTask, ReflectionTask, DiscussionTask:
	case FilmTask:
		k.film(t.Media, t.Captions, t.Transcript)
	case PodcastTask:
		k.needsMedia(t.Media, MediaKinds[PodcastTask])
		k.text(t.Transcript, maxText, true, "transcript_missing")
	case DocumentTask:
		k.needsMedia(t.Media, MediaKinds[DocumentTask])
	case LinkTask:
		k.require(isURL(t.URL), "url")
	case QuizTask:
		k.require(len(t.Questions) > 0, "no_questions")
		for i, q := range t.Questions {
			k.question(i+1, q)
		}
	default:
		k.require(false, "kind")
	}
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 500
}

func (k *checker) needsMedia(name string, kinds []string) {
	if name == "" {
		k.require(false, "file_missing")
		return
	}
	k.media(name, kinds)
}

// film needs captions and a transcript: some cannot hear it, some cannot see it,
// and some sit where it may not be heard.
func (k *checker) film(name string, captions map[string]string, transcript Words) {
	k.needsMedia(name, MediaKinds[FilmTask])
	k.require(captions["sv"] != "", "captions_missing")
	for language, file := range captions {
		k.require(slices.Contains(Languages, language), "language", "Language", language)
		k.media(file, CaptionKinds)
	}
	k.text(transcript, maxText, true, "transcript_missing")
}

func (k *checker) question(number int, q Question) {
	require := func(ok bool, key string) { k.require(ok, key, "Number", number) }
	require(strings.TrimSpace(q.Text["sv"]) != "", "question_text")
	for _, w := range []Words{q.Text, q.Explanation, q.ModelAnswer} {
		k.text(w, maxText, false, "")
	}
	if q.Kind == FreeText {
		require(len(q.Options) == 0, "question_options_free")
		require(strings.TrimSpace(q.ModelAnswer["sv"]) != "", "question_model_answer")
		return
	}
	require(within(len(q.Options), 2, 20), "question_options")
	right, texts, matches := 0, map[string]bool{}, map[string]bool{}
	for _, o := range q.Options {
		require(strings.TrimSpace(o.Text["sv"]) != "", "question_option_text")
		require(!texts[o.Text["sv"]], "question_option_twice")
		texts[o.Text["sv"]] = true
		k.languages(o.Text)
		k.languages(o.Match)
		if o.Right {
			right++
		}
		if q.Kind == Matching {
			require(strings.TrimSpace(o.Match["sv"]) != "", "question_match_text")
			require(!matches[o.Match["sv"]], "question_match_twice")
			matches[o.Match["sv"]] = true
		}
	}
	switch q.Kind {
	case OneOf:
		require(right == 1, "question_one_right")
	case Several:
		require(right > 0, "question_some_right")
	case InOrder, Matching:
	default:
		require(false, "question_kind")
	}
}

func (k *checker) pack(p Pack, course Course) {
	k.words("pack.instructions", "", p.Instructions, maxText, false)
	for i, item := range p.RunSheet {
		k.at(fmt.Sprintf("pack.run_sheet.%d", i+1), item.Title.In("sv"))
		k.title(item.Title)
		k.text(item.Text, maxText, false, "")
		k.require(within(item.Day, 1, max(course.Days, 1)), "run_sheet_day", "Days", max(course.Days, 1))
		k.require(timePattern.MatchString(item.Starts), "run_sheet_starts")
		k.require(within(item.Minutes, 1, 600), "minutes")
		k.onScreen(item)
	}
	for i, e := range p.Exercises {
		k.at(fmt.Sprintf("pack.exercises.%d", i+1), e.Title.In("sv"))
		k.title(e.Title)
		k.text(e.Text, maxText, true, "text_missing")
		k.minutes(e.Minutes)
	}
	for i, s := range p.Slides {
		k.at(fmt.Sprintf("pack.slides.%d", i+1), s.Title.In("sv"))
		k.title(s.Title)
		k.needsMedia(s.Media, SlideKinds)
		k.text(s.Notes, maxText, false, "")
	}
	for i, f := range p.Films {
		k.at(fmt.Sprintf("pack.films.%d", i+1), f.Title.In("sv"))
		k.title(f.Title)
		k.film(f.Media, f.Captions, f.Transcript)
	}
}

// onScreen checks what the room sees of a row of the run sheet.
func (k *checker) onScreen(item Item) {
	k.require(item.Kind == "" || slices.Contains(ItemKinds, item.Kind), "item_kind")
	k.text(item.Screen, maxText, false, "")
	if item.Media != "" {
		k.media(item.Media, ScreenKinds)
		picture := slices.Contains(PictureKinds, path.Ext(item.Media))
		k.require(!picture || k.content.Alt[item.Media]["sv"] != "", "picture_words", "File", item.Media)
	}
	t := k.content.Task(item.Task)
	k.require(item.Task == "" || t != nil, "item_task", "Key", item.Task)
	k.require(item.Kind != FilmRow || t != nil && t.Kind == FilmTask, "item_film")
	k.require(t == nil || t.Kind.Together() == (item.Kind != OwnRow), "item_own")
}

// MediaOfTasks are the files that learners meet: those of the tasks, of the texts
// around them, and of what the room sees on a course day.
func (c *Content) MediaOfTasks() map[string]bool {
	used := map[string]bool{}
	inTexts(used, c.About, c.Changes)
	for _, item := range c.Pack.RunSheet {
		used[item.Media] = true
		inTexts(used, item.Screen)
	}
	for _, t := range c.Tasks {
		used[t.Media] = true
		for _, file := range t.Captions {
			used[file] = true
		}
		inTexts(used, t.Text, t.Transcript)
		for _, q := range t.Questions {
			inTexts(used, q.Text, q.Explanation, q.ModelAnswer)
		}
	}
	delete(used, "")
	return used
}

// MediaOfPack are the files that only trainers need.
func (c *Content) MediaOfPack() map[string]bool {
	used := map[string]bool{}
	inTexts(used, c.Pack.Instructions)
	for _, item := range c.Pack.RunSheet {
		inTexts(used, item.Text)
	}
	for _, e := range c.Pack.Exercises {
		inTexts(used, e.Text)
	}
	for _, s := range c.Pack.Slides {
		used[s.Media] = true
		inTexts(used, s.Notes)
	}
	for _, f := range c.Pack.Films {
		used[f.Media] = true
		for _, file := range f.Captions {
			used[file] = true
		}
		inTexts(used, f.Transcript)
	}
	delete(used, "")
	return used
}

func inTexts(used map[string]bool, all ...Words) {
	for _, w := range all {
		for _, source := range w {
			shown, linked := markdown.Pictures(source)
			for _, p := range shown {
				used[p.Name] = true
			}
			for _, name := range linked {
				used[name] = true
			}
		}
	}
}

// ForLearners tells whether the file is one that learners meet.
func (c *Content) ForLearners(name string) bool {
	if c.rendered == nil {
		return c.MediaOfTasks()[name]
	}
	used, ok := c.rendered.Load(learnersKey{})
	if !ok {
		used = c.MediaOfTasks()
		c.rendered.Store(learnersKey{}, used)
	}
	return used.(map[string]bool)[name] //nolint:forcetypeassert // the key is only for such a map
}

type learnersKey struct{}
