import { readFile } from "node:fs/promises";

export interface Mount {
  /** "major:minor" of the device. */
  readonly device: string;
  readonly target: string;
  readonly type: string;
}

/** The kernel's mount table as a process sees it. */
export async function readMounts(pid: number | "self"): Promise<Mount[]> {
  return parseMounts(await readFile(`/proc/${pid}/mountinfo`, "utf8"));
}

/** Lines of `/proc/PID/mountinfo`: id, parent, device, root, target, options, optional fields, "-", type, source, options. */
export function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [before, after] = line.split(" - ");
    const fields = before?.split(" ") ?? [];
    const [device, target, type] = [fields[2], fields[4], after?.split(" ")[0]];
    return device === undefined || target === undefined || type === undefined ? [] : [{ device, target: unescapeOctal(target), type }];
  });
}

/** Last mounted first, so that they can be undone in this order. */
export function mountsOf(mounts: readonly Mount[], device: string): Mount[] {
  return mounts.filter((mount) => mount.device === device).reverse();
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
