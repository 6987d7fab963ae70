// What the session tells, one event at a time.
#include "shim.hpp"

namespace {

int32_t phase(lt::torrent_status::state_t state) {
    switch (state) {
    case lt::torrent_status::checking_files: return KDT_CHECKING;
    case lt::torrent_status::downloading_metadata: return KDT_METADATA;
    case lt::torrent_status::downloading: return KDT_DOWNLOADING;
    case lt::torrent_status::finished: return KDT_FINISHED;
    case lt::torrent_status::seeding: return KDT_SEEDING;
    default: return KDT_CHECKING_SAVED;
    }
}

uint32_t number(const lt::client_data_t &data) {
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(data.get<char>()));
}

uint32_t number(const lt::torrent_handle &torrent) { return torrent.is_valid() ? number(torrent.userdata()) : 0; }

// A torrent that is out of the session is known by its hashes alone.
uint32_t removed(kdt_session *session, const lt::info_hash_t &hashes) {
    const auto found = session->removing.find(hashes);
    if (found == session->removing.end()) return 0;
    const uint32_t number = found->second;
    session->removing.erase(found);
    return number;
}

uint32_t flags(const lt::torrent_status &status) {
    uint32_t flags = 0;
    if (status.flags & lt::torrent_flags::paused) flags |= KDT_PAUSED;
    if (status.flags & lt::torrent_flags::auto_managed) flags |= KDT_QUEUED;
    if (status.flags & lt::torrent_flags::sequential_download) flags |= KDT_SEQUENTIAL;
    return flags;
}

void fill(kdt_session *session, const lt::torrent_status &from, kdt_event *event) {
    event->kind = KDT_STATUS;
    event->number = number(from.handle);
    session->name = from.name;
    session->save_path = from.save_path;
    kdt_status &to = event->status;
    to.phase = phase(from.state);
    to.flags = flags(from);
    to.has_metadata = from.has_metadata;
    to.is_moving = from.moving_storage;
    to.needs_save = from.need_save_resume;
    to.has_error = static_cast<bool>(from.errc);
    if (to.has_error) kdt::report(&to.error, from.errc);
    to.is_reachable = !from.current_tracker.empty() || from.num_peers > 0;
    to.wanted = from.total_wanted;
    to.wanted_done = from.total_wanted_done;
    to.done = from.total_done;
    to.received = from.total_payload_download;
    to.downloaded = from.all_time_download;
    to.uploaded = from.all_time_upload;
    to.download_rate = from.download_payload_rate;
    to.upload_rate = from.upload_payload_rate;
    to.peers = from.num_peers;
    to.seeds = from.num_seeds;
    to.swarm_seeds = from.num_complete;
    to.swarm_leechers = from.num_incomplete;
    to.copies = static_cast<double>(from.distributed_copies);
    to.seeding_seconds = from.seeding_duration.count() > from.finished_duration.count()
                             ? from.seeding_duration.count() : from.finished_duration.count();
    to.name = session->name.c_str();
    to.save_path = session->save_path.c_str();
}

