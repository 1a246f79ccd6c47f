import Basics
import Catalog
import Foundation

/// A public set of photographs that `whalebook fetch` downloads.
public struct PublicDataSet: Sendable, Equatable {
    /// A published archive.
    public struct Archive: Sendable, Equatable {
        /// The file's name in a mirror.
        public let file: String
        /// Where it is published, in the order of trial.
        public let addresses: [String]
        /// Its approximate size, as published: 10^6 bytes.
        public let megabytes: Int64
        /// The folder in it that has the photographs; nil for all of it.
        let part: String?
        /// The folder of the data set that receives it; nil for the data set's own.
        public let target: String?

        /// The plausible sizes: an error page or another file is not half to twice as large.
        public var sizes: ClosedRange<Int64> { megabytes * 500_000...megabytes * 2_000_000 }

        /// The most bytes that may come out of it: photographs are compressed already.
        public var unpackedBytes: Int64 { megabytes * 4_000_000 }

        /// Where an entry goes; nil to skip it.
        public func selection(_ path: [String]) -> [String]? {
            let isLitter = path.contains { $0 == "__MACOSX" || $0 == ".DS_Store" || $0.hasPrefix("._") }
            guard let part else { return isLitter ? nil : path }
            guard !isLitter, let position = path.firstIndex(of: part) else { return nil }
            return Array(path[(position + 1)...])
        }
    }

    /// The name on the command line.
    public let name: String
    /// What it shows, such as `beluga whales`.
    public let subject: String
    public let licence: String
    /// Where the licence is; nil if there is none.
    public let licenceAddress: String?
    /// Who made it, and how to cite it.
    public let credit: String
    /// The page that describes it.
    public let page: String
    public let archives: [Archive]

    /// The record of what was fetched, in the folder of a set.
    public static let record = "fetched.json"

