<?php
// Roundcube of Debian's package, with the variables and the directory of its public image.
$config = [];
$config['db_dsnw'] = 'sqlite:////var/roundcube/db/sqlite.db?mode=0646';
$config['imap_host'] = getenv('ROUNDCUBEMAIL_DEFAULT_HOST') . ':' . getenv('ROUNDCUBEMAIL_DEFAULT_PORT');
$config['smtp_host'] = getenv('ROUNDCUBEMAIL_SMTP_SERVER') . ':' . getenv('ROUNDCUBEMAIL_SMTP_PORT');
$config['smtp_user'] = '%u';
$config['smtp_pass'] = '%p';
$config['des_key'] = 'of a test, 24 characters';
$config['skin'] = 'elastic';
$config['language'] = 'en_US';
$config['log_driver'] = 'stdout';
$config['enable_spellcheck'] = false;
$config['plugins'] = [];
// Three refused logins a minute are its limit, and less than the tests have.
$config['login_rate_limit'] = 100;
foreach (glob('/var/roundcube/config/*.php') as $file) {
    include $file;
}
