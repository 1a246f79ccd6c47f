import Basics
import Checkpoints
import Foundation
import FuzzSupport

private let folder = FuzzFolder()

/// Checkpoints of PyTorch: tensors whose bytes have the length of their shapes, or one of Whalebook's errors.
@main
enum FuzzCheckpoint {
    static func main() {
        fuzz { input in
            folder.write(input, to: "pytorch_model.bin")
            do {
                let checkpoint = try Checkpoint.read(folder.url.appending(path: "pytorch_model.bin"))
                precondition(!checkpoint.entries.isEmpty)
                for (name, entry) in checkpoint.entries {
                    let count = checkpoint.withBytes(of: name) { $0.count }
                    precondition(count == entry.shape.reduce(1, *) * entry.type.width)
                }
            } catch is FileError {
            } catch is CheckpointError {
            } catch {
                fatalError("an error that is not Whalebook's: \(error)")
            }
        }
    }
}
