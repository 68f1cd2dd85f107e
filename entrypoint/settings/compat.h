#ifndef SETTINGS_COMPAT_H
#define SETTINGS_COMPAT_H

#include "settings/loading.h"

/*
 * Variables that people already have, and raw passthrough:
 *
 *   POSTFIX_<parameter>           first letter lower case or a digit: a main.cf
 *                                 parameter as it is; empty removes it
 *   POSTFIX_<PARAMETER>           the parameter of that name in small letters, if
 *                                 Postfix has one; another name is an error
 *   POSTFIXMASTER_<service>__<type>   a master.cf line
 *   POSTMAP_<file>                a lookup table
 *   OPENDKIM_<Key>, DOVECOT_<setting>  likewise
 *
 * and those of other images' sets (compat_table.h). A parameter that has a
 * setting of ours becomes that setting, so that certificates, DKIM and Dovecot
 * follow. All but the names in small letters lose against YAML and MAIL_; both set
 * and different is a finding. Any of them may end in _FILE or __FILE, but for
 * names that are known as they stand (POSTFIX_TLS_CERT_FILE).
 */
void compat_apply(struct loading *loading);

#endif
