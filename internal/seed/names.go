package seed

import (
	"fmt"
	"strings"

	"yrkesresan/internal/organisation"
)

// Family names are put together of a beginning and an end, so that hardly
// anybody is called so.
var (
	givenNames = strings.Fields(`
		Abbe Adina Agda Aino Aisha Albin Alida Alina Allan Alvin Amanda Amir Anja Anton Arvid Asta Atle Axelina
		Beata Bilal Bjarne Bodil Bosse Börje Carla Casper Dagny Daniela Daria Disa Doris Edit Edla Einar Elis
		Elna Embla Emilia Enya Erland Essam Ester Evert Fatima Felix Fia Folke Fredrika Frida Gunvor Gustava
		Göta Hafsa Halim Hampus Hanna Harald Harriet Hassan Hedvig Helga Henrika Hervor Holger Hulda Ida Ilse
		Ingeborg Iris Isak Isolde Jamila Jens Joar Joel Jorun Josef Judit Kaj Kalle Kerstin Kim Konrad Lamin
		Leila Lennart Leo Levi Lilly Linn Lisen Lovisa Ludvig Lykke Maj Malik Malte Margit Marwa Mattis Medina
		Milla Milo Minna Mohamed Märta Nadja Naima Natan Nella Nike Nora Ofelia Olga Omar Orvar Osvald Otto
		Pelle Pia Rafael Ragna Rasmus Rebecka Regina Rio Rolf Rune Runa Sam Sanna Sara Selim Sigrid Simon
		Sofia Solveig Sonja Staffan Stella Sten Stina Sune Svante Tanja Teo Thea Tilde Tim Tora Torgny Tuva
		Ulla Ulrik Unni Urban Valborg Valter Vega Vendela Verner Vilgot Viola Viveka Wilma Yara Yngve Yrsa
		Zelda Zeynep Åke Åsa Ärla Örjan`)
	familyBeginnings = strings.Fields(`
		Alm Asp Björk Blom Bok Bränn Bäck Dal Ekorr Eld Fjäll Flod Fors Fält Gran Grind Gräs Hag Hassel Hed Hjort
		Hult Humle Häger Is Järv Kast Klint Kol Korn Kyrk Käll Lilje Lind Linn Ljung Lo Lund Lärk Mark Mo Moss
		Mör Näs Nät Oxel Palm Pil Ren Ris Rosen Rud Rågs Sand Sav Skat Skär Slån Sommar Sten Ström Svan Söder
		Tjäder Torn Trän Tun Ugg Vall Ving Vinter Väst Wall Wide Ål Ås Älg Ärt Ö Örn`)
	familyEnds = strings.Fields(`
		bergen bladen bo backe dunge fjärd gren gården holmen kvist ljung lund länga marken mora näset park
		roten rum skär skog slätt sporre stad strand sund tagg toft udde vallen vik vinge ö`)
)

func (p *plan) name(person *person) {
	person.given = pick(p, givenNames)
	person.family = pick(p, familyBeginnings) + pick(p, familyEnds)
}

func (p *person) email() string {
	return fmt.Sprintf("%s.%s.%d@example.org", organisation.Slug(p.given), organisation.Slug(p.family), p.id)
}

// What units are called, by journey as in parts.
var (
	unitKinds = [][]string{
		{"Barn och familj", "Utredning unga", "Familjehem"},
		{"Vuxenheten"},
		{"LSS-handläggning"},
		{"Gruppbostad", "Daglig verksamhet", "Servicebostad", "Stödboende"},
		{"Hemtjänst", "Äldreboende", "Korttidsboende", "Nattpatrullen", "Hemsjukvård"},
	}
	unitPlaces = strings.Fields(`
		Norr Söder Öster Väster Centrum Björken Linden Kvarnen Ängen Åkern Sjön Backen Parken Torget Stationen
		Fyren Hamnen Skogen Källan Bruket Gläntan Solsidan Lärkan Svalan Almen Ekhagen Kastanjen Humlan
		Fjärilen Strömmen`)
	titles = [][]string{
		{"Socialsekreterare", "Familjehemssekreterare"},
		{"Socialsekreterare", "Behandlare"},
		{"LSS-handläggare"},
		{"Stödassistent", "Stödpedagog", "Personlig assistent"},
		{"Undersköterska", "Vårdbiträde", "Undersköterska"},
	}
)
