import Drawing

/// The colours of all figures.
///
/// Source: Okabe and Ito, "Color Universal Design", 2008: told apart with every kind of colour vision.
enum Palette {
    static let blue = Color(hex: 0x0072B2)
    static let vermilion = Color(hex: 0xD55E00)
    static let bluishGreen = Color(hex: 0x009E73)
    static let reddishPurple = Color(hex: 0xCC79A7)
    static let orange = Color(hex: 0xE69F00)
    static let yellow = Color(hex: 0xF0E442)
    static let skyBlue = Color(hex: 0x56B4E9)

    /// For lines in turn. Black is kept for emphasis, and yellow darkened, since it is too pale for lines on white.
    static let lines = [
        blue, vermilion, bluishGreen, reddishPurple, orange, skyBlue,
        yellow.mixed(with: .black, share: 0.3), vermilion.mixed(with: .black, share: 0.55),
    ]

    static let ink = Color(hex: 0x1F2328)
    static let secondaryInk = Color(hex: 0x59636E)
    /// What serves to compare with and is not the subject.
    static let reference = Color(hex: 0x6E7781)
    static let axis = Color(hex: 0x8C959F)
    static let grid = Color(hex: 0xE4E8EC)
    static let panel = Color(hex: 0xEEF2F6)
    /// Beside photographs that do not fill their tile.
    static let empty = Color(hex: 0xDDE1E6)
}
