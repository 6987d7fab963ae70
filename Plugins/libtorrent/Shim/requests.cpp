// Taking back what was asked of peers, so that a jump in a film does not wait behind it.
//
// The library asks a peer for seconds of its rate ahead, and answers come in the order of the requests. It takes back
// none of them when other pieces become urgent. So the requests are noted here, and cancelled in words of the protocol
// (BEP 3). Peers with the fast extension (BEP 6) answer each cancelled request with a rejection, which the library
// understands; the others do not answer, so theirs are left alone.
#include "shim.hpp"

#include <algorithm>

#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection_handle.hpp>
#include <libtorrent/peer_request.hpp>

namespace {

constexpr char cancel_message = 8;
constexpr char fast_extension = 0x04; // in the last of the reserved bytes of a handshake
constexpr size_t most_requests = 4096;

void append(std::vector<char> &message, int number) {
    for (int shift = 24; shift >= 0; shift -= 8) message.push_back(static_cast<char>(number >> shift));
}

} // namespace

// What was asked of one peer and has not come.
struct kdt::asked_peer final : lt::peer_plugin {
    explicit asked_peer(lt::peer_connection_handle connection) : peer(std::move(connection)) {}

    bool on_handshake(lt::span<const char> reserved) override {
        return is_fast = reserved.size() == 8 && (reserved[7] & fast_extension);
    }

    bool write_request(const lt::peer_request &request) override {
        // What libtorrent itself has given up stays in the list. That is rare, and to cancel it again does no harm.
        if (open.size() >= most_requests) open.erase(open.begin());
        open.push_back(request);
        return false;
    }

    bool on_piece(const lt::peer_request &request, lt::span<const char>) override { return forget(request); }

    bool on_reject(const lt::peer_request &request) override { return forget(request); }

    void take_back(const std::vector<lt::piece_index_t> &wanted) {
        if (!is_fast || !peer.native_handle() || peer.is_disconnecting()) return;
        std::vector<char> message;
        const auto is_in_the_way = [&](const lt::peer_request &request) {
            return !std::binary_search(wanted.begin(), wanted.end(), request.piece);
        };
        for (const auto &request : open) {
            if (!is_in_the_way(request)) continue;
            append(message, 13);
            message.push_back(cancel_message);
            append(message, static_cast<int>(request.piece));
            append(message, request.start);
            append(message, request.length);
        }
        open.erase(std::remove_if(open.begin(), open.end(), is_in_the_way), open.end());
        // It leaves with the next request, which is soon: there is something urgent.
        if (!message.empty()) peer.send_buffer(message.data(), static_cast<int>(message.size()));
    }

private:
    lt::peer_connection_handle peer;
    bool is_fast = false;
    std::vector<lt::peer_request> open;

    bool forget(const lt::peer_request &request) {
        const auto found = std::find(open.begin(), open.end(), request);
        if (found != open.end()) open.erase(found);
        return false;
    }
};

std::shared_ptr<lt::peer_plugin> kdt::asked_peers::new_connection(const lt::peer_connection_handle &connection) {
    if (connection.type() != lt::connection_type::bittorrent) return nullptr;
    auto peer = std::make_shared<asked_peer>(connection);
    const auto is_gone = [](const std::weak_ptr<asked_peer> &known) { return known.expired(); };
    peers.erase(std::remove_if(peers.begin(), peers.end(), is_gone), peers.end());
    peers.push_back(peer);
    return peer;
}

void kdt::asked_peers::take_back(const std::vector<lt::piece_index_t> &wanted) {
    for (const auto &known : peers)
        if (const auto peer = known.lock()) peer->take_back(wanted);
}

bool kdt_torrent_hurry(kdt_session *session, uint32_t number, const int32_t *pieces, size_t count, int32_t pace) {
    return kdt::with(session, number, [&](lt::torrent_handle &torrent) {
        torrent.clear_piece_deadlines();
        std::vector<lt::piece_index_t> wanted;
        for (size_t index = 0; index < count; ++index) {
            wanted.emplace_back(pieces[index]);
            torrent.set_piece_deadline(wanted.back(), static_cast<int>(index) * pace);
        }
        const auto found = session->asked.find(number);
        if (wanted.empty() || found == session->asked.end()) return;
        std::sort(wanted.begin(), wanted.end());
        // The way to have something done by the session's thread, after what was ordered before: no extension is added.
        torrent.add_extension([asked = found->second, wanted = std::move(wanted)](const lt::torrent_handle &,
                                                                                  lt::client_data_t) {
            asked->take_back(wanted);
            return std::shared_ptr<lt::torrent_plugin>();
        });
    });
}
