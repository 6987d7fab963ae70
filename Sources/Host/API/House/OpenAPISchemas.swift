import PluginAPI
import PluginHosting

/// The shapes that the OpenAPI document names.
enum OpenAPISchemas {
    static let all: [String: JSONValue] = [
        "Error": object([
            "success": boolean, "error": text, "code": text, "message": text, "details": anyObject,
            "checks": list(anyObject),
        ]),
        "Message": object(["success": boolean, "message": text], required: ["success", "message"]),
        "Ping": object(["status": text], required: ["status"]),
        "Ready": object(["ready": boolean], required: ["ready"]),
        "Health": object(
            [
                "status": text, "version": text, "uptimeSeconds": integer, "problems": list(text),
                "disks": list(object(["name": text, "freeBytes": optional("integer")], required: ["name"])),
            ],
            required: ["status", "problems"]
        ),
        "Problem": problem,
        "ProblemList": list(reference("Problem")),
        "SessionBody": object(["key": text], required: ["key"]),
        "Session": object(["role": text, "keyId": optional("string")], required: ["role"]),
        "QueueItem": queueItem,
        "QueuePage": object(
            ["items": list(reference("QueueItem")), "totalRecords": integer, "page": integer, "pageSize": integer],
            required: ["items", "totalRecords", "page", "pageSize"]
        ),
        "AddToQueue": object([
            "magnet": text, "url": text, "torrent": text, "nzb": text, "release": text, "downloadClientId": text,
            "category": text, "movieId": text, "seriesId": text, "episodeIds": list(text), "title": text,
            "paused": boolean, "priority": choice(DownloadPriority.allCases.map(\.rawValue)),
            "options": ["type": "object"],
        ]),
        "InspectAddress": object(
            ["url": text, "downloadClientId": text, "options": ["type": "object"]],
            required: ["url"]
        ),
        "InspectedAddress": inspectedAddress,
        "SearchReport": searchReport,
        "Cleanup": object(["removeCompleted": boolean, "removeFailed": boolean]),
        "CleanupResult": object(
            ["success": boolean, "removedCount": integer, "message": text],
            required: ["success", "removedCount", "message"]
        ),
        "AddMedia": object(
            [
                "magnetLink": text, "type": ["type": "string", "enum": ["movie", "tv"]], "tmdbId": integer,
                "title": text,
                "year": integer, "posterUrl": text, "backdropUrl": text, "overview": text, "genres": list(text),
                "certification": text,
            ],
            required: ["magnetLink"]
        ),
        "Media": media,
        "MediaList": list(reference("Media")),
        "MediaProgress": object(
            [
                "status": text, "progress": number, "downloadSpeed": integer, "uploadSpeed": integer, "peers": integer,
                "isActive": boolean, "filePath": optional("string"), "error": text,
            ],
            required: ["status", "progress"]
        ),
        "MetadataTitles": metadataAnswer(["results": list(reference("MetadataSummary"))]),
        "MetadataSummary": object(metadataSummary, required: ["id", "type", "title"]),
        "MetadataTitle": metadataAnswer(metadataSummary.merging(metadataDetails) { own, _ in own }),
        "MetadataSeason": metadataAnswer([
            "seriesId": text, "number": integer, "name": text, "overview": optional("string"),
            "episodes": list(
                object([
                    "number": integer, "title": text, "overview": optional("string"), "aired": optional("string"),
                    "runtime": optional("integer"), "imageUrl": optional("string"),
                ])
            ),
        ]),
        "MetadataImages": metadataAnswer(["images": list(metadataImage)]),
        "Plugin": plugin,
        "PluginList": list(reference("Plugin")),
        "PluginIsolation": object(
            ["mode": choice(IsolationSetting.allCases.map(\.rawValue))],
            required: ["mode"]
        ),
        "InstanceBody": object(newInstance, required: ["implementation"]),
        "InstanceChange": object(instance),
        "InstanceTest": object(newInstance.merging(["id": text]) { own, _ in own }, required: ["implementation"]),
        "Instance": object(
            [
                "id": text, "name": text, "implementation": text, "enabled": boolean, "priority": integer,
                "settings": anyObject, "settingsVersion": integer,
                "pathMappings": list(anyObject), "status": instanceStatus, "created": text, "updated": text,
                "warnings": list(reference("SettingsWarning")),
            ],
            required: ["id", "name", "implementation"]
        ),
        "InstanceList": list(reference("Instance")),
        "SettingsWarning": object(
            ["code": text, "field": optional("string"), "message": text],
            required: ["code", "message"]
        ),
        "Notification": notification,
        "NotificationPage": object(
            ["items": list(reference("Notification")), "totalRecords": integer, "page": integer, "pageSize": integer],
            required: ["items", "totalRecords", "page", "pageSize"]
        ),
        "FormerSettings": list(
            object(
                ["version": integer, "replaced": text, "settings": anyObject],
                required: ["version", "replaced", "settings"]
            )
        ),
        "OptionsBody": object(
            newInstance.merging(["id": text, "source": text]) { own, _ in own },
            required: ["source", "implementation"]
        ),
        "Options": list(object(["value": text, "label": text], required: ["value", "label"])),
        "TestResult": object(
            [
                "success": boolean, "message": text, "version": optional("string"), "apiVersion": optional("string"),
                "savePath": optional("string"), "localPath": optional("string"), "pathVisible": boolean,
                "pathWritable": boolean,
                "hardlinkPossible": boolean, "categories": list(text), "checks": list(anyObject),
                "warnings": list(anyObject),
            ],
            required: ["success", "checks", "warnings"]
        ),
    ]

