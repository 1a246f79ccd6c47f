import Basics
import Configuration
import Foundation
import Testing

@testable import Training

/// The configurations of `configs/`, each trained on small photographs with small networks of its families.
struct WrittenConfigurationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "configs")

    @Test func `Every configuration is tested here, or needs its own photographs`() throws {
        // A run with one of them leaves its store in the same folder.
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { !$0.hasPrefix(".") }
        #expect(names.sorted() == (Self.names + ["belugas", "nyala"]).map { "\($0).yaml" }.sorted())
    }

    private static let names = ["write-up", "first-place", "second-place", "fourth-place", "swin"]

    /// A network of the same family that trains in seconds.
    private static let small = [
        "tf_efficientnet_": "tf_efficientnet_lite0", "tf_efficientnetv2_": "tf_efficientnet_lite0",
        "convnext_": "convnext_atto", "swin_": "swin_tiny_patch4_window7_224",
    ]

    @Test(arguments: names)
    func `It trains at reduced size with finite losses`(name: String) throws {
        let pond = try Pond()
        defer { pond.remove() }
        let configuration = try Configuration.read(
            Self.folder.appending(path: "\(name).yaml"),
            overrides: ["train.batch-size=8", "train.schedule.epochs=2", "train.schedule.warmup-epochs=1"])
        for var member in configuration.train.members {
            var train = configuration.train.applied(to: member)
            let family = try #require(Self.small.keys.first { member.backbone.hasPrefix($0) })
            member.backbone = try #require(Self.small[family])
            member.weights = .none
            // DOLG's widest dilations need a larger map; two pixels are enough for the others.
            member.imageSize = 64
            train.members = [member]
            train.neck.embedding = 16
            var job = try pond.job(into: "\(name)-\(member.name)")
            (job.member, job.train) = (member, train)
            try job.perform { _ in }
            let history = try CSVTable.read(URL(filePath: job.output).appending(path: "history.csv"))
            let losses = history.rows.compactMap { Double($0[5]) }
            #expect(losses.count == 2 && losses.allSatisfy(\.isFinite), "\(member.name): \(losses)")
        }
    }

    @Test func `The write-up's configuration has the write-up's models`() throws {
        let configuration = try Configuration.read(Self.folder.appending(path: "write-up.yaml"))
        let members = configuration.train.members
        #expect(members.map(\.imageSize) == [320, 384, 320] && members.map(\.weight) == [1, 1, 0.75])
        #expect(members.map { $0.folds ?? configuration.folds } == [[0, 1, 2, 4], [0, 1, 2, 3, 4], [0, 2, 3, 4]])
        #expect(members.map { configuration.train.applied(to: $0).neck.dropout } == [0, 0.2, 0.4])
        #expect(members.map { configuration.train.applied(to: $0).pooling.kind } == [.average, .gem, .gem])
    }
}
