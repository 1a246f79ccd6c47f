import Basics
import Foundation
import Results
import Testing

@testable import Evaluation

struct NoveltyTests {
    private static func reference() throws -> (json: JSONValue, samples: [(score: Double, isPositive: Bool)]) {
        let json = try JSONValue.read(
            URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/novelty.json"))
        let scores = try #require(json["scores"]?.numbers), new = try #require(json["new"]?.integers)
        return (json, zip(scores, new).map { ($0, $1 == 1) })
    }

    @Test func `The probability equals scikit-learn's sigmoid calibration`() throws {
        let (json, samples) = try Self.reference()
        let platt = try #require(PlattScaling(samples))
        // Two optimisers that stop at gradients of about 1e-6 of 210 samples.
        #expect(abs(platt.slope - (json["slope"]?.double ?? 0)) < 1e-3)
        #expect(abs(platt.offset - (json["offset"]?.double ?? 0)) < 1e-3)
        for (sample, expected) in zip(samples, try #require(json["probabilities"]?.numbers)) {
            #expect(abs(platt.probability(of: sample.score) - expected) < 1e-4)
        }
    }

    @Test func `The area equals scikit-learn's, including ties`() throws {
        let (json, samples) = try Self.reference()
        let area = try #require(BinaryMeasures.auroc(samples.map { (-$0.score, $0.isPositive) }))
        #expect(abs(area - (json["auroc"]?.double ?? 0)) < 1e-12)
    }

    @Test func `A cluster of weight 2 equals two clusters, and one of weight 0 is left out`()
        throws
    {
        let (_, samples) = try Self.reference()
        let clustered = samples.enumerated().map { (score: $1.score, isPositive: $1.isPositive, cluster: $0 % 3) }
        let weighed = RankedSamples(clustered).auroc(weights: [2, 0, 1])
        let written = clustered.filter { $0.cluster == 0 } + clustered.filter { $0.cluster != 1 }
        let expected = try #require(BinaryMeasures.auroc(written.map { ($0.score, $0.isPositive) }))
        #expect(abs(try #require(weighed) - expected) < 1e-12)
        #expect(RankedSamples(clustered).auroc(weights: [0, 0, 0]) == nil)
    }

    @Test func `Without both classes there is nothing to separate`() {
        let known = [(score: 0.5, isPositive: false), (score: 0.6, isPositive: false)]
        #expect(PlattScaling(known) == nil)
        #expect(BinaryMeasures.auroc(known) == nil)
    }

    @Test func `With equal scores the probability is the share`() throws {
        let samples = (0..<8).map { (score: 0.5, isPositive: $0 < 2) }
        let platt = try #require(PlattScaling(samples))
        // Platt's targets: 2 times 3/4, 6 times 1/8.
        #expect(abs(platt.probability(of: 0.5) - (2 * 0.75 + 6 * 0.125) / 8) < 1e-6)
        #expect(BinaryMeasures.auroc(samples) == 0.5)
    }

    /// Photographs of `animals` animals, three each, with similarity `own` to their own animal and `other` to others.
    private static func samples(
        _ part: NoveltySample.Part, animals: Int, own: (Int) -> Double?, other: (Int) -> Double
    ) -> [NoveltySample] {
        (0..<animals * 3).map { number in
            let whale = "\(part)\(number / 3)"
            return NoveltySample(
                part: part, queryID: "\(part)-\(number)", imageID: "i\(number)", whaleID: whale,
                own: own(number).map { .init(imageID: "o", whaleID: whale, score: $0) },
                other: .init(imageID: "x", whaleID: "another", score: other(number)))
        }
    }

    @Test func `The threshold from validation separates the test`() throws {
        let validation = Self.samples(.validation, animals: 12, own: { _ in 0.9 }, other: { _ in 0.3 })
        let test = Self.samples(.test, animals: 4, own: { $0 < 9 ? 0.8 : nil }, other: { $0 == 0 ? 0.7 : 0.4 })
        let novelty = Novelty(validation + test, resamples: 200, seed: 1)
        // As many at 0.9 as at 0.3, so that one half is midway; Newton's method stops at a gradient of 1e-9.
        #expect(novelty.calibration.map { abs($0.threshold - 0.6) < 1e-6 } == true)
        let report = try #require(novelty.test)
        #expect(report.questions == 9 && report.animals == 3 && report.unanswerable == 3)
        #expect(report.knownFound == 1)
        // One of nine photographs is too near to another animal.
        #expect(abs(report.baus - 8.0 / 9) < 1e-12)
        #expect(report.bausOfUnanswerable == 1)
        #expect(abs(report.auroc - 1) < 1e-12)
        #expect(report.aurocInterval == 1...1)
        #expect(report.bins.map(\.count).reduce(0, +) == 18)
        // Three animals are too few for an interval.
        #expect(report.bins.allSatisfy { $0.interval == nil })
    }

    @Test func `A tenth of probability with five animals that differ has an interval, a uniform one has none`()
        throws
    {
        let validation = Self.samples(.validation, animals: 12, own: { _ in 0.9 }, other: { _ in 0.3 })
        // Three of seven animals have a photograph that is as near to its own animal as to another.
        let test = Self.samples(.test, animals: 7, own: { $0.isMultiple(of: 7) ? 0.4 : 0.85 }, other: { _ in 0.4 })
        let bins = try #require(Novelty(validation + test, resamples: 300, seed: 1).test).bins.filter { $0.count > 0 }
        let mixed = try #require(bins.first { $0.share > 0 && $0.share < 1 })
        let interval = try #require(mixed.interval)
        #expect(interval.contains(mixed.share) && interval.lowerBound < interval.upperBound)
        let alike = try #require(bins.first { $0.share == 0 || $0.share == 1 })
        #expect(alike.interval == nil)
        #expect(Novelty(validation + test, resamples: 0, seed: 1).test?.bins.allSatisfy { $0.interval == nil } == true)
    }

    @Test func `The change between two evaluations has intervals by animal, of the same queries alone`() throws {
        let validation = Self.samples(.validation, animals: 12, own: { _ in 0.9 }, other: { _ in 0.3 })
        let calibration = try #require(Novelty(validation, resamples: 0, seed: 1).calibration)
        // The threshold is 0.6. Before, nothing separates new from known; after, everything does.
        let old = Self.samples(.test, animals: 6, own: { _ in 0.5 }, other: { _ in 0.5 })
        let new = Self.samples(.test, animals: 6, own: { _ in 0.9 }, other: { _ in 0.3 })
        let change = try #require(NoveltyChange(old: (old, calibration), new: (new, calibration)))
        #expect(change.auroc.interval == 0.5...0.5)
        #expect(change.knownFound.interval == 1...1 && change.baus.interval == 0...0)
        // Of 2^6 patterns of exchanges two are as extreme.
        for probability in [change.auroc.probability, change.knownFound.probability] {
            #expect(abs(probability - 2.0 / 64) < 0.01)
        }
        #expect(change.baus.probability == 1)
        let same = try #require(NoveltyChange(old: (new, calibration), new: (new, calibration)))
        #expect([same.auroc, same.knownFound, same.baus].allSatisfy { $0.interval == 0...0 && $0.probability == 1 })
        // Each evaluation has its own scale: exchanged are ranks, and the same ones on another scale are no change.
        let scaled = Self.samples(.test, animals: 6, own: { _ in 90 }, other: { _ in 30 })
        #expect(NoveltyChange(old: (new, calibration), new: (scaled, calibration))?.auroc.probability == 1)
        // One animal of six is found, so that a resample may have it never, or three times.
        let one = Self.samples(.test, animals: 6, own: { $0 < 3 ? 0.9 : 0.5 }, other: { _ in 0.5 })
        let found = try #require(NoveltyChange(old: (old, calibration), new: (one, calibration))?.knownFound.interval)
        #expect(found.lowerBound == 0 && abs(found.upperBound - 0.5) < 0.01)
        let fewer = Array(new.dropLast(3))
        #expect(NoveltyChange(old: (old, calibration), new: (fewer, calibration)) == nil)
        let single = Array(new.prefix(3))
        let alone = try #require(NoveltyChange(old: (single, calibration), new: (single, calibration)))
        #expect([alone.auroc, alone.baus, alone.knownFound].allSatisfy { $0.interval == nil && $0.probability == 1 })
    }

    @Test func `The test does not affect the calibration`() {
        let validation = Self.samples(.validation, animals: 12, own: { _ in 0.9 }, other: { _ in 0.3 })
        let one = Self.samples(.test, animals: 6, own: { _ in 0.8 }, other: { _ in 0.4 })
        let other = Self.samples(.test, animals: 6, own: { _ in 0.1 }, other: { _ in 0.7 })
        let calibrations = [one, other].map { Novelty(validation + $0, resamples: 0, seed: 1).calibration }
        #expect(calibrations[0] != nil && calibrations[0] == calibrations[1])
    }

    @Test func `The label follows from the probability, which is one half at the threshold`() throws {
        let validation = Self.samples(
            .validation, animals: 12, own: { 0.5 + 0.04 * Double($0 % 9) }, other: { 0.3 + 0.05 * Double($0 % 7) })
        let calibration = try #require(Novelty(validation, resamples: 0, seed: 1).calibration)
        #expect(abs(calibration.probability(ofNewAt: calibration.threshold) - 0.5) < 1e-12)
        for score in stride(from: -1, through: 1, by: 0.01) {
            #expect(calibration.isNew(score) == (calibration.probability(ofNewAt: score) >= 0.5), "\(score)")
        }
        #expect(calibration.isNew(calibration.threshold - 1e-9) && !calibration.isNew(calibration.threshold + 1e-9))
    }

    @Test func `With too few photographs or animals there is no calibration, and the reason has the counts`() {
        let few = Self.samples(.validation, animals: 9, own: { _ in 0.9 }, other: { _ in 0.3 })
        let novelty = Novelty(few, resamples: 0, seed: 1)
        #expect(novelty.calibration == nil && NoveltyMeasures(novelty).auroc == nil)
        let reason =
            "there are only 27 photographs of 9 animals to fit; calibration needs at least 20 photographs of 10 animals"
        #expect(novelty.reason == reason && NoveltyMeasures(novelty).reason == reason)
        #expect(novelty.learnedFrom.auroc == 1)
        let enough = Self.samples(.validation, animals: 10, own: { _ in 0.9 }, other: { _ in 0.3 })
        #expect(Novelty(enough, resamples: 0, seed: 1).calibration != nil)
        // Ten animals with two photographs each, except one.
        let fewPhotographs = enough.enumerated().filter { $0.offset % 3 > 0 }.map(\.element).dropLast()
        let counted = Novelty(Array(fewPhotographs), resamples: 0, seed: 1).reason
        #expect(counted?.hasPrefix("there are only 19 photographs of 10 animals to fit") == true)
        let none = Novelty(few.filter { $0.part == .test }, resamples: 0, seed: 1)
        #expect(none.reason?.hasPrefix("there are no photographs to fit") == true)
    }

    @Test func `A similarity at chance level gives no probability, and the reason has the interval`() throws {
        var generator = SeededGenerator(seed: 3, "chance")
        let scores = (0..<60).map { _ in generator.normal(deviation: 0.1) }
        let others = (0..<60).map { _ in generator.normal(deviation: 0.1) }
        // Its own animal is nearer than the nearest other only by chance.
        let chance = Self.samples(.validation, animals: 20, own: { scores[$0] - 0.5 }, other: { others[$0] })
        let novelty = Novelty(chance, resamples: 0, seed: 1)
        #expect(novelty.calibration == nil)
        let interval = try #require(novelty.learnedFrom.aurocInterval)
        #expect(interval.contains(0.5))
        #expect(novelty.calibration == nil)
        let reason = try #require(novelty.reason)
        #expect(reason.hasPrefix("the similarity does not separate new from known animals (AUROC 0.50, 95% interval "))
        // The reports' bootstrap setting has no effect.
        #expect(Novelty(chance, resamples: 50, seed: 1).learnedFrom == novelty.learnedFrom)
    }

    @Test func `A flat probability is not reported, although its direction is certain`() throws {
        // Always nearer to its own animal, by much less than photographs differ: the curve falls by a few percent.
        let flat = Self.samples(
            .validation, animals: 200, own: { 0.501 + Double($0 % 3) * 0.2 }, other: { 0.5 + Double($0 % 3) * 0.2 })
        let novelty = Novelty(flat, resamples: 0, seed: 1)
        #expect(try #require(novelty.learnedFrom.aurocInterval).lowerBound > 0.5)
        #expect(novelty.calibration == nil)
        #expect(
            novelty.reason?.hasPrefix("the probability hardly depends on the similarity") == true,
            "\(novelty.reason ?? "")")
    }

    @Test func `A calibration reads back from its file; one whose probability does not fall is refused`() throws {
        let calibration = Calibration(platt: .init(slope: 6, offset: -1.5))
        #expect(calibration.threshold == 0.25)
        #expect(try JSONValue(encoding: calibration).decoded(as: Calibration.self) == calibration)
        #expect(throws: DecodingError.self) {
            try JSONValue.object(["threshold": 0, "slope": 0, "offset": 0]).decoded(as: Calibration.self)
        }
        let samples = Self.samples(.validation, animals: 12, own: { _ in 0.9 }, other: { _ in 0.3 })
        let novelty = Novelty(
            samples + Self.samples(.test, animals: 12, own: { _ in 0.8 }, other: { _ in 0.4 }), resamples: 10, seed: 1)
        #expect(novelty.test != nil)
        #expect(try JSONValue(encoding: novelty).decoded(as: Novelty.self) == novelty)
    }
}
