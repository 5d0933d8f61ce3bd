package home

import (
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// pagesOf are the pages that the search knows by name: the menus of all the visitor's
// offices, the one that they act in first, and pages that are reached from those. Each
// has other words for it under search.also.<Key>.
func pagesOf(v *visit.Visit) []ui.NavItem {
	var pages []ui.NavItem
	add := func(key, label, href string) {
		if !slices.ContainsFunc(pages, func(i ui.NavItem) bool { return i.Href == href }) {
			pages = append(pages, ui.NavItem{Key: key, Label: label, Href: href})
		}
	}
	offices := append([]visit.Office{v.Office()}, visit.Offices(v.Viewer)...)
	for _, o := range offices {
		for _, i := range append(v.Menu(o), rareWays(v, o)...) {
			add(strings.TrimPrefix(i.Key, "nav."), i.Label, i.Href)
		}
	}
	for _, o := range offices {
		region, _ := v.RegionOf(o)
		switch o.Role {
		case access.Regional:
			add("deliveries", v.T("plan.delivery_title"), visit.RegionPath(region, "deliveries"))
			add("rooms", v.T("room.title"), visit.RegionPath(region, "rooms"))
			add("affiliation", v.T("affiliation.title"), visit.RegionPath(region, "affiliation"))
			add("unadministered", v.T("municipality.unadministered"), visit.RegionPath(region, "unadministered"))
			add("tariffs", v.T("money.tariff.title", "Region", region.Name), visit.RegionPath(region, "tariffs"))
			add("meetings", v.T("search.meetings"), visit.RegionPath(region, "trainer-meetings"))
			add("new_round", v.T("search.new_round"), visit.NewRoundPath(region))
			add("new_person", v.T("people.add"), visit.NewPersonPath)
		case access.MunicipalAdmin:
			municipality := v.Server.Country[o.Grant.MunicipalityID]
			add("affiliation", v.T("affiliation.title"), visit.MunicipalityPath(municipality, "affiliation"))
			add("staff_file", v.T("intake.page.title"), visit.MunicipalityPath(municipality, "imports"))
			add("units", v.T("municipality.units"), visit.UnitsPath(municipality))
			add("districts", v.T("district.title"), visit.MunicipalityPath(municipality, "districts"))
			add("tariffs", v.T("money.tariff.title", "Region", region.Name), visit.RegionPath(region, "tariffs"))
			add("new_occasion", v.T("search.new_occasion"), visit.NewOccasionPath(municipality))
			add("new_person", v.T("people.add"), visit.NewPersonPath)
			add("tablets", v.T("tablet.title"), address.Tablets)
		case access.DistrictAdmin:
			municipality := v.Server.Country[o.Grant.MunicipalityID]
			add("new_occasion", v.T("search.new_occasion"), visit.NewOccasionPath(municipality))
			add("new_person", v.T("people.add"), visit.NewPersonPath)
			add("tablets", v.T("tablet.title"), address.Tablets)
		case access.Manager:
			add("tablets", v.T("tablet.title"), address.Tablets)
			if !access.ManagePeople(v.Viewer).Empty() {
				add("new_person", v.T("people.add"), visit.NewPersonPath)
			}
			add("new_occasion", v.T("search.new_occasion"), visit.NewOccasionPath(v.Server.Country[o.Grant.MunicipalityID]))
		case access.Steering:
			add("tariffs", v.T("money.tariff.title", "Region", region.Name), visit.RegionPath(region, "tariffs"))
		case access.Operator:
			add("new_person", v.T("people.add"), visit.NewPersonPath)
		case access.Trainer:
			add("confirmation", v.T("search.confirmation"), visit.ConfirmationPath)
		case access.National:
			add("affiliation", v.T("affiliation.title"), address.NationAffiliation)
			add("new_officer", v.T("nation.appoint"), address.NewOfficer)
		case access.Producer, access.NationalReader, access.Employee:
		}
	}
	add("my_page", v.T("ui.my_page"), visit.MyPagePath)
	add("reviews", v.T("review.mine"), address.Reviews)
	add("calendar", v.T("calendar.title"), visit.CalendarPath)
	add("check_in", v.T("attendance.check_in.title"), visit.CheckInPage)
	add("certificates", v.T("search.certificates"), visit.CertificatesPath)
	return pages
}
