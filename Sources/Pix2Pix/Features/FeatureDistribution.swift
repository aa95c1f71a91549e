/// The normal distribution that stands for a set of images' features: mean and covariance.
public struct FeatureDistribution: Sendable {
    /// The mean of each feature.
    public let mean: [Double]
    /// A matrix whose product with its transpose is the covariance: a row for each feature.
    private let root: Matrix

    /// Estimates a distribution.
    ///
    /// The covariance is the unbiased one, divided by the number of samples less one, as numpy's
    /// `cov`.
    ///
    /// - Parameter features: `[N, count]` of float32: of at least 2 images. FID needs thousands: of
    ///   few images it is far too large.
    /// - Throws: ``TorchError`` if there are fewer, or one is infinite or not a number.
    public init(_ features: Tensor) throws(TorchError) {
        let shape = features.shape
        guard shape.count == 2, shape[0] >= 2, shape[1] >= 1 else {
            throw TorchError(
                operation: "feature distribution",
                message: "expected features of at least 2 images, [N, count], found \(shape)"
            )
        }
        let (samples, count) = (shape[0], shape[1])
        var values = try features.floats().map(Double.init)
        guard values.allSatisfy(\.isFinite) else {
            throw TorchError(
                operation: "feature distribution",
                message: "a feature is infinite or not a number: so is a pixel, or a weight"
            )
        }
        var mean = [Double](repeating: 0, count: count)
        for index in values.indices { mean[index % count] += values[index] / Double(samples) }
        let scale = 1 / Double(samples - 1).squareRoot()
        for index in values.indices {
            values[index] = (values[index] - mean[index % count]) * scale
        }
        let deviations = Matrix(rows: samples, columns: count, elements: values)
        if samples <= count {
            self.init(mean: mean, root: deviations.transposed)
        } else {
            // A square root is enough of more samples than features.
            let covariance = try deviations.transposed.product(with: deviations)
            try self.init(mean: mean, covariance: covariance)
        }
    }

    /// Takes a known distribution, such as the `mu` and `sigma` of pytorch-fid's files.
    ///
    /// - Parameters:
    ///   - mean: Of each feature.
    ///   - covariance: Symmetric, as many rows as features.
    /// - Throws: ``TorchError`` if the sizes do not fit or a number is not finite.
    public init(mean: [Double], covariance: Matrix) throws(TorchError) {
        guard covariance.rows == mean.count, covariance.columns == mean.count,
            (mean + covariance.elements).allSatisfy(\.isFinite)
        else {
            throw TorchError(
                operation: "feature distribution",
                message: "expected \(mean.count) finite means and a covariance of as many rows and "
                    + "columns, found \(covariance.rows)x\(covariance.columns)"
            )
        }
        // Q Λ Qᵀ: the root is Q √Λ. Rounding can bring an eigenvalue of 0 below it.
        var (values, vectors) = try covariance.symmetricEigen()
        values = values.map { max(0, $0).squareRoot() }
        for row in 0..<vectors.rows {
            for column in 0..<vectors.columns { vectors[row, column] *= values[column] }
        }
        self.init(mean: mean, root: vectors)
    }

    private init(mean: [Double], root: Matrix) {
        self.mean = mean
        self.root = root
    }

    /// The Fréchet distance to another distribution, squared, which is what FID is (Heusel and others 2017).
    ///
    /// |μ₁ - μ₂|² + tr(C₁ + C₂ - 2 (C₁ C₂)^½), Dowson & Landau 1982. With C = R Rᵀ, the trace of the
    /// root of the product is the sum of the singular values of R₁ᵀ R₂: no product of covariances is
    /// made, whose small eigenvalues rounding would spoil.
    ///
    /// - Parameter other: Of as many features.
    /// - Returns: At least 0; 0 for equal distributions.
    /// - Throws: ``TorchError`` if there are other numbers of features.
    public func frechetDistance(to other: FeatureDistribution) throws(TorchError) -> Double {
        guard mean.count == other.mean.count else {
            throw TorchError(
                operation: "Fréchet distance",
                message: "expected as many features on both sides, found \(mean.count) and "
                    + "\(other.mean.count)"
            )
        }
        let between = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let common = try root.transposed.product(with: other.root).singularValues()
        return max(0, between + trace + other.trace - 2 * common.reduce(0, +))
    }

    /// The sum of the features' variances.
    private var trace: Double { root.elements.reduce(0) { $0 + $1 * $1 } }
}
