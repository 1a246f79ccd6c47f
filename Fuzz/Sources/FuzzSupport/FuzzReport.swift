import Reports

/// What a document draws on where nothing has run.
public enum FuzzReport {
    /// The photographs and sources of a folder, and no result.
    public static func inputs(_ folder: FuzzFolder) -> ReportInputs {
        ReportInputs(
            nodes: [], configuration: .null, place: place(folder), commit: nil, hasUncommittedChanges: false,
            command: "whalebook render", versions: [:], machine: .null)
    }

    /// Where its photographs and sources would lie.
    public static func place(_ folder: FuzzFolder) -> ReportPlace {
        ReportPlace(
            dataDirectory: folder.url.appending(path: "data"), root: folder.url,
            sourcesDirectory: folder.url.appending(path: "Sources"))
    }
}
