import ArgumentParser
import Basics
import Jobs
import Workflow

/// The processes of a run: those that torchrun, Slurm or Kubernetes started, or those of `--devices`.
enum Launch {
    /// Runs a command once for all processes. Only rank 0 of a launcher runs it; the others perform the jobs that it
    /// shares, and write nothing.
    static func whole(
        devices: Int? = nil, isDry: Bool = false, _ run: (Crew) async throws -> Void
    ) async throws {
        guard let place = try RankPlace() else {
            if let devices, devices > ThreadCount.cores {
                Terminal.report(
                    "--devices \(devices) starts more processes than there are cores (\(ThreadCount.cores)), so they slow "
                        + "each other down")
            }
            return try await run(devices.map { $0 > 1 ? .here($0) : .alone } ?? .alone)
        }
        guard devices == nil else {
            throw ValidationError(
                "--devices starts processes of this machine, but this is one of \(place.count) that were already started."
                    + " Leave it out.")
        }
        if isDry {
            if place.rank == 0 { try await run(.alone) }
            return
        }
        guard place.rank == 0 else {
            Terminal.report("rank \(place.rank) of \(place.count) shares the work of rank 0")
            return try await interruptible { try await Installation.worker.follow(place) }
        }
        let host = try RankHost(Installation.worker)
        do {
            try await run(.launched(place, JobNumbers()))
            host.end(successfully: true)
        } catch {
            host.end(successfully: false)
            throw error
        }
    }
}
