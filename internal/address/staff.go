package address

// StaffFile is a file of a municipality's staff, as it was read.
func StaffFile(id int64, pages ...string) string { return Below("/imports/"+ID(id), pages...) }

// Tablets are those that the people of a unit share, TabletSignIn where one chooses one's name
// on one, and TabletCode one's own code for them.
const (
	Tablets        = "/tablets"
	TabletSignIn   = "/tablet"
	TabletCode     = "/my/tablet-code"
	TabletCodeGone = TabletCode + "/removal"
)

// Tablet is one of them, or a page below it.
func Tablet(id int64, pages ...string) string { return Below(Tablets+"/"+ID(id), pages...) }

// TabletPerson is somebody on the list of the tablet.
func TabletPerson(id int64) string { return Below(TabletSignIn, ID(id)) }
