import Basics
import Digests
import Foundation

/// The photographs of a data folder with digests of their contents, in the order of `metadata.csv`.
struct PhotographList: Sendable {
    /// The digest of the list: contents, names and order.
    let digest: String
    private let text: String

    init(_ photographs: [(id: String, digest: String)]) {
        var text = ""
        for photograph in photographs { text += "\(photograph.digest),\(photograph.id)\n" }
        self.text = text
        digest = Digest.of(text)
    }

    /// Reads a remembered list; nil if there is none or it was changed.
    ///
    /// - Throws: ``StoreError``; ``FileError`` if too many files are open.
    init?(digest: String, in store: Store) throws {
        guard StoredName.isKey(digest), let data = try store.remembered(Self.file(digest, in: store)),
            Digest.of(data) == digest
        else { return nil }
        self.digest = digest
        text = String(decoding: data, as: UTF8.self)
    }

    private static func file(_ digest: String, in store: Store) -> URL {
        store.manifests.appending(path: "\(digest).csv")
    }

    static func isRemembered(_ digest: String, in store: Store) throws -> Bool {
        try store.held(store.manifests)?.kind(of: file(digest, in: store).lastPathComponent) == .file
    }

    /// Keeps the list under its digest, so that a later look can count the changed photographs.
    func remember(in store: Store) throws {
        guard try PhotographList(digest: digest, in: store) == nil else { return }
        try store.write(text, to: Self.file(digest, in: store))
    }

    /// The digest of each file, by image_id.
    var digests: [String: String] {
        Dictionary(rows.map { (String($0.id), String($0.digest)) }) { first, _ in first }
    }

    /// The changes to the photographs since an earlier list, in words, such as `2 photographs changed`.
    func difference(since earlier: PhotographList) -> String {
        var old = Dictionary(earlier.rows.map { ($0.id, $0.digest) }) { first, _ in first }
        var counts = [("changed", 0), ("added", 0), ("removed", 0)]
        for row in rows {
            if let digest = old.removeValue(forKey: row.id) {
                if digest != row.digest { counts[0].1 += 1 }
            } else {
                counts[1].1 += 1
            }
        }
        counts[2].1 = old.count
        let words = counts.filter { $0.1 > 0 }.map { "\($0.1) photograph\($0.1 == 1 ? "" : "s") \($0.0)" }
        return words.isEmpty ? "the order of the photographs changed" : words.joined(separator: ", ")
    }

    private var rows: [(id: Substring, digest: Substring)] {
        text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: ",", maxSplits: 1)
            return cells.count == 2 ? (cells[1], cells[0]) : nil
        }
    }
}
