/// Why a text cannot be read as XML.
enum XMLDamage: Error, Hashable {
    /// The text ends before the outermost element does.
    case endsEarly
    /// It breaks the rules of XML in this line, which counts from 1.
    case malformed(line: Int, reason: String)
    /// It makes up entities of its own, which a feed has no use for and a bomb is built of.
    case definesEntities
    /// Elements stand in each other too deeply.
    case tooDeep
    /// There is no memory for a reader.
    case outOfMemory

    /// What is wrong, as it stands after "the answer".
    var words: String {
        switch self {
        case .endsEarly: "ends in the middle"
        case .malformed(let line, let reason): "is not well-formed XML in line \(line) (\(reason))"
        case .definesEntities: "defines XML entities of its own, which is refused because it can fill the memory"
        case .tooDeep: "has more than \(XMLReader.deepest) XML elements inside of each other"
        case .outOfMemory: "could not be read for lack of memory"
        }
    }
}
