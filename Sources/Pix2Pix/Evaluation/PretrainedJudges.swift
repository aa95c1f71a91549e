import DatasetKit

/// Pretrained networks that look at images: the user has their weights, or does without.
public struct PretrainedJudges {
    /// Below so many images FID is mostly a matter of their number: there are as many features.
    static let fewImages = 2048

    /// The perceptual distance.
    let lpips: LPIPS?
    /// The features of FID.
    let inception: InceptionFeatures?

    /// Takes networks that there are.
    public init(lpips: LPIPS? = nil, inception: InceptionFeatures? = nil) {
        self.lpips = lpips
        self.inception = inception
    }

    /// Refuses images that they cannot look at.
    ///
    /// - Throws: ``DatasetError`` with code `mismatch`.
    func check(channels: Int, size: ImageSize) throws(DatasetError) {
        for (flag, isUsed) in [("--lpips", lpips != nil), ("--inception", inception != nil)]
        where isUsed && channels != 1 && channels != 3 {
            throw DatasetError(
                .mismatch,
                "\(flag): expected targets of 1 or 3 channels, found \(channels); leave it out"
            )
        }
        if let needed = lpips?.smallestSide, min(size.width, size.height) < needed {
            throw DatasetError(
                .mismatch,
                "--lpips: expected images of at least \(needed) pixels a side, found \(size); leave it "
                    + "out, or take another classifier"
            )
        }
    }
}

@available(*, unavailable)
extension PretrainedJudges: Sendable {}
