import ArgumentParser
import Basics
import Workflow

struct CollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Removes results that no run worth keeping needs.",
        discussion: """
            Kept: the present state, the current and the previous run, every run with a tag, and what a run that was \
            killed or failed had finished. Files that whalebook did not make stay where they are.
            """)

    @OptionGroup var options: ProjectOptions
    @Flag(help: "Only say what would go.") var dryRun = false

    func run() throws {
        let store = try options.project().store
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        let collection = try GarbageCollection(store)
        for item in collection.items {
            Terminal.print("\(Installation.shortened(item.url))  \(NumberText.bytes(Double(item.bytes)))")
        }
        if !dryRun { try collection.collect() }
        Terminal.tell(
            """
            \(dryRun ? "would free" : "freed") \(NumberText.bytes(Double(collection.bytes))) in \
            \(NumberText.counted(collection.items.count, "result", "results")); \(collection.kept) stay
            """)
        if let first = collection.foreign.first {
            Terminal.tell(
                """
                left \(NumberText.counted(collection.foreign.count, "file or folder", "files or folders")) that \
                whalebook did not make, the first \(Installation.shortened(first))
                """)
        }
    }
}
