import Testing

@testable import Reports

struct CalloutTests {
    private static let text = """
        Before.

        ::: {.callout-warning}
        ## Mind `{wb} params.k`

        At k `{wb} params.k`:

        - one
        :::

        ::: {.callout-tip title="In short"}
        Two.
        :::

        > [!IMPORTANT]
        > Three.
        """

    private func rendered() throws -> Pod {
        let pod = try Pod()
        let result = try pod.render(
            "---\nparams: {k: 20}\n---\n\(Self.text)\n", formats: [.gfm, .html, .text])
        #expect(result.errors.isEmpty, "\(result.errors)")
        return pod
    }

    @Test func `Quarto's callouts become GitHub's alerts, a heading at the start their title`() throws {
        let text = try rendered().read("reports/trial.md")
        #expect(text.contains("> [!WARNING]\n> **Mind 20**\n>\n> At k 20:\n>\n> - one\n"))
        #expect(text.contains("> [!TIP]\n> **In short**\n>\n> Two.\n"))
        #expect(text.contains("> [!IMPORTANT]\n> Three."))
        #expect(!text.contains(":::"))
    }

    @Test func `A web page labels them, and their heading is not in the contents`() throws {
        let html = try rendered().read("reports/trial.html")
        #expect(
            html.contains(
                "<blockquote class=\"warning\" role=\"note\">\n<p class=\"label\">Warning</p>\n<p><strong>Mind 20</strong></p>"
            ))
        #expect(html.contains("<p class=\"label\">Important</p>\n<p>Three.</p>"))
        #expect(!html.contains("[!") && !html.contains("<h2>"))
        #expect(XMLWellFormedness(html).problem == nil)
    }

    @Test func `Plain text names their kind`() throws {
        let text = try rendered().read("reports/trial.txt")
        #expect(
            text.contains("WARNING: Mind 20") && text.contains("TIP: In short") && text.contains("IMPORTANT: Three."))
    }

    @Test func `Colons within code open nothing`() throws {
        let markdown = try Pod().markdown("```\n::: {.callout-note}\n```\n\nText ::: text\n")
        #expect(markdown.hasPrefix("# trial\n\n```\n::: {.callout-note}\n```\n\nText ::: text"))
    }
}
