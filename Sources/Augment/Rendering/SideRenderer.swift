import CAugment
import DatasetKit
import Foundation

/// Makes one side of augmented pairs: from samples in the shards to float planes.
///
/// Crops and flips of untouched samples only move a window. Changes of colour are collected, and done in
/// one sweep with the reading of the window, or with the shift to −1…1 at the end. The last sweep
/// writes where the result is wanted; before, planes go back and forth between two buffers.
@safe final class SideRenderer {
    let side: PairSide
    let form: SideForm
    let level: Int32

    let front = FloatBuffer()
    let back = FloatBuffer()
    let scratch = FloatBuffer()
    let shifts = FloatBuffer()
    let kernel = FloatBuffer()

    /// The samples, as long as they are not planes; an image of its own after a resize.
    var samples: UnsafeRawPointer?
    var sampleSize = ImageSize(width: 0, height: 0)
    var resized: Image?
    var window = SampleWindow(ImageSize(width: 0, height: 0))

    /// The planes, once there are any.
    var planes: UnsafeMutablePointer<Float>?
    var size = ImageSize(width: 0, height: 0)
    var isInFront = false
    /// Where the result goes, from the operation on after which nothing moves.
    var destination: UnsafeMutablePointer<Float>?
    var isCentered = false

    /// Changes of colour that have not been done yet.
    var steps: [4 of caug_color_step]
    var stepCount = 0

    init(_ side: PairSide, form: SideForm, level: KernelLevel) {
        self.side = side
        self.form = form
        self.level = level.rawValue
        steps = [4 of caug_color_step](repeating: caug_color_step(kind: 0, factor: 1, mean: 0))
    }

    var count: Int { size.width * size.height }

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
        resized = nil
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
    func flush(centering: Bool = false) {
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
    func flushed() -> UnsafeMutablePointer<Float> {
        flush()
        guard let planes = unsafe planes else { preconditionFailure("a sweep leaves planes") }
        return unsafe planes
    }

    /// One pass over the image.
    ///
    /// - Returns: The mean grey, if asked for.
    func sweep(centering: Bool, summing: Bool = false) -> Double {
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

    func withSamples(_ body: (UnsafeRawPointer) -> Void) {
        if let resized {
            unsafe resized.bytes.withUnsafeBytes { bytes in
                if let start = bytes.baseAddress { unsafe body(start) }
            }
        } else if let samples = unsafe samples {
            unsafe body(samples)
        }
    }

    /// One of the two buffers, for an image of the current size.
    func room(inFront: Bool) -> UnsafeMutablePointer<Float> {
        isInFront = inFront
        let buffer = inFront ? front : back
        return unsafe Self.start(buffer.room(count * form.channels))
    }

    static func start(
        _ buffer: UnsafeMutableBufferPointer<Float>
    ) -> UnsafeMutablePointer<Float> {
        guard let start = buffer.baseAddress else { preconditionFailure("an image has pixels") }
        return unsafe start
    }

    /// Has `body` write an image of `newSize` from the current planes.
    func move(
        to newSize: ImageSize,
        _ body: (_ old: UnsafeMutablePointer<Float>, _ new: UnsafeMutablePointer<Float>) -> Void
    ) {
        let old = unsafe flushed()
        size = newSize
        let new = unsafe room(inFront: !isInFront)
        unsafe body(old, new)
        unsafe planes = new
    }
}
