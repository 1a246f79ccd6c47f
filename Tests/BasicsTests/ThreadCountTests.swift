import Foundation
import Synchronization
import Testing

@testable import Basics

@Suite struct ThreadCountTests {
    @Test(arguments: ["0", "-1", "1025", "two", " 2"])
    func `An impossible number of threads is refused`(setting: String) {
        for variable in [ThreadCount.variable, ThreadCount.decodingVariable] {
            #expect(throws: ThreadCount.SettingError(variable: variable, setting: setting)) {
                try ThreadCount.forDecoding(onCard: false, environment: [variable: setting])
            }
        }
    }

    @Test func `The setting counts, otherwise the number of cores`() throws {
        #expect(try ThreadCount.wanted(environment: ["WHALEBOOK_THREADS": "3"]) == 3)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        #expect(try ThreadCount.wanted(environment: ["WHALEBOOK_THREADS": ""]) == cores)
        #expect(try ThreadCount.wanted(environment: [:]) == cores)
    }

    @Test func `A task with a share of the cores uses only these`() throws {
        let all = ProcessInfo.processInfo.activeProcessorCount
        #expect(ThreadCount.cores == all)
        let seen = Mutex<Set<UInt64>>([])
        let numbers = ThreadCount.$share.withValue(1) {
            parallelMap(64) { number in
                _ = seen.withLock { $0.insert(UInt64(pthread_self())) }
                return number
            }
        }
        #expect(numbers == Array(0..<64))
        #expect(seen.withLock { $0.count } == 1)
        try ThreadCount.$share.withValue(3) { () throws in
            #expect(try ThreadCount.wanted(environment: [:]) == 3)
            #expect(try ThreadCount.wanted(environment: ["WHALEBOOK_THREADS": "2"]) == 2, "the user's setting counts")
        }
    }

    @Test func `Photographs are decoded on the threads of arithmetic, and for a card on all cores`() throws {
        let one = ["WHALEBOOK_THREADS": "1"]
        try ThreadCount.$share.withValue(6) { () throws in
            #expect(try ThreadCount.forDecoding(onCard: false, environment: one) == 1)
            #expect(try ThreadCount.forDecoding(onCard: true, environment: one) == 6)
            #expect(try ThreadCount.forDecoding(onCard: false, environment: [:]) == 6)
            let own = one.merging(["WHALEBOOK_DECODING_THREADS": "4"]) { $1 }
            #expect(try ThreadCount.forDecoding(onCard: true, environment: own) == 4)
        }
    }
}
