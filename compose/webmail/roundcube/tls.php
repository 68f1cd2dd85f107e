<?php
// The certificate of the mail server has to be of an authority that is trusted, and to carry
// the name that Roundcube connects to. PHP does this by itself; here it cannot be lost.
$verify = ['ssl' => ['verify_peer' => true, 'verify_peer_name' => true, 'allow_self_signed' => false]];
// An authority of your own, mounted there, is trusted instead of those of the system.
if (is_readable('/ca/ca.pem')) {
    $verify['ssl']['cafile'] = '/ca/ca.pem';
}
$config['imap_conn_options'] = $verify;
$config['smtp_conn_options'] = $verify;
