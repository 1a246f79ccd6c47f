import Basics
import Foundation
import Testing

@testable import Reports

/// The configuration in words, and the conclusions from an evaluation.
struct MethodValuesTests {
    private static func markdown(_ configuration: JSONValue, _ value: String) throws -> String {
        let pod = try Pod()
        pod.configuration = configuration
        return try pod.markdown("xx`{wb} method.\(value)`yy\n")
    }

    @Test(
        arguments: [
            (
                ["train": ["loss": ["kind": "focal", "gamma": 2, "reduction": "sample"]]], "loss",
                "the focal loss with γ 2 on"
            ),
            (["train": ["loss": ["kind": "cross-entropy"]]], "loss", "cross-entropy"),
            (
                ["train": ["pooling": ["kind": "gem", "p": 3, "learned": true]]], "pooling",
                "(GeM) pooling with a learned"
            ),
            (
                ["train": ["head": ["kind": "arcface", "margin": 0.1, "scale": 16]]], "head",
                "ArcFace, margin 0.1 radians, scale 16"
            ),
            (
                ["train": ["augment": ["rotate": 10, "shift": 0.05, "crop": 0.9, "jpeg-quality": 100, "cutout": 0]]],
                "augmentation", "xxa crop to 90% or more of the area, shift by up to 5%, rotation by up to 10°yy"
            ),
            (
                ["train": ["augment": ["hue": 40, "saturation": 51, "crop": 1, "jpeg-quality": 80, "cutout": 0.4]]],
                "augmentation",
                "xxJPEG compression to a quality from 80, hue by up to 80°, saturation by up to 20%, a black square, 40% of "
                    + "the side, on half of the photographsyy"
            ), (["train": ["augment": ["crop": 1]]], "augmentation", "xxnoneyy"),
            (
                ["train": ["pooling": ["kind": "gem"]]], "pooling_reason",
                "It gives strong features more weight than a mean would."
            ),
            (["train": ["pooling": ["kind": "average"]]], "pooling_reason | or(\"\")", "xxyy"),
            (["train": ["head": ["kind": "linear"]]], "head_reason | or(\"\")", "xxyy"),
            (["train": ["loss": ["kind": "focal", "reduction": "batch"]]], "loss_reason", "It gives batches that"),
            (
                ["train": ["pooling": ["kind": "dolg"], "head": ["kind": "arcface", "margin-rule": "power"]]],
                "untried",
                "xxNo run here used these ideas of the 3rd place: sub-centre ArcFace, hybrids of a CNN and Swin, "
                    + "database augmentation.yy"
            ),
            (
                [
                    "train": ["members": [["backbone": "swin_tiny_tf_efficientnet_b0_window7_224"]]],
                    "expand": [["kind": "database-augmentation", "neighbours": 3]],
                ], "untried", "DOLG pooling, sub-centre ArcFace, a margin for each animal.yy"
            ),
            (["match": ["kind": "sift"]], "approach", "compare photographs as a whole, and marks of the skin"),
            (
                [
                    "train": [
                        "neck": ["embedding": 64, "dropout": 0],
                        "members": [
                            ["name": "a", "backbone": "b", "weights": "none"],
                            ["name": "b", "backbone": "b", "weights": "none"],
                        ],
                    ]
                ], "neck",
                "xxa linear layer to 64 numbers, then batch norm, without dropoutyy"
            ),
            (
                [
                    "train": [
                        "neck": ["embedding": 512, "dropout": 0.2],
                        "members": [
                            ["name": "a", "backbone": "b", "weights": "none"],
                            [
                                "name": "b", "backbone": "b", "weights": "none",
                                "neck": ["embedding": 64, "dropout": 0],
                            ],
                        ],
                    ]
                ], "neck",
                "xxdropout of 20%, then a linear layer to 512 numbers, then batch norm; or a linear layer to 64 numbers, then "
                    + "batch norm, without dropoutyy"
            ),
            (
                ["train": ["kind": "none", "members": [["name": "a", "backbone": "b", "weights": "none"]]]], "neck",
                "xxnoneyy"
            ),
            (["match": ["kind": "off"]], "marks", "not matched"),
            (["train": ["kind": "none"]], "rate", "none"),
            (
                [
                    "train": [
                        "optimizer": ["learning-rate": 0.002, "backbone-learning-rate": 0.002],
                        "schedule": ["kind": "cosine", "warmup-epochs": 2],
                    ]
                ], "rate", "0.002 for all layers, falling by a cosine after 2 epochs of warm-up"
            ),
            (
                [
                    "train": [
                        "optimizer": ["learning-rate": 0.001, "backbone-learning-rate": 0.0003],
                        "schedule": ["kind": "write-up"],
                    ]
                ], "rate", "0.001, for the backbone 0.0003, rising tenfold and then falling by a cosine"
            ),
            (["match": ["kind": "off"]], "ranking", "the cosine"),
            (["match": ["kind": "sift"]], "ranking", "the mean of probabilities"),
            (["match": ["kind": "sift", "keypoints": 512, "verified": 9]], "marks", "at most 512 on a photograph"),
            (["expand": []], "extension", "none"),
            (
                ["expand": [["kind": "alpha-qe", "neighbours": 3, "alpha": 3]]], "extension",
                "its 3 nearest photographs"
            ),
            (["split": ["kind": "encounter"]], "split", "whole encounters"),
        ] as [(JSONValue, String, String)])
    func `The configuration is in words`(configuration: JSONValue, value: String, words: String) throws {
        #expect(try Self.markdown(configuration, value).contains(MarkdownText.escaped(words)))
    }

    @Test func `The effect of query extension and the use of the probabilities are concluded`() throws {
        let markdown = try Pod().markdown(
            "`{wb} evaluate.findings.extension`\n\n`{wb} evaluate.findings.extension_queries`\n\n`{wb} evaluate.findings.probabilities | or(none)`\n"
        )
        #expect(markdown.contains("It is not shown to help: mAP@20 went from 0.500 to 0.512 (+0.012"))
        #expect(markdown.contains("The average precision rose for 2 queries, fell for 1 and stayed the same for 1.\n"))
    }

    @Test func `The effects of marks and of networks on each other are concluded`() throws {
        let markdown = try Pod().markdown(
            "`{wb} evaluate.findings.marks | or(none)`\n\n`{wb} evaluate.findings.network | or(none)`\n\n"
                + "`{wb} evaluate.findings.network_training | or(none)`\n")
        #expect(
            markdown.contains("Training raises mAP@20 of the networks alone from 0.125 to 0.500 (p \\< 0.001).\n"))
        #expect(markdown.contains("They raise mAP@20 from 0.500 to 0.625 (p \\< 0.001).\n"))
        #expect(markdown.contains("It changes mAP@20 from 0.250 to 0.625, which may be chance (p = 0.011).\n"))
    }
}
