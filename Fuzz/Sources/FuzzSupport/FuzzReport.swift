import Reports

/// The inputs of a document in a project where nothing has run.
public enum FuzzReport {
    /// The photographs and sources of a folder, without results.
    public static func inputs(_ folder: FuzzFolder) -> ReportInputs {
        ReportInputs(
            nodes: [], configuration: .null, place: place(folder), commit: nil, hasUncommittedChanges: false,
            command: "whalebook render", versions: [:], machine: .null)
    }

    /// Where its photographs and sources would be.
    public static func place(_ folder: FuzzFolder) -> ReportPlace {
        ReportPlace(
            dataDirectory: folder.url.appending(path: "data"), root: folder.url,
            sourcesDirectory: folder.url.appending(path: "Sources"))
    }
}
