import CAugment
import DatasetKit
import Foundation

/// Makes one side of augmented pairs: from samples in the shards to float planes.
///
/// Crops and flips of untouched samples only move a window. Changes of colour are collected, and done in
/// one sweep with the reading of the window, or with the shift to −1…1 at the end. The last sweep
/// writes where the result is wanted; before, planes go back and forth between two buffers.
@safe final class SideRenderer {
    private let side: PairSide
    private let form: SideForm
    private let level: Int32

    private let front = FloatBuffer()
    private let back = FloatBuffer()
    private let scratch = FloatBuffer()
    private let shifts = FloatBuffer()
    private let kernel = FloatBuffer()

    /// The samples, as long as they are not planes; an image of its own after a resize.
    private var samples: UnsafeRawPointer?
    private var sampleSize = ImageSize(width: 0, height: 0)
    private var resized: Image?
    private var window = SampleWindow(ImageSize(width: 0, height: 0))

    /// The planes, once there are any.
    private var planes: UnsafeMutablePointer<Float>?
    private var size = ImageSize(width: 0, height: 0)
    private var isInFront = false
    /// Where the result goes, from the operation on after which nothing moves.
    private var destination: UnsafeMutablePointer<Float>?
    private var isCentered = false

    /// Changes of colour that have not been done yet.
    private var steps: [4 of caug_color_step]
    private var stepCount = 0

    init(_ side: PairSide, form: SideForm, level: KernelLevel) {
        self.side = side
        self.form = form
        self.level = level.rawValue
        steps = [4 of caug_color_step](repeating: caug_color_step(kind: 0, factor: 1, mean: 0))
    }

    private var count: Int { size.width * size.height }

    // MARK: - The order of work

    /// Does operations to an image.
    ///
    /// - Parameters:
    ///   - operations: What happens.
    ///   - image: The samples, interleaved.
    ///   - imageSize: Their size.
    ///   - rescaling: A resize before everything else.
    ///   - output: Receives the planes.
    ///   - centers: Whether levels are to be shifted from 0…1 to −1…1; floats never are.
    ///   - mix: Called for operations that mix with a partner, with the operation, its place in the list
    ///     and this image, whose planes it changes.
    /// - Throws: ``DatasetError`` where `mix` or a JPEG coder does.
    func render(
        _ operations: ArraySlice<DrawnOperation>,
        of image: UnsafeRawPointer,
        size imageSize: ImageSize,
        resizedBy rescaling: Rescaling?,
        to output: UnsafeMutablePointer<Float>,
        centers: Bool,
        mix: (DrawnOperation, Int, UnsafeMutablePointer<Float>, ImageSize) throws(DatasetError) ->
            Void
    ) throws(DatasetError) {
        unsafe begin(image, imageSize)
        if let rescaling {
            resize(to: rescaling.size, rescaling.filters[side], rescaling.resampler)
        }
        let final = Self.finalStart(operations)
        var index = operations.startIndex
        while index < operations.endIndex {
            if index >= final { unsafe destination = output }
            let operation = operations[index]
            let hidesOnly = operations[index...].allSatisfy(Self.hides)
            switch operation {
            case .mixup, .cutmix:
                let planes = unsafe flushed()
                try unsafe mix(operation, index, planes, size)
            case .erase(let box), .cutout(let box):
                if box.sides.contains(side) {
                    flush(centering: hidesOnly && centers)
                    fill(box)
                }
            default: try apply(operation)
            }
            index += 1 + operation.partnerCount
        }
        unsafe destination = output
        flush(centering: centers)
        resized = nil
    }

    private func begin(_ image: UnsafeRawPointer, _ imageSize: ImageSize) {
        unsafe samples = image
        sampleSize = imageSize
        window = SampleWindow(imageSize)
        size = imageSize
        unsafe planes = nil
        unsafe destination = nil
        stepCount = 0
        isCentered = false
    }

