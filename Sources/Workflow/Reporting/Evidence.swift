import Basics
import Digests
import Foundation
import Reports

/// The results that documents were made from, copied from the store or the reference into a folder of `verify`.
///
/// Copying opens files by checked names and follows no link; afterwards only the copies are read.
struct Evidence {
    let store: Store
    let reference: ReferenceFolder
    /// Receives the copies.
    let folder: URL

    /// Weights are large, and nothing is recomputed from them.
    private static let unread = ".safetensors"

    /// The record with the folders of the copies; nil if a file that documents are recomputed from is missing. A
    /// changed file is a finding.
    ///
    /// - Throws: ``VerificationError/noResult(name:places:)``, ``StoreError``, ``FileError``.
    func gathered(
        _ record: RenderRecord, _ origins: inout Origins, _ verification: inout Verification
    ) throws -> RenderRecord? {
        var isUsable = true
        for node in record.results {
            let own = try store.result(of: node.stage, key: node.key)
            let candidates: [(folder: HeldFolder, isWhole: Bool)] =
                [own.map { ($0, true) }, try reference.result(of: node).map { ($0, false) }].compactMap(\.self)
            let checked = try candidates.map {
                (folder: $0.folder, changes: try node.changedFiles(in: $0.folder, isWhole: $0.isWhole))
            }
            let unchanged = checked.first(where: \.changes.isEmpty)
            guard let chosen = unchanged ?? checked.last else {
                throw VerificationError.noResult(
                    name: node.name,
                    places: [
                        store.folder(of: node.stage, key: node.key).path,
                        reference.url.appending(path: node.place).path,
                    ])
            }
            // A changed copy is a finding even if there is a correct one. But if the same network was trained again, only
            // its times differ.
            let changes = checked.flatMap(\.changes).filter { change in
                unchanged == nil || !NodeRecord.timed.contains { change.file.hasSuffix("/\($0)") }
            }
            verification.join(changes + (try contradictions(node)))
            isUsable = isUsable && node.isUsable(in: chosen.folder)
            try copy(node, from: chosen.folder)
            origins.note(folder.appending(path: node.place), isCopyOf: chosen.folder.path)
        }
        return isUsable ? record.locating { folder.appending(path: $0.place) } : nil
    }

    /// The differences between a record's configuration and the one with which this store's results were made.
    ///
    /// - Throws: ``ConfigurationError`` for a configuration that this version cannot read; ``StoreError``.
    func otherOptions(_ record: RenderRecord, _ repetition: Repetition) throws -> [Finding] {
        try record.runs.flatMap { run in
            let configuration = try repetition.configuration(of: run)
            return try run.nodes.filter { $0.staleness == nil }.flatMap { node -> [Finding] in
                guard let own = try store.record(of: node.stage, key: node.key) else { return [] }
                let recorded = Parameters.values(
                    of: node.stage.stage.options(configuration), in: run.configuration, member: node.member)
                // A key contains the backbone with the tag of its weights.
                return own.cacheKey.parameters.sorted { $0.key < $1.key }.compactMap { name, value in
                    guard let other = recorded[name], other != value, !name.hasSuffix(".backbone") else { return nil }
                    return Finding(
                        file: node.place,
                        problem:
                            "was made with \(name.shortened()) \(value.canonicalText.shortened()), but the record says "
                            + other.canonicalText.shortened())
                }
            }
        }
    }

    private func copy(_ node: ReportNode, from found: HeldFolder) throws {
        let place = folder.appending(path: node.place)
        guard !FileManager.default.fileExists(atPath: place.path) else { return }
        for name in node.files.keys where !name.hasSuffix(Self.unread) && found.kind(of: name) == .file {
            try AtomicFile.write(found.contents(of: name), to: place.appending(path: name))
        }
    }

    /// The contradictions of a record with itself, or with the result of the same key in this machine's store.
    private func contradictions(_ node: ReportNode) throws -> [Finding] {
        func finding(_ name: String, _ problem: String) -> Finding {
            Finding(file: "\(node.place)/\(name)", problem: problem)
        }
        var findings: [Finding] = []
        if node.files.isEmpty { findings.append(finding("", "has no files in the record")) }
        // In earlier versions the digest included files with times.
        let untimed = node.files.filter { !NodeRecord.timed.contains($0.key) }
        if ![node.files, untimed].map(NodeRecord.outputDigest).contains(node.outputDigest) {
            findings.append(finding("", "has an output digest in the record that does not match its files"))
        }
        let kept = try store.look(at: node.stage, key: node.key)
        if let damage = kept.damage {
            findings.append(Finding(file: damage.path, problem: "is damaged: \(damage.reason). \(damage.remedy)"))
        }
        guard let own = kept.record else { return findings }
        let digests = own.outputs.mapValues(\.digest)
        for name in Set(digests.keys).union(node.files.keys).subtracting(NodeRecord.timed).sorted()
        where digests[name] != node.files[name] {
            findings.append(
                finding(
                    name,
                    "differs from the file that this store has under the same key: one was changed, or the machines "
                        + "compute differently"))
        }
        return findings
    }
}

/// The origins of the copies that `verify` makes, because the user knows only the origin and errors should name it.
struct Origins {
    private var paths: [String: String] = [:]

    /// Records the origin of a copied folder.
    mutating func note(_ copy: URL, isCopyOf path: String) { paths[copy.path] = path }

    /// The text of an error about a copy, with the origin's path; nil for any other error.
    func words(of error: any Error) -> String? {
        let text = visibleLines(of: error)
        var result = text
        for (copy, origin) in paths { result = result.replacing(copy + "/", with: origin + "/") }
        return result == text ? nil : result
    }
}
