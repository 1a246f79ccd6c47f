// libcurl. Swift cannot call variadic functions, so the shim defines the necessary ones for each type of value.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

static inline CURLcode wb_curl_set_number(CURL *_Nonnull handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

/// For options that copy the text.
static inline CURLcode wb_curl_set_text(CURL *_Nonnull handle, CURLoption option, const char *_Nonnull text) {
    return curl_easy_setopt(handle, option, text);
}

/// For options that keep the pointer, which must stay valid until `curl_easy_cleanup`.
static inline CURLcode wb_curl_set_pointer(CURL *_Nonnull handle, CURLoption option, void *_Nullable pointer) {
    return curl_easy_setopt(handle, option, pointer);
}

static inline CURLcode wb_curl_set_receiver(CURL *_Nonnull handle, CURLoption option,
                                            curl_write_callback _Nonnull receiver) {
    return curl_easy_setopt(handle, option, receiver);
}

static inline CURLcode wb_curl_set_watch(CURL *_Nonnull handle, curl_xferinfo_callback _Nonnull watch) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watch);
}

/// Microseconds, for each CURLINFO whose name ends in _TIME_T.
static inline curl_off_t wb_curl_time(CURL *_Nonnull handle, CURLINFO info) {
    curl_off_t time = 0;
    curl_easy_getinfo(handle, info, &time);
    return time;
}

#endif