    /// Where the part of a list begins that leaves every pixel in its place.
    private static func finalStart(_ operations: ArraySlice<DrawnOperation>) -> Int {
        var final = operations.startIndex
        var index = operations.startIndex
        while index < operations.endIndex {
            if moves(operations[index]) { final = index + 1 }
            index += 1 + operations[index].partnerCount
        }
        return final
    }

    private static func moves(_ operation: DrawnOperation) -> Bool {
        switch operation {
        case .crop, .rotate90, .affine, .scaleJitter, .elastic: true
        default: false
        }
    }

    private static func hides(_ operation: DrawnOperation) -> Bool {
        switch operation {
        case .erase, .cutout: true
        default: false
        }
    }

    private func apply(_ operation: DrawnOperation) throws(DatasetError) {
        switch operation {
        case .crop(let window): crop(window)
        case .flipHorizontal: flipHorizontally()
        case .flipVertical: flipVertically()
        case .rotate90(let turns): rotate(turns.turns)
        case .affine(let map): unsafe warp(map.inverseMatrix(for: size), map.sampling)
        case .scaleJitter(let scaled):
            resize(to: scaled.scaledSize, scaled.filter, .pillow13)
            crop(scaled.window)
        case .elastic(let field): bend(field)
        case .colorJitter(let change) where change.sides.contains(side): changeColors(change)
        case .gamma(let change) where change.sides.contains(side):
            let planes = unsafe flushed()
            unsafe caug_gamma(level, planes, count * form.channels, Float(change.gamma))
        case .grayscale(let change) where change.sides.contains(side) && form.channels == 3:
            let planes = unsafe flushed()
            unsafe caug_grayscale(level, planes, count)
        case .noise(let noise) where noise.sides.contains(side): add(noise)
        case .blur(let blur) where blur.sides.contains(side): self.blur(blur)
        case .jpeg(let jpeg) where jpeg.sides.contains(side): try compress(quality: jpeg.quality)
        default: break
        }
    }

    // MARK: - Sweeps

    /// Does what has been put off, so that ``planes`` holds the image; at the end, at its destination.
    private func flush(centering: Bool = false) {
        let centers = centering && !isCentered && form.sampleType != .f32
        let isThere =
            if let destination = unsafe destination { unsafe planes == destination } else {
                unsafe planes != nil
            }
        if isThere && stepCount == 0 && !centers { return }
        _ = sweep(centering: centers)
        isCentered = isCentered || centers
    }

    /// The planes, with nothing put off.
    private func flushed() -> UnsafeMutablePointer<Float> {
        flush()
        guard let planes = unsafe planes else { preconditionFailure("a sweep leaves planes") }
        return unsafe planes
    }

    /// One pass over the image.
    ///
    /// - Returns: The mean grey, if asked for.
    private func sweep(centering: Bool, summing: Bool = false) -> Double {
        if unsafe planes == nil { size = window.size }
        let output = unsafe destination ?? (planes ?? room(inFront: !isInFront))
        var sum = 0.0
        unsafe withUnsafePointer(to: &steps) { steps in
            unsafe steps.withMemoryRebound(to: caug_color_step.self, capacity: 4) { steps in
                var job = unsafe caug_sweep_job(
                    window: nil,
                    input: planes,
                    output: output,
                    channels: Int32(form.channels),
                    width: Int32(size.width),
                    height: Int32(size.height),
                    steps: steps,
                    step_count: Int32(stepCount),
                    centered: centering,
                    summed: summing
                )
                if unsafe planes != nil {
                    sum = unsafe caug_sweep(level, &job)
                } else {
                    unsafe withSamples { samples in
                        var raw = unsafe window.raw(
                            samples,
                            rowBytes: sampleSize.width * form.channels * form.sampleType.byteCount,
                            channels: form.channels,
                            type: form.sampleType
                        )
                        unsafe withUnsafePointer(to: &raw) { raw in
                            unsafe job.window = raw
                            sum = unsafe caug_sweep(level, &job)
                        }
                    }
                }
            }
        }
        unsafe planes = output
        stepCount = 0
        return sum / Double(count)
    }

