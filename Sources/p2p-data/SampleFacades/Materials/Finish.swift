/// The material of a large surface: one of the kinds that walls, roofs and streets are made of.
enum Finish: Material, Equatable {
    case stucco(Stucco)
    case brick(Brick)
    case ashlar(Ashlar)
    case panels(Panels)
    case tiles(RoofTiles)
    case slates(Slates)
    case metal(SheetMetal)

    func texel(x: Float, y: Float) -> Texel {
        switch self {
        case .stucco(let stucco): stucco.texel(x: x, y: y)
        case .brick(let brick): brick.texel(x: x, y: y)
        case .ashlar(let ashlar): ashlar.texel(x: x, y: y)
        case .panels(let panels): panels.texel(x: x, y: y)
        case .tiles(let tiles): tiles.texel(x: x, y: y)
        case .slates(let slates): slates.texel(x: x, y: y)
        case .metal(let metal): metal.texel(x: x, y: y)
        }
    }
}
