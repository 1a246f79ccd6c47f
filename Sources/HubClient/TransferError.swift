import CCurl
import Foundation
import Hub

/// A server that was not reached, or not to the end of its answer.
struct TransferError: Error, Equatable {
    enum Problem: Equatable {
        case silent
        case slow(LeastRate)
        case headTooLong
        case headCut
        /// The body ended early, or no longer belongs to what is there.
        case lost
        /// What libcurl itself found: its code, what it says beside it, and whether the request was sent by then.
        case failed(code: UInt32, detail: String, isSent: Bool)
    }

    private static let lossCodes = [CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE]

    /// The server, without what may be secret in an address.
    let host: String
    let problem: Problem

    init(_ problem: Problem, of url: URL) { (self.problem, host) = (problem, url.server) }

    /// The same as an error about the hub, where nothing of a file is there yet.
    var unreachable: HubError { .unreachable(host: host, reason: reason, advice: advice) }

    /// Whether the server was there and went, so that it may come back.
    var isLost: Bool {
        switch problem {
        case .slow, .headCut, .lost: true
        case .failed(let code, _, let isSent): isSent && Self.lossCodes.contains(CURLcode(code))
        case .silent, .headTooLong: false
        }
    }

    /// What the server did, to follow its name.
    var reason: String {
        switch problem {
        case .silent: "was silent for too long"
        case .slow(let rate): "sent less than \(rate.bytes) bytes a second for \(rate.seconds) seconds"
        case .headTooLong: "sent more headers than are read: \(AnswerHead.Reader.limit >> 10) KiB, 100 KiB a line"
        case .headCut: "hung up within the headers of its answer"
        case .lost: "hung up before the end"
        case .failed(let code, let detail, let isSent):
            (isLost ? "broke off: " : isSent ? "gave no answer that can be read: " : "cannot be reached: ")
                + Self.words(code, detail)
        }
    }

    /// What to do.
    private var advice: String {
        let code: CURLcode? = if case .failed(let code, _, _) = problem { CURLcode(code) } else { nil }
        return switch code {
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            "Check the proxy that http_proxy, https_proxy or all_proxy names."
        case CURLE_SSL_CONNECT_ERROR:
            "Check whether HF_ENDPOINT should begin with http instead of https, and what stands between here and there."
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            "Check the clock and the certificates of this machine (Debian's package ca-certificates), and HF_ENDPOINT."
        case CURLE_URL_MALFORMAT: "Check HF_ENDPOINT."
        default: "Check the network, HF_ENDPOINT and any proxy, or download the file elsewhere and give its path."
        }
    }

    /// libcurl's words for a code, with what it says beside it where that is more.
    private static func words(_ code: UInt32, _ detail: String) -> String {
        var words = String(cString: curl_easy_strerror(CURLcode(code)))
        if words.dropFirst().first?.isLowercase == true { words = words.prefix(1).lowercased() + words.dropFirst() }
        switch CURLcode(code) {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING: return words
        default: return detail.isEmpty ? words : words + " (\(detail))"
        }
    }
}
