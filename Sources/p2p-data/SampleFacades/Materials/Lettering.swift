/// A painted word.
struct Lettering: Material, Equatable {
    /// The words that can be painted, in capitals without accents.
    static let words = [
        "CAFE", "BAR", "HOTEL", "BOULANGERIE", "APOTHEKE", "OPTIK", "BLUMEN", "LIBRAIRIE",
        "PEKARNA", "TABAC", "MODE", "KNIHY", "FOTO", "BISTRO", "TRATTORIA", "GALERIE", "BANK",
        "SALON", "PAPETERIE", "ANTIK", "FLEURS", "VINOTEKA", "KINO", "SCHUHE", "FARMACIA",
    ]

    /// The letters A to Z as three by five dots, row by row from the top.
    private static let glyphs: [UInt16] = [
        0b010_101_111_101_101, 0b110_101_110_101_110, 0b011_100_100_100_011,
        0b110_101_101_101_110, 0b111_100_110_100_111, 0b111_100_110_100_100,
        0b011_100_101_101_011, 0b101_101_111_101_101, 0b111_010_010_010_111,
        0b001_001_001_101_010, 0b101_101_110_101_101, 0b100_100_100_100_111,
        0b101_111_111_101_101, 0b110_101_101_101_101, 0b010_101_101_101_010,
        0b110_101_110_100_100, 0b010_101_101_111_011, 0b110_101_110_101_101,
        0b011_100_010_001_110, 0b111_010_010_010_010, 0b101_101_101_101_111,
        0b101_101_101_101_010, 0b101_101_111_111_101, 0b101_101_010_101_101,
        0b101_101_010_010_010, 0b111_001_010_100_111,
    ]

    /// The width of a word as a multiple of its height.
    static func aspect(of word: String) -> Double { (Double(word.utf8.count) * 4 - 1) / 5 }

    /// The line of text, as wide as ``aspect(of:)`` asks for.
    var box: Box
    var word: String
    var color: Color
    var ground: Plain

    func texel(x: Float, y: Float) -> Texel {
        let dot = Float(box.height) / 5
        let column = Int(((x - Float(box.left)) / dot).wholePart)
        let row = 4 - Int(((y - Float(box.bottom)) / dot).wholePart)
        guard isInk(column: column, row: row) else { return ground.texel(x: x, y: y) }
        return Texel(color: color)
    }

    /// Whether there is paint on a dot of the line.
    private func isInk(column: Int, row: Int) -> Bool {
        guard column >= 0, column % 4 < 3, (0..<5).contains(row) else { return false }
        let letters = word.utf8
        guard
            let place = letters.index(
                letters.startIndex,
                offsetBy: column / 4,
                limitedBy: letters.endIndex
            ), place < letters.endIndex, letters[place] >= 65, letters[place] <= 90
        else { return false }
        let glyph = Self.glyphs[Int(letters[place] - 65)]
        return (glyph >> UInt16(14 - row * 3 - column % 4)) & 1 == 1
    }
}
