import { spawn } from "node:child_process"
import type { Context } from "./context.ts"

/** The command of each system that opens an address, as the person's own program for it. */
const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"]
}

/** Opens an address in the browser; says so where that cannot be done. */
export const openInBrowser = ({ io, out }: Pick<Context, "io" | "out">, url: string): void => {
  const [program, ...args] = openers[process.platform] ?? ["xdg-open"]
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true, env: { ...io.env } })
  child.once("error", () => out.warn(`There is no ${program} here to open it with: open ${url} yourself`))
  child.unref()
}
