import Foundation

/// Reads a pickle of plain tensors without executing anything.
///
/// A pickle is a program for a stack machine that can import and call any function. This reader knows the instructions
/// that `torch.save` writes for tensors in dictionaries and lists, and four functions, which it replaces by its own; any
/// other instruction or function is refused by its name.
///
/// Containers are referred to by number, so that a pickle may nest or share them without recursion here.
///
/// Source: Python's `pickletools` (protocol 2), torch/serialization.py.
struct Unpickler {
    /// A value of the program.
    enum Value {
        case none
        case flag(Bool)
        case integer(Int)
        case real
        case text(String)
        /// A tuple or a list, by its number.
        case sequence(Int)
        /// A dictionary, by its number.
        case dictionary(Int)
        case function(String)
        /// By its number, as tensors are: a value should be small.
        case storage(Int)
        case tensor(Int)
    }

    /// The numbers that tensors share, in one entry of the archive.
    struct Storage: Equatable {
        /// PyTorch's name of the type, such as `FloatStorage`.
        let type: String
        /// The entry's name below `data/`.
        let key: String
        /// Numbers in it.
        let count: Int
    }

    /// A tensor over a storage; lengths and steps in numbers.
    struct TensorView {
        let storage: Storage
        let offset: Int
        let shape: [Int]
        let strides: [Int]
    }

    private static let tensorFunction = "torch._utils._rebuild_tensor_v2"
    private static let parameterFunction = "torch._utils._rebuild_parameter"
    private static let dictionaryFunction = "collections.OrderedDict"
    private static let numberTypes: Set = [
        "BFloat16", "Bool", "Byte", "Char", "ComplexDouble", "ComplexFloat", "Double", "Float", "Half", "Int", "Long",
        "Short",
    ]
    /// The protocol that `torch.save` writes.
    private static let version = 2

    private let program: Data
    private var place: Data.Index
    private var stack: [Value] = []
    private var marks: [Int] = []
    private var memo: [Int: Value] = [:]
    private var sequences: [[Value]] = []
    private var dictionaries: [[(key: Value, value: Value)]] = []
    private var storages: [Storage] = []
    private var tensors: [TensorView] = []

    /// Runs a program to its end, and returns the tensors of the dictionary that it makes, or of one within it, which
    /// training scripts call `state_dict` or `model`.
    static func tensors(of program: Data) throws(CheckpointFlaw) -> [(name: String, tensor: TensorView)] {
        var machine = Unpickler(program)
        guard case .dictionary(let number) = try machine.run() else { throw .noDictionary }
        var entries = try machine.named(number)
        for name in ["state_dict", "model"] {
            guard case .dictionary(let number)? = entries.first(where: { $0.name == name })?.value else { continue }
            entries = try machine.named(number)
            break
        }
        return entries.compactMap { name, value in
            if case .tensor(let number) = value { (name, machine.tensors[number]) } else { nil }
        }
    }

    private init(_ program: Data) {
        self.program = program
        place = program.startIndex
    }

    private func named(_ number: Int) throws(CheckpointFlaw) -> [(name: String, value: Value)] {
        var result: [(String, Value)] = []
        for (key, value) in dictionaries[number] {
            guard case .text(let name) = key else { throw .badKey }
            result.append((name, value))
        }
        return result
    }
}

extension Unpickler {
    private mutating func run() throws(CheckpointFlaw) -> Value {
        while true {
            let start = place - program.startIndex
            let code = try byte()
            guard let instruction = Instruction(rawValue: code) else { throw .instruction(code: code, at: start) }
            if instruction == .stop { return try pop() }
            try perform(instruction, at: start)
        }
    }

