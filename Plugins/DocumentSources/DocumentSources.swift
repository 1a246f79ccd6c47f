import Foundation
import PackagePlugin

/// Writes the documents into a source file whenever one of them changes.
@main
struct DocumentSources: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let reports = context.package.directoryURL.appending(path: "reports")
        let documents = try FileManager.default.contentsOfDirectory(at: reports, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasSuffix(".book.md") }.sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "DocumentTexts.swift")
        return [
            .buildCommand(
                displayName: "Embedding the documents", executable: try context.tool(named: "document-sources").url,
                arguments: [output.path] + documents.map(\.path), inputFiles: documents, outputFiles: [output])
        ]
    }
}
