import Basics
import Foundation
import Results
import Testing

@testable import Reports

struct ValueTests {
    @Test(arguments: [
        ("evaluate.pooled.interval | percent(0)", "40% to 60%"),
        ("evaluate.pooled.interval | fixed(2)", "0.40 to 0.60"),
        ("evaluate.pooled.map | fixed(4)", "0.5125"), ("evaluate.pooled.map | percent(1)", "51.2%"),
        ("train.parameters | thousands", "3,371,000"), ("config.train.head.margin", "0.3"),
        ("config.train.batch-size", "32"), ("params.k", "20"),
        ("evaluate.pooled.interval | join(\" to \")", "0.4 to 0.6"),
        ("train.classes | count", "3"), ("train.classes | plural(class, classes)", "3 classes"),
        ("split.train.photographs | plural(photograph, photographs)", "6 photographs"),
        ("split.test.unseen_animals | plural(animal, animals)", "1 animal"),
        ("split.leaks", "The check for leaks found none; not checked: near-duplicate."),
        ("machine.memory_bytes | bytes", "8.0 GiB"),
        ("run.stages.train.seconds | duration", "7.5 s"), ("data.photographs", "20"), ("data.name", "pod"),
        ("evaluate.gains.training | signed(4)", "+0.2625"), ("train.history.best.epoch", "2"),
        ("evaluate.pooled.seeds.deviation | fixed(3) | or(unknown)", "unknown"),
        ("config.train.head | options", "arcface, margin 0.3, scale 20"),
        ("evaluate.pooled.seeds | plus-minus(2)", "0.51 (one seed, spread unknown)"),
        ("evaluate.pooled.folds | plus-minus(4)", "0.5125 ± 0.0185"),
        ("train.parameters | si", "3.37\u{A0}M"), ("train.parameters | si(2)", "3.4\u{A0}M"),
        ("evaluate.counts.missed", "1"), ("train[member=lite0,seed=1].parameters | integer", "3371000"),
    ])
    func `A path with its formatter gives its text`(expression: String, text: String) throws {
        let markdown = try Pod().markdown("---\nparams: {k: 20}\n---\nxx`{wb} \(expression)`yy\n")
        #expect(markdown.contains("xx\(MarkdownText.escaped(text))yy"))
    }

    @Test(arguments: [
        ("evaluate.pooled.mapp", "Did you mean 'evaluate.pooled.map'?"),
        ("evaluat.pooled.map", "Did you mean 'evaluate'?"),
        ("parms.k", "Did you mean 'params'?"), ("params.kk", "Did you mean 'params.k'?"),
        ("train[membr=lite0].parameters", "Did you mean 'member'?"),
        ("train[member=b5].parameters", "There are: train lite0 seed 1 fold 0."),
        ("evaluate.pooled.map | fixd(4)", "Did you mean 'fixed'?"),
        ("evaluate.pooled", "Choose one: animals"),
        ("evaluate.pooled.map | fixed", "Write fixed(2), from 0 to 12."),
        ("data.name | fixed(2)", "Use another formatter"), ("data.name | si", "needs a number"),
        ("data.photographs | si(0)", "Write si(2), from 1 to 12."),
        ("evaluate.pooled.map | plus-minus(4)", "such as evaluate.pooled.seeds, but the value is 0.5125"),
        ("evaluate.pooled.seeds.deviation | plus-minus(4)", "has no value in this run. Add a fallback"),
        ("evaluate.pooled.seeds | plus-minus", "Write plus-minus(2), from 0 to 12."),
        ("evaluate.pooled.seeds | plusminus(4)", "Did you mean 'plus-minus'?"),
        ("evaluate.pooled.seeds.deviation", "has no value in this run. Add a fallback"),
        ("embed.node.key", "Run 'whalebook run embed'"),
        ("a b", "Write names with dots between"), ("evaluate.pooled.map | fixed(2) | percent(1)", "Keep one"),
    ])
    func `A value that cannot be given is an error with its line and a remedy`(expression: String, remedy: String)
        throws
    {
        let pod = try Pod()
        let result = try pod.render("---\nparams: {k: 20}\n---\n\nxx `{wb} \(expression)` yy\n")
        #expect(result.errors.count == 1)
        #expect(result.errors[0].line == 5)
        #expect(result.errors[0].message.contains(remedy), "\(result.errors[0].message)")
        let markdown = try pod.read("reports/trial.md")
        #expect(markdown.contains("xx <a id=\"error-1\"></a>**⚠ "))
        #expect(markdown.contains("[Line 5](#error-1)"))
    }