    /// The instructions that `torch.save` writes, by Python's names.
    private enum Instruction: UInt8 {
        case proto = 0x80
        case stop = 0x2E
        case mark = 0x28
        case none = 0x4E
        case newTrue = 0x88
        case newFalse = 0x89
        case binInt = 0x4A
        case binInt1 = 0x4B
        case binInt2 = 0x4D
        case long1 = 0x8A
        case binFloat = 0x47
        case binUnicode = 0x58
        case emptyTuple = 0x29
        case tuple1 = 0x85
        case tuple2 = 0x86
        case tuple3 = 0x87
        case tuple = 0x74
        case emptyList = 0x5D
        case append = 0x61
        case appends = 0x65
        case emptyDict = 0x7D
        case setItem = 0x73
        case setItems = 0x75
        case binPut = 0x71
        case longBinPut = 0x72
        case binGet = 0x68
        case longBinGet = 0x6A
        case global = 0x63
        case reduce = 0x52
        case build = 0x62
        case binPersID = 0x51
    }

    private mutating func perform(_ instruction: Instruction, at start: Int) throws(CheckpointFlaw) {
        switch instruction {
        case .proto:
            let version = Int(try byte())
            guard version == Self.version else { throw .version(version) }
        case .stop: break
        case .mark: marks.append(stack.count)
        case .none: stack.append(.none)
        case .newTrue: stack.append(.flag(true))
        case .newFalse: stack.append(.flag(false))
        case .binInt: stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
        case .binInt1: stack.append(.integer(try number(1)))
        case .binInt2: stack.append(.integer(try number(2)))
        case .long1: stack.append(.integer(try long()))
        case .binFloat:
            _ = try bytes(8)
            stack.append(.real)
        case .binUnicode: stack.append(.text(try text(try number(4))))
        case .emptyTuple: pushSequence([])
        case .tuple1, .tuple2, .tuple3:
            pushSequence(try pop(Int(instruction.rawValue - Instruction.tuple1.rawValue) + 1))
        case .tuple: pushSequence(try popMarked())
        case .emptyList: pushSequence([])
        case .append: try append([pop()])
        case .appends: try append(popMarked())
        case .emptyDict: pushDictionary()
        case .setItem: try setItems(pop(2))
        case .setItems: try setItems(popMarked())
        case .binPut: memo[try number(1)] = try top()
        case .longBinPut: memo[try number(4)] = try top()
        case .binGet: try push(fromMemo: number(1))
        case .longBinGet: try push(fromMemo: number(4))
        case .global: try pushFunction()
        case .reduce: try call()
        case .build: try build()
        case .binPersID:
            storages.append(try storage(pop()))
            stack.append(.storage(storages.count - 1))
        }
    }

    // MARK: Operands

    private mutating func byte() throws(CheckpointFlaw) -> UInt8 {
        guard place < program.endIndex else { throw .pickleCut }
        defer { place += 1 }
        return program[place]
    }

    private mutating func bytes(_ count: Int) throws(CheckpointFlaw) -> Data {
        guard count >= 0, count <= program.endIndex - place else { throw .pickleCut }
        defer { place += count }
        return program[place..<place + count]
    }

