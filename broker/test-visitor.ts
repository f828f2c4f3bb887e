/** A browser at an identity provider's pages: keeps its cookies, follows where it is sent, and fills in forms. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** Where the provider sends the browser back to, with what. */
  async signIn(address: string, login: string, returnTo: string): Promise<string> {
    return this.#until(address, returnTo, (prompt) => ({ prompt, login, password: "any" }));
  }

  /** The same, for a person who cancels. */
  async refuse(address: string, returnTo: string): Promise<string> {
    const { action } = await this.#page(address, returnTo);
    return this.#until(`${action}/abort`, returnTo, () => ({}));
  }

  async #until(address: string, returnTo: string, fill: (prompt: string) => Record<string, string>): Promise<string> {
    let at = await this.#page(address, returnTo);
    while (at.action !== undefined) {
      const answer = await this.#ask(at.action, { method: "POST", body: new URLSearchParams(fill(at.prompt)) });
      at = await this.#page(new URL(answer.headers.get("location") ?? "", at.action).href, returnTo);
    }
    return at.address;
  }

  /** Follows to a page with a form, or back to where it came from. */
  async #page(address: string, returnTo: string): Promise<{ address: string; action?: string; prompt: string }> {
    let at = address;
    for (let steps = 0; steps < 10; steps++) {
      if (at.startsWith(returnTo)) return { address: at, prompt: "" };
      const answer = await this.#ask(at, {});
      const next = answer.headers.get("location");
      if (next === null) {
        const page = await answer.text();
        const action = quoted(page, "action=");
        if (action === undefined) throw new Error(`${at} answered ${answer.status}: ${page.slice(0, 300)}`);
        return { address: at, action: new URL(action, at).href, prompt: quoted(page, `name="prompt" value=`) ?? "" };
      }
      at = new URL(next, at).href;
    }
    throw new Error(`${address} leads nowhere`);
  }

  async #ask(address: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(address, { ...init, redirect: "manual", headers: { cookie } });
    for (const one of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
    return answer;
  }
}

/** What stands in quotes behind the text. */
function quoted(page: string, text: string): string | undefined {
  return page.split(`${text}"`, 2)[1]?.split('"', 1)[0];
}
