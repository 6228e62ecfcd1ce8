import { existsSync, readdirSync, readFileSync } from "node:fs"
import { posix } from "node:path"
import { type DefaultTheme, defineConfig, type MarkdownRenderer } from "vitepress"
import { packageNames, slugOf } from "../typedoc.ts"

const home = new URL("../", import.meta.url)

const page = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link })

/** The page of a package; one that has namespaces of its own is a folder with an index. */
const apiPage = (name: string): DefaultTheme.SidebarItem => {
  const link = `/api-reference/${slugOf(name)}`
  return page(name, existsSync(new URL(`.${link}/`, home)) ? `${link}/` : link)
}

/** The pages of a folder by their own titles. */
const pagesOf = (folder: string, only = /\.md$/): Array<DefaultTheme.SidebarItem> =>
  readdirSync(new URL(folder, home))
    .filter((name) => only.test(name))
    .sort()
    .map((name) => {
      const [, title = name] = /^# (.+)$/m.exec(readFileSync(new URL(`${folder}/${name}`, home), "utf8")) ?? []
      return { text: title.replaceAll("`", ""), link: `/${folder}/${name.replace(/\.md$/, "")}` }
    })

const sidebar: DefaultTheme.SidebarItem[] = [
  { text: "Start", items: [page("Five minutes", "/start"), page("A session", "/cli/session")] },
  {
    text: "Tasks",
    items: [
      page("Compare", "/tasks/compare"),
      page("Launch safely", "/tasks/launch"),
      page("Watch", "/tasks/watch"),
      page("Leases and sweeping", "/tasks/leases"),
      page("A keeper", "/tasks/keeper"),
      page("A dashboard", "/tasks/dashboard"),
      page("What have I spent?", "/tasks/spent"),
      page("What has it cost lately?", "/tasks/market"),
      page("Log in by ssh", "/tasks/ssh"),
      page("Run your training in one command", "/tasks/run"),
      page("Spot machines and checkpoints", "/tasks/spot"),
      page("Pools of machines", "/tasks/pool"),
      page("Run commands and copy files", "/tasks/use"),
      page("Jupyter and VS Code", "/tasks/jupyter"),
      page("Logs", "/tasks/logs"),
      page("Test your own code", "/tasks/testing"),
      page("Use it from Effect", "/tasks/effect"),
      page("Agents and MCP", "/tasks/agents")
    ]
  },
  {
    text: "Clouds",
    items: [
      ...pagesOf("clouds"),
      page("Clouds of other packages", "/cli/adapters"),
      page("Capabilities", "/reference/capabilities"),
      page("GPUs", "/reference/gpus"),
      { text: "Endpoints", collapsed: true, items: pagesOf("reference", /-endpoints\.md$/) }
    ]
  },
  {
    text: "Reference",
    items: [
      page("Errors", "/reference/errors"),
      page("HTTP routes", "/reference/http"),
      { text: "API", collapsed: true, items: packageNames.map(apiPage) },
      page("The simulators", "/simulators"),
      page("Bundle size", "/reference/bundle-size"),
      page("Benchmarks", "/benchmarks"),
      page("Benchmarks of ssh", "/benchmarks-ssh"),
      page("Exit codes", "/cli/exit-codes"),
      page("What --json prints", "/cli/json"),
      page("Tools for agents", "/cli/mcp")
    ]
  },
  {
    text: "How it is built",
    collapsed: true,
    items: [
      page("Architecture", "/architecture"),
      page("Security", "/security"),
      page("Adding a provider", "/adding-a-provider"),
      { text: "Decisions", link: "/decisions/", collapsed: true, items: pagesOf("decisions", /^\d.*\.md$/) }
    ]
  }
]

type Tokens = Parameters<MarkdownRenderer["renderer"]["render"]>[0]

/** Shows terminals as they are: no highlighter knows commands from their output. */
const plainTerminals = (tokens: Tokens): void => {
  for (const token of tokens) if (token.type === "fence" && token.info === "console") token.info = "txt"
}

/** Says above an example which file it is, where others import it: `ts file=clouds.ts`. */
const withFileNames = (tokens: Tokens): Tokens =>
  tokens.flatMap((token) => {
    const [, name] = (token.type === "fence" && /\bfile=([\w.-]+)/.exec(token.info)) || []
    if (name === undefined) return [token]
    const label = Object.assign(Object.create(Object.getPrototypeOf(token)), token)
    return [
      Object.assign(label, { type: "html_block", tag: "", content: `<p class="example-file">${name}</p>\n` }),
      token
    ]
  })

/** Leaves only the text of links that lead out of this folder: those are for readers of the repository. */
const withoutOutside = (tokens: Tokens, relativePath: string): void => {
  for (const { children } of tokens) {
    let outside = false
    for (const token of children ?? []) {
      const href = token.type === "link_open" ? token.attrGet("href") : null
      if (href !== null) outside = /^\.\./.test(href) && posix.join(posix.dirname(relativePath), href).startsWith("..")
      if (outside && token.type.startsWith("link_")) Object.assign(token, { type: "text", content: "", nesting: 0 })
      if (token.type === "link_close") outside = false
    }
  }
}

export default defineConfig({
  title: "anygpu",
  description: "Rent GPU machines from several clouds through one TypeScript interface",
  cleanUrls: true,
  srcExclude: ["README.md", "api/**", "api-reference/index.md"],
  head: [["meta", { name: "color-scheme", content: "light dark" }]],
  // The index of the search, which is fetched when somebody searches, and the longest API page.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  markdown: {
    config: (md) => {
      md.core.ruler.after("inline", "pages-of-the-repository", (state) => {
        plainTerminals(state.tokens)
        withoutOutside(state.tokens, state.env.relativePath)
        state.tokens = withFileNames(state.tokens)
      })
    },
    theme: { light: "github-light", dark: "github-dark" }
  },
  themeConfig: {
    nav: [
      { text: "Start", link: "/start" },
      { text: "Errors", link: "/reference/errors" },
      { text: "API", link: "/api-reference/anygpu" }
    ],
    sidebar,
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: {
        miniSearch: {
          searchOptions: {
            // Who searches wants to do something first, and a signature last.
            boostDocument: (id: string) =>
              /^\/(start|tasks|clouds|reference)\b/.test(id) ? 4 : id.startsWith("/api-reference") ? 0.25 : 1
          }
        }
      }
    },
    docFooter: { prev: false, next: false }
  }
})
