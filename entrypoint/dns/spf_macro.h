#ifndef DNS_SPF_MACRO_H
#define DNS_SPF_MACRO_H

/* Private to dns/: the macros of SPF records (RFC 7208 section 7). */

/* Whether the macros of TEXT can be read: NULL, or what is wrong. */
const char *spf_check_macros(const char *text);

/* The same for a domain-spec, which ends with a macro or with the label of a top-level domain. */
const char *spf_check_domain(const char *text);

#endif
