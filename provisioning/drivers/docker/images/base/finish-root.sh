#!/bin/sh
# Last step of the bootstrap, on the finished main root: the guard's small root is cut out of it and gets its files, then
# the packages that only the guard needs go.
# Arguments: root, guard tar to write, folder with the guard's files, programs of the guard, packages of the guard.
set -eu
root=$1 tar=$2 inside=$3 programs=$4 packages=$5
stage=$(mktemp -d "$(dirname "$tar")/guard-root.XXXXXX")
trap 'rm -rf "$stage"' EXIT

carry() { # a path of the root, under the same name, whatever links lead to it
  [ -e "$stage$1" ] && return
  mkdir -p "$(dirname "$stage$1")"
  cp "$root$(chroot "$root" readlink -f "$1")" "$stage$1"
}
for folder in bin sbin lib lib32 lib64 libx32; do
  [ -L "$root/$folder" ] && cp -P "$root/$folder" "$stage/$folder" && mkdir -p "$stage/usr/$folder"
done
for program in $programs; do
  path=$(chroot "$root" sh -c 'PATH=/usr/sbin:/usr/bin:/sbin:/bin; command -v "$0"' "$program")
  case $path in /*) ;; *) path=/bin/$program ;; esac # a builtin of the shell, too
  carry "$path"
  for library in $(chroot "$root" ldd "$path" | grep -o '/[^ ]*'); do carry "$library"; done
done
for folder in dev etc proc run sys tmp usr/lib/guise; do mkdir -p "$stage/$folder"; done
cp "$inside"/* "$stage/usr/lib/guise/"
chmod -R u=rwX,go=rX "$stage"
chmod 755 "$stage/usr/lib/guise/guard"
tar -C "$stage" --owner=0 --group=0 --numeric-owner -cf "$tar" .

# Dates, numbers and names of all languages; letters and their order are those of C.UTF-8, for each of its own takes 3 MB.
locales="$root/usr/lib/locale" all=$(mktemp -d "$root/tmp/locales.XXXXXX")
for package in "$root"/tmp/locales-all_*.deb; do [ ! -e "$package" ] || dpkg-deb --fsys-tarfile "$package" | tar -C "$all" -xf -; done
for from in "$all"/usr/lib/locale/*; do
  [ -d "$from" ] || continue
  name=${from##*/}
  case $name in C.* | POSIX) continue ;; *.utf8 | *.utf8@*) to=$name ;; *.*) continue ;; *)
    grep -aq 'UTF-8' "$from/LC_CTYPE" || continue
    case $name in *@*) to=${name%%@*}.utf8@${name#*@} ;; *) to=$name.utf8 ;; esac ;;
  esac
  [ -e "$locales/$to" ] && continue
  cp -rL --no-preserve=ownership "$from" "$locales/$to"
  for shared in LC_CTYPE LC_COLLATE; do ln -sf "../C.utf8/$shared" "$locales/$to/$shared"; done
done
rm -rf "$all" "$root"/tmp/locales-all_*.deb

chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get -q -y purge --auto-remove $packages
# the host's own settings and keys for this bootstrap are no business of an image
rm -f "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/ssh/ssh_host_*_key*
