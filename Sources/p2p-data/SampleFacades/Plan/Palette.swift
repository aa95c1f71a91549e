/// The colours of European streets as photographs show them: none of them is pure.
enum Palette {
    static let stucco = [
        Color(0xD8C9A4), Color(0xCDB27E), Color(0xC6A468), Color(0xE0D6BF), Color(0xBDC2AE),
        Color(0xA5B29A), Color(0xC69F86), Color(0xB58270), Color(0xD9BBA6), Color(0xB9C0C6),
        Color(0xA3B2BC), Color(0xCFCDC6), Color(0xB4A794), Color(0xDCCC9C), Color(0xC9BBA0),
        Color(0xDAD2C4), Color(0xC58E78), Color(0xE4DECE),
    ]
    static let warmStucco = [
        Color(0xD9B98A), Color(0xD3A876), Color(0xE2CFA8), Color(0xCF9B74), Color(0xDCC3A0),
        Color(0xC98A68), Color(0xE3D8C0), Color(0xD6B0A0), Color(0xDDC58C),
    ]
    static let stone = [
        Color(0xCDBF9F), Color(0xBDB092), Color(0xC9C0B0), Color(0xB2A896), Color(0xD6CBB2),
        Color(0xC4B48E),
    ]
    static let greyStone = [Color(0xA39D92), Color(0x8F8A82), Color(0xB4AEA2), Color(0x9C927F)]
    static let redBrick = [
        Color(0x8E5846), Color(0x986452), Color(0x7C4C40), Color(0x744E44), Color(0xA07058),
    ]
    static let paleBrick = [
        Color(0xB08A60), Color(0xA68B66), Color(0x8E775C), Color(0xBFA27A), Color(0x6E5D50),
    ]
    static let concrete = [
        Color(0xBDB9B0), Color(0xA8A59E), Color(0xCBC8BF), Color(0xB3AA9C), Color(0xC9C0AC),
    ]
    static let clayTiles = [
        Color(0x785140), Color(0x684739), Color(0x84604E), Color(0x5C443B), Color(0x6F5244),
    ]
    static let slates = [Color(0x50565D), Color(0x5E6268), Color(0x474A50), Color(0x66645F)]
    static let zinc = [Color(0x8B9298), Color(0x777E86), Color(0x9AA09F), Color(0x748E82)]
    static let paleFrames = [Color(0xE9E6DD), Color(0xE2DDCF), Color(0xEEECE6), Color(0xD8D3C4)]
    static let darkFrames = [
        Color(0x50392A), Color(0x3D4A40), Color(0x35363A), Color(0x6A5440), Color(0x5F2F28),
    ]
    static let doors = [
        Color(0x3C2A20), Color(0x5E3E28), Color(0x31443A), Color(0x2A3A4C), Color(0x6A2E29),
        Color(0x242527), Color(0x7A5B3C), Color(0x4C5A58),
    ]
    static let shutters = [
        Color(0x46614F), Color(0x61796A), Color(0x6B4C36), Color(0x7F929D), Color(0x4D6376),
        Color(0x8D8C82), Color(0x35493F), Color(0x7C3F35),
    ]
    static let rollers = [Color(0xDDD8CA), Color(0xC6BCA6), Color(0x9A8B73), Color(0xB2B5B4)]
    static let railings = [Color(0x24262A), Color(0x2E3A36), Color(0x3A3633), Color(0x1F2A33)]
    static let signs = [
        Color(0x2B2C2E), Color(0x3E4C3C), Color(0x5C322E), Color(0x30424C), Color(0xD0C9B8),
        Color(0x6A5A42), Color(0x3A2E28), Color(0x8A4238), Color(0x34506A), Color(0xB89A58),
        Color(0x454744), Color(0xBFB8A8), Color(0x23302C),
    ]
    static let awnings = [
        Color(0x8C3A32), Color(0x3D5A48), Color(0xC9BCA0), Color(0x39506B), Color(0xB08A4A),
        Color(0x5A5752),
    ]
    static let cars = [
        Color(0x9EA2A6), Color(0x2A2C30), Color(0xC9CACA), Color(0x34435A), Color(0x6E2A28),
        Color(0x55585C), Color(0x3D4A42), Color(0xB8B4A6),
    ]
    static let curtains = [Color(0xD8D4CA), Color(0xC9C2B2), Color(0xE2E0DA), Color(0xB9A88E)]
}
