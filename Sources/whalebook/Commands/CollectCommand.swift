import ArgumentParser
import Basics
import Workflow

struct CollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Removes results that are no longer needed.",
        discussion: """
            Keeps the results of the present configuration, of the current and the previous run and of every tagged \
            run, and those that a killed or failed run had finished. Leaves files that Whalebook did not write.
            """)

    @OptionGroup var options: ProjectOptions
    @Flag(help: "List what would be removed, and remove nothing.") var dryRun = false

    func run() throws {
        let store = try options.project().store
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        let collection = try GarbageCollection(store)
        for item in collection.items {
            Terminal.print("\(Installation.shortened(item.url))  \(NumberText.bytes(Double(item.bytes)))")
        }
        if !dryRun { try collection.collect() }
        Terminal.report(
            """
            \(dryRun ? "would free" : "freed") \(NumberText.bytes(Double(collection.bytes))) in \
            \(NumberText.counted(collection.items.count, "result", "results")); kept \(collection.kept)
            """)
        if let first = collection.foreign.first {
            Terminal.report(
                """
                left \(NumberText.counted(collection.foreign.count, "file or folder", "files or folders")) that \
                Whalebook did not write, such as \(Installation.shortened(first))
                """)
        }
    }
}
