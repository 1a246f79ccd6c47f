import Basics
import Foundation
import Reports

/// Where verify's copies come from: an error that names a copy names its origin to the user, who has never seen the copy.
struct Origins {
    private var paths: [String: String] = [:]

    /// Notes where a folder was copied from.
    mutating func note(_ copy: URL, isCopyOf path: String) { paths[copy.path] = path }

    /// What an error says where it is about a copy, with the origin's path; nil for any other.
    func words(of error: any Error) -> String? {
        let text = visibleLines(of: error)
        var told = text
        for (copy, origin) in paths { told = told.replacing(copy + "/", with: origin + "/") }
        return told == text ? nil : told
    }
}
