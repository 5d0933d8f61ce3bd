// Package figures is the pages with figures: the nation's, a region's, and the annual
// report with its documents.
package figures
