import DatasetKit
import Pix2Pix
import Testing

extension TorchTests {
    @Suite("Perceptual losses and LPIPS, as torchvision and the package lpips compute them")
    struct PerceptualTests {
        /// A loss of a fixture.
        struct Loss: Decodable {
            var channels: Int
            var distance: String
            var layers: [String]
            var weights: [Double]
        }

        @Test(
            "Losses and their gradients to the image",
            arguments: [
                ("vgg16", "squares"), ("vgg16", "several"), ("vgg16", "grey"), ("vgg19", "squares"),
            ]
        )
        func loss(network: String, name: String) throws {
            let fixture = try TorchFixture(network, in: "features")
            let losses: [String: Loss] = try fixture.decode("losses")
            let expected = try #require(losses[name])
            let features = try VGGFeatures(fixture.weights())
            let loss = try PerceptualLoss(
                features,
                layers: zip(expected.layers, expected.weights).map { ($0, $1) },
                distance: #require(ReconstructionLoss(rawValue: expected.distance))
            )
            let shape = [2, expected.channels, 32, 32]
            let (image, target) = try (
                fixture.images(3, shape: shape), fixture.images(4, shape: shape)
            )
            try image.setRequiresGradient(true)
            try target.setRequiresGradient(true)
            let found = try loss(of: image, against: target)
            #expect(try abs(found.item() / fixture.tensor("\(name).loss").item() - 1) < 1e-5)
            try found.backward()
            let gradient = try #require(try image.gradient)
            let error = try relativeError(
                thinned(gradient),
                fixture.tensor("\(name).gradient").floats()
            )
            #expect(error < 1e-4)
            #expect(try target.gradient == nil, "the target is what it is")
            let equal = try loss(of: image, against: image)
            #expect(try equal.item() == 0)
        }

        @Test("A training step adds the loss of what was made, with its weight")
        func step() throws {
            let features = try VGGFeatures(TorchFixture("vgg16", in: "features").weights())
            let loss = try PerceptualLoss(features, layers: [("relu2_2", 1)], distance: .l2)
            var options = TrainOptions()
            (options.ngf, options.ndf, options.nLayersD) = (2, 2, 1)
            (options.discriminator, options.dropout) = (.nLayers, false)
            (options.lambdaPerceptual, options.perceptualWeights) = (3, "vgg16")
            let model = try Pix2PixModel(
                options,
                generator: .unet32,
                inputChannels: 3,
                targetChannels: 3,
                perceptualLoss: loss,
                device: .cpu
            )
            try Torch.seed(1)
            try model.initialize()
            let fixture = try TorchFixture("training-adam")
            let part = try fixture.part(0)
            let mode = ForwardMode.inference(.batch, dropout: false)
            let made = try withoutGradients { try model.generator(part.input, mode: mode) }
            let expected = try 3 * loss(of: made, against: part.target).item()
            let found = try #require(try model.step([part]).losses["G_perceptual"])
            #expect(abs(found / expected - 1) < 1e-5 && expected > 0)
        }

        @Test("What cannot be compared is said before a training begins")
        func checks() throws {
            let features = try VGGFeatures(TorchFixture("vgg16", in: "features").weights())
            expectError(
                "expected a layer of VGG-16, found relu3_4; its layers are conv1_1, relu1_1"
            ) {
                _ = try PerceptualLoss(features, layers: [("relu3_4", 1)], distance: .l2)
            }
            let loss = try PerceptualLoss(
                features,
                layers: [("relu5_3", 1), ("relu1_1", 1)],
                distance: .l2
            )
            #expect(loss.smallestSide == 16)
            try loss.check(channels: 1, height: 16, width: 40)
            expectError("images of 1 or 3 channels, found 4") {
                try loss.check(channels: 4, height: 64, width: 64)
            }
            expectError(
                "relu5_3, relu1_1 of VGG-16 need images of at least 16x16 pixels, found 15x20"
            ) {
                try loss.check(channels: 3, height: 20, width: 15)
            }
        }

