import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const PACKED = /\.(js|css|html|svg)$/;

/** Packs each file once, as tightly as it goes, so that the broker only hands it out. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle({ dir = "" }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((one) => PACKED.test(one))) {
        const bytes = readFileSync(join(dir, name));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params }));
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), packed()],
  build: {
    ...{ target: "es2023", outDir: "dist", emptyOutDir: true, modulePreload: { polyfill: false }, reportCompressedSize: false },
    // A part that is loaded when it is needed has no styles of its own: were they lost on the way, it would be tried again without them.
    cssCodeSplit: false,
  },
  worker: { format: "es" },
});
