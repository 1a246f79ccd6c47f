import Options

/// What else than the animal a network recognises: the section `background`.
public struct BackgroundSettings: OptionGroup {
    /// Whether it is checked.
    public enum Check: String, OptionChoice { case off, on }

    @Option(
        """
        Whether a stage checks what else than the animal the networks recognise (Rueda-Toicen et al., arXiv \
        2604.09690). `on` embeds the photographs of queries and databases that have an outline or a box twice more, \
        once with the animal and once with its background painted out, and ranks them again. It also compares \
        photographs with their mirror images, and left with right views of one animal.
        """, silent: true)
    public var check = Check.off

    public init() {}

    /// Whether anything is checked.
    public var isOn: Bool { check == .on }
}