    @Test(arguments: [
        "evaluate.training.finding", "evaluate.bridge.both.difference.interval", "evaluate.summed.map",
        "evaluate.pooled.seeds.deviation", "evaluate.pooled.intervals.top5", "train.epochs", "compare.verdict",
        "evaluate.members | count",
    ])
    func `A value that the run lacks takes its fallback`(expression: String) throws {
        #expect(try Pod().markdown("xx `{wb} \(expression) | or(not known)` yy\n").contains("xx not known yy"))
    }

    @Test func `A misspelled path below an absent value is an error even with a fallback`() throws {
        let result = try Pod().render("`{wb} evaluate.bridge.verdct | or(none)` `{wb} compare.verdct | or(none)`\n")
        #expect(
            result.errors.map(\.message) == [
                "there is no value 'evaluate.bridge.verdct'. Did you mean 'evaluate.bridge.verdict'?",
                "there is no value 'compare.verdct'. Did you mean 'compare.verdict'?",
            ])
    }

    @Test func `A name from the data has to exist`() throws {
        let result = try Pod().render("`{wb} evaluate.scenarios.top-topp.map | or(none)`\n")
        #expect(result.errors.count == 1)
        #expect(result.errors[0].message.contains("Did you mean 'evaluate.scenarios.top-top.map'?"))
    }

    @Test func `Values work in the title, in prose, in table cells, in captions and in alternative texts`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(
            """
            ---
            title: "mAP `{wb} evaluate.pooled.map | fixed(2)`"
            ---
            Prose `{wb} evaluate.pooled.map | fixed(4)`.

            | a | b |
            |---|---|
            | `{wb} evaluate.counts.queries` | `{wb} data.name | code` |

            ```{whale-table}
            #| label: tbl-whales
            #| tbl-cap: "`{wb} shown` of `{wb} animals` animals"
            count: 2
            ```
            """)
        #expect(markdown.hasPrefix("# mAP 0.51\n"))
        #expect(markdown.contains("Prose 0.5125."))
        #expect(markdown.contains("| 4 | `pod` |"))
        #expect(markdown.contains("**Table 1.** 2 of 4 animals"))
    }

    @Test func `The text of a value never becomes markup`() throws {
        let pod = try Pod()
        var hostile = "<script>alert(1)</script> *b* _i_ [l](http://x) `c` | x\n# h ![p](q) $m$ ~~s~~ @fig-x &amp;"
        hostile += " \\"
        let folder = pod.root.appending(path: "store/train")
        var description = try TrainFiles.description.read(in: folder)
        description.backbone = hostile
        try TrainFiles.description.write(description, in: folder)
        let result = try pod.render(
            "Value: `{wb} train.backbone` end.\n\n| a |\n|---|\n| `{wb} train.backbone` |\n\n"
                + "| a |\n|---|\n| `{wb} train.backbone | code` |\n", formats: [.gfm, .html])
        #expect(result.errors.isEmpty)
        let html = try pod.read("reports/trial.html")
        let body = String(html[(html.range(of: "Value:")!.lowerBound)...].prefix { $0 != "\u{0}" })
        let end = body.range(of: "<details>")!.lowerBound
        let shown = body[..<end]
        for tag in ["<script", "<em>", "<strong>", "<img", "<h1", "<del>", "href"] {
            #expect(!shown.contains(tag), "\(tag) in \(shown)")
        }
        #expect(shown.components(separatedBy: "<td>").count == 3, "each table has one cell: \(shown)")
        #expect(shown.contains("&lt;script&gt;alert(1)&lt;/script&gt; *b* _i_ [l](http://x) `c` | x # h"))
    }

    @Test func `A number that begins a line does not become a list`() throws {
        let pod = try Pod()
        _ = try pod.render("Before\n\n`{wb} data.photographs`. After\n", formats: [.html])
        let html = try pod.read("reports/trial.html")
        #expect(html.contains("<p>20. After</p>"))
    }

    @Test func `Code spans, comments, escapes and fenced blocks keep their text`() throws {
        let markdown = try Pod().markdown(
            """
            `` `{wb} nowhere` `` <!-- `{wb} nowhere` @fig-none --> `@fig-none` mail@fig-none \\@fig-none

            ```
            `{wb} nowhere`
            ```
            """)
        #expect(markdown.contains("`` `{wb} nowhere` `` <!-- `{wb} nowhere` @fig-none --> `@fig-none`"))
        #expect(markdown.contains("mail@fig-none"))
        #expect(markdown.contains("```\n`{wb} nowhere`\n```"))
    }

    @Test func `A stray backtick does not swallow the next paragraph`() throws {
        let markdown = try Pod().markdown("A stray ` here.\n\nAnd `{wb} data.name`.\n")
        #expect(markdown.contains("And pod."))
    }

    @Test func `A value that differs among seeds needs a choice, one that agrees does not`() throws {
        let pod = try Pod()
        pod.seeds = [1, 2]
        try pod.writeTraining(folder: "train2", parameters: 5)
        let result = try pod.render("`{wb} train.backbone` and `{wb} train.parameters`\n")
        #expect(result.errors.count == 1)
        #expect(result.errors[0].message.contains("Choose one: train[seed=1], train[seed=2]."))
        #expect(try pod.markdown("`{wb} train[seed=2].parameters`").contains("\n5\n"))
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (-1.5, 1, "−1.5"), (1e9, 0, "1000000000"), (.nan, 2, "–"),
    ])
    func `Numbers have a true minus sign, and zero has none`(value: Double, digits: Int, text: String) {
        #expect(NumberText.fixed(value, digits) == text)
    }

    @Test(arguments: [
        (12_340_000, 3, "12.3 M"), (0.00025, 3, "250 µ"), (999_999.6, 3, "1 M"), (999_499, 3, "999 k"), (0, 3, "0"),
        (-1_234, 3, "−1.23 k"), (-0.0001, 1, "−100 µ"), (999.6, 3, "1 k"), (123.4, 2, "120"), (1_500, 3, "1.5 k"),
        (100, 3, "100"), (1, 3, "1"), (0.999_6, 3, "1"), (1e-30, 3, "1 q"), (2e33, 3, "2000 Q"), (.infinity, 3, "–"),
        (12_340_000, 1, "10 M"), (123_456, 6, "123.456 k"),
    ])
    func `The SI prefix is chosen after rounding`(
        value: Double, digits: Int, text: String
    ) {
        #expect(NumberText.si(value, digits) == text.replacing(" ", with: "\u{A0}"))
    }

    @Test func `A single fold is not called a seed`() throws {
        let spread: JSONValue = ["mean": 0.5, "deviation": nil, "values": [0.5]]
        let text = try Formatter("plus-minus(2)").text(of: spread, at: ValuePath("evaluate.pooled.folds"))
        #expect(text == "0.50 (one fold, spread unknown)")
    }

    @Test(arguments: [(0.04, "0.0 s"), (9.96, "10 s"), (59.6, "1 min 0 s"), (3661, "1 h 1 min"), (59.4, "59 s")])
    func `Durations have the units that matter`(seconds: Double, text: String) {
        #expect(NumberText.duration(seconds: seconds) == text)
    }
}