        @Test("LPIPS of each backbone", arguments: ["alex", "vgg", "squeeze"])
        func distances(backbone: String) throws {
            let fixture = try TorchFixture("lpips-\(backbone)", in: "features")
            let lpips = try LPIPS(fixture.weights(), heads: fixture.weights())
            #expect(lpips.backbone.rawValue == backbone)
            let image = try fixture.images(5, shape: [2, 3, 40, 48])
            let target = try image.scaled(by: 0.7)
                .adding(fixture.images(6, shape: [2, 3, 40, 48]).scaled(by: 0.3))
            try image.setRequiresGradient(true)
            let found = try lpips(of: image, against: target.detached())
            try expectClose(found, fixture.tensor("distances"))
            try found.mean().scaled(by: 2).backward()
            let gradient = try thinned(#require(try image.gradient))
            #expect(try relativeError(gradient, fixture.tensor("gradient").floats()) < 1e-4)

            let grey = try (7...8).map { try fixture.images($0, shape: [1, 1, 64, 64]) }
            try expectClose(lpips(of: grey[0], against: grey[1]), fixture.tensor("grey"))
            #expect(try lpips(of: grey[0], against: grey[0]).item() == 0)
        }

        @Test("The smallest images that each backbone can look at, and those below")
        func smallestImages() throws {
            for (backbone, side) in [("alex", 31), ("vgg", 16), ("squeeze", 17)] {
                let fixture = try TorchFixture("lpips-\(backbone)", in: "features")
                let lpips = try LPIPS(fixture.weights(), heads: fixture.weights())
                #expect(lpips.smallestSide == side, "\(backbone)")
                let images = try fixture.images(5, shape: [1, 3, side, side])
                #expect(try lpips(of: images, against: images).item() == 0)
                let smaller = try fixture.images(5, shape: [1, 3, side - 1, side])
                expectError("at least \(side)x\(side) pixels") {
                    _ = try lpips(of: smaller, against: smaller)
                }
            }
        }

        @Test("A black image has no gradient that is not a number")
        func flatImages() throws {
            let fixture = try TorchFixture("lpips-vgg", in: "features")
            var tensors = try fixture.tensors("weights")
            // Without biases nothing comes of an image of the mean colour's value.
            for (name, tensor) in tensors where name.hasSuffix("bias") {
                tensors[name] = try tensor.scaled(by: 0)
            }
            tensors["net.slice1.0.weight"] = try tensors["net.slice1.0.weight"]?.scaled(by: 0)
            let weights = FeatureWeights(tensors, file: "dead.pth")
            let lpips = try LPIPS(weights, heads: weights)
            let image = try fixture.images(5, shape: [1, 3, 16, 16])
            try image.setRequiresGradient(true)
            try lpips(of: image, against: fixture.images(6, shape: [1, 3, 16, 16])).mean()
                .backward()
            #expect(try #require(try image.gradient).floats().allSatisfy { $0 == 0 })
        }

        @Test("Heads that belong to another classifier, or none, or another classifier altogether")
        func misfits() throws {
            let alex = try TorchFixture("lpips-alex", in: "features").weights()
            let squeeze = try TorchFixture("lpips-squeeze", in: "features").weights()
            let vgg16 = try TorchFixture("vgg16", in: "features").weights()
            let vgg19 = try TorchFixture("vgg19", in: "features").weights()
            expectError(
                "its tensor lin1.model.1.weight to be F32 [1, 6, 1, 1], found F32 [1, 4, 1, 1]"
            ) {
                _ = try LPIPS(alex, heads: squeeze)
            }
            expectError(
                "expected a tensor lin0.model.1.weight, F32 [1, 2, 1, 1], found none; LPIPS needs"
            ) {
                _ = try LPIPS(vgg16, heads: vgg16)
            }
            expectError("expected the weights of AlexNet, VGG-16 or SqueezeNet 1.1") {
                _ = try LPIPS(vgg19, heads: vgg19)
            }
        }

        /// As the fixtures' maker thins gradients.
        private func thinned(_ gradient: Tensor) throws -> [Float] {
            try gradient.floats().enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
        }
    }
}
