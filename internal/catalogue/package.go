package catalogue

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/text"
)

// Head is what a course is called and where it belongs, in the file of a course
// that is exported. Slug names the course; the rest is needed only where there
// is no such course yet.
type Head struct {
	Format     int      `toml:"format,omitzero"` // 1, also when it is left out
	Slug       string   `toml:"slug,omitempty"`
	Name       string   `toml:"name,omitempty"`
	ShortName  string   `toml:"short_name,omitempty"`
	Audience   string   `toml:"audience,omitempty"`
	Days       int      `toml:"days,omitzero"`
	Delivery   Delivery `toml:"delivery,omitempty"`
	TariffKind string   `toml:"tariff_kind,omitempty"`
	Journeys   []string `toml:"journeys,omitempty"` // "barn-och-unga/ny", or "barn-och-unga" for no step
}

// Package is a course that has been read, with its files kept and not yet named
// in the database: see Receive.
type Package struct {
	Head
	Content Content
	files   map[string]file.Received
}

// document is course.toml.
type document struct {
	Head
	Content
}

const (
	documentName = "course.toml"
	mediaFolder  = "media/"
	format       = 1

	maxPackage  = 2 << 30 // bytes, unpacked
	maxFiles    = 500
	maxRatio    = 200     // of what is unpacked to what is packed,
	ratioMatter = 1 << 20 // for files larger than this
)

// MaxArchive is the largest archive that is taken, in bytes.
const MaxArchive = 1 << 30

func refused(key string, args ...any) error {
	return fault.Invalid("file", "workshop.import."+key, args...)
}

// OpenArchive is the archive of an exported course as a folder. Before anything
// is unpacked it is asked what it holds: an archive with other things than a
// course has, or that would swell beyond all reason, is fault.Invalid of the
// field file.
func OpenArchive(content io.ReaderAt, size int64) (fs.FS, error) {
	archive, err := file.OpenArchive(content, size, maxFiles)
	switch {
	case errors.Is(err, file.ErrTooManyFiles):
		return nil, refused("too_many", "Max", maxFiles)
	case err != nil:
		return nil, refused("no_archive")
	}
	total, seen := uint64(0), map[string]bool{}
	for _, f := range archive.File {
		name := f.Name
		if name == mediaFolder {
			continue
		}
		switch {
		case f.Flags&1 != 0:
			return nil, refused("locked")
		case !f.Mode().IsRegular() || !belongs(name):
			return nil, refused("stranger", "File", strings.ToValidUTF8(name, "?"))
		case seen[name]:
			return nil, refused("twice", "File", name)
		case f.UncompressedSize64 > uint64(file.Limit(name)): //nolint:gosec // a limit is positive
			return nil, refused("file_too_large", "File", name, "Max", file.Limit(name)>>20)
		case f.UncompressedSize64 > ratioMatter && f.UncompressedSize64/maxRatio > f.CompressedSize64:
			return nil, refused("bomb", "File", name)
		}
		seen[name] = true
		if total += f.UncompressedSize64; total > maxPackage {
			return nil, refused("too_large", "Max", maxPackage>>30)
		}
	}
	// The reader itself stops at a file that holds more than was said of it.
	return archive, nil
}

// belongs tells whether a file of the name belongs in a course's folder.
func belongs(name string) bool {
	return name == documentName || strings.HasPrefix(name, mediaFolder) && MediaName(strings.TrimPrefix(name, mediaFolder))
}

