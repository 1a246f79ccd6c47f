import Basics
import Foundation
import Testing

@testable import Reports

struct SourceTests {
    private func paths(_ source: String) -> [String] {
        SwiftScanner.declarations(in: source).map { $0.path + $0.signature }
    }

    private func text(_ name: String, in source: String) -> String? {
        SwiftScanner.declarations(in: source).first { $0.path == name }?.text
    }

    @Test func `Types, members and extensions are found with their paths and labels`() {
        let source = """
            public struct A<T>: P where T: Q {
                var x: Int { get }
                let (a, b): (Int, Int) = (1, 2)
                init(_ x: Int, y z: [String: Int] = ["}": 1]) { }
                static func + (l: A, r: A) -> A { l }
                subscript(i: Int) -> Int { 0 }
                enum Kind { case one, two }
            }
            extension A.Kind { func f() async throws -> (Int) -> Int { { $0 } } }
            protocol P { func g(); func h(a: Int) -> Int
                var v: Int { get set }
            }
            func top<T>(_ t: T) where T: P {}
            """
        #expect(
            paths(source) == [
                "A", "A.x", "A.let", "A.init(_:y:)", "A.+(l:r:)", "A.subscript(i:)", "A.Kind", "A.Kind.one",
                "A.Kind", "A.Kind.f()", "P", "P.g()", "P.h(a:)", "P.v", "top(_:)",
            ])
    }

    @Test func `Braces in strings, comments and regular expressions do not count`() {
        let source = ###"""
            struct A {
                let a = "} \( { "}" }() ) { \\"
                let b = #"} " \( } \#( "}" )"#
                let c = ##"""
                    } """ "# \##("""
                    }
                    """)
                    """##
                let d = """
                    } \(x) "quoted" ""
                    """
                // }
                /* } /* } */ } */
                let e = /[^"{]*\/}/
                let f = #/ { " /#
                let g = 6 / 2; let h = 4 / 2
                var i: Character { "\"" }
            }
            struct B {}
            """###
        #expect(paths(source).filter { !$0.contains(".") } == ["A", "B"])
        #expect(paths(source).contains("A.i"))
        #expect(text("A", in: source)?.hasSuffix("var i: Character { \"\\\"\" }\n}") == true)
    }

    @Test func `A declaration comes with its comment and attributes, without indentation`() {
        let source = """
            import Foundation

            // MARK: Chapter
            /// Says it.
            ///
            /// More.
            @available(*, deprecated, message: "}")
            public final class A {
                // MARK: Inner

                /** A block
                 comment. */
                @discardableResult
                public static func f(
                    x: Int
                ) -> Int {
                    x
                }
            }
            """
        let all = SwiftScanner.declarations(in: source)
        #expect(all[0].lines == 4...19)
        #expect(all[0].text.hasPrefix("/// Says it."))
        #expect(all[1].path == "A.f" && all[1].signature == "(x:)")
        #expect(
            all[1].text == """
                /** A block
                 comment. */
                @discardableResult
                public static func f(
                    x: Int
                ) -> Int {
                    x
                }
                """)
    }

    @Test func `Class members are members, and words in names are not keywords`() {
        #expect(
            paths(
                "class A { class func f() {} \n class var v = 1\n let structure = 2, funcs = 3\n var `class`: Int = 4 }"
            )
                == ["A", "A.f()", "A.v", "A.structure", "A.class"])
    }

    @Test func `Values that span lines end where the next declaration begins`() {
        let source = """
            struct A {
                private let a =
                    [1, 2]
                    .map { $0 + 1 }
                public var b = 2
                #if DEBUG
                let c = 3
                #endif
            }
            """
        #expect(paths(source) == ["A", "A.a", "A.b", "A.c"])
        #expect(text("A.a", in: source)?.hasSuffix(".map { $0 + 1 }") == true)
        #expect(text("A.b", in: source) == "public var b = 2")
    }

    @Test func `Unfinished sources end without a crash`() {
        for source in ["struct A {", "struct", "func f(", "\"", "\"\"\"", "/*", "#\"", "let a = \"\\(", "/", "@", "}"] {
            _ = SwiftScanner.declarations(in: source)
        }
    }

    @Test func `Whalebook's own sources are read: the braces of every file balance`() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appending(path: "Sources")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        #expect(files.count > 50)
        for file in files {
            let code = SwiftMask(Array(try Data(contentsOf: folder.appending(path: file)))).code
            let depth = code.reduce(0) { $0 + ($1 == UInt8(ascii: "{") ? 1 : $1 == UInt8(ascii: "}") ? -1 : 0) }
            #expect(depth == 0, "\(file)")
            #expect(!code.contains(UInt8(ascii: "\"")), "\(file)")
        }
    }

    // MARK: Finding

    private func folder(_ files: [String: String]) throws -> URL {
        let root = FileManager.default.temporaryDirectory.appending(path: "sources-\(UUID().uuidString)")
        for (path, text) in files { try AtomicFile.write(text, to: root.appending(path: path)) }
        return root
    }

    @Test func `A type comes before its extensions, and labels choose among functions of one name`() throws {
        let root = try folder([
            "M/A.swift": "struct A {\n    func f(x: Int) {}\n    func f(y: Int) {}\n}\n",
            "M/A+B.swift": "extension A { }\n",
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        let source = SourceFolder(directory: root)
        #expect(try source.declaration(named: "A").path == "M/A.swift")
        #expect(try source.declaration(named: "A.f(y:)").declaration.lines == 3...3)
        #expect { try source.declaration(named: "A.f") } throws: {
            "\($0)".contains("Add the labels, such as 'A.f(x:)'")
        }
    }

    @Test func `A renamed declaration is an error that suggests the nearest`() throws {
        let root = try folder(["L.swift": "struct FocalLosses {}\n// FocalLoss\n"])
        defer { try? FileManager.default.removeItem(at: root) }
        #expect { try SourceFolder(directory: root).declaration(named: "FocalLoss") } throws: {
            "\($0)" == "no Swift source declares 'FocalLoss'. Did you mean 'FocalLosses'?"
        }
    }

    @Test func `A name in two files needs the file, too`() throws {
        let root = try folder(["A/L.swift": "struct L {}\n", "B/L.swift": "struct L {}\n"])
        defer { try? FileManager.default.removeItem(at: root) }
        let source = SourceFolder(directory: root)
        #expect { try source.declaration(named: "L") } throws: { "\($0)".contains("A/L.swift:1") }
        #expect(try source.declaration(named: "L", file: "B/L.swift").path == "B/L.swift")
        #expect { try source.declaration(named: "L", file: "C.swift") } throws: { "\($0)".contains("correct 'file'") }
    }
}
