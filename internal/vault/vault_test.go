package vault_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/vault"
)

var (
	day  = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	diet = vault.Place{Table: "round_need", Column: "diet", Row: vault.Row(7, 12)}
)

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestAValueOpensInItsOwnPlaceAlone(t *testing.T) {
	keys, others := must[*vault.Keys](t)(vault.New(day)), must[*vault.Keys](t)(vault.New(day))
	sealed := must[string](t)(keys.Seal(diet, "vegan\nJordnötter"))
	if again := must[string](t)(keys.Seal(diet, "vegan\nJordnötter")); again == sealed {
		t.Error("the same value is sealed the same way twice")
	}
	if text, _ := base64.RawStdEncoding.DecodeString(sealed[strings.LastIndex(sealed, ":")+1:]); strings.Contains(string(text), "vegan") || len(text) == 0 {
		t.Errorf("sealed as %q", sealed)
	}
	part := strings.Split(sealed, ":")
	for _, c := range []struct {
		name   string
		keys   *vault.Keys
		at     vault.Place
		stored string
		want   string
		err    error
	}{
		{"where it was sealed", keys, diet, sealed, "vegan\nJordnötter", nil},
		{"nothing is nothing", keys, diet, "", "", nil},
		{"what an older version wrote", keys, diet, "vegan", "vegan", nil},
		{"what somebody wrote that only begins like it", keys, diet, "sealed: ost", "sealed: ost", nil},
		{"in another row", keys, vault.Place{Table: "round_need", Column: "diet", Row: vault.Row(7, 13)}, sealed, "", vault.ErrUnreadable},
		{"in a row whose numbers run together", keys, vault.Place{Table: "round_need", Column: "diet", Row: vault.Row(71, 2)}, sealed, "", vault.ErrUnreadable},
		{"in another column", keys, vault.Place{Table: "round_need", Column: "access_need", Row: diet.Row}, sealed, "", vault.ErrUnreadable},
		{"in another table", keys, vault.Place{Table: "need", Column: "diet", Row: diet.Row}, sealed, "", vault.ErrUnreadable},
		{"with other keys", others, diet, sealed, "", vault.ErrUnreadable},
		{"without keys", nil, diet, sealed, "", vault.ErrUnreadable},
		{"cut off", keys, diet, sealed[:len(sealed)-4], "", vault.ErrUnreadable},
		{"changed", keys, diet, sealed[:len(sealed)-4] + "AAAA", "", vault.ErrUnreadable},
		{"under another key's name", keys, diet, part[0] + ":00000000:" + part[2], "vegan\nJordnötter", nil}, // the name only says where to look
		{"no base64", keys, diet, part[0] + ":" + part[1] + ":ö", "", vault.ErrUnreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := c.keys.Open(c.at, c.stored); got != c.want || !errors.Is(err, c.err) {
				t.Errorf("%q, %v; want %q, %v", got, err, c.want, c.err)
			}
		})
	}
	var none *vault.Keys
	if _, err := none.Seal(diet, "vegan"); !errors.Is(err, vault.ErrNoKeys) {
		t.Errorf("sealed without keys: %v", err)
	}
	if s, err := none.Seal(diet, ""); s != "" || err != nil {
		t.Errorf("nothing takes a key: %q, %v", s, err)
	}
}

func TestANewKeySealsAndOldOnesOpenUntilTheyAreDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.key")
	keys := must[*vault.Keys](t)(vault.Make(path, day))
	first := keys.Primary()
	old := must[string](t)(keys.Seal(diet, "vegan"))
	running, writing := must[*vault.Keys](t)(vault.Load(path)), must[*vault.Keys](t)(vault.Load(path)) // other servers, from before
	mark, markKey, err := keys.Mark("personal_number", "191212121212")
	if err != nil || len(mark) != 32 {
		t.Fatalf("a mark of %d bytes, %v", len(mark), err)
	}

	second := must[string](t)(keys.Rotate(day.AddDate(1, 0, 0)))
	if second == first || keys.Primary() != second {
		t.Errorf("the primary is %s after %s", keys.Primary(), first)
	}
	new := must[string](t)(keys.Seal(diet, "halal"))
	if key, ok := vault.KeyOf(new); !ok || key != second {
		t.Errorf("sealed with %s, want %s", key, second)
	}
	if key, _ := vault.KeyOf(must[string](t)(writing.Seal(diet, "ägg"))); key != second {
		t.Errorf("a server that was running seals with %s, want %s", key, second)
	}
	for name, k := range map[string]*vault.Keys{"who rotated": keys, "who was running": running, "who comes later": must[*vault.Keys](t)(vault.Load(path))} {
		for stored, want := range map[string]string{old: "vegan", new: "halal"} {
			if got, err := k.Open(diet, stored); got != want || err != nil {
				t.Errorf("%s reads %q, %v; want %q", name, got, err, want)
			}
		}
		if key, _ := vault.KeyOf(must[string](t)(k.Seal(diet, "ägg"))); key != second {
			t.Errorf("%s seals with %s, want %s", name, key, second)
		}
		if again, key, err := k.Mark("personal_number", "191212121212"); string(again) != string(mark) || key != markKey || err != nil {
			t.Errorf("%s makes another mark after the rotation: %v", name, err)
		}
	}
	all := keys.All()
	if len(all) != 2 || all[0].ID != second || !all[0].Primary || all[1].ID != first || all[1].Primary || !all[1].Made.Equal(day) {
		t.Errorf("the keys are %+v", all)
	}

	if err := keys.Drop(second); err == nil {
		t.Error("the key that seals was dropped")
	}
	if err := keys.Drop("00000000"); err == nil {
		t.Error("a key that there is not was dropped")
	}
	if err := keys.Drop(first); err != nil {
		t.Fatal(err)
	}
	if _, err := must[*vault.Keys](t)(vault.Load(path)).Open(diet, old); !errors.Is(err, vault.ErrUnreadable) {
		t.Errorf("a dropped key opens: %v", err)
	}
}

