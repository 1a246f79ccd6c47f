import Foundation

/// Ports of the loopback interface that nobody uses.
public enum FreePort {
    /// The system gave no port.
    public struct NoPort: Error {}

    /// A port on which nobody listens.
    public static func next() throws -> UInt16 {
        let (descriptor, port) = try listener()
        close(descriptor)
        return port
    }

    /// A socket that accepts connections and never answers.
    public static func listener() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) | listen(descriptor, 8) | getsockname(descriptor, generic, &length)
            }
        }
        guard descriptor >= 0, code == 0 else { throw NoPort() }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}
