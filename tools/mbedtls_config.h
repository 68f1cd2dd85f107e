/*
 * mbedtls_config.h - the part of mbedTLS 3.6 that mailinit uses
 *
 * Certificates are read, checked and written, keys are made and compared. No
 * TLS, no PSA, no cipher, hence
 * no encrypted private keys. Our own sources that include mbedTLS must be
 * compiled with this same file: it decides the layout of the structures.
 */
#ifndef MAILINIT_MBEDTLS_CONFIG_H
#define MAILINIT_MBEDTLS_CONFIG_H

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE

/*
 * Random numbers: no source of mbedTLS's own. With musl it would open
 * /dev/random, which a bare root lacks; the room crypto asks getrandom(2).
 */
#define MBEDTLS_MD_C
#define MBEDTLS_SHA1_C
#define MBEDTLS_SHA224_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER /* 2 kB: it hashes a few files and certificates */
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C

/* ASN.1, PEM */
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_BASE64_C
#define MBEDTLS_OID_C
#define MBEDTLS_PEM_PARSE_C
#define MBEDTLS_PEM_WRITE_C

/* Keys: RSA, and EC on the curves that certificates have */
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_GENPRIME
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0 /* 12 kB of tables for a key that is made once */
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_DP_SECP521R1_ENABLED
#define MBEDTLS_ECDSA_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_PK_PARSE_EC_COMPRESSED
#define MBEDTLS_PK_WRITE_C

/* Certificates */
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#define MBEDTLS_X509_CREATE_C
#define MBEDTLS_X509_CRT_WRITE_C

#endif
