// Package waysin is why somebody cannot sign in, for the administrators who help them:
// whom it is about, what was tried, what stands in the way, and the button that solves it.
package waysin
