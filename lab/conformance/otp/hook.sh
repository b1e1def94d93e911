#!/bin/sh
# The hooks of OTP's example programs: hook.sh mgc|mg cold|shutdown (docs/hooks.md).
role=$1
verb=$2
here=$(dirname "$0")
kept=${H248_STATE:?}/otp-$role
stop() {
    [ -f "$kept.pid" ] && kill "$(cat "$kept.pid")" 2>/dev/null
    rm -f "$kept.pid"
}
case $verb in
cold)
    stop
    words=
    if [ "$role" = mg ]; then
        first=${H248_TESTER%% *}
        words="${first%:*} ${first##*:} ${H248_ENCODING:-text} ${H248_TRANSPORT:-udp}"
    fi
    # shellcheck disable=SC2086 # they are words
    escript "$here/otp_peer.escript" "$role" $words > "$kept.out" 2>&1 < /dev/null &
    echo $! > "$kept.pid"
    for _ in $(seq 100); do
        grep -q "^$role: h248 " "$kept.out" && break
        sleep 0.1
    done
    sed -n "s/^$role: h248 /IUT_ADDR=/p; s/^$role: h248-binary /IUT_BINARY=/p" "$kept.out"
    grep -q "^$role: h248 " "$kept.out" || { tail -1 "$kept.out" >&2; exit 2; }
    ;;
shutdown) stop ;;
*)
    echo "OTP's example has no hook $verb" >&2
    exit 3
    ;;
esac
