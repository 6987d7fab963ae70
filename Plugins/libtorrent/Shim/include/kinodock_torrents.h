/*
 * kinodock_torrents.h: libtorrent-rasterbar 2.0 as plain C functions, for one owner.
 *
 * A session and everything that is made from it belong to one thread at a time. Most functions wait for the session's
 * own thread, for microseconds as a rule, so the caller is a thread that may block. No exception leaves a function:
 * what goes wrong is a `kdt_failure`, or an event of the torrent.
 *
 * A torrent is known by a number that its owner chooses, never 0, never used twice in a session. A function that is
 * given the number of a torrent that is gone does nothing and returns false.
 */
#ifndef KINODOCK_TORRENTS_H
#define KINODOCK_TORRENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kdt_session kdt_session;
typedef struct kdt_params kdt_params;
typedef struct kdt_layout kdt_layout;

/* Why something did not work. `code` is an errno value when `is_system`, else libtorrent's own number. */
typedef struct {
    int32_t code;
    bool is_system;
    char message[512]; /* UTF-8, with a zero byte at the end; may end in the middle of a character */
} kdt_failure;

/* Bytes that are borrowed: how long they are valid is said where they are given. */
typedef struct {
    const uint8_t *data;
    size_t count;
} kdt_bytes;

/* A setting of the session by libtorrent's own name: numbers as decimal text, switches as "0" or "1". */
typedef struct {
    const char *name;
    const char *value;
} kdt_setting;

/* The version of the library that is loaded, for example "2.0.8.0". */
const char *kdt_version(void);

/* ---- What is to be downloaded ---- */

/* Info hashes in lower-case hexadecimal digits; empty when the torrent has none of that kind. */
typedef struct {
    char v1[41];
    char v2[65];
} kdt_hashes;

/* Reads a magnet link, the bytes of a .torrent file, or what kdt_params_encode has made.
 * Returns NULL and the reason when they cannot be read. Free the result with kdt_params_free. */
kdt_params *kdt_params_magnet(const char *link, kdt_failure *failure);
kdt_params *kdt_params_file(kdt_bytes file, kdt_failure *failure);
kdt_params *kdt_params_saved(kdt_bytes saved, kdt_failure *failure);
void kdt_params_free(kdt_params *params);

/* What was given to kdt_params_encode; valid as long as `params`. */
kdt_bytes kdt_params_notes(const kdt_params *params);
kdt_hashes kdt_params_hashes(const kdt_params *params);
/* The name, empty when there is none yet; valid as long as `params`. */
const char *kdt_params_name(const kdt_params *params);
/* The folder that the content lies in now; valid as long as `params`. */
const char *kdt_params_save_path(const kdt_params *params);
void kdt_params_set_name(kdt_params *params, const char *name);
void kdt_params_set_save_path(kdt_params *params, const char *path);
/* Forgets which pieces are there, so that all are hashed. */
void kdt_params_forget_pieces(kdt_params *params);
/* The files, or NULL while they are not known. Free with kdt_layout_free. */
kdt_layout *kdt_params_layout(const kdt_params *params);
/* Everything that is needed to go on later, with `notes` beside it; valid until the next call for `params`.
 * Empty when it cannot be made. */
kdt_bytes kdt_params_encode(kdt_params *params, kdt_bytes notes);

enum {
    KDT_PAUSED = 1,      /* transfers nothing */
    KDT_QUEUED = 2,      /* the session pauses and resumes it by its limits */
    KDT_SEQUENTIAL = 4,  /* pieces in the order of the bytes */
    KDT_NO_PEER_EXCHANGE = 8 /* does not ask peers for other peers; only when it is added */
};

/* ---- The session ---- */

/* Whether kdt_session_open can read what kdt_session_nodes has given; else the reason. */
bool kdt_nodes_check(kdt_bytes saved, kdt_failure *failure);

/* Begins a session. `nodes` is what kdt_session_nodes gave in an earlier run, or nothing. `wake` is called from another
 * thread when kdt_session_next has something after it had nothing; it must not call back. Returns NULL and the reason when it cannot be made. */
kdt_session *kdt_session_open(const kdt_setting *settings, size_t count, bool limits_local_peers, kdt_bytes nodes,
                              void (*wake)(void *context), void *context, kdt_failure *failure);
/* Ends it and waits until it has; takes at most a few seconds. What is not saved is lost. */
void kdt_session_close(kdt_session *session);
void kdt_session_pause(kdt_session *session);
/* Changes settings of a session that runs. */
bool kdt_session_configure(kdt_session *session, const kdt_setting *settings, size_t count);
/* The computers by which the DHT is entered again; valid until the next call. Empty while it knows nobody. */
kdt_bytes kdt_session_nodes(kdt_session *session);
/* Asks for a KDT_STATUS event for each torrent that has changed. */
void kdt_session_post_updates(kdt_session *session);

/* Adds a torrent. It is an error when the session has it already. */
bool kdt_session_add(kdt_session *session, uint32_t number, const kdt_params *params, uint32_t flags,
                     kdt_failure *failure);

/* ---- Torrents ---- */

