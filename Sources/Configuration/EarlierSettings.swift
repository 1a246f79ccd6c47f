import Basics

/// What was written before an option existed has that option's standard value, by which it was made.
extension TrainSettings {
    /// Reads the settings of a model's description.
    ///
    /// - Throws: `DecodingError` for what no version wrote.
    public init(described value: JSONValue) throws {
        self = try OptionKind.section(Schema.train).completed(value).decoded(as: Self.self)
    }

    /// What a model's description tells of the settings.
    public var described: JSONValue {
        get throws { OptionKind.section(Schema.train).told(try JSONValue(encoding: self)) }
    }
}

extension MemberSettings {
    /// Reads the member of a model's description.
    ///
    /// - Throws: `DecodingError` for what no version wrote.
    public init(described value: JSONValue) throws {
        self = try OptionKind.section(Schema.member).completed(value).decoded(as: Self.self)
    }

    /// What a model's description tells of the member.
    public var described: JSONValue {
        get throws { OptionKind.section(Schema.member).told(try JSONValue(encoding: self)) }
    }
}
