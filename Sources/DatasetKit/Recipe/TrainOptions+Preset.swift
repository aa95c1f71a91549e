extension TrainOptions {
    /// The defaults of a preset.
    ///
    /// ``Preset/keras`` is the Keras tutorial "Pix2Pix Unleashed": generator and discriminator as there,
    /// the adversarial loss alone, batch 1, Adam 2e-4 with a first moment of 0.5, 50 epochs.
    public init(preset: Preset) {
        self.init()
        self.preset = preset
        guard preset == .keras else { return }
        generator = .keras
        discriminator = .keras
        lambdaL1 = 0
        epochs = 50
        decayEpochs = 0
        lrSchedule = .constant
    }
}
