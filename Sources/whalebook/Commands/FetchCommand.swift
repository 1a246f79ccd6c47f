import ArgumentParser
import Basics
import Foundation
import PublicData
import Workflow

struct FetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Downloads a public data set; without a name, lists the known ones.",
        discussion: """
            Prints the licence and the source first. The archives are downloaded into DIR.partial, where an interrupted \
            download continues, unpacked there, and renamed when everything is whole. DIR/fetched.json then records the \
            addresses and the SHA-256 of each archive.
            """)

    @Argument(help: "The data set, such as beluga-id-2022.") var name: String?
    @Argument(help: "The folder to make.") var directory: String?
    @Option(
        help: ArgumentHelp(
            "A folder or an http address that has the archives under their published names.", valueName: "place"))
    var from: String?

    func validate() throws {
        if name != nil, directory == nil { throw ValidationError("Give the folder to make, too.") }
        if name == nil, from != nil { throw ValidationError("--from needs a data set and a folder.") }
    }

    func run() async throws {
        guard let name, let directory else {
            for set in PublicDataSet.all {
                let archives = set.archives.map(\.file).joined(separator: ", ")
                Terminal.print(text: set.terms.joined(separator: "\n") + "\narchives    \(archives)\n\n")
            }
            return
        }
        let set = try PublicDataSet.named(name)
        for line in set.terms { Terminal.print(line) }
        let bar = TerminalProgress()
        defer { bar.clear() }
        let isAddress = from.map { $0.hasPrefix("http://") || $0.hasPrefix("https://") } ?? true
        let fetching = DataSetFetching(
            set, into: UserPath.url(directory), mirror: isAddress ? from : from.map { UserPath.url($0).path },
            worker: Installation.worker)
        let lines = try await interruptible(notice: "interrupted; run the command again to continue") {
            try await fetching.run { bar.show($0) }
        }
        bar.clear()
        for line in lines { Terminal.print(line) }
        Terminal.print("Next: \(set.nextCommand(for: directory))")
    }
}
