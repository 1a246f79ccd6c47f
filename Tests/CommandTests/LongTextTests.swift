import Basics
import Foundation
import Testing

/// Values of a megabyte and more wherever a command reads one: the error must still be short.
struct LongTextTests {
    /// A change to a small project, and the command to run.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let command: [String]
        var status: Int32 = 1
        var change: @Sendable (Shell) throws -> Void = { _ in }
    }

    private static let long = String(repeating: "x", count: 3_000_000)
    /// The longest argument that the system accepts.
    private static let argument = String(repeating: "x", count: 120_000)

    /// Replaces all matches of a pattern in a file.
    private static func replacing(_ path: String, _ old: String, with new: String) -> @Sendable (Shell) throws -> Void {
        { shell in
            let text = try shell.read(path)
            let changed = text.replacing(old, with: new)
            #expect(changed != text, "\(path) was changed")
            try shell.write(changed, to: path)
        }
    }

    /// Renders, changes the record and verifies.
    private static func record(_ old: String, with new: String) -> @Sendable (Shell) throws -> Void {
        { shell in
            try shell.writeEmbeddings(to: "e.npy")
            #expect(try shell.whalebook("import", "e.npy").status == 0)
            #expect(try shell.whalebook("report").status == 0)
            try replacing("reports/trial_files/record.json", old, with: new)(shell)
        }
    }

    static let cases: [Case] = [
        .init(testDescription: "a header of quotes", command: ["catalog", "pod"]) {
            try $0.write("\"" + String(repeating: "\"", count: 3_000_000) + "\"\n", to: "pod/metadata.csv")
        },
        .init(testDescription: "a header of quotes that never close", command: ["catalog", "pod"]) {
            try $0.write(
                "image_id,path,\"" + String(repeating: "\"\"", count: 1_500_000) + "\n", to: "pod/metadata.csv")
        },
        .init(testDescription: "a column twice", command: ["catalog", "pod"]) {
            try $0.write("\(long),\(long)\n", to: "pod/metadata.csv")
        },
        .init(
            testDescription: "a date", command: ["catalog", "pod"],
            change: replacing("pod/metadata.csv", ",20", with: ",\(argument)20")),
        .init(
            testDescription: "an image's path", command: ["catalog", "pod"],
            change: replacing("pod/metadata.csv", "images/train0003.jpg", with: "images/\(long).jpg")),
        .init(
            testDescription: "an image's id", command: ["catalog", "pod"],
            change: replacing("pod/metadata.csv", "\ntrain0002,", with: "\n\(long),images/train0002.jpg\n\(long),")),
        .init(
            testDescription: "the image of a run", command: ["run", "split"],
            change: replacing("pod/metadata.csv", "images/train0003.jpg", with: "images/\(long).jpg")),
        .init(
            testDescription: "a suspect's decision", command: ["catalog", "pod", "--apply", "s.csv", "--output", "new"]
        ) {
            try $0.write(
                "kind,whale_id,other_whale_id,image_ids,score,evidence,decision\n"
                    + "split,w,v,i,0.5,e,\(long)\n", to: "s.csv")
        },
        .init(testDescription: "a suspect", command: ["catalog", "pod", "--apply", "s.csv", "--output", "new"]) {
            try $0.write(
                "kind,whale_id,other_whale_id,image_ids,score,evidence,decision\n"
                    + "split,\(long),\(long),\(long),0.5,\(long),accept\n", to: "s.csv")
        },
        .init(testDescription: "an option's name", command: ["run", "--set", "train.\(argument)=1"]),
        .init(testDescription: "an option's value", command: ["run", "--set", "train.schedule.epochs=\(argument)"]),
        .init(testDescription: "a --set without a value", command: ["run", "--set", argument]),
        .init(
            testDescription: "an option of the command", command: ["run", "--\(argument)"], status: 64),
        .init(testDescription: "a command", command: [argument], status: 64),
        .init(testDescription: "a stage", command: ["run", argument]),
        .init(testDescription: "a run", command: ["compare", argument, argument]),
        .init(testDescription: "a tag", command: ["run", "--tag", argument + "!"]),
        .init(testDescription: "a file's name", command: ["catalog", argument]),
        .init(
            testDescription: "a step of expansion",
            command: ["search", "--embeddings", "e.npy", "--data", "pod", "--output", "s.csv", "--expand", argument]),
        .init(testDescription: "a format", command: ["render", "--to", argument], status: 64),
        .init(testDescription: "a parameter", command: ["render", "-P", "\(argument)=1"]),
        .init(testDescription: "a key of the configuration", command: ["status"]) {
            try $0.write("\(String(repeating: "x", count: 900_000)): 1\n", to: "whalebook.yaml")
        },
        .init(testDescription: "a value of the configuration", command: ["status"]) {
            try $0.write("device: \(String(repeating: "x", count: 900_000))\n", to: "whalebook.yaml")
        },
        .init(testDescription: "a folder of the configuration", command: ["status"]) {
            try $0.write("data: \(String(repeating: "x", count: 900_000))\n", to: "whalebook.yaml")
        },
        .init(testDescription: "a member of the configuration", command: ["status"]) {
            try $0.write(
                "data: pod\ntrain: {members: [{name: \(String(repeating: "x", count: 900_000)), backbone: b}], "
                    + "batch-size: 0}\n", to: "whalebook.yaml")
        },
        .init(testDescription: "scores", command: ["score", "s.csv", "pod/labels.csv"]) {
            try $0.write("query_id,database_image_id,score\n\(long),\(long),\(long)\n", to: "s.csv")
        },
        .init(testDescription: "scores under scrutiny", command: ["score", "--strict", "s.csv", "pod/labels.csv"]) {
            try $0.write("query_id,database_image_id,score\n\(long),\(long),0.5\n", to: "s.csv")
        },
        .init(testDescription: "a document's key", command: ["render", "reports/trial.book.md"], status: 4) {
            try $0.write("---\n\(long.prefix(900_000)): x\n---\nText\n", to: "reports/trial.book.md")
        },
        .init(testDescription: "a document's cell", command: ["render", "reports/trial.book.md"], status: 4) {
            let long = long.prefix(400_000)
            try $0.write("```{\(long)}\n#| label: \(long)\n\(long): \(long)\n```\n", to: "reports/trial.book.md")
        },
        .init(testDescription: "a document's value", command: ["render", "reports/trial.book.md"], status: 4) {
            try $0.write(
                "`{wb} config.\(long.prefix(900))` and @fig-\(long.prefix(900_000))\n", to: "reports/trial.book.md")
        },
        .init(
            testDescription: "a stage of a record", command: ["verify"], status: 1,
            change: record("\"evaluate\"", with: "\"\(long)\"")),
        .init(
            testDescription: "a figure of a record", command: ["verify"], status: 2,
            change: record(
                "trial_files/figure-gfm/fig-map-1.svg", with: "trial_files/\(String(repeating: "y/", count: 500_000))y")
        ),
        .init(
            testDescription: "a run of a record", command: ["verify"], status: 1,
            change: record("\"outcome\": \"finished\"", with: "\"outcome\": \"\(long)\"")),
    ]

    @Test(arguments: cases)
    func `Quoted values are shortened`(_ hostile: Case) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try hostile.change(shell)
        let result = try shell.whalebook(arguments: hostile.command)
        #expect(result.status == hostile.status, "\(result.errors.prefix(2000))")
        // The findings of verify are on standard output.
        let told = result.errors + (hostile.command == ["verify"] ? result.output : "")
        #expect(!told.isEmpty && told.utf8.count < 12_000, "\(told.utf8.count): \(told.prefix(2000))")
        #expect(!told.contains("Fatal error"))
    }
}
