/// The parameters and results that are not a model of their own. Every message is an object, so that it can grow.

/// `{}`.
struct None: Codable {}

struct IDParameters: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable { case id }

    var id: String
}

struct LinkParameters: Codable {
    var link: String
}

struct OptionsParameters: Codable {
    var source: String
}

struct ChangesParameters: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable { case cursor }

    var cursor: String?
}

struct RemoveParameters: Codable {
    var id: String
    var deletingData: Bool

    enum CodingKeys: String, CodingKey, CaseIterable {
        case id
        case deletingData = "deleting_data"
    }
}

struct AvailabilityParameters: Codable {
    var id: String
    var fileIndex: Int

    enum CodingKeys: String, CodingKey, CaseIterable {
        case id
        case fileIndex = "file_index"
    }
}

struct SeasonParameters: Codable {
    var number: Int
    var seriesID: String

    private enum CodingKeys: String, CodingKey {
        case number
        case seriesID = "series_id"
    }
}

struct FindParameters: Codable {
    var source: String
    var id: String
}

struct ImagesParameters: Codable {
    var id: String
    var kind: Open<MetadataTitle.Kind>
}

struct OptionsResult: Codable {
    var options: [SettingsField.Option]
}

struct ItemResult: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable { case item }

    var item: DownloadItem?
}

struct FilesResult: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable { case files }

    var files: [DownloadFile]
}

struct ReleasesResult: Codable {
    var releases: [Release]
}

struct TitlesResult: Codable {
    var titles: [MetadataTitle]
}

struct ImagesResult: Codable {
    var images: [MetadataImage]
}

struct EventsResult: Codable {
    var events: [Open<NotificationEvent.Kind>]
}
