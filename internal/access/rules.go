package access

import "slices"

// The rules, each the answer to "where may this viewer …?". They are few and
// stand together, so that they can be read as one page. A rule that opens names asks
// named, all others held.

// People is whose personal data the viewer may see: their own; their staff's
// (manager); those of the district, of the municipality, of the region, of everybody.
func People(v Viewer) Scope {
	s := v.named(Manager, MunicipalAdmin, DistrictAdmin, Regional, Operator)
	if v.PersonID != 0 {
		s.People = append(s.People, v.PersonID)
	}
	return s
}

// Own is the viewer's own: what nobody else answers or changes for them.
func Own(v Viewer) Scope {
	if v.system {
		return Scope{Everything: true, protected: true}
	}
	if v.PersonID == 0 {
		return Scope{}
	}
	return Scope{People: []int64{v.PersonID}}
}

// Staff is whose personal data the viewer may see because of an office, not
// because it is their own.
func Staff(v Viewer) Scope {
	return v.named(Manager, MunicipalAdmin, DistrictAdmin, Regional, Operator)
}

// Team is whose staff the viewer leads.
func Team(v Viewer) Scope { return v.held(Manager) }

// SetStudyTime is whose time to learn the viewer may set and take back, with the hours of each
// person: those who plan their time, and those who help them with it in the municipality.
func SetStudyTime(v Viewer) Scope { return v.named(Manager, MunicipalAdmin, DistrictAdmin) }

// StudyHours is whose hours of learning, set and had, the viewer may read by name: whose time
// they set, and those of a region in which they keep its projects.
func StudyHours(v Viewer) Scope { return v.named(Manager, MunicipalAdmin, DistrictAdmin, Regional) }

// StudySums is of which units the viewer may see sums of study time: those in which they hold an
// office. Of municipalities and regions who sees figures does.
func StudySums(v Viewer) Scope {
	return v.held(Manager, MunicipalAdmin, DistrictAdmin, Regional, Steering)
}

// LearningProjects is where the viewer may see projects with money from outside for time to learn:
// those who make them in their region, and the administrators of municipalities, who account for
// their part. StudyHours says whose hours they read there.
func LearningProjects(v Viewer) Scope { return v.held(MunicipalAdmin, Regional) }

// SeekProjects is in which regions the viewer may look for projects that they see.
func SeekProjects(v Viewer) Scope { return v.around(MunicipalAdmin, Regional) }

// MakeProjects is in which regions the viewer may make such projects and say who is in them.
func MakeProjects(v Viewer) Scope { return v.held(Regional) }

// AnswerTrainers is whose wish to teach the viewer answers as their manager, or in a manager's stead.
func AnswerTrainers(v Viewer) Scope { return v.named(Manager, MunicipalAdmin, DistrictAdmin) }

// ManagePeople is whom the viewer may add, correct and let go, with their accounts and
// steps: those who administer, and a manager the people of the own units where the
// municipality lets its managers keep them.
func ManagePeople(v Viewer) Scope {
	s := RegisterCompletions(v)
	for _, g := range v.Grants {
		if g.Role == Manager && g.Keeps {
			s.at(g)
		}
	}
	return s
}

// ShareTablets is the units whose people the viewer may let share a tablet.
func ShareTablets(v Viewer) Scope { return v.held(Manager, MunicipalAdmin, DistrictAdmin) }

// RegisterCompletions is whose completions the viewer may register and take back: those who
// administer people, not their managers.
func RegisterCompletions(v Viewer) Scope {
	return v.named(MunicipalAdmin, DistrictAdmin, Regional, Operator)
}

// ManageUnits is whose municipalities' units and districts the viewer may add, rename and
// close, and say which unit belongs to which district: the municipality's administrator, and
// those who help them. Who administers a district does not: they could reach further by it.
func ManageUnits(v Viewer) Scope { return v.named(MunicipalAdmin, Regional, Operator) }

// Rounds is whose rounds the viewer may see when they are published: those of
// the region in which they work or hold an office. National rounds are for all.
func Rounds(v Viewer) Scope {
	s := v.around(Manager, MunicipalAdmin, DistrictAdmin, Regional, Steering, Producer, National, NationalReader, Operator)
	for _, home := range v.workplaces() {
		if home.RegionID != 0 && !slices.Contains(s.Regions, home.RegionID) {
			s.Regions = append(s.Regions, home.RegionID)
		}
	}
	return s
}

