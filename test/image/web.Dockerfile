# What the stacks of compose/ are tested with beside mailinit: Django for a web application
# that sends, Roundcube for a web mail, and a browser in which a person would use it.
FROM debian:trixie-slim
RUN printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d \
 && chmod 755 /usr/sbin/policy-rc.d \
 && printf '%s\n' 'roundcube-core roundcube/dbconfig-install boolean false' | debconf-set-selections \
 && apt-get -qq update \
 && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends \
        chromium chromium-driver fonts-dejavu-core php-cli php-sqlite3 python3-django \
        python3-selenium roundcube-core roundcube-sqlite3 >/dev/null \
 && rm -rf /var/lib/apt/lists/*
