// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <uninorm.h>

// The form is a macro over an incomplete type, which Swift cannot import.
static inline uint8_t *unistring_normalize_nfkc(const uint8_t *text, size_t count, uint8_t *buffer, size_t *length) {
    return u8_normalize(UNINORM_NFKC, text, count, buffer, length);
}
