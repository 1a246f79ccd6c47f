import Basics

/// A calibration with what it is worth: `calibration.json`.
public struct Novelty: Sendable, Equatable {
    public let calibration: Calibration?
    /// What the calibration learned from, also where that was not enough.
    public let evidence: CalibrationEvidence
    /// On the photographs that fitted.
    public let validation: NoveltyReport?
    /// On photographs that had no part in it.
    public let test: NoveltyReport?

    /// Calibrates on validation and judges.
    ///
    /// - Parameters:
    ///   - resamples: Bootstrap resamples of the animals for the reports' intervals; 0 for none.
    ///   - seed: Fixes the resamples.
    public init(_ samples: [NoveltySample], resamples: Int, seed: UInt64) {
        let evidence = CalibrationEvidence(samples, seed: seed)
        let calibration = Calibration(evidence)
        func report(_ part: NoveltySample.Part) -> NoveltyReport? {
            calibration.flatMap {
                NoveltyReport(samples, part: part, calibration: $0, resamples: resamples, seed: seed)
            }
        }
        self.evidence = evidence
        self.calibration = calibration
        validation = report(.validation)
        test = report(.test)
    }

    static let contract: JSONValue = [
        "score": "the cosine to the nearest photograph, without query extension",
        "questions":
            "each photograph is asked twice, with its animal in the database and with that taken out, so a new animal is as likely as a known one",
        "validation": "against training and validation, photographs of its own encounter left out",
        "test": "the queries of the scenarios against their databases",
        "fit": "the photographs of validation fit the probability (Platt)",
        "threshold": "the similarity at which the probability of a new animal is 50%; at or below it an animal is new",
        "enough": .string(
            "a probability is told only if at least \(CalibrationEvidence.fewestPhotographs) photographs of "
                + "\(CalibrationEvidence.fewestAnimals) animals fit it, the 95% interval of their AUROC by resampling "
                + "animals (\(CalibrationEvidence.resamples) resamples) lies above 0.5, and the probability falls by at "
                + "least \(NumberText.percent(CalibrationEvidence.leastFall, 0)) over their similarities"),
        "reliability": .string(
            "95% intervals of the shares by resampling animals; none where a tenth of probability has fewer than "
                + "\(NoveltyReport.fewestAnimals) animals, or all its questions have one answer"),
        "known_found": "the nearest animal is right and above the threshold; averaged by animal",
        "baus": "BAUS: at or below the threshold with the animal taken out; averaged by animal",
        "baus_unanswerable": "the same of queries whose animal the database lacks in truth",
    ]

    /// The whole.
    public var json: JSONValue {
        [
            "calibration": calibration?.json ?? .null, "validation": validation?.json ?? .null,
            "test": test?.json ?? .null, "contract": Self.contract, "learned_from": evidence.json,
            "reason": evidence.reason.map(JSONValue.string) ?? .null,
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
        var members: [String: JSONValue] = [
            "threshold": calibration.map { .number($0.threshold) } ?? .null,
            "reason": evidence.reason.map(JSONValue.string) ?? .null,
        ]
        for name in names { members[name] = test[name] ?? .null }
        return .object(members)
    }
}
