import Basics
import Testing

@testable import Configuration

struct DeviceChoiceTests {
    @Test(arguments: ["auto", "cpu", "cuda", "cuda:0", "cuda:12"])
    func `Every device is read and written in the same form`(name: String) throws {
        let device = try #require(DeviceChoice(rawValue: name))
        #expect(device.rawValue == name)
        #expect(try JSONValue(encoding: device) == .string(name))
        #expect(try JSONValue.string(name).decoded(as: DeviceChoice.self) == device)
    }

    @Test func `A card has its number, and any card has none`() {
        #expect(DeviceChoice(rawValue: "cuda:3") == .card(3))
        #expect(DeviceChoice(rawValue: "cuda") == .card(nil))
    }

    @Test(arguments: ["", "gpu", "CUDA", "cuda:", "cuda:x", "cuda:-1", "cuda:01", "cuda:64", "cuda:1:2", "cuda 1"])
    func `Anything else is no device`(name: String) { #expect(DeviceChoice(rawValue: name) == nil) }
}
