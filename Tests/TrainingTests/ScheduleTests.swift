import Configuration
import Testing

@testable import Training

struct ScheduleTests {
    private static func schedule() throws -> Schedule {
        let configuration = try Pond.configuration()
        var settings = configuration.train.schedule
        settings.epochs = 10
        settings.warmupEpochs = 2
        return Schedule(settings, stepsPerEpoch: 5)
    }

    @Test func `The rate rises in equal steps and reaches its peak at the warm-up's end`() throws {
        let schedule = try Self.schedule()
        for step in 0..<10 { #expect(abs(schedule.share(at: step) - Double(step + 1) / 10) < 1e-12) }
        #expect(schedule.share(at: 10) == 1)
    }

    @Test func `It falls by half a cosine to a hundredth`() throws {
        let schedule = try Self.schedule()
        #expect(abs(schedule.share(at: 30) - (0.01 + 0.99 / 2)) < 1e-12)
        #expect(abs(schedule.share(at: 50) - 0.01) < 1e-12)
        let shares = (10...50).map(schedule.share)
        #expect(shares == shares.sorted(by: >))
    }
}
