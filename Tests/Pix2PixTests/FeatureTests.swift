import DatasetKit
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    @Suite("Features of pretrained networks, as torchvision and pytorch-fid compute them")
    struct FeatureTests {
        @Test("Every layer of VGG-16 and VGG-19", arguments: ["vgg16", "vgg19"])
        func vgg(name: String) throws {
            let fixture = try TorchFixture(name, in: "features")
            let features = try VGGFeatures(fixture.weights())
            #expect(features.name == (name == "vgg16" ? "VGG-16" : "VGG-19"))
            #expect(features.layers.count == (name == "vgg16" ? 31 : 37))
            let images = try fixture.images(2, shape: [1, 3, 32, 36])
            for (layer, found) in zip(features.layers, try features(images, at: features.layers)) {
                let mean = try fixture.tensor("mean.\(layer.index)").item()
                #expect(try abs(found.mean().item() - mean) < 1e-5, "\(layer.name)")
                #expect(found.shape[1] == features.channels(of: layer))
                if fixture.file.tensors["output.\(layer.index)"] != nil {
                    let output = try fixture.tensor("output.\(layer.index)")
                    try expectClose(found, output, layer.name)
                }
            }
        }

        @Test("Layers have torchvision's numbers and their usual names")
        func names() throws {
            let vgg16 = try VGGFeatures(TorchFixture("vgg16", in: "features").weights())
            let vgg19 = try VGGFeatures(TorchFixture("vgg19", in: "features").weights())
            let names = [
                "conv1_1", "relu1_2", "pool1", "relu2_2", "relu3_3", "relu4_3", "conv5_3", "pool5",
            ]
            #expect(names.map { vgg16.layer($0)?.index } == [0, 3, 4, 8, 15, 22, 28, 30])
            #expect(vgg19.layer("relu3_4")?.index == 17)
            #expect(vgg19.layer("relu5_4")?.index == 35)
            #expect(vgg16.layer("30") == vgg16.layer("pool5"))
            #expect(vgg16.layer("31") == nil)
            #expect(vgg16.layer("relu3_4") == nil)
        }

        @Test("Images must be as large as the layers need, and of 1 or 3 channels")
        func images() throws {
            let fixture = try TorchFixture("vgg16", in: "features")
            let features = try VGGFeatures(fixture.weights())
            let (last, early) = try (#require(features.layer("30")), #require(features.layer("1")))
            #expect(features.smallestSide(at: [last, early]) == 32)
            #expect(features.smallestSide(at: [early]) == 1)
            #expect(
                try features(fixture.images(2, shape: [1, 3, 32, 33]), at: [last])[0].shape[2] == 1
            )
            expectError("at least 32x32 pixels, found [1, 3, 31, 64]") {
                _ = try features(fixture.images(2, shape: [1, 3, 31, 64]), at: [last])
            }
            expectError("1 or 3 channels, [N, C, H, W], found [1, 4, 32, 32]") {
                _ = try features(fixture.images(2, shape: [1, 4, 32, 32]), at: [last])
            }
        }

        @Test("Names without features. are understood too")
        func plainNames() throws {
            let fixture = try TorchFixture("vgg16", in: "features")
            var tensors: [String: Tensor] = [:]
            for (name, tensor) in try fixture.tensors("weights") {
                tensors[name.replacing("features.", with: "")] = tensor
            }
            let features = try VGGFeatures(FeatureWeights(tensors, file: "plain.pth"))
            let last = try #require(features.layer("pool5"))
            let found = try features(fixture.images(2, shape: [1, 3, 32, 36]), at: [last])[0]
            try expectClose(found, fixture.tensor("output.30"))
        }

        @Test("The features of FID's Inception: small, large and grey images")
        func inception() throws {
            let fixture = try TorchFixture("inception", in: "features")
            let features = try InceptionFeatures(fixture.weights())
            #expect(features.count == (try fixture.tensor("features").shape[1]))
            for (name, seed, shape) in [
                ("features", 10, [2, 3, 40, 52]), ("large", 11, [1, 3, 310, 330]),
                ("grey", 12, [1, 1, 64, 64]),
            ] {
                let found = try features(fixture.images(seed, shape: shape))
                let error = try expectClose(found, fixture.tensor(name), name)
                #expect(error < 1e-5, "\(name)")
            }
        }

        @Test(
            "A file that does not fit is named, with its tensor, what was expected and what to do"
        )
        func misfits() throws {
            let fixture = try TorchFixture("vgg16", in: "features")
            func vgg(_ change: (inout [String: Tensor]) throws -> Void) throws {
                var tensors = try fixture.tensors("weights")
                try change(&tensors)
                _ = try VGGFeatures(FeatureWeights(tensors, file: "my/vgg.pth"))
            }
            expectError(
                "my/vgg.pth: expected a tensor features.5.bias, F32 [2], found none; download vgg16"
            ) { try vgg { $0["features.5.bias"] = nil } }
            expectError(
                "its tensor features.5.weight to be F32 [any, 2, 3, 3], found F32 [4, 3, 3, 3]"
            ) {
                try vgg { $0["features.5.weight"] = try .full(0, shape: [4, 3, 3, 3]) }
            }
            expectError("its tensor features.5.bias to be F32 [2], found I64 [2]") {
                try vgg { $0["features.5.bias"] = try .full(0, shape: [2], elementType: .int64) }
            }
            expectError("expected the weights of a VGG-16 or VGG-19") {
                try vgg { $0["features.17.weight"] = nil }
            }
            expectError("without batch normalisation") {
                try vgg { $0["features.1.running_mean"] = try .full(0, shape: [2]) }
            }
            expectError("found torchvision's (it has AuxLogits)") {
                let auxiliary = try Tensor.full(0, shape: [1])
                let tensors = ["AuxLogits.fc.bias": auxiliary]
                _ = try InceptionFeatures(FeatureWeights(tensors, file: "inception.pth"))
            }
            expectError("a tensor Conv2d_1a_3x3.conv.weight, F32 [any, 3, 3, 3], found none") {
                _ = try InceptionFeatures(FeatureWeights([:], file: "inception.pth"))
            }
        }

        @Test("Files are read by path, and a missing one says what to download")
        func files() throws {
            let folder = try TemporaryFolder()
            let fixture = try TorchFixture("vgg16", in: "features")
            let tensors = try fixture.tensors("weights").sorted { $0.key < $1.key }
            let header = SafetensorsHeader(
                tensors.map { ($0.key, .f32, $0.value.shape) },
                metadata: [:]
            )
            let bytes = try header.encoded() + tensors.flatMap { try $0.value.bytes() }
            let features = try VGGFeatures(path: folder.write(bytes, to: "vgg.safetensors"))
            let last = try #require(features.layer("pool5"))
            let found = try features(fixture.images(2, shape: [1, 3, 32, 36]), at: [last])[0]
            try expectClose(found, fixture.tensor("output.30"))

            let pth = try VGGFeatures(path: "\(Places.package)/Tests/Fixtures/features/vgg16.pth")
            let same = try pth(fixture.images(2, shape: [1, 3, 32, 36]), at: [last])[0]
            #expect(try same.floats() == found.floats(), "the same weights as PyTorch saves them")

            let missing = folder.path("none.pth")
            expectError("\(missing): there is no such file", "vgg16-397923af.pth", ".safetensors") {
                _ = try VGGFeatures(path: missing)
            }
            expectError("pt_inception-2015-12-05-6726825d.pth") {
                _ = try InceptionFeatures(path: missing)
            }
            expectError("alexnet-owt-7be5be79.pth", "alex.pth") { _ = try LPIPS(path: missing) }
        }
    }
}

/// Records a failure unless an error is thrown whose text has all these parts.
func expectError(
    _ parts: String...,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch {
        for part in parts {
            #expect("\(error)".contains(part), "\(error)", sourceLocation: sourceLocation)
        }
    }
}

extension TorchFixture {
    /// The weights of a fixture of a pretrained network, by their real names.
    func weights() throws -> FeatureWeights {
        try FeatureWeights(tensors("weights"), file: "weights.pth")
    }
}
