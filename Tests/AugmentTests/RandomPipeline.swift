import TestSupport

/// Lists of operations by chance, as JSON: all operations, nested groups, any order.
enum RandomPipeline {
    /// Makes one for images that are `side` pixels wide and high, or a little less.
    static func make(_ random: inout SmallRandom, from side: Int) -> String {
        var side = side
        let steps = (0..<random.below(7) + 1).map { _ in step(&random, &side, depth: 0) }
        return "[\(steps.joined(separator: ", "))]"
    }

    private static func step(_ random: inout SmallRandom, _ side: inout Int, depth: Int) -> String {
        let kind = random.below(depth < 2 ? 13 : 10)
        if kind == 12 {
            side -= random.below(5)
            return "{\"op\": \"crop\", \"width\": \(side), \"height\": \(side)}"
        }
        if kind == 11 && depth == 0 {
            side -= random.below(5)
            return "{\"op\": \"scale-jitter\", \"scale\": [1, 1.4], \"width\": \(side), "
                + "\"height\": \(side)}"
        }
        if kind >= 10 {
            let name = ["one-of", "sequence"][random.below(2)]
            let inner = (0..<random.below(3) + 1).map { _ in leaf(&random, mixes: false) }
            let p = Double(random.below(5)) / 4
            return "{\"op\": \"\(name)\", \"p\": \(p), \"operations\": "
                + "[\(inner.joined(separator: ", "))]}"
        }
        return leaf(&random, mixes: true)
    }

    private static func leaf(_ random: inout SmallRandom, mixes: Bool) -> String {
        let leaves = [
            #"{"op": "flip-horizontal"}"#, #"{"op": "flip-vertical"}"#,
            #"{"op": "rotate-90", "turns": [0, 2]}"#,
            #"{"op": "affine", "rotation": 180, "scale": [0.3, 3], "shearX": 40}"#,
            #"{"op": "affine", "translateX": 1, "border": "constant", "fill": [0.1, 0.5, 0.9]}"#,
            #"{"op": "affine", "shearY": 60, "border": "replicate", "interpolation": "nearest"}"#,
            #"{"op": "elastic", "alpha": [0, 400], "sigma": 2}"#,
            #"{"op": "color-jitter", "brightness": 1, "contrast": 1, "saturation": 1, "hue": 0.5}"#,
            #"{"op": "color-jitter", "contrast": [0, 3]}"#, #"{"op": "gamma", "gamma": [0.2, 5]}"#,
            #"{"op": "grayscale", "p": 0.5}"#, #"{"op": "noise", "sigma": [0, 0.5]}"#,
            #"{"op": "blur", "sigma": [0.1, 3]}"#, #"{"op": "blur", "kernelSize": 1}"#,
            #"{"op": "jpeg", "quality": [1, 100]}"#, #"{"op": "erase", "value": "noise"}"#,
            #"{"op": "erase", "scale": [0, 1], "ratio": [0.1, 10], "value": 1}"#,
            #"{"op": "cutout", "size": [0.001, 1], "holes": 4}"#,
            #"{"op": "mixup", "alpha": 0.3}"#, #"{"op": "cutmix"}"#,
        ]
        return leaves[random.below(mixes ? leaves.count : leaves.count - 2)]
    }
}
