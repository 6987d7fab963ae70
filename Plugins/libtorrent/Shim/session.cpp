// The session and the orders that it takes.
#include "shim.hpp"

#include <cstdlib>

#include <libtorrent/ip_filter.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/settings_pack.hpp>

namespace {

void set(lt::settings_pack &pack, const kdt_setting &setting) {
    const int name = lt::setting_by_name(setting.name);
    if (name < 0) return;
    switch (name & lt::settings_pack::type_mask) {
    case lt::settings_pack::string_type_base: pack.set_str(name, setting.value); break;
    case lt::settings_pack::int_type_base: pack.set_int(name, std::atoi(setting.value)); break;
    default: pack.set_bool(name, setting.value[0] == '1');
    }
}

// Without this, peers of the local network are outside of the limits of the session.
void limit_local_peers(lt::session &session) {
    lt::ip_filter everybody;
    const std::uint32_t global = 1u << static_cast<std::uint32_t>(lt::session::global_peer_class_id);
    everybody.add_rule(lt::make_address("0.0.0.0"), lt::make_address("255.255.255.255"), global);
    everybody.add_rule(lt::make_address("::"), lt::make_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), global);
    session.set_peer_class_filter(everybody);
}

} // namespace

kdt_session *kdt_session_open(const kdt_setting *settings, size_t count, bool limits_local_peers, kdt_bytes nodes,
                              void (*wake)(void *context), void *context, kdt_failure *failure) {
    auto made = std::unique_ptr<kdt_session>();
    const bool is_open = kdt::guarded(failure, [&] {
        made = std::make_unique<kdt_session>();
        lt::session_params params;
        for (size_t index = 0; index < count; ++index) set(params.settings, settings[index]);
        params.settings.set_int(lt::settings_pack::alert_mask,
                                lt::alert_category::error | lt::alert_category::status | lt::alert_category::storage |
                                    lt::alert_category::tracker);
        params.dht_state = kdt::dht_state(nodes);
        made->session = std::make_unique<lt::session>(std::move(params));
        if (limits_local_peers) limit_local_peers(*made->session);
        made->session->set_alert_notify([wake, context] { wake(context); });
        return true;
    });
    return is_open ? made.release() : nullptr;
}

void kdt_session_close(kdt_session *session) {
    kdt::guarded(nullptr, [&] {
        // Waits for the last call of the notification that runs.
        session->session->set_alert_notify([] {});
        session->torrents.clear();
        session->session.reset();
        session->asked.clear();
        return true;
    });
    delete session;
}

bool kdt_session_configure(kdt_session *session, const kdt_setting *settings, size_t count) {
    return kdt::guarded(nullptr, [&] {
        lt::settings_pack pack;
        for (size_t index = 0; index < count; ++index) set(pack, settings[index]);
        session->session->apply_settings(std::move(pack));
        return true;
    });
}

void kdt_session_pause(kdt_session *session) {
    kdt::guarded(nullptr, [&] { session->session->pause(); return true; });
}

void kdt_session_post_updates(kdt_session *session) {
    kdt::guarded(nullptr, [&] {
        session->session->post_torrent_updates(lt::torrent_handle::query_distributed_copies |
                                               lt::torrent_handle::query_name | lt::torrent_handle::query_save_path);
        return true;
    });
}

bool kdt_session_add(kdt_session *session, uint32_t number, const kdt_params *params, uint32_t flags,
                     kdt_failure *failure) {
    return kdt::guarded(failure, [&] {
        lt::add_torrent_params wanted = params->params;
        wanted.userdata = lt::client_data_t(reinterpret_cast<char *>(static_cast<uintptr_t>(number)));
        constexpr auto own = lt::torrent_flags::paused | lt::torrent_flags::auto_managed |
                             lt::torrent_flags::sequential_download | lt::torrent_flags::disable_pex |
                             lt::torrent_flags::upload_mode;
        wanted.flags = (wanted.flags & ~own) | kdt::flags(flags) | lt::torrent_flags::duplicate_is_error |
                       lt::torrent_flags::update_subscribe;
        auto asked = std::make_shared<kdt::asked_peers>();
        wanted.extensions.emplace_back([asked](const lt::torrent_handle &, lt::client_data_t) { return asked; });
        session->torrents[number] = session->session->add_torrent(std::move(wanted));
        session->asked[number] = std::move(asked);
        return true;
    });
}

lt::torrent_flags_t kdt::flags(uint32_t flags) {
    lt::torrent_flags_t result = {};
    if (flags & KDT_PAUSED) result |= lt::torrent_flags::paused;
    if (flags & KDT_QUEUED) result |= lt::torrent_flags::auto_managed;
    if (flags & KDT_SEQUENTIAL) result |= lt::torrent_flags::sequential_download;
    if (flags & KDT_NO_PEER_EXCHANGE) result |= lt::torrent_flags::disable_pex;
    return result;
}

bool kdt_torrent_set_flags(kdt_session *session, uint32_t number, uint32_t flags) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        torrent.set_flags(kdt::flags(flags), lt::torrent_flags::auto_managed | lt::torrent_flags::sequential_download);
        if (flags & KDT_PAUSED) torrent.pause();
        else torrent.resume();
    });
}

