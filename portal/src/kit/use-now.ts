import { useEffect, useState } from "react";

/** The time, ms, again every `each` ms. */
export function useNow(each: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), each);
    return () => clearInterval(timer);
  }, [each]);
  return now;
}
