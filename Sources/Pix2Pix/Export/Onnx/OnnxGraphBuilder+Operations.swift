// ONNX's operators for what can be recorded: https://onnx.ai/onnx/operators, version 17.

extension OnnxGraphBuilder {
    /// Appends the nodes of a step and gives the name of its result.
    ///
    /// - Throws: ``TorchError`` where it cannot be written for images of any size.
    mutating func add(_ step: Recording.Step) throws(TorchError) -> String {
        let operands = step.operands.map { $0.map { name(of: $0) } ?? "" }
        switch step.operation {
        case .convolution(let stride, let padding):
            return add(
                "Conv",
                operands.withoutMissingLast,
                .ints("strides", [stride, stride]),
                .ints("pads", [padding, padding, padding, padding])
            )
        case .transposedConvolution(let stride, let padding, let outputPadding):
            return add(
                "ConvTranspose",
                operands.withoutMissingLast,
                .ints("strides", [stride, stride]),
                .ints("pads", [padding, padding, padding, padding]),
                .ints("output_padding", [outputPadding, outputPadding])
            )
        case .batchNormalization(let epsilon):
            return add("BatchNormalization", operands, .float("epsilon", epsilon))
        case .instanceNormalization(let epsilon):
            return add(
                "InstanceNormalization",
                try withScaleAndBias(step, operands),
                .float("epsilon", epsilon)
            )
        case .reflectionPadding(let padding):
            let pads = constant([0, 0, padding, padding, 0, 0, padding, padding])
            return add("Pad", operands + [pads], .string("mode", "reflect"))
        case .nearestUpsampling(let factor):
            return add(
                "Resize",
                [operands[0], "", scales(factor)],
                .string("mode", "nearest"),
                .string("coordinate_transformation_mode", "asymmetric"),
                .string("nearest_mode", "floor")
            )
        case .bilinearUpsampling(let factor):
            return add(
                "Resize",
                [operands[0], "", scales(factor)],
                .string("mode", "linear"),
                .string("coordinate_transformation_mode", "half_pixel")
            )
        case .pixelShuffle(let factor):
            return add(
                "DepthToSpace",
                operands,
                .int("blocksize", factor),
                .string("mode", "CRD")
            )
        case .zeroPadding(let left, let right, let top, let bottom):
            let pads = constant([0, 0, top, left, 0, 0, bottom, right])
            return add("Pad", operands + [pads], .string("mode", "constant"))
        case .leakyReLU(let slope): return add("LeakyRelu", operands, .float("alpha", slope))
        case .relu: return add("Relu", operands)
        case .tanh: return add("Tanh", operands)
        case .sigmoid: return add("Sigmoid", operands)
        case .softmax(let dimension):
            return add("Softmax", operands, .int("axis", place(dimension, in: step)))
        case .add: return add("Add", operands)
        case .subtract: return add("Sub", operands)
        case .multiply: return add("Mul", operands)
        case .divide: return add("Div", operands)
        case .multiplyByNumber(let factor):
            return add("Mul", operands + [constant([Float(factor)], dims: [])])
        case .addNumber(let number):
            return add("Add", operands + [constant([Float(number)], dims: [])])
        case .squareRoot: return add("Sqrt", operands)
        case .matrixProduct: return add("MatMul", operands)
        case .mean(let dimensions):
            let places = dimensions.map { place($0, in: step) }
            return add("ReduceMean", operands, .ints("axes", places), .int("keepdims", 1))
        case .copy: return add("Identity", operands)
        case .concatenate(let dimension):
            return add("Concat", operands, .int("axis", place(dimension, in: step)))
        case .reshape: return add("Reshape", operands + [try shape(madeBy: step)])
        case .transpose(let first, let second):
            var order = Array(trace.extents(of: step.result).indices)
            order.swapAt(place(first, in: step), place(second, in: step))
            return add("Transpose", operands, .ints("perm", order))
        case .narrow(let dimension, let start, let length):
            let bounds = [[start], [start + length], [place(dimension, in: step)]]
            return add("Slice", operands + bounds.map { constant($0) })
        }
    }

    /// A dimension of a step's result, counted from the first.
    private func place(_ dimension: Int, in step: Recording.Step) -> Int {
        dimension < 0 ? dimension + trace.extents(of: step.result).count : dimension
    }

    /// What height and width are multiplied by.
    private mutating func scales(_ factor: Int) -> String {
        constant([1, 1, Float(factor), Float(factor)], dims: [4])
    }

    /// Images, scale and bias: those that are left out are 1 and 0.
    private mutating func withScaleAndBias(
        _ step: Recording.Step,
        _ operands: [String]
    ) throws(TorchError) -> [String] {
        guard let channels = trace.extents(of: step.result)[1].fixed else {
            throw TorchError(
                operation: step.name,
                message:
                    "cannot be exported: the number of channels depends on the size of the images"
            )
        }
        return [
            operands[0],
            operands[1].isEmpty
                ? constant(Array(repeating: 1, count: channels), dims: [channels]) : operands[1],
            operands[2].isEmpty
                ? constant(Array(repeating: 0, count: channels), dims: [channels]) : operands[2],
        ]
    }

    /// The name of the list of integers that a step reshapes to.
    ///
    /// A dimension that differs from image to image is taken over from the operand where it is the same
    /// there (0), follows from the others where it is the only one (−1), or is read from the shape of an
    /// earlier value.
    private mutating func shape(madeBy step: Recording.Step) throws(TorchError) -> String {
        let before = step.operands[0].map { trace.extents(of: $0) } ?? []
        let after = trace.extents(of: step.result)
        var sizes = after.enumerated().map { dimension, extent in
            let isTakenOver = dimension < before.count && before[dimension] == extent
            return extent.fixed ?? (isTakenOver ? 0 : nil)
        }
        if sizes.count(where: { $0 == nil }) == 1 { sizes = sizes.map { $0 ?? -1 } }
        guard sizes.contains(nil) else { return constant(sizes.compactMap { $0 }) }

        var parts: [String] = []
        for (size, extent) in zip(sizes, after) {
            if let size {
                parts.append(constant([size]))
                continue
            }
            guard let (value, dimension) = origin(of: extent, before: step) else {
                throw TorchError(
                    operation: step.name,
                    message:
                        "cannot be exported: no earlier shape has the dimensions that it makes "
                        + "for images of any size"
                )
            }
            parts.append(
                add(
                    "Shape",
                    [name(of: value)],
                    .int("start", dimension),
                    .int("end", dimension + 1)
                )
            )
        }
        return add("Concat", parts, .int("axis", 0))
    }

    /// The latest value before a step with a dimension of the same size for all images.
    private func origin(
        of extent: GeneratorTrace.Extent,
        before step: Recording.Step
    ) -> (value: Int, dimension: Int)? {
        for value in (0..<step.result).reversed() {
            if let dimension = trace.extents(of: value).firstIndex(of: extent) {
                return (value, dimension)
            }
        }
        return nil
    }
}

extension [String] {
    /// Without an optional operand at the end that is left out.
    fileprivate var withoutMissingLast: [String] { last == "" ? Array(dropLast()) : self }
}
