import Basics

/// A checkpoint that cannot be read.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
    public let path: String
    public let flaw: CheckpointFlaw

    public var description: String { "\(path): \(flaw). \(flaw.remedy)" }
}

/// The defect of a checkpoint.
public enum CheckpointFlaw: Error, Equatable, CustomStringConvertible {
    // The archive.
    case noDirectory
    case badDirectory(String)
    case badEntry(String, String)
    case compressed(String)
    case encrypted(String)
    case overlap(first: String, second: String)
    case duplicateEntry(String)
    case noPickle
    case severalPickles([String])
    case script
    case byteOrder
    // The pickle.
    case pickleTooLong(bytes: Int, limit: Int)
    case pickleCut
    case version(Int)
    case instruction(code: UInt8, at: Int)
    case numberTooLarge
    case textNotUTF8
    case stackEmpty
    case memoMissing(Int)
    case wrongOperand(String)
    case foreign(String)
    case badCall(String)
    case badStorage
    case badKey
    case noDictionary
    // The tensors.
    case noTensors
    case duplicateTensor(String)
    case unreadType(name: String, type: String)
    case storageMissing(name: String, key: String)
    case storageSize(name: String, key: String, numbers: Int, bytes: Int)
    case beyondStorage(name: String, shape: [Int])

    public var description: String {
        switch self {
        case .noDirectory: "this is not a whole PyTorch checkpoint: the archive's directory is missing"
        case .badDirectory(let problem): "the archive's directory is damaged: \(problem)"
        case .badEntry(let name, let problem): "the archive's entry \(quoted: name) is damaged: \(problem)"
        case .compressed(let name): "the archive's entry \(quoted: name) is compressed, which PyTorch never does"
        case .encrypted(let name): "the archive's entry \(quoted: name) is encrypted"
        case .overlap(let first, let second): "the archive's entries \(quoted: first) and \(quoted: second) overlap"
        case .duplicateEntry(let name): "the archive has two entries \(quoted: name)"
        case .noPickle: "this archive is not a PyTorch checkpoint: it has no data.pkl"
        case .severalPickles(let names): "the archive has several pickles: \(names.listed())"
        case .script: "this is a TorchScript program, not a checkpoint of tensors"
        case .byteOrder: "its numbers have the most significant byte first"
        case .pickleTooLong(let bytes, let limit): "its pickle has \(bytes) bytes; at most \(limit) are read"
        case .pickleCut: "its pickle is cut short"
        case .version(let version): "its pickle has protocol \(version); torch.save writes 2"
        case .instruction(let code, let place):
            "byte \(place) of its pickle is the instruction \(code), which tensors do not need"
        case .numberTooLarge: "its pickle has a whole number of more than 8 bytes"
        case .textNotUTF8: "its pickle has text that is not UTF-8"
        case .stackEmpty: "its pickle takes a value that is not there"
        case .memoMissing(let number): "its pickle refers to value \(number), which was never stored"
        case .wrongOperand(let expected): "its pickle has another value than \(expected) where one is needed"
        case .foreign(let name): "its pickle uses \(quoted: name), which is not part of a tensor; nothing was executed"
        case .badCall(let name): "its pickle calls \(quoted: name) with other arguments than torch.save writes"
        case .badStorage: "its pickle refers to something that is not the numbers of a tensor"
        case .badKey: "a dictionary of its pickle has a key that is not text"
        case .noDictionary: "its pickle is not a dictionary of tensors"
        case .noTensors: "it has no tensors at the top level, in 'state_dict' or in 'model'"
        case .duplicateTensor(let name): "it has \(quoted: name) twice"
        case .unreadType(let name, let type):
            "\(quoted: name) has the type \(quoted: type); Whalebook reads Half, BFloat16, Float, Double and Long"
        case .storageMissing(let name, let key): "the numbers of \(quoted: name), \(quoted: "data/" + key), are missing"
        case .storageSize(let name, let key, let numbers, let bytes):
            "the numbers of \(quoted: name), \(quoted: "data/" + key), should be \(numbers), but they have \(bytes) bytes"
        case .beyondStorage(let name, let shape): "\(quoted: name) of shape \(shape) exceeds its numbers"
        }
    }

    /// What to do.
    var remedy: String {
        switch self {
        case .foreign, .instruction:
            "Do not open it in Python if you do not trust its author; ask for the weights as safetensors."
        case .noPickle, .severalPickles, .script, .byteOrder, .compressed, .encrypted, .version, .noDictionary,
            .noTensors,
            .badKey, .unreadType, .pickleTooLong:
            "Save the weights again in Python: torch.save(model.state_dict(), PATH), or give them as safetensors."
        default: "Download or write the file again."
        }
    }
}
