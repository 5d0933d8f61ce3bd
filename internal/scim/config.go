package scim

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"

	"yrkesresan/internal/scim/resource"
)

// Bounds of what is read before anybody understands it.
const (
	maxBody   = 1 << 20 // bytes
	maxBulk   = 100     // operations of a bulk
	maxMoved  = 1000    // people whom one request moves
	mediaType = "application/scim+json"
)

// providerConfig is what the server can.
func providerConfig(base string) map[string]any {
	can := map[string]any{"supported": true}
	return map[string]any{
		"schemas": []string{resource.ConfigSchema}, "documentationUri": "https://www.rfc-editor.org/rfc/rfc7644",
		"patch": can, "sort": can, "etag": can, "changePassword": map[string]any{"supported": false},
		"bulk":   map[string]any{"supported": true, "maxOperations": maxBulk, "maxPayloadSize": maxBody},
		"filter": map[string]any{"supported": true, "maxResults": maxCount},
		"authenticationSchemes": []map[string]any{{
			"type": "oauthbearertoken", "name": "Bearer", "description": "A token of the scope scim, made with: yrkesresan token create --scope scim", "primary": true,
		}},
		"meta": map[string]any{"resourceType": "ServiceProviderConfig", "location": base + "/ServiceProviderConfig"},
	}
}

// read reads the body of a request into a document. Its texts are fit to keep.
func read(w http.ResponseWriter, r *http.Request) (resource.Doc, error) {
	if kind, _, err := mime.ParseMediaType(cmp.Or(r.Header.Get("Content-Type"), mediaType)); err != nil || kind != mediaType && kind != "application/json" {
		return nil, resource.Failed(http.StatusUnsupportedMediaType, "scim.not_json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, resource.Failed(http.StatusRequestEntityTooLarge, "api.too_large")
	}
	if err != nil {
		return nil, resource.Bad(resource.InvalidSyntax, "api.unreadable")
	}
	return resource.Parse(body)
}
