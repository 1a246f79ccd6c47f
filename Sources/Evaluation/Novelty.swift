import Basics

/// A calibration with what it is worth: `calibration.json`.
public struct Novelty: Sendable, Equatable {
    public let calibration: Calibration?
    /// On the photographs that fitted and chose.
    public let validation: NoveltyReport?
    /// On photographs that had no part in it.
    public let test: NoveltyReport?
    /// Why nothing was calibrated; nil where it was.
    let reason: String?

    /// Calibrates on validation and judges.
    ///
    /// - Parameters:
    ///   - resamples: Bootstrap resamples of the animals; 0 for no interval.
    ///   - seed: Deals the animals of validation, and fixes the resamples.
    public init(_ samples: [NoveltySample], resamples: Int, seed: UInt64) {
        let calibration = Calibration(samples, seed: seed)
        func report(_ part: NoveltySample.Part) -> NoveltyReport? {
            calibration.flatMap {
                NoveltyReport(samples, part: part, calibration: $0, resamples: resamples, seed: seed)
            }
        }
        self.calibration = calibration
        reason =
            if calibration != nil {
                nil
            } else if !samples.contains(where: { $0.part == .validation }) {
                "no photograph of validation is there that no model was trained on"
            } else {
                "too few photographs of validation have another one of their animal from another encounter; "
                    + "\(Calibration.fewest) in each half are needed"
            }
        validation = report(.validation)
        test = report(.test)
    }

    static let contract: JSONValue = [
        "score": "the cosine to the nearest photograph, without query extension",
        "questions":
            "each photograph is asked twice, with its animal in the database and with that taken out, so a new animal is as likely as a known one",
        "validation": "against training and validation, photographs of its own encounter left out",
        "test": "the queries of the scenarios against their databases",
        "fit": "half of the validation's animals fit the probability (Platt), the others choose the threshold (Youden)",
        "reliability": .string(
            "95% intervals of the shares by resampling animals; none where a tenth of probability has fewer than "
                + "\(NoveltyReport.fewestAnimals) animals, or all its questions have one answer"),
        "known_found": "the nearest animal is right and at or above the threshold; averaged by animal",
        "baus": "BAUS: below the threshold with the animal taken out; averaged by animal",
        "baus_unanswerable": "the same of queries whose animal the database lacks in truth",
    ]

    /// The whole.
    public var json: JSONValue {
        [
            "calibration": calibration?.json ?? .null, "validation": validation?.json ?? .null,
            "test": test?.json ?? .null, "contract": Self.contract,
            "reason": reason.map(JSONValue.string) ?? .null,
        ]
    }

    /// What stands in `evaluation.json`; every part is null where nothing could be calibrated or judged.
    public var headline: JSONValue {
        let test = test?.json.object ?? [:]
        let names = [
            "questions", "auroc", "auroc_interval", "known_found", "known_found_interval", "baus", "baus_interval",
            "baus_unanswerable",
            "calibration_error", "brier",
        ]
        var members: [String: JSONValue] = ["threshold": calibration.map { .number($0.threshold) } ?? .null]
        for name in names { members[name] = test[name] ?? .null }
        return .object(members)
    }
}
