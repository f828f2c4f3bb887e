export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** A line longer than this is no event of ours; the stream is given up instead of filling memory. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** Reads the text/event-stream format in pieces of any size. Feed it text; it gives the events that are complete. */
export function eventStreamReader(): (chunk: string) => ServerSentEvent[] {
  let rest = "";
  let id: string | undefined;
  let event = "";
  let data: string[] = [];

  function line(text: string): ServerSentEvent | undefined {
    if (text === "") {
      const complete = data.length === 0 ? undefined : { id, event: event === "" ? "message" : event, data: data.join("\n") };
      event = "";
      data = [];
      return complete;
    }
    const colon = text.indexOf(":");
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
    return undefined;
  }

  return (chunk) => {
    rest += chunk;
    const events: ServerSentEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?=[^\n])/.exec(rest);
      if (end === null) break;
      const complete = line(rest.slice(0, end.index));
      rest = rest.slice(end.index + end[0].length);
      if (complete !== undefined) events.push(complete);
    }
    if (rest.length > LONGEST_LINE) throw new RangeError("a line of the event stream is too long");
    return events;
  };
}
