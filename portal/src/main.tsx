// Before all else: it asks who is signed in.
import "./session/first-connection.ts";
import "@mantine/core/styles.css";
import "./app/page.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { router } from "./app/router.tsx";
import { colors, theme } from "./app/theme.ts";
import { loadStylesAgain } from "./connection/load-styles.ts";

// The page has its program: `index.html` counts anew.
sessionStorage.removeItem("guise-read-anew");
loadStylesAgain();
const queries = new QueryClient({
  defaultOptions: {
    // The browser's own idea of being online says nothing of a Guise on this machine, or behind a tunnel.
    queries: { retry: false, refetchOnWindowFocus: true, staleTime: 1000, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});
const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no #root");
createRoot(place).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={colors} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
