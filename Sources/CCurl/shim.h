#ifndef KINODOCK_CCURL_SHIM_H
#define KINODOCK_CCURL_SHIM_H

#include <curl/curl.h>

// Not part of the module Glibc; the client wakes its thread up with it.
#include <sys/eventfd.h>

// Swift cannot call C functions with variable arguments, and libcurl sets every option and reads every
// fact through three of those. Each function below stands for one type of argument, because libcurl reads
// the argument by the type that belongs to the option: a wrong width would be undefined behaviour.

// Options of the kinds LONG and VALUES, which libcurl reads as `long`.
static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

// Options of the kind OFF_T, which stay 64 bits wide where `long` is not.
static inline CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

// Options of the kind STRINGPOINT; libcurl keeps a copy, so a temporary string of Swift is enough.
static inline CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

// CURLOPT_COPYPOSTFIELDS is a string option that holds bytes: the size must have been set before.
static inline CURLcode ccurl_set_copied_body(CURL *handle, const void *bytes) {
    return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, (const char *)bytes);
}

// Options of the kind CBPOINT: the pointer that comes back as the last argument of a callback.
static inline CURLcode ccurl_set_context(CURL *handle, CURLoption option, void *context) {
    return curl_easy_setopt(handle, option, context);
}

// Options of the kind SLISTPOINT; the list must outlive the transfer.
static inline CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *list) {
    return curl_easy_setopt(handle, option, list);
}

// CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION: callbacks of one shape.
static inline CURLcode ccurl_set_write(CURL *handle, CURLoption option, curl_write_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

// CURLOPT_READFUNCTION: a function pointer must not pass through `void *`.
static inline CURLcode ccurl_set_read(CURL *handle, curl_read_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, callback);
}

// CURLOPT_SEEKFUNCTION: a function pointer must not pass through `void *`.
static inline CURLcode ccurl_set_seek(CURL *handle, curl_seek_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, callback);
}

// CURLOPT_OPENSOCKETFUNCTION: a function pointer must not pass through `void *`.
static inline CURLcode ccurl_set_opensocket(CURL *handle, curl_opensocket_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}

// The address of a socket that is about to be opened; its last member is longer than its type says.
static inline const struct sockaddr *ccurl_address(const struct curl_sockaddr *address) {
    return &address->addr;
}

// CURLOPT_PREREQFUNCTION: a function pointer must not pass through `void *`.
static inline CURLcode ccurl_set_prereq(CURL *handle, curl_prereq_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
}

// Facts of the kind LONG. Answers 0 for a fact that libcurl does not know.
static inline long ccurl_get_long(CURL *handle, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

// CURLINFO_PRIVATE: the pointer that CURLOPT_PRIVATE set, declared `char *` by libcurl.
static inline void *ccurl_get_private(CURL *handle) {
    char *value = NULL;
    return curl_easy_getinfo(handle, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

// Options of a multi handle that are of the kind LONG.
static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// A CURLMsg holds its result in a union beside a pointer; reading it here spares Swift the union.
static inline CURLcode ccurl_message_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
