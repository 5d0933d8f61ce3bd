package catalogue

import "sync"

// Words is a text by language ("sv", "en"). Swedish is always there; other
// languages may be missing, and then the Swedish is shown.
type Words map[string]string

// In is the text in the language, or in Swedish.
func (w Words) In(language string) string {
	if s := w[language]; s != "" {
		return s
	}
	return w["sv"]
}

// Phase is the part of a course that a task belongs to.
type Phase string

// The phases. Tasks of the course phase are done on the course days; in a web
// course, which has no days, they are the course.
const (
	Preparation Phase = "preparation"
	During      Phase = "course"
	FollowUp    Phase = "follow_up"
)

// TaskKind is what a task asks for.
type TaskKind string

// The kinds.
const (
	TextTask       TaskKind = "text"
	FilmTask       TaskKind = "film"
	PodcastTask    TaskKind = "podcast"
	DocumentTask   TaskKind = "document"
	LinkTask       TaskKind = "link"
	QuizTask       TaskKind = "quiz"
	ReflectionTask TaskKind = "reflection"
	DiscussionTask TaskKind = "discussion"
)

// QuestionKind is how a quiz question is answered.
type QuestionKind string

// The kinds: one right option; all right options; options put in order (the
// right order is that of the document); options matched with their Match; and
// free text, which is compared with the model answer by the learner alone.
const (
	OneOf    QuestionKind = "one"
	Several  QuestionKind = "several"
	InOrder  QuestionKind = "order"
	Matching QuestionKind = "match"
	FreeText QuestionKind = "free"
)

// Gate is what is asked of the preparation before the course days.
type Gate string

// The gates: the preparation is advised, or the participant is not approved
// without it.
const (
	Advise  Gate = "advise"
	Require Gate = "require"
)

// Content is what an edition of a course holds, as one document: written in the
// workshop, kept whole with the edition, and the course.toml of an exported
// course. Long texts are Markdown; what is shown of them is sanitised HTML.
// Media are named by the file names in Media.
type Content struct {
	Changes Words            `json:"changes,omitempty" toml:"changes,omitempty" text:"lines"` // what is new in this edition
	About   Words            `json:"about,omitempty" toml:"about,omitempty" text:"lines"`
	Rules   Rules            `json:"rules" toml:"rules"`
	Minutes Minutes          `json:"minutes,omitzero" toml:"minutes,omitempty"`
	Tasks   []Task           `json:"tasks,omitempty" toml:"tasks,omitempty"`
	Pack    Pack             `json:"pack" toml:"pack"`
	Media   map[string]int64 `json:"media,omitempty" toml:"-"`           // file by name; in an exported course the files lie in media/
	Alt     map[string]Words `json:"alt,omitempty" toml:"alt,omitempty"` // what a picture shows, by name

	base     string    // see At
	rendered *sync.Map // HTML by renderedKey; nil for what may still change
}

// Rules say what it takes to complete the course, and when. PreparationDays is
// how many days before the first course day the preparation should be done,
// FollowUpDays how many days after the last one the follow-up should be.
type Rules struct {
	Preparation     Gate `json:"preparation,omitempty" toml:"preparation,omitempty"` // Advise unless told
	PreparationDays int  `json:"preparation_days,omitempty" toml:"preparation_days,omitzero"`
	FollowUp        Gate `json:"follow_up,omitempty" toml:"follow_up,omitempty"` // Advise unless told
	FollowUpDays    int  `json:"follow_up_days,omitempty" toml:"follow_up_days,omitzero"`
}

// Minutes are how long the producer says that each phase takes; 0 is unsaid, see MinutesOf.
type Minutes struct {
	Preparation int `json:"preparation,omitempty" toml:"preparation,omitzero"`
	During      int `json:"course,omitempty" toml:"course,omitzero"`
	FollowUp    int `json:"follow_up,omitempty" toml:"follow_up,omitzero"`
}

// MaxMinutes is the most that a phase takes: a working week.
const MaxMinutes = 40 * 60

// MinutesOf is how long the phase takes: what the producer says, otherwise its tasks that have
// to be done, and for the course days their run sheet. 0 when nothing tells,
// and for a course without content.
func (c *Content) MinutesOf(phase Phase) int {
	if c == nil {
		return 0
	}
	if said := map[Phase]int{Preparation: c.Minutes.Preparation, During: c.Minutes.During, FollowUp: c.Minutes.FollowUp}[phase]; said > 0 {
		return said
	}
	sum := 0
	if phase == During {
		for _, item := range c.Pack.RunSheet {
			sum += item.Minutes
		}
	}
	if sum > 0 {
		return sum
	}
	for _, t := range c.InPhase(phase) {
		if !t.Optional {
			sum += t.Minutes
		}
	}
	return sum
}

