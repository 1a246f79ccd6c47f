import Foundation
import Testing

@testable import Basics

@Suite struct ThreadCountTests {
    @Test(arguments: ["0", "-1", "1025", "two", " 2"])
    func `An impossible number of threads is refused`(setting: String) {
        #expect(throws: ThreadCount.SettingError(setting: setting)) {
            try ThreadCount.wanted(environment: ["WHALEBOOK_THREADS": setting])
        }
    }

    @Test func `The setting counts, otherwise the number of cores`() throws {
        #expect(try ThreadCount.wanted(environment: ["WHALEBOOK_THREADS": "3"]) == 3)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        #expect(try ThreadCount.wanted(environment: ["WHALEBOOK_THREADS": ""]) == cores)
        #expect(try ThreadCount.wanted(environment: [:]) == cores)
    }
}
