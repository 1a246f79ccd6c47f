import ArgumentParser

struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Renders documents from the results that are there; runs no stage.",
        discussion: "A document is always written. What fails or is stale is shown in it and makes the exit code 4.")

    @OptionGroup var options: ProjectOptions
    @OptionGroup var rendering: RenderOptions

    func run() async throws { try await rendering.render(options.project()) }
}