    /// An unsigned number of `width` bytes, least significant first.
    private mutating func number(_ width: Int) throws(CheckpointFlaw) -> Int {
        try bytes(width).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// A whole number in two's complement of up to eight bytes; torch writes lengths and offsets above 2³¹ this way.
    private mutating func long() throws(CheckpointFlaw) -> Int {
        let bytes = try bytes(Int(try byte()))
        guard bytes.count <= 8 else { throw .numberTooLarge }
        guard let last = bytes.last else { return 0 }
        let start: Int64 = last & 0x80 == 0 ? 0 : -1
        return Int(bytes.reversed().reduce(start) { $0 << 8 | Int64($1) })
    }

    private mutating func text(_ count: Int) throws(CheckpointFlaw) -> String {
        guard let text = String(validating: try bytes(count), as: UTF8.self) else { throw .textNotUTF8 }
        return text
    }

    /// Text up to the end of its line.
    private mutating func line() throws(CheckpointFlaw) -> String {
        guard let end = program[place...].firstIndex(of: UInt8(ascii: "\n")) else { throw .pickleCut }
        let text = try text(end - place)
        place += 1
        return text
    }

    // MARK: The stack

    /// The lowest place that instructions may take from: above the last mark.
    private var floor: Int { marks.last ?? 0 }

    private func top() throws(CheckpointFlaw) -> Value {
        guard stack.count > floor, let value = stack.last else { throw .stackEmpty }
        return value
    }

    private mutating func pop() throws(CheckpointFlaw) -> Value {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws(CheckpointFlaw) -> [Value] {
        guard stack.count - floor >= count else { throw .stackEmpty }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popMarked() throws(CheckpointFlaw) -> [Value] {
        guard let mark = marks.popLast() else { throw .stackEmpty }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func push(fromMemo number: Int) throws(CheckpointFlaw) {
        guard let value = memo[number] else { throw .memoMissing(number) }
        stack.append(value)
    }

    // MARK: Containers

    private mutating func pushSequence(_ values: [Value]) {
        stack.append(.sequence(sequences.count))
        sequences.append(values)
    }

    private mutating func pushDictionary() {
        stack.append(.dictionary(dictionaries.count))
        dictionaries.append([])
    }

    private mutating func append(_ values: [Value]) throws(CheckpointFlaw) {
        guard case .sequence(let number) = try top() else { throw .wrongOperand("a list") }
        sequences[number] += values
    }

    private mutating func setItems(_ values: [Value]) throws(CheckpointFlaw) {
        guard case .dictionary(let number) = try top(), values.count.isMultiple(of: 2) else {
            throw .wrongOperand("a dictionary")
        }
        for index in stride(from: 0, to: values.count, by: 2) {
            dictionaries[number].append((values[index], values[index + 1]))
        }
    }

    /// The attributes of an ordered dictionary, such as the versions of modules, which are not needed.
    private mutating func build() throws(CheckpointFlaw) {
        _ = try pop()
        guard case .dictionary = try top() else { throw .wrongOperand("a dictionary") }
    }

    // MARK: Functions

    private mutating func pushFunction() throws(CheckpointFlaw) {
        let name = "\(try line()).\(try line())"
        let isStorage =
            name.hasPrefix("torch.") && name.hasSuffix("Storage")
            && Self.numberTypes.contains(String(name.dropFirst("torch.".count).dropLast("Storage".count)))
        let isKnown = [Self.tensorFunction, Self.parameterFunction, Self.dictionaryFunction].contains(name)
        guard isStorage || isKnown else { throw .foreign(name) }
        stack.append(.function(name))
    }

    private mutating func call() throws(CheckpointFlaw) {
        let operands = try pop(2)
        guard case .function(let name) = operands[0], case .sequence(let number) = operands[1] else {
            throw .wrongOperand("a function and its arguments")
        }
        let arguments = sequences[number]
        switch name {
        case Self.dictionaryFunction where arguments.isEmpty: pushDictionary()
        case Self.tensorFunction:
            tensors.append(try tensor(arguments))
            stack.append(.tensor(tensors.count - 1))
        case Self.parameterFunction:
            guard case .tensor? = arguments.first else { throw .badCall(name) }
            stack.append(arguments[0])
        default: throw .badCall(name)
        }
    }

    private func tensor(_ arguments: [Value]) throws(CheckpointFlaw) -> TensorView {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1]
        else { throw .badCall(Self.tensorFunction) }
        return TensorView(
            storage: storages[storage], offset: offset, shape: try integers(arguments[2]),
            strides: try integers(arguments[3]))
    }

    private func integers(_ value: Value) throws(CheckpointFlaw) -> [Int] {
        guard case .sequence(let number) = value else { throw .badCall(Self.tensorFunction) }
        var result: [Int] = []
        for value in sequences[number] {
            guard case .integer(let number) = value else { throw .badCall(Self.tensorFunction) }
            result.append(number)
        }
        return result
    }

    /// The storage that a persistent id names: `('storage', type, key, device, count)`.
    private func storage(_ id: Value) throws(CheckpointFlaw) -> Storage {
        guard case .sequence(let number) = id, sequences[number].count == 5 else { throw .badStorage }
        let parts = sequences[number]
        guard case .text("storage") = parts[0], case .function(let type) = parts[1], type.hasSuffix("Storage"),
            case .text(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
        else { throw .badStorage }
        return Storage(type: String(type.dropFirst("torch.".count)), key: key, count: count)
    }
}
