/// The characters that HTML has names for and XML has not; feeds name them without saying what they are.
enum NamedCharacters {
    /// By their names (HTML 4.01, "Character entity references"), those of Latin 1 and what stands in titles beside them.
    static let all: [String: Character] = {
        let latin = """
            nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
            micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring \
            AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml \
            times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil \
            egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash \
            ugrave uacute ucirc uuml yacute thorn yuml
            """
        let others: [(String, Character)] = [
            ("OElig", "Œ"), ("oelig", "œ"), ("Scaron", "Š"), ("scaron", "š"), ("Yuml", "Ÿ"), ("ndash", "–"),
            ("mdash", "—"), ("lsquo", "‘"), ("rsquo", "’"), ("sbquo", "‚"), ("ldquo", "“"), ("rdquo", "”"),
            ("bdquo", "„"), ("bull", "•"), ("hellip", "…"), ("euro", "€"), ("trade", "™"), ("lsaquo", "‹"),
            ("rsaquo", "›"),
        ]
        let named = latin.split(separator: " ").enumerated().compactMap { place, name in
            Unicode.Scalar(0xA0 + UInt32(place)).map { (String(name), Character($0)) }
        }
        return Dictionary(named + others) { first, _ in first }
    }()
}
