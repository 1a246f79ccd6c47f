import Algorithms
import Basics
import Catalog
import Drawing
import Evaluation
import Figures
import Options
import Results

struct EmbeddingMapCell: CellKind {
    static let name = "embedding-map"
    static let summary = """
        The photographs on a plane; those that the network finds similar are close together. A sentence says how often the \
        nearest photograph of another encounter shows the same animal.
        """
    static let stages: [StageName] = [.search, .reduce, .evaluate]

    @Option("How embeddings become points: by t-SNE, or by their first two principal components.")
    var method = Method.tsne
    @Option("What colours and marks distinguish.")
    var color = Color.animal
    @Option("The animals to highlight; by default `select` and `count` choose them.")
    var animals = OneOrMany<String>()
    @Option("Which animals are highlighted: those with the most photographs, or those that are found worst.")
    var select = Selection.largest
    @Option("The number of animals to highlight.", in: 1...most)
    var count = 10

    /// The ways to make points of embeddings.
    enum Method: String, OptionChoice { case tsne, pca }
    /// What colours and marks may distinguish.
    enum Color: String, OptionChoice { case animal, viewpoint }
    /// The ways to choose animals.
    enum Selection: String, OptionChoice { case largest, worst }
    /// The number of distinct pairs of colour and mark.
    private static let most = 56

    func content(_ context: CellContext) throws -> CellContent {
        if context.artefacts.isLeftOut(.reduce) { return CellContent(notes: [Self.absence]) }
        var content = CellContent()
        let node = try context.node(.reduce, noting: &content)
        let map = try context.artefacts.read(ReduceFiles.map, of: node)
        guard !map.rows.isEmpty else {
            content.notes.append("There are too few photographs for a map.")
            return content
        }
        let summary = try context.artefacts.read(ReduceFiles.summary, of: node)
        let groups =
            color == .animal
            ? try byAnimal(map, context) : byViewpoint(map, try context.artefacts.catalog())
        let titles = method == .pca ? Self.titles(summary) : nil
        let place = { (row: EmbeddingMap.Row) in method == .pca ? row.components : row.neighbourhood }
        let options = context.cell.options
        let chart = ScatterChart(
            horizontal: titles?.horizontal, vertical: titles?.vertical,
            groups: groups.map { group in
                ScatterChart.Group(
                    name: group.name, points: group.rows.map { Point(place($0).x, place($0).y) },
                    ids: group.rows.map(\.imageID), isBackground: group.isBackground)
            }, size: options.figureSize(height: 5.5))
        content.parts = [
            .figure(FigurePart(figure: chart, format: .png, table: Self.table(groups, map, place: place)))
        ]
        content.values = [
            "photographs": .number(Double(map.rows.count)),
            "shown": .number(Double(groups.count { !$0.isBackground })),
            "perplexity": summary.perplexity.map(JSONValue.number) ?? .null,
        ]
        content.notes += [
            try Self.recognition(context), try Self.mixture(map, in: context.artefacts.catalog(), place: place),
        ].compactMap(\.self)
        content.contract = Self.contract(summary, method: method)
        return content
    }

    // MARK: Groups

    /// Photographs that are drawn alike.
    private struct Group {
        let name: String
        let rows: [EmbeddingMap.Row]
        var isBackground = false
    }

    /// Some animals, with all others as background.
    private func byAnimal(_ map: EmbeddingMap, _ context: CellContext) throws -> [Group] {
        let catalog = try context.artefacts.catalog()
        let animals = Dictionary(grouping: map.rows) { catalog[$0.imageID]?.whaleID ?? "" }
        let chosen = try chosen(animals.mapValues(\.count), context)
        let shown = chosen.map { Group(name: $0, rows: animals[$0] ?? []) }
        let rest = map.rows.filter { row in !chosen.contains(catalog[row.imageID]?.whaleID ?? "") }
        return rest.isEmpty ? shown : shown + [Group(name: "others", rows: rest, isBackground: true)]
    }

    /// The names of the highlighted animals.
    private func chosen(_ counts: [String: Int], _ context: CellContext) throws -> [String] {
        let known = counts.keys.filter { !$0.isEmpty }.sorted()
        let wanted = animals.values
        if let unknown = wanted.first(where: { counts[$0] == nil }) {
            throw ValueError(
                "no photograph on the map shows \(quoted: unknown)",
                ProblemCollector.remedy(for: unknown, known: Array(known.prefix(40))))
        }
        guard wanted.count <= Self.most else {
            throw ValueError(
                "'animals' names \(wanted.count) animals",
                "Name at most \(Self.most): there are no more distinct colours and marks.")
        }
        guard wanted.isEmpty else { return Array(wanted.uniqued()) }
        if select == .largest {
            return Array(known.sorted { (-(counts[$0] ?? 0), $0) < (-(counts[$1] ?? 0), $1) }.prefix(count))
        }
        let scores = WhaleScore.sorted(WhaleScore.scores(of: try context.evaluation().queries), by: .worst)
        return scores.filter { $0.mean != nil && counts[$0.id] != nil }.prefix(count).map(\.id)
    }

