package federation_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// leastSignatures is the oldest version of goxmldsig that we trust: those before it let
// signatures pass that cover something else than what is read.
var leastSignatures = [3]int{1, 6, 1}

// TestSignaturesAreCheckedByALibraryThatIsNotTooOld holds the version that the program
// is built with, whatever another module asks for.
func TestSignaturesAreCheckedByALibraryThatIsNotTooOld(t *testing.T) {
	const module = "github.com/russellhaering/goxmldsig"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Version}}{{with .Replace}} replaced by {{.Path}}{{end}}", module).Output()
	if err != nil {
		t.Fatal(err)
	}
	if version := strings.TrimSpace(string(out)); older(t, version, leastSignatures) {
		t.Errorf("%s is %s, want v%d.%d.%d or newer", module, version, leastSignatures[0], leastSignatures[1], leastSignatures[2])
	}
	for version, want := range map[string]bool{"v1.6.0": true, "v1.6.1": false, "v1.6.2": false, "v1.5.9": true, "v1.10.0": false, "v0.9.9": true, "v2.0.0": false} {
		if got := older(t, version, leastSignatures); got != want {
			t.Errorf("%s is older: %v", version, got)
		}
	}
}

func older(t *testing.T, version string, than [3]int) bool {
	t.Helper()
	var got [3]int
	if n, err := fmt.Sscanf(version, "v%d.%d.%d", &got[0], &got[1], &got[2]); n != 3 || strings.ContainsAny(version, " -") {
		t.Fatalf("the version is %q: %v", version, err)
	}
	for i := range got {
		if got[i] != than[i] {
			return got[i] < than[i]
		}
	}
	return false
}
