import { useSyncExternalStore } from "react";

/** What this browser was asked to show while the page is hidden: of everything, or of single workspaces, once each. */

const KEPT = "guise.notices";
const asked = new Set<string>();
const listeners = new Set<() => void>();

export const canNotify = (): boolean => "Notification" in globalThis && Notification.permission !== "denied";
export const mayNotify = (): boolean => "Notification" in globalThis && Notification.permission === "granted";

/** On a click alone: browsers ask their person then. */
export async function askToNotify(): Promise<boolean> {
  return canNotify() && (await Notification.requestPermission()) === "granted";
}

export function isOn(): boolean {
  return mayNotify() && localStorage.getItem(KEPT) === "on";
}

export function switchOn(on: boolean): void {
  if (on) localStorage.setItem(KEPT, "on");
  else localStorage.removeItem(KEPT);
  for (const listener of listeners) listener();
}

export function askOf(workspace: string): void {
  asked.add(workspace);
  for (const listener of listeners) listener();
}

export function isAsked(workspace: string): boolean {
  return asked.has(workspace);
}

export function forget(workspace: string): void {
  if (asked.delete(workspace)) for (const listener of listeners) listener();
}

export function useBrowserNotices<Part>(part: () => Part): Part {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, part);
}
