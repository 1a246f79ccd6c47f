import Testing

@testable import Basics

@Suite struct ProcessRoomTests {
    @Test func `What every command needs is there`() throws {
        try ProcessRoom.check()
    }

    @Test func `Memory that no system has is refused by name`() {
        #expect {
            try ProcessRoom.check(threads: 2, memory: 1 << 50)
        } throws: {
            "\($0)".contains("1073741824 MiB of memory beside 2 threads: cannot allocate memory")
                && "\($0)".contains("ulimit -v")
        }
    }
}
