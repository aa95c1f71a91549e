/// How a network treats what differs between training and use: batch statistics and dropout.
public enum ForwardMode: Equatable, Sendable {
    /// Normalise by the batch, move the running statistics towards it, drop out.
    case training
    /// Leave the running statistics as they are.
    ///
    /// The paper (section 3.3) applies dropout at test time too and normalises by the test batch;
    /// the reference implementation does so unless `--eval` is given.
    case inference(batchStatistics: Bool, dropout: Bool)

    /// Whether batch normalisation uses the batch's own mean and variance.
    var usesBatchStatistics: Bool {
        switch self {
        case .training: true
        case .inference(let batchStatistics, _): batchStatistics
        }
    }

    /// Whether dropout drops.
    var dropsOut: Bool {
        switch self {
        case .training: true
        case .inference(_, let dropout): dropout
        }
    }
}
