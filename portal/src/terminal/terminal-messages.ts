/** Between the page and the worker that holds a terminal's connection. */
export type ToWorker =
  | { readonly kind: "open"; readonly workspace: string; readonly launch: string; readonly columns: number; readonly rows: number }
  | { readonly kind: "input"; readonly bytes: Uint8Array }
  | { readonly kind: "resize"; readonly columns: number; readonly rows: number }
  /** The page has drawn what came with this number; more may come. */
  | { readonly kind: "taken"; readonly piece: number }
  /** The connection may be dead without a word. */
  | { readonly kind: "again" }
  | { readonly kind: "close" };

export type FromWorker =
  /** It runs; its first word. */
  | { readonly kind: "here" }
  /** The connection stands; `cleared`: some output is not kept any more, so that what is drawn is cleared first. */
  | { readonly kind: "connected"; readonly cleared: boolean }
  /** `replayed`: written before this viewer came; nothing in it waits for an answer. */
  | { readonly kind: "output"; readonly piece: number; readonly bytes: Uint8Array; readonly replayed: boolean }
  | { readonly kind: "lost"; readonly message: string }
  | { readonly kind: "ended"; readonly exit: number }
  | { readonly kind: "failed"; readonly message: string; readonly remedy: string };
