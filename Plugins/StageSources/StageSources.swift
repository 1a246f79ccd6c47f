import Foundation
import PackagePlugin

/// Has the sources of every stage digested, and the documents put into a source file, whenever one of them changes.
@main
struct StageSources: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let tool = try context.tool(named: "stage-sources")
        let sources = context.package.directoryURL.appending(path: "Sources")
        let files = context.package.targets.compactMap { $0 as? any SourceModuleTarget }
            .flatMap(\.sourceFiles).map(\.url)
        let output = context.pluginWorkDirectoryURL.appending(path: "StageSources.swift")
        let reports = context.package.directoryURL.appending(path: "reports")
        let documents = try FileManager.default.contentsOfDirectory(at: reports, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasSuffix(".book.md") }.sorted { $0.path < $1.path }
        let documentText = context.pluginWorkDirectoryURL.appending(path: "DocumentSources.swift")
        return [
            .buildCommand(
                displayName: "Digesting the sources of the stages", executable: tool.url,
                arguments: ["digests", sources.path, output.path], inputFiles: files, outputFiles: [output]),
            .buildCommand(
                displayName: "Embedding the documents", executable: tool.url,
                arguments: ["documents", documentText.path] + documents.map(\.path), inputFiles: documents,
                outputFiles: [documentText]),
        ]
    }
}