    private func byViewpoint(_ map: EmbeddingMap, _ catalog: Catalog) -> [Group] {
        Dictionary(grouping: map.rows) { catalog[$0.imageID]?.viewpoint.rawValue ?? "not in the catalogue" }
            .sorted { $0.key < $1.key }.map { Group(name: $0.key, rows: $0.value) }
    }

    // MARK: Words

    /// How often the nearest photograph of another encounter, in all dimensions, shows the same animal; nil if the search
    /// did not count it.
    private static func recognition(_ context: CellContext) throws -> String? {
        let summary = try context.nodeIfPresent(.search).flatMap {
            try context.artefacts.readIfPresent(SearchFiles.suspectSummary, of: $0)
        }
        guard let summary, summary.asked > 0 else { return nil }
        let views = Viewpoint.inOrder((summary.views ?? [:]).keys.map { Viewpoint($0) }).compactMap { view in
            summary.views?[view.rawValue].map {
                "\(NumberText.percent($0.top1, 0)) of \($0.asked) \(view.rawValue) views"
            }
        }
        let photographs = NumberText.counted(summary.asked, "photograph", "photographs")
        let which = summary.includesTrained ? photographs : "\(photographs) that did not train the network"
        return
            "For \(NumberText.percent(summary.top1, 0)) of \(which), the most similar photograph of another encounter "
            + "shows the same animal\(views.count > 1 ? ": \(views.joined(separator: ", "))" : "")."
    }

    /// Which animals are most often next to each other on the map; nil if none are more than once.
    private static func mixture(
        _ map: EmbeddingMap, in catalog: Catalog, place: (EmbeddingMap.Row) -> SIMD2<Double>
    ) -> String? {
        let names = map.rows.map { catalog[$0.imageID]?.whaleID }
        let pairs = zip(names, map.neighbours(by: place)).compactMap { own, near -> [String]? in
            guard let own, let other = near.flatMap({ names[$0] }), own != other else { return nil }
            return [own, other].sorted()
        }
        let closest = Dictionary(grouping: pairs) { $0 }.mapValues(\.count)
            .sorted { (-$0.value, $0.key[0], $0.key[1]) < (-$1.value, $1.key[0], $1.key[1]) }.prefix(3)
            .filter { $0.value > 1 }.map { "\($0.key[0]) and \($0.key[1]) (\($0.value) photographs)" }
        return closest.isEmpty ? nil : "Most often next to each other on the map: \(closest.joined(separator: ", "))."
    }

    /// How many photographs of each group have their nearest neighbour on the map in the same group.
    private static func table(
        _ groups: [Group], _ map: EmbeddingMap, place: (EmbeddingMap.Row) -> SIMD2<Double>
    ) -> Table {
        let numbers = Dictionary(
            groups.enumerated().flatMap { number, group in group.rows.map { ($0.imageID, number) } },
            uniquingKeysWith: { first, _ in first })
        let agreeing = map.agreement(by: place) { numbers[$0.imageID] ?? -1 }
        return Table(
            columns: [
                .init("Group"), .init("Photographs", .right), .init("Nearest neighbour in the group", .right),
            ],
            rows: groups.enumerated().map { number, group in
                [
                    .text(group.name), .text(NumberText.thousands(Double(group.rows.count))),
                    .text(NumberText.thousands(Double(agreeing[number] ?? 0))),
                ]
            })
    }

    private static func titles(_ summary: ReduceSummary) -> (horizontal: String, vertical: String) {
        let shares = summary.variance ?? []
        func title(_ name: String, _ index: Int) -> String {
            shares.indices.contains(index)
                ? "\(name) principal component (\(NumberText.percent(shares[index])) of the variance)"
                : "\(name) principal component"
        }
        return (title("first", 0), title("second", 1))
    }

    private static func contract(_ summary: ReduceSummary, method: Method) -> String {
        let drawn =
            summary.photographs < summary.of
            ? "a random \(NumberText.thousands(Double(summary.photographs))) of \(NumberText.thousands(Double(summary.of))) photographs"
            : "all photographs"
        guard method == .tsne else { return "The first two principal components of the embeddings of \(drawn)." }
        let numbers = [
            ("perplexity", summary.perplexity), ("steps", Double(summary.steps)),
            ("final divergence", summary.divergence),
        ].map { title, number in
            "\(title) \(number.map { NumberText.fixed($0, $0 == $0.rounded() ? 0 : 3) } ?? "unknown")"
        }
        return
            "Each photograph is a vector of numbers that the network computes, its embedding; t-SNE draws similar vectors "
            + "close together. Exact t-SNE of \(drawn): \(numbers.joined(separator: ", ")). Points close together "
            + "are close in the embedding; directions, long distances and group sizes have no meaning."
    }

    private static let absence = "There is no map of the embeddings: 'reduce.photographs' is 0."
}
