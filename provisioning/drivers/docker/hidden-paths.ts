/** What the engine hides by itself; a list of ours takes the place of its own. */
const OF_THE_ENGINE = [
  "/proc/asound",
  "/proc/acpi",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/sys/firmware",
  "/sys/devices/virtual/powercap",
] as const;

/** How the machine was started, what is in it, and what its disks do. */
const OF_THE_MACHINE = [
  "/proc/cmdline",
  "/proc/config.gz",
  "/proc/consoles",
  "/proc/diskstats",
  "/proc/fs",
  "/proc/interrupts",
  "/proc/iomem",
  "/proc/ioports",
  "/proc/kallsyms",
  "/proc/locks",
  "/proc/modules",
  "/proc/partitions",
  "/proc/swaps",
  "/sys/class/dmi",
  "/sys/devices/virtual/dmi",
] as const;

/** Block devices: of each loop device the kernel tells everybody the file behind it, which is somebody's home. */
const OF_DISKS = [
  "/sys/block",
  "/sys/class/bdi",
  "/sys/class/block",
  "/sys/dev/block",
  "/sys/devices/virtual/bdi",
  "/sys/devices/virtual/block",
  "/sys/fs/ext4",
] as const;

/** Places of the kernel that no program in a workspace needs and that tell of the machine or of other workspaces: they read as empty. */
export const HIDDEN_PATHS: readonly string[] = [...OF_THE_ENGINE, ...OF_THE_MACHINE, ...OF_DISKS];
