package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/catalogue"
)

func task(key string, phase catalogue.Phase) catalogue.Task {
	return catalogue.Task{Key: key, Phase: phase, Kind: catalogue.TextTask, Title: catalogue.Words{"sv": key}}
}

func keys(c *catalogue.Content) string {
	var all []string
	for _, t := range c.Tasks {
		all = append(all, t.Key)
	}
	return strings.Join(all, " ")
}

func some() *catalogue.Content {
	return &catalogue.Content{Media: map[string]int64{"film.mp4": 1}, Tasks: []catalogue.Task{
		task("a", catalogue.Preparation), task("b", catalogue.Preparation), task("c", catalogue.During), task("d", catalogue.FollowUp),
	}}
}

func TestTasksArePutInOrder(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(c *catalogue.Content)
		want string
	}{
		"a new one comes last in its phase":            {func(c *catalogue.Content) { c.Add(task("Ny uppgift: öva!", catalogue.Preparation)) }, "a b ny-uppgift-ova c d"},
		"one of the same name gets a number":           {func(c *catalogue.Content) { c.Add(task("C", catalogue.FollowUp)) }, "a b c d c-2"},
		"one of signs alone is called something":       {func(c *catalogue.Content) { c.Add(task("!?", catalogue.During)) }, "a b c uppgift d"},
		"up":                                           {func(c *catalogue.Content) { c.Move("b", -1) }, "b a c d"},
		"down":                                         {func(c *catalogue.Content) { c.Move("a", 1) }, "b a c d"},
		"the first of its phase stays":                 {func(c *catalogue.Content) { c.Move("c", -1) }, "a b c d"},
		"so does the last":                             {func(c *catalogue.Content) { c.Move("b", 1) }, "a b c d"},
		"one that is none stays as well":               {func(c *catalogue.Content) { c.Move("x", 1) }, "a b c d"},
		"a removed one is gone":                        {func(c *catalogue.Content) { c.Remove("c") }, "a b d"},
		"a copy stands after what it is a copy of":     {func(c *catalogue.Content) { c.Copy("a", func(s string) string { return s + " 2" }) }, "a a-2 b c d"},
		"one that changes phase goes to its new place": {func(c *catalogue.Content) { c.Task("a").Phase = catalogue.FollowUp; c.Sort() }, "b c a d"},
	} {
		t.Run(name, func(t *testing.T) {
			content := some()
			before := slices.Clone(content.Tasks)
			shared := content.Tasks
			c.do(content)
			if got := keys(content); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if name != "one that changes phase goes to its new place" && keys(&catalogue.Content{Tasks: shared}) != keys(&catalogue.Content{Tasks: before}) {
				t.Error("the tasks of who shares them changed too")
			}
		})
	}
}

