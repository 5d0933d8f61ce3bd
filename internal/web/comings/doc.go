// Package comings is where somebody says that they would like to teach, where managers and the
// region answer, where a membership of a team ends with its reason, and a region's year of both.
package comings
