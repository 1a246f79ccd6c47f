import Foundation
import Testing

/// Bad input: an error with the problem, the place and the remedy, and no partial files.
struct RefusalTests {
    /// A change to a small project, the command to run, and the expected error.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let command: [String]
        var status: Int32 = 1
        let says: [String]
        let change: @Sendable (Shell) throws -> Void
    }

    private static func replacing(_ old: String, with new: String) -> @Sendable (Shell) throws -> Void {
        { shell in
            let text = try shell.read("pod/metadata.csv")
            try shell.write(text.replacing(old, with: new), to: "pod/metadata.csv")
        }
    }

    static let cases = [
        Case(
            testDescription: "a missing image", command: ["run", "split"],
            says: ["metadata.csv:", "images/train0003.jpg", "is missing", "remove the row"],
            change: { try FileManager.default.removeItem(at: $0.folder.appending(path: "pod/images/train0003.jpg")) }),
        Case(
            testDescription: "a truncated photograph", command: ["run"], status: 3,
            says: ["train0003.jpg", "cut short"],
            change: { shell in
                let url = shell.folder.appending(path: "pod/images/train0003.jpg")
                try Data(contentsOf: url).prefix(600).write(to: url)
            }),
        Case(
            testDescription: "a row without whale_id", command: ["run", "split"], status: 3,
            says: ["metadata.csv: no animal for 1 of", "Name the animals"],
            change: { shell in
                let text = try shell.read("pod/metadata.csv")
                let unnamed = text.replacing(#/,[^,\n]*(,[^,\n]*\n)$/#) { ",\($0.1)" }
                try shell.write(unnamed, to: "pod/metadata.csv")
            }),
        Case(
            testDescription: "a duplicate image_id", command: ["run", "split"], status: 3,
            says: ["metadata.csv:", "image_id 'train0001' already occurs on line"],
            change: replacing("train0002,images/train0002.jpg", with: "train0001,images/train0002.jpg")),
        Case(
            testDescription: "an unknown viewpoint", command: ["catalog", "pod"],
            says: ["metadata.csv:", "unknown viewpoint 'topp'", "Did you mean 'top'?"],
            change: replacing(",top,", with: ",topp,")),
        Case(
            testDescription: "an unknown key in whalebook.yaml", command: ["status"],
            says: ["whalebook.yaml:1: unknown option 'sedes'", "Did you mean 'seeds'?"],
            change: { try $0.write("sedes: [1]\n", to: "whalebook.yaml") }),
        Case(
            testDescription: "an unknown key in a document", command: ["render", "reports/trial.book.md"], status: 4,
            says: ["trial.book.md:2: unknown front matter key 'titel'", "Did you mean 'title'?"],
            change: { try $0.write("---\ntitel: x\n---\nText\n", to: "reports/trial.book.md") }),
        Case(
            testDescription: "an unknown stage", command: ["run", "tarin"],
            says: ["There is no stage 'tarin'", "Did you mean 'train'?"], change: { _ in }),
        Case(
            testDescription: "a folder in the place of a file", command: ["score", "pod", "pod/labels.csv"],
            says: ["/pod: it is a folder"], change: { _ in }),
        Case(
            testDescription: "a sample in a folder of something else", command: ["sample", "reports"],
            says: ["reports", "nothing was changed"], change: { _ in }),
        Case(
            testDescription: "a wrong option", command: ["run", "--froce"], status: 64,
            says: ["--froce"], change: { _ in }),
    ]

    @Test(arguments: cases)
    func `Bad input is refused with the problem, the place and the remedy`(_ refusal: Case) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try refusal.change(shell)
        let result = try shell.whalebook(arguments: refusal.command)
        #expect(result.status == refusal.status, "\(result.errors)")
        for words in refusal.says { #expect(result.errors.contains(words), "\(result.errors)") }
        #expect(!result.errors.contains("Fatal error"))
        #expect(!shell.exists(".whalebook/cache/train") || refusal.status == 3)
    }

    @Test func `A folder that cannot be written to is named`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        // A file in the place of a folder: even root cannot write into it.
        try shell.write("x", to: "taken")
        for command in [
            ["sample", "taken/pod"], ["render", "reports/trial.book.md", "--output-dir", "taken/out"],
            ["embed", "--data", "pod", "--checkpoint", "pod", "--output", "taken/e.npy"],
        ] {
            let result = try shell.whalebook(arguments: command)
            #expect(result.status == 1, "\(command): \(result.errors)")
            #expect(result.errors.contains("Cannot write") && result.errors.contains("taken"), "\(result.errors)")
        }
        #expect(try shell.read("taken") == "x")
    }
}
