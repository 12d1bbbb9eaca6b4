// SPDX-License-Identifier: Apache-2.0
// SHA256_Init and its companions are marked deprecated in favour of the provider interface. They are wanted here:
// they cannot fail, allocate nothing and look nothing up, which a confined process needs.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
