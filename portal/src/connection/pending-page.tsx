import { Awaited } from "./awaited.tsx";

/** While the code of a page is on its way. */
export function PendingPage() {
  return <Awaited what="this page" height={240} maw={1100} />;
}
