import Basics
import Foundation
import Imaging
import Preview
import Results
import Testing

@testable import Review

@Suite struct ServerTests {
    fileprivate static let token = "0123456789abcdef0123456789abcdef"

    /// A running server, and the ways to ask it.
    fileprivate struct Site {
        let pond: Pond
        let server: ReviewServer
        let port: UInt16

        init(_ pairs: [ReviewPair] = Pond.pairs) throws {
            pond = try Pond()
            server = try ReviewServer(port: 0, pond.session(pairs), token: ServerTests.token)
            port = try #require(URL(string: server.address)?.port.map { UInt16($0) })
        }

        /// The status, the headers and the body of a response, by curl's own arguments.
        func ask(_ path: String, _ arguments: [String] = []) throws -> (status: Int, head: String, body: Data) {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/curl")
            process.arguments =
                ["-s", "-i", "--path-as-is", "-m", "30"] + arguments + ["http://127.0.0.1:\(port)\(path)"]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let end = try #require(data.range(of: Data("\r\n\r\n".utf8)))
            let head = String(decoding: data[..<end.lowerBound], as: UTF8.self)
            return (Int(head.split(separator: " ")[1]) ?? 0, head, Data(data[end.upperBound...]))
        }

        func post(
            _ path: String = "/\(ServerTests.token)/decision", body: String = Self.decision, extra: [String] = [],
            token: String? = ServerTests.token
        ) throws -> Int {
            let proof = token.map { ["-H", "X-Whalebook-Token: \($0)"] } ?? []
            return try ask(path, proof + extra + ["-H", "Content-Type: application/json", "-d", body]).status
        }

        static let decision =
            #"{"id":"0123456789ab","pair":0,"verdict":"same","reviewer":"Anna","shown":[0],"seconds":2}"#

        var stored: Int { (try? DecisionLog(pond.decisions).contents().decisions.count) ?? -1 }
    }

    private static let foreign = ["-H", "Origin: http://example.org"]

    @Test func `The page, its script and its style are served, and nothing from elsewhere is allowed`() throws {
        let site = try Site()
        let types = [
            "": "text/html", "review.js": "text/javascript", "photographs.js": "text/javascript",
            "review.css": "text/css",
        ]
        for (path, type) in types {
            let answer = try site.ask("/\(Self.token)/\(path)")
            #expect(answer.status == 200 && answer.head.contains("Content-Type: \(type)"))
            #expect(answer.head.contains("default-src 'none'") && !answer.head.contains("unsafe-inline"))
        }
        #expect(site.server.address == "http://127.0.0.1:\(site.port)/\(Self.token)/")
    }

    @Test(arguments: ["/", "/review.js", "/0123/", "/0123456789abcdef0123456789abcdee/", "/x/../picture/0/220"])
    func `Without the secret part of the address nothing is shown`(path: String) throws {
        let site = try Site()
        let answer = try site.ask(path)
        #expect(answer.status == 403 && answer.body.count < 200)
    }

    @Test func `Another host's name is refused`() throws {
        let site = try Site()
        #expect(try site.ask("/\(Self.token)/", ["-H", "Host: example.org"]).status == 403)
        #expect(try site.ask("/\(Self.token)/", ["-H", "Host: localhost:\(site.port)"]).status == 200)
        #expect(try site.post(extra: ["-H", "Host: example.org"]) == 403)
        #expect(site.stored == 0)
    }

    @Test func `Only the page itself can decide`() throws {
        let site = try Site()
        #expect(try site.post(token: nil) == 403)
        #expect(try site.post(token: "0123456789abcdef0123456789abcdee") == 403)
        #expect(try site.post(extra: Self.foreign) == 403)
        #expect(try site.post(extra: ["-H", "Origin: null"]) == 403)
        #expect(try site.post(extra: ["-X", "PUT"]) == 405)
        #expect(site.stored == 0)
        #expect(try site.post(extra: ["-H", "Origin: http://127.0.0.1:\(site.port)"]) == 200)
        #expect(site.stored == 1)
    }

    @Test(arguments: [
        ("{}", 400), ("", 400), ("[1]", 400),
        (#"{"id":"0123456789ab","pair":99,"verdict":"same","reviewer":"A","shown":[]}"#, 409),
        (#"{"id":"../../etc","pair":0,"verdict":"same","reviewer":"A","shown":[]}"#, 409),
        (String(repeating: "x", count: 70_000), 413),
    ])
    func `A request that is not a decision stores nothing`(body: String, status: Int) throws {
        let site = try Site()
        #expect(try site.post(body: body) == status)
        #expect(site.stored == 0)
    }

    @Test func `A decision is stored before the response, and undone`() throws {
        let site = try Site()
        #expect(try site.post() == 200)
        #expect(try site.post() == 200)
        #expect(site.stored == 1)
        let undo = #"{"id":"0123456789ac","reviewer":"Anna"}"#
        #expect(try site.post("/\(Self.token)/undo", body: undo) == 200)
        #expect(try site.post("/\(Self.token)/undo", body: undo.replacing("9ac", with: "9ad")) == 409)
        #expect(try CSVTable.read(site.pond.decisions).rows.map { $0[3] } == ["same", "undo"])
    }

    @Test func `A file that cannot be written is reported, and nothing counts as stored`() throws {
        let site = try Site()
        try FileManager.default.createDirectory(at: site.pond.decisions, withIntermediateDirectories: true)
        let answer = try site.ask(
            "/\(Self.token)/decision", ["-H", "X-Whalebook-Token: \(Self.token)", "-d", Site.decision])
        #expect(answer.status == 500)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("decisions.csv"))
    }

    @Test func `Pictures are cropped to the animal or whole, and unknown ones do not exist`() throws {
        let site = try Site()
        func sides(_ path: String) throws -> [Int] {
            let answer = try site.ask("/\(Self.token)/picture/\(path)")
            #expect(answer.status == 200 && answer.head.contains("image/jpeg"))
            let file = site.pond.root.appending(path: "answer.jpg")
            try AtomicFile.write(answer.body, to: file)
            let raster = try Raster.decoding(PhotographFile(id: "", url: file))
            return [raster.width, raster.height]
        }
        #expect(try sides("1/1400") == [30, 50])
        #expect(try sides("1/1400?whole") == [90, 60])
        for path in ["99/220", "-1/220", "0/7", "0", "0/220/1", "..%2f..%2fmetadata.csv/220"] {
            #expect(try site.ask("/\(Self.token)/picture/\(path)").status == 404, "\(path)")
        }
    }

    @Test func `A photograph that cannot be read is an error of its picture alone`() throws {
        let site = try Site()
        try AtomicFile.write("not a picture", to: site.pond.root.appending(path: "images/w4-1.jpg"))
        #expect(try site.ask("/\(Self.token)/picture/9/220").status == 500)
        #expect(try site.ask("/\(Self.token)/place?pair=0&step=here").status == 200)
    }

    @Test func `Kept pictures stay within their memory, and the last ones used stay`() throws {
        let pond = try Pond()
        let pictures = ReviewPictures(pond.photographs, capacity: 4000)
        let first = try pictures.picture(0, .strip, isWhole: false)
        #expect(first.count < 2000)
        for position in 0..<12 { _ = try pictures.picture(position, .strip, isWhole: false) }
        #expect(pictures.keptBytes <= 4000 && pictures.keptBytes > 0)
        #expect(try pictures.picture(0, .strip, isWhole: false) == first)
    }
}
