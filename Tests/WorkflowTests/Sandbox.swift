import Basics
import Catalog
import Configuration
import Foundation
import Hub
import Jobs
import Results
import Synchronization
import Testing

@testable import Workflow

/// A project in its own folder: an invented pod, a whalebook.yaml and a shell script as the worker.
final class Sandbox {
    let root: URL

    /// Writes the project; `yaml` has the lines of whalebook.yaml after `data: pod`.
    init(yaml: String = "") throws {
        root = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try AtomicFile.write("data: pod\n" + yaml, to: root.appending(path: "whalebook.yaml"))
        try Self.writePod(to: root.appending(path: "pod"))
        try Self.writeWorker(to: root.appending(path: "bin"), photographs: Self.whales * Self.photographsEach)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var worker: Worker { Worker(at: root.appending(path: "bin/whalebook-worker")) }

    func project(settings: [String] = []) throws -> Project {
        let configuration = try Configuration.read(root.appending(path: "whalebook.yaml"), overrides: settings)
        return try Project(configuration, worker: worker, settings: settings, environment: environment)
    }

    /// Its own cache of published weights; to fetch weights, the worker copies them from ``offered``.
    var environment: [String: String] { ["HF_HUB_CACHE": root.appending(path: "hub").path] }
    var offered: HubCache { HubCache(at: root.appending(path: "bin/offered")) }

    /// Rewrites whalebook.yaml.
    func configure(_ yaml: String) throws {
        try AtomicFile.write("data: pod\n" + yaml, to: root.appending(path: "whalebook.yaml"))
    }

    /// Sets how the worker behaves: `work`, `die`, `garbage`, `fail`, `fail-seed-1`, `exit`, `silent`, `hang`, `deaf`
    /// (it does not describe itself), `cramped` (it has too little memory for that), `meddle` (a photograph and its time
    /// change while it works, and change back), `meet` (two trainings wait for each other), `meet-and-fail` (then both
    /// fail), or `fail-seed-1-late` (while the other training works, which ends when the file ``end`` appears).
    func behave(_ mode: String) throws { try AtomicFile.write(mode, to: root.appending(path: "bin/mode")) }

    var end: URL { root.appending(path: "bin/end") }

    /// Replaces the record of a result by one with other members, in the form of the program that made it.
    static func rewrite(_ record: URL, _ change: (inout [String: JSONValue]) -> Void) throws {
        var members = try JSONValue.read(record).object ?? [:]
        change(&members)
        try AtomicFile.write(NodeRecord.sealed(members).text, to: record)
    }

    /// The number of jobs that the worker received.
    var jobs: Int { lines(of: "jobs") }

    /// Waits until as many jobs hang, for two minutes at most.
    func waitUntilHanging(_ jobs: Int = 1) async throws {
        for _ in 0..<6000 {
            guard lines(of: "hanging") < jobs else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(lines(of: "hanging") == jobs)
    }

    private func lines(of file: String) -> Int {
        let text = try? String(contentsOf: root.appending(path: "bin/\(file)"), encoding: .utf8)
        return text?.split(separator: "\n").count ?? 0
    }

    // MARK: The pod

    static let whales = 12
    static let photographsEach = 6

    private static func writePod(to folder: URL) throws {
        var photographs: [Photograph] = []
        for whale in 0..<whales {
            for index in 0..<photographsEach {
                let id = "p\(whale)-\(index)"
                photographs.append(
                    Photograph(
                        id: id, path: "images/\(id).jpg", height: 64, width: 64,
                        viewpoint: index % 3 == 2 ? .left : .top, date: "2017-07-0\(index / 2 + 1)",
                        whaleID: "w\(whale)", encounterID: "e\(whale)-\(index / 2)"))
            }
        }
        for photograph in photographs {
            try AtomicFile.write("photograph \(photograph.id)", to: folder.appending(path: photograph.path))
        }
        try Catalog(directory: folder, photographs: photographs).writeMetadata()
    }

    // MARK: The worker

    private static func writeWorker(to folder: URL, photographs: Int) throws {
        let description = WorkerDescription(
            libtorch: "2.6.0", devices: ["cpu"], cpuCapability: "AVX2", threads: 2,
            backbones: [
                .init(
                    name: "tf_efficientnet_lite0", parameters: 3_371_008, multiplyAdds: 383_907_552, features: 1280,
                    imageSize: 224, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
            ])
        try AtomicFile.write(
            try JSONValue(encoding: description).canonicalText, to: folder.appending(path: "description.json"))
        try embeddings(noise: 1.4).write(to: folder.appending(path: "embeddings.npy"))
        try embeddings(noise: 3).write(to: folder.appending(path: "untrained.npy"))
        let ids = (0..<photographs).map { ["p\($0 / photographsEach)-\($0 % photographsEach)"] }
        try AtomicFile.write(CSVTable.text(header: ["image_id"], rows: ids), to: folder.appending(path: "ids.csv"))
        try AtomicFile.write("work", to: folder.appending(path: "mode"))
        try AtomicFile.write(
            #"{"finished":{"facts":{"parameters":2000000,"fixed_bytes":1e8,"bytes_per_photograph":1e6,"#
                + #""training":{"fastest":0.5,"slowest":0.5},"embedding":{"fastest":0.25,"slowest":0.25}}}}"# + "\n",
            to: folder.appending(path: "estimate.json"))
        let script = folder.appending(path: "whalebook-worker")
        try AtomicFile.write(Self.script, to: script)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    }

    /// Vectors around one centre for each whale, of unit length.
    static func embeddings(noise: Double) -> NPYMatrix {
        let width = 24
        var values: [Float] = []
        for whale in 0..<whales {
            var centre = SeededGenerator(seed: 5, "centre", "\(whale)")
            let middle = (0..<width).map { _ in centre.normal() }
            for index in 0..<photographsEach {
                var generator = SeededGenerator(seed: 5, "photograph", "\(whale)", "\(index)")
                let vector = middle.map { $0 + generator.normal(deviation: noise) }
                let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
                values += vector.map { Float($0 / length) }
            }
        }
        return NPYMatrix(rows: whales * photographsEach, columns: width, values: values)
    }

    private static let script = #"""
        #!/bin/sh
        here=$(dirname "$0")
        # Tries a command until it succeeds, for two minutes at most.
        wait_for() {
            tries=0
            until "$@"; do
                tries=$((tries + 1))
                [ $tries -lt 2400 ] || exit 1
                sleep 0.05
            done
        }
        both() { [ "$(ls "$here" | grep -c '^met-')" -ge 2 ]; }
        if [ "$1" = describe ]; then
            case $(cat "$here/mode") in
            deaf) exec sleep 1000 ;;
            cramped) echo "libtorch needs more memory" >&2; exit 71 ;;
            esac
            cat "$here/description.json"
            exit 0
        fi
        job=$(cat)
        case $job in *'"fetch":{"_0"'*)
            cp -R "$here/offered" "$here/../hub" || exit 1
            echo fetch >> "$here/jobs"
            echo '{"progress":{"done":1,"total":2,"unit":"MiB","rate":1}}'
            echo '{"finished":{"facts":{}}}'
            exit 0 ;;
        *'"estimate":{"_0"'*)
            echo estimate >> "$here/jobs"
            cat "$here/estimate.json"
            exit 0 ;;
        esac
        output=$(printf %s "$job" | sed 's/.*"output":"\([^"]*\)".*/\1/')
        [ -n "$output" ] || exit 1
        echo job >> "$here/jobs"
        echo "${WHALEBOOK_CORES:-all}" >> "$here/cores"
        printf '%s\n' "$job" | sed -n 's/^{"\([a-z]*\)".*"device":"\([^"]*\)".*/\1 \2/p' >> "$here/devices"
        echo "a word for the log" >&2
        case $(cat "$here/mode") in
        die) kill -9 $$ ;;
        garbage) echo "Hello, I am no event"; exit 0 ;;
        fail) echo '{"failed":{"_0":"images/p0-0.jpg is cut short"}}'; exit 1 ;;
        fail-seed-1) case $job in *'"train":{"_0"'*'"seed":1'*) echo '{"failed":{"_0":"seed 1"}}'; exit 1 ;; esac ;;
        fail-seed-1-late) case $job in
            *'"train":{"_0"'*'"seed":1'*) wait_for test -e "$here/other"; echo '{"failed":{"_0":"seed 1 is ill"}}'; exit 1 ;;
            *'"train":{"_0"'*) touch "$here/other"; wait_for test -e "$here/end" ;;
            esac ;;
        meet*) case $job in *'"train":{"_0"'*)
            touch "$here/met-$$"
            wait_for both
            case $(cat "$here/mode") in meet-and-fail) echo '{"failed":{"_0":"both are ill"}}'; exit 1 ;; esac ;;
            esac ;;
        exit) exit 7 ;;
        meddle)
            photograph="$here/../pod/images/p0-0.jpg"
            cp -p "$photograph" "$here/kept"
            echo "another whale" > "$photograph"
            cat "$here/kept" > "$photograph"
            touch -r "$here/kept" "$photograph" ;;
        silent) exit 0 ;;
        hang) echo '{"progress":{"done":1,"total":9,"unit":"epochs"}}'; echo hanging >> "$here/hanging"; sleep 60 & wait $! ;;
        esac
        echo '{"progress":{"done":1,"total":2,"unit":"photographs","rate":10}}'
        case $job in
        *'"train":{"_0"'*)
            echo checkpoint > "$output/checkpoint.bin"
            echo weights > "$output/model.safetensors"
            echo '{}' > "$output/model.json"
            echo "member,seed,fold,epoch" > "$output/history.csv" ;;
        *'"bridge":{"_0"'*)
            cp "$here/embeddings.npy" "$output/lateral.npy"
            cp "$here/embeddings.npy" "$output/top.npy"
            echo '{"finished":{"facts":{"loss":0.25}}}'
            exit 0 ;;
        *'"background":{"_0"'*)
            printf %s "$job" > "$here/asked-background.json"
            echo "image_id,region" > "$output/regions.csv"
            case $job in *'"painted":[]'*) ;; *)
                sed '1d; s/$/,outline/' "$here/ids.csv" >> "$output/regions.csv"
                cp "$here/embeddings.npy" "$output/animal.npy"
                cp "$here/untrained.npy" "$output/background.npy" ;;
            esac
            case $job in *'"mirrored":[]'*) ;; *) cp "$here/mirrored.npy" "$output/mirrored.npy" ;; esac
            echo '{"finished":{"facts":{"photographs":1}}}'
            exit 0 ;;
        *'"keypoints":{"_0"'*)
            case $job in
            *'/whalebook-identify-'*) cp "$here/asked-keypoints.bin" "$output" ;;
            *) cp "$here/keypoints.bin" "$output" ;;
            esac
            echo '{"finished":{"facts":{"photographs":1,"keypoints":1}}}'
            exit 0 ;;
        *'"explain":{"_0"'*)
            cp "${output%/*}/pairs.csv" "$here/asked-pairs.csv"
            echo "image_id,partner_image_id,similarity,height,width,values" > "$output"
            echo '{"finished":{"facts":{"height":2,"width":2,"fit":"stretch"}}}'
            exit 0 ;;
        *)
            case $job in
            *'"untrained":{'*) cp "$here/untrained.npy" "$output" ;;
            *'/catalogue.npy"'*) cp "$here/embeddings.npy" "$output" ;;
            *'whalebook-identify-'*)
                cp "$here/asked.npy" "$output"
                cp "$here/asked.csv" "${output%.npy}.csv"
                echo '{"finished":{"facts":{}}}'
                exit 0 ;;
            *) cp "$here/embeddings.npy" "$output" ;;
            esac
            cp "$here/ids.csv" "${output%.npy}.csv" ;;
        esac
        echo '{"finished":{"facts":{"peak_bytes":1}}}'
        """#
}

/// Keeps the events of a run.
final class Witness: RunObserver {
    private let names = Mutex<[String]>([])
    private let left = Mutex<[Double?]>([])
    private let texts = Mutex<[String]>([])

    /// The stages that ran, in order.
    var ran: [String] { names.withLock { $0 } }

    /// The estimated time left at the start of each.
    var secondsLeft: [Double?] { left.withLock { $0 } }

    /// The messages.
    var messages: [String] { texts.withLock { $0 } }

    func started(_ node: Node, position: Int, count: Int, reason: String, secondsLeft: Double?) {
        names.withLock { $0.append(node.stage.rawValue) }
        left.withLock { $0.append(secondsLeft) }
    }
    func progressed(_ node: Node, _ progress: RunProgress) {}
    func said(_ message: String) { texts.withLock { $0.append(message) } }
    func finished(_ node: Node, seconds: Double) {}
}
