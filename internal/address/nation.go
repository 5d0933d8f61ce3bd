package address

// The national owner's pages.
const (
	Officers      = "/nation/people" // who holds an office, and whom to give one
	NewOfficer    = Officers + "/new"
	NationRegions = "/nation/regions"
	NationLetters = "/nation/letters"
	NationTariffs = "/nation/tariffs"

	NationAffiliation = "/nation/affiliation" // which municipalities have joined
)

// Officer is somebody as the nation sees them.
func Officer(id int64, pages ...string) string { return Below(Officers+"/"+ID(id), pages...) }

// OfficeEnd ends a role that the nation gives.
func OfficeEnd(grantID int64) string { return "/nation/grants/" + ID(grantID) + "/end" }

// NationRegion is a region as the nation sees it.
func NationRegion(slug string, pages ...string) string {
	return Below(NationRegions+"/"+slug, pages...)
}

// NationLetter is a letter that the nation wrote to its regions; Circular is the same as
// its readers see it.
func NationLetter(id int64, pages ...string) string { return Below(NationLetters+"/"+ID(id), pages...) }
