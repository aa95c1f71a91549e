import DatasetKit
import TestSupport
import Testing

@Suite struct ShardReceiptsTests {
    private let temporary: TemporaryFolder
    private var path: String { temporary.path("shards.jsonl") }

    init() throws { temporary = try TemporaryFolder() }

    private func receipt(_ number: Int) -> ShardReceipts.Receipt {
        ShardReceipts.Receipt(
            shard: "train-\(number)",
            conversions: ["depth": number],
            warnings: ["a line\nand \"another\""]
        )
    }

    @Test func whatWasNotedIsThereAgain() throws {
        for number in 0..<4 {
            let receipts = try ShardReceipts(path: path)
            for earlier in 0..<4 {
                let expected = earlier < number ? receipt(earlier) : nil
                #expect(receipts["train-\(earlier)"] == expected)
            }
            try receipts.add(receipt(number))
            #expect(receipts["train-\(number)"] == receipt(number))
        }
    }

    @Test func theLastLineOfAShardCounts() throws {
        var changed = receipt(1)
        changed.conversions = [:]
        do {
            let receipts = try ShardReceipts(path: path)
            try receipts.add(receipt(1))
            try receipts.add(changed)
        }
        #expect(try ShardReceipts(path: path)["train-1"] == changed)
    }

    /// Cut at every byte, the shards whose lines are whole are known, and the next goes after them.
    @Test func aLineThatIsNotWholeIsNoLine() throws {
        do {
            let receipts = try ShardReceipts(path: path)
            for number in 0..<3 { try receipts.add(receipt(number)) }
        }
        let whole = try temporary.bytes(of: "shards.jsonl")
        for length in 0...whole.count {
            try temporary.write(whole[..<length], to: "shards.jsonl")
            let lines = whole[..<length].count { $0 == UInt8(ascii: "\n") }
            do {
                let receipts = try ShardReceipts(path: path)
                for number in 0..<3 {
                    #expect((receipts["train-\(number)"] != nil) == (number < lines))
                }
                try receipts.add(receipt(7))
            }
            let again = try ShardReceipts(path: path)
            #expect(again["train-7"] == receipt(7), "\(length)")
            if lines > 0 { #expect(again["train-0"] == receipt(0)) }
        }
    }

    @Test func whatIsNoReceiptIsPassedOver() throws {
        try temporary.write("\u{0}\u{0}\n{\"shard\": 3}\n\n", to: "shards.jsonl")
        let receipts = try ShardReceipts(path: path)
        try receipts.add(receipt(2))
        #expect(try ShardReceipts(path: path)["train-2"] == receipt(2))
    }
}
