import Algorithms
import ArgumentParser
import Basics
import Catalog
import Configuration
import Drawing
import Foundation
import Reports
import Results
import Workflow

/// The documents to render, and their parameters.
struct DocumentOptions: ParsableArguments {
    @Argument(help: "The documents; by default reports/*.book.md.") var documents: [String] = []
    @Option(
        name: .customShort("P"), parsing: .singleValue,
        help: ArgumentHelp("Another value for a parameter of the documents.", valueName: "name=value"),
        transform: DocumentOptions.parameter)
    var parameters: [(name: String, value: String)] = []

    /// The documents' files.
    func files(_ layout: ProjectLayout) throws -> [URL] {
        try documents.isEmpty ? layout.documents() : documents.map { UserPath.url($0) }
    }

    /// Renders from existing results; `rendered` is called with each document as soon as it is written.
    ///
    /// `folder` receives all outputs; nil writes them next to each document. `ran` has the nodes that ran just now; nil
    /// if nothing was run.
    func render(
        _ project: Project, formats: [FrontMatter.Format], to folder: URL?, ran: [Node]? = nil,
        rendered: (RenderResult) -> Void
    ) async throws {
        let layout = ProjectLayout(of: project.configuration.root, executable: Installation.executable)
        let inputs = try await project.reportInputs(
            command: Installation.command, layout: layout,
            versions: Canvas.versions.merging(["whalebook": Installation.version]) { $1 }, ran: ran)
        for line in inputs.damage { Terminal.report(line) }
        let request = RenderRequest(
            documents: try files(layout), formats: formats,
            parameters: Dictionary(parameters.map { ($0.name, $0.value) }) { $1 }, outputDirectory: folder)
        try request.render(inputs, rendered: rendered)
    }

    private static func parameter(_ text: String) throws -> (name: String, value: String) {
        guard let separator = text.firstIndex(of: "=") else {
            throw ValidationError("\(quoted: "-P \(text)") has no value. Write -P name=value, such as -P k=10.")
        }
        return (String(text[..<separator]), String(text[text.index(after: separator)...]))
    }
}

extension RenderResult {
    /// How many different errors are printed.
    private static let shown = 10

    /// Prints the document's errors and stale results to standard error.
    func reportFlaws() {
        // One missing result can cause seventy equal errors: each is printed once.
        let first = errors.uniqued(on: \.message)
        for error in first.prefix(Self.shown) {
            let others = errors.count { $0.message == error.message } - 1
            Terminal.report("\(error)" + (others > 0 ? " (and in \(others) more places)" : ""))
        }
        if first.count > Self.shown {
            Terminal.report("… and \(first.count - Self.shown) other errors; the document shows each in its place")
        }
        for gap in gaps.map(\.description).firstLines { Terminal.report(gap) }
        if staleCells > 0 { Terminal.report("The document marks its stale results; 'whalebook status' says why.") }
    }
}

/// The layout of a folder given by its path.
struct LayoutOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder's layout; by default derived from its files.", valueName: "layout"))
    var layout: Layout?
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A folder outside that links in the folder may lead to.", valueName: "dir"))
    var links: [String] = []
    @Option(
        help: ArgumentHelp(
            "What happens to a JPEG file that ends early: off (the default) refuses it, grey fills the missing part.",
            valueName: "off|grey"))
    var salvage: Salvage?

    /// The folder and the links' places by their absolute paths, the layout, and what happens to truncated files.
    func settings(of folder: String) -> DataSettings {
        DataSettings(
            folder: UserPath.url(folder).path, layout: layout, links: links.map { UserPath.url($0).path },
            salvage: salvage ?? .off)
    }
}

extension Layout: ExpressibleByArgument {}
extension Salvage: ExpressibleByArgument {}

/// How much a run prints to standard error; the store's log always has everything.
struct LoudnessOptions: ParsableArguments {
    @Flag(help: "Print a line now and then instead of a bar, also on a terminal.") var plain = false
    @Flag(name: .shortAndLong, help: "Print only errors.") var quiet = false

