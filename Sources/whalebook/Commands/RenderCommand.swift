import ArgumentParser

struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Renders documents from existing results; runs no stage.",
        discussion: "A document is always written. It shows errors and stale results; both make the exit code 4.")

    @OptionGroup var options: ProjectOptions
    @OptionGroup var rendering: RenderOptions

    func run() async throws { try await rendering.render(options.project()) }
}
