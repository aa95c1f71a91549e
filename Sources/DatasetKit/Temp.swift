public enum ResizeMode: String, Sendable, CaseIterable {
    case stretch, fitCrop = "fit-crop", fitPad = "fit-pad", shorterSide = "shorter-side",
        scaleWidth = "scale-width", none
}
public struct ResizePlan: Equatable, Sendable {
    public var mode: ResizeMode, size: ImageSize, filter: ResizeFilter, resampler: Resampler,
        padding: [UInt8]
    public func outputSize(for s: ImageSize) -> ImageSize { size }
    public func applied(to i: Image, hasAlpha: Bool) -> Image {
        i.resized(to: size, filter: filter, resampler: resampler)
    }
}
extension Checksum {
    static func sha256(ofFiles p: [String]) throws(DatasetError) -> [String] {
        var r: [String] = []; for x in p { r.append(try sha256(ofFile: x)) }; return r
    }
    static func sha256(ofBuffers p: [[UInt8]]) -> [String] {
        p.map { x in unsafe x.withUnsafeBytes { unsafe sha256($0) } }
    }
}
