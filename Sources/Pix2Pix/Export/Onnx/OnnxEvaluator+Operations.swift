// What ONNX's operators mean: https://onnx.ai/onnx/operators, version 17.

extension OnnxEvaluator {
    /// The operators by their names.
    static let operations: [String: @Sendable (OnnxCall) throws -> OnnxCall.Value] = [
        "Conv": { call in
            .tensor(
                try call.tensor(0).convolved(
                    with: call.tensor(1),
                    bias: call.optionalTensor(2),
                    stride: call.sameInts("strides"),
                    padding: call.sameInts("pads")
                )
            )
        },
        "ConvTranspose": { call in
            .tensor(
                try call.tensor(0).transposedConvolved(
                    with: call.tensor(1),
                    bias: call.optionalTensor(2),
                    stride: call.sameInts("strides"),
                    padding: call.sameInts("pads"),
                    outputPadding: call.sameInts("output_padding")
                )
            )
        },
        "BatchNormalization": { call in
            .tensor(
                try call.tensor(0).batchNormalized(
                    weight: call.tensor(1),
                    bias: call.tensor(2),
                    mean: call.tensor(3),
                    variance: call.tensor(4),
                    epsilon: call.float("epsilon")
                )
            )
        },
        "InstanceNormalization": { call in
            .tensor(
                try call.tensor(0).instanceNormalized(
                    weight: call.tensor(1),
                    bias: call.tensor(2),
                    epsilon: call.float("epsilon")
                )
            )
        },
        "Pad": { call in
            let (pads, input) = (try call.integers(1), try call.tensor(0))
            guard pads.count == 8, pads[0...1] + pads[4...5] == [0, 0, 0, 0] else {
                throw call.error("expected pixels around images, found \(pads)")
            }
            if try call.string("mode") == "constant" {
                return .tensor(
                    try input.withZeros(before: pads[2], after: pads[6], along: 2)
                        .withZeros(before: pads[3], after: pads[7], along: 3)
                )
            }
            guard try call.string("mode") == "reflect", pads[2...3] == pads[6...7],
                pads[2] == pads[3]
            else { throw call.error("expected reflections, as many on each side, found \(pads)") }
            return .tensor(try input.reflectionPadded(by: pads[2]))
        },
        "LeakyRelu": { .tensor(try $0.tensor(0).leakyReLU(slope: $0.float("alpha"))) },
        "Relu": { .tensor(try $0.tensor(0).relu()) },
        "Tanh": { .tensor(try $0.tensor(0).tanh()) },
        "Sigmoid": { .tensor(try $0.tensor(0).scaled(by: 0.5).tanh().scaled(by: 0.5).adding(0.5)) },
        "Softmax": { .tensor(try $0.tensor(0).exponentialShares(along: $0.int("axis"))) },
        "Add": { .tensor(try $0.tensor(0).adding($0.tensor(1))) },
        "Sub": { .tensor(try $0.tensor(0).subtracting($0.tensor(1))) },
        "Mul": { .tensor(try $0.tensor(0).multiplied(by: $0.tensor(1))) },
        "Div": { .tensor(try $0.tensor(0).multiplied(by: $0.tensor(1).reciprocals())) },
        "Sqrt": { .tensor(try $0.tensor(0).squareRoot()) },
        "MatMul": { .tensor(try $0.tensor(0).matrixProducts(with: $0.tensor(1))) },
        "ReduceMean": { call in
            guard try call.int("keepdims") == 1 else { throw call.error("expected keepdims 1") }
            return .tensor(try call.tensor(0).means(along: call.ints("axes")))
        },
        "Identity": { .tensor(try $0.tensor(0)) },
        "Resize": { .tensor(try resized($0)) },
        "DepthToSpace": { call in
            guard try call.string("mode") == "CRD" else { throw call.error("expected mode CRD") }
            return .tensor(try call.tensor(0).channelsSpread(by: call.int("blocksize")))
        },
        "Reshape": { call in
            let input = try call.tensor(0)
            // 0 takes over a dimension; -1 means to libtorch what it means here.
            let shape = try call.integers(1).enumerated().map { $1 == 0 ? input.shape[$0] : $1 }
            return .tensor(try input.reshaped(to: shape))
        },
        "Transpose": { .tensor(try $0.tensor(0).permuted($0.ints("perm"))) },
        "Slice": { call in
            let lists = try (1...3).map { try call.integers($0) }
            guard lists.allSatisfy({ $0.count == 1 }) else {
                throw call.error("expected a part of one dimension")
            }
            return .tensor(
                try call.tensor(0).narrowed(
                    dimension: lists[2][0],
                    start: lists[0][0],
                    length: lists[1][0] - lists[0][0]
                )
            )
        },
        "Concat": { call in
            let axis = try call.int("axis")
            if case .integers? = call.operands.first ?? nil {
                return .integers(try call.operands.indices.flatMap { try call.integers($0) })
            }
            return .tensor(
                try .concatenated(
                    call.operands.indices.map { try call.tensor($0) },
                    dimension: axis
                )
            )
        },
        "Shape": { call in
            let shape = call.operands.first.flatMap { $0 }?.shape ?? []
            let (start, end) = (try call.int("start"), try call.int("end"))
            guard start >= 0, start <= end, end <= shape.count else {
                throw call.error("there are no dimensions \(start) to \(end) in \(shape)")
            }
            return .integers(Array(shape[start..<end]))
        },
    ]

    /// Images enlarged by a whole number.
    private static func resized(_ call: OnnxCall) throws -> Tensor {
        let scales = try call.tensor(2).floats()
        let mode = try [call.string("mode"), call.string("coordinate_transformation_mode")]
        guard let factor = scales.last.map({ Int($0) }), factor >= 1,
            scales == [1, 1, Float(factor), Float(factor)]
        else { throw call.error("expected whole factors of height and width, found \(scales)") }
        let input = try call.tensor(0)
        switch mode {
        case ["nearest", "asymmetric"]:
            return try input.repeated(factor, along: 2).repeated(factor, along: 3)
        case ["linear", "half_pixel"]:
            return try input.interpolated(factor, along: 2).interpolated(factor, along: 3)
        default: throw call.error("there is no mode \(mode)")
        }
    }
}
