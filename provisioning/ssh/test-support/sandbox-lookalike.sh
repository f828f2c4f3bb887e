#!/bin/sh
# First program of a namespace that looks like a main container: own processes, mounts, loopback; the real `inside/main`.
# Arguments: folder of inside/main, uid. Says "ready", then stays until its standard input ends.
set -eu
main=$1
uid=$2
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/guise /run/lower/lib/guise
cp "$main"/* /run/lower/lib/guise/
chmod -R a+rX /run/lower
chmod 755 /run/lower/lib/guise/ssh /run/lower/lib/guise/shell /run/lower/lib/guise/launch /run/lower/lib/guise/terminal /run/lower/lib/guise/personal-layer
# as an engine does it: the terminal group owns terminals already, since sshd without rights cannot give them to it
mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount --bind /dev/pts/ptmx /dev/ptmx
mount -t overlay overlay -o lowerdir=/run/lower/lib:/usr/lib /usr/lib
mount -t tmpfs -o size=64m,mode=755 tmpfs /home
mkdir -p /home/user
# a mount on the file alone would go when somebody on this machine adds a user: that renames another file over it
mkdir /run/lower/etc
grep -v "^user:" /etc/passwd > /run/lower/etc/passwd
echo "user:x:$uid:$uid::/home/user:/usr/lib/guise/shell" >> /run/lower/etc/passwd
mount -t overlay overlay -o lowerdir=/run/lower/etc:/etc /etc
chown "$uid:$uid" /home/user /run/guise
chmod 700 /home/user /run/guise
echo ready
cat > /dev/null
