import Basics

extension PhotographFile {
    /// Columns and rows of the whole picture as stored, whatever the box; only the file's header is taken apart.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a missing file, else an ``ImagingError``.
    public func storedSize() throws -> (width: Int, height: Int) {
        let file = try PictureHead(at: url).picture()
        return (file.storedWidth, file.storedHeight)
    }
}
