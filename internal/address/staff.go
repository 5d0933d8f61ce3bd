package address

// StaffFile is a file of a municipality's staff, as it was read.
func StaffFile(id int64, pages ...string) string { return Below("/imports/"+ID(id), pages...) }