// Task is a task. Key is its name within the course and stays from edition to
// edition. Text is the task itself, or the instruction to it. A film has
// captions by language; film and podcast have a transcript. MediaKinds tells
// which files a kind takes.
type Task struct {
	Key        string            `json:"key" toml:"key"`
	Phase      Phase             `json:"phase" toml:"phase"`
	Kind       TaskKind          `json:"kind" toml:"kind"`
	Title      Words             `json:"title" toml:"title"`
	Text       Words             `json:"text,omitempty" toml:"text,omitempty" text:"lines"`
	Minutes    int               `json:"minutes,omitempty" toml:"minutes,omitzero"`
	Optional   bool              `json:"optional,omitempty" toml:"optional,omitempty"`
	Media      string            `json:"media,omitempty" toml:"media,omitempty"`       // the film, podcast or document
	Captions   map[string]string `json:"captions,omitempty" toml:"captions,omitempty"` // WebVTT files by language
	Transcript Words             `json:"transcript,omitempty" toml:"transcript,omitempty" text:"lines"`
	URL        string            `json:"url,omitempty" toml:"url,omitempty"` // of a link
	Questions  []Question        `json:"questions,omitempty" toml:"questions,omitempty"`
}

// Question is a question of a quiz. Explanation is shown after the answer,
// ModelAnswer after a free text.
type Question struct {
	Kind        QuestionKind `json:"kind" toml:"kind"`
	Text        Words        `json:"text" toml:"text" text:"lines"`
	Options     []Option     `json:"options,omitempty" toml:"options,omitempty"`
	Explanation Words        `json:"explanation,omitempty" toml:"explanation,omitempty" text:"lines"`
	ModelAnswer Words        `json:"model_answer,omitempty" toml:"model_answer,omitempty" text:"lines"`
}

// Option is an option of a question. Right is for one and several, Match for
// matching.
type Option struct {
	Text  Words `json:"text" toml:"text"`
	Right bool  `json:"right,omitempty" toml:"right,omitempty"`
	Match Words `json:"match,omitempty" toml:"match,omitempty"`
}

// Pack is the trainer pack: how to hold the course.
type Pack struct {
	Instructions Words      `json:"instructions,omitempty" toml:"instructions,omitempty" text:"lines"`
	RunSheet     []Item     `json:"run_sheet,omitempty" toml:"run_sheet,omitempty"`
	Exercises    []Exercise `json:"exercises,omitempty" toml:"exercises,omitempty"`
	Slides       []Slides   `json:"slides,omitempty" toml:"slides,omitempty"`
	Films        []HelpFilm `json:"films,omitempty" toml:"films,omitempty"`
}

// Together tells whether a group can do such a task as one. A quiz and a reflection
// are each person's own.
func (k TaskKind) Together() bool { return k != QuizTask && k != ReflectionTask }

// ItemKind is what a row of the run sheet is.
type ItemKind string

// The kinds; a row of none is a talk. In an OwnRow each does something alone: a quiz, a
// reflection, the evaluation.
const (
	TalkRow     ItemKind = "talk"
	FilmRow     ItemKind = "film"
	ExerciseRow ItemKind = "exercise"
	QuestionRow ItemKind = "question"
	OwnRow      ItemKind = "own"
	PauseRow    ItemKind = "pause"
)

// Item is a row of the run sheet (körschema): what happens on a course day
// (from 1) at a time of day, for how many minutes. Text is for the trainers; the room
// sees Title, Screen, the Media (slides or a picture), and the task with the key Task,
// which the group goes through together.
type Item struct {
	Day     int      `json:"day" toml:"day"`
	Starts  string   `json:"starts" toml:"starts"` // "09:00"
	Minutes int      `json:"minutes" toml:"minutes"`
	Kind    ItemKind `json:"kind,omitempty" toml:"kind,omitempty"`
	Title   Words    `json:"title" toml:"title"`
	Text    Words    `json:"text,omitempty" toml:"text,omitempty" text:"lines"`
	Screen  Words    `json:"screen,omitempty" toml:"screen,omitempty" text:"lines"`
	Media   string   `json:"media,omitempty" toml:"media,omitempty"`
	Task    string   `json:"task,omitempty" toml:"task,omitempty"`
}

// Exercise is something the group does on the course day.
type Exercise struct {
	Title   Words `json:"title" toml:"title"`
	Text    Words `json:"text" toml:"text" text:"lines"`
	Minutes int   `json:"minutes,omitempty" toml:"minutes,omitzero"`
}

// Slides is a presentation with its notes.
type Slides struct {
	Title Words  `json:"title" toml:"title"`
	Media string `json:"media" toml:"media"`
	Notes Words  `json:"notes,omitempty" toml:"notes,omitempty" text:"lines"`
}

// HelpFilm is a film for trainers.
type HelpFilm struct {
	Title      Words             `json:"title" toml:"title"`
	Media      string            `json:"media" toml:"media"`
	Captions   map[string]string `json:"captions,omitempty" toml:"captions,omitempty"`
	Transcript Words             `json:"transcript,omitempty" toml:"transcript,omitempty" text:"lines"`
}
