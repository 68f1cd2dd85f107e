# The mail image with the build for the tests in it, under ASan and UBSan: make image-asan.
FROM mailinit:trixie
COPY mailinit /usr/sbin/mailinit
# The search for leaks takes ptrace, which a container lacks; the unit tests search.
ENV ASAN_OPTIONS=detect_leaks=0
