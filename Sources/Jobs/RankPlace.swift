import Basics
import Foundation

/// The place of a process among those that share jobs: its rank, from 0.
///
/// The variables are those of torchrun, which Kubernetes' PyTorchJob also sets, or those of Slurm.
public struct RankPlace: Sendable, Equatable {
    /// Where the processes meet.
    public enum Meeting: Sendable, Equatable {
        /// In a file, on one machine.
        case file(String)
        /// At a port of the machine of rank 0.
        case port(host: String, UInt16)
    }

    public let rank: Int
    /// The number of processes.
    public let count: Int
    /// The rank among the processes of this machine, which is the number of its graphics card.
    public let localRank: Int
    /// The number of processes of this machine; nil if the environment does not report it.
    public let localCount: Int?
    public let meeting: Meeting
    /// Seconds that processes wait for one another to join, and without a sign of life from one of them.
    public let patience: Double
    /// The network interface for connections between the processes; nil chooses it.
    public let interface: String?
    /// Whether torchrun offers its own store instead of a free port.
    public let isStoreTorchruns: Bool

    /// Creates a place on one machine; the processes meet in a file.
    public init(rank: Int, count: Int, file: String, patience: Double) {
        self.rank = rank
        self.count = count
        localRank = rank
        localCount = count
        meeting = .file(file)
        self.patience = patience
        interface = nil
        isStoreTorchruns = false
    }

    /// The environment variables from which ``init(environment:)`` makes this place.
    public var environment: [String: String] {
        var result = [
            "RANK": "\(rank)", "WORLD_SIZE": "\(count)", "LOCAL_RANK": "\(localRank)",
            Self.patienceVariable: "\(patience)",
        ]
        if let localCount { result["LOCAL_WORLD_SIZE"] = "\(localCount)" }
        if case .file(let path) = meeting { result[Self.fileVariable] = path }
        return result
    }

    /// The fact of a shared job that did not come because the run of rank 0 ended.
    public static let endFact = "ended"

    private static let fileVariable = "WHALEBOOK_RANK_FILE"
    private static let patienceVariable = "WHALEBOOK_RANK_TIMEOUT"
    private static let defaultPatience = 300.0

    /// Reads the place of this process; nil if it is alone.
    ///
    /// - Throws: ``RankError`` for variables that contradict each other or are missing.
    public init?(environment: [String: String] = ProcessInfo.processInfo.environment) throws(RankError) {
        let source = Source(environment)
        guard let count = try source.number(source.isSlurm ? Source.slurmCount(environment) : "WORLD_SIZE", from: 1),
            count > 1
        else { return nil }
        guard let rank = try source.number(source.isSlurm ? "SLURM_PROCID" : "RANK", from: 0) else {
            throw .missing("RANK")
        }
        guard rank < count else { throw .rankBeyondCount(rank: rank, count: count) }
        self.rank = rank
        self.count = count
        localRank = try source.number(source.isSlurm ? "SLURM_LOCALID" : "LOCAL_RANK", from: 0) ?? 0
        localCount = try source.number("LOCAL_WORLD_SIZE", from: 1)
        patience = try Self.patience(environment)
        interface = source["GLOO_SOCKET_IFNAME"]
        isStoreTorchruns = source["TORCHELASTIC_USE_AGENT_STORE"] == "True"
        if let path = source[Self.fileVariable] {
            meeting = .file(path)
            return
        }
        guard let host = source["MASTER_ADDR"] ?? source.firstNode else { throw .missing("MASTER_ADDR") }
        guard let port = try source.number("MASTER_PORT", from: 1) ?? source.jobPort, port <= UInt16.max else {
            throw .missing("MASTER_PORT")
        }
        meeting = .port(host: host, UInt16(port))
    }

    /// The setting of ``patience``.
    public static func patience(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(RankError) -> Double {
        guard let text = environment[patienceVariable], !text.isEmpty else { return defaultPatience }
        guard let seconds = Double(text), (1...86_400).contains(seconds) else {
            throw .notANumber(name: patienceVariable, value: text)
        }
        return seconds
    }

    /// The variables of one launcher.
    private struct Source {
        let environment: [String: String]
        let isSlurm: Bool

        init(_ environment: [String: String]) {
            self.environment = environment
            // A batch script has a rank, too, but only srun starts the others, in a step.
            let isStep = environment["SLURM_JOB_ID"] == nil || environment["SLURM_STEP_ID"] != nil
            isSlurm = environment["WORLD_SIZE"] == nil && environment["SLURM_PROCID"] != nil && isStep
        }

        subscript(name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

        func number(_ name: String, from least: Int) throws(RankError) -> Int? {
            guard let text = self[name] else { return nil }
            guard let number = Int(text), number >= least else { throw .notANumber(name: name, value: text) }
            return number
        }

        static func slurmCount(_ environment: [String: String]) -> String {
            environment["SLURM_STEP_NUM_TASKS"] == nil ? "SLURM_NTASKS" : "SLURM_STEP_NUM_TASKS"
        }

        /// The first of Slurm's nodes: `node[03-05,9],other` is `node03`.
        var firstNode: String? {
            guard isSlurm, let list = self["SLURM_NODELIST"] ?? self["SLURM_JOB_NODELIST"] else { return nil }
            guard let open = list.firstIndex(of: "["), !list[..<open].contains(",") else {
                return list.split(separator: ",").first.map(String.init)
            }
            let number = list[list.index(after: open)...].prefix(while: \.isNumber)
            return String(list[..<open]) + number
        }

        /// A port that all processes of a Slurm job agree on, and other jobs on the same machine rarely share:
        /// 15000 plus the last four digits of the job's id, as in PyTorch Lightning.
        var jobPort: Int? {
            guard isSlurm else { return nil }
            return self["SLURM_JOB_ID"].flatMap { Int($0.suffix(4)) }.map { 15_000 + $0 }
        }
    }
}

/// Variables that do not say which of several processes this is.
public enum RankError: Error, Equatable, CustomStringConvertible {
    case missing(String)
    case notANumber(name: String, value: String)
    case rankBeyondCount(rank: Int, count: Int)

    public var description: String {
        switch self {
        case .missing(let name):
            "The environment asks for several processes but has no \(name). torchrun, Slurm and Kubernetes set it; see "
                + "docs/distributed.md."
        case .notANumber(let name, let value):
            "The environment variable \(name) is \(quoted: value), which is not a number in its range."
        case .rankBeyondCount(let rank, let count):
            "The environment has rank \(rank), but ranks of \(count) processes end at \(count - 1)."
        }
    }
}
