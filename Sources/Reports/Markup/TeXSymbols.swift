/// The names that formulas may use.
///
/// Source: "The Comprehensive LaTeX Symbol List" for names, Unicode for the characters.
enum TeXSymbols {
    static let letters: [String: String] = [
        "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
        "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
        "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ",
        "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ",
        "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "infty": "∞",
        "partial": "∂", "nabla": "∇", "emptyset": "∅",
    ]

    static let symbols: [String: String] = [
        "cdot": "⋅", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "circ": "∘", "le": "≤", "leq": "≤",
        "ge": "≥", "geq": "≥", "lt": "<", "gt": ">", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "∼", "equiv": "≡",
        "propto": "∝", "ll": "≪", "gg": "≫", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪",
        "cap": "∩", "setminus": "∖", "to": "→", "rightarrow": "→", "leftarrow": "←", "Rightarrow": "⇒", "mapsto": "↦",
        "mid": "∣", "vert": "|", "lvert": "|", "rvert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "langle": "⟨",
        "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "dots": "…", "ldots": "…",
        "cdots": "⋯", "forall": "∀", "exists": "∃", "neg": "¬", "land": "∧", "lor": "∨", "odot": "⊙", "oplus": "⊕",
        "otimes": "⊗", "top": "⊤", "perp": "⊥", "prime": "′", "degree": "°", "colon": ":",
    ]

    static let large: [String: String] = [
        "sum": "∑", "prod": "∏", "int": "∫", "bigcup": "⋃", "bigcap": "⋂",
    ]

    /// Words that take what is below them.
    static let limits: Set<String> = ["max", "min", "lim", "sup", "inf", "argmax", "argmin"]

    static let functions: Set<String> = [
        "sin", "cos", "tan", "arcsin", "arccos", "arctan", "log", "ln", "exp", "det", "dim", "arg", "Pr",
    ]

    static let accents: [String: String] = [
        "hat": "^", "widehat": "^", "bar": "¯", "overline": "¯", "tilde": "~", "vec": "→", "dot": "˙",
    ]

    /// The same marks for plain text, after their letter.
    static let combining: [String: String] = [
        "^": "\u{302}", "¯": "\u{304}", "~": "\u{303}", "→": "\u{20D7}", "˙": "\u{307}",
    ]

    /// Widths in ems.
    static let spaces: [String: Double] = [
        ",": 0.17, ":": 0.22, ">": 0.22, ";": 0.28, " ": 0.25, "!": -0.17, "quad": 1, "qquad": 2,
    ]

    /// Signs that plain text sets apart.
    static let spaced: Set<String> = [
        "=", "<", ">", "≤", "≥", "≠", "≈", "∼", "≡", "∝", "∈", "∉", "+", "−", "×", "±", "→", "⇒", "∣",
    ]

    static let remedy = "docs/reports.md lists what formulas may use. Write the rest as words, or as code."

    /// Letters in a style of mathematical alphabets, as far as Unicode has them.
    static func styled(_ text: String, _ style: String) -> String {
        text.unicodeScalars.map { scalar in
            if style == "mathbb",
                let special = ["R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "P": "ℙ"][String(scalar)]
            {
                return special
            }
            let capital = ("A"..."Z").contains(scalar), small = ("a"..."z").contains(scalar)
            guard capital || small else { return String(scalar) }
            let offset = scalar.value - (capital ? 0x41 : 0x61)
            switch style {
            case "mathbf": return Unicode.Scalar((capital ? 0x1D400 : 0x1D41A) + offset).map { String($0) } ?? ""
            case "mathbb": return Unicode.Scalar((capital ? 0x1D538 : 0x1D552) + offset).map { String($0) } ?? ""
            default: return String(scalar)
            }
        }.joined()
    }
}
