import Basics
import Catalog
import Figures

extension RankedQuery {
    /// The photograph that asked, with its animal and a second line.
    func queryTile(_ thumbnails: Thumbnails, caption: String) -> PhotographTile {
        thumbnails.tile(query.imageID, captions: [query.whaleID, caption])
    }

    /// The first photographs that were returned, each with its animal, view and score.
    func answerTiles(ranks: Int, _ thumbnails: Thumbnails, catalog: Catalog) -> [PhotographTile] {
        answers.prefix(ranks).map { answer in
            let photograph = catalog[answer.imageID]
            return thumbnails.tile(
                answer.imageID,
                captions: [
                    photograph?.whaleID ?? "–",
                    "\(photograph?.viewpoint.rawValue ?? "–"), \(NumberText.fixed(Double(answer.score), 3))",
                ], mark: answer.isRelevant == true ? .right : .wrong)
        }
    }
}
