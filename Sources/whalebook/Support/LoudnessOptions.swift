import ArgumentParser

/// How much a run tells on standard error; the store's log has everything in any case.
struct LoudnessOptions: ParsableArguments {
    @Flag(help: "A line now and then instead of a bar, also on a terminal.") var plain = false
    @Flag(name: .shortAndLong, help: "Tell nothing but errors.") var quiet = false

    var verbosity: TerminalObserver.Verbosity { quiet ? .quiet : plain ? .plain : .normal }
}
