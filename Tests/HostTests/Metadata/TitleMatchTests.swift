import PluginAPI
import Testing

@testable import Host

struct TitleMatchTests {
    private let dunes: [MetadataTitle] = [.sample("1", "Dune", year: 1984), .sample("2", "Dune", year: 2021)]

    @Test(
        "finds the one title that can be meant",
        arguments: [
            ("dune", 2021, "2"), ("Dune", 1985, "1"), ("Dune", nil, nil), ("Dune", 2000, nil), ("Dunes", 2021, nil),
        ] as [(String, Int?, String?)]
    )
    func only(name: String, year: Int?, id: String?) {
        #expect(TitleMatch(name: name, year: year).only(of: dunes)?.id == id)
    }

    @Test("marks, signs and the other names of a title do not stand in the way")
    func spellings() {
        var title = MetadataTitle.sample("3", "Amélie", year: 2001)
        title.originalTitle = "Le Fabuleux Destin d'Amélie Poulain"
        title.alternativeTitles = ["Marvel's Agents of S.H.I.E.L.D.", "Law & Order"]
        for name in ["amelie", "Le.Fabuleux.Destin.dAmelie.Poulain", "Marvels Agents of SHIELD", "law and order"] {
            #expect(TitleMatch(name: name, year: 2001).only(of: [title])?.id == "3", "\(name)")
        }
    }

    @Test("the very year is preferred to the one beside it")
    func nearYear() {
        let titles: [MetadataTitle] = [.sample("1", "M", year: 1931), .sample("2", "M", year: 1932)]
        #expect(TitleMatch(name: "M", year: 1931).only(of: titles)?.id == "1")
        #expect(TitleMatch(name: "M", year: 1930).only(of: titles)?.id == "1")
        #expect(TitleMatch(name: "M", year: 1933).only(of: titles)?.id == "2")
    }
}
