import Basics
import Foundation
import FuzzSupport
import Workflow

private let folder = FuzzFolder()
private let store = Store(project: folder.url, name: "whalebook")
/// The key of the first seed's record.
private let key = "1d8e56d1b9fb5cc4e9e3ff12df18a647e2ce408d83fc923f3010049d0e6a03f5"

/// The files of a store: records, the ledger and the results that `gc` may remove, or one of Whalebook's errors.
@main
enum FuzzNode {
    static func main() {
        fuzz { input in
            let (result, memory) = (".whalebook/cache/evaluate/\(key)", ".whalebook/projects/whalebook")
            folder.write(
                input,
                to: [
                    "\(result)/node.json", "\(memory)/current.json", "\(memory)/runs/000001.json",
                    "\(memory)/runs/000002.json", "\(memory)/imports.json", "\(memory)/unfinished.json",
                    ".whalebook/cache/train/\(key).partial/attempt.json", "\(result)/evaluation.json",
                    "\(result)/queries.csv",
                ])
            do {
                let record = try store.record(of: .evaluate, key: key)
                precondition(record == nil || record?.key == key)
                try read(Ledger(store))
                let place = store.folder.appending(path: "cache").path + "/"
                let garbage = try GarbageCollection(store)
                precondition(garbage.items.allSatisfy { $0.url.path.hasPrefix(place) }, "gc removes more than results")
            } catch is FileError {
            } catch is LedgerError {
            } catch is WorkflowError {
            } catch {
                fatalError("an error that is not Whalebook's: \(error)")
            }
        }
    }
}

private func read(_ ledger: Ledger) throws {
    _ = (RunsTable(ledger).text, try RunsTable(ledger).json.text, ledger.gap, ledger.current, ledger.previous)
    guard let old = ledger.entries.first, let new = ledger.entries.last else { return }
    precondition(ledger.entries.allSatisfy { $0.number == 1 || $0.number == 2 })
    do {
        let comparison = try RunComparison(old, new, store: store, intersects: true)
        _ = (comparison.text, comparison.json.text)
    } catch is ComparisonError {
    }
}
