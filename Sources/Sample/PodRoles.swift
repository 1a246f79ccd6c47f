import Basics

/// Chooses the encounters for scenarios and those that show flanks.
struct PodRoles {
    /// The use of a whale's images.
    enum Role {
        /// All images are in scenarios: training never sees the whale.
        case unseen
        /// Some encounters are in scenarios, the others train.
        case known
        /// All images train.
        case training
    }

    /// The share of whales that training never sees.
    static let unseenShare = 0.27
    /// The share of images in scenarios.
    static let reservedShare = 0.40
    /// The share of images that show a flank, in scenarios and in training.
    static let lateralShares = (reserved: 0.055, training: 0.1)

    let roles: [Role]

    /// Assigns the roles and marks the encounters in `encounters`, one list for each whale.
    init(_ counts: PodCounts, encounters: inout [[Encounter]], seed: UInt64) {
        var generator = SeededGenerator(seed: seed, "roles")
        let order = generator.shuffled(counts.kinds.indices)
        var roles = Array(repeating: Role.training, count: order.count)
        var reserved = 0

        let singles = order.filter { counts.kinds[$0] == .single }
        let ordinary = order.filter { counts.kinds[$0] == .ordinary && encounters[$0].count > 1 }
        let unseen = max(1, Int((Self.unseenShare * Double(order.count)).rounded()))
        // Whales with a single image make the databases harder, as strangers do in practice.
        let strangers = min(singles.count, Int((0.16 * Double(unseen)).rounded()))
        for whale in singles.prefix(strangers) + ordinary.prefix(unseen - strangers) {
            roles[whale] = .unseen
            for index in encounters[whale].indices { encounters[whale][index].isReserved = true }
            reserved += counts.images[whale]
        }

        let images = counts.images.reduce(0, +)
        let budget = Int(Self.reservedShare * Double(images))
        let candidates = order.filter { roles[$0] == .training && encounters[$0].count > 2 }
        for whale in candidates {
            // Keeps at least one encounter for training, and needs two in scenarios for a query and a match.
            let most = min(encounters[whale].count - 1, 4)
            let sizes = encounters[whale].map(\.imageCount)
            let taken = most <= 2 ? 2 : generator.integer(in: 2..<most + 1)
            let cost = sizes.prefix(taken).reduce(0, +)
            if reserved + cost > budget { continue }
            roles[whale] = .known
            for index in 0..<taken { encounters[whale][index].isReserved = true }
            reserved += cost
        }
        self.roles = roles
        assignFlanks(&encounters, order: generator.shuffled(order), images: images)
    }

    /// Turns encounters into flank views; in scenarios, only if the whale keeps some views from above there.
    private func assignFlanks(_ encounters: inout [[Encounter]], order: [Int], images: Int) {
        for (isReserved, share) in [(true, Self.lateralShares.reserved), (false, Self.lateralShares.training)] {
            var left = Int((share * Double(images)).rounded())
            let known = order.filter { roles[$0] == .known }
            let others = order.filter { roles[$0] == (isReserved ? .unseen : .training) }
            for whale in Self.alternating(known, others) where left > 0 {
                let open = encounters[whale].indices.filter {
                    encounters[whale][$0].isReserved == isReserved && !encounters[whale][$0].isLateral
                }
                // A whale in the scenarios should keep two encounters of top views if possible.
                guard open.count > 1, let index = open.last, encounters[whale][index].imageCount <= left + 2
                else { continue }
                encounters[whale][index].isLateral = true
                left -= encounters[whale][index].imageCount
            }
        }
    }

    private static func alternating(_ first: [Int], _ second: [Int]) -> [Int] {
        (0..<max(first.count, second.count)).flatMap { index in
            [first, second].compactMap { index < $0.count ? $0[index] : nil }
        }
    }
}
