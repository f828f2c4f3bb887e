import type { Profession } from "./proof.ts";

export const webDevelopment: Profession = {
  persona: "web-development",
  files: {
    "~/app/index.html": { format: "text", content: '<!doctype html><h1>Shop</h1><script type="module" src="/main.ts"></script>\n' },
    "~/app/main.ts": { format: "text", content: "const mode: string = import.meta.env.MODE;\ndocument.title = mode;\n" },
    "~/greeting/package.json": { format: "text", content: '{ "name": "greeting", "version": "1.0.0", "main": "index.js" }\n' },
    "~/greeting/index.js": { format: "text", content: 'module.exports = "hello";\n' },
  },
  applications: {
    vite: {
      kind: "web",
      settings: { mode: "staging" },
      answers: [
        ["/", /<h1>Shop<\/h1>[\s\S]*|@vite\/client/],
        ["/main.ts", /"MODE": "staging"[\s\S]*const mode = import\.meta\.env\.MODE/],
      ],
      does: [["cd app && vite build && ls dist", /built in[\s\S]*index\.html/]],
    },
    pnpm: {
      kind: "command",
      settings: { linker: "hoisted", exact_versions: true },
      arguments: ["config", "get", "node-linker"],
      says: /^hoisted$/m,
      does: [
        ["mkdir -p shop && cd shop && pnpm init && pnpm add ../greeting --offline && node -p 'require(\"greeting\")'", /hello/],
        ["pnpm config get save-exact", /true/],
      ],
    },
    chromium: {
      kind: "command",
      settings: { window_size: "640,480" },
      arguments: ["--screenshot=/home/user/page.png", "file:///home/user/app/index.html"],
      says: /written to file/,
      // Width and height stand in the picture's head: 640 is 2 × 256 + 128.
      does: [["head -c 24 page.png | tail -c 8 | od -An -tu1", /0\s+0\s+2\s+128\s+0\s+0\s+1\s+224/]],
    },
    git: {
      kind: "command",
      settings: { user_name: "Ann Reader", user_email: "ann@example.com", default_branch: "trunk" },
      arguments: ["init", "repository"],
      says: /Initialized/,
      does: [["cd repository && git commit -q --allow-empty -m 'Begin the shop' && git log --format='%an %D'", /Ann Reader HEAD -> trunk/]],
    },
    tig: {
      kind: "terminal",
      settings: { line_graphics: "ascii" },
      prepares: ["git init -q looked-at && cd looked-at && git commit -q --allow-empty -m 'Begin the shop'"],
      arguments: ["-C", "looked-at"],
      screen: [[/Begin the shop/]],
    },
    ruff: {
      kind: "command",
      settings: { line_length: 40, select: ["E"] },
      prepares: ["echo 'answer = \"a line that is longer than forty columns\"' > long.py"],
      arguments: ["check", "--exit-zero", "long.py"],
      says: /E501[\s\S]*> 40/,
    },
  },
};
