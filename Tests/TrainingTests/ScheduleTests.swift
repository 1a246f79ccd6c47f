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

    @Test func `It falls along half a cosine to a hundredth`() throws {
        let schedule = try Self.schedule()
        #expect(abs(schedule.share(at: 30) - (0.01 + 0.99 / 2)) < 1e-12)
        #expect(abs(schedule.share(at: 50) - 0.01) < 1e-12)
        let shares = (10...50).map(schedule.share)
        #expect(shares == shares.sorted(by: >))
    }

    @Test func `The write-up's schedule has the write-up's rates`() throws {
        var settings = try Pond.configuration().train.schedule
        settings.kind = .writeUp
        settings.epochs = 50
        settings.warmupEpochs = 3
        let schedule = Schedule(settings, stepsPerEpoch: 7)
        // Computed with NumPy: 3e-4 * (9 * e / 3 + 1) for e <= 3, else
        // 1e-7 + (3e-3 - 1e-7) * (1 + cos(pi * (e - 4) / 47)) / 2.
        let rates = [
            (0, 3e-4), (1, 1.2e-3), (2, 2.1e-3), (3, 3e-3), (4, 3e-3), (5, 0.0029966504295907987),
            (27, 0.0015501707947626617), (49, 1.3483321642237698e-05),
        ]
        for (epoch, rate) in rates {
            for step in [epoch * 7, epoch * 7 + 6] {
                #expect(abs(3e-4 * schedule.share(at: step) - rate) < 1e-15, "epoch \(epoch)")
            }
        }
    }
}
