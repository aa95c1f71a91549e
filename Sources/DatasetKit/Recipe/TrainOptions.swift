/// The training's options, named as the flags of `p2p-train` in camelCase.
///
/// The defaults are those of the reference implementation of pix2pix, where it has the option, and
/// "off" where it has not.
public struct TrainOptions: Codable, Equatable, Sendable {
    // MARK: Length

    /// Epochs at the full learning rate.
    public var epochs = 100
    /// Epochs after them, in which the schedule ``LRSchedule/linear`` decays.
    public var decayEpochs = 100
    /// Pairs that the networks see at once.
    public var batchSize = 1
    /// Batches whose gradients are added up for one step.
    public var accumulate = 1
    /// Validations without improvement after which the training ends; `nil` for never.
    public var patience: Int?
    /// The images' side in pixels; `nil` for what the augmentation gives.
    public var size: Int?
    /// The seed of everything random.
    public var seed = 0

    // MARK: Networks

    /// The generator; `nil` for ``Generator/unet256``, or the largest U-Net that the size allows.
    public var generator: Generator?
    /// The discriminator.
    public var discriminator = Discriminator.basic
    /// Convolutions that halve the image in ``Discriminator/nLayers``.
    public var nLayersD = 3
    /// Filters of the generator's first layer.
    public var ngf = 64
    /// Filters of the discriminator's first layer.
    public var ndf = 64
    /// The normalisation in both networks.
    public var norm = Norm.batch
    /// Whether the generator drops out.
    public var dropout = true

    // MARK: Losses

    /// The adversarial loss.
    public var ganLoss = GANLoss.vanilla
    /// The weight of the adversarial loss; with 0 there is no discriminator.
    public var ganWeight = 1.0
    /// The weight of the mean absolute difference.
    public var lambdaL1 = 100.0
    /// The weight of the mean squared difference.
    public var lambdaL2 = 0.0
    /// The weight of the Charbonnier loss.
    public var lambdaCharbonnier = 0.0
    /// The weight of the gradient penalty of ``GANLoss/wganGP``: 10 in its paper.
    public var lambdaGP = 10.0
    /// How far the discriminator's label of real images lies below 1.
    public var labelSmoothing = 0.0

    // MARK: Optimisation

    /// The optimiser of both networks.
    public var optimizer = Optimizer.adam
    /// The learning rate of both networks.
    public var lr = 2e-4
    /// The generator's learning rate; `nil` for ``lr``.
    public var lrG: Double?
    /// The discriminator's learning rate; `nil` for ``lr``.
    public var lrD: Double?
    /// The decay of the optimisers' first moment.
    public var beta1 = 0.5
    /// The decay of the optimisers' second moment.
    public var beta2 = 0.999
    /// The optimisers' weight decay.
    public var weightDecay = 0.0
    /// The most that the norm of a network's gradients may be; `nil` for no limit.
    public var clipGradients: Double?
    /// The decay of the moving average of the generator's weights; `nil` for none.
    public var ema: Double?
    /// How the learning rate changes.
    public var lrSchedule = LRSchedule.linear
    /// Steps in which the learning rate grows to its full value.
    public var warmupSteps = 0
    /// Epochs between the steps of ``LRSchedule/step``.
    public var lrStepEpochs = 50
    /// What ``LRSchedule/step`` and ``LRSchedule/plateau`` multiply by; `nil` for 0.1 and 0.2.
    public var lrFactor: Double?
    /// Validations without improvement after which ``LRSchedule/plateau`` lowers the rate.
    public var lrPatience = 5

    // MARK: Validation

    /// Epochs from one validation to the next.
    public var valEvery = 1
    /// The most validation pairs to look at.
    public var valPairs = 200
    /// The metric that decides which checkpoint is the best.
    public var bestMetric = Metric.l1
    /// What batch normalisation goes by when the model is used.
    public var testNorm = TestNorm.batch
    /// Whether the generator drops out when the model is used, too.
    public var testDropout = true

    // MARK: Checkpoints

    /// Epochs from one checkpoint to the next.
    public var checkpointEpochs = 1
    /// Minutes from one checkpoint to the next, in the middle of epochs too: 0 after each step; `nil` for
    /// never.
    public var checkpointMinutes: Double?
    /// How many of the epochs' checkpoints are kept, besides the latest and the best.
    public var keepCheckpoints = 0

    // MARK: Floats

    /// What of an input of floats becomes −1 and 1; `nil` measures the training pairs.
    public var inputRange: ValueRange?
    /// What of a target of floats becomes −1 and 1; `nil` measures the training pairs.
    public var targetRange: ValueRange?

    /// The defaults.
    public init() {}
}

// MARK: - Choices

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
    }

    /// The discriminators, by the reference's names.
    public enum Discriminator: String, CaseIterable, Codable, Sendable {
        /// The 70x70 PatchGAN.
        case basic
        /// A PatchGAN of ``TrainOptions/nLayersD`` layers.
        case nLayers = "n_layers"
        /// Judges each pixel alone.
        case pixel
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
        /// Wasserstein with gradient penalty (Gulrajani et al. 2017).
        case wganGP = "wgan-gp"
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
