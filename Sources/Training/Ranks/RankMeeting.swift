import Foundation
import Jobs
import Torch

/// The store in which the processes of a run meet, job after job.
public struct RankMeeting {
    public let place: RankPlace
    private let store: SharedStore

    /// Connects to the store.
    ///
    /// - Throws: ``RankFailure``.
    public init(_ place: RankPlace) throws {
        self.place = place
        store = try Self.store(place)
    }

    private static func store(_ place: RankPlace) throws -> SharedStore {
        switch place.meeting {
        case .file(let path): return try .file(URL(filePath: path), count: place.count)
        case .port(let host, let port):
            guard !place.isStoreTorchruns else { throw RankFailure.torchrunsStore }
            do {
                return try .connected(to: host, port: port, within: place.patience)
            } catch let error as TorchError {
                throw RankFailure.noStore(host: host, port: port, seconds: place.patience, reason: error.message)
            }
        }
    }

    /// Gives a job, counted from 1, to the other processes; only rank 0 calls it.
    public func publish(_ text: String, job number: Int) throws { try store.set("job \(number)", to: text) }

    /// Waits for a job that rank 0 publishes; nil if its run ends first.
    ///
    /// - Throws: ``RankFailure/runGone(reason:)``.
    public func job(_ number: Int) throws -> String? {
        while true {
            do {
                if let text = try store.value(of: "job \(number)") { return text }
                if try store.value(of: Self.endKey) != nil {
                    try store.set("left \(place.rank)", to: "yes")
                    return nil
                }
            } catch let error as TorchError {
                throw RankFailure.runGone(reason: error.message)
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    /// Joins the group of processes that perform a job; `lost` is called on another thread if one of them gives no sign
    /// of life for longer than the place's patience, and must end this process.
    ///
    /// - Throws: ``RankFailure``.
    public func group(job number: Int, lost: @escaping @Sendable (RankFailure) -> Void) throws -> RankGroup {
        let name = "group \(number)"
        do {
            try assemble(in: store.part(name))
        } catch let error as TorchError {
            throw RankFailure.runGone(reason: error.message)
        }
        // A connection of its own, since an operation can occupy the other.
        let watch = RankWatch(try Self.store(place).part(name), place, lost: lost)
        do {
            let processes = try ProcessGroup(
                store: store.part("\(name)/gloo"), rank: place.rank, count: place.count,
                localRank: place.localRank, address: address(), seconds: Self.operationSeconds,
                joining: place.patience)
            return RankGroup(place, processes, watch)
        } catch let error as TorchError {
            throw watch.failureElsewhere()
                ?? RankFailure.noConnection(seconds: place.patience, reason: error.message)
        }
    }

    /// Waits until every process is here.
    private func assemble(in store: SharedStore) throws {
        try store.set("here \(place.rank)", to: "yes")
        let start = ContinuousClock.now
        var missing = Array(0..<place.count)
        while !missing.isEmpty {
            missing = try missing.filter { try store.value(of: "here \($0)") == nil }
            guard start.elapsedSeconds < place.patience else {
                throw RankFailure.missing(missing, count: place.count, seconds: place.patience)
            }
            if !missing.isEmpty { Thread.sleep(forTimeInterval: 0.05) }
        }
    }

    /// How long an operation waits for the other processes while these give signs of life; PyTorch's default.
    private static let operationSeconds = 1800.0
    private static let endKey = "end"

    private func address() throws -> ProcessGroup.Address {
        let loopback = "127.0.0.1"
        if let interface = place.interface { return .interface(interface) }
        guard case .port(let host, let port) = place.meeting, place.localCount != place.count else {
            return .numeric(loopback)
        }
        let own = try ProcessGroup.address(towards: host, port: port)
        // Rank 0 may know itself by a name of its own loopback, at which other machines cannot reach it.
        return own.hasPrefix("127.") || own == "::1" ? .hostName : .numeric(own)
    }
}

extension RankMeeting {
    /// Hosts the store at the place's port, from rank 0's machine, until `wait` returns, and then ends the run of the
    /// other processes. `ready` is called when the store is there; `wait` returns whether the run was successful, and
    /// the others are waited for.
    ///
    /// - Throws: ``RankFailure/noPort(_:reason:)``, ``RankFailure/torchrunsStore``.
    public static func host(_ place: RankPlace, ready: () -> Void, until wait: () -> Bool) throws {
        guard case .port(_, let port) = place.meeting else { return }
        guard !place.isStoreTorchruns else { throw RankFailure.torchrunsStore }
        let store: SharedStore
        do {
            store = try .hosting(port: port)
        } catch let error as TorchError {
            throw RankFailure.noPort(port, reason: error.message)
        }
        ready()
        let patience = wait() ? place.patience : 1
        try store.set(endKey, to: "yes")
        let start = ContinuousClock.now
        while start.elapsedSeconds < patience,
            try (1..<place.count).contains(where: { try store.value(of: "left \($0)") == nil })
        {
            Thread.sleep(forTimeInterval: 0.1)
        }
    }
}
