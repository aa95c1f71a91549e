/// How a network treats what differs between training and use: batch statistics and dropout.
public enum ForwardMode: Equatable, Sendable {
    /// Normalise by the batch, move the running statistics towards it, drop out.
    case training
    /// Leave the running statistics as they are.
    ///
    /// The paper (section 3.3) applies dropout at test time too and normalises by the test batch;
    /// the reference implementation does so unless `--eval` is given.
    case inference(Statistics, dropout: Bool)

    /// What batch normalisation goes by.
    public enum Statistics: Equatable, Sendable {
        /// Mean and variance of the whole batch, as in training.
        case batch
        /// Those of each image: what a batch of one has, whatever else is in the batch.
        case image
        /// The running ones of the training.
        case running
    }

    /// What batch normalisation goes by.
    var statistics: Statistics {
        switch self {
        case .training: .batch
        case .inference(let statistics, _): statistics
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