// ManageRounds is whose rounds the viewer may change, and see before they are
// published.
func ManageRounds(v Viewer) Scope { return v.held(Regional) }

// ManageNationalRounds tells whether the viewer may change national rounds,
// which belong to no region: those who own or produce the programme may.
func ManageNationalRounds(v Viewer) bool { return v.Has(Producer, National) }

// ManageCourses tells whether the viewer may write courses and publish their
// editions: those who own or produce the programme may.
func ManageCourses(v Viewer) bool { return v.Has(Producer, National) }

// ReadProduction tells whether the viewer may read which courses come: everybody in the
// programme may.
func ReadProduction(v Viewer) bool { return v.system || v.PersonID != 0 || len(v.Grants) > 0 }

// TellOfEditions is for which regions the viewer may decide whether a letter is sent on a new
// edition, and see how many it reaches: their own.
func TellOfEditions(v Viewer) Scope { return v.held(Regional) }

// PlanLocally is where the viewer may plan a course that is given locally: a
// manager in the own units, a district's administrator in its units, a municipality's in
// all of it, and the region's, who help them.
func PlanLocally(v Viewer) Scope { return v.named(Manager, MunicipalAdmin, DistrictAdmin, Regional) }

// LocalRounds is whose local rounds the viewer may see when they are published:
// those of the municipalities where they work or hold an office, and of the unit
// where they work. What a unit gives its own people is not for the rest of the
// municipality.
func LocalRounds(v Viewer) Scope {
	var s Scope
	for _, home := range v.workplaces() {
		if home.MunicipalityID != 0 {
			s.Municipalities = append(s.Municipalities, home.MunicipalityID)
		}
		if home.UnitID != 0 {
			s.Units = append(s.Units, home.UnitID)
		}
	}
	for _, g := range v.Grants {
		if (g.Role == Manager || g.Role == MunicipalAdmin || g.Role == DistrictAdmin) && g.MunicipalityID != 0 && !slices.Contains(s.Municipalities, g.MunicipalityID) {
			s.Municipalities = append(s.Municipalities, g.MunicipalityID)
		}
	}
	return s
}

// PlanRollout is for which municipalities the viewer may plan who takes a course
// when.
func PlanRollout(v Viewer) Scope { return v.named(MunicipalAdmin, Regional) }

// Coverage is of whose staff the viewer may see who has taken which course and who lacks it,
// and remind those: who plans that, and a district's administrator for its units.
func Coverage(v Viewer) Scope { return v.named(MunicipalAdmin, DistrictAdmin, Regional) }

// CoverageIn tells whether Coverage opens the municipality at the place, or a part of it.
func CoverageIn(v Viewer, municipality Place) bool {
	return Coverage(v).Covers(municipality) || slices.ContainsFunc(v.Grants, func(g Grant) bool {
		return g.Role == DistrictAdmin && g.MunicipalityID == municipality.MunicipalityID
	})
}

// ReadPacks tells whether the viewer may read the trainer packs of all courses:
// those who make courses, and those who plan occasions and need to know what
// they ask of trainers and rooms. The trainers of a course read its own besides.
func ReadPacks(v Viewer) bool {
	return v.Has(Producer, National, Regional, MunicipalAdmin, DistrictAdmin, Manager)
}

// ManageMaterial is whose material of courses the viewer may add to and remove
// from: a region's, which its own rounds get, those who run them; the nation's,
// which every round gets, those who make courses, and they any region's.
func ManageMaterial(v Viewer) Scope {
	s := v.held(Regional)
	s.Everything = s.Everything || v.Has(Producer, National)
	return s
}

// Money is whose whole money (all municipalities' fees and pot) the viewer may
// see.
func Money(v Viewer) Scope { return v.held(Regional, Steering) }

// MunicipalMoney is whose municipality's own lines the viewer may see.
func MunicipalMoney(v Viewer) Scope {
	return v.held(Regional, Steering, MunicipalAdmin)
}

