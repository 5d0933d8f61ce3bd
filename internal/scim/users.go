package scim

import (
	"context"
	"net/http"
	"strconv"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/scim/resource"
)

// answered is the resource with the attributes that the address asks for.
func (c *call) answered(k *resource.Kind, status int, d resource.Doc) answer {
	meta, _ := d["meta"].(resource.Doc)
	tag, _ := meta["version"].(string)
	values := c.URL.Query()
	a := answer{status: status, body: d, version: tag}
	a.body = k.Cut(d, names(values.Get("attributes")), names(values.Get("excludedAttributes")))
	if status == http.StatusCreated && a.body["meta"] == nil {
		a.body["meta"] = resource.Doc{"location": meta["location"]} // for the header
	}
	return a
}

func (c *call) id() (int64, error) {
	id, ok := resource.Number(c.PathValue("id"))
	if !ok {
		return 0, fault.NotFound
	}
	return id, nil
}

func (s *Server) readUser(ctx context.Context, c *call) (answer, error) {
	id, err := c.id()
	if err != nil {
		return answer{}, err
	}
	t, err := twinOf(ctx, s.DB.Reader(), c.municipality, id)
	if err != nil {
		return answer{}, err
	}
	if t.deleted {
		return answer{}, fault.NotFound
	}
	u, err := readUser(ctx, s.DB.Reader(), c.Viewer, t.remaining, c.today, false)
	if err != nil {
		return answer{}, err
	}
	return c.answered(&resource.Users, http.StatusOK, u.doc(c.base)), nil
}

func (s *Server) createUser(ctx context.Context, c *call) (answer, error) {
	_, d, err := c.told(&resource.Users)
	if err != nil {
		return answer{}, err
	}
	w, err := wantedOf(d, c.today)
	if err != nil {
		return answer{}, err
	}
	var u user
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := c.create(ctx, tx, w)
		if err != nil {
			return err
		}
		u, err = readUser(ctx, tx, c.Viewer, id, c.today, true)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return c.answered(&resource.Users, http.StatusCreated, u.doc(c.base)), nil
}

// changeUser lets f say what the user is to be; had is how they are.
func (s *Server) changeUser(ctx context.Context, c *call, f func(had resource.Doc) (resource.Doc, error)) (answer, error) {
	id, err := c.id()
	if err != nil {
		return answer{}, err
	}
	var u user
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := twinOf(ctx, tx, c.municipality, id)
		switch {
		case err != nil:
			return err
		case t.deleted:
			return fault.NotFound
		case t.double:
			return resource.Failed(http.StatusConflict, "scim.merged", "Id", strconv.FormatInt(t.remaining, 10))
		}
		id := t.remaining
		if err := hold(ctx, tx, id); err != nil {
			return err
		}
		if u, err = readUser(ctx, tx, c.Viewer, id, c.today, false); err != nil {
			return err
		}
		had := u.doc(c.base)
		if err := c.unchanged(version(without(had, "meta"))); err != nil {
			return err
		}
		d, err := f(had)
		if err != nil {
			return err
		}
		w, err := wantedOf(d, c.today)
		if err != nil {
			return err
		}
		if _, told := d["active"]; !told {
			w.active = u.active
		}
		if err := c.change(ctx, tx, u, w); err != nil {
			return err
		}
		u, err = readUser(ctx, tx, c.Viewer, id, c.today, true)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return c.answered(&resource.Users, http.StatusOK, u.doc(c.base)), nil
}

// told is what the client sent, and the same with each thing under its own name.
func (c *call) told(k *resource.Kind) (body, d resource.Doc, err error) {
	if body, err = read(c.w, c.Request); err == nil {
		d, err = k.Normalised(body)
	}
	return body, d, err
}

// without is the document without a part.
func without(d resource.Doc, name string) resource.Doc {
	other := make(resource.Doc, len(d))
	for each, v := range d {
		if each != name {
			other[each] = v
		}
	}
	return other
}

// replaceUser takes away what the client leaves out, but for active and, when it says
// nothing of the extension at all, what stands there: nobody means to empty their units.
func (s *Server) replaceUser(ctx context.Context, c *call) (answer, error) {
	body, d, err := c.told(&resource.Users)
	if err != nil {
		return answer{}, err
	}
	return s.changeUser(ctx, c, func(had resource.Doc) (resource.Doc, error) {
		told := resource.Copied(d)
		if _, extended := told[resource.EnterpriseSchema]; !extended && resource.Get(body, resource.EnterpriseSchema) == nil {
			told[resource.EnterpriseSchema] = had[resource.EnterpriseSchema]
		}
		if name := resource.TextOf(told, "userName"); told["emails"] == nil && isAddress(name) {
			told["emails"] = []any{resource.Doc{"value": name}} // as of somebody who is added
		}
		return told, nil
	})
}

func (s *Server) patchUser(ctx context.Context, c *call) (answer, error) {
	body, err := read(c.w, c.Request)
	if err != nil {
		return answer{}, err
	}
	all, err := resource.Users.Changes(body)
	if err != nil {
		return answer{}, err
	}
	return s.changeUser(ctx, c, func(had resource.Doc) (resource.Doc, error) {
		d := without(resource.Copied(had), "displayName") // made of the name, as its whole is
		if name, ok := d["name"].(resource.Doc); ok {
			delete(name, "formatted")
		}
		return d, resource.Users.Apply(d, all)
	})
}

func (s *Server) deleteUser(ctx context.Context, c *call) (answer, error) {
	id, err := c.id()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, s.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := twinOf(ctx, tx, c.municipality, id)
		switch {
		case err != nil:
			return err
		case t.deleted:
			return fault.NotFound
		case t.double:
			return forget(ctx, tx, c.municipality, id)
		}
		id := t.remaining
		if err := hold(ctx, tx, id); err != nil {
			return err
		}
		u, err := readUser(ctx, tx, c.Viewer, id, c.today, false)
		if err != nil {
			return err
		}
		if err := c.unchanged(version(without(u.doc(c.base), "meta"))); err != nil {
			return err
		}
		return c.remove(ctx, tx, u)
	})
}
