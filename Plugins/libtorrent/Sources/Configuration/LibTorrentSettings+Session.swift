/// What the settings mean to the engine.
extension LibTorrentSettings {
    /// The engine's settings by its own names; those that are not here keep its defaults.
    var session: [Session.Setting] {
        identity + network + limits + Self.disk
    }

    /// What differs while nothing is to be transferred: no port is open, and nobody is asked.
    static let offline: [Session.Setting] = [
        ("listen_interfaces", ""), ("enable_dht", "0"), ("enable_lsd", "0"), ("enable_upnp", "0"),
        ("enable_natpmp", "0"),
    ]

    /// "address:port" for each address or interface.
    private var interfaces: String {
        let addresses = listenAddress.split(separator: ",").map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        let all = addresses.isEmpty ? ["0.0.0.0", "[::]"] : addresses
        return all.map { address in
            let isBareIPv6 = address.contains(":") && !address.hasPrefix("[")
            return "\(isBareIPv6 ? "[\(address)]" : address):\(listenPort)"
        }.joined(separator: ",")
    }

    private var entries: String {
        guard dhtNodes.isEmpty else { return dhtNodes.filter { !$0.isWhitespace } }
        // The engine knows only the first one, which is out of service at times.
        return [
            "dht.libtorrent.org:25401", "router.bittorrent.com:6881", "dht.transmissionbt.com:6881",
            "router.utorrent.com:6881",
        ].joined(separator: ",")
    }

    private var identity: [Session.Setting] {
        [
            ("user_agent", "Kinodock libtorrent/2.0"), ("peer_fingerprint", "-KD1000-"),
            ("dht_bootstrap_nodes", entries),
        ]
    }

    /// The settings that `offline` has in other forms, among others.
    var network: [Session.Setting] {
        // The engine's numbers: 0 forced, 1 enabled, 2 disabled; levels 1 plain, 2 RC4, 3 both.
        let policy =
            switch encryption {
            case .allow: ("1", "3", "0")
            case .prefer: ("1", "3", "1")
            case .require: ("0", "2", "1")
            case .off: ("2", "1", "0")
            }
        return [
            ("listen_interfaces", interfaces), ("outgoing_interfaces", outgoing),
            ("enable_dht", dht ? "1" : "0"), ("enable_lsd", localDiscovery ? "1" : "0"),
            ("enable_upnp", portMapping ? "1" : "0"), ("enable_natpmp", portMapping ? "1" : "0"),
            ("in_enc_policy", policy.0), ("out_enc_policy", policy.0), ("allowed_enc_level", policy.1),
            ("prefer_rc4", policy.2),
            // Peers on this machine share one address, and one of them may be this client itself.
            ("allow_multiple_connections_per_ip", isLocal ? "1" : "0"),
        ]
    }

    /// Whether peers are looked for on this machine alone.
    private var isLocal: Bool { outgoing == "127.0.0.1" || outgoing == "::1" || outgoing == "lo" }

    /// Only an interface that was named is forced upon outgoing connections.
    private var outgoing: String {
        listenAddress.split(separator: ",").map { $0.filter { !$0.isWhitespace && $0 != "[" && $0 != "]" } }
            .joined(separator: ",")
    }

    private var limits: [Session.Setting] {
        [
            ("download_rate_limit", "\(downloadLimit * 1000)"), ("upload_rate_limit", "\(uploadLimit * 1000)"),
            ("connections_limit", "\(maxConnections)"),
            ("active_downloads", "\(maxActiveDownloads > 0 ? maxActiveDownloads : -1)"),
            ("active_seeds", "-1"), ("active_limit", "-1"), ("active_checking", "1"),
            // Seconds; the next download in the queue should not wait for half a minute.
            ("auto_manage_interval", "5"),
            // Seconds for the farewell to trackers when the session ends.
            ("stop_tracker_timeout", "2"),
            // Events that are lost would leave torrents without a state.
            ("alert_queue_size", "100000"),
        ]
    }

    /// Files are written with plain calls: a mapped file counts as memory of the process, and one on a full or failing
    /// disk raises signals whose handlers belong to the server.
    private static let disk: [Session.Setting] = [
        ("disk_write_mode", "0"), ("mmap_file_size_cutoff", "2147483647"),
        ("aio_threads", "4"), ("hashing_threads", "2"),
        // Bytes that may wait for the disk; the engine's own default makes a fast line stop and go.
        ("max_queued_disk_bytes", "8388608"),
    ]
}
