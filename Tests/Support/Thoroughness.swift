import Foundation

/// How much the tests try that start a program again and again: a sample, or everything.
public enum Thoroughness {
    /// Whether `WHALEBOOK_THOROUGH` is set: then these tests take minutes.
    public static let isFull = ProcessInfo.processInfo.environment["WHALEBOOK_THOROUGH"] != nil
}
