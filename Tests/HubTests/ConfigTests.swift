import Basics
import Foundation
import Hub
import Testing

/// The `config.json` of published models.
final class ConfigTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "config-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func read(_ text: String) throws -> PublishedModel {
        let file = folder.appending(path: PublishedModel.file)
        try AtomicFile.write(text, to: file)
        return try PublishedModel.read(file)
    }

    @Test func `A file of timm settles architecture and input`() throws {
        let model = try read(
            """
            {"architecture": "swin_tiny_patch4_window7_224", "num_classes": 0, "num_features": 768, "global_pool": "avg",
             "model_args": {"num_classes": 0, "in_chans": 3, "global_pool": "avg", "img_size": [256, 256]},
             "pretrained_cfg": {"input_size": [3, 224, 224], "fixed_input_size": true, "interpolation": "bicubic",
              "crop_pct": 0.9, "crop_mode": "center", "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.25, 0.125],
              "license": "mit"}}
            """)
        #expect(model.backbone == "swin_tiny_patch4_window7_224")
        #expect(model.imageSize == 256, "the size that a network of one size was built for")
        #expect(model.mean == [0.5, 0.4, 0.3] && model.deviation == [0.5, 0.25, 0.125])
        #expect(model.interpolation == .bicubic && model.fit == .crop && model.cropShare == 0.9)
        #expect(model.features == .average && model.licence == "mit")
    }

    @Test func `What a file of timm does not state has timm's defaults, also in the older form of one level`() throws {
        for text in [#"{"architecture": "a", "pretrained_cfg": {}}"#, #"{"architecture": "a"}"#] {
            let model = try read(text)
            #expect(model.imageSize == 224 && model.interpolation == .bicubic)
            #expect(model.mean == [0.485, 0.456, 0.406] && model.deviation == [0.229, 0.224, 0.225])
            #expect(model.fit == .crop && model.cropShare == 0.875)
            #expect(model.features == nil && model.licence == nil)
        }
        let old = try read(
            #"{"architecture": "a", "input_size": [3, 96, 96], "crop_mode": "squash", "crop_pct": 1, "interpolation": "bilinear"}"#
        )
        #expect(old.imageSize == 96 && old.fit == .stretch && old.cropShare == 1 && old.interpolation == .bilinear)
        // A network that accepts any size is given that of its input.
        let free = try read(
            #"{"architecture": "a", "model_args": {"img_size": 518}, "pretrained_cfg": {"input_size": [3, 98, 98]}}"#)
        #expect(free.imageSize == 98)
    }

    @Test func `A file of MiewID names its backbone, and has the input of its model card`() throws {
        let model = try read(
            #"{"model_type": "miewid", "model_name": "efficientnetv2_rw_m", "use_fc": false, "n_classes": 10}"#)
        #expect(model.backbone == "miewid_efficientnetv2_rw_m" && model.imageSize == 440)
        #expect(model.mean == [0.485, 0.456, 0.406] && model.deviation == [0.229, 0.224, 0.225])
        #expect(model.fit == .stretch && model.cropShare == 1 && model.interpolation == .bilinear)
    }

    @Test(arguments: [
        ("", "this is not JSON of an object"), ("[]", "this is not JSON of an object"),
        ("{}", "'architecture' is missing"),
        (#"{"model_type": "swinv2"}"#, "this is a model of the type 'swinv2', which is not known"),
        (#"{"model_type": "miewid"}"#, "'model_name' is missing"),
        (#"{"model_type": "miewid", "model_name": "a", "use_fc": true}"#, "'use_fc' is true"),
        (#"{"architecture": "a", "mean": [0.5]}"#, "'mean' is not three numbers"),
        (#"{"architecture": "a", "std": [0.5, 0, 0.5]}"#, "'std' has a number that is not above 0"),
        (#"{"architecture": "a", "input_size": [3, 224, 256]}"#, "'input_size' is not a square"),
        (#"{"architecture": "a", "input_size": [1, 224, 224]}"#, "'input_size' is not that of a colour picture"),
        (#"{"architecture": "a", "input_size": [3, 1000000, 1000000]}"#, "'input_size' is not a square"),
        (#"{"architecture": "a", "crop_pct": 1.5}"#, "'crop_pct' is not in 0…1"),
        (#"{"architecture": "a", "crop_mode": "border"}"#, "'crop_mode' is 'border', which is not known"),
        (#"{"architecture": "a", "interpolation": "random"}"#, "'interpolation' is 'random', which is not known"),
        (#"{"architecture": "a", "model_args": {"embed_dim": 9}}"#, "'model_args' has 'embed_dim', which is not known"),
        (#"{"architecture": "a", "model_args": {"in_chans": 1}}"#, "'in_chans' is not 3"),
        (#"{"architecture": "a", "model_args": {"global_pool": "map"}}"#, "'global_pool' is 'map', which is not known"),
    ])
    func `A file of another form says what is not known, and what to do`(text: String, words: String) {
        let error = #expect(throws: FileError.self) { try self.read(text) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("\(folder.path)/config.json: ") == true)
    }

    @Test func `A file of more than a mebibyte is refused`() {
        let error = #expect(throws: FileError.self) { try self.read(String(repeating: " ", count: 1 << 21)) }
        #expect(error != nil)
    }

    @Test func `Known models are found at any revision`() throws {
        for text in ["hf-hub:BVRA/MegaDescriptor-L-384", "hf-hub:BVRA/MegaDescriptor-L-384@main"] {
            let model = try #require(try KnownModel.named(HubReference(text)))
            #expect(model.backbone == "swin_large_patch4_window12_384" && model.licence == "cc-by-nc-4.0")
        }
        #expect(try KnownModel.named(HubReference("hf-hub:someone/MegaDescriptor-L-384")) == nil)
    }
}
