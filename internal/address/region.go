package address

// RegionSetup is what a region still needs before its first course day.
func RegionSetup(slug string, pages ...string) string {
	return Below("/regions/"+slug+"/setup", pages...)
}

// RegionGroups are the groups of municipalities in a region; with the name of one in addresses
// that group, and pages below it.
func RegionGroups(slug string, pages ...string) string {
	return Below("/regions/"+slug+"/groups", pages...)
}

// RegionHistory is what a region did before it had the product.
func RegionHistory(slug string, pages ...string) string {
	return Below("/regions/"+slug+"/history", pages...)
}

// HistoryFile is a file of it, as it was read.
func HistoryFile(id int64, pages ...string) string { return Below("/history/"+ID(id), pages...) }
