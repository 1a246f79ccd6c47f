import Testing

@testable import Evaluation

@Suite struct SimilarityHistogramTests {
    private static func sample(_ own: Double?, _ other: Double?, _ part: NoveltySample.Part = .test) -> NoveltySample {
        func match(_ score: Double?) -> NoveltySample.Match? {
            score.map { NoveltySample.Match(imageID: "i", whaleID: "w", score: $0) }
        }
        return NoveltySample(part: part, queryID: "q", imageID: "i", whaleID: "w", own: match(own), other: match(other))
    }

    @Test func `A photograph counts by its best match, and again without its own animal`() throws {
        let histogram = try #require(
            SimilarityHistogram(
                [
                    Self.sample(0.92, 0.61), Self.sample(0.5, 0.61), Self.sample(-0.02, -0.11),
                    // Neither can be a query both ways.
                    Self.sample(nil, 0.3), Self.sample(0.3, nil), Self.sample(0.99, 0.98, .validation),
                ], width: 0.1))
        // The worst best match is -0.11, the best 0.92.
        #expect(histogram.range == -0.2...1.0)
        #expect(histogram.known == [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1])
        #expect(histogram.new == [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0])
    }

    @Test func `A cosine of 1, also if rounded up, belongs to the last bin`() throws {
        let histogram = try #require(SimilarityHistogram([Self.sample(1, 0.95), Self.sample(1.000_000_1, 0.95)]))
        #expect(histogram.range == 0.95...1 && histogram.known == [2])
        #expect(SimilarityHistogram([Self.sample(.nan, .nan)]) == nil)
    }

    @Test func `Without a query that works both ways there is no histogram`() {
        #expect(SimilarityHistogram([Self.sample(nil, 0.3)]) == nil)
    }
}
