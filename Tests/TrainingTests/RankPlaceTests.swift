import Jobs
import Testing

/// The environments of launchers.
struct RankPlaceTests {
    @Test func `A process without a launcher is alone`() throws {
        #expect(try RankPlace(environment: [:]) == nil)
        #expect(try RankPlace(environment: ["WORLD_SIZE": "1", "RANK": "0"]) == nil)
        // Slurm's batch script itself, and an interactive step of one task.
        #expect(try RankPlace(environment: ["SLURM_PROCID": "0", "SLURM_NTASKS": "4", "SLURM_JOB_ID": "7"]) == nil)
        #expect(
            try RankPlace(environment: [
                "SLURM_PROCID": "0", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "1", "SLURM_JOB_ID": "7",
                "SLURM_STEP_ID": "0",
            ]) == nil)
    }

    @Test func `torchrun's and Kubernetes' variables are read`() throws {
        let place = try #require(
            try RankPlace(environment: [
                "RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "node1",
                "MASTER_PORT": "29500", "TORCHELASTIC_USE_AGENT_STORE": "False", "GLOO_SOCKET_IFNAME": "eth1",
                "WHALEBOOK_RANK_TIMEOUT": "30",
            ]))
        #expect(place.rank == 3 && place.count == 4 && place.localRank == 1 && place.localCount == 2)
        #expect(place.meeting == .port(host: "node1", 29500) && !place.isStoreTorchruns)
        #expect(place.interface == "eth1" && place.patience == 30)
        let pod = try #require(
            try RankPlace(environment: [
                "RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "pod-0", "MASTER_PORT": "23456",
                "TORCHELASTIC_USE_AGENT_STORE": "True",
            ]))
        #expect(pod.localRank == 0 && pod.localCount == nil && pod.isStoreTorchruns && pod.patience == 300)
    }

    @Test(arguments: [
        ("node[03-05,9],other", "node03"), ("gpu7,gpu8", "gpu7"), ("alone", "alone"), ("a1,b[2-3]", "a1"),
        ("rack-2-n[010]", "rack-2-n010"),
    ])
    func `Slurm's first node and job determine where the processes meet`(nodes: String, first: String) throws {
        let environment = [
            "SLURM_PROCID": "5", "SLURM_NTASKS": "8", "SLURM_LOCALID": "1", "SLURM_NODELIST": nodes,
            "SLURM_JOB_ID": "1234567", "SLURM_STEP_ID": "0",
        ]
        let place = try #require(try RankPlace(environment: environment))
        #expect(place.rank == 5 && place.count == 8 && place.localRank == 1)
        #expect(place.meeting == .port(host: first, 19_567))
        let given = try #require(
            try RankPlace(environment: environment.merging(["MASTER_ADDR": "m", "MASTER_PORT": "5"]) { $1 }))
        #expect(given.meeting == .port(host: "m", 5))
    }

    @Test func `Contradictory variables are refused with their name`() throws {
        let good = ["RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "m", "MASTER_PORT": "5"]
        func words(_ change: [String: String?]) -> String {
            var environment = good
            for (name, value) in change { environment[name] = value }
            let error = #expect(throws: RankError.self) { try RankPlace(environment: environment) }
            return error.map { "\($0)" } ?? ""
        }
        #expect(words(["RANK": nil]).contains("no RANK"))
        #expect(words(["RANK": "2"]).contains("ranks of 2 processes end at 1"))
        #expect(words(["WORLD_SIZE": "two"]).contains("WORLD_SIZE is 'two'"))
        #expect(words(["MASTER_ADDR": nil]).contains("no MASTER_ADDR"))
        #expect(words(["MASTER_PORT": "70000"]).contains("no MASTER_PORT"))
        #expect(words(["WHALEBOOK_RANK_TIMEOUT": "0"]).contains("WHALEBOOK_RANK_TIMEOUT is '0'"))
    }

    @Test func `A place on one machine survives the environment`() throws {
        let place = RankPlace(rank: 1, count: 3, file: "/tmp/store", patience: 60)
        #expect(try RankPlace(environment: place.environment) == place)
    }
}
