extension Image {
    /// The image with samples of another type, over the full range of both: 255 in 8 bits, 65535 in
    /// 16 bits and 1 in floats are the same.
    ///
    /// Integers are rounded to the nearest (halves of floats away from zero), and nothing is clipped.
    ///
    /// - Parameter type: The type of the result's samples.
    /// - Returns: The same picture.
    /// - Throws: ``DatasetError`` with code `unsupported` for floats that are not finite or not in
    ///   0…1, where the result has integers.
    public func converted(to type: SampleType) throws(DatasetError) -> Image {
        switch (sampleType, type) {
        case (.u8, .u16): return mapped(UInt8.self) { UInt16($0) * 257 }
        case (.u8, .f32): return mapped(UInt8.self) { Float($0) / 255 }
        case (.u16, .u8): return mapped(UInt16.self) { UInt8((UInt32($0) * 255 + 32767) / 65535) }
        case (.u16, .f32): return mapped(UInt16.self) { Float($0) / 65535 }
        case (.f32, .u8):
            try checkUnitRange()
            return mapped(Float.self) { UInt8((Double($0) * 255).rounded()) }
        case (.f32, .u16):
            try checkUnitRange()
            return mapped(Float.self) { UInt16((Double($0) * 65535).rounded()) }
        case (.u8, .u8), (.u16, .u16), (.f32, .f32): return self
        }
    }

    private func mapped<Source: ImageSample, Target: ImageSample>(
        _: Source.Type,
        _ convert: (Source) -> Target
    ) -> Image {
        Image(size: size, channels: channels, samples: samples(Source.self).map(convert))
    }

    /// Throws unless all samples, which are floats, are in 0…1.
    private func checkUnitRange() throws(DatasetError) {
        let samples = samples(Float.self)
        let finite = samples.filter(\.isFinite)
        let smallest = finite.min() ?? 0
        let largest = finite.max() ?? 0
        guard finite.count < samples.count || smallest < 0 || largest > 1 else { return }
        let others = samples.count - finite.count
        throw DatasetError(
            .unsupported,
            "float samples become integers where all are in 0...1; these are in "
                + "\(smallest)...\(largest)"
                + (others > 0 ? ", and \(others) are infinite or no number" : "")
                + ": scale them first"
        )
    }
}