func TestMarksOfTwoKindsNeverMeet(t *testing.T) {
	keys := must[*vault.Keys](t)(vault.New(day))
	seen := map[string]string{}
	for _, w := range [][2]string{{"a", "bc"}, {"ab", "c"}, {"a", "bd"}} {
		mark, _, err := keys.Mark(w[0], w[1])
		if err != nil {
			t.Fatal(err)
		}
		if was, ok := seen[string(mark)]; ok {
			t.Errorf("%v and %s have the same mark", w, was)
		}
		seen[string(mark)] = fmt.Sprint(w)
	}
}

func TestTwoServersThatBeginAtOnceUseOneKeyFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.key")
	var began sync.WaitGroup
	all := make([]*vault.Keys, 8)
	for i := range all {
		began.Go(func() {
			var err error
			if all[i], err = vault.Make(path, day); err != nil {
				t.Error(err)
			}
		})
	}
	began.Wait()
	for _, k := range all {
		if k == nil || k.Primary() != all[0].Primary() {
			t.Fatal("they use different keys")
		}
	}
	sealed := must[string](t)(all[0].Seal(diet, "vegan"))
	later := must[*vault.Keys](t)(vault.Make(path, day))
	if got, err := later.Open(diet, sealed); got != "vegan" || err != nil {
		t.Errorf("who makes the file when it is there reads %q, %v", got, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files are left, want the one", len(left))
	}
}

func TestAKeyFileThatOthersMayReadOrThatIsDamagedIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.key")
	if _, err := vault.Load(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	keys := must[*vault.Keys](t)(vault.Make(path, day))
	for _, c := range []struct {
		mode    os.FileMode
		refused bool
	}{{0o600, false}, {0o400, false}, {0o640, true}, {0o604, true}, {0o620, true}, {0o601, true}} {
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		_, err := vault.Load(path)
		if refused := err != nil; refused != c.refused {
			t.Errorf("%04o: %v", c.mode, err)
		}
		if c.refused && !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("it does not say what to do: %v", err)
		}
	}
	for _, text := range []string{"", "{}", "nyckel", `{"sealing":{"primaryKeyId":1,"key":[]}}`} {
		if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Load(path); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%q is a key file: %v", text, err)
		}
	}
	// Who is running goes on with what they had.
	if _, err := keys.Seal(diet, "vegan"); err != nil {
		t.Error(err)
	}
	if _, err := keys.Rotate(day); err == nil {
		t.Error("a damaged file was written over")
	}
}

func TestTheKeysOfAFileThatWasFoundAgainOpenWhatTheySealed(t *testing.T) {
	dir := t.TempDir()
	lost := must[*vault.Keys](t)(vault.Make(filepath.Join(dir, "lost.key"), day))
	old := must[string](t)(lost.Seal(diet, "vegan"))
	mark, _, _ := lost.Mark("personal_number", "x")
	keys := must[*vault.Keys](t)(vault.Make(filepath.Join(dir, "new.key"), day))
	primary := keys.Primary()
	if n, err := keys.Join(filepath.Join(dir, "lost.key")); n != 1 || err != nil {
		t.Fatalf("joined %d, %v", n, err)
	}
	if got, err := keys.Open(diet, old); got != "vegan" || err != nil || keys.Primary() != primary {
		t.Errorf("reads %q, %v", got, err)
	}
	if again, _, _ := keys.Mark("personal_number", "x"); string(again) != string(mark) {
		t.Error("marks that were made before are not found")
	}
	if n, err := keys.Join(filepath.Join(dir, "lost.key")); n != 0 || err != nil {
		t.Errorf("joined %d again, %v", n, err)
	}
}

func TestOneProgramChangesTheKeysAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.key")
	keys := must[*vault.Keys](t)(vault.Make(path, day))
	if err := os.WriteFile(path+".lock", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Rotate(day); err == nil || !strings.Contains(err.Error(), path+".lock") {
		t.Errorf("two at once: %v", err)
	}
	if err := os.Remove(path + ".lock"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := keys.Rotate(day); err != nil {
			t.Error(err)
		}
	}
}
