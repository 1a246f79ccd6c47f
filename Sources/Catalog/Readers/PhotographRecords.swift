import Basics

/// The photographs of a catalogue as they are read, checked one against the others.
struct PhotographRecords {
    /// Where in the metadata a photograph stands.
    struct Place: Sendable {
        let path: String
        /// From 1; nil where the layout has no lines.
        let line: Int?
    }

    private(set) var photographs: [Photograph] = []
    private(set) var places: [Place] = []
    private(set) var positions: [String: Int] = [:]
    /// Positions of photographs whose files cannot be used.
    private(set) var flawed: Set<Int> = []
    var problems = ProblemList()
    /// What of the folder was passed over, and why, by count and first names.
    var notes: [String] = []
    private var images: ImageFolder
    /// Names with other letters than ASCII's as they were first written, and where.
    private var namesInOtherForms: [String: (name: String, place: Place)] = [:]

    init(images: ImageFolder) { self.images = images }

    mutating func reserve(_ count: Int) {
        photographs.reserveCapacity(count)
        places.reserveCapacity(count)
        positions.reserveCapacity(count)
    }

    /// Notes what is wrong with the metadata at a place.
    mutating func add(problem: String, remedy: String, at place: Place) {
        problems.add(place.path, line: place.line, problem, remedy)
    }

    /// Takes a photograph up, or tells why it cannot be.
    mutating func add(_ photograph: Photograph, at place: Place) {
        let id = photograph.id
        if id.isEmpty {
            add(problem: "the row has no image_id", remedy: "Give every photograph a name.", at: place)
        } else if let earlier = positions[id] {
            tell(repeated: id, earlier: earlier, at: place)
        }
        if let flaw = images.flaw(of: photograph) {
            add(problem: flaw.problem, remedy: flaw.remedy, at: place)
            flawed.insert(photographs.count)
        }
        if let box = photograph.box, let width = photograph.width, let height = photograph.height,
            box.clipped(toWidth: width, height: height) == nil
        {
            add(
                problem: "the box \(box.text) of \(quoted: id) lies outside of its \(width) x \(height) pixels",
                remedy: "Write [x, y, width, height] in pixels of the stored picture.", at: place)
        }
        checkForm(photograph.whaleID, at: place)
        checkForm(photograph.encounterID, at: place)
        if positions[id] == nil { positions[id] = photographs.count }
        photographs.append(photograph)
        places.append(place)
    }

    private mutating func tell(repeated id: String, earlier: Int, at place: Place) {
        let first = photographs[earlier].id
        let location = places[earlier].line.map { "on line \($0)" } ?? "in \(places[earlier].path)"
        if first.utf8.elementsEqual(id.utf8) {
            add(
                problem: "image_id \(quoted: id) stands already \(location)",
                remedy: "Keep one row for each photograph.",
                at: place)
        } else {
            add(
                problem: "image_id \(quoted: id) differs from the one \(location) in nothing but its Unicode form",
                remedy: "Give one of the photographs another name.", at: place)
        }
    }

    /// One animal written in two Unicode forms would be one animal here and two for whoever reads our files.
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
            remedy: "Write a name in the same way everywhere, composed (NFC) as a rule.", at: place)
    }
}
