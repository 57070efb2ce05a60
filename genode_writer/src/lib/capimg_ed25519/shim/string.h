/*
 * What libsodium's verification needs of a C library; ld.lib.so has these
 */

#ifndef CAPIMG__ED25519__SHIM__STRING_H
#define CAPIMG__ED25519__SHIM__STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memcpy(void *, void const *, size_t);
void *memmove(void *, void const *, size_t);
void *memset(void *, int, size_t);

#ifdef __cplusplus
}
#endif

#endif /* CAPIMG__ED25519__SHIM__STRING_H */
