import Foundation

/// What the system says of an operation that failed.
public enum SystemWords {
    /// The words of an error number, the last one where none is named, such as `no such file or directory`.
    public static func of(_ code: Int32 = errno) -> String {
        switch code {
        case EMFILE: tooManyFiles
        case ENFILE: tooManyFilesOfAll
        default: String(cString: strerror(code)).lowercased()
        }
    }

    /// The number behind an error of Foundation's, which may lie below several others; nil where there is none.
    static func code(of error: any Error) -> Int32? {
        var error = error
        while true {
            let plain = error as NSError
            if plain.domain == NSPOSIXErrorDomain { return Int32(exactly: plain.code) }
            // Below some errors lies one that is no object.
            let below = (error as? CocoaError)?.underlying ?? plain.userInfo[NSUnderlyingErrorKey] as? any Error
            guard let below else { return nil }
            error = below
        }
    }

    /// Why a link is refused; the system's words would tell of too many of them.
    public static let link = "it is a symbolic link, which is not followed here"

    /// Whether a reason is that no more files can be opened.
    static func isExhaustion(_ reason: String) -> Bool { [tooManyFiles, tooManyFilesOfAll].contains(reason) }

    /// What to do about a reason, where that has nothing to do with the file that was wanted.
    public static func remedy(for reason: String) -> String? {
        switch reason {
        case tooManyFiles: "Raise 'ulimit -n'."
        case tooManyFilesOfAll: "End other programs, or have the system's limit fs.file-max raised."
        case link: "Put what it leads to in its place."
        default: nil
        }
    }

    private static let tooManyFiles = "too many open files"
    private static let tooManyFilesOfAll = "too many open files in the whole system"
}
