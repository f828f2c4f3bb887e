import { useEffect, useState } from "react";

/** Of Chromium and its kin; see https://wicg.github.io/keyboard-lock/ */
interface KeyboardLock {
  lock(keys: readonly string[]): Promise<void>;
  unlock(): void;
}

function keyboardLock(): KeyboardLock | undefined {
  return (navigator as { readonly keyboard?: KeyboardLock }).keyboard;
}

/**
 * The tab that has the whole screen. The page goes there, and the tab fills the page: what is asked meanwhile lies above it, which it could not
 * were the tab there alone. Where the browser refuses the screen the tab fills the window.
 */
export function useWhole() {
  const [whole, setWhole] = useState<string>();
  useEffect(() => {
    const left = () => document.fullscreenElement === null && setWhole(undefined);
    document.addEventListener("fullscreenchange", left);
    return () => document.removeEventListener("fullscreenchange", left);
  }, []);
  useEffect(() => {
    if (whole === undefined) return;
    document.documentElement.dataset.whole = "";
    return () => {
      delete document.documentElement.dataset.whole;
      keyboardLock()?.unlock();
      if (document.fullscreenElement !== null) void document.exitFullscreen();
    };
  }, [whole]);
  const enter = (tab: string) => {
    setWhole(tab);
    takeScreen().catch(() => {
      // The tab fills the window as it is.
    });
  };
  return { whole, enter, leave: () => setWhole(undefined) };
}

/** Programs use Escape: where the browser can be asked for it, only a long one leaves the whole screen. */
async function takeScreen(): Promise<void> {
  await document.documentElement.requestFullscreen();
  await keyboardLock()?.lock(["Escape"]);
}
