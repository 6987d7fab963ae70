/// The fields by which people choose what a notifier is sent.
///
/// A plugin needs nothing but the fields: the host looks at their values and sends no other events.
extension SettingsField {
    /// The key of `events`.
    public static let eventsKey = "events"
    /// The key of `mediaTypes`.
    public static let mediaTypesKey = "mediaTypes"

    /// The kinds of event that are sent; none chosen means all.
    ///
    /// - Parameter kinds: those to choose from, which should be the plugin's `supportedEvents`.
    public static func events(_ kinds: [NotificationEvent.Kind] = NotificationEvent.Kind.allCases) -> Self {
        let options = kinds.filter { $0 != .test }.map { Option($0.rawValue, label: label($0)) }
        return .multiselect(eventsKey, label: "Events", options: options).help("None chosen means all.")
    }

    /// Whether events about movies or series are sent; none chosen means both.
    ///
    /// Events that are about no title, for example those of the server's health, are sent in any case.
    public static func mediaTypes() -> Self {
        .multiselect(
            mediaTypesKey,
            label: "Movies and series",
            options: [.init("movie", label: "Movies"), .init("series", label: "Series")]
        ).help("None chosen means both.")
    }

    private static func label(_ kind: NotificationEvent.Kind) -> String {
        switch kind {
        case .grabbed: "Grabbed"
        case .downloaded: "Downloaded"
        case .imported: "Imported"
        case .upgraded: "Upgraded"
        case .downloadFailed: "Download failed"
        case .importFailed: "Import failed"
        case .manualActionNeeded: "A decision is needed"
        case .deleted: "Deleted"
        case .healthChanged: "Health changed"
        case .test: "Test"
        }
    }
}
