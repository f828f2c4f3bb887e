/*
 * Of JupyterLab, which loads this as an extension of its own. After a lost connection it tries a kernel's once at once and then, where the
 * server is not there yet, after ten to thirty seconds. Here it is asked every moment whether the server answers, and the connection is made as
 * soon as it does. By a request: browsers hold back sockets that failed often. And one that may be dead without a word, after a machine slept or
 * changed its network, is left for another.
 */
(() => {
  /** Ms between two questions, and until an answer is waited for no longer. */
  const PAUSE = 250;
  const ANSWERED_WITHIN = 4_000;
  /** Ms after which JupyterLab goes on in its own way. */
  const PATIENCE = 120_000;
  /** Messages whose ids are remembered. */
  const REMEMBERED = 20_000;
  const LASTING = /\/(?:api\/kernels\/[^/]+\/channels|terminals\/websocket\/)/;

  /** Ms between two looks at the clock, and what must have gone by since the last one where the machine slept: unseen pages look once a minute. */
  const EVERY = 2_000;
  const SLEPT = 15_000;
  const SLEPT_UNSEEN = 90_000;

  /** Connections that stand. */
  const standing = new Set();
  const woke = () => {
    for (const socket of standing) socket.leave();
  };
  addEventListener("online", woke);
  document.addEventListener("resume", woke);
  let looked = Date.now();
  setInterval(() => {
    const since = Date.now() - looked;
    looked += since;
    if (since > (document.visibilityState === "visible" ? SLEPT : SLEPT_UNSEEN)) woke();
  }, EVERY);

  /** By the address of a connection: the messages that its page has. */
  const known = new Map();

  /** A message of the kernel protocol in its binary form begins with the places of its parts; the second is the header. */
  function isNew(address, data) {
    if (!(data instanceof ArrayBuffer)) return true;
    try {
      const view = new DataView(data);
      const at = (part) => Number(view.getBigUint64(8 * (part + 1), true));
      const { msg_id: id } = JSON.parse(new TextDecoder().decode(data.slice(at(1), at(2))));
      const ids = known.get(address) ?? new Set();
      known.set(address, ids);
      if (ids.has(id)) return false;
      ids.add(id);
      if (ids.size > REMEMBERED) ids.delete(ids.values().next().value);
    } catch {
      // Not of that form: whoever reads it judges it.
    }
    return true;
  }

  /** The parts of a WebSocket that JupyterLab uses. */
  class LastingSocket {
    onopen = null;
    onmessage = null;
    onclose = null;
    onerror = null;
    #binaryType = "blob";
    #began = Date.now();
    #isLeft = false;
    #socket;

    constructor(address, protocols) {
      this.url = address;
      this.#try(protocols);
    }

    get readyState() {
      return this.#socket.readyState;
    }

    get protocol() {
      return this.#socket.protocol;
    }

    get bufferedAmount() {
      return this.#socket.bufferedAmount;
    }

    get binaryType() {
      return this.#binaryType;
    }

    set binaryType(type) {
      this.#binaryType = type;
      this.#socket.binaryType = type;
    }

    send(data) {
      this.#socket.send(data);
    }

    /** What is dead says so only after minutes. */
    leave() {
      const socket = this.#socket;
      const { onclose } = socket;
      Object.assign(socket, { onmessage: null, onerror: null, onclose: null });
      socket.close();
      onclose(new CloseEvent("close", { code: 1006 }));
    }

    close(...why) {
      this.#isLeft = true;
      this.#socket.close(...why);
    }

    #try(protocols) {
      const socket = new WebSocket(this.url, protocols);
      this.#socket = socket;
      socket.binaryType = this.#binaryType;
      let stood = false;
      socket.onopen = (event) => {
        stood = true;
        standing.add(this);
        this.onopen?.(event);
      };
      socket.onmessage = (event) => isNew(this.url, event.data) && this.onmessage?.(event);
      socket.onerror = (event) => stood && this.onerror?.(event);
      socket.onclose = async (event) => {
        standing.delete(this);
        const again = !stood && (await this.#isBack());
        if (again && !this.#isLeft) this.#try(protocols);
        else this.onclose?.(event);
      };
    }

    /** Whether the server answers again after it did not; at once no where it does: then it refused. */
    async #isBack() {
      for (let asked = 0; !this.#isLeft && Date.now() - this.#began < PATIENCE; asked++) {
        if (await answers(this.url)) return asked > 0;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
      return false;
    }
  }

  /** Whether somebody who knows is at the other end of that connection; what stands before it answers 502 and the like. */
  async function answers(address) {
    const url = address.replace(/^ws/, "http").replace(/\/(?:api\/kernels|terminals)\/.*$/, "/api");
    try {
      const { status } = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(ANSWERED_WITHIN) });
      return status < 500;
    } catch {
      return false;
    }
  }

  function SocketOf(address, protocols) {
    return LASTING.test(address) ? new LastingSocket(address, protocols) : new WebSocket(address, protocols);
  }
  Object.assign(SocketOf, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });

  const plugin = {
    id: "guise-lasting-connections:plugin",
    description: "Connections to kernels and terminals are made again as soon as they can be.",
    autoStart: true,
    activate: ({ serviceManager }) => {
      serviceManager.serverSettings.WebSocket = SocketOf;
    },
  };
  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB["guise-lasting-connections"] = {
    init: () => {},
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin })),
  };
})();
