package file

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTheFolderIsSyncedOnceTheFileHasItsName(t *testing.T) {
	s := Open(filepath.Join(t.TempDir(), "files"))
	var synced []string
	s.sync = func(folder string) error {
		names, err := os.ReadDir(folder)
		if err != nil || len(names) == 0 {
			t.Errorf("%s is synced before anything is in it: %v", folder, err)
		}
		synced = append(synced, folder)
		return syncFolder(folder)
	}
	r, err := s.Receive("a.txt", strings.NewReader("hej"))
	if err != nil {
		t.Fatal(err)
	}
	at := s.path(r.sum[:])
	if _, err := os.Stat(at); err != nil {
		t.Error(err)
	}
	if want := []string{filepath.Dir(at), s.dir}; !slices.Equal(synced, want) {
		t.Errorf("synced %v, want %v", synced, want)
	}
	s.sync = func(string) error { return os.ErrPermission }
	if _, err := s.Receive("b.txt", strings.NewReader("hej då")); err == nil {
		t.Error("a file whose name may be lost is said to be kept")
	}
}
