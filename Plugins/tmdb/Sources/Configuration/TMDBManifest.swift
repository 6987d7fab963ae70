import PluginAPI

/// What the plugin says about itself.
enum TMDBManifest {
    static let manifest = PluginManifest(
        id: "tmdb",
        name: "TMDB",
        version: "1.0.0",
        description: "Titles, texts and pictures of movies and series from The Movie Database.",
        link: "https://www.themoviedb.org",
        settings: SettingsSchema(fields: account + wording + advanced)
    )

    private static let account: [SettingsField] = [
        .secret("apiKey", label: "API key or access token").required().section("Account").help(
            """
            Either the API key (32 digits and letters) or the longer API read access token. Both are free: sign in at \
            themoviedb.org and open Settings, API.
            """
        )
    ]

    private static let wording: [SettingsField] = [
        .select("language", label: "Language", optionsFrom: "languages").default("en-US").section("Wording").help(
            "Of titles and descriptions, for example de-DE. What TMDB does not have in it comes in English."
        ),
        .select("region", label: "Country", optionsFrom: "regions").default("US").section("Wording").help(
            "Whose certifications and release dates count, for example DE."
        ),
        .bool("includeAdult", label: "Find adult titles").default(false).section("Wording"),
    ]

    private static let advanced: [SettingsField] = [
        .select(
            "imageSize",
            label: "Size of pictures",
            options: [
                .init("medium", label: "Medium (posters 500 wide)"), .init("large", label: "Large (posters 780 wide)"),
                .init("original", label: "As uploaded (several MB each)"),
            ]
        ).default("large").advanced().section("Pictures"),
        .url("url", label: "Address of the API").default(.string(TMDBSettings.officialAddress)).advanced()
            .section("Connection").help("Another one only behind a proxy or for a mirror; it ends in /3."),
        .url("imageUrl", label: "Address of the pictures").advanced().section("Connection").help(
            "Empty: what the API names. Another one only for a mirror, for example https://image.tmdb.org/t/p/."
        ),
        .number("timeoutSeconds", label: "Timeout", in: 1...60, unit: "seconds").step(1).default(10).advanced()
            .section("Connection"),
    ]
}