    /// What can be sent of an instance.
    private static let instance: [String: JSONValue] = [
        "name": ["type": "string", "minLength": 1, "maxLength": 100], "implementation": text, "enabled": boolean,
        "priority": ["type": "integer", "minimum": 1, "maximum": 100], "settings": anyObject,
        "pathMappings": list(object(["remote": text, "local": text], required: ["remote", "local"])),
    ]

    /// What can be sent of an instance that is not stored yet.
    private static let newInstance = instance.merging(["preset": text]) { own, _ in own }

    private static let instanceStatus = object(
        [
            "health": text, "code": optional("string"), "message": optional("string"), "since": optional("string"),
            "lastSuccess": optional("string"), "consecutiveFailures": integer, "nextAttempt": optional("string"),
        ],
        required: ["health", "consecutiveFailures"]
    )

    private static let notification = object(
        [
            "id": text, "status": choice(Notification.State.allCases.map(\.rawValue)), "notifierId": text,
            "notifier": optional("string"), "attempts": integer, "code": optional("string"),
            "reason": optional("string"), "nextAttempt": optional("string"), "expires": optional("string"),
            "created": text, "ended": optional("string"),
            "event": object(
                ["id": text, "kind": text, "time": text, "title": text, "message": text, "details": anyObject],
                required: ["id", "kind", "time", "title", "message", "details"]
            ),
        ],
        required: ["id", "status", "notifierId", "attempts", "created", "event"]
    )

    private static let problem = object(
        [
            "id": text,
            "source": ["type": "string", "enum": .array(Problem.Source.allCases.map { .string($0.rawValue) })],
            "subjectId": text, "name": text, "level": ["type": "string", "enum": ["error", "warning"]], "code": text,
            "state": text, "summary": text, "message": text, "action": text,
            "request": ["type": ["object", "null"], "properties": ["label": text, "method": text, "path": text]],
            "since": text, "dismissed": boolean,
        ],
        required: ["id", "source", "subjectId", "name", "code", "message", "action", "since", "dismissed"]
    )

    private static let searchReport = object(
        [
            "results": list(foundRelease), "totalResults": integer, "truncated": boolean, "complete": boolean,
            "durationMs": integer,
            "indexers": list(
                object(
                    [
                        "id": text, "name": text, "status": choice(IndexerOutcome.Status.allCases.map(\.rawValue)),
                        "results": integer, "durationMs": integer, "code": optional("string"),
                        "message": optional("string"), "retryAfter": optional("integer"),
                    ],
                    required: ["id", "name", "status", "results"]
                )
            ),
        ],
        required: ["results", "indexers", "complete"]
    )

    private static let foundRelease = object(
        [
            "id": text, "title": text, "protocol": text, "indexer": text, "indexerId": text, "alsoAt": list(text),
            "quality": text, "qualityScore": integer, "size": optional("integer"), "seeders": optional("integer"),
            "leechers": optional("integer"), "grabs": optional("integer"), "files": optional("integer"),
            "published": optional("string"), "categories": list(integer), "infoHash": optional("string"),
            "infoUrl": optional("string"), "imdbId": optional("string"), "tmdbId": optional("integer"),
            "tvdbId": optional("integer"), "downloadVolumeFactor": optional("number"),
            "uploadVolumeFactor": optional("number"), "minimumRatio": optional("number"),
            "minimumSeedTime": optional("integer"), "attributes": anyObject,
        ],
        required: ["id", "title", "protocol", "indexerId", "quality", "qualityScore"]
    )

    private static let queueItem = object(
        [
            "id": text, "downloadId": optional("string"), "title": text, "status": text, "trackedDownloadStatus": text,
            "trackedDownloadState": text, "stage": optional("string"), "protocol": text, "downloadClient": text,
            "downloadClientId": text,
            "indexer": optional("string"), "infoHash": optional("string"), "outputPath": optional("string"),
            "progress": integer,
            "size": integer, "sizeleft": integer, "timeleft": optional("string"),
            "estimatedCompletionTime": optional("string"),
            "downloadSpeed": integer, "uploadSpeed": integer, "seeders": optional("integer"),
            "leechers": optional("integer"),
            "statusMessages": list(object(["title": text, "messages": list(text)])), "errorMessage": optional("string"),
            "episodeIds": list(text), "movieId": optional("string"), "seriesId": optional("string"), "added": text,
            "started": optional("string"), "ended": optional("string"), "quality": text, "qualityScore": integer,
        ],
        required: ["id", "title", "status", "trackedDownloadState", "protocol", "size", "sizeleft", "added"]
    )

