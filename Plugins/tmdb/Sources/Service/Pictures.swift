import PluginAPI

/// Where the pictures are whose paths TMDB names.
struct Pictures: Sendable {
    /// The kinds of pictures, each with sizes of its own (developer.themoviedb.org, "Image Basics").
    enum Shape: Sendable {
        case poster, backdrop, logo, still, portrait
    }

    /// Ends in a slash.
    let base: String
    let size: TMDBSettings.ImageSize

    /// The address of a picture; `nil` for no path.
    func url(_ path: String?, _ shape: Shape) -> String? {
        guard var path, path.hasPrefix("/"), path.count > 1 else { return nil }
        // TMDB offers its drawings also as pixels, which every player can show.
        if path.hasSuffix(".svg") { path = path.dropLast(4) + ".png" }
        return base + width(shape) + path
    }

    private func width(_ shape: Shape) -> String {
        switch (size, shape) {
        case (.original, _): "original"
        case (_, .portrait): "w185"
        case (.medium, .poster), (.large, .logo): "w500"
        case (.large, .poster), (.medium, .backdrop): "w780"
        case (.large, .backdrop): "w1280"
        case (.medium, .logo), (.medium, .still): "w300"
        case (.large, .still): "original"
        }
    }
}
