import Basics

/// Why nothing can be served.
public enum PreviewError: Error, Equatable, CustomStringConvertible {
    case portInUse(UInt16)
    case cannotListen(port: UInt16, reason: String)

    public var description: String {
        switch self {
        case .portInUse(let port):
            "Port \(port) of 127.0.0.1 is in use. End what uses it, or give --port another number; 0 takes a free one."
        case .cannotListen(let port, let reason):
            "Cannot listen on port \(port) of 127.0.0.1: \(reason). "
                + (SystemWords.remedy(for: reason) ?? "Give --port another number; 0 takes a free one.")
        }
    }
}
