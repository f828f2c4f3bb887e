import { ActionIcon, CloseButton, Text, TextInput, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconLetterCase } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { foundText, type Search, type SearchResult } from "./search-result.ts";
import styles from "./terminal-search.module.css";

interface TerminalSearchProps {
  readonly name: string;
  /** What is looked for at first. */
  readonly first: string;
  /** Another number: it was asked for once more. */
  readonly asked: number;
  readonly result: SearchResult | undefined;
  readonly search: (search: Search) => void;
  readonly close: () => void;
}

/** Looks for text in all that a terminal keeps. It lies above the terminal, whose program is not told of another size by it. */
export function TerminalSearch({ name, first, asked, result, search, close }: TerminalSearchProps) {
  const [term, setTerm] = useState(first);
  const [matchesCase, setMatchesCase] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who asks again begins anew
  useEffect(() => field.current?.select(), [asked]);
  const searching = useRef(search);
  useEffect(() => {
    searching.current = search;
  }, [search]);
  useEffect(() => searching.current({ term, matchesCase, from: "end" }), [term, matchesCase]);
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter") search({ term, matchesCase, from: event.shiftKey ? "up" : "down" });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const step = (from: "up" | "down", label: string, icon: React.ReactNode) => (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={result === undefined || result.count === 0}
        onClick={() => search({ term, matchesCase, from })}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <search className={styles.bar} aria-label={`Find in ${name}`} onKeyDown={key}>
      <TextInput
        ref={field}
        size="xs"
        className={styles.term ?? ""}
        aria-label="What to find"
        placeholder="Find"
        value={term}
        onChange={(event) => setTerm(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <Text size="xs" role="status" className={styles.count ?? ""}>
        {term === "" ? "" : foundText(result)}
      </Text>
      <Tooltip label="Upper and lower case count">
        <ActionIcon
          variant={matchesCase ? "light" : "subtle"}
          color={matchesCase ? "indigo" : "gray"}
          aria-label="Upper and lower case count"
          aria-pressed={matchesCase}
          onClick={() => setMatchesCase(!matchesCase)}
        >
          <IconLetterCase size={16} />
        </ActionIcon>
      </Tooltip>
      {step("up", "The one above (Shift+Enter)", <IconArrowUp size={16} />)}
      {step("down", "The one below (Enter)", <IconArrowDown size={16} />)}
      <CloseButton size="sm" aria-label="Close the search (Escape)" onClick={close} />
    </search>
  );
}