    private func withSamples(_ body: (UnsafeRawPointer) -> Void) {
        if let resized {
            unsafe resized.bytes.withUnsafeBytes { bytes in
                if let start = bytes.baseAddress { unsafe body(start) }
            }
        } else if let samples = unsafe samples {
            unsafe body(samples)
        }
    }

    /// One of the two buffers, for an image of the current size.
    private func room(inFront: Bool) -> UnsafeMutablePointer<Float> {
        isInFront = inFront
        let buffer = inFront ? front : back
        return unsafe Self.start(buffer.room(count * form.channels))
    }

    private static func start(
        _ buffer: UnsafeMutableBufferPointer<Float>
    ) -> UnsafeMutablePointer<Float> {
        guard let start = buffer.baseAddress else { preconditionFailure("an image has pixels") }
        return unsafe start
    }

    /// Has `body` write an image of `newSize` from the current planes.
    private func move(
        to newSize: ImageSize,
        _ body: (_ old: UnsafeMutablePointer<Float>, _ new: UnsafeMutablePointer<Float>) -> Void
    ) {
        let old = unsafe flushed()
        size = newSize
        let new = unsafe room(inFront: !isInFront)
        unsafe body(old, new)
        unsafe planes = new
    }

    // MARK: - Geometry

    private func crop(_ part: CropWindow) {
        if unsafe planes == nil && stepCount == 0 {
            window.crop(part)
            size = window.size
            return
        }
        let width = size.width
        flush()
        let plane = count
        unsafe move(to: part.size) { old, new in
            for channel in 0..<form.channels {
                for row in 0..<part.height {
                    let from = channel * plane + (part.y + row) * width + part.x
                    let to = (channel * part.height + row) * part.width
                    unsafe (new + to).update(from: old + from, count: part.width)
                }
            }
        }
    }

    private func flipHorizontally() {
        if unsafe planes == nil && stepCount == 0 {
            window.flipHorizontally()
            return
        }
        let planes = unsafe flushed()
        for row in 0..<size.height * form.channels {
            let start = row * size.width
            var line = unsafe UnsafeMutableBufferPointer(start: planes + start, count: size.width)
            unsafe line.reverse()
        }
    }

    private func flipVertically() {
        if unsafe planes == nil && stepCount == 0 {
            window.flipVertically()
            return
        }
        let planes = unsafe flushed()
        for channel in 0..<form.channels {
            let plane = unsafe planes + channel * count
            for row in 0..<size.height / 2 {
                let (upper, lower) = (row * size.width, (size.height - 1 - row) * size.width)
                for column in 0..<size.width {
                    let kept = unsafe plane[upper + column]
                    unsafe plane[upper + column] = plane[lower + column]
                    unsafe plane[lower + column] = kept
                }
            }
        }
    }

    private func rotate(_ turns: Int) {
        if turns == 2 {
            flipHorizontally()
            flipVertically()
            return
        }
        flush()
        let (width, height) = (size.width, size.height)
        unsafe move(to: ImageSize(width: height, height: width)) { old, new in
            for channel in 0..<form.channels {
                let plane = channel * width * height
                for y in 0..<width {
                    // Counter-clockwise the last column becomes the first row.
                    let column = turns == 1 ? width - 1 - y : y
                    for x in 0..<height {
                        let row = turns == 1 ? x : height - 1 - x
                        unsafe new[plane + y * height + x] = old[plane + row * width + column]
                    }
                }
            }
        }
    }

