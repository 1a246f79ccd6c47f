import Basics
import Imaging

/// Collects the photographs of a catalogue as they are read, and checks them against one another.
struct PhotographRecords {
    /// A photograph's place in the metadata.
    struct Place: Sendable {
        let path: String
        /// From 1; nil if the layout has no lines.
        let line: Int?
    }

    private(set) var photographs: [Photograph] = []
    private(set) var places: [Place] = []
    private(set) var positions: [String: Int] = [:]
    /// Positions of photographs whose files cannot be used.
    private(set) var flawed: Set<Int> = []
    var problems = ProblemList()
    /// What was read, but probably means something else.
    private(set) var warnings = ProblemList()
    /// The words in place of an animal's name, as written, each with its number of photographs.
    private(set) var nobody: [String: Int] = [:]
    /// What was skipped and why, with counts and the first names.
    var notes: [String] = []
    /// What was read in another way than usual.
    var remarks: [String] = []
    private var images: ImageFolder
    /// The photographs whose paths are written differently from their files.
    private var relocated: [(position: Int, written: String, found: String)] = []
    /// The orientations that are no direction, as written, each with its number of photographs.
    private var unknownHeadings: [String: Int] = [:]
    private let words: NobodyNames
    private var spellings = NameSpellings()
    /// Names with non-ASCII letters as first written, and their place.
    private var namesInOtherForms: [String: (name: String, place: Place)] = [:]

    init(images: ImageFolder, nobody: NobodyNames) {
        self.images = images
        words = nobody
    }

    mutating func reserve(_ count: Int) {
        photographs.reserveCapacity(count)
        places.reserveCapacity(count)
        positions.reserveCapacity(count)
    }

    /// Records a problem of the metadata at a place.
    mutating func add(problem: String, remedy: String, at place: Place) {
        problems.add(place.path, line: place.line, problem, remedy)
    }

    /// The animal's name; nil if missing or a word for an unnamed animal, which is counted once for each of its
    /// `photographs`.
    mutating func animal(_ name: String?, photographs: Int = 1) -> String? {
        guard let name, words.contains(name) else { return name }
        if !name.isBlank { nobody[name, default: 0] += photographs }
        return nil
    }

    /// The direction of the head; nil if missing, or another text, which is counted.
    mutating func heading(_ text: String?) -> Heading? {
        guard let text, !words.contains(text) else { return nil }
        if let heading = Heading(rawValue: text.lowercased()) { return heading }
        unknownHeadings[text, default: 0] += 1
        return nil
    }

    /// Notes the orientations that were not understood.
    mutating func noteHeadings() {
        guard !unknownHeadings.isEmpty else { return }
        let count = NumberText.counted(unknownHeadings.values.reduce(0, +), "orientation", "orientations")
        let texts = unknownHeadings.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }
            .map { "\(quoted: $0.key) \($0.value)" }
        notes.append("\(count) other than left, right, up or down: \(texts.listed(5))")
    }

    /// The path of the file that the metadata mean by the path of the next photograph; see ``PathLocator``.
    mutating func located(_ path: String, in folders: [String] = [""]) -> String {
        let found = images.located(path, in: folders)
        if !found.isAsWritten { relocated.append((photographs.count, path, found.path)) }
        return found.path
    }

    /// Remarks on the paths that are written differently from their files, and reports those whose file another
    /// photograph names as it is written.
    mutating func noteRelocated() {
        guard !relocated.isEmpty else { return }
        let positions = Set(relocated.map(\.position))
        let named = Set(photographs.indices.filter { !positions.contains($0) }.map { photographs[$0].path })
        for (position, written, found) in relocated where named.contains(found) {
            add(
                problem: "the image \(quoted: written) of \(quoted: photographs[position].id) is missing, and "
                    + "\(quoted: found) belongs to another photograph",
                remedy: "Put the file there, or remove the row.", at: places[position])
            flawed.insert(position)
        }
        relocated.removeAll { named.contains($0.found) }
        guard let first = relocated.first else { return }
        let paths = NumberText.counted(
            relocated.count, "path is written differently from its file",
            "paths are written differently from their files")
        remarks.append("\(paths): \(first.found.shortened()) was read for \(first.written.shortened())")
    }

    /// Adds a photograph and records its problems.
    mutating func add(_ photograph: Photograph, at place: Place) {
        let id = photograph.id
        if id.isEmpty {
            add(problem: "the row has no image_id", remedy: "Give every photograph an id.", at: place)
        } else if let earlier = positions[id] {
            report(repeated: id, earlier: earlier, at: place)
        }
        if let flaw = images.flaw(of: photograph) {
            add(problem: flaw.problem, remedy: flaw.remedy, at: place)
            flawed.insert(photographs.count)
        }
        if let box = photograph.boxText, let sides = photograph.pictureSides, photograph.sides == nil {
            add(
                problem: "the box \(box) of \(quoted: id) lies outside its \(sides.width) x \(sides.height) pixels",
                remedy: "Write [x, y, width, height] in pixels of the picture with these sides.", at: place)
        }
        if let warning = spellings.warning(of: photograph.whaleID, at: place) { warnings.append(warning) }
        checkForm(photograph.whaleID, at: place)
        checkForm(photograph.encounterID, at: place)
        if positions[id] == nil { positions[id] = photographs.count }
        photographs.append(photograph)
        places.append(place)
    }

    private mutating func report(repeated id: String, earlier: Int, at place: Place) {
        let first = photographs[earlier].id
        let location = places[earlier].line.map { "on line \($0)" } ?? "in \(places[earlier].path)"
        if first.utf8.elementsEqual(id.utf8) {
            add(
                problem: "image_id \(quoted: id) already occurs \(location)",
                remedy: "Keep one row for each photograph.",
                at: place)
        } else {
            add(
                problem: "image_id \(quoted: id) differs from the one \(location) only in its Unicode form",
                remedy: "Give one of the photographs another name.", at: place)
        }
    }

    /// A name in two Unicode forms is one name in Swift but two in other programs.
    private mutating func checkForm(_ name: String?, at place: Place) {
        guard let name, name.utf8.contains(where: { $0 >= 0x80 }) else { return }
        guard let first = namesInOtherForms[name] else {
            namesInOtherForms[name] = (name, place)
            return
        }
        guard !first.name.utf8.elementsEqual(name.utf8) else { return }
        let location = first.place.line.map { "on line \($0)" } ?? "in \(first.place.path)"
        add(
            problem: "\(quoted: name) is written in another Unicode form than \(location)",
            remedy: "Write the name the same way everywhere, preferably composed (NFC).", at: place)
    }
}