// Costs is whose course days' costs the viewer may see and write: those who administer
// the region's money.
func Costs(v Viewer) Scope { return v.held(Regional) }

// Settle is whose year the viewer may close and correct.
func Settle(v Viewer) Scope { return v.held(Regional) }

// Figures is where the viewer may see figures without names: the whole region
// for those who hold an office in it, the country for those who make courses
// for all of it.
func Figures(v Viewer) Scope {
	s := v.around(Manager, MunicipalAdmin, DistrictAdmin, Regional, Steering, National, NationalReader, Operator)
	s.Everything = s.Everything || v.Has(Producer)
	return s
}

// ReadAnswers is where the viewer may read what people have written about their
// courses, without names: those who arrange them in their region, and those who
// make them everywhere.
func ReadAnswers(v Viewer) Scope {
	s := v.held(Regional)
	s.Everything = s.Everything || v.Has(Producer, National)
	return s
}

// Sessions is whose sessions the viewer may see and end, and whose passkeys: their own,
// and those of the people whose accounts they look after, who may have lost a device.
func Sessions(v Viewer) Scope {
	s := ManagePeople(v)
	if v.PersonID != 0 {
		s.People = append(s.People, v.PersonID)
	}
	return s
}

// Federate is whose way of signing in with the account at work the viewer may set up:
// the municipality's own administrator, and those who run the product. A region's
// administrator is not among them: whoever says by which provider a municipality's
// people come in can come in as any of them.
func Federate(v Viewer) Scope { return v.held(MunicipalAdmin, Operator) }

// HelpIn is whom the viewer may help to sign in: they see why it failed and what to do.
func HelpIn(v Viewer) Scope { return ManagePeople(v) }

// Tokens is whose keys for machines the viewer may see and revoke.
func Tokens(v Viewer) Scope { return v.held(Regional, Operator) }

// MakeToken is where the viewer may make a key that acts in the role: their own
// where they hold it, and those that they may give to others.
func MakeToken(v Viewer, role Role) Scope {
	if role == Regional {
		return v.held(Regional, Operator)
	}
	return GrantRole(v, role)
}

// GrantRole is where the viewer may give the role to others and take it from
// them: an operator every role; the national owner those that hold for a region or
// the nation and are the nation's to give; a region's administrator those of managers,
// district and municipal administrators; a municipality's administrator those of managers
// and of who administers its districts; a district's that of managers.
func GrantRole(v Viewer, role Role) Scope {
	switch {
	case role == Manager:
		return v.named(MunicipalAdmin, DistrictAdmin, Regional, Operator)
	case role == DistrictAdmin:
		return v.named(MunicipalAdmin, Regional, Operator)
	case role == MunicipalAdmin:
		return v.named(Regional, Operator)
	case slices.Contains(NationalRoles, role):
		return v.held(National, Operator)
	}
	return v.held(Operator)
}

// NationalRoles are those that the nation gives: its own, and who administers a region.
var NationalRoles = []Role{National, NationalReader, Producer, Regional}

// Grantees is who may be given the role by the viewer: those whose accounts they may
// change, and for a role that the nation gives anybody.
func Grantees(v Viewer, role Role) Scope {
	s := ManagePeople(v)
	s.Everything = s.Everything || slices.Contains(NationalRoles, role) && v.Has(National)
	return s
}

// GivesRoles tells whether there is any role that the viewer may give.
func GivesRoles(v Viewer) bool {
	return v.Has(MunicipalAdmin, DistrictAdmin, Regional, National, Operator)
}

// Officers tells whether the viewer may see who holds an office at a region or the
// nation, with how they are reached and when they last signed in, and find whom to
// give one, by name and workplace: those who give such offices may.
func Officers(v Viewer) bool { return v.Has(National, Operator) }

// NationalTariffs tells whether the viewer may set what is charged where a region has
// no tariff of its own.
func NationalTariffs(v Viewer) bool { return v.Has(National) }

// WriteCirculars tells whether the viewer may write to the administrators of regions.
func WriteCirculars(v Viewer) bool { return v.Has(National) }