    private func warp(
        _ matrix: [6 of Double],
        _ sampling: Sampling,
        dx: UnsafePointer<Float>? = nil,
        dy: UnsafePointer<Float>? = nil
    ) {
        let channels = form.channels
        let fill = unsafe Self.start(kernel.room(channels))
        for channel in 0..<channels {
            unsafe fill[channel] = sampling.fill[sampling.fill.count == 1 ? 0 : channel]
        }
        flush()
        unsafe move(to: size) { old, new in
            var job = unsafe caug_warp(
                input: old,
                output: new,
                channels: Int32(channels),
                width: Int32(size.width),
                height: Int32(size.height),
                matrix: (matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]),
                dx: dx,
                dy: dy,
                nearest: form.isLabelMap || sampling.interpolation == .nearest,
                border: Int32(sampling.border.raw.rawValue),
                fill: fill
            )
            unsafe caug_remap(level, &job)
        }
    }

    private func bend(_ field: ElasticField) {
        flush()
        let pixels = count
        let shifts = unsafe Self.start(self.shifts.room(2 * pixels))
        let radius = ElasticField.radius(sigma: field.sigma)
        var stream = field.noise.raw
        for axis in 0..<2 {
            let plane = unsafe shifts + axis * pixels
            unsafe caug_uniform(level, &stream, Int32(axis), plane, pixels)
            unsafe blur(plane, radius: radius, sigma: field.sigma)
            for index in 0..<pixels { unsafe plane[index] *= Float(field.alpha) }
        }
        unsafe warp([1, 0, 0, 0, 1, 0], field.sampling, dx: shifts, dy: shifts + pixels)
    }

    /// Resizes to a size: samples that are still those of the dataset by their type, others as floats.
    private func resize(to newSize: ImageSize, _ filter: ResizeFilter, _ resampler: Resampler) {
        let filter = form.isLabelMap ? .nearest : filter
        if unsafe planes == nil && stepCount == 0 {
            let image = materialized().resized(
                to: newSize,
                filter: filter,
                resampler: resampler,
                hasAlpha: form.hasAlpha
            )
            resized = image
            sampleSize = newSize
            window = SampleWindow(newSize)
            size = newSize
            return
        }
        flush()
        let (oldSize, oldCount) = (size, count)
        unsafe move(to: newSize) { old, new in
            for channel in 0..<form.channels {
                let plane = unsafe UnsafeRawBufferPointer(
                    start: old + channel * oldCount,
                    count: oldCount * 4
                )
                let image = unsafe Image(
                    size: oldSize,
                    channels: 1,
                    sampleType: .f32,
                    bytes: Array(plane)
                ).resized(to: newSize, filter: filter, resampler: resampler)
                unsafe image.bytes.withUnsafeBytes { bytes in
                    let values = unsafe bytes.bindMemory(to: Float.self)
                    for index in 0..<values.count {
                        let value = unsafe values[index]
                        let cut = form.sampleType == .f32 ? value : min(max(value, 0), 1)
                        unsafe new[channel * count + index] = cut
                    }
                }
            }
        }
    }

    /// The window as an image of its own.
    private func materialized() -> Image {
        let pixel = form.channels * form.sampleType.byteCount
        let target = window.size
        var bytes: [UInt8] = []
        unsafe withSamples { samples in
            bytes = unsafe [UInt8](
                unsafeUninitializedCapacity: target.width * target.height * pixel
            ) { buffer, filled in
                let rowBytes = sampleSize.width * pixel
                for row in 0..<target.height {
                    let y = window.y + (window.isUpsideDown ? target.height - 1 - row : row)
                    for column in 0..<target.width {
                        let x = window.x + (window.isMirrored ? target.width - 1 - column : column)
                        let from = unsafe samples + y * rowBytes + x * pixel
                        let to = (row * target.width + column) * pixel
                        for byte in 0..<pixel {
                            unsafe buffer[to + byte] = from.load(
                                fromByteOffset: byte,
                                as: UInt8.self
                            )
                        }
                    }
                }
                filled = target.width * target.height * pixel
            }
        }
        return Image(
            size: target,
            channels: form.channels,
            sampleType: form.sampleType,
            bytes: bytes
        )
    }

    // MARK: - Colours

    private func changeColors(_ change: ColorChange) {
        for place in 0..<4 {
            let step = change.order[place]
            guard let factor = change.factor(step) else { continue }
            var mean = 0.0
            if step == .contrast {
                mean = sweep(centering: false, summing: true)
            } else if stepCount == 4 {
                flush()
            }
            steps[stepCount] = caug_color_step(
                kind: Int32(step.raw.rawValue),
                factor: Float(factor),
                mean: Float(mean)
            )
            stepCount += 1
        }
    }

    private func add(_ noise: AddedNoise) {
        let planes = unsafe flushed()
        let plane = unsafe Self.start(scratch.room(count))
        var stream = noise.noise.raw
        for channel in 0..<form.channels {
            unsafe caug_normal(level, &stream, Int32(channel), plane, count)
            unsafe caug_add(level, planes + channel * count, plane, Float(noise.sigma), count)
        }
    }

    private func blur(_ blur: GaussianBlur) {
        let planes = unsafe flushed()
        for channel in 0..<form.channels {
            unsafe self.blur(planes + channel * count, radius: blur.radius, sigma: blur.sigma)
        }
    }

    /// Blurs one plane of the current size, in place.
    private func blur(_ plane: UnsafeMutablePointer<Float>, radius: Int, sigma: Double) {
        let weights = unsafe kernel.room(2 * radius + 1)
        unsafe GaussianKernel.fill(weights, sigma: sigma)
        let room = unsafe Self.start(scratch.room(count + size.width + 2 * radius))
        unsafe caug_blur(
            level,
            plane,
            plane,
            room,
            Int32(size.width),
            Int32(size.height),
            Self.start(weights),
            Int32(radius)
        )
    }

    private func compress(quality: Int) throws(DatasetError) {
        let planes = unsafe flushed()
        let (pixels, channels) = (count, form.channels)
        var bytes = [UInt8](repeating: 0, count: pixels * channels)
        for channel in 0..<channels {
            for index in 0..<pixels {
                let level = unsafe (planes[channel * pixels + index] * 255).rounded()
                bytes[index * channels + channel] = UInt8(min(max(level, 0), 255))
            }
        }
        let image = Image(size: size, channels: channels, bytes: bytes)
        let encoded = try ImageCodec.encodeJPEG(image, quality: quality, color: .half)
        let decoded = try ImageCodec.decode(encoded, path: "").image.bytes
        for channel in 0..<channels {
            for index in 0..<pixels {
                unsafe planes[channel * pixels + index] =
                    Float(decoded[index * channels + channel]) / 255
            }
        }
    }

    // MARK: - Hiding

    private func fill(_ box: FilledBox) {
        guard let planes = unsafe planes, box.width > 0, box.height > 0 else { return }
        func value(_ level: Float) -> Float { isCentered ? (level - 0.5) / 0.5 : level }
        for channel in 0..<form.channels {
            let corner = unsafe planes + channel * count + box.y * size.width + box.x
            switch box.value {
            case .levels(let levels):
                let value = value(levels[levels.count == 1 ? 0 : channel])
                for row in 0..<box.height {
                    unsafe (corner + row * size.width).update(repeating: value, count: box.width)
                }
            case .noise(let stream):
                let noise = unsafe Self.start(scratch.room(box.width * box.height))
                var raw = stream.raw
                unsafe caug_normal(level, &raw, Int32(channel), noise, box.width * box.height)
                for row in 0..<box.height {
                    for column in 0..<box.width {
                        let level = unsafe 0.5 + 0.5 * noise[row * box.width + column]
                        unsafe corner[row * size.width + column] = value(min(max(level, 0), 1))
                    }
                }
            }
        }
    }

    // MARK: - Mixing

    /// weight * planes + (1 - weight) * others, for values from 0 to 1.
    func mix(
        _ planes: UnsafeMutablePointer<Float>,
        _ others: UnsafeMutablePointer<Float>,
        weight: Double,
        count: Int
    ) {
        unsafe caug_mix(level, planes, others, Float(weight), count)
    }
}

extension Border {
    fileprivate var raw: caug_border {
        switch self {
        case .reflect: CAUG_REFLECT
        case .replicate: CAUG_REPLICATE
        case .constant: CAUG_CONSTANT
        }
    }
}

extension ColorStep {
    fileprivate var raw: caug_color_kind {
        switch self {
        case .brightness: CAUG_BRIGHTNESS
        case .contrast: CAUG_CONTRAST
        case .saturation: CAUG_SATURATION
        case .hue: CAUG_HUE
        }
    }
}
