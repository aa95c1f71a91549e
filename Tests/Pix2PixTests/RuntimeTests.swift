import Pix2Pix
import Testing

extension TorchTests {
    @Suite("libtorch as a whole")
    struct RuntimeTests {
        @Test("The version is a supported one, and the one compiled against")
        func version() throws {
            let parts = Torch.version.split(separator: ".").compactMap { Int($0) }
            try #require(parts.count >= 2)
            #expect(parts[0] == 2 && parts[1] >= 11)
            #expect(Torch.headerVersion.hasPrefix("\(parts[0]).\(parts[1])."))
            #expect(Torch.configuration.contains("PyTorch built with"))
        }

        @Test("Threads can be set; none is an error")
        func threads() throws {
            let before = try Torch.threads
            defer { try? Torch.setThreads(before) }
            try Torch.setThreads(1)
            #expect(try Torch.threads == 1)
            #expect(throws: TorchError.self) { try Torch.setThreads(0) }
        }

        @Test("The same seed draws the same numbers, and a stored state goes on from there")
        func seeds() throws {
            let tensor = try Tensor.full(0, shape: [37])
            func draw() throws -> [Float] {
                try tensor.fillNormal(mean: 0, standardDeviation: 1)
                return try tensor.floats()
            }
            try Torch.seed(UInt64.max)
            let first = try draw()
            let state = try Torch.generatorState(of: .cpu)
            #expect(state.elementType == .uint8)
            let second = try draw()
            #expect(first != second)
            try Torch.seed(UInt64.max)
            #expect(try draw() == first)
            try Torch.setGeneratorState(state, of: .cpu)
            #expect(try draw() == second)
            #expect(throws: TorchError.self) { try Torch.setGeneratorState(tensor, of: .cpu) }
        }

        @Test("Devices by name")
        func devices() throws {
            #expect(try Device(named: "cpu") == .cpu)
            #expect("\(Device.cpu)" == "cpu")
            #expect(try Device(named: "auto").isCUDA == Torch.cudaIsAvailable)
            for name in ["gpu", "cuda:", "cuda:-1", "cuda:x", ""] {
                #expect {
                    try Device(named: name)
                } throws: {
                    "\($0)" == "device: expected auto, cpu, cuda or cuda:N, found \(name)"
                }
            }
        }

        @Test("Asking for CUDA where there is none says why", .enabled(if: !Torch.cudaIsAvailable))
        func noCUDA() throws {
            let problem = try #require(Torch.cudaProblem)
            for name in ["cuda", "cuda:1"] {
                #expect {
                    try Device(named: name)
                } throws: {
                    "\($0)" == "device: \(name) cannot be used: \(problem); "
                        + "use --device cpu or auto"
                }
            }
        }

        @Test("The CPU and the GPU agree", .enabled(if: Torch.cudaIsAvailable))
        func cuda() throws {
            let device = try Device(named: "cuda")
            let values = (0..<48).map { Float($0) / 48 }
            let tensor = try Tensor.floats(values, shape: [1, 3, 4, 4], device: device)
            #expect(tensor.device == device)
            #expect(try tensor.floats() == values)
            let weight = try Tensor.full(0.5, shape: [2, 3, 4, 4], device: device)
            let made = try tensor.convolved(with: weight, bias: nil, stride: 2, padding: 1)
            let expected = try tensor.moved(to: .cpu)
                .convolved(with: weight.moved(to: .cpu), bias: nil, stride: 2, padding: 1)
            try expectClose(made, expected)
        }
    }
}
