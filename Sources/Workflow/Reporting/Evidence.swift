import Basics
import Digests
import Foundation
import Reports

/// The results that documents were made of, copied out of the store or the reference into a folder of verify's own.
///
/// What is copied is opened by checked names and without following links, and nothing is read from anywhere else
/// afterwards.
struct Evidence {
    let store: Store
    let reference: ReferenceFolder
    /// Receives the copies.
    let folder: URL

    /// Weights are large, and nothing is made anew from them.
    private static let unread = ".safetensors"

    /// The record with the folders of the copies; nil where some file that documents are made anew from is none. What was
    /// changed is a finding.
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
                ($0.folder, try node.changedFiles(in: $0.folder, isWhole: $0.isWhole))
            }
            guard let chosen = checked.first(where: \.1.isEmpty) ?? checked.last else {
                throw VerificationError.noResult(
                    name: node.name,
                    places: [
                        store.folder(of: node.stage, key: node.key).path,
                        reference.url.appending(path: node.place).path,
                    ])
            }
            // A copy beside a true one is a lie all the same.
            verification.join(checked.flatMap(\.1) + (try contradictions(node)))
            isUsable = isUsable && node.isUsable(in: chosen.0)
            try copy(node, from: chosen.0)
            origins.note(folder.appending(path: node.place), isCopyOf: chosen.0.path)
        }
        return isUsable ? record.locating { folder.appending(path: $0.place) } : nil
    }

    /// Where the configuration of a record is not the one that the results in the store here were made with.
    ///
    /// - Throws: ``ConfigurationError`` for a configuration that this version does not read; ``StoreError``.
    func otherOptions(_ record: RenderRecord, _ repetition: Repetition) throws -> [Finding] {
        try record.runs.flatMap { run in
            let configuration = try repetition.configuration(of: run)
            return try run.nodes.filter { $0.staleness == nil }.flatMap { node -> [Finding] in
                guard let own = try store.record(of: node.stage, key: node.key) else { return [] }
                let told = Parameters.values(
                    of: node.stage.stage.options(configuration), in: run.configuration, member: node.member)
                // A key has the backbone with the tag of its weights.
                return own.cacheKey.parameters.sorted { $0.key < $1.key }.compactMap { name, value in
                    guard let other = told[name], other != value, !name.hasSuffix(".backbone") else { return nil }
                    return Finding(
                        file: node.place,
                        problem:
                            "was made with \(name.shortened()) \(value.canonicalText.shortened()), the record says "
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

    /// Where the record contradicts itself, or the result that this machine's store has under the same key.
    private func contradictions(_ node: ReportNode) throws -> [Finding] {
        func finding(_ name: String, _ problem: String) -> Finding {
            Finding(file: "\(node.place)/\(name)", problem: problem)
        }
        var findings: [Finding] = []
        if node.files.isEmpty { findings.append(finding("", "the record names no file of it")) }
        // Before times were left out of it, the digest was that of all files.
        let untimed = node.files.filter { !NodeRecord.timed.contains($0.key) }
        if ![node.files, untimed].map(NodeRecord.outputDigest).contains(node.outputDigest) {
            findings.append(finding("", "its output digest in the record is not that of its files"))
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
                    "is another file than the store here has under the same key: one was changed, or the machines "
                        + "compute otherwise"))
        }
        return findings
    }
}

/// Where verify's copies come from: an error that names a copy names its origin to the user, who has never seen the copy.
struct Origins {
    private var paths: [String: String] = [:]

    /// Notes where a folder was copied from.
    mutating func note(_ copy: URL, isCopyOf path: String) { paths[copy.path] = path }

    /// What an error says where it is about a copy, with the origin's path; nil for any other.
    func words(of error: any Error) -> String? {
        let text = visibleLines(of: error)
        var told = text
        for (copy, origin) in paths { told = told.replacing(copy + "/", with: origin + "/") }
        return told == text ? nil : told
    }
}
