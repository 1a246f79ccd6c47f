import PackagePlugin

/// Has the sources of every stage digested whenever one of them changes.
@main
struct StageSources: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let tool = try context.tool(named: "stage-sources")
        let sources = context.package.directoryURL.appending(path: "Sources")
        let files = context.package.targets.compactMap { $0 as? any SourceModuleTarget }
            .flatMap(\.sourceFiles).map(\.url)
        let output = context.pluginWorkDirectoryURL.appending(path: "StageSources.swift")
        return [
            .buildCommand(
                displayName: "Digesting the sources of the stages", executable: tool.url,
                arguments: [sources.path, output.path], inputFiles: files, outputFiles: [output])
        ]
    }
}
