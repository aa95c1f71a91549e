/// What changes features and leaves their shape: `[N, C, H, W]`.
protocol FeatureBlock {
    /// Changes a batch.
    ///
    /// - Throws: ``TorchError`` if the shape does not fit or there is not enough memory.
    func callAsFunction(_ features: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor

    /// Its layers, their names after that of the block.
    func layers(named name: String) -> [(name: String, layer: any Layer)]
}