// ReadCirculars is whose letters from the nation the viewer may read: those to the
// regions that they administer.
func ReadCirculars(v Viewer) Scope { return v.held(Regional, National) }

// ReadAudit is whose audit the viewer may take out: that of the people of the municipality
// that they administer, or everybody's.
func ReadAudit(v Viewer) Scope { return v.held(MunicipalAdmin, Operator) }

// ErasePeople is who the viewer may erase: those whom they administer. A manager who
// keeps the people of a unit, and who administers a district, do not: it cannot be undone,
// and the municipality answers for it.
func ErasePeople(v Viewer) Scope { return v.named(MunicipalAdmin, Regional, Operator) }

// NameGuards is where the viewer may say who looks after those whose identity is
// protected, where nobody does yet: a municipality's administrator. Then only those named
// say who else: see Guard.
func NameGuards(v Viewer) Scope { return v.held(MunicipalAdmin) }

// Guard is where the viewer may mark somebody's identity as protected, and see and change
// what is known of those who are: where they are named to, and administer people still.
func Guard(v Viewer) Scope {
	administers := []Role{MunicipalAdmin, DistrictAdmin, Manager}
	var guarded Scope
	for _, id := range v.Guards {
		if slices.ContainsFunc(v.Grants, func(g Grant) bool { return slices.Contains(administers, g.Role) && g.MunicipalityID == id }) {
			guarded.Municipalities = append(guarded.Municipalities, id)
		}
	}
	guarded.opened = v.Opened
	return guarded
}

// MergePeople is who the viewer may merge into one, and split again: those of the employers
// that they administer, at each employer of both.
func MergePeople(v Viewer) Scope { return v.named(MunicipalAdmin, Regional, Operator) }

// Affiliations is whose affiliation to the programme the viewer may read, with whether the
// region may see names: those who answer for it, and who pays.
func Affiliations(v Viewer) Scope {
	return v.held(MunicipalAdmin, Regional, Steering, National, NationalReader, Operator)
}

// Affiliate tells whether the viewer may say which municipalities have joined: the
// agreements are the national owner's.
func Affiliate(v Viewer) bool { return v.Has(National) }

// DecideNames is whose municipality's decision it is whether the region may see names; the
// region decides for those that have no administrator of their own: see DecideForOthers.
func DecideNames(v Viewer) Scope { return v.held(MunicipalAdmin) }

// DecideForOthers is for which municipalities without an administrator the viewer decides
// what is the municipality's to decide.
func DecideForOthers(v Viewer) Scope { return v.held(Regional) }

// SetUp is which regions the viewer sets up: their own, and an operator every one.
func SetUp(v Viewer) Scope { return v.held(Regional, Operator) }

// ReadInHistory is for which regions the viewer may read in what was done before. Whose
// completions are read in is said by RegisterCompletions besides.
func ReadInHistory(v Viewer) Scope { return v.held(Regional, Operator) }

// SeeAsOthers tells whether the viewer may ask to see the pages as somebody else does:
// those who help with the product.
func SeeAsOthers(v Viewer) bool { return v.Has(Operator) }

// ReadRetention tells whether the viewer may read what the rules of retention have done.
func ReadRetention(v Viewer) bool { return v.Has(Operator) }

// Groups is which groups of municipalities the viewer may see: members, plan, shares and
// figures, and nobody's name. Those who see the region's affiliations see all of its groups;
// who has an office in a group, or answers for a municipality in it, that group.
func Groups(v Viewer) Scope {
	s := v.held(Regional, Steering, National, NationalReader, Operator)
	for _, g := range v.Groups {
		s.Groups = append(s.Groups, g.ID)
	}
	return s
}

// ManageGroups is in which regions the viewer may make and change groups of municipalities,
// say who is in them and give their offices.
func ManageGroups(v Viewer) Scope { return v.held(Regional) }

// PlanForGroups is for which groups of municipalities the viewer may write the plan and the
// shares: those that they administer, and the region's, whose administrators help them.
func PlanForGroups(v Viewer) Scope {
	s := v.held(Regional)
	for _, g := range v.Groups {
		if g.Office == GroupAdministrator {
			s.Groups = append(s.Groups, g.ID)
		}
	}
	return s
}
