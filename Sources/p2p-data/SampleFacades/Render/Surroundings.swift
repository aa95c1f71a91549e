/// What the windows mirror: the sky above the houses on the other side of the street.
struct Surroundings: Sendable {
    let weather: Weather
    private let noise: Noise

    init(weather: Weather) {
        self.weather = weather
        noise = weather.noise.branch(50)
    }

    /// The light that a mirror at a place of the wall sends to the camera.
    ///
    /// `tilt` is how far the mirror is turned, about −1…1.
    func radiance(x: Float, y: Float, tilt: Float) -> Color {
        // The camera stands in the street: the higher the window, the more sky it mirrors.
        let elevation = (y - 1.5) / 13 + 0.3 * tilt
        let across = x * 1.4 + tilt * 5
        let house = (across / 9).wholePart
        let skyline = 0.35 + 0.4 * noise.cell(house, 1)
        let sky = weather.sky(x: across * 2 + 40, y: 6 + 22 * max(0, elevation))
        let wall = opposite(house: house, across: across, elevation: elevation)
        return wall.mixed(with: sky, elevation.step(from: skyline - 0.04, to: skyline + 0.04))
    }

    /// A house across the street: it turns its shady side to the mirror.
    private func opposite(house: Int32, across: Float, elevation: Float) -> Color {
        let tone = 0.2 + 0.25 * noise.cell(house, 2)
        let warm = 0.8 + 0.2 * noise.cell(house, 3)
        let column = across / 1.5 - Float((across / 1.5).wholePart)
        let row = elevation * 4 - Float((elevation * 4).wholePart)
        let isWindow = column > 0.3 && column < 0.7 && row > 0.25 && row < 0.8
        let wall = Color(tone, tone * (0.88 + 0.1 * warm), tone * warm * 0.92)
        return wall * weather.skylight * (isWindow ? 0.35 : 0.9)
    }
}
