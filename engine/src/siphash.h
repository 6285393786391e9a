// SPDX-License-Identifier: Apache-2.0
//
// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein): a keyed hash of about a byte per
// clock cycle in plain C. Whoever does not know the key can neither forge a tag nor find two texts
// with the same.
#ifndef EJ_SIPHASH_H
#define EJ_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

void ej_siphash(const uint8_t key[16], const uint8_t *bytes, size_t size, uint8_t tag[16]);

#endif
