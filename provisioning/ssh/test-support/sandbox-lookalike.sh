#!/bin/sh
# First program of a namespace that looks like a main container: own processes, mounts, loopback; the real `inside/main`.
# Arguments: folder of inside/main, uid, uid of the keeper of identities. Says "ready", then stays until its standard input ends.
set -eu
main=$1
uid=$2
keeper=$3
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/guise /run/identity /run/lower/lib/guise
cp "$main"/* /run/lower/lib/guise/
grep -v "^user:" /etc/passwd > /run/lower/lib/guise/passwd
cp /etc/group /run/lower/lib/guise/group
chmod -R a+rX /run/lower
chmod 755 /run/lower/lib/guise/ssh /run/lower/lib/guise/shell /run/lower/lib/guise/launch /run/lower/lib/guise/terminal /run/lower/lib/guise/personal-layer /run/lower/lib/guise/keep-identity
mount -t tmpfs -o "size=256k,mode=1777,uid=$keeper,gid=$keeper" tmpfs /run/identity
mount -t tmpfs -o "size=4m,mode=700,uid=$uid,gid=$uid" tmpfs /run/guise
mkdir /run/guise/launches
mount -t tmpfs -o "size=16m,mode=700,uid=$uid,gid=$uid" tmpfs /run/guise/launches
# as an engine does it: the terminal group owns terminals already, since sshd without rights cannot give them to it
mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount --bind /dev/pts/ptmx /dev/ptmx
mount -t overlay overlay -o lowerdir=/run/lower/lib:/usr/lib /usr/lib
mount -t tmpfs -o size=64m,mode=755 tmpfs /home
mkdir -p /home/user
# a mount on the file alone would go when somebody on this machine adds a user: that renames another file over it
mkdir /run/lower/etc
ln -s /run/identity/passwd /run/lower/etc/passwd
ln -s /run/identity/group /run/lower/etc/group
mount -t overlay overlay -o lowerdir=/run/lower/etc:/etc /etc
chown "$uid:$uid" /home/user
chmod 700 /home/user
echo ready
cat > /dev/null
