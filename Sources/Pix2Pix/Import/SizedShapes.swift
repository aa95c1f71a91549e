/// The shapes of a network's tensors at every size, learned from a few small ones.
///
/// Each dimension is a sum of multiples of the filters, the input and the output channels, and a constant.
struct SizedShapes {
    /// One dimension of one tensor.
    private struct Dimension {
        /// At the base size.
        var base: Int
        /// What one filter, one input and one output channel more add.
        var slopes: [Int]

        /// Its value at a size.
        func value(_ size: NetworkSize) -> Int {
            zip(slopes, SizedShapes.parameters).reduce(base) { value, term in
                let (slope, parameter) = term
                let more = size[keyPath: parameter] - SizedShapes.base[keyPath: parameter]
                return value &+ slope &* more
            }
        }
    }

    private static let parameters: [any WritableKeyPath<NetworkSize, Int> & Sendable] = [
        \.filters, \.inputs, \.outputs,
    ]
    /// A size that is made within milliseconds; the filters can be divided by 8, as some layers do.
    static let base = NetworkSize(filters: 8, inputs: 1, outputs: 1)
    /// The most filters and channels that are believed.
    private static let plausible = 1...4096

    private let names: [String]
    private let shapes: [[Dimension]]

    /// Learns the shapes of a network.
    ///
    /// - Parameters:
    ///   - network: It.
    ///   - base: Its layout at ``base``.
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(of network: KnownNetwork, base: KnownNetwork.Layout) throws(TorchError) {
        var shapes = base.map { $0.shape.map { Dimension(base: $0, slopes: []) } }
        for parameter in Self.parameters {
            var size = Self.base
            let step = size[keyPath: parameter]
            size[keyPath: parameter] += step
            for (number, tensor) in try network.layout(size).enumerated() {
                for (place, value) in tensor.shape.enumerated() {
                    let slope = (value - shapes[number][place].base) / step
                    shapes[number][place].slopes.append(slope)
                }
            }
        }
        self.shapes = shapes
        names = base.map(\.name)
    }

    /// The layout at a size.
    func layout(_ size: NetworkSize) -> KnownNetwork.Layout {
        zip(names, shapes).map { ($0, $1.map { $0.value(size) }) }
    }

    /// The size that a file's shapes speak of.
    ///
    /// - Parameter shape: The shape of a tensor in the file; `nil` if it has none.
    /// - Returns: Each number from the first dimension that depends on it alone; the reference's where there
    ///   is none.
    func size(of shape: (String) -> [Int]?) -> NetworkSize {
        var size = NetworkSize(filters: 64, inputs: 3, outputs: 3)
        for (number, parameter) in Self.parameters.enumerated() {
            size[keyPath: parameter] =
                firstValue(of: number, in: shape) ?? size[keyPath: parameter]
        }
        return size
    }

    private func firstValue(of parameter: Int, in shape: (String) -> [Int]?) -> Int? {
        for (name, dimensions) in zip(names, shapes) {
            guard let found = shape(name), found.count == dimensions.count else { continue }
            for (dimension, value) in zip(dimensions, found) {
                let slope = dimension.slopes[parameter]
                let start = Self.base[keyPath: Self.parameters[parameter]]
                guard slope > 0, dimension.slopes.filter({ $0 != 0 }).count == 1,
                    dimension.base == slope * start, value.isMultiple(of: slope),
                    Self.plausible.contains(value / slope)
                else { continue }
                return value / slope
            }
        }
        return nil
    }
}