bool kdt_torrent_set_flags(kdt_session *session, uint32_t number, uint32_t flags);
/* Takes it out of the session. With `deletes_data` KDT_DELETED or KDT_DELETE_FAILED follows. */
bool kdt_torrent_remove(kdt_session *session, uint32_t number, bool deletes_data);
/* KDT_MOVED or KDT_MOVE_FAILED follows. */
bool kdt_torrent_move(kdt_session *session, uint32_t number, const char *path);
/* KDT_RESUME_DATA or KDT_RESUME_FAILED follows. */
bool kdt_torrent_save(kdt_session *session, uint32_t number, bool only_if_changed, bool flushes);
/* Forgets an error, so that the torrent goes on. */
bool kdt_torrent_clear_error(kdt_session *session, uint32_t number);
/* Hashes everything that is on disk. */
bool kdt_torrent_recheck(kdt_session *session, uint32_t number);
bool kdt_torrent_announce(kdt_session *session, uint32_t number);
/* Bytes each second, 0 for no limit. */
bool kdt_torrent_limit(kdt_session *session, uint32_t number, int32_t download, int32_t upload);
/* Its place among those that wait: -1 last, 1 first. */
bool kdt_torrent_place(kdt_session *session, uint32_t number, int32_t place);
/* Adds the trackers of `params` that it does not have. */
bool kdt_torrent_add_trackers(kdt_session *session, uint32_t number, const kdt_params *params);

/* The level of a file: 0 do not download, 4 normal, 7 first. It is in force a moment later. */
bool kdt_torrent_set_level(kdt_session *session, uint32_t number, int32_t file, uint8_t level);
/* Fills in what is asked for, for at most `count` files. Returns false while the files are not known. */
bool kdt_torrent_levels(kdt_session *session, uint32_t number, uint8_t *levels, size_t count);
bool kdt_torrent_progress(kdt_session *session, uint32_t number, int64_t *bytes, size_t count);
/* One byte for each piece: 1 when it is verified and on disk. */
bool kdt_torrent_pieces(kdt_session *session, uint32_t number, uint8_t *pieces, size_t count);
/* Wants these pieces before all others, the first at once and each further one `pace` milliseconds later. They take the
 * place of those of the call before, and requests for other pieces are taken back from peers that can do that. */
bool kdt_torrent_hurry(kdt_session *session, uint32_t number, const int32_t *pieces, size_t count, int32_t pace);

/* The files, or NULL while they are not known. Free with kdt_layout_free. */
kdt_layout *kdt_torrent_layout(kdt_session *session, uint32_t number);
void kdt_layout_free(kdt_layout *layout);

typedef struct {
    const char *path; /* relative to the folder of the torrent; valid until the next call for the layout */
    int64_t size;
    int64_t offset;   /* in the content of the torrent, padding included */
    bool is_padding;
} kdt_file;

int32_t kdt_layout_file_count(const kdt_layout *layout);
int32_t kdt_layout_piece_count(const kdt_layout *layout);
int64_t kdt_layout_piece_size(const kdt_layout *layout);
bool kdt_layout_file(kdt_layout *layout, int32_t index, kdt_file *file);

/* ---- What happens ---- */

enum kdt_phase {
    KDT_CHECKING_SAVED = 1, /* compares what was saved with what is on disk */
    KDT_CHECKING,           /* hashes what is on disk */
    KDT_METADATA,           /* asks others for the list of files */
    KDT_DOWNLOADING,
    KDT_FINISHED,           /* has all that is wanted */
    KDT_SEEDING             /* has all */
};

typedef struct {
    int32_t phase; /* one of kdt_phase */
    uint32_t flags;
    bool has_metadata;
    bool is_moving;
    bool needs_save;
    bool has_error;
    bool is_reachable;         /* some tracker or peer source has answered */
    kdt_failure error;         /* when `has_error` */
    int64_t wanted, wanted_done, done;
    int64_t received;          /* payload in this session */
    int64_t downloaded, uploaded; /* in its whole life */
    int32_t download_rate, upload_rate; /* bytes each second of payload */
    int32_t peers, seeds;
    int32_t swarm_seeds, swarm_leechers; /* what the tracker says, -1 unknown */
    double copies;             /* that can be reached, own pieces included; below 0 unknown */
    int64_t seeding_seconds;
    const char *name;          /* texts are valid until the next call of kdt_session_next */
    const char *save_path;
} kdt_status;

enum kdt_event_kind {
    KDT_OTHER = 0,
    KDT_STATUS,
    KDT_GOT_METADATA,     /* `hashes` */
    KDT_CHECKED,          /* what is on disk is known */
    KDT_COMPLETE,         /* everything wanted is there */
    KDT_MOVED,            /* `text`: the new folder */
    KDT_MOVE_FAILED,      /* `failure` */
    KDT_RESUME_DATA,      /* `params` */
    KDT_RESUME_FAILED,    /* `failure`; also when nothing has changed */
    KDT_DELETED,
    KDT_DELETE_FAILED,    /* `failure` */
    KDT_TRACKER_ERROR,    /* `text`: its address, `failure` */
    KDT_TRACKER_REPLY,    /* `text`: its address */
    KDT_ERROR,            /* `failure`, `text`: the file */
    KDT_SAVED_REJECTED,   /* `failure`: what was saved does not fit what is on disk */
    KDT_CONFLICT,         /* two torrents have turned out to be one; `other` is the one that was there first */
    KDT_LISTENING,        /* `port` */
    KDT_LISTEN_FAILED     /* `failure`, `text`: the interface */
};

typedef struct {
    int32_t kind;         /* one of kdt_event_kind */
    uint32_t number;      /* of the torrent, 0 when it is none's */
    uint32_t other;
    int32_t port;
    const char *text;
    kdt_failure failure;
    kdt_hashes hashes;
    kdt_params *params;   /* borrowed: valid until the next call of kdt_session_next */
    kdt_status status;
} kdt_event;

/* Takes the next event. What it points to is valid until the next call. Returns false when there is none. */
bool kdt_session_next(kdt_session *session, kdt_event *event);

#ifdef __cplusplus
}
#endif
#endif
