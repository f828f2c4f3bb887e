const OF_OTHER_SYSTEMS: ReadonlySet<string> = new Set(
  "appdmg dmg-license fsevents macos-alias node-mac-permissions node-windows windows-build-tools".split(" "),
);

/** Whether npm refuses the package here, or it has no use: projects name such ones among what is optional, and a persona's packages are not. */
export function isOfOtherSystems(name: string): boolean {
  return OF_OTHER_SYSTEMS.has(name) || /[/-](?:darwin|win32)(?:-|$)/.test(name);
}
