// What the files of the shim share.
#pragma once

#include "kinodock_torrents.h"

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/alert_types.hpp>
#include <libtorrent/error_code.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/kademlia/dht_state.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/torrent_handle.hpp>
#include <libtorrent/torrent_info.hpp>
#include <libtorrent/torrent_status.hpp>

struct kdt_params {
    lt::add_torrent_params params;
    std::string notes;
    std::vector<char> encoded;
};

struct kdt_layout {
    std::shared_ptr<const lt::torrent_info> info;
    std::string path;
};

namespace kdt {

struct asked_peer;

// The peers of one torrent, and what was asked of them. After it was made, only the session's thread looks inside.
struct asked_peers final : lt::torrent_plugin {
    std::shared_ptr<lt::peer_plugin> new_connection(const lt::peer_connection_handle &connection) override;
    // Takes back what is of other pieces; `wanted` ascends.
    void take_back(const std::vector<lt::piece_index_t> &wanted);

private:
    std::vector<std::weak_ptr<asked_peer>> peers;
};

} // namespace kdt

struct kdt_session {
    std::unique_ptr<lt::session> session;
    std::unordered_map<uint32_t, lt::torrent_handle> torrents;
    std::unordered_map<uint32_t, std::shared_ptr<kdt::asked_peers>> asked;
    std::map<lt::info_hash_t, uint32_t> removing; // whose files are being deleted

    // The events that were taken out of the session and not given away yet; statuses come in one alert for many.
    std::vector<lt::alert *> alerts;
    size_t next_alert = 0;
    size_t next_status = 0;
    kdt_params saved;
    std::string text, name, save_path;
    std::vector<char> nodes;

    lt::torrent_handle find(uint32_t number) const {
        auto found = torrents.find(number);
        return found == torrents.end() ? lt::torrent_handle() : found->second;
    }
};

namespace kdt {

void report(kdt_failure *failure, const lt::error_code &error);
void report(kdt_failure *failure, const char *words);
kdt_hashes hashes(const lt::info_hash_t &hashes);
lt::dht::dht_state dht_state(kdt_bytes saved); // throws when it cannot be read
lt::torrent_flags_t flags(uint32_t flags);

// Runs `body`, which calls the library; an exception becomes a failure and the result false.
template <typename Body> bool guarded(kdt_failure *failure, Body body) noexcept {
    try {
        return body();
    } catch (const lt::system_error &error) {
        report(failure, error.code());
    } catch (const std::exception &error) {
        report(failure, error.what());
    } catch (...) {
        report(failure, "The torrent engine failed in an unknown way.");
    }
    return false;
}

// As `guarded`, for a torrent that has to be there.
template <typename Body> bool with(kdt_session *session, uint32_t number, Body body) noexcept {
    kdt_failure ignored;
    return guarded(&ignored, [&] {
        auto torrent = session->find(number);
        if (!torrent.is_valid()) return false;
        body(torrent);
        return true;
    });
}

} // namespace kdt
