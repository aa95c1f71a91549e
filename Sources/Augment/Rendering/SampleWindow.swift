import CAugment
import DatasetKit

/// A window of an image whose samples have not been touched yet, and how it is to be read.
///
/// Crops and flips only change where reading begins and in which direction it goes: no pixel is moved
/// twice.
struct SampleWindow {
    private(set) var x = 0
    private(set) var y = 0
    private(set) var size: ImageSize
    private(set) var isMirrored = false
    private(set) var isUpsideDown = false

    init(_ size: ImageSize) {
        self.size = size
    }

    /// A part of what is seen now.
    mutating func crop(_ window: CropWindow) {
        x += isMirrored ? size.width - window.x - window.width : window.x
        y += isUpsideDown ? size.height - window.y - window.height : window.y
        size = window.size
    }

    mutating func flipHorizontally() { isMirrored.toggle() }

    mutating func flipVertically() { isUpsideDown.toggle() }

    /// The window of an image as C takes it.
    func raw(
        _ samples: UnsafeRawPointer,
        rowBytes: Int,
        channels: Int,
        type: SampleType
    ) -> caug_window {
        let row = isUpsideDown ? y + size.height - 1 : y
        return unsafe caug_window(
            first: samples + row * rowBytes + x * channels * type.byteCount,
            row_step: isUpsideDown ? -rowBytes : rowBytes,
            sample_bytes: Int32(type.byteCount),
            mirrored: isMirrored
        )
    }
}
