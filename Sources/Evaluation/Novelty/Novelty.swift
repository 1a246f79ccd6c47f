import Basics

/// A calibration and its quality: `calibration.json`.
public struct Novelty: Sendable, Equatable, Codable {
    @OrNull public private(set) var calibration: Calibration?
    /// The data of the calibration, even if they were insufficient.
    public let learnedFrom: CalibrationEvidence.Counts
    /// Why there is no calibration; nil if there is one.
    @OrNull public private(set) var reason: String?
    /// On the photographs used for fitting.
    @OrNull public private(set) var validation: NoveltyReport?
    /// On photographs not used for fitting.
    @OrNull public private(set) var test: NoveltyReport?
    /// How each part was counted, by its name.
    public let contract: [String: String]

    private enum CodingKeys: String, CodingKey {
        case calibration, reason, validation, test, contract
        case learnedFrom = "learned_from"
    }

    /// Calibrates on validation and assesses the result.
    ///
    /// The reports' intervals come from `resamples` bootstrap resamples of the animals, fixed by `seed`; 0 gives no
    /// interval.
    public init(_ samples: [NoveltySample], resamples: Int, seed: UInt64) {
        let evidence = CalibrationEvidence(samples, seed: seed)
        let calibration = Calibration(evidence)
        func report(_ part: NoveltySample.Part) -> NoveltyReport? {
            calibration.flatMap {
                NoveltyReport(samples, part: part, calibration: $0, resamples: resamples, seed: seed)
            }
        }
        learnedFrom = evidence.counts
        reason = evidence.reason
        self.calibration = calibration
        validation = report(.validation)
        test = report(.test)
        contract = Self.contract
    }

    private static let contract = [
        "score": "the cosine to the nearest photograph, without query extension",
        "questions":
            "each photograph is a query twice, with its animal in the database and with it taken out, so new and known "
            + "are equally likely",
        "validation": "against training and validation, without photographs of its own encounter",
        "test": "the queries of the scenarios against their databases",
        "fit": "the validation photographs fit the probability (Platt)",
        "threshold": "the similarity at which the probability of a new animal is 50%; at or below it an animal is new",
        "enough":
            "a probability is reported only if at least \(CalibrationEvidence.fewestPhotographs) photographs of "
            + "\(CalibrationEvidence.fewestAnimals) animals fit it, the 95% interval of their AUROC by resampling "
            + "animals (\(CalibrationEvidence.resamples) resamples) is above 0.5, and the probability falls by at "
            + "least \(NumberText.percent(CalibrationEvidence.leastFall, 0)) over their similarities",
        "reliability":
            "95% intervals of the shares by resampling animals; none if a tenth of probability has fewer than "
            + "\(NoveltyReport.fewestAnimals) animals, or only new or only known ones",
        "known_found": "the nearest animal is right and above the threshold; averaged by animal",
        "baus": "BAUS: at or below the threshold with the animal taken out; averaged by animal",
        "baus_unanswerable": "the same for queries whose animal is not in the database",
    ]
}
