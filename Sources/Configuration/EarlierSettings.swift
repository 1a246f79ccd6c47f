import Basics

/// What was written before an option existed has that option's standard value, by which it was made.
extension TrainSettings {
    /// Reads the settings of a model's description.
    ///
    /// - Throws: `DecodingError` for what no version wrote.
    public init(described value: JSONValue) throws {
        self = try value.completed(by: Schema.train).decoded(as: Self.self)
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
        self = try value.completed(by: Schema.member).decoded(as: Self.self)
    }

    /// What a model's description tells of the member.
    public var described: JSONValue {
        get throws { OptionKind.section(Schema.member).told(try JSONValue(encoding: self)) }
    }
}

extension JSONValue {
    /// The value of a section with every option that it lacks at its standard value.
    fileprivate func completed(by options: [ConfigurationOption]) -> JSONValue {
        guard var members = object else { return self }
        for option in options {
            guard let value = members[option.name] ?? option.standard else { continue }
            members[option.name] =
                switch option.kind {
                case .section(let inner): value.completed(by: inner)
                case .list(.section(let inner), _): .array((value.array ?? []).map { $0.completed(by: inner) })
                default: value
                }
        }
        return .object(members)
    }
}
