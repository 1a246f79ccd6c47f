import Basics
import Foundation
import Preview
import Results

/// The page on which people decide, served to browsers on this machine that know its address.
public final class ReviewServer: Sendable {
    private let server: LoopbackServer
    private let token: String

    /// The header by which a page proves that it may decide; a page of another origin cannot set it.
    static let header = "x-whalebook-token"

    /// Starts the server on a port, or on any free one if it is 0.
    ///
    /// `token` is the secret part of the address.
    ///
    /// - Throws: ``PreviewError``.
    public init(
        port: UInt16, _ session: ReviewSession, token: String = ReviewServer.newToken()
    ) throws(PreviewError) {
        let desk = ReviewDesk(session, token: token)
        self.token = token
        server = try LoopbackServer(port: port) { desk.response(to: $0) }
    }

    /// The address of the page. Whoever knows it can decide.
    public var address: String { "\(server.address)\(token)/" }

    /// 128 random bits, which nobody can guess; so they follow no seed.
    public static func newToken() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// Answers the requests of pages.
struct ReviewDesk: Sendable {
    private let session: ReviewSession
    private let pictures: ReviewPictures
    private let token: String

    init(_ session: ReviewSession, token: String) {
        self.session = session
        self.token = token
        pictures = ReviewPictures(session.photographs)
    }

    func response(to request: Request) -> Response {
        guard let first = request.path.first, isToken(first) else {
            return Response(
                .forbidden, "The secret part of the address is wrong. Open the address that 'whalebook review' printed."
            )
        }
        let path = Array(request.path.dropFirst())
        do {
            switch request.method {
            case "GET", "HEAD": return try read(path, request)
            case "POST": return try write(path, request)
            default: return Response(.methodNotAllowed, "Use GET, HEAD or POST.")
            }
        } catch {
            return Response(.failed, visibleLines(of: error))
        }
    }

    /// Takes the same time for every wrong token.
    private func isToken(_ text: String) -> Bool {
        let (one, other) = (Array(text.utf8), Array(token.utf8))
        return one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func read(_ path: [String], _ request: Request) throws -> Response {
        switch path.first {
        case nil, "": return asset(PackageResources.review_html, Response.html)
        case "photographs.js": return asset(PackageResources.photographs_js, "text/javascript; charset=utf-8")
        case "review.js": return asset(PackageResources.review_js, "text/javascript; charset=utf-8")
        case "review.css": return asset(PackageResources.review_css, "text/css; charset=utf-8")
        case "facets": return try json(session.facetsView())
        case "place":
            let step = request.query["step"].flatMap { ReviewSession.Step(rawValue: $0) } ?? .here
            return try json(
                session.place(
                    ReviewFilter(request.query), from: request.query["pair"].flatMap { Int($0) }, step: step,
                    reviewer: request.query["reviewer"] ?? ""))
        case "picture": return try picture(path, isWhole: request.query["whole"] != nil)
        default: return Response(.notFound, "This page does not exist.")
        }
    }

    private func picture(_ path: [String], isWhole: Bool) throws -> Response {
        guard path.count == 3, let position = Int(path[1]),
            session.photographs.all.indices.contains(position),
            let size = Int(path[2]).flatMap({ ReviewPictures.Size(rawValue: $0) })
        else { return Response(.notFound, "This picture does not exist.") }
        return Response(
            .ok, type: "image/jpeg", body: try pictures.picture(position, size, isWhole: isWhole),
            policy: .application)
    }

    private func write(_ path: [String], _ request: Request) throws -> Response {
        guard request.headers[ReviewServer.header].map(isToken) ?? false, isOwnOrigin(request) else {
            return Response(.forbidden, "Only the page itself can decide.")
        }
        let stored: StoredView?
        switch path {
        case ["decision"]:
            guard let submission = try? JSONDecoder().decode(ReviewSession.Submission.self, from: request.body) else {
                return Response(.badRequest, "This is not a decision.")
            }
            stored = try session.store(submission, at: Date())
        case ["undo"]:
            guard let retraction = try? JSONDecoder().decode(ReviewSession.Retraction.self, from: request.body) else {
                return Response(.badRequest, "This is not a request to undo.")
            }
            stored = try session.retract(retraction, at: Date())
        default: return Response(.notFound, "This page does not exist.")
        }
        guard let stored else {
            return Response(.conflict, "There is nothing to store: the pair or the decision does not exist.")
        }
        return try json(stored)
    }

    private func isOwnOrigin(_ request: Request) -> Bool {
        guard let origin = request.headers["origin"] else { return true }
        return origin == "http://\(request.host)"
    }

    private func asset(_ bytes: [UInt8], _ type: String) -> Response {
        Response(.ok, type: type, body: Data(bytes), policy: .application)
    }

    private func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Response(.ok, type: "application/json", body: try encoder.encode(value), policy: .application)
    }
}