// Of the alerts that belong to a torrent.
void fill_torrent(kdt_session *session, lt::torrent_alert *alert, kdt_event *event) {
    event->number = number(alert->handle);
    if (auto *got = lt::alert_cast<lt::metadata_received_alert>(alert)) {
        event->kind = KDT_GOT_METADATA;
        event->hashes = kdt::hashes(got->handle.info_hashes());
    } else if (lt::alert_cast<lt::torrent_checked_alert>(alert)) {
        event->kind = KDT_CHECKED;
    } else if (lt::alert_cast<lt::torrent_finished_alert>(alert)) {
        event->kind = KDT_COMPLETE;
    } else if (auto *moved = lt::alert_cast<lt::storage_moved_alert>(alert)) {
        event->kind = KDT_MOVED;
        session->text = moved->storage_path();
    } else if (auto *stuck = lt::alert_cast<lt::storage_moved_failed_alert>(alert)) {
        event->kind = KDT_MOVE_FAILED;
        session->text = stuck->file_path();
        kdt::report(&event->failure, stuck->error);
    } else if (auto *saved = lt::alert_cast<lt::save_resume_data_alert>(alert)) {
        event->kind = KDT_RESUME_DATA;
        session->saved.params = std::move(saved->params);
        event->params = &session->saved;
    } else if (auto *unsaved = lt::alert_cast<lt::save_resume_data_failed_alert>(alert)) {
        event->kind = KDT_RESUME_FAILED;
        kdt::report(&event->failure, unsaved->error);
    } else if (auto *error = lt::alert_cast<lt::tracker_error_alert>(alert)) {
        event->kind = KDT_TRACKER_ERROR;
        session->text = error->tracker_url();
        kdt::report(&event->failure, error->error);
        if (const char *reason = error->failure_reason(); reason && *reason) {
            const int32_t code = event->failure.code;
            kdt::report(&event->failure, reason);
            event->failure.code = code;
        }
    } else if (auto *reply = lt::alert_cast<lt::tracker_reply_alert>(alert)) {
        event->kind = KDT_TRACKER_REPLY;
        session->text = reply->tracker_url();
    } else if (auto *broken = lt::alert_cast<lt::torrent_error_alert>(alert)) {
        event->kind = KDT_ERROR;
        session->text = broken->filename();
        kdt::report(&event->failure, broken->error);
    } else if (auto *file = lt::alert_cast<lt::file_error_alert>(alert)) {
        event->kind = KDT_ERROR;
        session->text = file->filename();
        kdt::report(&event->failure, file->error);
    } else if (auto *rejected = lt::alert_cast<lt::fastresume_rejected_alert>(alert)) {
        event->kind = KDT_SAVED_REJECTED;
        session->text = rejected->file_path();
        kdt::report(&event->failure, rejected->error);
    } else if (auto *conflict = lt::alert_cast<lt::torrent_conflict_alert>(alert)) {
        event->kind = KDT_CONFLICT;
        event->other = number(conflict->conflicting_torrent);
    }
}

void fill(kdt_session *session, lt::alert *alert, kdt_event *event) {
    if (auto *deleted = lt::alert_cast<lt::torrent_deleted_alert>(alert)) {
        event->kind = KDT_DELETED;
        event->number = removed(session, deleted->info_hashes);
    } else if (auto *kept = lt::alert_cast<lt::torrent_delete_failed_alert>(alert)) {
        event->kind = KDT_DELETE_FAILED;
        event->number = removed(session, kept->info_hashes);
        kdt::report(&event->failure, kept->error);
    } else if (auto *open = lt::alert_cast<lt::listen_succeeded_alert>(alert)) {
        event->kind = KDT_LISTENING;
        event->port = open->port;
    } else if (auto *closed = lt::alert_cast<lt::listen_failed_alert>(alert)) {
        event->kind = KDT_LISTEN_FAILED;
        session->text = closed->listen_interface();
        event->port = closed->port;
        kdt::report(&event->failure, closed->error);
    } else if (auto *torrent = dynamic_cast<lt::torrent_alert *>(alert)) {
        fill_torrent(session, torrent, event);
    }
    event->text = session->text.c_str();
}

} // namespace

bool kdt_session_next(kdt_session *session, kdt_event *event) {
    return kdt::guarded(nullptr, [&] {
        *event = {};
        session->text.clear();
        event->text = session->text.c_str();
        if (session->next_alert >= session->alerts.size()) {
            session->next_alert = 0;
            session->next_status = 0;
            session->session->pop_alerts(&session->alerts);
            if (session->alerts.empty()) return false;
        }
        lt::alert *alert = session->alerts[session->next_alert];
        if (auto *update = lt::alert_cast<lt::state_update_alert>(alert)) {
            if (session->next_status < update->status.size()) {
                fill(session, update->status[session->next_status++], event);
                return true;
            }
            session->next_status = 0;
        } else {
            fill(session, alert, event);
        }
        ++session->next_alert;
        return true;
    });
}
