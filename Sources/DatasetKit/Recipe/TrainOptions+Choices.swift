// The choices of the training's options.

extension TrainOptions {
    /// The generators, by the reference's names.
    public enum Generator: String, CaseIterable, Codable, Sendable {
        case unet32 = "unet_32"
        case unet64 = "unet_64"
        case unet128 = "unet_128"
        case unet256 = "unet_256"
        case unet512 = "unet_512"
        case unet1024 = "unet_1024"
        case resnet6 = "resnet_6"
        case resnet9 = "resnet_9"
        /// The U-Net of the Keras tutorial.
        case keras
    }

    /// The discriminators, by the reference's names.
    public enum Discriminator: String, CaseIterable, Codable, Sendable {
        /// The 70x70 PatchGAN.
        case basic
        /// A PatchGAN of ``TrainOptions/nLayersD`` layers.
        case nLayers = "n_layers"
        /// Judges each pixel alone.
        case pixel
        /// The 16x16 PatchGAN of the Keras tutorial.
        case keras
    }

    /// Where the defaults are from.
    public enum Preset: String, CaseIterable, Codable, Sendable {
        /// The reference implementation.
        case reference
        /// The usual Keras tutorial: its networks, no L1, 50 epochs at a constant rate.
        case keras
    }

    /// How a generator doubles features.
    public enum Upsampling: String, CaseIterable, Codable, Sendable {
        /// A transposed convolution.
        case transposed
        /// Pixels repeated, then a convolution.
        case nearest
        /// Bilinear interpolation, then a convolution.
        case bilinear
        /// A convolution to four times the channels, which become pixels.
        case pixelShuffle = "pixel_shuffle"
    }

    /// How features are compared: mean absolute or mean squared differences.
    public enum FeatureDistance: String, CaseIterable, Codable, Sendable {
        case l1, l2
    }

    /// A layer of a pretrained network, and how much it counts; written as `relu3_3` or `relu3_3:0.5`.
    public struct PerceptualLayer: Codable, Equatable, Sendable {
        /// As the network knows it: `relu3_3`, or torchvision's number.
        public var name: String
        /// What its differences are multiplied by.
        public var weight: Double

        /// Names a layer.
        public init(name: String, weight: Double = 1) {
            self.name = name
            self.weight = weight
        }

        /// Reads how it is written; `nil` for anything else.
        public init?(_ text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty, parts.count <= 2 else { return nil }
            self.init(name: String(name))
            guard parts.count == 2 else { return }
            guard let weight = Double(parts[1]), weight >= 0, weight.isFinite else { return nil }
            self.weight = weight
        }

        /// How it is written.
        public var text: String { weight == 1 ? name : "\(name):\(weight)" }

        /// Reads a text.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            guard let layer = Self(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "no layer and weight"
                )
            }
            self = layer
        }

        /// Writes a text.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
    }

    /// Which networks have spectral normalisation.
    public enum SpectralNorm: String, CaseIterable, Codable, Sendable {
        case none, discriminator, both
    }

    /// The augmentations of DiffAugment (Zhao and others 2020).
    public enum DiffAugment: String, CaseIterable, Codable, Sendable {
        case color, translation, cutout
    }

    /// The normalisations.
    public enum Norm: String, CaseIterable, Codable, Sendable {
        case batch, instance, none
    }

    /// The adversarial losses.
    public enum GANLoss: String, CaseIterable, Codable, Sendable {
        /// Binary cross entropy (Goodfellow et al. 2014).
        case vanilla
        /// Least squares (Mao et al. 2017).
        case lsgan
        /// The hinge loss (Lim & Ye 2017).
        case hinge
        /// Wasserstein with clipped weights (Arjovsky et al. 2017).
        case wgan
        /// Wasserstein with gradient penalty (Gulrajani et al. 2017).
        case wganGP = "wgan-gp"
        /// How much more real than the made pair of the same input (Jolicoeur-Martineau 2019).
        case relativistic
        /// How much more real than made pairs on average (the same).
        case relativisticAverage = "relativistic-average"
    }

    /// The optimisers.
    public enum Optimizer: String, CaseIterable, Codable, Sendable {
        /// Adam (Kingma & Ba 2015); weight decay is part of the gradient.
        case adam
        /// AdamW (Loshchilov & Hutter 2019); weight decay is apart from it.
        case adamw
    }

    /// The learning rate's schedules.
    public enum LRSchedule: String, CaseIterable, Codable, Sendable {
        /// Constant, then linearly towards 0 in the decay epochs.
        case linear
        case constant
        /// Half a wave of the cosine, from the full rate to 0 over all epochs.
        case cosine
        /// Multiplied every so many epochs.
        case step
        /// Multiplied where the validation no longer improves.
        case plateau
    }

    /// The metrics of a validation.
    public enum Metric: String, CaseIterable, Codable, Sendable {
        case l1 = "L1"
        case psnr = "PSNR"
        case ssim = "SSIM"
        case msSSIM = "MS_SSIM"
    }

    /// What batch normalisation goes by outside of training.
    public enum TestNorm: String, CaseIterable, Codable, Sendable {
        /// The statistics of the image itself, as in the paper (section 3.3).
        case batch
        /// The running statistics of the training.
        case running
    }

    /// Two different values; written as a list.
    public struct ValueRange: Codable, Equatable, Sendable {
        /// What becomes −1.
        public var low: Double
        /// What becomes 1.
        public var high: Double

        /// Creates a range.
        public init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }

        /// Reads a list of two numbers.
        public init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            low = try list.decode(Double.self)
            high = try list.decode(Double.self)
        }

        /// Writes a list of two numbers.
        public func encode(to encoder: any Encoder) throws {
            var list = encoder.unkeyedContainer()
            try list.encode(low)
            try list.encode(high)
        }
    }
}
