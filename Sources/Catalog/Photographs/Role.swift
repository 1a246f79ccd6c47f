import Options

/// What a photograph may be used for.
public enum Role: String, OptionChoice {
    case train, validation, test, none
}

extension Photograph {
    /// The role for each name of a part of the data, as folders and files of splits have it.
    static let splitRoles: [String: Role] = [
        "train": .train, "training": .train, "val": .validation, "valid": .validation, "validation": .validation,
        "dev": .validation, "test": .test, "testing": .test,
    ]
}
