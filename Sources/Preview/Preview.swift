import Foundation

/// Renders, serves, and renders again whenever a source has changed.
public struct Preview: Sendable {
    private let server: PreviewServer
    private let sources: [URL]
    private let render: @Sendable () async -> PreviewServer.Content

    private static let interval = Duration.milliseconds(300)

    /// Names what is shown.
    ///
    /// - Parameters:
    ///   - sources: Files and folders; a change of a file's contents, or of a folder's list, counts.
    ///   - render: Makes what is served; never called while it still runs.
    public init(
        _ server: PreviewServer, sources: [URL], render: @escaping @Sendable () async -> PreviewServer.Content
    ) {
        (self.server, self.sources, self.render) = (server, sources, render)
    }

    /// Goes on until it is cancelled.
    ///
    /// - Parameter shown: Called when the first content can be read.
    /// - Throws: `CancellationError`, or what `shown` throws.
    public func run(shown: () throws -> Void) async throws {
        // Before rendering: what changes meanwhile is rendered again.
        var watch = SourceWatch(sources)
        server.show(await render())
        try shown()
        while true {
            try await Task.sleep(for: Self.interval)
            if watch.hasChanged() { server.show(await render()) }
        }
    }
}
