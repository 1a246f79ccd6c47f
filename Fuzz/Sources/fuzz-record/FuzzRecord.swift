import Basics
import Foundation
import FuzzSupport
import Reports

private let document = """
    ---
    title: mAP `{wb} evaluate.pooled.map | fixed(4)`
    ---
    Took `{wb} train.seconds | duration`, run `{wb} runs.current.number`, by `{wb} config.train.members`.

    ```{provenance}
    ```

    ```{runs-table}
    #| label: tbl-runs
    ```

    ```{workflow-graph}
    #| label: fig-graph
    #| fig-alt: auto
    ```

    ```{machine-specs}
    ```

    ```{metrics-table}
    #| label: tbl-metrics
    ```

    ```{model-table}
    #| label: tbl-model
    ```

    ```{training-curve}
    #| label: fig-training
    ```

    ```{split-table}
    #| label: tbl-splits
    ```

    ```{ablation-table}
    #| label: tbl-parts
    ```

    ```{compare-table}
    #| label: tbl-compared
    ```
    """

/// The keys of the results in the first record.
private let (evaluation, training) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
private let folder: FuzzFolder = {
    let folder = FuzzFolder()
    for (name, contents) in [("trial.book.md", document), ("trial.md", ""), ("trial.html", ""), ("trial.txt", "")] {
        folder.write(Data(contents.utf8), to: name)
    }
    return folder
}()

/// The record of a rendering, and a reference with files of the results that it names: findings, or one of Whalebook's
/// errors.
@main
enum FuzzRecord {
    static func main() {
        fuzz { input in
            folder.write(
                input,
                to: [
                    "trial_files/record.json", "reference/evaluate/\(evaluation)/evaluation.json",
                    "reference/train/\(training)/model.json", "reference/train/\(training)/history.csv",
                ])
            do {
                try verify(ReferenceFolder(folder.url.appending(path: "reference")))
            } catch is FileError {
            } catch is ParameterError {
            } catch is VerificationError {
            } catch {
                fatalError("an error that is not Whalebook's: \(error)")
            }
        }
    }
}

private func verify(_ reference: ReferenceFolder) throws {
    let document = folder.url.appending(path: "trial.book.md")
    for rendering in try DocumentVerification.all(of: document, in: folder.url) where rendering.record.flaw == nil {
        for node in rendering.record.results {
            guard let held = try reference.result(of: node) else { continue }
            _ = try node.changedFiles(in: held, isWhole: false)
        }
        let located = rendering.record.locating { reference.url.appending(path: $0.place) }
        _ = try rendering.findings(results: located, place: FuzzReport.place(folder), versions: ["cairo": "1"])
    }
}
