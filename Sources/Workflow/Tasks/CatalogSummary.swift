import Basics
import Catalog
import Imaging

/// A summary of a folder of photographs, in numbers.
public struct CatalogSummary: Sendable {
    /// The form for other programs.
    public let json: JSONValue
    /// The summary in readable lines.
    public let text: String

    /// Summarises an inspection.
    public init(_ inspection: CatalogInspection) {
        let counts = Counts(inspection)
        json = counts.json
        text = counts.lines.visibleLines
    }
}

/// The numbers of both forms.
private struct Counts {
    private let inspection: CatalogInspection
    private let photographs: [Photograph]
    /// The number of photographs of each named animal, ascending.
    private let perAnimal: [Int]
    private let encountersPerAnimal: [Int]
    private let sides: [(width: Int, height: Int)]

    /// The lower bound of each bar of the histogram, in photographs per animal.
    private static let steps = [1, 2, 3, 5, 10, 20, 50, 100]
    /// The number of duplicates named in the text.
    private static let shown = 5
    private static let barWidth = 40

    init(_ inspection: CatalogInspection) {
        self.inspection = inspection
        photographs = inspection.survey.catalog.photographs
        let byAnimal = Dictionary(grouping: photographs.filter { $0.whaleID != nil }) { $0.whaleID }
        perAnimal = byAnimal.values.map(\.count).sorted()
        encountersPerAnimal = byAnimal.values.map { Set($0.compactMap(\.encounterID)).count }
        let stated = photographs.compactMap(\.sides)
        sides = stated.isEmpty ? inspection.opened?.sizes.map { ($0.width, $0.height) } ?? [] : stated
    }

    private var viewpoints: [(name: String, count: Int)] {
        let counts = Dictionary(grouping: photographs) { $0.viewpoint }.mapValues(\.count)
        return Viewpoint.inOrder(Viewpoint.standard + counts.keys).map { ($0.rawValue, counts[$0, default: 0]) }
    }

    private var histogram: [(from: Int, to: Int?, animals: Int)] {
        zip(Self.steps, Self.steps.dropFirst().map { $0 - 1 } + [nil]).map { from, to in
            (from, to, perAnimal.count { $0 >= from && $0 <= to ?? .max })
        }
    }

    private func ids(_ positions: [Int]) -> [String] { positions.map { photographs[$0].id } }

    // MARK: For programs

