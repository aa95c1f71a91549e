import Pix2Pix
import Testing

extension TorchTests {
    @Suite("Tensors")
    struct TensorTests {
        @Test("Floats come back as they went in, in C order")
        func floats() throws {
            let tensor = try Tensor.floats([1, 2, 3, 4, 5, 6], shape: [2, 3])
            #expect(tensor.shape == [2, 3])
            #expect(tensor.elementCount == 6)
            #expect(tensor.elementType == .float32)
            #expect(tensor.device == .cpu)
            #expect(try tensor.floats() == [1, 2, 3, 4, 5, 6])
            let column = try tensor.narrowed(dimension: 1, start: 1, length: 1)
            #expect(try column.floats() == [2, 5], "a view is read in its own order")
        }

        @Test("Raw bytes go in and out for every element type", arguments: ElementType.allCases)
        func bytes(type: ElementType) throws {
            let values = (0..<4 * type.byteCount).map { UInt8($0) }
            let tensor = try unsafe Tensor.copying(
                values.span.bytes,
                shape: [2, 2],
                elementType: type
            )
            #expect(tensor.elementType == type)
            #expect(try tensor.bytes() == values)
            let copied = try tensor.withBytes { bytes in
                (0..<bytes.byteCount).map {
                    unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
                }
            }
            #expect(copied == values)
        }

        @Test("A batch's buffer is copied, not kept")
        func copies() throws {
            var values: [Float] = [1, 2]
            let tensor = try unsafe values.withUnsafeBytes {
                try unsafe Tensor.copying($0, shape: [1, 2, 1, 1])
            }
            values[0] = 7
            #expect(try tensor.floats() == [1, 2])
        }

        @Test("Scalars and empty tensors")
        func scalars() throws {
            let counter = try Tensor.full(3, shape: [], elementType: .int64)
            #expect(counter.shape == [])
            #expect(try counter.item() == 3)
            #expect(try counter.integers() == [3])
            let empty = try Tensor.floats([], shape: [0, 3])
            #expect(empty.elementCount == 0)
            #expect(try empty.floats() == [])
        }

        @Test("The wrong number of bytes is an error that names both")
        func wrongSize() {
            #expect {
                try Tensor.floats([1, 2, 3], shape: [2, 2])
            } throws: { error in
                let error = error as? TorchError
                return error?.operation == "copying(_:shape:elementType:device:)"
                    && error?.message == "shape [2, 2] takes 16 bytes, found 12"
            }
        }

        @Test(
            "Impossible shapes are errors, not crashes",
            arguments: [[-1, 2], [1 << 62, 1 << 62]]
        )
        func impossibleShapes(shape: [Int]) {
            #expect(throws: TorchError.self) { try Tensor.floats([1], shape: shape) }
            #expect(throws: TorchError.self) { try Tensor.full(0, shape: shape) }
        }

        @Test("More memory than there is, is an error")
        func tooLarge() {
            #expect {
                try Tensor.full(0, shape: [1 << 50])
            } throws: { error in
                (error as? TorchError)?.message.contains("allocate") == true
            }
        }

        @Test("Reading with the wrong type is an error")
        func wrongType() throws {
            let tensor = try Tensor.full(1, shape: [2], elementType: .int64)
            #expect {
                try tensor.floats()
            } throws: {
                "\($0)" == "floats(): expected elements of type F32, found I64"
            }
            #expect(throws: TorchError.self) { try tensor.item() }
        }

        @Test("Elements are overwritten in place")
        func copyElements() throws {
            let tensor = try Tensor.floats([1, 2], shape: [2])
            let view = try tensor.detached()
            let clone = try tensor.cloned()
            try tensor.copyElements(from: .floats([3, 4], shape: [2]))
            #expect(try view.floats() == [3, 4])
            #expect(try clone.floats() == [1, 2])
            try tensor.fill(5)
            #expect(try view.floats() == [5, 5])
            #expect {
                try tensor.copyElements(from: .floats([3], shape: [1]))
            } throws: {
                "\($0)" == "copyElements(from:): cannot copy shape [1] to shape [2]"
            }
        }

        @Test("An error leaves neither a tensor nor the old text behind")
        func errorTexts() throws {
            let before = Torch.liveTensorCount
            let left = try Tensor.floats([1, 2], shape: [2])
            let right = try Tensor.floats([1, 2, 3], shape: [3])
            let error = try #require(throws: TorchError.self) { try left.adding(right) }
            #expect(error.operation == "adding(_:)")
            #expect(
                error.message == "The size of tensor a (2) must match the size of tensor b (3) "
                    + "at non-singleton dimension 0"
            )
            #expect(!error.details.contains(error.message))
            let other = try #require(throws: TorchError.self) { try left.backward() }
            #expect(other.message.contains("does not require grad"))
            #expect(Torch.liveTensorCount == before + 2)
        }
    }
}
