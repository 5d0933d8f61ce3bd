// Package assets holds what the browser gets beside the pages: one stylesheet,
// small scripts and the mark. Each is served under an address that changes
// with its content, so that browsers may keep it for ever.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
)

//go:embed style.css app.js attendance.js idle.js learn.js passkey.js screen.js sw.js together.js mark.svg app.webmanifest icon-180.png icon-192.png icon-512.png
var files embed.FS

// Prefix is where Handler is to be mounted.
const Prefix = "/assets/"

var types = map[string]string{
	"style.css":     "text/css; charset=utf-8",
	"app.js":        "text/javascript; charset=utf-8",
	"attendance.js": "text/javascript; charset=utf-8",
	"idle.js":       "text/javascript; charset=utf-8",
	"learn.js":      "text/javascript; charset=utf-8",
	"passkey.js":    "text/javascript; charset=utf-8",
	"screen.js":     "text/javascript; charset=utf-8",
	"together.js":   "text/javascript; charset=utf-8",
	"mark.svg":      "image/svg+xml",

	// What a phone needs to put the product among its apps.
	"app.webmanifest": "application/manifest+json",
	"icon-180.png":    "image/png",
	"icon-192.png":    "image/png",
	"icon-512.png":    "image/png",
}

// The files, read once: name → content, name → address.
var contents, addresses = read()

func read() (map[string][]byte, map[string]string) {
	contents, addresses := make(map[string][]byte), make(map[string]string)
	for name := range types {
		content, err := files.ReadFile(name)
		if err != nil {
			panic(err) // embedded above
		}
		sum := sha256.Sum256(content)
		contents[name] = content
		addresses[name] = Prefix + hex.EncodeToString(sum[:6]) + "/" + name
	}
	return contents, addresses
}

// URL is the address of the file; it panics for a name that is none of ours.
func URL(name string) string {
	address, ok := addresses[name]
	if !ok {
		panic("no asset " + name)
	}
	return address
}

// Handler serves the files. An address from an older version gives today's
// file, but is not kept.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		content, ok := contents[name]
		if !ok || !strings.HasPrefix(r.URL.Path, Prefix) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", types[name])
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.URL.Path == addresses[name] {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		_, _ = w.Write(content) // a browser that left is no fault of ours
	})
}

// WorkerPath is where Worker is to be mounted: at the root, since a worker
// serves the addresses beneath its own.
const WorkerPath = "/sw.js"

// Worker serves the service worker, which keeps what one needs in rooms without a
// network. It begins with what it needs to know of the other files.
func Worker() http.Handler {
	script, err := files.ReadFile("sw.js")
	if err != nil {
		panic(err) // embedded above
	}
	var shell []string
	for _, name := range []string{"style.css", "app.js", "attendance.js", "learn.js", "together.js", "mark.svg"} {
		shell = append(shell, addresses[name])
	}
	list, _ := json.Marshal(shell) // strings are always JSON
	sum := sha256.Sum256(append(list, script...))
	content := append([]byte("const VERSION = \""+hex.EncodeToString(sum[:6])+"\", SHELL = "+string(list)+";\n"), script...)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(content) // a browser that left is no fault of ours
	})
}

// Text is the file's content, for documents that stand alone; it panics for a
// name that is none of ours.
func Text(name string) string {
	content, ok := contents[name]
	if !ok {
		panic("no asset " + name)
	}
	return string(content)
}