    var json: JSONValue {
        let dates = photographs.compactMap(\.date)
        func number(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
        func names(_ groups: [[Int]]) -> JSONValue { .array(groups.map { .array(ids($0).map(JSONValue.string)) }) }
        let opened = inspection.opened
        return [
            "layout": .string(inspection.survey.folder.layout.rawValue),
            "photographs": number(photographs.count),
            "unlabelled": number(photographs.count { $0.whaleID == nil }),
            "animals": number(perAnimal.count),
            "encounters": number(Set(photographs.compactMap(\.encounterID)).count),
            "animals_with_one_photograph": number(perAnimal.count { $0 == 1 }),
            "animals_with_one_encounter": number(encountersPerAnimal.count { $0 == 1 }),
            "photographs_per_animal": [
                "median": number(perAnimal.isEmpty ? nil : perAnimal[perAnimal.count / 2]),
                "most": number(perAnimal.last),
                "histogram": .array(
                    histogram.map { ["from": number($0.from), "to": number($0.to), "animals": number($0.animals)] }),
            ],
            "viewpoints": .object(Dictionary(uniqueKeysWithValues: viewpoints.map { ($0.name, number($0.count)) })),
            "boxes": number(photographs.count { $0.box != nil }),
            "boxes_turned": number(photographs.count { $0.theta != 0 }),
            "outlines": number(photographs.count { $0.outline != nil }),
            "boxes_as_displayed": number(opened?.boxes.displayed.count),
            "boxes_assumed_as_stored": number(opened?.boxes.assumed.count),
            "dates": [
                "first": dates.min().map(JSONValue.string) ?? .null,
                "last": dates.max().map(JSONValue.string) ?? .null,
            ],
            "sides": [
                "smallest": number(sides.map { min($0.width, $0.height) }.min()),
                "largest": number(sides.map { max($0.width, $0.height) }.max()),
            ],
            "files": [
                "missing": number(photographs.count - inspection.survey.present.count),
                "broken": number(opened?.broken),
            ],
            "salvaged": .array(
                (opened?.salvaged ?? []).map {
                    ["photograph": .string(photographs[$0.position].id), "lost": .number($0.lost)]
                }),
            "duplicates": opened.map {
                [
                    "exact": names($0.duplicates.exact), "near": $0.duplicates.near.map(names) ?? .null,
                    "turned": .array(
                        $0.duplicates.turned.map { pair in
                            [
                                "photographs": .array(ids([pair.first, pair.second]).map(JSONValue.string)),
                                "change": .string(pair.orientation.change),
                            ]
                        }),
                ]
            }
                ?? .null,
            "scenarios": .array(
                inspection.scenarios.map { scenario in
                    [
                        "id": .string(scenario.id), "queries": number(scenario.queries.count),
                        "database": number(scenario.database.count),
                    ]
                }),
            "passed_over": .array(inspection.survey.notes.map(JSONValue.string)),
            "remarks": .array(inspection.survey.remarks.map(JSONValue.string)),
            "nobody": .object(inspection.survey.nobody.mapValues { .number(Double($0)) }),
            "splits": .object(splits.mapValues { .number(Double($0)) }),
            "warnings_in_all": number(inspection.survey.warnings.count),
            "warnings": .array(inspection.survey.warnings.problems.map(Self.json)),
            "problems_in_all": number(inspection.problems.count),
            // Only the first problems.
            "problems": .array(inspection.problems.problems.map(Self.json)),
        ]
    }

    private static func json(_ problem: FileProblem) -> JSONValue {
        [
            "file": .string(problem.path), "line": problem.line.map { .number(Double($0)) } ?? .null,
            "problem": .string(problem.problem), "remedy": .string(problem.remedy),
        ]
    }

    /// The number of photographs in each part of the data, as the metadata or folders name it.
    private var splits: [String: Int] {
        Dictionary(grouping: photographs.compactMap(\.split)) { $0 }.mapValues(\.count)
    }

    // MARK: For people

    var lines: [String] {
        let labelled = photographs.count { $0.whaleID != nil }
        let dates = photographs.compactMap(\.date)
        let median = perAnimal.isEmpty ? "unknown" : String(perAnimal[perAnimal.count / 2])
        func range<Value: Comparable>(_ values: [Value], _ other: [Value], unit: String) -> String {
            guard let first = values.min(), let last = other.max() else { return "unknown" }
            return "\(first) to \(last)\(unit)"
        }
        let (shorter, longer) = (sides.map { min($0.width, $0.height) }, sides.map { max($0.width, $0.height) })
        var lines = [
            "layout       \(inspection.survey.folder.layout.rawValue)",
            "photographs  \(photographs.count), \(photographs.count - labelled) without whale_id",
            """
            animals      \(perAnimal.count), \(perAnimal.count { $0 == 1 }) with one photograph, median \(median), \
            most \(perAnimal.last.map(String.init) ?? "unknown")
            """,
            """
            encounters   \(Set(photographs.compactMap(\.encounterID)).count), \
            \(encountersPerAnimal.count { $0 == 1 }) animals have only one
            """,
            "viewpoints   \(viewpoints.map { "\($0.name) \($0.count)" }.joined(separator: ", "))",
            "dates        \(range(dates, dates, unit: ""))",
            "sides        \(range(shorter, longer, unit: " pixels"))",
        ]
        let boxes = photographs.count { $0.box != nil }
        let turned = photographs.count { $0.theta != 0 }
        if boxes > 0 {
            lines.append(
                "boxes        \(boxes) photographs are boxes within pictures" + (turned > 0 ? ", \(turned) turned" : "")
            )
        }
        lines += boxLines
        let outlines = photographs.count { $0.outline != nil }
        if outlines > 0 {
            lines.append(
                "outlines     \(outlines) photographs have the animal's outline; --sheet outlines.png draws some")
        }
        if !splits.isEmpty {
            let counts = splits.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append("split        \(counts.listed()), used by split.kind: column")
        }
        if let unnamed = inspection.survey.nobodyNote { lines.append("nobody       \(unnamed)") }
        lines += inspection.survey.notes.map { "ignored      \($0)" }
        lines += inspection.survey.remarks.map { "note         \($0)" }
        lines += inspection.survey.warnings.lines.map { "warning      \($0)" }
        lines += fileLines + scenarioLines + histogramLines
        return lines
    }

    /// The pictures to which the boxes of photographs with an EXIF orientation belong.
    private var boxLines: [String] {
        guard let boxes = inspection.opened?.boxes else { return [] }
        var lines: [String] = []
        if !boxes.displayed.isEmpty {
            lines.append(
                "             \(boxes.displayed.count) of displayed pictures, after EXIF rotation: only these have the "
                    + "stated width and height")
        }
        if !boxes.assumed.isEmpty {
            let names = ids(boxes.assumed).listed(Self.shown)
            lines.append(
                "             \(boxes.assumed.count) assumed to be of stored pictures, before EXIF rotation (\(names)); "
                    + "--sheet boxes.png draws what they crop")
        }
        return lines
    }

    private var fileLines: [String] {
        let missing = photographs.count - inspection.survey.present.count
        guard let opened = inspection.opened else { return ["files        \(missing) missing, none opened"] }
        let exact = opened.duplicates.exact
        let copies = NumberText.counted(exact.map(\.count).reduce(0, +), "photograph", "photographs")
        let groups = NumberText.counted(exact.count, "group", "groups")
        let lines =
            ["files        \(missing) missing, \(opened.broken) broken"] + salvagedLines(opened) + [
                "duplicates   \(copies) in \(groups) of identical files\(example(exact))"
            ]
        guard let near = opened.duplicates.near else { return lines }
        let pairs = NumberText.counted(near.count, "pair", "pairs")
        return lines + [
            "             \(pairs) of near-duplicates, at most \(Duplicates.limit) of 64 bits apart\(example(near))"
        ] + (opened.duplicates.turnedNote(photographs).map { ["             \($0)"] } ?? [])
    }

    private func salvagedLines(_ opened: CatalogInspection.Opened) -> [String] {
        guard !opened.salvaged.isEmpty else { return [] }
        let named = opened.salvaged.prefix(Self.shown).map {
            "\(photographs[$0.position].id) (\(NumberText.percent($0.lost, 0)))"
        }
        let list = (named + (opened.salvaged.count > Self.shown ? ["…"] : [])).joined(separator: ", ")
        let count = opened.salvaged.count
        return ["             \(count) cut short and filled with grey, with their missing shares: \(list)"]
    }

    private func example(_ groups: [[Int]]) -> String {
        guard !groups.isEmpty else { return "" }
        let named = groups.prefix(Self.shown).map { ids($0).joined(separator: " = ") }
        return ": " + (named + (groups.count > Self.shown ? ["…"] : [])).joined(separator: ", ")
    }

    private var scenarioLines: [String] {
        if inspection.scenarios.isEmpty { return ["scenarios    none; they are built from the metadata"] }
        return inspection.scenarios.enumerated().map { position, scenario in
            let counts = "\(scenario.queries.count) queries, database \(scenario.database.count)"
            return "\(position == 0 ? "scenarios   " : "            ") \(scenario.id): \(counts)"
        }
    }

    private var histogramLines: [String] {
        guard let most = histogram.map(\.animals).max(), most > 0 else { return [] }
        let rows = histogram.map { bar -> (name: String, animals: Int) in
            let name =
                bar.to == nil ? "\(bar.from)+" : bar.to == bar.from ? "\(bar.from)" : "\(bar.from)–\(bar.to ?? 0)"
            return (name, bar.animals)
        }
        let (wide, wider) = (rows.map(\.name.count).max() ?? 0, rows.map { String($0.animals).count }.max() ?? 0)
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: width - text.count) + text
        }
        return ["", "photographs per animal, and the number of animals"]
            + rows.map { name, animals in
                let bar = String(repeating: "#", count: (animals * Self.barWidth + most - 1) / most)
                return "\(padded(name, wide))  \(padded(String(animals), wider))\(bar.isEmpty ? "" : "  \(bar)")"
            }
    }
}

extension Duplicates {
    /// The number of pairs named in a note.
    private static let shown = 5

    /// The mirrored and turned near-duplicates, for people; nil if there are none.
    func turnedNote(_ photographs: [Photograph]) -> String? {
        guard !turned.isEmpty else { return nil }
        let named = turned.prefix(Self.shown).map {
            "\(photographs[$0.first].id) = \(photographs[$0.second].id) (\($0.orientation.change))"
        }
        let pairs = NumberText.counted(turned.count, "pair", "pairs")
        let list = (named + (turned.count > Self.shown ? ["…"] : [])).joined(separator: ", ")
        return "\(pairs) of mirrored or turned near-duplicates: \(list)"
    }
}

extension Orientation {
    /// What happens to a picture that is turned by this orientation.
    fileprivate var change: String {
        switch self {
        case .upright: "unchanged"
        case .mirrored: "mirrored"
        case .upsideDown: "turned by 180°"
        case .mirroredUpsideDown: "mirrored top to bottom"
        case .transposed, .transverse: "mirrored and turned by 90°"
        case .turnedLeft: "turned by 90° clockwise"
        case .turnedRight: "turned by 90° anticlockwise"
        }
    }
}
