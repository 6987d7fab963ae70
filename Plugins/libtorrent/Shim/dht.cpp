// What the DHT knows, kept from one run to the next.
#include "shim.hpp"

#include <libtorrent/session_params.hpp>

namespace {

constexpr auto nodes_alone = lt::session_handle::save_dht_state;

lt::span<const char> chars(kdt_bytes bytes) {
    return {reinterpret_cast<const char *>(bytes.data), static_cast<std::ptrdiff_t>(bytes.count)};
}

} // namespace

lt::dht::dht_state kdt::dht_state(kdt_bytes saved) {
    if (saved.count == 0) return {};
    return lt::read_session_params(chars(saved), nodes_alone).dht_state;
}

bool kdt_nodes_check(kdt_bytes saved, kdt_failure *failure) {
    return kdt::guarded(failure, [&] {
        const auto state = kdt::dht_state(saved);
        if (!state.nids.empty() || !state.nodes.empty() || !state.nodes6.empty()) return true;
        kdt::report(failure, "it holds nothing");
        return false;
    });
}

kdt_bytes kdt_session_nodes(kdt_session *session) {
    session->nodes.clear();
    kdt::guarded(nullptr, [&] {
        const auto params = session->session->session_state(nodes_alone);
        // A DHT that has not begun yet knows nobody; that is no news.
        if (params.dht_state.nodes.empty() && params.dht_state.nodes6.empty()) return false;
        session->nodes = lt::write_session_params_buf(params, nodes_alone);
        return true;
    });
    return {reinterpret_cast<const uint8_t *>(session->nodes.data()), session->nodes.size()};
}
