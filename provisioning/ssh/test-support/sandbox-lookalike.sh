#!/bin/sh
# First program of a namespace that looks like a main container: own processes, mounts, loopback; the real `inside/main`.
# Arguments: folder of inside/main, uid. Says "ready", then stays until its standard input ends.
set -eu
main=$1
uid=$2
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/guise /run/lower/guise
cp "$main"/* /run/lower/guise/
chmod -R a+rX /run/lower
chmod 755 /run/lower/guise/ssh /run/lower/guise/shell /run/lower/guise/launch /run/lower/guise/personal-layer
# as an engine does it: the terminal group owns terminals already, since sshd without rights cannot give them to it
mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount --bind /dev/pts/ptmx /dev/ptmx
mount -t overlay overlay -o lowerdir=/run/lower:/usr/lib /usr/lib
mount -t tmpfs -o size=64m,mode=755 tmpfs /home
mkdir -p /home/user
grep -v "^user:" /etc/passwd > /run/passwd
echo "user:x:$uid:$uid::/home/user:/usr/lib/guise/shell" >> /run/passwd
mount --bind /run/passwd /etc/passwd
chown "$uid:$uid" /home/user /run/guise
chmod 700 /home/user /run/guise
echo ready
cat > /dev/null
