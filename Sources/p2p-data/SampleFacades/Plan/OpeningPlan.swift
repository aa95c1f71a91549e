/// The upper edge of an opening.
enum Head: Equatable, Sendable {
    case flat
    /// A shallow arc.
    case segment
    /// A half circle.
    case round

    /// The shape of an opening that fills `box`.
    func outline(_ box: Box) -> Outline {
        switch self {
        case .flat: .rectangle(box)
        case .segment, .round: .arch(box, rise: rise(of: box))
        }
    }

    /// How high the arc of an opening rises that fills `box`.
    func rise(of box: Box) -> Double {
        switch self {
        case .flat: 0
        case .segment: min(0.16 * box.width, box.height / 3)
        case .round: min(box.width / 2, box.height / 2)
        }
    }
}

/// How a window is divided.
enum Glazing: Equatable, Sendable {
    /// Two leaves.
    case casement
    /// Two leaves under a fanlight.
    case cross
    /// Two leaves with glazing bars.
    case barred
    /// Two leaves of six small panes under small panes, as in old farm and canal houses.
    case lattice
    /// An upper and a lower sash that slide.
    case sash
    /// A wide light and a narrow one.
    case uneven
    /// Three lights.
    case triple

    /// The right edges of the columns of panes but the last, as fractions of the width.
    var columns: [Double] {
        switch self {
        case .casement, .cross, .barred, .lattice: [0.5]
        case .sash: []
        case .uneven: [0.64]
        case .triple: [0.3, 0.7]
        }
    }

    /// The upper edges of the rows of panes but the last, as fractions of the height.
    var rows: [Double] {
        switch self {
        case .casement, .uneven, .triple: []
        case .cross, .barred, .lattice: [0.66]
        case .sash: [0.5]
        }
    }

    /// How many small panes the bars make of each pane: across and up.
    var bars: (across: Int, up: Int) {
        switch self {
        case .barred: (1, 2)
        case .lattice: (2, 3)
        case .sash: (3, 2)
        default: (1, 1)
        }
    }
}

/// A shutter or blind.
enum Blind: Equatable, Sendable {
    case none
    /// A roller blind let down over a part of the window, 0…1.
    case roller(Double)
    /// Two leaves beside the window.
    case openShutters
    /// Two leaves before the window.
    case closedShutters
}

/// The hood above a window or door.
enum Hood: Equatable, Sendable {
    case none
    case straight
    case triangle
    case segment
}

/// What is below a window.
enum Sill: Equatable, Sendable {
    case none
    case ledge
    /// A ledge on a panel of the given height in metres.
    case panel(Double)
}

/// One window; all measures in metres.
struct WindowPlan: Sendable {
    var opening: Box
    var head: Head
    var glazing: Glazing
    var look: GlassLook
    /// How deep the glass lies behind the wall.
    var reveal: Float
    /// The width of the moulded frame around the opening; 0 for none.
    var surround: Double = 0
    var hood = Hood.none
    var sill = Sill.none
    var blind = Blind.none
    /// Whether a lintel of stone or upright bricks spans it.
    var hasLintel = false
    /// Whether a keystone closes the head.
    var hasKeystone = false
    /// Which leaf stands open, if one does: 0 is the left one.
    var openLeaf: Int?

    /// The outline of the opening.
    var outline: Outline { head.outline(opening) }
}

/// One door or gate; all measures in metres.
struct DoorPlan: Sendable {
    var opening: Box
    var head: Head
    /// The height of the glazed part at the top; 0 for none.
    var fanlight: Double
    var leaves: Int
    var isGlazed: Bool
    var surround: Double
    var hood: Hood
    var hasColumns: Bool
    /// Number of steps before it.
    var steps: Int
    var look: GlassLook
}

/// One shop front; all measures in metres.
struct ShopPlan: Sendable {
    /// The whole, board and window.
    var box: Box
    var head: Head
    /// The board with the name, if this part of the front carries one.
    var sign: Box?
    var name: String
    var trade: ShopDisplay.Trade
    /// How far the window's upper edge stays below that of the box.
    var headroom: Double
    var signColor: Color
    var frame: Color
    /// How far the awning comes down; 0 for none.
    var awning: Double
    var awningColor: Color
    /// Number of panes side by side.
    var panes: Int
    var display: Color
    var noise: Noise

    /// Pale letters on a dark board, dark ones on a pale board.
    var letterColor: Color { Color(signColor.luminance > 0.2 ? 0x3A2E26 : 0xE4DDC8) }
}