// Receive reads a course from its folder, with course.toml and the files of
// media/, and keeps the files. What is wrong with it is fault.Invalid of the
// field file, and says which file or line. Like file.Store.Receive it is done
// before the transaction.
func Receive(store *file.Store, folder fs.FS) (Package, error) {
	var p Package
	source, err := readDocument(folder)
	if err != nil {
		return p, err
	}
	if p.Head, p.Content, err = parse(source); err != nil {
		return p, err
	}
	p.files = map[string]file.Received{}
	err = fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." || name == documentName || name+"/" == mediaFolder && entry.IsDir() {
			return err
		}
		if entry.IsDir() || !belongs(name) {
			return refused("stranger", "File", name)
		}
		content, err := folder.Open(name)
		if err != nil {
			return err
		}
		defer content.Close()
		received, err := store.Receive(path.Base(name), content)
		if f := fault.Of(err); f != nil {
			why := f.Fields[0] // in words that name the file
			return refused("file_"+strings.TrimPrefix(why.Key, "file."), append([]any{"File", name}, why.Args...)...)
		}
		if err != nil {
			return broken(name, err)
		}
		if kept := path.Ext(received.Name()); kept != path.Ext(name) { // captions, which become WebVTT
			p.Content.rename(path.Base(name), strings.TrimSuffix(path.Base(name), path.Ext(name))+kept)
			name = strings.TrimSuffix(name, path.Ext(name)) + kept
		}
		if _, twice := p.files[path.Base(name)]; twice {
			return refused("twice", "File", name)
		}
		p.files[path.Base(name)] = received
		return nil
	})
	return p, err
}

// rename lets the content name its captions otherwise.
func (c *Content) rename(from, to string) {
	in := func(captions map[string]string) {
		for language, name := range captions {
			if name == from {
				captions[language] = to
			}
		}
	}
	for i := range c.Tasks {
		in(c.Tasks[i].Captions)
	}
	for i := range c.Pack.Films {
		in(c.Pack.Films[i].Captions)
	}
}

// broken is what reading a file of the folder met: an archive that is damaged
// is the sender's to mend.
func broken(name string, err error) error {
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrAlgorithm) || errors.Is(err, io.ErrUnexpectedEOF) {
		return refused("damaged", "File", name)
	}
	return fmt.Errorf("read %s of a course: %w", name, err)
}

func readDocument(folder fs.FS) ([]byte, error) {
	content, err := folder.Open(documentName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refused("no_document")
	}
	if err != nil {
		return nil, broken(documentName, err)
	}
	defer content.Close()
	text, err := io.ReadAll(io.LimitReader(content, maxDocument+1))
	if err != nil {
		return nil, broken(documentName, err)
	}
	if len(text) > maxDocument {
		return nil, refused("file_too_large", "File", documentName, "Max", maxDocument>>20)
	}
	return text, nil
}

// parse reads course.toml. A key that means nothing is a slip of the pen, and
// what was meant would be lost: it is refused with its place. The library calls
// itself for what lies in something else, so that it is asked only within bounds.
func parse(raw []byte) (Head, Content, error) {
	var d document
	source, err := text.Decode(raw) // editors save it in other ways than TOML has it
	if err != nil {
		return d.Head, d.Content, refused("encoding")
	}
	if line, deep := text.TOMLBounds(source); deep {
		return d.Head, d.Content, refused("deep", "Line", line, "Max", text.MostDepth)
	} else if line > 0 {
		return d.Head, d.Content, refused("parts", "Line", line, "Max", text.MostParts)
	}
	meta, err := toml.Decode(source, &d)
	var wrong toml.ParseError
	switch {
	case errors.As(err, &wrong):
		return d.Head, d.Content, refused("syntax", "Line", wrong.Position.Line, "Key", wrong.LastKey, "Why", wrong.Message)
	case err != nil:
		return d.Head, d.Content, refused("value", "Why", err.Error())
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return d.Head, d.Content, refused("unknown_key", "Key", unknown[0].String(), "Line", lineOf(source, unknown[0]))
	}
	if d.Format != format && meta.IsDefined("format") {
		return d.Head, d.Content, refused("format", "Format", format)
	}
	text.Tidy(&d)
	return d.Head, d.Content, nil
}

// lineOf is the first line on which the key's last part is set, or opened as a
// table; 0 when it is not found.
func lineOf(source string, key toml.Key) int {
	last := regexp.QuoteMeta(key[len(key)-1])
	if len(last) > maxTitle {
		return 0 // no key of ours, and a long pattern to look for
	}
	set := regexp.MustCompile(`(^|[\s{,.\["])` + last + `"?\s*([=\]]|\.)`)
	for i, line := range strings.Split(source, "\n") {
		if set.MatchString(line) {
			return i + 1
		}
	}
	return 0
}

