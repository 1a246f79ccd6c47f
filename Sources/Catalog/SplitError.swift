/// A split that cannot be made.
public enum SplitError: Error, Equatable, CustomStringConvertible {
    case foldOutOfRange(fold: Int, folds: Int)
    case nothingToTrain(images: Int, test: Int, validation: Int)
    case tooFewWhales(count: Int)
    case nothingAfter(date: Day, first: Day, last: Day)
    case tooFewDays(days: Int, folds: Int)
    case oneValidation(fold: Int)

    public var description: String {
        switch self {
        case .foldOutOfRange(let fold, let folds):
            "split.fold is \(fold) but there are \(folds) folds. Set it within 0…\(folds - 1)."
        case .nothingToTrain(let images, let test, let validation):
            """
            Of \(images) photographs \(test) are kept for the test and \(validation) for validation, which leaves none \
            to train on. Keep less for the test (split.unseen, split.date, split.proportion), or add photographs \
            outside the scenarios.
            """
        case .tooFewWhales(let count):
            """
            Training needs at least 2 animals but the split leaves \(count). Keep fewer for the test, or lower \
            split.minimum-images.
            """
        case .nothingAfter(let date, let first, let last):
            """
            split.date is \(date) but the photographs are of \(first) to \(last), so that none is left for the test. \
            Set it to a day after \(first) and no later than \(last).
            """
        case .tooFewDays(let days, let folds):
            """
            The photographs before the test are of \(days) days but are to be parted by day into \(folds) folds. Set \
            split.folds to \(max(2, days)) at most, or move split.date or split.proportion.
            """
        case .oneValidation(let fold):
            """
            The metadata's column 'split' names the photographs that validate, so that there is one fold only, but \
            split.fold asks for \(fold). Set split.fold: 0, or name only train and test in the column.
            """
        }
    }
}
