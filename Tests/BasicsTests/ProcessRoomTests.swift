import Testing

@testable import Basics

@Suite struct ProcessRoomTests {
    @Test func `The resources that every command needs are available`() throws {
        try ProcessRoom.check()
    }

    @Test func `An impossible amount of memory is refused with its amount`() {
        #expect {
            try ProcessRoom.check(threads: 2, memory: 1 << 50)
        } throws: {
            "\($0)".contains("1073741824 MiB of memory and 2 threads: cannot allocate memory")
                && "\($0)".contains("ulimit -v")
        }
    }
}
