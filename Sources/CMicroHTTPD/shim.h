// Fixed-argument doors to the variadic calls of libmicrohttpd, which Swift cannot call.
#ifndef KINODOCK_CMICROHTTPD_SHIM_H
#define KINODOCK_CMICROHTTPD_SHIM_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/* The C library shows these only with GNU extensions on, which is for the importer to decide and not for this header. */
extern int accept4 (int socket, struct sockaddr *address, socklen_t *length, int flags);
extern void *memmem (const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);

/** Accepts a client whose descriptor does not block and is not inherited; -1 with errno. */
static inline int
mhd_accept (int listener, struct sockaddr *address, socklen_t *length)
{
  return accept4 (listener, address, length, 04000 /* SOCK_NONBLOCK */ | 02000000 /* SOCK_CLOEXEC */);
}

/** A TCP socket that does not block and is not inherited; -1 with errno. */
static inline int
mhd_stream_socket (int family)
{
  return socket (family, SOCK_STREAM | 04000 | 02000000, 0);
}

/** A descriptor that becomes readable for good once it is written to; -1 with errno. */
static inline int
mhd_wake_descriptor (void)
{
  return eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
}

/** A set of sockets that reports those whose other end was closed; -1 with errno. */
static inline int
mhd_watch_create (void)
{
  return epoll_create1 (EPOLL_CLOEXEC);
}

/** Adds a socket to a set, for one report. */
static inline void
mhd_watch_add (int watch, int socket)
{
  struct epoll_event event;
  event.events = EPOLLRDHUP | EPOLLET | EPOLLONESHOT;
  event.data.fd = socket;
  epoll_ctl (watch, EPOLL_CTL_ADD, socket, &event);
}

/** Takes up to 64 reports without waiting; returns their number. */
static inline int
mhd_watch_take (int watch, int sockets[64])
{
  struct epoll_event events[64];
  int count = epoll_wait (watch, events, 64, 0);
  for (int i = 0; i < count; i++)
    sockets[i] = events[i].data.fd;
  return count > 0 ? count : 0;
}

/** What a daemon is started with; the callbacks all receive `context`. */
struct mhd_start_options {
  void *context;
  MHD_AccessHandlerCallback handler;
  MHD_RequestCompletedCallback completed;
  void *(*target) (void *context, const char *uri, struct MHD_Connection *connection);
  void (*log) (void *context, const char *message);
  /** Called when a connection is taken up and, with `open` 0, just before its socket is closed. */
  void (*connection) (void *context, int socket, int open);
  size_t pool_bytes;
  unsigned int connections;
  unsigned int connections_per_address;
  unsigned int idle_seconds;
  unsigned int threads;
  const char *key_pem;
  const char *certificate_pem;
};

/** Leaves the target of a request as it came: decoding is the router's, which must see an encoded slash. */
static inline size_t
mhd_keep_escapes (void *context, struct MHD_Connection *connection, char *text)
{
  size_t length = 0;
  (void) context;
  (void) connection;
  while (text[length])
    length++;
  return length;
}

/**
 * Passes the target on and then ends it behind the question mark, in the connection's own memory. Else the library takes
 * the query apart too, runs out of memory at some hundred parameters, and leaves the client without any answer.
 */
static inline void *
mhd_pass_target (void *options, const char *uri, struct MHD_Connection *connection)
{
  struct mhd_start_options *o = (struct mhd_start_options *) options;
  void *result = o->target (o->context, uri, connection);
  char *query = (char *) strchr (uri, '?');
  if (query)
    query[1] = 0;
  return result;
}

static inline void
mhd_format_log (void *options, const char *format, va_list arguments)
{
  struct mhd_start_options *o = (struct mhd_start_options *) options;
  char line[512];
  vsnprintf (line, sizeof line, format, arguments);
  o->log (o->context, line);
}

static inline void
mhd_pass_connection (void *options, struct MHD_Connection *connection, void **socket_context,
                     enum MHD_ConnectionNotificationCode code)
{
  struct mhd_start_options *o = (struct mhd_start_options *) options;
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  (void) socket_context;
  if (info)
    o->connection (o->context, info->connect_fd, code == MHD_CONNECTION_NOTIFY_STARTED);
}

/** Starts a daemon without a listening socket; `options` must outlive it. NULL when it could not start. */
static inline struct MHD_Daemon *
mhd_start (unsigned int flags, struct mhd_start_options *options)
{
  struct MHD_OptionItem pool[] = {
    { options->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t) options->threads, NULL },
    { MHD_OPTION_END, 0, NULL }
  };
  struct MHD_OptionItem tls[] = {
    { options->key_pem ? MHD_OPTION_HTTPS_MEM_KEY : MHD_OPTION_END, 0, (void *) options->key_pem },
    { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *) options->certificate_pem },
    { MHD_OPTION_END, 0, NULL }
  };
  return MHD_start_daemon (flags, 0, NULL, NULL, options->handler, options->context,
                           MHD_OPTION_EXTERNAL_LOGGER, &mhd_format_log, options,
                           MHD_OPTION_NOTIFY_COMPLETED, options->completed, options->context,
                           MHD_OPTION_NOTIFY_CONNECTION, &mhd_pass_connection, options,
                           MHD_OPTION_URI_LOG_CALLBACK, &mhd_pass_target, options,
                           MHD_OPTION_UNESCAPE_CALLBACK, &mhd_keep_escapes, NULL,
                           MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->pool_bytes,
                           MHD_OPTION_CONNECTION_LIMIT, options->connections,
                           MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->connections_per_address,
                           MHD_OPTION_CONNECTION_TIMEOUT, options->idle_seconds,
                           MHD_OPTION_ARRAY, pool,
                           MHD_OPTION_ARRAY, tls,
                           MHD_OPTION_END);
}

/** The bytes of the request line and the header fields; 0 when not known. */
static inline size_t
mhd_header_size (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info (connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info ? info->header_size : 0;
}

/** The address of the client; NULL when not known. */
static inline const struct sockaddr *
mhd_client_address (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info ? info->client_addr : NULL;
}

/** The socket of the connection; -1 when not known. */
static inline int
mhd_socket (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

#endif
