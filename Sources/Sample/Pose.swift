import Basics

/// A whale's pose at one moment; angles in radians.
struct Pose: Sendable {
    /// Horizontal turn of the tail against the chest, positive to the left.
    var bend = 0.0
    /// Vertical turn of the tail against the chest, positive upwards.
    var arch = 0.0
    /// Turn of the head on the neck, rare in whales other than belugas.
    var headTurn = 0.0
    /// Turn about the long axis; if positive, the left flank sinks.
    var roll = 0.0
    /// Lift of the fluke within its stroke.
    var stroke = 0.0
    /// Height of the spine above the water's level, in body lengths.
    var height = 0.0

    static func drawn(lateral: Bool, generator: inout SeededGenerator) -> Pose {
        Pose(
            bend: generator.normal(deviation: 0.13), arch: generator.normal(mean: -0.12, deviation: 0.08),
            headTurn: generator.normal(deviation: 0.14), roll: generator.normal(deviation: lateral ? 0.1 : 0.13),
            stroke: generator.normal(deviation: 0.3),
            height: lateral ? generator.uniform(-0.015...0.03) : generator.uniform(-0.11 ... -0.04))
    }
}

/// The centre line of a posed whale, with the axes of its cross sections.
struct Spine: Sendable {
    struct Station: Sendable {
        /// The share of body length from the snout.
        let along: Float
        let position: Vector
        let forward: Vector
        let left: Vector
        let up: Vector
    }

    let stations: [Station]

    /// Bends the line as in a pose; the stations are at `alongs`, ascending from 0 to 1.
    init(_ pose: Pose, at alongs: [Float]) {
        var stations: [Station] = []
        var position = Vector(0.45, 0, Float(pose.height))
        var before: Float = 0
        let (sinRoll, cosRoll) = (Float(pose.roll).sine, Float(pose.roll).cosine)
        for along in alongs {
            // The tail swings most; the chest stays still.
            let tail = along.step(0.3, 1)
            let yaw = Float(-pose.bend) * tail * 1.6 + Float(pose.headTurn) * (1 - along.step(0.06, 0.26))
            let pitch = Float(-pose.arch) * tail * 1.5
            let forward = Vector(yaw.cosine * pitch.cosine, yaw.sine * pitch.cosine, pitch.sine)
            position -= forward * (along - before)
            before = along
            let level = Vector(-yaw.sine, yaw.cosine, 0)
            let upright = forward.cross(level)
            stations.append(
                Station(
                    along: along, position: position, forward: forward,
                    left: level * cosRoll - upright * sinRoll, up: upright * cosRoll + level * sinRoll))
        }
        self.stations = stations
    }
}
