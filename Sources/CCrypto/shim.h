#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

/* Gives freed memory back to the system. Declared here because Swift's view of libc leaves malloc.h out. */
static inline void kinodock_return_freed_memory(void) {
    malloc_trim(0);
}
