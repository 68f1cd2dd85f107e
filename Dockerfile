# The mail image: Postfix, Dovecot and OpenDKIM from Debian, mailinit as PID 1.
#
#   docker build -t mailinit:trixie .
#   docker build -t mailinit:bookworm --build-arg BASE=debian:bookworm-slim .
#
# Works with the engine's old builder and with BuildKit alike.

ARG BASE=debian:trixie-slim

# The libraries. The builder is trixie whatever BASE is: the musl of Debian 12
# links no static PIE, and its resolver does not fall back to TCP.
FROM debian:trixie-slim AS deps
RUN apt-get -qq update \
 && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends \
        bzip2 gcc linux-libc-dev make musl-tools patch xz-utils >/dev/null \
 && rm -rf /var/lib/apt/lists/*
COPY tools/fetch-src tools/SHA256SUMS /source/tools/
RUN /source/tools/fetch-src /deps/src
COPY tools/build-deps tools/release-flags tools/mbedtls_config.h /source/tools/
RUN CC=musl-gcc AR=gcc-ar BUILD_CC="musl-gcc -static" CFLAGS="$(/source/tools/release-flags)" \
    PREFIX=/deps/musl /source/tools/build-deps /deps/src

# The binary: /source/build/mailinit
FROM deps AS build
WORKDIR /source
COPY Makefile ./
COPY tools/embed.c tools/if-changed tools/
COPY templates templates
COPY entrypoint entrypoint
RUN make NATIVE=1 DEPS=/deps/musl HOSTCC="musl-gcc -static" build/mailinit

# The image
FROM ${BASE}

# The numeric ids come before the packages, which keep what they find: a
# volume of one image can be mounted into any other, whatever its base. The
# names, homes and shells are those that Debian's packages would give.
# 610 to 614 lie in Debian's range for system accounts, far above those that
# packages get one by one from its ends.
RUN groupadd --system --gid 610 postfix \
 && groupadd --system --gid 611 postdrop \
 && groupadd --system --gid 612 opendkim \
 && groupadd --system --gid 613 dovecot \
 && groupadd --system --gid 614 dovenull \
 && groupadd --gid 5000 vmail \
 && useradd --system --uid 610 --gid postfix --no-create-home --home-dir /var/spool/postfix \
        --shell /usr/sbin/nologin --comment "Postfix MTA" --groups opendkim postfix \
 && useradd --system --uid 612 --gid opendkim --no-create-home --home-dir /run/opendkim \
        --shell /usr/sbin/nologin opendkim \
 && useradd --system --uid 613 --gid dovecot --no-create-home --home-dir /usr/lib/dovecot \
        --shell /usr/sbin/nologin --comment "Dovecot mail server" dovecot \
 && useradd --system --uid 614 --gid dovenull --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin --comment "Dovecot login user" dovenull \
 && useradd --uid 5000 --gid vmail --no-create-home --home-dir /var/mail \
        --shell /usr/sbin/nologin --comment "Owner of the mail store" vmail

# libsasl2-modules is only recommended by Postfix, but without it no smarthost
# can be logged in to. Keys that packages made are deleted: they would be the
# same in every container of this image.
RUN printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d \
 && chmod 755 /usr/sbin/policy-rc.d \
 && echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections \
 && apt-get -qq update \
 && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends \
        ca-certificates dovecot-imapd dovecot-lmtpd dovecot-pop3d libsasl2-modules opendkim \
        postfix >/dev/null \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log \
        /var/log/alternatives.log /etc/ssl/private/* /etc/ssl/certs/ssl-cert-snakeoil.pem \
        /etc/dovecot/private/* /etc/dkimkeys/*.private

# The packages kept the ids? Postfix refers to postdrop by set-gid programs.
RUN for account in postfix:610:610 opendkim:612:612 dovecot:613:613 dovenull:614:614 \
        vmail:5000:5000; do \
        name=${account%%:*}; \
        found=$name:$(id -u "$name"):$(id -g "$name"); \
        [ "$found" = "$account" ] || { echo "account is $found, not $account" >&2; exit 1; }; \
    done \
 && [ "$(getent group postdrop | cut -d: -f3)" = 611 ] \
 && [ "$(stat -c '%g %A' /usr/sbin/postdrop)" = "611 -r-xr-sr-x" ] \
 && id -nG postfix | grep -qw opendkim

# What these daemons are, for `mailinit --target` and for choosing templates.
# The directory with an empty main.cf is for postconf, which wants one.
RUN set -eu; mkdir -p /usr/share/mailinit /tmp/empty; cd /tmp/empty; : >main.cf; : >master.cf; \
    cp /etc/postfix/dynamicmaps.cf ./; \
    upstream() { dpkg-query -W -f '${source:Upstream-Version}' "$1" | sed 's/[+~].*//'; }; \
    types=$(postconf -c /tmp/empty -m | paste -sd, -); \
    daemons=$(postconf -c /tmp/empty -h daemon_directory); \
    { . /etc/os-release; echo "name=debian$VERSION_ID"; \
      echo "postfix=$(upstream postfix)"; \
      echo "dovecot=$(upstream dovecot-core)"; \
      echo "opendkim=$(upstream opendkim)"; \
      echo "daemon_directory=$daemons"; \
      echo "map_types=$types"; } >/usr/share/mailinit/target; \
    rm -r /tmp/empty; cat /usr/share/mailinit/target; \
    if grep '=$' /usr/share/mailinit/target; then exit 1; fi

# The files that mailinit renders are reached through links, put here last: a
# package's script would follow or replace them. So nothing under /etc is
# written at run time, and a whole new configuration is one rename.
RUN current=/run/mailinit/current \
 && ln -sfn $current/postfix/main.cf /etc/postfix/main.cf \
 && ln -sfn $current/postfix/master.cf /etc/postfix/master.cf \
 && ln -sfn $current/dovecot/dovecot.conf /etc/dovecot/dovecot.conf \
 && ln -sfn $current/opendkim/opendkim.conf /etc/opendkim.conf \
 && mkdir -p /etc/mailinit \
 && install -d -o root -g root -m 0755 /var/lib/mailinit /var/spool/postfix \
 && install -d -o postfix -g postfix -m 0755 /var/lib/postfix \
 && install -d -o vmail -g vmail -m 0755 /var/mail \
 && chmod g-s /var/mail

COPY --from=build /source/build/mailinit /usr/sbin/mailinit

# Postfix's parameters are checked against a table that mailinit was built with:
# is it right for the Postfix of this image?
COPY tools/compare-parameters /tmp/
RUN set -eu; mkdir /tmp/empty; cd /tmp/empty; : >main.cf; : >master.cf; \
    postconf -c /tmp/empty -d >defaults; \
    mailinit parameters postfix --target /usr/share/mailinit/target >table; \
    mailinit parameters postfix >newest; \
    /tmp/compare-parameters defaults table newest; \
    rm -r /tmp/empty /tmp/compare-parameters

VOLUME /var/spool/postfix /var/mail /var/lib/mailinit
EXPOSE 25 587 465 143 993 110 995
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --start-period=30s CMD ["/usr/sbin/mailinit", "health", "--quick"]
ENTRYPOINT ["/usr/sbin/mailinit"]
