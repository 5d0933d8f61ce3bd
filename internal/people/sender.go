package people

import "strings"

// SendsSQL is the condition that e is the employment by which somebody stands in the row
// named of: a seat, a place in the queue, a trainer's day. It has the columns person_id and
// employer_id. That is the employment with the employer that sends them, who pays and is
// paid; without one, or when they have left it, their main one. The day on which e runs is
// a condition of its own.
func SendsSQL(e, of string) string {
	return strings.NewReplacer("{e}", e, "{of}", of).Replace(`{e}.person_id = {of}.person_id AND CASE
			WHEN {of}.employer_id IS NULL THEN {e}.main
			WHEN COALESCE({e}.municipality_id, {e}.region_id) = {of}.employer_id THEN TRUE
			ELSE {e}.main AND NOT EXISTS (
				SELECT 1
				FROM employment AS sending
				WHERE sending.person_id = {e}.person_id
				AND COALESCE(sending.municipality_id, sending.region_id) = {of}.employer_id
				AND (sending.to_day IS NULL OR sending.to_day >= {e}.from_day)
				AND ({e}.to_day IS NULL OR sending.from_day <= {e}.to_day)
			)
		END`)
}
