# SliceDNS as an image: Node.js, the libraries it is linked with, and the program that `npm run build` makes. No shell, no
# package manager, no other package. docs/deploy.md says how it is built and run.

# Where Node.js comes from: an image of Debian or its kin that has it.
ARG BUILD_BASE=node:24-slim
# What the image stands on. On `scratch` the libraries of BUILD_BASE are brought along; another image must have its own.
ARG RUN_BASE=scratch

FROM ${BUILD_BASE} AS parts
RUN set -eu; \
    if ! command -v setcap >/dev/null || ! command -v strip >/dev/null; then \
        apt-get -qq update; \
        DEBIAN_FRONTEND=noninteractive apt-get -qq --no-install-recommends install binutils libcap2-bin; \
    fi
# Port 53 needs a capability where the user is not root. The file has it, as in CoreDNS's image: a Pod that adds
# NET_BIND_SERVICE then gets it, also with allowPrivilegeEscalation: false. Symbols would be 18 MB.
RUN set -eu; \
    node=$(node -p process.execPath); \
    mkdir -p /image/usr/local/bin /image/usr/share/doc/node; \
    strip -o /image/usr/local/bin/node "$node"; \
    setcap cap_net_bind_service=+ep /image/usr/local/bin/node; \
    if [ -e "${node%/bin/node}/LICENSE" ]; then cp "${node%/bin/node}/LICENSE" /image/usr/share/doc/node/; fi
ARG RUN_BASE
RUN set -eu; \
    if [ "$RUN_BASE" = scratch ]; then \
        ldd "$(node -p process.execPath)" | grep -o '/[^ ]*' | xargs cp --parents --dereference -t /image; \
        for package in libc6 libgcc-s1 libstdc++6; do \
            if [ -e "/usr/share/doc/$package/copyright" ]; then \
                cp --parents --dereference "/usr/share/doc/$package/copyright" /image; \
            fi; \
        done; \
        mkdir /image/etc; \
        echo 'nonroot:x:65532:65532:nonroot:/:/sbin/nologin' >/image/etc/passwd; \
        echo 'nonroot:x:65532:' >/image/etc/group; \
    fi
COPY package.json LICENSE /image/opt/slicedns/
COPY zones/local /image/opt/slicedns/zones/local/
COPY dist/bin.js /image/opt/slicedns/dist/
COPY dist/bundle /image/opt/slicedns/dist/bundle/
# The kernel starts Node.js by the first line, so no shell is needed. `/coredns` is for a Pod that names CoreDNS's command.
# Where threads of its own compile, each keeps the memory it took for that: without them 4 MB less are resident, or more (80 of 84 to 92).
RUN set -eu; \
    sed -i '1s|.*|#!/usr/local/bin/node --no-concurrent-recompilation|' /image/opt/slicedns/dist/bin.js; \
    chmod 755 /image/opt/slicedns/dist/bin.js; \
    ln -s opt/slicedns/dist/bin.js /image/slicedns; \
    ln -s slicedns /image/coredns
# What V8 makes of the program when it reads it, for the user below: each start is 30 to 40 ms shorter. Another user has none, as Node.js
# keeps what belongs to each apart; its starts take what they took.
RUN set -eu; \
    mkdir -p /opt; \
    cp -r /image/opt/slicedns /opt/slicedns; \
    mkdir -m 777 /image/opt/slicedns/cache; \
    node --no-concurrent-recompilation --import 'data:text/javascript,\
process.setgid(65532);process.setuid(65532);\
process.getBuiltinModule("node:module").enableCompileCache("/image/opt/slicedns/cache")' \
        /opt/slicedns/dist/bin.js -version; \
    chown -R 0:0 /image/opt/slicedns/cache; \
    chmod -R u=rwX,go=rX /image/opt/slicedns/cache

FROM ${RUN_BASE}
COPY --from=parts /image/ /
# Where all threads have one core, four that collect, as many as Node.js would have, hold the main one up for 7 to 20 ms; one, for 6 to 10
# as a rule.
ENV NODE_COMPILE_CACHE=/opt/slicedns/cache \
    NODE_OPTIONS=--v8-pool-size=1
# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
WORKDIR /
EXPOSE 53 53/udp
ENTRYPOINT ["/slicedns"]