    /// The name of the set that was fetched into a folder; nil if the folder was made otherwise.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    public static func name(fetchedInto folder: URL) throws(FileError) -> String? {
        try FileError.attempt { try JSONValue.read(folder.appending(path: record)) }?["name"]?.string
    }

    /// Every set, as it is listed.
    public static let all = [belugas, nyala, lions, whaleSharks, hyenas, leopards]

    /// The set with a name.
    ///
    /// - Throws: ``PublicDataError/unknown(name:)``.
    public static func named(_ name: String) throws(PublicDataError) -> PublicDataSet {
        guard let found = all.first(where: { $0.name == name }) else { throw .unknown(name: name) }
        return found
    }

    /// Lines that state the licence and the source, for before the download.
    public var terms: [String] {
        let size = NumberText.bytes(Double(archives.map(\.megabytes).reduce(0, +) * 1_000_000))
        return [
            "\(name): \(subject), about \(size)",
            "licence     \(licence)\(licenceAddress.map { ": \($0)" } ?? "")",
            "source      \(page)",
            "credit      \(credit)",
        ]
    }

    /// The command that makes use of the set in a folder.
    public func nextCommand(for directory: String) -> String {
        self == .belugas ? "whalebook run --config configs/belugas.yaml" : "whalebook init \(directory)"
    }

    /// Makes the unpacked archives in `tree` usable, and says what is there, one line each.
    ///
    /// - Throws: As `BelugaLayout.write(in:)`.
    public func layOut(_ tree: URL) throws -> [String] {
        if self == .belugas { return try BelugaLayout.write(in: tree).lines }
        let survey = try CatalogSurvey(CatalogFolder(tree))
        let photographs = NumberText.counted(survey.catalog.photographs.count, "photograph", "photographs")
        let animals = NumberText.counted(survey.catalog.whales.count, "animal", "animals")
        let problems = survey.problems.count
        return ["\(photographs) of \(animals), layout \(survey.folder.layout.rawValue)"]
            + (problems > 0
                ? ["\(NumberText.counted(problems, "problem", "problems")): 'whalebook catalog' lists them"] : [])
    }

    private static let belugas = PublicDataSet(
        name: "beluga-id-2022",
        subject: "beluga whales of Cook Inlet, with the test of the competition 'Where's Whale-do?' and its answers",
        licence: permissive, licenceAddress: permissiveAddress,
        credit: "Beluga ID 2022: NOAA Fisheries, BOEM and Wild Me, by LILA BC",
        page: "https://lila.science/datasets/beluga-id-2022/",
        archives: [
            lila("beluga.coco.tar.gz", megabytes: 590, target: BelugaLayout.training),
            lila("beluga-id-test.zip", megabytes: 122, target: BelugaLayout.test),
        ])

    private static let nyala = reidentification(
        "nyala", "nyala antelopes, left and right flank", part: "Nyala_Data_Zero")

    private static let lions = reidentification("lions", "faces of lions", part: "Lion_Data_Zero")

    private static let whaleSharks = PublicDataSet(
        name: "whale-sharks", subject: "whale sharks", licence: permissive, licenceAddress: permissiveAddress,
        credit: "Whale Shark ID: Holmberg, Norman and Arzoumanian, Endangered Species Research 7, 2009, by LILA BC",
        page: "https://lila.science/datasets/whale-shark-id",
        archives: [lila("whaleshark.coco.tar.gz", megabytes: 6466)])

    private static let hyenas = PublicDataSet(
        name: "hyenas", subject: "spotted hyenas", licence: permissive, licenceAddress: permissiveAddress,
        credit: "Hyena ID 2022: Botswana Predator Conservation Trust, African Carnivore Wildbook, by LILA BC",
        page: "https://lila.science/datasets/hyena-id-2022/",
        archives: [lila("hyena.coco.tar.gz", megabytes: 3441)])

    private static let leopards = PublicDataSet(
        name: "leopards", subject: "African leopards", licence: permissive, licenceAddress: permissiveAddress,
        credit: "Leopard ID 2022: Botswana Predator Conservation Trust, African Carnivore Wildbook, by LILA BC",
        page: "https://lila.science/datasets/leopard-id-2022/",
        archives: [lila("leopard.coco.tar.gz", megabytes: 8565)])

    private static let permissive = "CDLA-Permissive 1.0"
    private static let permissiveAddress = "https://cdla.dev/permissive-1-0/"

    /// An archive of Wild Me on LILA, which has two places.
    private static func lila(_ file: String, megabytes: Int64, target: String? = nil) -> Archive {
        let places = [
            "https://storage.googleapis.com/public-datasets-lila/wild-me/",
            "https://lilawildlife.blob.core.windows.net/lila-wildlife/wild-me/",
        ]
        return Archive(
            file: file, addresses: places.map { $0 + file }, megabytes: megabytes, part: nil, target: target)
    }

    /// A part of the repository of Dlamini and van Zyl.
    private static func reidentification(_ name: String, _ subject: String, part: String) -> PublicDataSet {
        let repository = "tvanzyl/wildlife_reidentification"
        return PublicDataSet(
            name: name, subject: subject,
            licence: "none stated by the authors; ask them before you publish photographs",
            licenceAddress: nil,
            credit: "Dlamini and van Zyl, Automated identification of individuals in wildlife population, 2020",
            page: "https://github.com/\(repository)",
            archives: [
                Archive(
                    file: "wildlife_reidentification.zip",
                    addresses: [
                        "https://github.com/\(repository)/archive/refs/heads/main.zip",
                        "https://codeload.github.com/\(repository)/zip/refs/heads/main",
                    ], megabytes: 495, part: part, target: nil)
            ])
    }
}

/// A data set that cannot be fetched.
public enum PublicDataError: Error, Equatable, CustomStringConvertible {
    case unknown(name: String)
    /// There is something else where the data set would be.
    case taken(path: String)
    /// Another process fetches into the same folder.
    case busy(path: String)
    /// An archive that unpacks to something else than published; `problem` says what is missing.
    case otherForm(archive: String, problem: String)
    /// A mirror that is neither a folder nor an address.
    case badMirror(String)
    case notInMirror(folder: String, file: String)
    case noSpace(folder: String, needed: Int64, free: Int64)

    public var description: String {
        switch self {
        case .unknown(let name):
            "There is no public data set \(quoted: name). "
                + (Spelling.nearest(to: name, among: PublicDataSet.all.map(\.name)).map {
                    "Did you mean \(quoted: $0)? "
                }
                    ?? "") + "Known are: \(PublicDataSet.all.map(\.name).listed())."
        case .taken(let path):
            "\(path) exists and was not fetched by this command. Choose another folder, or remove it."
        case .busy(let path): "Another process fetches into \(path). Wait for it, or choose another folder."
        case .otherForm(let archive, let problem):
            """
            \(archive) does not have its published form: \(problem). Its download is kept next to the folder; remove \
            it to download it again.
            """
        case .notInMirror(let folder, let file): "\(folder) has no file \(file). Put it there under this name."
        case .noSpace(let folder, let needed, let free):
            """
            \(folder) has \(NumberText.bytes(Double(free))) of free space, but the archives and what they unpack to need \
            \(NumberText.bytes(Double(needed))). Free some space, or choose a folder on another disk.
            """
        case .badMirror(let text):
            "--from is \(quoted: text), which is neither a folder nor an http or https address. Give one that has the archives."
        }
    }
}
