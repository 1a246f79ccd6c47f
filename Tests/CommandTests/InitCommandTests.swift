import Basics
import Foundation
import Testing

/// A folder for each animal, from the first command to the first match.
struct InitCommandTests {
    /// Thirty animals with two days each, from the pod's pictures.
    private func folder(_ shell: Shell) throws {
        let pod = try Shell.project()
        defer { pod.remove() }
        let pictures = try pod.contents("pod/images")
        for animal in 0..<30 {
            for day in 1...2 {
                let picture = pod.folder.appending(path: "pod/images/\(pictures[(2 * animal + day) % pictures.count])")
                let place = shell.folder.appending(path: "herd/A\(animal)/2020-01-0\(day)/\(animal)_left.jpg")
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try FileManager.default.copyItem(at: picture, to: place)
            }
        }
    }

    /// A network that was trained for two epochs.
    private func writeWeights(to shell: Shell) throws {
        let project = try Shell.project()
        defer { project.remove() }
        let run = try project.whalebook("run", "train")
        #expect(run.status == 0, "\(run.errors)")
        let model = try project.whalebook("path", "model")
        let place = project.folder.appending(path: String(model.output.dropLast()))
        let file = try Data(contentsOf: place.appending(path: "model.safetensors"))
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONValue(parsing: file.dropFirst(8).prefix(length))
        // With timm's names, like published weights.
        var entries: [String: JSONValue] = [:]
        var values = Data()
        for (name, entry) in try #require(header.object) where name.hasPrefix("backbone.") {
            let range = try #require(entry["data_offsets"]?.numbers).map { 8 + length + Int($0) }
            let start = values.count
            values += file[range[0]..<range[1]]
            entries[String(name.dropFirst("backbone.".count))] = [
                "dtype": entry["dtype"] ?? .null, "shape": entry["shape"] ?? .null,
                "data_offsets": .array([.number(Double(start)), .number(Double(values.count))]),
            ]
        }
        var text = Data(JSONValue.object(entries).canonicalText.utf8)
        text += Data(repeating: UInt8(ascii: " "), count: 7 - (text.count + 7) % 8)
        let size = Data((0..<8).map { UInt8(text.count >> (8 * $0) & 0xFF) })
        try AtomicFile.write(size + text + values, to: shell.folder.appending(path: "weights.safetensors"))
    }

    @Test func `Without training three commands lead to a match`() throws {
        let shell = try Shell()
        defer { shell.remove() }
        try folder(shell)
        let bare = try shell.whalebook("init", "herd", "--weights", "none", "--no-training")
        #expect(bare.status == 1 && bare.errors.contains("random weights cannot distinguish animals"), "\(bare.errors)")
        #expect(!shell.exists("whalebook.yaml"))

        try writeWeights(to: shell)
        let setup = try shell.whalebook("init", "herd", "--weights", "weights.safetensors", "--no-training")
        #expect(setup.status == 0, "\(setup.errors)")
        #expect(setup.output.hasSuffix("Next: whalebook report\n"), "\(setup.output)")
        #expect(!setup.output.contains("estimate"))
        #expect(shell.exists("whalebook.yaml") && shell.exists("reports/failures.book.md"))

        let report = try shell.whalebook("report")
        #expect(report.status == 0, "\(report.errors)")
        #expect(shell.exists("reports/write-up.md"))
        let answer = try shell.whalebook("identify", "herd/A3/2020-01-01/3_left.jpg", "--json")
        #expect(answer.status == 0, "\(answer.errors)")
        let candidates = try JSONValue(parsing: Data(answer.output.utf8))[path: "photographs.0.candidates"]?.array
        #expect(candidates?.isEmpty == false)
    }

    @Test func `init estimates the training, and a second init changes nothing`() throws {
        let shell = try Shell()
        defer { shell.remove() }
        try folder(shell)
        let setup = try shell.whalebook("init", "herd", "--weights", "none")
        #expect(setup.status == 0, "\(setup.errors)")
        let estimate = try #require(setup.output.split(separator: "\n").first { $0.hasPrefix("estimate    About ") })
        #expect(estimate.contains(" in all, from a few batches of each member, timed here"))
        let configuration = try shell.read("whalebook.yaml")
        #expect(configuration.contains("schedule: {epochs:"))

        let again = try shell.whalebook("init", "herd", "--weights", "none")
        #expect(again.status == 0 && again.output.contains("nothing: every file exists"), "\(again.output)")
        #expect(again.errors.contains("whalebook.yaml exists and is not changed"))
        #expect(try shell.read("whalebook.yaml") == configuration)
    }
}
