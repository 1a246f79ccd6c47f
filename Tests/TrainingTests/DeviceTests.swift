import Configuration
import Jobs
import Testing

@testable import Torch
@testable import Training

/// Devices that this machine may not have.
struct DeviceTests {
    @Test func `A choice selects a device among those of the machine`() throws {
        #expect(try DeviceChoice.auto.device(amongCards: 0) == .cpu)
        #expect(try DeviceChoice.auto.device(amongCards: 2) == .cuda(0))
        #expect(try DeviceChoice.cpu.device(amongCards: 2) == .cpu)
        #expect(try DeviceChoice.card(nil).device(amongCards: 1) == .cuda(0))
        #expect(try DeviceChoice.card(1).device(amongCards: 2) == .cuda(1))
    }

    @Test func `A card that is not there is an error that says how many are`() {
        for count in 0...2 {
            #expect(throws: TrainingError.noGraphicsCard(device: "cuda:2", count: count)) {
                try DeviceChoice.card(2).device(amongCards: count)
            }
        }
        #expect(TrainingError.noGraphicsCard(device: "cuda", count: 0).description.contains("LIBTORCH"))
        #expect(TrainingError.noGraphicsCard(device: "cuda:1", count: 1).description.contains("there is 1 card"))
        #expect(TrainingError.noGraphicsCard(device: "cuda:2", count: 2).description.contains("there are 2 cards"))
    }

    @Test func `Checkpoints of one card serve another, and not the CPU`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        func fingerprint(_ device: DeviceChoice) throws -> String {
            var job = try pond.job(into: "model")
            job.device = device
            return try job.fingerprint(photographs: [], labels: [])
        }
        #expect(try fingerprint(.card(1)) == fingerprint(.card(nil)))
        #expect(try fingerprint(.card(1)) != fingerprint(.cpu))
    }

    @Test func `A batch that is too large is halved until one fits`() throws {
        var tried: [Int] = []
        func largest(below batch: Int, limit: Int) -> Int? {
            tried = []
            return TrainingError.LargeBatch.largest(below: batch) { size in
                tried.append(size)
                return size <= limit
            }
        }
        #expect(largest(below: 64, limit: 20) == 16 && tried == [32, 16])
        #expect(largest(below: 6, limit: 100) == 3 && tried == [3])
        #expect(largest(below: 64, limit: 1) == nil && tried == [32, 16, 8, 4, 2])
        #expect(largest(below: 2, limit: 100) == nil && tried == [])
    }

    @Test func `The error says which batch fits, and how to keep the photographs of a step`() {
        func text(fitting: Int?) -> String {
            TrainingError.tooLargeBatch(
                .init(
                    batch: 64, accumulation: 2, device: "cuda:0", reason: "CUDA out of memory.", fitting: fitting)
            ).description
        }
        #expect(text(fitting: 16).contains("set train.batch-size: 16, and train.accumulation: 8"))
        #expect(text(fitting: 16).hasSuffix("libtorch says: CUDA out of memory."))
        #expect(text(fitting: nil).contains("Not even 2 photographs fit"))
    }

    @Test(arguments: [
        ("CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 139.80 GiB total capacity)", true),
        ("[enforce fail at alloc_cpu.cpp:75] DefaultCPUAllocator: can't allocate memory: you tried to allocate", true),
        ("mat1 and mat2 shapes cannot be multiplied", false),
    ])
    func `libtorch's words for too little memory are recognised`(message: String, isMemory: Bool) {
        #expect(TorchError(operation: "conv2d", shapes: [], message: message).isOutOfMemory == isMemory)
    }

    @Test func `libtorch itself uses these words, and a step that fits is repeated`() throws {
        // An exabyte, which no machine has.
        let error = #expect(throws: TorchError.self) {
            try Tensor(repeating: 0, shape: [1 << 29, 1 << 29], on: .cpu)
        }
        #expect(error?.isOutOfMemory == true, "\(error.map { "\($0)" } ?? "")")
        let settings = try Pond.configuration().train
        let model = try MemberModel(
            member: settings.members[0], settings: settings, seed: 1, classes: Pond.classes("a", "b", "c"), on: .cpu)
        let before = try model.store.parameters.map { try $0.tensor.floats() }
        #expect(try TrialStep(model, on: .cpu).fits(2))
        #expect(try model.store.parameters.map { try $0.tensor.floats() } == before, "no weight changes")
    }
}
