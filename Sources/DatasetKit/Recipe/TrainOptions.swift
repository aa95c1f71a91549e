/// The training's options, named as the flags of `p2p-train` in camelCase.
///
/// The defaults are those of the reference implementation of pix2pix, where it has the option, and
/// "off" where it has not.
public struct TrainOptions: Codable, Equatable, Sendable {
    /// What the other options' defaults are; written first.
    public var preset = Preset.reference

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
    /// The discriminator's normalisation; `nil` for ``norm``.
    public var normD: Norm?
    /// How the generator doubles features.
    public var upsampling = Upsampling.transposed
    /// Residual blocks after each halving and doubling of a U-Net.
    public var resBlocks = 0
    /// The levels of a U-Net with self-attention.
    public var attentionLevels: [Int] = []
    /// Whether the levels of a U-Net have channel attention.
    public var channelAttention = false
    /// Which networks' weights are normalised by their largest singular value.
    public var spectralNorm = SpectralNorm.none
    /// At how many scales discriminators look.
    public var scalesD = 1

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
    /// The weight of 1 − SSIM.
    public var lambdaSSIM = 0.0
    /// The weight of 1 − MS-SSIM.
    public var lambdaMSSSIM = 0.0
    /// The weight of the differences between the features that a pretrained network sees.
    public var lambdaPerceptual = 0.0
    /// The file with that network's weights: VGG-16 or VGG-19 of torchvision.
    public var perceptualWeights: String?
    /// The layers whose features are compared.
    public var perceptualLayers = ["relu1_2", "relu2_2", "relu3_3", "relu4_3"].map {
        PerceptualLayer(name: $0)
    }
    /// How features are compared.
    public var perceptualDistance = FeatureDistance.l2
    /// The weight of the total variation.
    public var lambdaTV = 0.0
    /// The weight of the differences between the discriminator's features of made and of real pairs.
    public var lambdaFM = 0.0
    /// The weight of the gradient penalty; `nil` for 10 with ``GANLoss/wganGP``, its paper's, and 0
    /// otherwise.
    public var lambdaGP: Double?
    /// The weight of the R1 penalty.
    public var lambdaR1 = 0.0
    /// Steps from one penalty to the next, which is then as many times as heavy.
    public var penaltyInterval = 1
    /// The most that a weight of the discriminator may be; `nil` for 0.01 with ``GANLoss/wgan``, its
    /// paper's, and no limit otherwise.
    public var clipWeights: Double?
    /// How far the discriminator's label of real images lies below 1.
    public var labelSmoothing = 0.0

    // MARK: Small datasets

    /// What is done to pairs before the discriminator sees them, made and real, in this order.
    public var diffAugment: [DiffAugment] = []
    /// Whether the probability of augmentations before the discriminator adapts to how it overfits.
    public var ada = false
    /// The mean sign of the discriminator's logits of real pairs that adaptation aims at.
    public var adaTarget = 0.6
    /// Thousands of pairs in which adaptation can raise the probability from 0 to 1.
    public var adaKimg = 500.0
    /// How many made pairs are kept to be shown to the discriminator again.
    public var historySize = 0

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
