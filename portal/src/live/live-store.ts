import type { LiveFeed, LiveState, PersonaAgent } from "@guise/agent";
import type { Availability, LiveMessage, UsageSample, VersionView, WorkspaceView } from "@guise/contract";
import { useCallback, useSyncExternalStore } from "react";
import { onWake } from "../connection/on-wake.ts";
import { afterEvent, NO_ACTIVITY, type WorkspaceActivity } from "./workspace-activity.ts";

export interface LivePicture {
  /** `connecting`: nothing has been told yet. */
  readonly connection: "connecting" | "connected" | "lost";
  /** While it is lost: since when, ms since the epoch. */
  readonly lostAt: number | undefined;
  /** By id; undefined until the first picture. One that was given back stays until the page is left. */
  readonly workspaces: ReadonlyMap<string, WorkspaceView> | undefined;
  readonly personas: readonly VersionView[] | undefined;
  /** By persona: what a request would get now. */
  readonly availability: Readonly<Record<string, Availability>>;
  readonly activity: ReadonlyMap<string, WorkspaceActivity>;
  /** The last samples of each, oldest first. */
  readonly usage: ReadonlyMap<string, readonly UsageSample[]>;
}

/** Ten minutes at one sample in five seconds. */
const MOST_SAMPLES = 120;

const NOTHING: LivePicture = {
  connection: "connecting",
  lostAt: undefined,
  workspaces: undefined,
  personas: undefined,
  availability: {},
  activity: new Map(),
  usage: new Map(),
};

/** What the broker tells live, as one picture that changes. */
export class LiveStore {
  readonly #feed: LiveFeed;
  readonly #listeners = new Set<() => void>();
  readonly #forget: () => void;
  #picture = NOTHING;

  /** `ended`: nobody is signed in any more; `back`: the connection was lost, and stands again. */
  constructor(agent: PersonaAgent, { ended, back }: { ended(): void; back(): void }) {
    this.#feed = agent.live({
      message: (message) => this.#set(withMessage(this.#picture, message, Date.now())),
      state: (state) => {
        if (state.state === "ended") return ended();
        const wasLost = this.#picture.connection === "lost";
        this.#set(withConnection(this.#picture, state, Date.now()));
        if (wasLost && state.state === "connected") back();
      },
    });
    this.#forget = onWake(() => this.#feed.again());
  }

  get picture(): LivePicture {
    return this.#picture;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What an act answered, before the feed tells it. */
  note(workspace: WorkspaceView): void {
    this.#set(withMessage(this.#picture, { kind: "workspace", workspace }, Date.now()));
  }

  retry(): void {
    this.#feed.retry();
  }

  close(): void {
    this.#forget();
    this.#feed.close();
  }

  #set(picture: LivePicture): void {
    if (picture === this.#picture) return;
    this.#picture = picture;
    for (const listener of this.#listeners) listener();
  }
}

/** A part of the picture; the component is drawn again when that part is another. */
export function useLive<Part>(store: LiveStore, part: (picture: LivePicture) => Part): Part {
  const get = useCallback(() => part(store.picture), [store, part]);
  return useSyncExternalStore(store.subscribe, get);
}

/** Pure: what is lost stays lost since it was. */
export function withConnection(before: LivePicture, { state }: Pick<LiveState, "state">, now: number): LivePicture {
  if (state === "connected") return { ...before, connection: "connected", lostAt: undefined };
  return { ...before, connection: "lost", lostAt: before.lostAt ?? now };
}

/** Pure: the picture after a message. Kinds of a newer broker change nothing. */
export function withMessage(before: LivePicture, message: LiveMessage, now: number): LivePicture {
  switch (message.kind) {
    case "workspaces":
      return { ...before, workspaces: new Map([...givenBack(before), ...message.workspaces.map(withId)]) };
    case "workspace": {
      const known = before.workspaces?.get(message.workspace.workspace_id);
      // An answer may be overtaken by what is told live.
      if (known !== undefined && known.revision > message.workspace.revision) return before;
      return { ...before, workspaces: new Map([...(before.workspaces ?? []), withId(message.workspace)]) };
    }
    case "personas":
      return { ...before, personas: message.personas };
    case "availability":
      return { ...before, availability: message.personas };
    case "event": {
      const { workspace } = message.event;
      const known = before.activity.get(workspace) ?? NO_ACTIVITY;
      const next = afterEvent(known, message.event, now);
      return next === known ? before : { ...before, activity: new Map([...before.activity, [workspace, next]]) };
    }
    case "usage": {
      const { workspace_id: id } = message.sample;
      const samples = [...(before.usage.get(id) ?? []), message.sample].slice(-MOST_SAMPLES);
      return { ...before, usage: new Map([...before.usage, [id, samples]]) };
    }
    default:
      return before;
  }
}

function withId(workspace: WorkspaceView): readonly [string, WorkspaceView] {
  return [workspace.workspace_id, workspace];
}

/** The receipt of one that was given back is still being read. */
function givenBack({ workspaces }: LivePicture): (readonly [string, WorkspaceView])[] {
  return [...(workspaces ?? [])].filter(([, { state }]) => state === "released");
}
