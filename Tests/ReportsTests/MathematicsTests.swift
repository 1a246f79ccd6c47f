import Basics
import Testing

@testable import Reports

struct MathematicsTests {
    private func markup(_ tex: String, isDisplay: Bool = false) throws -> String {
        let text = try Mathematics(tex: tex).mathML(isDisplay: isDisplay)
        #expect(XMLWellFormedness(text).problem == nil)
        let start = try #require(text.firstIndex(of: ">"))
        return String(text[text.index(after: start)...].dropLast("</math>".count))
    }

    @Test func `Formulas become MathML, with every sign as an entity`() throws {
        #expect(try markup("x") == "<mi>x</mi>")
        #expect(try markup("a_i^2") == "<msubsup><mi>a</mi><mi>i</mi><mn>2</mn></msubsup>")
        #expect(try markup(#"\frac{a}{10.5}"#) == "<mfrac><mi>a</mi><mn>10&#46;5</mn></mfrac>")
        #expect(try markup(#"\sqrt[3]{x}"#) == "<mroot><mi>x</mi><mn>3</mn></mroot>")
        #expect(
            try markup("a<b*c|")
                == "<mrow><mi>a</mi><mo>&#60;</mo><mi>b</mi><mo>&#8727;</mo><mi>c</mi><mo>&#124;</mo></mrow>")
        #expect(try markup(#"\hat{\theta}"#) == "<mover accent=\"true\"><mi>&#952;</mi><mo>&#94;</mo></mover>")
        #expect(try markup(#"\text{if } \mathbb{R}"#) == "<mrow><mtext>if&#32;</mtext><mi>&#8477;</mi></mrow>")
    }

    @Test func `The limits of a sum are above and below only in a formula on its own line`() throws {
        #expect(try markup(#"\sum_i^n"#).hasPrefix("<msubsup><mo>&#8721;</mo>"))
        #expect(try markup(#"\sum_i^n"#, isDisplay: true).hasPrefix("<munderover><mo>&#8721;</mo>"))
    }

    @Test func `In plain text a formula is a line of Unicode`() throws {
        #expect(try Mathematics(tex: #"\sum_{i=1}^n x_i/n \le \sqrt{2}"#).plainText == "∑_(i = 1)^nx_i/n ≤ √2")
        #expect(try Mathematics(tex: #"\frac{a+b}{2}"#).plainText == "(a + b)/2")
        #expect(try Mathematics(tex: #"\bar{x}"#).plainText == "x\u{304}")
    }

    @Test(arguments: [
        (#"\begin{cases}a\end{cases}"#, #"'\begin' is not supported"#), ("{x", "a '}' is missing"),
        ("x}", "closes nothing"),
        ("x_", "ends too early"), ("x^1^2", "two '^' in a row"), ("a & b", "'&' is not supported"),
        (#"\text x"#, "has no braces"), (#"a\"#, "ends with a backslash"),
        (String(repeating: "{", count: 60), "nested too deeply"),
    ])
    func `What is not supported is an error by name`(tex: String, problem: String) {
        #expect { try Mathematics(tex: tex) } throws: { "\($0)".contains(problem) }
    }

    @Test func `Amounts, code, tags and escaped signs are no formulas`() {
        for text in [
            "$5 and $10", "`$a$`", "```\n$a$\n```\n", "> ```\n> $a$\n> ```", "<a title=\"$a$\">", #"\$a\$"#,
            "a $ b $ c",
            "$a\n\nb$", "$a `{wb} x` b$", "~~~~\n$a$\n~~~\n$b$\n~~~~", "x$",
        ] {
            #expect(MathSpans.pieces(of: text) == [.markdown(text[...])], "\(text)")
        }
        #expect(
            MathSpans.pieces(of: "one $a$\ntwo $$\nb\n$$ three") == [
                .markdown("one "), .formula(tex: "a", isDisplay: false, offset: 0), .markdown("\ntwo "),
                .formula(tex: "b", isDisplay: true, offset: 1), .markdown(" three"),
            ])
    }

    @Test func `A caption has MathML on a page, words in plain text, and stays as typed on GitHub`() throws {
        let pod = try Pod()
        let text = "```{map-curve}\n#| label: fig-m\n#| fig-cap: \"For $s_i > 0$, at `{wb} params.k`.\"\n```\n"
        let result = try pod.render("---\nparams: {k: 20}\n---\n\(text)", formats: [.gfm, .html, .text])
        #expect(result.errors.isEmpty)
        #expect(try pod.read("reports/trial.md").contains("For $s_i > 0$, at 20."))
        #expect(try pod.read("reports/trial.txt").contains("For s_i > 0, at 20."))
        let html = try pod.read("reports/trial.html")
        #expect(html.contains("<msub><mi>s</mi><mi>i</mi></msub><mo>&gt;</mo><mn>0</mn>"))
        #expect(!html.contains("$s_i") && XMLWellFormedness(html).problem == nil)
    }

    @Test func `A name with dollar signs is not a formula`() {
        let name = MarkdownText.escaped("a$b$c")
        #expect(MathSpans.asMathML(name) == name)
    }
}