func TestMediaAreCalledSoThatAnAddressCanNameThem(t *testing.T) {
	for name, want := range map[string]string{
		"Körschema – dag 1.PDF": "korschema-dag-1.pdf", "film.mp4": "film-2.mp4", `C:\Mina filer\x.png`: "x.png", "–.vtt": "fil.vtt",
	} {
		got := some().MediaNameFor(name)
		if got != want || !catalogue.MediaName(got) {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

func TestWhatChangedFromEditionToEditionIsComputed(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(c *catalogue.Content)
		want string
	}{
		"nothing":               {func(*catalogue.Content) {}, ""},
		"a task is added":       {func(c *catalogue.Content) { c.Add(task("ny", catalogue.During)) }, "added ny"},
		"a task is removed":     {func(c *catalogue.Content) { c.Remove("b") }, "removed b"},
		"a title is translated": {func(c *catalogue.Content) { c.Task("b").Title = catalogue.Words{"sv": "b", "en": "B"} }, "changed b title"},
		"a task becomes optional and longer": {func(c *catalogue.Content) { c.Task("b").Optional, c.Task("b").Minutes = true, 9 },
			"changed b minutes,required"},
		"one goes before another":  {func(c *catalogue.Content) { c.Move("b", -1) }, "moved a"},
		"a film is uploaded again": {func(c *catalogue.Content) { c.Media = map[string]int64{"film.mp4": 2} }, "changed f file"},
		"the rules are others":     {func(c *catalogue.Content) { c.Rules.PreparationDays = 3 }, "rules"},
		"the pack is another":      {func(c *catalogue.Content) { c.Pack.Instructions = catalogue.Words{"sv": "Hej"} }, "pack"},
		"the words about it are":   {func(c *catalogue.Content) { c.About = catalogue.Words{"sv": "Hej"} }, "about"},
		"one changes phase":        {func(c *catalogue.Content) { c.Task("d").Phase = catalogue.During }, "changed d phase"},
	} {
		t.Run(name, func(t *testing.T) {
			old, content := some(), some()
			for _, each := range []*catalogue.Content{old, content} {
				film := task("f", catalogue.FollowUp)
				film.Media = "film.mp4"
				each.Tasks = append(each.Tasks, film)
			}
			c.do(content)
			var got []string
			compared := content.Compare(old)
			for _, each := range compared.Tasks {
				line := string(each.What) + " " + each.Task.Key
				if each.Parts != nil {
					line += " " + strings.Join(each.Parts, ",")
				}
				got = append(got, line)
			}
			for word, changed := range map[string]bool{"about": compared.About, "rules": compared.Rules, "pack": compared.Pack} {
				if changed {
					got = append(got, word)
				}
			}
			if strings.Join(got, "; ") != c.want || compared.None() != (c.want == "") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestEveryTextIsThereToBeTranslated(t *testing.T) {
	c := some()
	c.Tasks[0].Kind = catalogue.QuizTask
	c.Tasks[0].Title["en"] = "A"
	c.Tasks[0].Questions = []catalogue.Question{{Kind: catalogue.OneOf, Text: catalogue.Words{"sv": "Vad?"}, Options: []catalogue.Option{{Text: catalogue.Words{"sv": "Det"}}}}}
	c.Pack.Exercises = []catalogue.Exercise{{Title: catalogue.Words{"sv": "Öva"}, Text: catalogue.Words{"en": "Practise"}}}
	var lacking []string
	for _, p := range c.Passages() {
		for _, language := range catalogue.Languages {
			if p.Lacks(language) {
				lacking = append(lacking, p.Place+" "+p.Part+" "+language)
			}
		}
	}
	if got, want := strings.Join(lacking, "; "), "tasks.1.questions.1 question en; tasks.1.questions.1 option en; tasks.2 title en; tasks.3 title en; tasks.4 title en; pack.exercises.1 title en; pack.exercises.1 text sv"; got != want {
		t.Errorf("lacking are %s", got)
	}
}

func TestWhatAnEditionShouldSeldomGoWithout(t *testing.T) {
	words := catalogue.Words{"sv": "Text"}
	for name, c := range map[string]struct {
		content catalogue.Content
		days    int
		want    string
	}{
		"nothing of a course with a day":   {catalogue.Content{}, 1, "about pack"},
		"nothing of a web course":          {catalogue.Content{}, 0, "about"},
		"blanks are no words":              {catalogue.Content{About: catalogue.Words{"sv": " ", "en": "Text"}}, 0, "about"},
		"instructions are a pack":          {catalogue.Content{About: words, Pack: catalogue.Pack{Instructions: words}}, 1, ""},
		"so is a row of the run sheet":     {catalogue.Content{Pack: catalogue.Pack{RunSheet: []catalogue.Item{{}}}}, 1, "about"},
		"words about it without a pack":    {catalogue.Content{About: words}, 2, "pack"},
		"a web course with words about it": {catalogue.Content{About: words}, 0, ""},
	} {
		if got := strings.Join(c.content.Thin(catalogue.Course{Days: c.days}), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