    private static let media = object(
        [
            "id": text, "type": text, "title": text, "year": optional("integer"), "status": text, "progress": number,
            "tmdbId": optional("integer"), "posterUrl": optional("string"), "runtime": optional("integer"),
            "addedAt": text,
            "backdropUrl": optional("string"), "overview": optional("string"), "genres": list(text),
            "certification": optional("string"),
            "magnetLink": optional("string"), "infohash": optional("string"), "queueItemId": optional("string"),
            "filePath": optional("string"),
            "fileSize": optional("integer"), "files": list(anyObject),
        ],
        required: ["id", "type", "title", "status", "progress"]
    )

    private static let inspectedAddress = object(
        [
            "downloadClientId": text, "downloadClient": text, "title": text, "description": text, "duration": number,
            "thumbnail": text, "uploader": text, "isLive": boolean, "size": integer, "formats": list(anyObject),
            "entries": list(
                object(["url": text, "title": text, "duration": number, "thumbnail": text], required: ["url"])
            ), "details": anyObject,
        ],
        required: ["downloadClientId", "isLive", "formats", "entries"]
    )
    /// An answer of a metadata provider, with who has given it and what went wrong before.
    private static func metadataAnswer(_ members: [String: JSONValue]) -> JSONValue {
        let provider: [String: JSONValue] = [
            "provider": object(["id": text, "name": text, "implementation": text]),
            "problems": list(object(["provider": text, "code": text, "message": text])),
        ]
        return object(members.merging(provider) { own, _ in own }, required: ["provider", "problems"])
    }

    private static let metadataSummary: [String: JSONValue] = [
        "id": text, "type": choice(["movie", "series"]), "title": text, "originalTitle": optional("string"),
        "originalLanguage": optional("string"), "year": optional("integer"), "overview": optional("string"),
        "rating": optional("number"), "votes": optional("integer"), "popularity": optional("number"),
        "externalIds": anyObject, "posterUrl": optional("string"), "backdropUrl": optional("string"),
    ]

    private static let metadataDetails: [String: JSONValue] = [
        "tagline": optional("string"), "runtime": optional("integer"), "genres": list(text),
        "status": optional("string"), "studio": optional("string"), "networks": list(text),
        "website": optional("string"), "trailer": optional("string"), "certification": optional("string"),
        "certifications": anyObject, "releaseDates": anyObject, "regionalReleaseDates": anyObject,
        "alternativeTitles": list(text), "collection": ["type": ["object", "null"]], "seasons": list(integer),
        "credits": list(
            object(["name": text, "role": text, "character": optional("string"), "imageUrl": optional("string")])
        ),
        "images": list(metadataImage),
    ]

    private static let metadataImage = object([
        "type": text, "url": text, "sourceUrl": text, "language": optional("string"), "width": optional("integer"),
        "height": optional("integer"),
    ])

    private static let plugin = object(
        [
            "id": text, "name": text, "version": optional("string"), "kinds": list(text), "path": text,
            "sha256": optional("string"), "state": choice(PluginState.allCases.map(\.rawValue)),
            "code": optional("string"), "reason": optional("string"), "since": text,
            "actions": list(choice(PluginAction.allCases.map(\.rawValue))),
            "isolation": object(
                ["setting": choice(IsolationSetting.allCases.map(\.rawValue)), "effective": optional("string")],
                required: ["setting"]
            ),
            "runner": [
                "type": ["object", "null"],
                "properties": ["pid": optional("integer"), "crashes": integer, "lastEnd": optional("string")],
            ],
            "manifest": ["type": ["object", "null"]],
        ],
        required: ["id", "state", "since", "actions", "isolation"]
    )

    private static let text: JSONValue = ["type": "string"]
    private static let integer: JSONValue = ["type": "integer"]
    private static let number: JSONValue = ["type": "number"]
    private static let boolean: JSONValue = ["type": "boolean"]
    private static let anyObject: JSONValue = ["type": "object"]

    private static func choice(_ values: [String]) -> JSONValue {
        ["type": "string", "enum": .array(values.map(JSONValue.string))]
    }

    private static func optional(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }
    private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }
    private static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/" + name)] }

    private static func object(_ properties: [String: JSONValue], required: [String] = []) -> JSONValue {
        var schema: [String: JSONValue] = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        return .object(schema)
    }
}
