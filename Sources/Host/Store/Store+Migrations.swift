import SQLite

extension Store {
    /// Each one runs once, in a transaction.
    ///
    /// A published one is never changed: what it got wrong, a later one mends.
    ///
    /// Times are milliseconds since 1970, sizes bytes, flags 0 or 1, lists and open-ended objects JSON.
    static let migrations: [Migration] = [
        Migration(number: 1, name: "access, plugins, instances", sql: accessAndInstances),
        Migration(number: 2, name: "library", sql: library),
        Migration(number: 3, name: "queue", sql: queue),
        Migration(number: 4, name: "library folders", sql: libraryFolders),
        Migration(number: 5, name: "settings versions", sql: settingsVersions),
        Migration(number: 6, name: "health", sql: health),
        Migration(number: 7, name: "plugin lifecycle", sql: pluginLifecycle),
        Migration(number: 8, name: "notifications", sql: notifications),
        Migration(number: 9, name: "download wishes", sql: downloadWishes),
        Migration(number: 10, name: "metadata", sql: metadata),
    ]

    private static let accessAndInstances = """
        CREATE TABLE access_keys (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            revoked INTEGER
        ) STRICT;
        CREATE TABLE sessions (
            hash BLOB PRIMARY KEY,
            key_id TEXT NOT NULL,
            role TEXT NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE disabled_plugins (
            id TEXT PRIMARY KEY
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE instances (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            implementation TEXT NOT NULL,
            enabled INTEGER NOT NULL,
            priority INTEGER NOT NULL,
            settings TEXT NOT NULL,
            secrets BLOB,
            path_mappings TEXT NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0,
            next_attempt INTEGER,
            failure TEXT,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX instances_name ON instances (kind, name);
        CREATE TABLE plugin_values (
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (instance_id, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE counters (
            name TEXT PRIMARY KEY,
            value INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let library = """
        CREATE TABLE titles (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            year INTEGER,
            tmdb_id INTEGER,
            overview TEXT,
            poster_url TEXT,
            backdrop_url TEXT,
            runtime INTEGER,
            genres TEXT NOT NULL,
            certification TEXT,
            added INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX titles_added ON titles (added, id);
        CREATE INDEX titles_name ON titles (kind, title COLLATE NOCASE, year);
        CREATE INDEX titles_tmdb ON titles (tmdb_id) WHERE tmdb_id IS NOT NULL;
        CREATE TABLE files (
            id TEXT PRIMARY KEY,
            title_id TEXT NOT NULL REFERENCES titles (id) ON DELETE CASCADE,
            season INTEGER,
            episode INTEGER,
            path TEXT NOT NULL UNIQUE,
            size INTEGER NOT NULL,
            quality TEXT NOT NULL,
            subtitles TEXT NOT NULL,
            queue_id TEXT,
            added INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX files_title ON files (title_id, season, episode);
        """

    private static let queue = """
        CREATE TABLE queue (
            id TEXT PRIMARY KEY,
            client_id TEXT NOT NULL,
            download_id TEXT,
            info_hash TEXT,
            title TEXT NOT NULL,
            protocol TEXT NOT NULL,
            category TEXT,
            source TEXT NOT NULL,
            link BLOB,
            file BLOB,
            paused INTEGER NOT NULL,
            title_id TEXT REFERENCES titles (id) ON DELETE SET NULL,
            title_kind TEXT,
            episode_ids TEXT NOT NULL,
            indexer TEXT,
            quality TEXT NOT NULL,
            quality_score INTEGER NOT NULL,
            state TEXT NOT NULL,
            size INTEGER NOT NULL,
            remaining INTEGER NOT NULL,
            output_path TEXT,
            added INTEGER NOT NULL,
            started INTEGER,
            ended INTEGER,
            updated INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX queue_order ON queue (added, id);
        CREATE INDEX queue_title ON queue (title_id) WHERE title_id IS NOT NULL;
        CREATE UNIQUE INDEX queue_download ON queue (client_id, download_id) WHERE download_id IS NOT NULL;
        CREATE TABLE blocklist (
            id TEXT PRIMARY KEY,
            info_hash TEXT,
            title TEXT NOT NULL,
            title_id TEXT,
            reason TEXT NOT NULL,
            created INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX blocklist_hash ON blocklist (info_hash);
        CREATE INDEX blocklist_title ON blocklist (title);
        CREATE TABLE removals (
            id TEXT PRIMARY KEY,
            client_id TEXT NOT NULL,
            download_id TEXT NOT NULL,
            delete_data INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE imports (
            id TEXT PRIMARY KEY,
            queue_id TEXT NOT NULL,
            entry TEXT NOT NULL
        ) STRICT;
        CREATE INDEX imports_queue ON imports (queue_id);
        """

    /// A version that is null is 1: until then nothing was stored for another one.
    private static let settingsVersions = """
        ALTER TABLE instances ADD COLUMN settings_version INTEGER;
        CREATE TABLE former_settings (
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            settings TEXT NOT NULL,
            secrets BLOB,
            replaced INTEGER NOT NULL,
            PRIMARY KEY (instance_id, version)
        ) STRICT, WITHOUT ROWID;
        """

    private static let libraryFolders = """
        CREATE TABLE library_folders (
            path TEXT PRIMARY KEY,
            device INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let health = """
        ALTER TABLE instances ADD COLUMN failure_code TEXT;
        ALTER TABLE instances ADD COLUMN failure_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE instances ADD COLUMN failing_since INTEGER;
        ALTER TABLE instances ADD COLUMN last_success INTEGER;
        CREATE TABLE problems (
            id TEXT PRIMARY KEY,
            code TEXT NOT NULL,
            state TEXT NOT NULL,
            since INTEGER NOT NULL,
            dismissed INTEGER
        ) STRICT, WITHOUT ROWID;
        """

    private static let downloadWishes = "ALTER TABLE queue ADD COLUMN wishes BLOB;"

    /// A scan without a manifest is one that failed.
    ///
    /// The list of plugins is one row; requests are those of commands to a running server.
    private static let pluginLifecycle = """
        CREATE TABLE plugin_isolation (
            id TEXT PRIMARY KEY,
            mode TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE plugin_scans (
            sha256 TEXT PRIMARY KEY,
            host TEXT NOT NULL,
            minor INTEGER,
            manifest BLOB,
            code TEXT,
            reason TEXT,
            scanned INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE plugin_faults (
            sha256 TEXT PRIMARY KEY,
            id TEXT NOT NULL,
            words TEXT NOT NULL,
            happened INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE plugin_list (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            entries BLOB NOT NULL
        ) STRICT;
        CREATE TABLE plugin_requests (
            number INTEGER PRIMARY KEY,
            verb TEXT NOT NULL,
            plugin TEXT NOT NULL,
            mode TEXT,
            answer TEXT
        ) STRICT;
        """

    /// One row for each event and notifier.
    ///
    /// What has not ended waits; a code tells how it stands or has ended. The numbers give the order in which events are
    /// sent, and none is used twice.
    private static let notifications = """
        CREATE TABLE notifications (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            notifier_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            event_id TEXT NOT NULL,
            event TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            code TEXT,
            reason TEXT,
            expires INTEGER NOT NULL,
            created INTEGER NOT NULL,
            ended INTEGER
        ) STRICT;
        CREATE INDEX notifications_state ON notifications (state, notifier_id, number);
        """

    /// An answer without a body is one that there is nothing of that id.
    ///
    /// A picture is known by its address from the moment in which a provider has named it; it has content once it was
    /// fetched. A title has a lookup until a catalogue was asked for it.
    private static let metadata = """
        CREATE TABLE metadata_answers (
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            question TEXT NOT NULL,
            settings INTEGER NOT NULL,
            body BLOB,
            size INTEGER NOT NULL,
            fetched INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            PRIMARY KEY (instance_id, question)
        ) STRICT;
        CREATE INDEX metadata_answers_age ON metadata_answers (fetched, size);
        CREATE TABLE pictures (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            instance_id TEXT REFERENCES instances (id) ON DELETE SET NULL,
            named INTEGER NOT NULL,
            content TEXT,
            type TEXT,
            size INTEGER,
            etag TEXT,
            expires INTEGER,
            used INTEGER
        ) STRICT;
        CREATE INDEX pictures_content ON pictures (content) WHERE content IS NOT NULL;
        CREATE INDEX pictures_used ON pictures (used, size) WHERE content IS NOT NULL;
        CREATE INDEX pictures_named ON pictures (named) WHERE content IS NULL;
        CREATE INDEX pictures_instance ON pictures (instance_id);
        CREATE TABLE title_lookups (
            title_id TEXT PRIMARY KEY REFERENCES titles (id) ON DELETE CASCADE,
            name_guessed INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX title_lookups_due ON title_lookups (next_attempt);
        ALTER TABLE titles ADD COLUMN known_as TEXT;
        CREATE INDEX titles_known_as ON titles (kind, known_as COLLATE NOCASE) WHERE known_as IS NOT NULL;
        """
}
