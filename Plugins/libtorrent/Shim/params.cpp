// What is to be downloaded: from a magnet, a file, or what was saved of an earlier run.
#include "shim.hpp"

#include <algorithm>
#include <limits>

#include <libtorrent/bdecode.hpp>
#include <libtorrent/bencode.hpp>
#include <libtorrent/hex.hpp>
#include <libtorrent/load_torrent.hpp>
#include <libtorrent/magnet_uri.hpp>
#include <libtorrent/read_resume_data.hpp>
#include <libtorrent/version.hpp>
#include <libtorrent/write_resume_data.hpp>

namespace {

// The key of the notes beside libtorrent's own keys.
constexpr char notes_key[] = "kinodock";
// Metadata of the largest torrents that are in use have some 20 MB.
constexpr int largest_file = 64 << 20;

void copy(char *target, size_t size, const std::string &text) {
    const size_t count = std::min(size - 1, text.size());
    std::memcpy(target, text.data(), count);
    target[count] = 0;
}

template <typename Hash> std::string hex(const Hash &hash) {
    return lt::aux::to_hex(lt::span<const char>(hash.data(), static_cast<std::ptrdiff_t>(Hash::size())));
}

lt::span<const char> chars(kdt_bytes bytes) {
    return {reinterpret_cast<const char *>(bytes.data), static_cast<std::ptrdiff_t>(bytes.count)};
}

template <typename Body> kdt_params *make(kdt_failure *failure, Body body) {
    auto made = std::unique_ptr<kdt_params>();
    kdt::guarded(failure, [&] {
        auto fresh = std::make_unique<kdt_params>();
        body(*fresh);
        made = std::move(fresh);
        return true;
    });
    return made.release();
}

lt::load_torrent_limits limits() {
    lt::load_torrent_limits limits;
    limits.max_buffer_size = largest_file;
    return limits;
}

} // namespace

void kdt::report(kdt_failure *failure, const lt::error_code &error) {
    if (!failure) return;
    failure->code = error.value();
    failure->is_system = error.category() == lt::system_category() || error.category() == lt::generic_category();
    copy(failure->message, sizeof failure->message, error.message());
}

void kdt::report(kdt_failure *failure, const char *words) {
    if (!failure) return;
    failure->code = 0;
    failure->is_system = false;
    copy(failure->message, sizeof failure->message, words);
}

kdt_hashes kdt::hashes(const lt::info_hash_t &hashes) {
    kdt_hashes result = {};
    if (hashes.has_v1()) copy(result.v1, sizeof result.v1, hex(hashes.v1));
    if (hashes.has_v2()) copy(result.v2, sizeof result.v2, hex(hashes.v2));
    return result;
}

const char *kdt_version(void) { return lt::version(); }

kdt_params *kdt_params_magnet(const char *link, kdt_failure *failure) {
    return make(failure, [&](kdt_params &made) { made.params = lt::parse_magnet_uri(link); });
}

kdt_params *kdt_params_file(kdt_bytes file, kdt_failure *failure) {
    return make(failure, [&](kdt_params &made) { made.params = lt::load_torrent_buffer(chars(file), limits()); });
}

kdt_params *kdt_params_saved(kdt_bytes saved, kdt_failure *failure) {
    return make(failure, [&](kdt_params &made) {
        lt::error_code error;
        int position = 0;
        // Tokens: a torrent of a million pieces and files stays below it.
        const lt::bdecode_node node = lt::bdecode(chars(saved), error, &position, 100, 10'000'000);
        if (error) throw lt::system_error(error);
        made.params = lt::read_resume_data(node);
        made.notes = std::string(node.dict_find_string_value(notes_key));
    });
}

void kdt_params_free(kdt_params *params) { delete params; }

kdt_bytes kdt_params_notes(const kdt_params *params) {
    return {reinterpret_cast<const uint8_t *>(params->notes.data()), params->notes.size()};
}

kdt_hashes kdt_params_hashes(const kdt_params *params) {
    return kdt::hashes(params->params.ti ? params->params.ti->info_hashes() : params->params.info_hashes);
}

const char *kdt_params_name(const kdt_params *params) {
    return params->params.ti ? params->params.ti->name().c_str() : params->params.name.c_str();
}

const char *kdt_params_save_path(const kdt_params *params) { return params->params.save_path.c_str(); }

void kdt_params_set_name(kdt_params *params, const char *name) {
    kdt::guarded(nullptr, [&] { params->params.name = name; return true; });
}

void kdt_params_set_save_path(kdt_params *params, const char *path) {
    kdt::guarded(nullptr, [&] { params->params.save_path = path; return true; });
}

void kdt_params_forget_pieces(kdt_params *params) {
    kdt::guarded(nullptr, [&] {
        params->params.have_pieces.clear();
        params->params.verified_pieces.clear();
        params->params.unfinished_pieces.clear();
        params->params.flags &= ~lt::torrent_flags::seed_mode;
        return true;
    });
}

kdt_layout *kdt_params_layout(const kdt_params *params) {
    if (!params->params.ti || !params->params.ti->is_valid()) return nullptr;
    auto layout = new (std::nothrow) kdt_layout();
    if (layout) layout->info = params->params.ti;
    return layout;
}

kdt_bytes kdt_params_encode(kdt_params *params, kdt_bytes notes) {
    params->encoded.clear();
    kdt::guarded(nullptr, [&] {
        lt::entry saved = lt::write_resume_data(params->params);
        saved[notes_key] = std::string(reinterpret_cast<const char *>(notes.data), notes.count);
        lt::bencode(std::back_inserter(params->encoded), saved);
        return true;
    });
    return {reinterpret_cast<const uint8_t *>(params->encoded.data()), params->encoded.size()};
}

void kdt_layout_free(kdt_layout *layout) { delete layout; }

int32_t kdt_layout_file_count(const kdt_layout *layout) { return layout->info->num_files(); }

int32_t kdt_layout_piece_count(const kdt_layout *layout) { return layout->info->num_pieces(); }

int64_t kdt_layout_piece_size(const kdt_layout *layout) { return layout->info->piece_length(); }

bool kdt_layout_file(kdt_layout *layout, int32_t index, kdt_file *file) {
    return kdt::guarded(nullptr, [&] {
        const auto &files = layout->info->files();
        if (index < 0 || index >= files.num_files()) return false;
        const lt::file_index_t number(index);
        layout->path = files.file_path(number);
        *file = {layout->path.c_str(), files.file_size(number), files.file_offset(number), files.pad_file_at(number)};
        return true;
    });
}