    var verbosity: TerminalObserver.Verbosity { quiet ? .quiet : plain ? .plain : .normal }
}

/// Checks that the number of an option is within its limits.
func require<Number: Comparable>(_ number: Number, in range: ClosedRange<Number>, _ option: String) throws {
    guard range.contains(number) else {
        throw ValidationError("\(option) \(number) is not within \(range.lowerBound) to \(range.upperBound).")
    }
}

/// The project's configuration file.
struct ProjectOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = "whalebook.yaml"

    @Flag(help: "Leave out unreadable photographs, as 'skip-broken: true' in the configuration does.")
    var skipBroken = false

    /// Reads the configuration, with `--set` applied, and prints which of its options then have no effect.
    func project(settings: [String] = [], crew: Crew = .alone) throws -> Project {
        let url = UserPath.url(config)
        let configuration = try Configuration.read(
            url, overrides: settings + (skipBroken ? ["skip-broken=true"] : []))
        for note in configuration.notes.map(\.description).firstLines { Terminal.report(note) }
        var worker = Installation.worker
        worker.crew = crew
        return try Project(configuration, worker: worker, settings: settings)
    }
}

/// The documents to render, the formats, and the folder to write to.
struct RenderOptions: ParsableArguments {
    @OptionGroup var selection: DocumentOptions
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The formats, separated by commas: gfm, html, text.", valueName: "formats"),
        transform: RenderOptions.formats)
    var formats: [FrontMatter.Format] = []
    @Option(help: ArgumentHelp("The folder to write to; by default each document's.", valueName: "dir"))
    var outputDir: String?
    @Option(
        help: ArgumentHelp(
            "Also copy the results' small files to this folder, for 'verify' on other machines.", valueName: "dir"))
    var reference: String?
    @Flag(help: "Accept stale results: they are marked, but the exit code is 0.") var allowStale = false

    /// Renders, and prints the written files to standard output and the errors to standard error.
    ///
    /// `ran` has the nodes that ran just now; nil if nothing was run.
    func render(_ project: Project, ran: [Node]? = nil) async throws {
        var isFlawed = false
        var used: [ReportNode] = []
        try await selection.render(
            project, formats: formats, to: outputDir.map { UserPath.url($0) }, ran: ran
        ) { result in
            used += result.results
            for output in result.outputs {
                Terminal.print(Installation.shortened(output))
                if output.pathExtension == "html",
                    let weight = result.pageWeight?.sentence(output.lastPathComponent)
                {
                    Terminal.report(weight)
                }
            }
            result.reportFlaws()
            isFlawed = isFlawed || !result.errors.isEmpty || (result.staleCells > 0 && !allowStale)
        }
        if let reference { try ReferenceFolder(UserPath.url(reference)).keep(used) }
        if isFlawed { throw FailureCode.flawed }
    }

    /// The folder of the reports: the named one, else the first document's; nil without a document.
    func folder(_ project: Project) throws -> URL? {
        if let outputDir { return UserPath.url(outputDir) }
        let layout = ProjectLayout(of: project.configuration.root, executable: Installation.executable)
        return try selection.files(layout).first?.deletingLastPathComponent()
    }

    private static func formats(_ text: String) throws -> [FrontMatter.Format] {
        try text.split(separator: ",").map { name in
            guard let format = FrontMatter.Format(rawValue: String(name)) else {
                let known = FrontMatter.Format.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no format \(quoted: name). Formats are: \(known).")
            }
            return format
        }
    }
}

/// A backbone that is used as it is published.
struct BackboneOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The backbone's name in timm, or a published model: hf-hub:OWNER/NAME, or its folder.", valueName: "name"))
    var backbone: String?
    @Option(
        help: ArgumentHelp(
            "Its weights: a safetensors file, a checkpoint of PyTorch, or hf-hub:timm/NAME.", valueName: "file"))
    var weights: String?
}
