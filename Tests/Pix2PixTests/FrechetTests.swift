import DatasetKit
import Pix2Pix
import Testing

extension TorchTests {
    @Suite("The Fréchet distance, as pytorch-fid and SciPy compute it")
    struct FrechetTests {
        @Test("Sets of more and of fewer samples than features, equal ones, a shifted one")
        func distances() throws {
            let fixture = try TorchFixture("frechet", in: "features")
            let expected: [String: Double] = try fixture.decode("distances")
            var distributions: [String: FeatureDistribution] = [:]
            for name in fixture.file.tensors.keys {
                distributions[name] = try FeatureDistribution(fixture.tensor(name))
            }
            #expect(expected.count == 25)
            for (names, value) in expected {
                let (first, second) = try sides(names, of: distributions)
                let found = try first.frechetDistance(to: second)
                #expect(abs(found - value) <= 1e-4 * abs(value) + 1e-6, "\(names)")
            }
        }

        @Test("Equal sets have a distance of 0, to rounding")
        func equalSets() throws {
            let fixture = try TorchFixture("frechet", in: "features")
            for name in fixture.file.tensors.keys {
                let set = try FeatureDistribution(fixture.tensor(name))
                #expect(try set.frechetDistance(to: set) < 1e-12, "\(name)")
            }
        }

        @Test("Known distributions: of independent features, the squares of what differs")
        func known() throws {
            let first = try FeatureDistribution(
                mean: [0, 1],
                covariance: Matrix(rows: 2, columns: 2, elements: [4, 0, 0, 9])
            )
            let second = try FeatureDistribution(
                mean: [3, 1],
                covariance: Matrix(rows: 2, columns: 2, elements: [1, 0, 0, 0])
            )
            #expect(try abs(first.frechetDistance(to: second) - (9 + 1 + 9)) < 1e-12)
            // A turned covariance against its own and the plain one.
            let turned = try FeatureDistribution(
                mean: [0, 1],
                covariance: Matrix(rows: 2, columns: 2, elements: [6.5, 2.5, 2.5, 6.5])
            )
            let root = (6.5 * 6.5 - 2.5 * 2.5).squareRoot()
            let trace = (6.5 * 13 + 2 * 6 * root).squareRoot()
            #expect(try abs(first.frechetDistance(to: turned) - (26 - 2 * trace)) < 1e-12)
        }

        @Test("What cannot be compared")
        func misfits() throws {
            expectError("at least 2 images, [N, count], found [1, 3]") {
                _ = try FeatureDistribution(.full(0, shape: [1, 3]))
            }
            expectError("infinite or not a number") {
                _ = try FeatureDistribution(.full(.nan, shape: [2, 3]))
            }
            expectError("as many features on both sides, found 3 and 4") {
                let first = try FeatureDistribution(.full(0, shape: [2, 3]))
                _ = try first.frechetDistance(to: FeatureDistribution(.full(0, shape: [2, 4])))
            }
            expectError("expected 2 finite means and a covariance of as many rows") {
                let covariance = Matrix(rows: 1, columns: 1, elements: [1])
                _ = try FeatureDistribution(mean: [0, 0], covariance: covariance)
            }
        }

        private func sides(
            _ names: String,
            of distributions: [String: FeatureDistribution]
        ) throws -> (FeatureDistribution, FeatureDistribution) {
            let parts = names.split(separator: " ").map(String.init)
            return try (#require(distributions[parts[0]]), #require(distributions[parts[1]]))
        }
    }
}