// Import makes what was read the draft of its course, which is made when there
// is none with its slug. replace is the version of a draft that is to give way;
// 0 when there must be none. It gives the course and the draft's version.
func Import(ctx context.Context, tx *db.Tx, viewer access.Viewer, p Package, replace int, now clock.Instant) (Course, int, error) {
	if !access.ManageCourses(viewer) {
		return Course{}, 0, fault.Forbidden
	}
	if p.Slug == "" {
		return Course{}, 0, refused("no_slug")
	}
	course, err := CourseBySlug(ctx, tx, p.Slug)
	if errors.Is(err, fault.NotFound) {
		course, err = Create(ctx, tx, viewer, p.Head, now.Day())
	}
	if err != nil {
		return course, 0, err
	}
	// What is the same as in the edition that is out is the same file.
	basis, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT e.id
		FROM edition AS e
		JOIN edition_content AS ec ON ec.edition_id = e.id
		WHERE e.course_id = $1
		AND e.published_on IS NOT NULL
		ORDER BY e.number DESC
		LIMIT 1`, course.ID)
	if err != nil {
		return course, 0, err
	}
	var out Content
	var known map[int64]file.File
	for _, id := range basis {
		whole, err := ContentOf(ctx, tx, id)
		if err != nil {
			return course, 0, err
		}
		out = *whole
		if known, err = file.ByIDs(ctx, tx, slices.Collect(maps.Values(out.Media))); err != nil {
			return course, 0, err
		}
	}
	c := p.Content
	c.Media = make(map[string]int64, len(p.files))
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		if id := out.Media[name]; id != 0 && p.files[name].Is(known[id]) {
			c.Media[name] = id
			continue
		}
		if c.Media[name], err = file.Add(ctx, tx, p.files[name], viewer.ActorID(), now); err != nil {
			return course, 0, err
		}
	}
	version, err := SaveDraft(ctx, tx, viewer, course.ID, replace, &c, now)
	if replace == 0 && errors.Is(err, errMeanwhile) {
		err = fault.Conflict("workshop.draft_exists", "Course", course.Title())
	}
	if err == nil && len(basis) > 0 {
		_, err = db.Exec(ctx, tx, `UPDATE course_draft SET based_on = $2 WHERE course_id = $1`, course.ID, basis[0])
	}
	return course, version, err
}

// notSlugs are names that mean something else in addresses of courses.
var notSlugs = []string{"new", "import"}

// Create makes a course that has no edition yet. What is wrong with the head is
// fault.Invalid per field; a slug that another course has is too.
func Create(ctx context.Context, tx *db.Tx, viewer access.Viewer, h Head, today clock.Day) (Course, error) {
	c := Course{Slug: h.Slug, Name: strings.TrimSpace(h.Name), ShortName: strings.TrimSpace(h.ShortName), Audience: strings.TrimSpace(h.Audience), Days: h.Days, TariffKind: h.TariffKind}
	if !access.ManageCourses(viewer) {
		return c, fault.Forbidden
	}
	var checks fault.Checks
	checks.Require(keyPattern.MatchString(c.Slug) && !slices.Contains(notSlugs, c.Slug), "slug", "workshop.slug_wrong")
	checks.Require(c.Name != "", "name", "workshop.name_missing")
	checks.Require(len([]rune(c.Name)) <= maxTitle, "name", "workshop.check.title_too_long", "Name", "", "Max", maxTitle)
	checks.Require(c.Audience != "" && len([]rune(c.Audience)) <= maxTitle, "audience", "workshop.audience_missing")
	checks.Require(within(c.Days, 0, 20), "days", "workshop.days_wrong")
	checks.Require(slices.Contains([]Delivery{Regional, National, Web, Municipal, Workplace}, h.Delivery), "delivery", "workshop.delivery_missing")
	checks.Require((h.Delivery == Web) == (c.Days == 0), "days", "workshop.days_and_web")
	checks.Require(len(h.Journeys) > 0, "journeys", "workshop.journeys_missing")
	kinds, err := TariffKinds(ctx, tx)
	if err != nil {
		return c, err
	}
	checks.Require(c.TariffKind == "" || slices.Contains(kinds, c.TariffKind), "tariff_kind", "workshop.tariff_kind_wrong")
	if err := checks.Err(); err != nil {
		return c, err
	}
	id, err := add(ctx, tx, c, h.Delivery, today)
	if db.IsUnique(err) {
		return c, fault.Invalid("slug", "workshop.slug_taken")
	}
	if err != nil {
		return c, err
	}
	c.ID = id
	for _, at := range h.Journeys {
		if err := c.place(ctx, tx, at); err != nil {
			return c, err
		}
	}
	return c, nil
}

// TariffKinds are those that courses are charged by.
func TariffKinds(ctx context.Context, q db.Querier) ([]string, error) {
	return db.Rows(ctx, q, db.One[string], `SELECT DISTINCT tariff_kind FROM course WHERE tariff_kind IS NOT NULL ORDER BY tariff_kind`)
}

// place puts the course last in a journey, at the step named after the slash.
func (c Course) place(ctx context.Context, tx *db.Tx, at string) error {
	journey, step, _ := strings.Cut(at, "/")
	j, err := JourneyBySlug(ctx, tx, journey)
	if errors.Is(err, fault.NotFound) {
		return fault.Invalid("journeys", "workshop.journey_unknown", "Journey", at)
	}
	if err != nil {
		return err
	}
	steps, err := Steps(ctx, tx, j.ID)
	if err != nil {
		return err
	}
	var stepID *int64
	for i := range steps {
		if steps[i].Slug == step {
			stepID = &steps[i].ID
		}
	}
	if step != "" && stepID == nil {
		return fault.Invalid("journeys", "workshop.journey_unknown", "Journey", at)
	}
	last, err := db.Row(ctx, tx, db.One[int], `SELECT COALESCE(MAX(ordinal), 0) FROM course_journey WHERE journey_id = $1`, j.ID)
	if err != nil {
		return err
	}
	err = AddToJourney(ctx, tx, c.ID, j.ID, stepID, last+1)
	if db.IsUnique(err) {
		return fault.Invalid("journeys", "workshop.journey_twice", "Journey", at)
	}
	return err
}

// HeadOf is the head of a course that exists.
func HeadOf(ctx context.Context, q db.Querier, course Course, today clock.Day) (Head, error) {
	h := Head{
		Format: format, Slug: course.Slug, Name: course.Name, ShortName: course.ShortName, Audience: course.Audience,
		Days: course.Days, TariffKind: course.TariffKind,
	}
	var err error
	if h.Delivery, err = DeliveryOn(ctx, q, course.ID, 0, today); err != nil && !errors.Is(err, fault.NotFound) {
		return h, err
	}
	h.Journeys, err = db.Rows(ctx, q, db.One[string], `
		SELECT CASE WHEN s.slug IS NULL THEN j.slug ELSE j.slug || '/' || s.slug END
		FROM course_journey AS c
		JOIN journey AS j ON j.id = c.journey_id
		LEFT JOIN step AS s ON s.id = c.step_id
		WHERE c.course_id = $1
		ORDER BY j.ordinal`, course.ID)
	return h, err
}

// Export writes the course with the content as one archive, which Receive reads again:
// the same head and content give the same bytes. It asks no viewer.
func Export(ctx context.Context, q db.Querier, store *file.Store, h Head, c *Content, w io.Writer) error {
	h.Format = format
	var text bytes.Buffer
	if err := toml.NewEncoder(&text).Encode(document{h, *c}); err != nil {
		return fmt.Errorf("export course: %w", err)
	}
	archive := zip.NewWriter(w)
	part, err := archive.CreateHeader(&zip.FileHeader{Name: documentName, Method: zip.Deflate})
	if err != nil {
		return err
	}
	if _, err := text.WriteTo(part); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(c.Media)) {
		if err := exportFile(ctx, q, store, archive, name, c.Media[name]); err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
	}
	return archive.Close()
}

func exportFile(ctx context.Context, q db.Querier, store *file.Store, archive *zip.Writer, name string, id int64) error {
	f, err := file.ByID(ctx, q, id)
	if err != nil {
		return err
	}
	content, err := store.Content(f)
	if err != nil {
		return err
	}
	defer content.Close()
	// Films, pictures and office files are packed already.
	part, err := archive.CreateHeader(&zip.FileHeader{Name: mediaFolder + name, Method: zip.Store})
	if err != nil {
		return err
	}
	_, err = io.Copy(part, content)
	return err
}
