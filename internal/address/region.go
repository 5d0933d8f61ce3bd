package address

// RegionSetup is what a region still needs before its first course day.
func RegionSetup(slug string, pages ...string) string {
	return Below("/regions/"+slug+"/setup", pages...)
}
