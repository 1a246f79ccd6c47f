import Retrieval

/// What a program settles about its arithmetic before it computes.
public enum Arithmetic {
    /// Says that this process multiplies matrices in its search alone; one that holds libtorch must not say so.
    public static func prepare() { ProductThreads.allow() }
}
