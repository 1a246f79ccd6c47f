import Foundation

/// Numbers formatted for reading, the same in every locale.
public enum NumberText {
    /// With a fixed number of digits after the point, and a true minus sign.
    public static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "–" }
        let text = String(format: "%.\(digits)f", abs(value))
        // A number that rounds to zero has no sign.
        return value < 0 && text.contains(where: { $0 != "0" && $0 != "." }) ? "−" + text : text
    }

    /// Like ``fixed(_:_:)``, with a plus sign for positive numbers.
    public static func signed(_ value: Double, _ digits: Int) -> String {
        let text = fixed(value, digits)
        return text.hasPrefix("−") || !text.contains(where: { ("1"..."9").contains($0) }) ? text : "+" + text
    }

    /// The change from one number to another as both are printed by ``fixed(_:_:)``, with a plus sign if it is positive:
    /// a reader who subtracts the printed numbers gets the same. From 0.73664 to 0.75746 it is `+0.0209`, with four
    /// digits.
    public static func change(from old: Double, to new: Double, _ digits: Int) -> String {
        func printed(_ value: Double) -> Double { Double(String(format: "%.\(digits)f", value)) ?? .nan }
        return signed(printed(new) - printed(old), digits)
    }

    /// A whole number, with commas between groups of three digits.
    public static func thousands(_ value: Double) -> String {
        let digits = fixed(value, 0)
        let sign = digits.hasPrefix("−") ? "−" : ""
        let plain = Array(digits.dropFirst(sign.count))
        var text = ""
        for (position, digit) in plain.enumerated() {
            if position > 0, (plain.count - position).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return sign + text
    }

    /// A number with its noun: `1 query`, `1,200 queries`.
    public static func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(thousands(Double(count))) \(count == 1 ? one : many)"
    }

    /// A p-value, with digits enough to compare it with 0.01 and 0.05: `p = 0.011`, `p = 0.22`, `p < 0.001`.
    public static func probability(_ value: Double) -> String {
        value < 0.001 ? "p \(bareProbability(value))" : "p = \(bareProbability(value))"
    }

    /// The same for a column of p-values: `0.011`, `0.22`, `< 0.001`.
    public static func bareProbability(_ value: Double) -> String {
        value < 0.001 ? "< 0.001" : fixed(value, value < 0.1 ? 3 : 2)
    }

    /// A share as a percentage: `87.1%`.
    public static func percent(_ share: Double, _ digits: Int = 1) -> String { fixed(share * 100, digits) + "%" }

    /// The bounds of an interval: `0.454 to 0.600`.
    public static func interval(_ range: ClosedRange<Double>, _ digits: Int) -> String {
        "\(fixed(range.lowerBound, digits)) to \(fixed(range.upperBound, digits))"
    }

    /// The bounds of the interval of a change: `−0.011 to +0.063`.
    public static func changeInterval(_ range: ClosedRange<Double>, _ digits: Int) -> String {
        "\(signed(range.lowerBound, digits)) to \(signed(range.upperBound, digits))"
    }

    /// The deviation after a mean: ` ± 0.0185`.
    public static func deviation(_ value: Double, _ digits: Int) -> String { " ± " + fixed(value, digits) }

    /// A number with `digits` significant digits, at least 1, and an SI prefix, without trailing zeros: `12.3 M`,
    /// `250 µ`, `1 M`.
    ///
    /// The space is non-breaking, so that the prefix stays with its number.
    ///
    /// Source: SI brochure, 9th edition with the prefixes of 2022.
    public static func si(_ value: Double, _ digits: Int = 3) -> String {
        guard value.isFinite, value != 0 else { return fixed(value, 0) }
        // Rounds before choosing the prefix: 999,999.6 is 1 M and not 1000 k.
        let rounded = String(format: "%.\(digits - 1)e", abs(value)).split(separator: "e")
        let exponent = Int(rounded[1]) ?? 0
        let smaller = ["m", "µ", "n", "p", "f", "a", "z", "y", "r", "q"]
        let larger = ["k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q"]
        let power = min(max(Int((Double(exponent) / 3).rounded(.down)), -smaller.count), larger.count)
        let scaled = Double("\(rounded[0])e\(exponent - 3 * power)") ?? 0
        var text = fixed(scaled, max(0, digits - 1 - (exponent - 3 * power)))
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        let prefix = power == 0 ? "" : "\u{A0}" + (power < 0 ? smaller[-power - 1] : larger[power - 1])
        return (value < 0 ? "−" : "") + text + prefix
    }

    /// As many digits as the number needs.
    public static func shortest(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let text = Int64(exactly: value).map(String.init) ?? "\(value)"
        return text.hasPrefix("-") ? "−" + text.dropFirst() : text
    }

    /// A duration, such as `4.2 s`, `3 min 10 s`, `2 h 5 min`.
    public static func duration(seconds: Double) -> String {
        // Larger numbers cannot be measured durations and may overflow an Int.
        guard (0..<0x1p53).contains(seconds) else { return "–" }
        if seconds < 9.95 { return fixed(seconds, 1) + " s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// A size, such as `8 GiB`.
    public static func bytes(_ value: Double) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = value
        var unit = 0
        while abs(value) >= 1024, unit + 1 < units.count {
            value /= 1024
            unit += 1
        }
        return fixed(value, unit == 0 || value >= 10 ? 0 : 1) + " " + units[unit]
    }
}
