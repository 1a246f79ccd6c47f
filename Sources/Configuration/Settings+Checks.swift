import Basics
import Catalog

extension Settings {
    /// Models that one configuration trains at most.
    private static let mostModels = 10_000

    /// What options say against each other.
    func problems(in path: String) -> ProblemList {
        var problems = ProblemList()
        func check(_ holds: Bool, _ problem: String, _ remedy: String) {
            if !holds { problems.add(path, problem, remedy) }
        }
        if case .listed(let patterns) = data.patterns {
            for error in patterns.compactMap(\.flaw) { check(false, "'data.patterns': \(error.problem)", error.remedy) }
        }
        let names = train.members.map(\.name)
        check(Set(names).count == names.count, "two members of the ensemble share a name", "Give each its own.")
        let remedy = "Use letters, digits, '-', '_' and '.' only, and begin with a letter or digit."
        check(names.allSatisfy(\.isPlainName), "a member's name is no file name", remedy)
        let asked = scenarios?.map(\.name) ?? []
        check(Set(asked).count == asked.count, "two scenarios share a name", "Give each its own.")
        check(asked.allSatisfy(\.isPlainName), "a scenario's name is no file name", remedy)
        check(
            precision != .float16 || device != .cpu, "precision float16 takes a graphics card, but device is cpu",
            "Write precision: bfloat16, or device: cuda.")
        check(Set(seeds).count == seeds.count, "'seeds' has a number twice", "Keep each once.")
        check(Set(folds).count == folds.count, "'split.fold' has a number twice", "Keep each once.")
        let models = train.members.count * seeds.count * folds.count
        check(
            models <= Self.mostModels, "members, seeds and folds make \(models) models",
            "Keep to \(Self.mostModels).")
        if let fold = folds.first(where: { $0 >= split.folds }) {
            check(
                false, "split.fold is \(fold) but there are \(split.folds) folds", "Set it within 0…\(split.folds - 1)."
            )
        }
        for member in train.members {
            let foreign = (member.folds ?? []).filter { !folds.contains($0) }
            check(
                foreign.isEmpty, "the member \(quoted: member.name) is for folds that are not trained: \(foreign)",
                "Name them in split.fold, too.")
            check(
                member.folds == nil || search.join == .folds,
                "the member \(quoted: member.name) is not for all folds, so that each fold has another ensemble",
                "Write search.join: folds to have one of all, or take the member's folds out.")
        }
        let untrained = train.members.filter { !train.trains($0) }
        for member in untrained {
            guard case .whole(let weights) = member.weights, weights != MemberWeights.unnamed else {
                check(
                    false, "the member \(quoted: member.name) is not trained and has no weights for its whole backbone",
                    "Give it weights: a safetensors file or hf-hub:timm/NAME, or train it.")
                continue
            }
        }
        check(
            untrained.count < train.members.count || seeds.count == 1,
            "'seeds' has \(seeds.count) numbers, but nothing is trained that a seed could change",
            "Keep one, or train a member.")
        check(
            train.schedule.warmupEpochs < train.schedule.epochs,
            "train.schedule warms up for \(train.schedule.warmupEpochs) of \(train.schedule.epochs) epochs",
            "Warm up for fewer.")
        check(
            train.sampler.kind != .balanced || train.batchSize.isMultiple(of: train.sampler.images),
            "train.batch-size \(train.batchSize) does not part into animals of train.sampler.images "
                + "\(train.sampler.images)", "Make it a multiple.")
        if let early = expand.dropLast().first(where: \.kind.ranks) {
            check(
                false, "'expand' has steps after \(quoted: early.kind.rawValue), which ranks what the others moved",
                "Put it last, and one such alone.")
        }
        check(
            Set(sweep.neighbours).count == sweep.neighbours.count && Set(sweep.alpha).count == sweep.alpha.count,
            "'sweep' has a number twice", "Keep each once.")
        let head = train.head
        check(
            head.marginLow <= head.marginHigh,
            "train.head.margin-low is \(head.marginLow) but margin-high is \(head.marginHigh)", "Exchange them.")
        let most = head.marginFactor + head.marginOffset
        check(
            most <= HeadSettings.angles.upperBound,
            "train.head.margin-factor and margin-offset give an animal of one photograph a margin of \(most)",
            "Keep their sum within \(HeadSettings.angles.upperBound) radians.")
        return problems
    }
}

extension String {
    fileprivate var isPlainName: Bool {
        first.map { $0.isLetter || $0.isNumber } == true
            && allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }
}