bool kdt_torrent_remove(kdt_session *session, uint32_t number, bool deletes_data) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        const auto kept = torrent;
        session->torrents.erase(number);
        session->asked.erase(number);
        if (deletes_data) session->removing[kept.info_hashes()] = number;
        session->session->remove_torrent(kept, deletes_data ? lt::session::delete_files
                                                            : lt::session::delete_partfile);
    });
}

bool kdt_torrent_move(kdt_session *session, uint32_t number, const char *path) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        torrent.move_storage(path, lt::move_flags_t::always_replace_files);
    });
}

bool kdt_torrent_save(kdt_session *session, uint32_t number, bool only_if_changed, bool flushes) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        auto wanted = lt::torrent_handle::save_info_dict;
        if (only_if_changed) wanted |= lt::torrent_handle::only_if_modified;
        if (flushes) wanted |= lt::torrent_handle::flush_disk_cache;
        torrent.save_resume_data(wanted);
    });
}

bool kdt_torrent_clear_error(kdt_session *session, uint32_t number) {
    return kdt::with(session, number, [](lt::torrent_handle &torrent) {
        torrent.clear_error();
        // A full disk leaves it in this mode.
        torrent.unset_flags(lt::torrent_flags::upload_mode);
    });
}

bool kdt_torrent_recheck(kdt_session *session, uint32_t number) {
    return kdt::with(session, number, [](lt::torrent_handle &torrent) { torrent.force_recheck(); });
}

bool kdt_torrent_announce(kdt_session *session, uint32_t number) {
    return kdt::with(session, number, [](lt::torrent_handle &torrent) { torrent.force_reannounce(); });
}

bool kdt_torrent_limit(kdt_session *session, uint32_t number, int32_t download, int32_t upload) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        torrent.set_download_limit(download > 0 ? download : -1);
        torrent.set_upload_limit(upload > 0 ? upload : -1);
    });
}

bool kdt_torrent_place(kdt_session *session, uint32_t number, int32_t place) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        if (place > 0) torrent.queue_position_top();
        else torrent.queue_position_bottom();
    });
}

bool kdt_torrent_add_trackers(kdt_session *session, uint32_t number, const kdt_params *params) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        const auto add = [&](const std::string &url, int tier) {
            lt::announce_entry entry(url);
            entry.tier = static_cast<std::uint8_t>(tier);
            torrent.add_tracker(entry);
        };
        if (params->params.ti)
            for (const auto &tracker : params->params.ti->trackers()) add(tracker.url, tracker.tier);
        size_t index = 0;
        for (const auto &url : params->params.trackers) {
            const auto &tiers = params->params.tracker_tiers;
            add(url, index < tiers.size() ? tiers[index] : 0);
            ++index;
        }
    });
}

bool kdt_torrent_set_level(kdt_session *session, uint32_t number, int32_t file, uint8_t level) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        torrent.file_priority(lt::file_index_t(file), lt::download_priority_t(level));
    });
}

bool kdt_torrent_levels(kdt_session *session, uint32_t number, uint8_t *levels, size_t count) {
    bool is_known = false;
    kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        const auto found = torrent.get_file_priorities();
        for (size_t index = 0; index < count && index < found.size(); ++index)
            levels[index] = static_cast<uint8_t>(found[index]);
        is_known = !found.empty();
    });
    return is_known;
}

bool kdt_torrent_progress(kdt_session *session, uint32_t number, int64_t *bytes, size_t count) {
    bool is_known = false;
    kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        std::vector<std::int64_t> found;
        torrent.file_progress(found, lt::torrent_handle::piece_granularity);
        for (size_t index = 0; index < count && index < found.size(); ++index) bytes[index] = found[index];
        is_known = !found.empty();
    });
    return is_known;
}

bool kdt_torrent_pieces(kdt_session *session, uint32_t number, uint8_t *pieces, size_t count) {
    bool is_known = false;
    kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        const auto status = torrent.status(lt::torrent_handle::query_pieces);
        if (status.is_seeding) {
            std::memset(pieces, 1, count);
            is_known = true;
            return;
        }
        const auto &found = status.pieces;
        for (size_t index = 0; index < count; ++index) {
            const auto piece = static_cast<int>(index);
            pieces[index] = piece < static_cast<int>(found.size()) && found[lt::piece_index_t(piece)];
        }
        // A piece can have passed its check while some of its blocks still wait to be written.
        for (const auto &partial : torrent.get_download_queue()) {
            const auto index = static_cast<size_t>(static_cast<int>(partial.piece_index));
            if (index < count) pieces[index] = 0;
        }
        is_known = !found.empty();
    });
    return is_known;
}

kdt_layout *kdt_torrent_layout(kdt_session *session, uint32_t number) {
    auto layout = std::unique_ptr<kdt_layout>();
    kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        auto info = torrent.torrent_file();
        if (!info || !info->is_valid()) return;
        layout = std::make_unique<kdt_layout>();
        layout->info = std::move(info);
    });
    return layout.release();
}
