import Options

/// What is done to a training photograph: the section `train.augment`.
///
/// Colours, shift, scale and rotation have Albumentations' definitions and probabilities, the crop torchvision's.
public struct AugmentSettings: OptionGroup {
    /// Whose the mirror image is.
    public enum Flip: String, OptionChoice { case off, same, new }

    @Option(
        """
        Mirrors half of the photographs. A mirrored flank is not that animal's flank: `new` makes the mirror image \
        another individual; `same` keeps the name, as the competitors did; `off` never mirrors.
        """)
    public var flip = Flip.off
    @Option("The smallest share of the area that a random crop keeps; 1 keeps all.", in: 0.05...1)
    public var crop = 0.7
    @Option("The most by which brightness changes, as a share of the full range.", in: .share)
    public var brightness = 0.2
    @Option("The most by which contrast changes, as a share.", in: .share)
    public var contrast = 0.2
    @Option("The most by which hues turn either way, in steps of 2 degrees.", in: 0...90, silent: true)
    public var hue = 0.0
    @Option("The most by which saturation changes, on a scale to 255.", in: 0...255, silent: true)
    public var saturation = 0.0
    @Option(
        "The lowest quality at which a photograph is compressed as JPEG, up to 99; 100 never does.", in: 1...100,
        silent: true)
    public var jpegQuality = 100
    @Option("The most by which a photograph moves in each direction, as a share of its side.", in: .share)
    public var shift = 0.2
    @Option("The most by which a photograph grows or shrinks, as a share.", in: 0...0.9)
    public var scale = 0.5
    @Option("The most by which a photograph turns either way, in degrees.", in: 0...180)
    public var rotate = 10.0
    @Option(
        "The side of the black square that half of the photographs get, as a share of theirs; 0 for none.", in: .share)
    public var cutout = 0.4

    public init() {}
}
