import Foundation
import Imaging

extension Photograph {
    /// A photograph that no metadata describe: the time is from its EXIF data.
    ///
    /// `url` is its file, and `path` its place in a catalogue's folder.
    public init(undescribed url: URL, id: String, path: String, viewpoint: Viewpoint, whaleID: String? = nil) {
        let text = (try? PictureHead(at: url)).flatMap { try? $0.captureTime() }
        let time = text.flatMap { CaptureTime($0) ?? CaptureTime(String($0.prefix("YYYY:MM:DD".count))) }
        self.init(
            id: id, path: path, viewpoint: viewpoint, date: time?.date, timestamp: time?.timestamp, whaleID: whaleID)
    }
}
