package address

// Production is the plan of the courses that come.
const Production = "/production"

// Planned is a course that comes.
func Planned(id int64, pages ...string) string { return Below(Production+"/"+ID(id), pages...) }

// RegionStarts are the units that have started with a course without what it recommends first.
func RegionStarts(slug string, pages ...string) string {
	return Below("/regions/"+slug+"/starts", pages...)
}

// RegionNews are the editions that came out lately, as a region decides about the letters on them;
// with an edition that one.
func RegionNews(slug string, pages ...string) string {
	return Below("/regions/"+slug+"/news", pages...)
}
