import Basics

/// What can go wrong between a reference and its file.
public enum HubError: Error, Equatable, CustomStringConvertible {
    case badReference(String, problem: String)
    case badEndpoint(String)
    /// `HF_HUB_DOWNLOAD_TIMEOUT` is no number of seconds to wait.
    case badTimeout(String)
    case offline(HubReference, cache: String)
    /// `nearest` is the backbone that was probably meant; the architecture itself where only the rest can be wrong.
    case noModel(HubReference, endpoint: String, nearest: String?)
    case noRevision(HubReference)
    case noFile(HubReference)
    case denied(HubReference, hasToken: Bool)
    case refused(host: String, status: Int)
    case busy(host: String, status: Int, seconds: Int64)
    case packed(host: String, encoding: String)
    case badRedirection(host: String, scheme: String)
    case changing(HubReference)
    case noSpace(folder: String, needed: Int64, free: Int64)
    case noHub(host: String)
    case redirectionLoop(host: String, redirections: Int)
    /// `reason` follows the host's name; `advice` says what to do.
    case unreachable(host: String, reason: String, advice: String)
    case brokenOff(HubReference, received: Int64, size: Int64, reason: String)
    case wrongContents(HubReference, expected: String, found: String)

    public var description: String {
        switch self {
        case .badReference(let text, let problem):
            "\(quoted: text): \(problem). Write it like hf-hub:timm/tf_efficientnet_lite0.in1k, with @REVISION if need be."
        case .badTimeout(let text):
            "HF_HUB_DOWNLOAD_TIMEOUT is \(quoted: text); set seconds from 1 to 86400, or unset it."
        case .badEndpoint(let text):
            "HF_ENDPOINT is \(quoted: HubSettings.shown(text)), which is no http or https address. Correct or unset it."
        case .offline(let reference, let cache):
            """
            \(reference) is not in \(cache), and HF_HUB_OFFLINE forbids to download it. Unset that, or set HF_HUB_CACHE \
            to where it is.
            """
        case .noModel(let reference, let endpoint, let nearest):
            "\(endpoint) has no public model \(reference.owner)/\(reference.name). " + Self.advice(reference, nearest)
                + " Where it is private, set HF_TOKEN."
        case .noRevision(let reference):
            "\(reference.owner)/\(reference.name) has no revision \(quoted: reference.revision). Leave it out for the newest."
        case .noFile(let reference):
            "\(reference) has no \(HubReference.file), and no other form is read. Convert it, and give the file's path."
        case .denied(let reference, true):
            "\(reference) is not for the holder of HF_TOKEN. Ask for access on its page, or use another token."
        case .denied(let reference, false): "\(reference) is not public. Set HF_TOKEN to a token that may read it."
        case .refused(let host, let status):
            "\(host) refused with HTTP status \(status). Try again later, or check HF_ENDPOINT."
        case .busy(let host, let status, let seconds):
            "\(host) refused with HTTP status \(status) and asks to wait \(seconds) seconds. Try again then."
        case .packed(let host, let encoding):
            """
            \(host) sends the file compressed (\(encoding.shortened())) though it was asked for as it is. Check HF_ENDPOINT, or \
            download the file elsewhere and give its path.
            """
        case .badRedirection(let host, let scheme):
            "\(host) sends to an address of the kind \(quoted: scheme + ":"), where no model is looked for. Check HF_ENDPOINT."
        case .changing(let reference):
            "\(reference) changes while it is downloaded. Try again later, or name a commit: @ and its 40 digits."
        case .noSpace(let folder, let needed, let free):
            """
            \(folder) has \(NumberText.bytes(Double(free))) of space left, and the download takes \
            \(NumberText.bytes(Double(needed))). Make room, or set HF_HUB_CACHE to a folder on another disk.
            """
        case .noHub(let host):
            "\(host) does not answer as a Hugging Face hub: it names no commit and no tag. Check HF_ENDPOINT."
        case .redirectionLoop(let host, let redirections):
            """
            \(host) redirects in a loop: \(redirections) redirections led to no file. Check HF_ENDPOINT, or download the \
            file elsewhere and give its path.
            """
        case .unreachable(let host, let reason, let advice): "\(host) \(reason). \(advice)"
        case .brokenOff(let reference, let received, let size, let reason):
            """
            The download of \(reference) broke off after \(received) of \(size) bytes: \(reason). What is there stays; \
            start it again to go on from there.
            """
        case .wrongContents(let reference, let expected, let found):
            """
            What was downloaded of \(reference) is damaged: it should be \(expected) but is \(found). It was removed; \
            start the download again.
            """
        }
    }

    private static func advice(_ reference: HubReference, _ nearest: String?) -> String {
        switch nearest {
        case nil: "'whalebook backbones' lists what can be used."
        case .some(reference.architecture):
            "There is such a backbone: check the owner, and what stands after the dot, such as '.in1k'."
        case let nearest?: "Did you mean \(quoted: nearest)?"
        }
    }
}
